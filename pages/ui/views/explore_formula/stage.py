"""The forms side by side, each with what was asked of it, and what to take away of them."""

from __future__ import annotations

import streamlit as st

from pages.ui.draw.picture_files.picture_files import draw_picture_files
from pages.ui.say.exports import draw_exports, draw_text
from pages.ui.say.plain_text import escaped
from pages.ui.views.explore_formula import takeaway, words
from pages.ui.views.explore_formula.scene import Scene


def draw_forms(scene: Scene, units: str) -> None:
    """All of them."""
    unit = words.unit_of(scene, units)
    refusals = {explored.refusal for explored in scene.explored}
    alike = len(refusals) == 1 and not any(explored.found for explored in scene.explored)
    if alike:  # what is said of all is said once, beside the fields that it is about
        st.warning(words.brief(refusals.pop()))
    for column, explored in zip(st.columns(len(scene.explored), gap="large"), scene.explored):
        column.markdown(words.head(explored))
        if not explored.found:
            if not alike:
                column.warning(words.brief(explored.refusal))
            continue
        for kind, text in words.told(explored, unit):
            if kind == words.WHOLE:
                column.popover("All digits").markdown(text)
            else:
                (column.caption if kind == words.CAPTION else column.markdown)(text)


def draw_takeaway(scene: Scene, units: str) -> None:
    """Each form as LaTeX, Markdown and Python, and the same question to the engine."""
    unit = words.unit_of(scene, units)
    with st.expander("Take it away: LaTeX, Markdown, Python, link"):
        draw_picture_files("kl-lab-explore_formula")
        draw_text("Python", scene.question.to_python())
        for explored in scene.explored:
            if explored.found:
                st.markdown(f"**{escaped(takeaway.title(explored, unit))}**")
                texts = takeaway.texts(explored, unit)
                draw_exports(explored.name, texts)
                draw_text("LaTeX", explored.found.left.latex)
                draw_text("Python", texts["Python"])
