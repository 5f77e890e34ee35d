"""The stage: points that are dragged; the browser keeps all fits up meanwhile, and reports at the end."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from kl_engine.estimates.certainty import HALF_95
from pages.ui.draw.component import SHARED, component
from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.views.regression.question import DATA
from pages.ui.views.regression.scene import EXACT, Scene

HERE = Path(__file__).parent
FITS = SHARED.parent / "fits" / "line_fits.js"
KEY = "line_stage"
REACH = 3.0  # std of slope and intercept that the plane shows


@cache
def _component():
    names = ("controls.css", "scales.js", "theme.js", "svg.js", "editing.js", "panels.js", "mount.js", "ellipses.js")
    own = (HERE / name for name in ("stage.html", "stage.css", "stage.js"))
    return component("line_stage", *(SHARED / name for name in names), FITS, *own)


def stage(scene: Scene) -> None:
    """Show the points with what is predicted at the left, slope and intercept at the right."""
    data = {
        "rows": [list(row) for row in scene.question.rows],
        "noise": scene.question.noise,
        "prior": scene.question.prior,
        "views": [_data_view(scene), _plane_view(scene)],
        "half": HALF_95,
        "limits": DATA.limits,
        "most": DATA.most,
    }
    _component()(key=KEY, data={**data, "token": repr(data)}, on_edit_change=guarded(_take))


def _take() -> None:
    """A point was let go: the points are the new ones. What a browser sends is checked like anything typed."""
    try:
        session.put({DATA.key: DATA.checked(st.session_state[KEY].edit)})
    except (TypeError, ValueError) as fault:
        st.warning(f"The stage was left as it was: {fault}.")


def _data_view(scene: Scene) -> list[float]:
    """The rectangle of x and y that holds the points and most of the band: low, high, bottom, top."""
    y, (low, high) = scene.question.y, (scene.places[0], scene.places[-1])
    near = (scene.places >= min(scene.question.x)) & (scene.places <= max(scene.question.x))
    near |= np.abs(scene.places - np.mean(scene.question.x)) < 1
    ends = [scene.means[near] + sign * 2.5 * scene.stds[EXACT][near] for sign in (-1, 1)]
    bottom, top = min(*y, float(ends[0].min())), max(*y, float(ends[1].max()))
    room = 0.12 * (top - bottom)
    return [float(low), float(high), bottom - room, top + room]


def _plane_view(scene: Scene) -> list[float]:
    """The rectangle of slope and intercept that holds the posterior: low, high, bottom, top."""
    mean, reach = scene.posterior.mean, REACH * np.sqrt(np.diagonal(scene.posterior.cov))
    (low, bottom), (high, top) = (mean - reach).tolist(), (mean + reach).tolist()
    return [low, high, bottom, top]
