"""Parts of a page that live in the browser: their HTML, CSS and JavaScript read from files, registered once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

SHARED = Path(__file__).parent / "parts"  # the scripts that more than one part uses


def component(name: str, *files: Path) -> Callable:
    """The mounting command of the component made of these files; those of one kind are joined in their order."""
    kinds = {kind: [file for file in files if file.suffix == f".{kind}"] for kind in ("html", "css", "js")}
    texts = {kind: "\n".join(file.read_text("utf-8") for file in found) for kind, found in kinds.items()}
    return st.components.v2.component(f"kl_lab.{name}", **texts)
