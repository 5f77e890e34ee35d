"""Explore a formula: fix its symbols, differentiate it, solve for its minimum, put numbers in."""

import streamlit as st

from pages.ui import cache
from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.views.explore_formula.symbol_controls import draw_symbols
from pages.ui.views.explore_formula.words import draw_exploration, draw_exploration_exports, draw_refusal
from pages.ui.views.lessons.lessons import EXPLORED

PAGE = "pages/explore_formula.py"

units = shell.open_page(PAGE)
titles = {key: lesson.title for key, lesson in EXPLORED.items()}
state.restore(PAGE, (), {"formula": controls.by_title(titles)})
divergence = glossary("Kullback-Leibler divergence", units, "divergence")
shell.heading(
    "Explore a formula",
    f"Set symbols of a {divergence} to numbers or to each other; differentiate; solve for the minimum; evaluate.",
)
key = controls.pick("Formula", "formula", titles)
state.remember(PAGE, ["formula"])
lesson, unit = EXPLORED[key], units if EXPLORED[key].in_units else ""
forms = cache.explored_forms(lesson.names)
asked = draw_symbols(f"{PAGE} {key}", forms[0])

roles = {"D(p‖q)": FORWARD, "D(q‖p)": REVERSE}
shown = []
for place, (column, form) in enumerate(zip(st.columns(len(forms), gap="large"), forms)):
    with column:
        try:
            found = cache.explored(lesson.names, place, *asked)
        except ValueError as refusal:  # a setting that cannot be, or a number that is none
            draw_refusal(roles.get(form.label), form, str(refusal))
        else:
            draw_exploration(roles.get(form.label), found, unit)
            shown.append((f"{key}_{('forward', 'reverse')[place]}" if len(forms) == 2 else key, found))
if shown:
    draw_exploration_exports(shown, unit)
