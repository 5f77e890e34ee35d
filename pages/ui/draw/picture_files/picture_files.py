"""What a person takes of a picture and of its page: files, the link, and the line that embeds it elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import SHARED, component


@cache
def _component():
    here = Path(__file__).parent
    scripts = (SHARED / "svg.js", SHARED / "svg_export.js", here / "picture_files.js")
    return component("picture_files", here / "picture_files.html", SHARED / "controls.css", *scripts)


def draw_picture_files(key: str, heading: str, name: str) -> None:
    """Buttons that save the chart in the container of this key as SVG or PNG, and copy the page's link or its iframe.

    The chart is saved as the browser shows it, under the `heading`; `name` is that of the file, without its ending.
    """
    _component()(key=f"{key}_files", data={"key": key, "heading": heading, "name": name})
