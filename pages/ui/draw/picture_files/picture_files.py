"""What a person takes of a page: its pictures as files, its link, and the line that embeds it elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import SHARED, component

HERE = Path(__file__).parent


@cache
def _component():
    scripts = (SHARED / "svg.js", SHARED / "svg_export.js", HERE / "picture_files.js")
    looks = (HERE / "picture_files.html", SHARED / "controls.css", HERE / "picture_files.css")
    return component("picture_files", *looks, *scripts)


def draw_picture_files(name: str, heading: str = "") -> None:
    """Buttons that save any picture of the page as SVG or PNG, and copy the page's link or its iframe.

    A picture is saved as the browser shows it, under the `heading`, or else under the title of the page and its own
    name. `name` is that of the file, without its ending.
    """
    _component()(key="picture_files", data={"heading": heading, "name": name})
