"""The stage: the browser moves p and its forward fit while a handle is held, and reports when it is let go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from kl_engine import Gaussian
from pages.ui.draw.component import SHARED, component
from pages.ui.state import target_state as drafts
from pages.ui.state.callbacks import guarded
from pages.ui.state.target import LIMITS, MOST, Draft, checked_rows, checked_start

HERE = Path(__file__).parent
KEY = "lab_stage"
REACH = 3.6  # std beyond each mean that the axis shows


@cache
def _component():
    names = ("controls.css", "scales.js", "theme.js", "svg.js", "editing.js", "mount.js")
    shared = (SHARED / name for name in names)
    own = (HERE / name for name in ("stage.html", "stage.css", "curves.js", "stage.js"))
    return component("mixture_stage", *shared, *own)


def stage(draft: Draft, answers: Sequence[tuple[str, Gaussian]]) -> None:
    """Show the draft with the answers of reverse KL, each with its kind: "best", "minimum", "saddle", "maximum"."""
    low, high = _axis(draft, [q for kind, q in answers if kind == "best"])
    data = {
        "components": [list(row) for row in draft.rows],
        "start": list(draft.start),
        "answers": [{"kind": kind, "mean": q.mean, "std": q.std} for kind, q in answers],
        "low": low,
        "high": high,
        "limits": LIMITS,
        "most": MOST,
    }
    _component()(key=KEY, data={**data, "token": repr(data)}, on_edit_change=_take)


@guarded
def _take() -> None:
    """A handle was let go: its draft is the new one. What a browser sends is checked like anything typed."""
    sent = st.session_state[KEY].edit
    try:
        drafts.put(Draft(checked_rows(sent["components"]), checked_start(sent["start"])))
    except (TypeError, KeyError, ValueError) as fault:
        st.warning(f"The stage was left as it was: {fault}.")


def _axis(draft: Draft, fits: list[Gaussian]) -> tuple[float, float]:
    """The ends of the axis: what p, its fits and the start of q need."""
    p = draft.p
    shown = [*zip(p.means, p.stds), *((q.mean, q.std) for q in [*fits, draft.q]), (p.mean, 0.8 * p.std)]
    return min(float(m - REACH * s) for m, s in shown), max(float(m + REACH * s) for m, s in shown)
