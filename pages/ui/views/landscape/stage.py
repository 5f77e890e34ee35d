"""The two maps in the browser: forward at the left, reverse at the right, and the start that a click puts on both."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from kl_engine import Direction
from kl_engine.optima import Basins, StationaryPoint
from kl_engine.optima import Path as Flow
from pages.ui.draw.component import SHARED, component
from pages.ui.say.numbers import NATS_IN, amount, normal
from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.state.mixture import Q
from pages.ui.views.landscape.scene import FIRST_LEVEL, Relief, Scene

HERE = Path(__file__).parent
KEY = "relief_map"
TITLES = {Direction.FORWARD: "D(p‖q)", Direction.REVERSE: "D(q‖p)"}
LEVELS = 2.0 ** np.arange(20)


@cache
def _component():
    shared = (SHARED / name for name in ("scales.js", "theme.js", "mount.js", "contours.js", "bell_curves.js"))
    own = (HERE / name for name in ("stage.html", "stage.css", "stage.js"))
    return component("relief_map", *shared, *own)


def maps(scene: Scene, basins: Basins | None, units: str) -> None:
    """Draw both maps with the flows from the start and, where given, the basins of the reverse one."""
    relief, question = scene.relief, scene.question
    data = {
        "columns": relief.means.size,
        "rows": relief.stds.size,
        "means": relief.means[[0, -1]].tolist(),
        "stds": relief.stds[[0, -1]].tolist(),
        "p": [list(row) for row in zip(question.target.p.weights.tolist(), *list(zip(*question.target.rows))[1:])],
        "start": [question.start.mean, question.start.std],
        "unit": units,
        "scale": NATS_IN[units],
        "maps": [_map(relief, direction, scene.flows[direction], units) for direction in Direction],
    }
    if basins is not None:  # forward there is one basin
        data["maps"][1]["basins"] = basins.index.ravel().tolist()
    token = repr((question, units, basins is not None))
    _component()(key=KEY, data={**data, "token": token}, on_start_change=guarded(_take))


def _map(relief: Relief, direction: Direction, flow: Flow, units: str) -> dict:
    values = relief.values[direction]
    levels = values.min() + FIRST_LEVEL * LEVELS
    return {
        "direction": str(direction),
        "title": TITLES[direction],
        "values": base64.b64encode(values.astype("<f4").tobytes()).decode(),
        "levels": levels[levels < values.max()].tolist(),
        "path": np.column_stack([flow.mean, flow.std]).tolist(),
        "points": [_mark(point, i, units) for i, point in enumerate(relief.points[direction])],
    }


def _mark(point: StationaryPoint, rank: int, units: str) -> dict:
    kind = "best" if rank == 0 else point.kind
    words = f"{point.kind}: {normal(point.q)}, {amount(point.value, units)}"
    return {"mean": point.q.mean, "std": point.q.std, "kind": kind, "words": words}


def _take() -> None:
    """A start was set on a map; what a browser sends is checked like anything typed."""
    try:
        session.put({Q.key: Q.checked(st.session_state[KEY].start)})
    except (TypeError, ValueError) as fault:
        st.warning(f"The start was left as it was: {fault}.")
