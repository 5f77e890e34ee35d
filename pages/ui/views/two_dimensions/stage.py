"""The stage: the browser moves p while a handle is held, and reports when it is let go."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from kl_engine import MultivariateGaussian
from pages.ui.draw.component import SHARED, component
from pages.ui.say.numbers import in_brief
from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.state.plane import PLANE
from pages.ui.views.two_dimensions.scene import Fits, Scene

HERE = Path(__file__).parent
KEY = "plane_stage"
REACH = 2.7  # std of every Gaussian shown that the view holds


@cache
def _component():
    names = ("controls.css", "scales.js", "theme.js", "svg.js", "editing.js", "panels.js", "mount.js")
    shared = (SHARED / name for name in (*names, "contours.js", "ellipses.js"))
    own = (HERE / name for name in ("stage.html", "stage.css", "stage.js"))
    return component("plane_stage", *shared, *own)


def stage(scene: Scene, units: str) -> None:
    """Show p with the forward fit at the left, and with the reverse fit and the other optima found at the right."""
    fits = scene.fits
    drawn = [q for q, _ in fits.drawn]
    others = [point.q for point in fits.optima[1:] if point.kind == "minimum"]
    costs = [in_brief(estimate, units) for estimate in (fits.forward.forward, fits.reverse.reverse)]
    panels = [
        _panel("forward", f"Forward: D(p‖q) = {costs[0]}", fits.forward.q, [], drawn[:1]),
        _panel("reverse", f"Reverse: D(q‖p) = {costs[1]}", fits.reverse.q, others, drawn[1:]),
    ]
    data = {
        "rows": [list(row) for row in scene.question.target.rows],
        "panels": panels,
        "view": _view(fits),
        "limits": PLANE.limits,
        "most": PLANE.most,
    }
    _component()(key=KEY, data={**data, "token": repr(data)}, on_edit_change=guarded(_take))


def _take() -> None:
    """A handle was let go: its rows are the new ones. What a browser sends is checked like anything typed."""
    try:
        session.put({PLANE.key: PLANE.checked(st.session_state[KEY].edit)})
    except (TypeError, ValueError) as fault:
        st.warning(f"The stage was left as it was: {fault}.")


def _panel(role: str, title: str, q: MultivariateGaussian, others: list, drawn: list) -> dict:
    lists = {"others": [_oval(other) for other in others], "drawn": [_oval(other) for other in drawn]}
    return {"role": role, "title": title, "q": _oval(q), **lists}


def _oval(q: MultivariateGaussian) -> dict:
    return {"mean": q.mean.tolist(), "cov": [q.cov[0, 0].item(), q.cov[0, 1].item(), q.cov[1, 1].item()]}


def _view(fits: Fits) -> list[float]:
    """The rectangle that holds p's components and all that is drawn beside them: low, high, bottom, top."""
    shown = [fits.forward.q, fits.reverse.q, *(q for q, _ in fits.drawn)]
    means = np.array([*fits.p.means, *(q.mean for q in shown)])
    covs = np.array([*fits.p.covs, *(q.cov for q in shown)])
    reach = REACH * np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
    low, high = (means - reach).min(axis=0), (means + reach).max(axis=0)
    return [low[0].item(), high[0].item(), low[1].item(), high[1].item()]
