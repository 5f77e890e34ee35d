"""What a term means is said where it stands: on hover, on focus and on a tap; and so is what a number of a table is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pages.ui.draw.component import component


@cache
def _component():
    return component("hints", Path(__file__).parent / "hints.js")


def explain_in_place() -> None:
    """Let every term say what it means, and every number of a table what the term of its column or its row means."""
    _component()(key="hints")
