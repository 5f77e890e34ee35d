"""What a number of a table means is said where it stands, on hover."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.component import component


@cache
def _component():
    return component("hints", Path(__file__).parent / "hints.js")


def explain_on_hover() -> None:
    """Let every number of a table say what the term means that its column or its row links to."""
    _component()(key="hints")


def explained(columns: Mapping[str, str]) -> dict[str, object]:
    """The configuration of a data frame whose columns say what they mean, on hover of their names."""
    return {name: st.column_config.Column(help=meaning) for name, meaning in columns.items()}
