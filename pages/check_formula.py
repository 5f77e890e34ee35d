"""Check my formula: which divergence is it, if any?"""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from kl_engine.symbolic.formulas.parsing.branches import PASTE_ONE
from pages.ui.frame import shell
from pages.ui.frame.pasted import link_to_expectation, said_of_objective
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.say.plain_text import escaped
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.views.check_formula import words
from pages.ui.views.check_formula.question import EXAMPLES, FORMULA, ask_meanings
from pages.ui.views.check_formula.scene import answered
from pages.ui.views.check_formula.stage import draw_answer

units = shell.open_page("pages/check_formula.py")
session.restore(FORMULA)
opening = shell.heading(
    "Check my formula",
    f"Is your formula a {glossary('Kullback-Leibler divergence', units, 'divergence')}, and in which direction? It may "
    "be between Gaussians of any dimension, or two Bernoulli, categorical, Poisson, exponential, geometric, gamma, "
    "beta, "
    "Dirichlet or Laplace distributions.",
)
examples = preset_row({name: {FORMULA.key: text} for name, text in EXAMPLES.items()})
text = FORMULA.draw()
rest = st.container(key="under")  # embedded, the page is the formula and the sentences about it
try:
    with rest:
        question = ask_meanings(text)
    scene, refusal = answered(question), ""
except ValueError as refused:  # what is said of a text that is not accepted, and of meanings that cannot be
    question, refusal = None, str(refused)
session.ask(question)
session.keep()
with examples:
    session.undo_button()
if question:
    shell.say_opening(opening, words.lead(scene, units))
    with rest:
        draw_answer(scene, units)
        if scene.check.direction:
            link_to_expectation(text, "Which expectation does it take, and what does minimising it force?")
else:
    is_objective, said = said_of_objective(text)
    if is_objective and PASTE_ONE not in refusal:
        shell.say_opening(opening, ["**This is an objective, not a closed form.**"])
        st.info(escaped(said))
        link_to_expectation(text, "What does my loss do? takes it from here")
    else:
        shell.say_refused(opening, "This could not be read as a formula")
        st.error(escaped(said if "it is an objective" in refusal else refusal))
draw_thread("pages/check_formula.py", units)
