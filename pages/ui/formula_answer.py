"""The answer to "which divergence is this?" on the page: what it is, how it is known, and numbers."""

from __future__ import annotations

import streamlit as st

from pages.ui.numbers import plain
from pages.ui.plain_text import escaped

SIGNS = {"neither": "✗", "undefined": "✗"}  # whatever else is right up to something, or not proved


def draw_answer(check) -> None:
    """A `FormulaCheck`: the headline, what is assumed, the proof, the formula, the numbers."""
    sign = "✓" if str(check.verdict) == "equal" and check.proved else SIGNS.get(str(check.verdict), "≈")
    st.markdown(f"#### {sign} {escaped(check.headline)}")
    if check.explanation:
        st.markdown(escaped(check.explanation.words))
    if check.condition:
        st.markdown(f"Here {escaped(check.condition)}.")
    left, right = st.columns(2, gap="large")
    with left:
        if check.latex:
            st.markdown(f"As read:\n\n$$\n{check.latex}\n$$")
        st.caption(escaped(check.proof))
    right.markdown(_numbers(check.comparison))


def _numbers(comparison) -> str:
    """The formula beside both directions at one point."""
    place = ", ".join(f"{escaped(name)} = {value:g}" for name, value in comparison.symbols)
    value = "no value" if comparison.value is None else plain(comparison.value)
    rows = [
        f"| at {place} | |",
        "|---|---|",
        f"| the formula | **{value}** |",
        f"| D(p‖q), in nats | {plain(comparison.forward)} |",
        f"| D(q‖p), in nats | {plain(comparison.reverse)} |",
    ]
    return "\n".join(rows)
