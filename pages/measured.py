"""Measured: the same divergences by the engine, by SciPy, by torch's formulas and by sampling, beside the truth."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import choice_row
from pages.ui.views.measured import charts, words
from pages.ui.views.measured.question import FIELDS, SET, Question
from pages.ui.views.measured.scene import answered

units = shell.open_page("pages/measured.py")
session.restore(*FIELDS)
opening = shell.heading(
    "Measured",
    f"Pairs whose {glossary('Kullback-Leibler divergence', units)} is known to 20 digits: which programs get it right?",
)
sets = choice_row(SET)
question = session.ask(Question(SET.value))
session.keep()
with sets:
    session.undo_button()
scene = answered(question)
if scene is None:
    end_page("pages/measured.py", units)
shell.say_opening(opening, words.lead(scene))
st.caption(charts.key(scene))
charts.picture(scene).draw(st)
shell.let_it_paint()
with st.container(key="account"):
    for row in scene.rows:
        st.markdown(f"##### {row.pair.name}\n`{row.pair.p}` beside `{row.pair.q}`: {words.table(row, units)}")
    if reasons := words.meaning(scene):
        st.markdown("##### Why a rule is wrong here")
        for sentence in reasons:
            st.markdown(sentence)
    st.caption(
        "SciPy's rules are called as most people call them: quad on the relative entropy of two densities, cubature on "
        "the plane with logarithms. torch's formulas are the ones that it has for pairs of families, in its default of "
        "32 bits."
    )
    draw_takeaway(question.to_python(), {"measured": lambda: charts.table_of(scene)})
draw_thread("pages/measured.py", units)
