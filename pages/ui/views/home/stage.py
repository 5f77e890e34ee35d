"""What the home page draws of a question: both fits moving and in numbers, what they mean, what to take away."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kl_engine import Gaussian
from pages.ui.draw import frames
from pages.ui.draw.player import player
from pages.ui.glossary.links import glossary
from pages.ui.say.cards import draw_cards
from pages.ui.say.exports import draw_takeaway
from pages.ui.say.numbers import NATS_IN, fine, normal
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.sliders import START
from pages.ui.views.home import charts, takeaway, words
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import FRAMES, SWEEP_END, Scene, answered
from pages.ui.views.home.takeaway import curve_table

OPENED = "stage_opened"
ROOT_TAU = float(np.sqrt(2 * np.pi))
# What a frame is: caption, first value, last value, decimals, unit.
FIT_PLACE = ("way to the fit", 0.0, 100.0, 0, " %")
SWEEP_PLACE = ("separation", 0.0, SWEEP_END, 2, "")


def draw_home(easel: DeltaGenerator, question: Question, units: str, integrands: bool) -> None:
    """The whole view of a question, in the easel and below it."""
    with easel:
        stage = open_stage()
    try:
        scene = answered(question)
    except RuntimeError as unsettled:  # a flow without an end within its steps
        st.error(f"No fit from here: {unsettled}.")
        return
    with easel:
        draw_stage(stage, scene, units, integrands)
        draw_cards(scene.forward, scene.reverse, units)
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)
    if not question.sweeping:
        _draw_other_starts(scene)
    draw_takeaway(question.to_python(), takeaway.tables(scene))


def _draw_other_starts(scene: Scene) -> None:
    """A button for every other optimum of the reverse divergence."""
    with st.container(horizontal=True, gap="xsmall"):
        for i, other in enumerate(words.other_optima(scene)):
            there = zip(START, (other.q.mean, other.q.std))
            values = {slider.key: slider.nearest(value) for slider, value in there}
            button(f"Start near {normal(other.q)}", session.put, values, key=f"start_near_{i}")


class Stage(NamedTuple):
    """The container that the player drives, and in it the place of the first chart."""

    container: DeltaGenerator
    opening: DeltaGenerator


def open_stage() -> Stage:
    """The stage, empty; when a session opens, with the axes of its first chart.

    The browser then fetches what draws charts while the first fits are computed, and not after.
    """
    container = st.container(key="stage", gap="xxsmall")
    stage = Stage(container, container.empty())
    if OPENED not in st.session_state:
        st.session_state[OPENED] = True
        _chart(stage.opening, charts.density_spec(), charts.DENSITY_ALT, frames.no_path())
    return stage


def draw_stage(stage: Stage, scene: Scene, units: str, integrands: bool) -> None:
    """The charts and the player."""
    path, sweeping = path_data(scene, units), scene.question.sweeping
    first = round(scene.target.separation / SWEEP_END * (FRAMES - 1)) if sweeping else FRAMES - 1
    _chart(stage.opening, charts.density_spec(), charts.DENSITY_ALT, path)
    with stage.container:
        player(repr(scene.question), FRAMES, first, SWEEP_PLACE if sweeping else FIT_PLACE)
    _chart(stage.container, charts.strip_spec(), charts.STRIP_ALT, path)
    stage.container.caption(_caption(units, sweeping))
    if integrands:
        _chart(stage.container, charts.integrand_spec(), charts.INTEGRAND_ALT, path)
        stage.container.caption(f"The {glossary('pointwise integrand', units)} of each fit, in nats per unit of x.")


def _caption(units: str, sweeping: bool) -> str:
    """What moves, and what the strip shows."""
    if sweeping:
        tie = glossary("tie", units)
        return f"The best fit of each direction at every separation, and its divergence in {units}; a jump is a {tie}."
    flow = glossary("natural-gradient flow", units)
    return f"Each fit along the {flow} of its divergence, and that divergence in {units} over the way."


def _chart(place: DeltaGenerator, spec: dict, alt: str, path: pd.DataFrame) -> None:
    frames.picture(spec, alt, path).draw(place)


def path_data(scene: Scene, units: str) -> pd.DataFrame:
    """One row a frame: both fits, both divergences with their text, the target (it moves in the sweep), the axes."""
    target, sweeping, scale = scene.target, scene.question.sweeping, NATS_IN[units]
    position = np.linspace(0, SWEEP_END if sweeping else 100, FRAMES)
    half = position / 2 if sweeping else np.full(FRAMES, target.separation / 2)
    columns = {"position": position, "ceiling": 1.05 * max(path.kl.max() for path in scene.motion) / scale}
    for k, sign, weight, std in ((1, 1, target.weight, target.right), (2, -1, 1 - target.weight, target.left)):
        columns |= {f"mean_{k}": sign * half, f"std_{k}": std, f"height_{k}": np.log(weight / std / ROOT_TAU)}
    for name, sign, path in zip(("forward", "reverse"), ("D(p‖q)", "D(q‖p)"), scene.motion):
        texts = [f"{name} {sign} = {fine(kl / scale, path.error / scale, 4)} {units}" for kl in path.kl.tolist()]
        columns |= {f"{name}_mean": path.mean, f"{name}_std": path.std, f"{name}_height": -np.log(path.std * ROOT_TAU)}
        columns |= {f"{name}_kl": path.kl / scale, f"{name}_text": texts}
    return frames.path_data(FRAMES, columns | _axes(scene))


def _axes(scene: Scene) -> dict[str, float]:
    """The ends of the axes: what p and both answers need, in the sweep also at its ends. A higher start is cut."""
    start = scene.question.start
    tables = [curve_table(scene.target.p, scene.forward.q, scene.reverse.q)]
    if start is None:
        rows = [[Gaussian(float(path.mean[i]), float(path.std[i])) for path in scene.motion] for i in (0, -1)]
        tables += [curve_table(scene.target.at(d), *fits) for d, fits in zip((0.0, SWEEP_END), rows)]
    curves = pd.concat(tables)
    starts = [start.mean - start.std, start.mean + start.std] if start else []
    top = curves[["p", "q_forward", "q_reverse"]].max().max()
    integrands = curves[["p_log_p_over_q_forward", "q_reverse_log_q_over_p"]]
    return {
        "low": min([curves["x"].min(), *starts]),
        "high": max([curves["x"].max(), *starts]),
        "density_low": 0.0,
        "density_high": 1.3 * top,
        "integrand_low": 1.3 * integrands.min().min() - 1e-3 * top,
        "integrand_high": 1.3 * integrands.max().max() + 1e-3 * top,
    }
