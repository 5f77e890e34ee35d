"""Check my formula: which divergence is it, if any?"""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.plain_text import escaped
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.views.check_formula.question import EXAMPLES, FORMULA, ask_meanings, is_objective
from pages.ui.views.check_formula.scene import answered
from pages.ui.views.check_formula.stage import draw_answer

units = shell.open_page("pages/check_formula.py")
session.restore(FORMULA)
shell.heading(
    "Check my formula",
    f"Paste a {glossary('Kullback-Leibler divergence', units, 'divergence')} between two Gaussians, "
    "from a paper or from code: which direction is it, if any?",
)
with st.container(horizontal=True, gap="xsmall"):
    for name, text in EXAMPLES.items():
        button(name, session.put, {FORMULA.key: text})
text = FORMULA.draw()
try:
    question = ask_meanings(text)
    scene, refusal = answered(question), ""
except ValueError as refused:  # what is said of a text that is not accepted, and of meanings that cannot be
    question, refusal = None, str(refused)
session.ask(question)
session.keep()
if question:
    draw_answer(scene, units)
else:
    st.error(escaped(refusal))
    if is_objective(text):
        st.page_link(
            "pages/objective_check.py",
            label="It is an objective: ask which expectation it takes",
            query_params={"objective": "typed", "text": text},
        )
