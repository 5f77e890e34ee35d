"""Landscape: both divergences over every mean and std of q, side by side, and where the flow from a start ends."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from kl_engine import Direction
from pages.ui.draw.fits.thumbnails import draw_thumbnails
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary.links import glossary
from pages.ui.say.cards import draw_head
from pages.ui.state import session
from pages.ui.state.mixture import EXAMPLES, Mixture, P, Q, draw_examples
from pages.ui.state.two_modes import Start
from pages.ui.views.landscape import takeaway, words
from pages.ui.views.landscape.question import BASINS, DRAWN, FIELDS, Question
from pages.ui.views.landscape.scene import answered, basins_of_map
from pages.ui.views.landscape.stage import maps

units = shell.open_page("pages/landscape.py")
session.restore(*FIELDS)
link = glossary("natural-gradient flow", units, "flow")
opening = shell.heading(
    "Landscape", f"Every point is a Gaussian q; colour is its divergence. Drag the start and follow the {link} down."
)
question = session.ask(Question(Mixture(P.value), Start(*Q.value)))
presets = draw_examples()
draw_thumbnails([(p.rows, (start.mean, start.std)) for p, start in EXAMPLES.values()])
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()

drawn = BASINS.value == DRAWN
work = st.container(key="work")  # always there, so that what is said meanwhile leaves the maps their place
with work:
    scene = answered(question)
shell.say_opening(opening, words.lead(scene, units))
picture = st.container(key="easel")
with st.container(key="under"):
    BASINS.draw(named=False)
try:
    with work:
        basins = basins_of_map(question.target) if drawn else None
except RuntimeError as unresolved:
    basins = None
    st.warning(f"The basins could not be found here: {unresolved}.")
with picture:
    maps(scene, basins, units)
shell.let_it_paint()
with st.container(key="account"):
    st.caption(words.key(units, basins is not None))
    for column, direction in zip(st.columns(2, gap="medium"), Direction):
        with column:
            draw_head(direction)
            st.markdown(words.course(scene, direction, units))
            st.markdown(words.answers(scene.relief.points[direction], units))
with st.container(key="below"):
    draw_takeaway(
        question.to_python(),
        takeaway.tables(scene),
        address="The address of this page holds p and the start of q: copy it to share this state.",
    )
draw_thread("pages/landscape.py", units, question.target)
