"""What a person takes away: Python, LaTeX and Markdown as text and as files, tables as CSV; each says its version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.say.version import file_mark, signature

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = {"LaTeX": "tex", "Markdown": "md", "Python": "py"}
COMMENTS = {"LaTeX": "% {0}\n", "Markdown": "<!-- {0} -->\n\n", "Python": "# {0}\n"}  # as the first line of each kind


def signed(kind: str, text: str) -> str:
    """The text (of a kind of ENDINGS) below a comment that says which version wrote it."""
    return f"{COMMENTS[kind].format(signature())}{text}"


def draw_text(kind: str, text: str) -> None:
    """The text on the page, to be copied."""
    st.code(signed(kind, text), language=kind.lower())


def draw_exports(name: str, texts: dict[str, str]) -> None:
    """One button for each text, by kind (a key of ENDINGS); an empty one is left out. `name` is that of the files."""
    with st.container(horizontal=True):
        for kind, text in texts.items():
            ending = ENDINGS[kind]
            if text:
                file, key = f"{name}.{ending}", f"{name}_{ending}"
                st.download_button(kind, signed(kind, text), file, "text/plain", on_click="ignore", key=key)


def draw_tables(tables: Mapping[str, Callable[[], pd.DataFrame]], texts: Mapping[str, str] | None = None) -> None:
    """One button for each table, by name, that saves it as CSV; beside them one for each text.

    A comment in a CSV breaks its readers: so the version is in the name of the file.
    """
    with st.container(horizontal=True):
        for name, table in tables.items():
            label, file = f"{name.capitalize()} as CSV", f"{name.lower().replace(' ', '_')}.{file_mark()}.csv"
            st.download_button(label, partial(csv, table), file, "text/csv", on_click="ignore")
        for name, text in (texts or {}).items():
            file, content = f"{name.lower()}.txt", f"{text}\n{signature()}\n"
            st.download_button(f"{name.capitalize()} as text", content, file, "text/plain", on_click="ignore")


def csv(table: Callable[[], pd.DataFrame]) -> str:
    """A table as CSV, made when it is asked for."""
    return table().to_csv(index=False)
