"""Your data: a person's own numbers, fitted by families of rising size and judged on points left out."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import choice_row
from pages.ui.views.your_data import takeaway, words
from pages.ui.views.your_data.question import DATA, FIELDS, SLIDERS, Question, ask_numbers, waiting
from pages.ui.views.your_data.stage import draw_fit, draw_stage

units = shell.open_page("pages/your_data.py")
session.restore(*FIELDS)
opening = shell.heading(
    "Your data",
    f"{glossary('maximum likelihood', units, 'Maximum likelihood')} is the forward direction from the data. How "
    "flexible may q be before it just memorises them?",
)
chosen = choice_row(DATA)
with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
desk, easel = desk.container(key="controls", gap="xsmall"), easel.container(key="easel", gap="small")
with desk:
    numbers, other, remarks = ask_numbers()
    components, power, seed = (slider.draw() for slider in SLIDERS)
    for remark in remarks:
        st.caption(remark)
question = session.ask(numbers and Question(numbers, int(components), power, int(seed), other))
session.keep()
with chosen:
    session.undo_button()

if question is None:
    shell.say_opening(opening, ["**There is nothing to study yet.**"])
    easel.info(waiting())
    end_page("pages/your_data.py", units)
if reason := question.refusal():
    shell.say_refused(opening, "These numbers cannot be studied")
    easel.error(reason)
    end_page("pages/your_data.py", units)
count, fitted = numbers.values.size, question.sample.values.size
if fitted < count:
    desk.caption(f"{fitted} of {count} numbers, drawn with seed {question.seed}, are fitted; the histogram has all.")
with easel:
    scene = draw_stage(question, units)
shell.say_opening(opening, words.lead(scene, units))
shell.let_it_paint()

with st.container(key="account"):
    st.markdown("##### Mean, mode or memory?")
    for sentence in words.verdict(scene, units):
        st.markdown(sentence)
    if scene.pair:
        st.markdown(words.both_directions(scene, units))
    st.caption(words.how(scene, units))
    if question.other is not None:
        st.markdown("##### The two compared")
        for sentence in [*words.comparison(scene, units), *(words.plane(scene, units) if question.paired else [])]:
            st.markdown(sentence)
    if scene.fits.forward is not None:
        st.markdown("##### The fit with the number of Gaussians set above")
        draw_fit(scene, units)
    with st.expander("Why maximum likelihood is the forward direction, though D(p̂‖q) is ∞"):
        st.markdown(words.why_forward(scene))
        st.markdown(words.same_argmin(scene, units))

settings = "The address of this page holds the settings and the name of the dataset, but never your own numbers."
draw_takeaway(question.to_python(), takeaway.tables(scene), address=settings)
draw_thread("pages/your_data.py", units)
