"""The part "Take it away" of every page: its pictures as files, Python, LaTeX, tables, texts, and its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.draw.picture_files.picture_files import draw_picture_files
from pages.ui.say.exports import draw_tables, draw_text
from pages.ui.state import session

if TYPE_CHECKING:
    import pandas as pd

ADDRESS = "The address of this page holds everything set here: copy it to share this state."


def draw_takeaway(
    python: str,
    tables: Mapping[str, Callable[[], pd.DataFrame]],
    latex: str = "",
    texts: Mapping[str, str] | None = None,
    address: str = ADDRESS,
    heading: str = "",
    part: str = "",
) -> None:
    """Pictures as SVG and PNG, Python that reproduces the numbers of the page, LaTeX, tables, texts, and its address.

    A picture is saved under the `heading`, or else under the title of the page; `part` is added to the names of files.
    """
    kinds = ["pictures", "Python", *(["LaTeX"] if latex else []), *(["CSV"] if tables else [])]
    kinds += [*(["text"] if texts else []), "link"]
    with st.expander(f"Take it away: {', '.join(kinds)}"):
        draw_picture_files("-".join(filter(None, ("kl-lab", _place(), part))), heading)
        draw_text("Python", python)
        if latex:
            draw_text("LaTeX", latex)
        draw_tables(tables, texts)
        st.markdown(address)


def _place() -> str:
    """The page, as its address names it; nothing of the home page."""
    script = session.kept().page
    return "" if script == "app.py" else Path(script).stem
