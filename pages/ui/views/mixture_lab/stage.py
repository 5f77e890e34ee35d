"""The stage: the browser moves p and its forward fit while a handle is held, and reports when it is let go."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.draw.component import SHARED, component
from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.state.mixture import LIMITS, P, Q
from pages.ui.views.mixture_lab.scene import Scene

HERE = Path(__file__).parent
KEY = "lab_stage"
REACH = 3.6  # std beyond each mean that the axis shows


@cache
def _component():
    names = ("controls.css", "scales.js", "theme.js", "svg.js", "editing.js", "mount.js", "bell_curves.js")
    shared = (SHARED / name for name in names)
    own = (HERE / name for name in ("stage.html", "stage.css", "stage.js"))
    return component("mixture_stage", *shared, *own)


def stage(scene: Scene) -> None:
    """Show p with the answers of reverse KL, each with its kind: "best", "minimum", "saddle", "maximum"."""
    low, high = _axis(scene)
    question = scene.question
    data = {
        "components": [list(row) for row in question.target.rows],
        "start": [question.start.mean, question.start.std],
        "fixed": question.fixed_std,
        "answers": [{"kind": kind, "mean": q.mean, "std": q.std} for kind, q in scene.answers],
        "low": low,
        "high": high,
        "limits": LIMITS,
        "most": P.most,
    }
    _component()(key=KEY, data={**data, "token": repr(data)}, on_edit_change=guarded(_take))


def _take() -> None:
    """A handle was let go: p and the start are as it has them. What a browser sends is checked like anything typed."""
    sent = st.session_state[KEY].edit
    try:
        session.put({P.key: P.checked(sent["components"]), Q.key: Q.checked(sent["start"])})
    except (TypeError, KeyError, ValueError) as fault:
        st.warning(f"The stage was left as it was: {fault}.")


def _axis(scene: Scene) -> tuple[float, float]:
    """The ends of the axis: what p, its best fit and the start of q need."""
    p, fits = scene.p, [q for kind, q in scene.answers if kind == "best"]
    shown = [*zip(p.means, p.stds), *((q.mean, q.std) for q in [*fits, scene.question.start]), (p.mean, 0.8 * p.std)]
    return min(float(m - REACH * s) for m, s in shown), max(float(m + REACH * s) for m, s in shown)
