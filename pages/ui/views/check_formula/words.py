"""The answer to "which divergence is this?" on the page: what it is, how it is known, and numbers."""

from __future__ import annotations

import math
from itertools import combinations

import streamlit as st

from pages.ui.glossary.links import glossary
from pages.ui.say import exports as export_buttons
from pages.ui.say.numbers import MOST_DECIMALS, plain
from pages.ui.say.plain_text import escaped

SIGNS = {"neither": "✗", "undefined": "✗"}  # whatever else is right up to something, or not proved
ROUNDING = 1e-13  # of a number of order 1, which is all that tells apart what is equal


def draw_answer(check, units: str) -> None:
    """A `FormulaCheck`: the headline, the remarks, the formula and the canonical one, the proof, the numbers."""
    from kl_engine.symbolic.recognise.formula_export import canonical

    st.markdown(f"#### {_sign(check)} {escaped(check.headline)}")
    if check.remarks:
        st.markdown("\n".join(f"- {escaped(remark)}" for remark in check.remarks))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"As read:\n\n$$\n{check.latex}\n$$")
        with st.expander("How it is known"):
            st.markdown(escaped(check.proof))
    with right:
        forms = "\n\n".join(f"$$\n{form}\n$$" for form in canonical(check))
        st.markdown(f"The canonical form:\n\n{forms}")
        st.markdown(_numbers(check.comparison, units))
    _draw_exports(check)


def _sign(check) -> str:
    """A check mark only for what is proved, and is what it claims to be."""
    if check.contradicts_claim:
        return "✗"
    return "✓" if check.is_right else SIGNS.get(str(check.verdict), "≈")


def _draw_exports(check) -> None:
    from kl_engine.symbolic.recognise.formula_export import report, to_python

    with st.expander("Take it away: LaTeX, Markdown, Python"):
        answer, code = report(check), to_python(check)
        texts = {"LaTeX": answer.to_latex(), "Markdown": answer.to_markdown(), "Python": code}
        export_buttons.draw_exports("formula_check", texts)
        export_buttons.draw_text("LaTeX", check.latex)
        export_buttons.draw_text("Python", code)


def _numbers(comparison, units: str) -> str:
    """The formula beside both directions at one point."""
    from kl_engine.symbolic.formulas.symbol_names import spoken

    place = ", ".join(f"{escaped(spoken(name))} = {value:g}" for name, value in comparison.symbols)
    known = [comparison.forward, comparison.reverse, *([] if comparison.value is None else [comparison.value])]
    decimals = _telling_decimals(known)
    value = "no value" if comparison.value is None else plain(comparison.value, decimals=decimals)
    forward = glossary("forward divergence", units, "D(p‖q)")
    reverse = glossary("reverse divergence", units, "D(q‖p)")
    rows = [
        f"| at {place} | |",
        "|---|---|",
        f"| the formula | **{value}** |",
        f"| {forward}, in nats | {plain(comparison.forward, decimals=decimals)} |",
        f"| {reverse}, in nats | {plain(comparison.reverse, decimals=decimals)} |",
    ]
    return "\n".join(rows)


def _telling_decimals(numbers: list[float]) -> int:
    """As many decimals as are shown elsewhere, or more, so that what differs is seen to differ."""
    apart = [abs(a - b) for a, b in combinations(numbers, 2) if abs(a - b) > ROUNDING * max(1.0, abs(a), abs(b))]
    least = min(apart, default=1.0)
    return max(MOST_DECIMALS, math.ceil(-math.log10(least)) + 1)
