"""The answer on the page: the formula beside its canonical form, the proof, numbers, and what to take away."""

from __future__ import annotations

import streamlit as st

from pages.ui.draw.picture_files.picture_files import draw_picture_files
from pages.ui.say.display_math import breakable
from pages.ui.say.exports import draw_exports, draw_text
from pages.ui.say.plain_text import escaped
from pages.ui.views.check_formula import takeaway, words
from pages.ui.views.check_formula.scene import Scene

WIDEST = 150  # characters of LaTeX that half of the page has room for in one line, as a fraction does not break


def draw_answer(scene: Scene, units: str) -> None:
    """All of it."""
    check = scene.check
    if where := words.where_undefined(scene):
        st.markdown(where)
    if check.remarks:
        st.markdown("\n".join(f"- {escaped(remark)}" for remark in check.remarks))
    as_read = st.container()
    left, right = st.columns(2, gap="large")
    with as_read if len(check.latex) > WIDEST else left:
        st.markdown(f"As read:\n\n$$\n{breakable(check.latex)}\n$$")
    with left, st.expander("How we know"):
        st.markdown(escaped(check.proof))
    with right:
        st.markdown(f"The canonical form:\n\n{words.canonical_forms(scene)}")
        st.markdown(words.numbers(scene, units))
    with st.expander("Take it away: LaTeX, Markdown, Python, link"):
        draw_picture_files("kl-lab-check_formula")
        texts = takeaway.texts(scene)
        draw_exports("formula_check", texts)
        draw_text("Python", scene.question.to_python())
        draw_text("LaTeX", check.latex)
        st.caption("The formula itself beside both directions, without the engine:")
        draw_text("Python", texts["Python"])
