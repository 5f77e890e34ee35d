"""The stage of a claim, which moves under the hand: the browser shows the states that Python has computed."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.cache.kept import kept
from pages.ui.draw.component import SHARED, component
from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.views.claims import charts, words
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.question import CLAIM
from pages.ui.views.claims.scene import Scene, places_of, verdict_of

HERE = Path(__file__).parent
KEY = "claim_stage"
SENT = f"{KEY}_seq"  # how many edits the browser has sent
PARTS = ("scales", "theme", "svg", "editing", "mount")


@cache
def _component():
    shared = (SHARED / name for name in ("controls.css", *(f"{part}.js" for part in PARTS)))
    return component(KEY, *shared, *(HERE / f"stage.{kind}" for kind in ("html", "css", "js")))


@cache
def _feed():
    return component("claim_feed", *(SHARED / f"{part}.js" for part in PARTS), HERE / "stage.js")


def draw_stage(scene: Scene, told: bool, units: str, fit: bool) -> None:
    """The present state: its picture, what is said of it, and the dial; to `fit`, it takes the room that there is."""
    key, at = scene.claim.key, scene.question.at
    data = {
        "claim": key,
        "of": _of(key, units),
        "dial": charts.dial_of(scene.claim),
        "at": at,
        "now": charts.state_of(key, at, units),
        "told": told,
        "untold": words.NOT_YET if not told else words.TRYING,
        "fit": fit,
    }
    sent = {**data, "token": repr((data["of"], at, told, fit)), "seq": st.session_state.get(SENT, 0)}
    _component()(key=KEY, data=sent, on_edit_change=guarded(_take))


def feed_stage(key: str, units: str) -> None:
    """What the stage shows under the hand: the verdict, and the states along the dial, as they are computed."""
    found, of = verdict_of(key), _of(key, units)
    texts = [words.verdict(CLAIMS[key], found, holds, units) for holds in (False, True)]
    first = {"texts": texts, **charts.strip_of(CLAIMS[key], found)}
    with st.container(key="unseen_feed"):
        for part, places in enumerate(places_of(key, found)):
            states = states_of(key, units, places)
            _feed()(key=f"claim_feed_{part}", data={"of": of, "part": part, "states": states, **first})
            first = {}


@kept(2048)
def states_of(key: str, units: str, places: tuple[float, ...]) -> list[dict[str, object]]:
    """These states of the dial, as the browser shows them."""
    return [charts.state_of(key, at, units) for at in places]


def _of(key: str, units: str) -> str:
    """What the parts of one claim in these units have in common, by which they find one another in the browser."""
    return f"{key} in {units}"


def _take() -> None:
    """The dial was let go: it is set. What a browser sends is checked like anything typed."""
    try:
        edit = dict(st.session_state[KEY].edit)
        claim, at = CLAIMS[edit["claim"]], float(edit["at"])
        if not math.isfinite(at):
            raise ValueError("no number")
        st.session_state[SENT] = int(edit["seq"])
    except (TypeError, KeyError, ValueError):
        st.warning("The stage sent something that cannot be set, so it was left as it was.")
        return
    if claim.key == CLAIM.value:  # and not one that has been left meanwhile
        session.put({claim.dial.key: claim.dial.nearest(at)})
