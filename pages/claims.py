"""Claims: what is said of the divergence, sentence by sentence, each tried on live numbers; lessons made of them."""

from pathlib import Path

import streamlit as st

from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.state import session
from pages.ui.views.claims import charts, stage, words
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.routes import ROUTES, stop_of
from pages.ui.views.claims.question import CLAIM, FIELDS, PRESENT, ROUTE, SAID, Question, take_route
from pages.ui.views.claims.scene import answered

units = shell.open_page("pages/claims.py")
st.html(Path(stage.__file__).with_name("stage.css"))
session.restore(*FIELDS)
claim, route = CLAIMS[CLAIM.value], ROUTE.value
session.restore(claim.dial, part=claim.key)
if route not in ROUTES:
    session.restore(SAID)
opening = shell.heading(
    "Claims", "What people say about the divergence, one sentence at a time, tried on live numbers."
)
shown = "embedded" if st.context.is_embedded else "presented" if PRESENT.value else "plain"
height = {"embedded": charts.EMBEDDED, "presented": charts.PRESENTED, "plain": charts.HEIGHT}[shown]
with st.container(horizontal=True, vertical_alignment="center", key=f"bar_{shown}"):
    ROUTE.draw(changed=take_route, named=False)
    PRESENT.draw()

with st.container(key="desk"):
    contents, easel = st.columns([3, 8], gap="large")
with easel.container(key="easel"):
    place, stop = stop_of(route, claim.key)
    with st.container(key="statement", gap="small"):
        if stop:
            st.caption(words.step(route, place))
        st.markdown(f"## {claim.says}")
        verdict, here = st.empty(), st.empty()
    picture, strip = st.container(key="picture_of_claim"), st.container()
    question = session.ask(Question(claim.key, claim.dial.draw()))
    scene = answered(question)
    shell.say_opening(opening, [words.lead(scene)])
    told = stop is None or stop.answered(claim, question.at)  # on a route the verdict comes with the answer
    verdict.markdown(words.verdict(scene, units) if told else words.NOT_YET)
    here.markdown(words.here(scene, units))
    charts.picture_of(scene, units, height).draw(picture)
    charts.strip_of(scene, told, height).draw(strip)
    session.keep()
    if stop:
        st.container(border=True, key="turn").markdown(words.asked(scene, stop, units))
    with st.container(key="reason", gap="small"):
        if told:
            st.markdown(f"**Why.** {words.why(scene, units)}")
        st.caption(f"Tried on: {words.scope(scene, units)}  \nSaid in: {'; '.join(claim.sources)}.")
    stage.draw_steps(route, claim.key, told)
    stage.draw_doors(scene, units)
    with st.container(key="below"):
        picture = {"picture": lambda: charts.table_of(scene)}
        draw_takeaway(question.to_python(), picture, heading=claim.says, part=claim.key)
with contents.container(key="contents"):
    stage.draw_contents(route, claim.key)
draw_thread("pages/claims.py", units)
