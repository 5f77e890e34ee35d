"""Claims: what is said of the divergence, sentence by sentence, each tried on live numbers; lessons made of them."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.state import session
from pages.ui.views.claims import charts, stage, tables, words
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.routes import ROUTES, stop_of
from pages.ui.views.claims.question import CLAIM, FIELDS, ROUTE, SAID, TABLE, Question, begin_route, take_route
from pages.ui.views.claims.scene import answered, is_told

units = shell.open_page("pages/claims.py")
st.html(tables.STYLE)
session.restore(*FIELDS)
begin_route()
session.restore(CLAIM)
claim, route = CLAIMS[CLAIM.value], ROUTE.value
session.restore(claim.dial, part=claim.key)
if route not in ROUTES:
    session.restore(SAID)
opening = shell.heading(
    "Claims", "What people say about the divergence, one sentence at a time, tried on live numbers."
)
with st.container(horizontal=True, vertical_alignment="center", key="bar"):
    ROUTE.draw(changed=take_route, named=False)
    if route not in ROUTES:
        TABLE.draw()
question = session.ask(Question(claim.key, claim.dial.value))
scene, told = answered(question), is_told(route, claim.key, question.at)
shell.say_opening(opening, [words.lead(scene)])

in_table = TABLE.value and route not in ROUTES
with st.container(key="all_claims" if in_table else "desk"):
    contents, easel = (st.container(), st.container()) if in_table else st.columns([3, 8], gap="large")
place, stop = stop_of(route, claim.key)
with easel.container(key="easel"):
    with st.container(key="statement", gap="small"):
        if stop:
            st.caption(words.step(route, place))
        st.markdown(f"## {claim.says}")
    with st.container(key="picture_of_claim"):
        stage.draw_stage(scene, told, units, fit=shell.shown() != shell.PLAIN)
    shell.let_it_paint()
    if stop:
        st.container(border=True, key="turn").markdown(words.asked(scene, stop, told, units))
    with st.container(key="reason", gap="small"):
        if told:
            st.markdown(f"**Why.** {words.why(scene, units)}")
        st.caption(words.ground(scene, units, told))
    steps = st.container()
    tables.draw_doors(scene, units)
session.keep()
with steps:
    tables.draw_steps(route, claim.key, told)
with st.container(key="below"):
    taken = {"picture": lambda: charts.table_of(scene), "claims": tables.table_of_claims}
    draw_takeaway(question.to_python(), taken, heading=claim.says, part=claim.key)
draw_thread("pages/claims.py", units)

# Last, as the first visitor of a server waits for it: everything else is on the screen by now.
stage.feed_stage(claim.key, units)
with contents.container(key="table_of_claims" if in_table else "contents"):
    if in_table:
        tables.draw_table()
    else:
        tables.draw_contents(route, claim.key)
