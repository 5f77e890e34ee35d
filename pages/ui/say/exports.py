"""Buttons that save a text: LaTeX, Markdown, Python, each in a file of its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = {"LaTeX": "tex", "Markdown": "md", "Python": "py"}


def draw_exports(name: str, texts: dict[str, str]) -> None:
    """One button for each text, by kind (a key of ENDINGS); an empty one is left out. `name` is that of the files."""
    with st.container(horizontal=True):
        for kind, text in texts.items():
            ending = ENDINGS[kind]
            if text:
                file = f"{name}.{ending}"
                st.download_button(kind, text, file, "text/plain", on_click="ignore", key=f"{name}_{ending}")


def csv(table: Callable[[], pd.DataFrame]) -> str:
    """A table as CSV, made when it is asked for."""
    return table().to_csv(index=False)
