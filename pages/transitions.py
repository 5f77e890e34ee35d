"""The jump: every answer of the reverse divergence as the two modes of p move apart, and where answers change."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.draw.fits.thumbnails import draw_thumbnails, two_modes
from pages.ui.draw.pair import density_picture
from pages.ui.draw.theme import REVERSE
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, end_page
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Target
from pages.ui.views.transitions import charts, takeaway, words
from pages.ui.views.transitions.presets import PRESETS
from pages.ui.views.transitions.question import FIELDS, HELD, HELD_STD, RANGE, STD_OF_FIT, WHOLE, Question
from pages.ui.views.transitions.scene import answered, here, is_answered

units = shell.open_page("pages/transitions.py")
session.restore(*FIELDS)
points = glossary("stationary point", units, "stationary points")
opening = shell.heading(
    "The jump", f"Pull the modes of p apart and follow all {points} of D(q‖p); the best one is drawn thick."
)
presets = preset_row(PRESETS)

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    small = st.container()  # above the controls that move it
    target = Target(*(slider.draw() for slider in TARGET))
    held = STD_OF_FIT.draw() == HELD
    fixed_std = HELD_STD.draw(disabled=not held)
    whole = RANGE.draw() == WHOLE
draw_thumbnails(two_modes({name: {"separation": target.separation, **values} for name, values in PRESETS.items()}))
question = session.ask(Question(target, fixed_std if held else None))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()
density_picture(target.p, here(question)[0].q, REVERSE).draw(small)

with easel.container(key="easel"):
    work = st.container(key="work")  # always there, so that what is said meanwhile leaves the pictures their place
    places = dict(zip(("mean", "std", "kl"), (st.container(), *st.columns(2, gap="medium"))))
    if not is_answered(question):  # the branches take some seconds: until then the points of this p
        first = charts.first_pictures(target.separation, here(question), units)
        places = {quantity: picture.draw(places[quantity]) for quantity, picture in first.items()}
    with work:
        scene = answered(question)
    if scene is None:
        shell.say_opening(opening, ["**It was stopped**: where the best fit jumps is not known."])
        end_page("pages/transitions.py", units)
    shell.say_opening(opening, words.lead(scene, units))
    for quantity, picture in charts.pictures(scene, whole, units).items():
        picture.draw(places[quantity])
    shell.let_it_paint()
    st.container(key="small_print").caption(
        "Minima are dotted, the best one thick; what is unstable is a thin line with hollow dots. D(q‖p) is in "
        f"{units}."
    )

with st.container(key="account"):
    st.markdown(words.events_table(scene.found, units))
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)
with st.container(key="below"):
    draw_takeaway(question.to_python(), takeaway.tables(scene))
draw_thread("pages/transitions.py", units, question.target)
