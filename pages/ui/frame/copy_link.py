"""A button that copies the address of the page: it holds everything that is set there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import SHARED, component

HERE = Path(__file__).parent


@cache
def _component():
    return component("copy_link", SHARED / "controls.css", HERE / "copy_link.html", HERE / "copy_link.js")


def copy_link() -> None:
    """The button, in the sidebar or wherever the page is."""
    _component()(key="copy_link")
