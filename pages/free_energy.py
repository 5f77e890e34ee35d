"""Free energy, side by side: a model, an observation, a belief; the formula, the plot, and where F comes from."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary, shared
from pages.ui.state import session
from pages.ui.state.fields import Choice
from pages.ui.state.number_lists import Listed
from pages.ui.state.pills import choice_row
from pages.ui.views.free_energy import takeaway, words
from pages.ui.views.free_energy.question import FIELDS, STORY, asked, fields_of, take_story
from pages.ui.views.free_energy.scene import answered
from pages.ui.views.free_energy.stage import draw_columns
from pages.ui.views.free_energy.stories import STORIES

units = shell.open_page("pages/free_energy.py")
session.restore(*FIELDS)
story = STORIES[STORY.value]
session.restore(*fields_of(story))
opening = shell.heading(
    "Free energy",
    f"F is the {glossary('surprisal', units)} plus the gap between your belief q and the "
    f"{glossary('posterior', units)}.",
)
models = choice_row(STORY, take_story)
undo = models.container(width="content")
bench = st.container(key="bench", gap="xsmall")
widths = [1.8 if isinstance(field, Choice) else 1.2 if isinstance(field, Listed) else 1.0 for field in fields_of(story)]
values = []
for field, place in zip(fields_of(story), bench.columns(widths, gap="small")):
    with place:
        values.append(field.draw())
try:
    question, fault = asked(story, values), None
except ValueError as refusal:
    question, fault = None, words.unreadable(refusal)
scene = None
if session.ask(question):
    try:
        scene = answered(question)
    except (ValueError, RuntimeError) as refusal:
        fault = words.refused(refusal, question)
if fault:
    shell.say_refused(opening, "There is no free energy of this")
    bench.error(fault)
if scene:
    with bench:
        which, terms = draw_columns(scene, units)
    shell.say_opening(opening, words.lead(scene, which, terms, units))
    shell.let_it_paint()
session.keep()
with undo:
    session.undo_button()
if not scene:
    end_page("pages/free_energy.py", units)

with st.container(key="account"):
    st.markdown("##### What this means here")
    st.markdown("\n\n".join(words.meaning(scene, units)))
    st.caption(f"Source: {story.source}")

left, right = st.container(key="below").columns([6, 5], gap="large")
left.markdown(f"##### Terms and values\n\n{words.vocabulary(scene.terms, units)}")
left.space("xsmall")
left.caption(words.SIGNS)
what, in_nats = takeaway.numbers_put_in(question)
latex = takeaway.in_units(in_nats, units)
with right:
    st.markdown("##### Worked with your numbers")
    if latex:
        st.markdown(f"{what.capitalize()}, in {units}, with your numbers in place of the symbols:\n\n$$\n{latex}\n$$")
    else:
        st.markdown(words.no_formula(question))
    st.page_link(
        "pages/closed_forms.py",
        label="Every step of the proof",
        query_params={"lesson": "Free energy", **shared(units)},
    )

with st.container(key="small_print"):
    draw_takeaway(question.to_python(), takeaway.tables(scene), latex)
draw_thread("pages/free_energy.py", units)
