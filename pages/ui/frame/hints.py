"""What a number of a table means is said where it stands, on hover."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import component


@cache
def _component():
    return component("hints", Path(__file__).parent / "hints.js")


def explain_on_hover() -> None:
    """Let every number of a table say what the term means that its column or its row links to."""
    _component()(key="hints")
