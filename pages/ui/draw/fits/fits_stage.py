"""The stage of a target of two peaks: dragged and played in the browser, which reports when a hand lets go.

It stands before the engine is there: the browser draws p and both fits from numbers of its own. `answer` then brings
those of the engine, which take their place; the two find one another by their token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.draw.component import SHARED, component
from pages.ui.state.callbacks import guarded

HERE = Path(__file__).parent
KEY = "fits_stage"
PARTS = ("scales", "theme", "svg", "editing", "mount", "bell_curves", "three_digits", "transport")
SCRIPTS = ("mixture_fits", "draws", "density_stage", "meeting", "fits_stage")


@cache
def _stage():
    looks = (SHARED / "controls.css", HERE / "fits_stage.html", HERE / "fits_stage.css")
    scripts = (folder / f"{name}.js" for folder, names in ((SHARED, PARTS), (HERE, SCRIPTS)) for name in names)
    return component("fits_stage", *looks, *scripts)


@cache
def _answer():
    return component("fits_answer", *(HERE / f"{name}.js" for name in ("meeting", "fits_answer")))


def stage(data: Mapping[str, object], take: Callable[[], None]) -> None:
    """Show the target; `take` is called when something on it has been changed.

    `data`: token, state (the numbers set, by name), limits (low, high and step of each), motion ("fit" or "sweep"),
    integrands, units, scale (nats in a unit), opening (whether it may run by itself once).
    """
    with st.container(key="fits_place"):
        _stage()(key=KEY, data={**data, "seq": st.session_state.get(f"{KEY}_seq", 0)}, on_edit_change=guarded(take))


def taken() -> dict:
    """What has been changed, by name, as the browser sent it: to be checked like anything typed."""
    sent = dict(st.session_state[KEY].edit)
    st.session_state[f"{KEY}_seq"] = int(sent["seq"])
    return dict(sent["changed"])


def answer(data: Mapping[str, object]) -> None:
    """Bring the engine's answer to the stage of the same token."""
    with st.container(key="unseen_answer"):
        _answer()(key="fits_answer", data=data)
