"""Any two: two distributions as people write them, and the divergence between them in both directions."""

from itertools import zip_longest

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, link_to_proof
from pages.ui.glossary.links import glossary
from pages.ui.say.plain_text import escaped
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.views.any_two import charts, takeaway, words
from pages.ui.views.any_two.question import FIELDS, FIRST, PRESETS, SAMPLES, SECOND, Question
from pages.ui.views.any_two.scene import answered

units = shell.open_page("pages/any_two.py")
session.restore(*FIELDS)
opening = shell.heading(
    "Any two",
    f"Write two distributions and read the {glossary('Kullback-Leibler divergence', units)} between them, both ways.",
)
pairs = {name: {FIRST.key: p, SECOND.key: q, SAMPLES.key: ""} for name, (p, q) in PRESETS.items()}
presets = preset_row(pairs)
with st.container(key="desk"):
    desk, easel = st.columns([3, 8], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    question = session.ask(Question(FIRST.draw(), SECOND.draw(), SAMPLES.draw()))
    with st.expander("What can be written here"):
        st.markdown(FIRST.help)
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()

scene = answered(question)
with easel.container(key="easel"):
    if scene.refusal:
        shell.say_refused(opening, "These two cannot be compared")
        st.error(escaped(scene.refusal))
    else:
        shell.say_opening(opening, words.lead(scene, units))
        if scene.kind:
            for picture in charts.pictures(scene):
                picture.draw(st)
            shell.let_it_paint()
            st.caption(words.key(scene))
        else:
            st.caption("Pairs beyond the line have no picture here.")
if not scene.refusal:
    sides = (("Forward, D(p‖q)", scene.forward), ("Reverse, D(q‖p)", scene.reverse))
    with st.container(key="under"):
        for column, (title, estimate), fitted in zip_longest(st.columns(2, gap="medium"), sides, scene.fits):
            with column:
                st.markdown(f"##### {title}")
                if estimate is None:
                    st.markdown(escaped(next(filter(None, scene.no_interval))))
                    continue
                for sentence in words.column(estimate, units):
                    st.markdown(sentence)
                if words.is_infinite_by_tails(estimate):
                    link_to_proof("pages/closed_forms.py", "tails", "How a tail makes a divergence infinite", units)
                if fitted:
                    st.markdown(words.fitted(fitted, units))
    with st.container(key="account"):
        if compared := words.fits_compared(scene):
            st.markdown(compared)
        if scene.proof:
            link_to_proof("pages/closed_forms.py", scene.proof.lesson, words.proof(scene), units)
        if rows := words.table(scene, units):
            st.markdown(rows)
        if elsewhere := takeaway.elsewhere(question):
            st.markdown("##### The same pair in other libraries")
            st.markdown(takeaway.listed(elsewhere))
        tables = {"curves": lambda: charts.table_of(scene)} if scene.kind else {}
        draw_takeaway(question.to_python(), tables)
draw_thread("pages/any_two.py", units, takeaway.along(scene))
