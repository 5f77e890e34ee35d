"""A page of lessons: one is picked; its numbers and curves stand above, its derivations side by side below."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import faults, shell
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.controls import Slider
from pages.ui.views.lessons import mixture_panel
from pages.ui.views.lessons.form_panel import draw_form_panel
from pages.ui.views.lessons.lessons import MIXTURE, Lesson
from pages.ui.views.lessons.proof_view import draw_exports, draw_proofs, longest

STEP = "step"  # the name in the URL
PACES = {"all": "all steps", "one": "one at a time"}


def lesson_page(script: str, units: str, title: str, idea: str, lessons: dict[str, Lesson]) -> None:
    """The whole page, once it is opened."""
    titles = {key: lesson.title for key, lesson in lessons.items()}
    choices = {"lesson": controls.by_title(titles), "pace": controls.by_title(PACES)}
    state.restore(script, (), choices)
    shell.heading(title, idea)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = controls.pick("Subject", "lesson", titles)
        pace = controls.switch("Derivation", "pace", PACES)
    lesson = lessons[key]
    state.restore(f"{script} {key}", _sliders(lesson), {})
    state.remember(script, list(choices))
    _panel(script, f"{script} {key}", lesson, units)
    shown = _step(f"{script} {key}", longest(lesson.names)) if pace == "one" else _no_step()
    draw_proofs(lesson.left, lesson.right, shown)
    draw_exports(lesson.names)


@st.fragment
def _panel(script: str, memory: str, lesson: Lesson, units: str) -> None:
    """Numbers and curves: a fragment, so that a slider leaves the derivations alone."""
    faults.watch(script, memory)  # a fragment may run without its page
    if lesson.panel == MIXTURE:
        mixture_panel.draw_mixture_panel(units)
    else:
        draw_form_panel(lesson, units)
    # Here and not on the page: a moved slider runs the fragment alone.
    state.remember(memory, [slider.key for slider in _sliders(lesson)])


def _sliders(lesson: Lesson) -> tuple[Slider, ...]:
    """The sliders that stand beside a lesson."""
    return mixture_panel.SLIDERS if lesson.panel == MIXTURE else lesson.sliders


def _no_step() -> int:
    """All are shown, and the URL says nothing of one."""
    st.query_params.pop(STEP, None)
    return 0


def _step(lesson: str, last: int) -> int:
    """How many steps are shown when they come one at a time: each lesson keeps its own."""
    place = f"{lesson}, steps"
    shown = state.restore_step(place, STEP, last)
    state.keep_step(place, STEP)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back", on_click=controls.put, args=({STEP: shown - 1},), disabled=shown <= 1)
        st.button("Next step", on_click=controls.put, args=({STEP: shown + 1},), disabled=shown >= last, type="primary")
        st.markdown(f"step {shown} of {last}")
    return shown
