"""Derivations on the page: step by step, each with its reason and its check, and ready to be taken away."""

from __future__ import annotations

import streamlit as st

from pages.ui import cache
from pages.ui.say import exports as export_buttons
from pages.ui.say.display_math import breakable
from pages.ui.views.lessons.proofs import Line, Proof


def draw_proofs(left: tuple[str, ...], right: tuple[str, ...], shown: int) -> None:
    """Derivations side by side, the first `shown` steps of each (0: all)."""
    place = st.container(key="proofs")
    columns = place.columns(2, gap="large") if right else [place]
    for column, names in zip(columns, (left, right)):
        with column:
            for name in names:
                _draw(cache.proof(name), shown)


def longest(names: tuple[str, ...]) -> int:
    """The number of steps of the longest of the derivations."""
    return max(len(cache.proof(name).lines) for name in names)


def draw_exports(names: tuple[str, ...]) -> None:
    """Every derivation as LaTeX, Markdown and, where it has a closed form, Python."""
    with st.expander("Take it away: LaTeX, Markdown, Python"):
        for proof in map(cache.proof, names):
            st.markdown(f"**{proof.title}**")
            texts = {"LaTeX": proof.document, "Markdown": proof.markdown, "Python": proof.python}
            export_buttons.draw_exports(proof.name, texts)
            if proof.python:
                export_buttons.draw_text("Python", proof.python)


def _draw(proof: Proof, shown: int) -> None:
    st.markdown(f"#### {proof.title}")
    lines = proof.lines[: shown or None]
    for number, line in enumerate(lines, 1):
        _draw_line(number, line)
    if len(lines) < len(proof.lines):
        st.caption(f"{len(proof.lines) - len(lines)} more steps")
    else:
        verdict = "Every step holds" if proof.passed else "**A step does not hold**"
        st.caption(f"{verdict}; the largest numeric residual, at 50 digits, is {proof.residual}.")


def _draw_line(number: int, line: Line) -> None:
    st.markdown(f"{number}. {line.reason}\n\n$$\n{breakable(line.formula)}\n$$")
    with st.expander(f"{'✓' if line.passed else '✗'} {line.law}"):
        st.markdown(line.how)
