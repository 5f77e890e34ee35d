"""What stands around a claim: doors to other pages, the step before and the next one, the list and the table of all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.views.claims import words
from pages.ui.views.claims.argument import CLAIMS, STEPS
from pages.ui.views.claims.argument.routes import ROUTES, neighbours
from pages.ui.views.claims.question import CLAIM, SAID, TABLE, is_said
from pages.ui.views.claims.scene import Scene, verdict_of

STYLE = Path(__file__).with_name("tables.css")


def draw_doors(scene: Scene, units: str) -> None:
    """The page where this state can be looked at, the proof, and all numbers."""
    carried = {} if units == "nats" else {"units": units}
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="doors"):
        for label, door in (("Open it", scene.claim.open_it), ("Proof", scene.claim.proof)):
            if door:
                settings = door.settings(scene.question.at) | carried
                st.page_link(door.script, label=f"{label}: {door.title}", query_params=settings)
        with st.popover("Exact values"):
            scene.claim.dial.type_in()
            st.markdown(words.numbers(scene, units))


def draw_steps(route: str, key: str, told: bool) -> None:
    """The claim before and the next one; at the end of a route, where it leads on."""
    with st.container(horizontal=True, gap="xsmall"):
        for label, other in zip(("← Before", "Next →"), neighbours(route, key)):
            is_next = route in ROUTES and told and label.startswith("Next")
            look = {"disabled": other == key, "type": "primary" if is_next else "secondary"}
            button(label, session.put, {CLAIM.key: other}, key=f"go_{label}", **look)
        session.undo_button()
        if route in ROUTES and ROUTES[route].stops[-1].claim == key:
            st.page_link(ROUTES[route].script, label=f"{ROUTES[route].onward} →")


def draw_contents(route: str, key: str) -> None:
    """All claims by the steps of the argument, each with its verdict; on a route its stops, in their order."""
    if route in ROUTES:
        st.caption(ROUTES[route].about)
        for i, stop in enumerate(ROUTES[route].stops, start=1):
            _draw_line(f"{i} · {CLAIMS[stop.claim].title}", stop.claim, key)
        return
    where = SAID.pick()
    st.caption("● holds &ensp; ◐ when … &ensp; ○ false as stated")
    for step, (title, claims) in enumerate(STEPS.items(), start=1):
        found = [each for each in claims if is_said(each, where)]
        if found:
            st.caption(f"**{step} · {title}**")
        for each in found:
            _draw_line(f"{words.sign(verdict_of(each.key))} {each.title}", each.key, key)


def _draw_line(label: str, key: str, now: str) -> None:
    look = {"key": f"take_{key}", "type": "secondary" if key == now else "tertiary"}
    button(label, session.put, {CLAIM.key: key}, **look)


def draw_table() -> None:
    """Every claim as it is said, its verdict with the numbers of its edges, and a state of it to be opened."""
    where = SAID.pick()
    for step, (title, claims) in enumerate(STEPS.items(), start=1):
        found = [each for each in claims if is_said(each, where)]
        if found:
            st.caption(f"**{step} · {title}**")
        for each in found:
            with st.container(key=f"row_{each.key}"):
                said, judged, opened = st.columns([5, 4, 2], vertical_alignment="center")
            said.markdown(f"“{each.says}”")
            verdict = verdict_of(each.key)
            judged.markdown(f"{words.sign(verdict)} {words.in_short(each, verdict)}")
            at = words.shown_at(each, verdict)
            state = {CLAIM.key: each.key, each.dial.key: at, TABLE.key: False}
            button(words.state_in_short(each, verdict, at), session.put, state, place=opened, key=f"open_{each.key}")


def table_of_claims() -> pd.DataFrame:
    """The same as a table: the step, the claim, its sources, the verdict, and a state with what holds there."""
    rows = []
    for step, claims in STEPS.items():
        for each in claims:
            found = verdict_of(each.key)
            at = words.shown_at(each, found)
            said = words.in_short(each, found).replace("**", "")
            rows.append((step, each.key, each.says, "; ".join(each.sources), said, each.dial.label, at))
    return pd.DataFrame(rows, columns=["step", "claim", "sentence", "said in", "verdict", "dial", "at"])
