"""Explore a formula: fix its symbols, differentiate it, solve for its minimum, put numbers in."""

import streamlit as st

from pages.ui import cache, controls, shell, state
from pages.ui.exploration import draw_form
from pages.ui.lessons import EXPLORED
from pages.ui.theme import FORWARD, REVERSE

PAGE = "pages/explore_formula.py"
NOTHING = "nothing"

units = shell.open_page(PAGE)
titles = {key: lesson.title for key, lesson in EXPLORED.items()}
state.restore(PAGE, (), {"formula": controls.by_title(titles)})
shell.heading(
    "Explore a formula",
    "Set symbols to numbers or to each other and see what is left; differentiate; solve for the minimum; evaluate.",
)
lesson = EXPLORED[controls.pick("Formula", "formula", titles)]
state.remember(PAGE, ["formula"])
symbols = cache.form_symbols(lesson.names)

with st.container(horizontal=True):
    typed = {name: controls.note(name, f"set_{name}", "free") for name in symbols}
settings = {name: text for name, text in typed.items() if text}
st.caption("A number (2, 0.5, 1/3), or another symbol of the same kind; empty leaves the symbol free.")
free = [name for name in symbols if name not in settings]
with st.container(horizontal=True):
    options = {NOTHING: NOTHING, **{name: name for name in free}}
    by = controls.pick("Differentiate and solve by", "by", options)
    numbers = {name: controls.note(f"{name} =", f"at_{name}", "number") for name in free}

columns = st.columns(2, gap="large")
for column, role, form in zip(columns, (FORWARD, REVERSE), cache.explored_forms(lesson.names)):
    with column:
        known = {name: number for name, number in numbers.items() if number}
        draw_form(role, form, settings, by if by in free else None, known, units)
