"""Claims: what is said of the divergence, sentence by sentence, each tried on live numbers."""

from pathlib import Path

import streamlit as st

from pages.ui.frame import shell
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.views.claims import charts, words
from pages.ui.views.claims.argument import CLAIMS, STEPS, neighbours
from pages.ui.views.claims.question import CLAIM, Question
from pages.ui.views.claims.scene import answered, verdict_of

units = shell.open_page("pages/claims.py")
st.html(Path(charts.__file__).with_name("stage.css"))
session.restore(CLAIM)
claim = CLAIMS[CLAIM.value]
session.restore(claim.dial, part=claim.key)
shell.heading("Claims", "What people say of this divergence, sentence by sentence, each tried on live numbers.")

with st.container(key="desk"):
    contents, easel = st.columns([3, 8], gap="large")
with easel.container(key="easel"):
    with st.container(key="statement", gap="small"):
        st.markdown(f"## {claim.says}")
        verdict, here = st.empty(), st.empty()
    picture, strip = st.container(), st.container()
    question = session.ask(Question(claim.key, claim.dial.draw()))
    scene = answered(question)
    verdict.markdown(words.verdict(scene, units))
    here.markdown(words.here(scene, units))
    charts.picture_of(scene, units).draw(picture)
    charts.strip_of(scene).draw(strip)
    session.keep()
    with st.container(key="reason", gap="small"):
        st.markdown(f"**Why.** {words.why(scene, units)}")
        st.caption(f"Tried on: {words.scope(scene, units)}  \nSaid in: {'; '.join(claim.sources)}.")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for label, door in (("Open it", claim.open_it), ("Proof", claim.proof)):
            if door:
                settings = door.settings(question.at) | ({} if units == "nats" else {"units": units})
                st.page_link(door.script, label=f"{label}: {door.title}", query_params=settings)
        with st.popover("Exact numbers"):
            st.markdown(words.numbers(scene, units))
    with st.container(horizontal=True, gap="xsmall"):
        for label, other in zip(("← Before", "Next →"), neighbours(claim.key)):
            button(label, session.put, {CLAIM.key: other}, disabled=other == claim.key, key=f"go_{label}")
        session.undo_button()
with contents.container(key="contents"):
    st.caption("● holds &ensp; ◐ when … &ensp; ○ false as stated")
    for step, (title, claims) in enumerate(STEPS.items(), start=1):
        st.caption(f"**{step} · {title}**")
        for each in claims:
            look = {"key": f"take_{each.key}", "type": "secondary" if each is claim else "tertiary"}
            button(f"{words.sign(verdict_of(each.key))} {each.title}", session.put, {CLAIM.key: each.key}, **look)
draw_takeaway(question.to_python(), {"picture": lambda: charts.table_of(scene)})
