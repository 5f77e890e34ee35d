"""The study on the page: progress while it is computed, the picture, three curves of cost, the findings."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kl_engine.data.empirical import Empirical
from kl_engine.data.kernel_density import kernel_density
from kl_engine.distributions.gaussian import Mixture
from pages.ui import cache
from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.your_data import charts
from pages.ui.views.your_data.findings import Study
from pages.ui.views.your_data.scene import MOST_COMPONENTS, Directions, best_size

STUDIED = "data_studied"  # what this session has seen computed: the bar is for what is new
CROWDED = 2.5  # times the span of the held-out losses that matter: what is higher is cut


def is_known(x: np.ndarray, seed: int) -> bool:
    """Whether this session has seen the study of these numbers."""
    return st.session_state.get(STUDIED) == _mark(x, seed)


def _mark(x: np.ndarray, seed: int) -> tuple[int, int, int]:
    return x.size, crc32(x.tobytes()), seed


def study_of(x: np.ndarray, seed: int) -> Study:
    """The study, piece by piece, with a bar while a piece is new."""
    raw, steps = x.tobytes(), MOST_COMPONENTS + 2
    place, known = st.empty(), is_known(x, seed)

    def show(done: int, what: str) -> None:
        if not known:
            place.progress(done / steps, f"{what} …")

    sizes = []
    for k in range(1, MOST_COMPONENTS + 1):
        show(k - 1, f"Fitting {k} Gaussian{'s' * (k > 1)} to all the points and without each part")
        sizes.append(cache.data_size(raw, k, seed))
    reference = best_size(sizes)
    show(MOST_COMPONENTS, "Kernel densities of 13 bandwidths")
    kernels = cache.data_kernels(raw, seed)
    show(MOST_COMPONENTS + 1, "The other direction")
    mode = cache.data_mode(raw, reference.components, seed)
    single = cache.data_directions(raw, reference.components, 1)
    memory = kernels and cache.data_kernel_failures(raw, reference.components, float(kernels.bandwidths[-1]), seed)
    st.session_state[STUDIED] = _mark(x, seed)
    place.empty()
    return Study(x.size, sizes, kernels, mode, single, memory)


def draw_picture(place: DeltaGenerator, everything: np.ndarray, fits: Mapping[str, Mixture]) -> None:
    """The histogram of all the numbers with the densities over it."""
    charts.density_chart(everything, dict(fits)).draw(place)


def draw_costs(study: Study, components: int, bandwidth: float, units: str) -> None:
    """Log losses over components and over the bandwidth, and bits over components."""
    scale = NATS_IN[units]
    sizes = [size for size in study.sizes if size.fit]
    count = np.array([size.components for size in sizes])
    train = np.array([size.fit.loss.value for size in sizes]) / scale
    held_out = np.array([size.score.held_out if size.score else np.inf for size in sizes]) / scale
    one, least = held_out[0], held_out.min()
    kernels = study.kernels
    if kernels:
        least = min(least, min(score.held_out for score in kernels.scores) / scale)
    top = max(one, least + 0.05) + (CROWDED - 1) * max(one - least, 0.05)
    st.caption("Solid: points left out; dashed: points fitted. Bits in all; dashed: without those of the parameters.")
    left, middle, right = st.columns(3, gap="small")
    with left:
        st.caption(f"Components: {units} a point")
        _cost("components", count, {charts.HELD_OUT: held_out, charts.TRAIN: train}, components, float(top))
    with middle:
        if kernels:
            st.caption(f"Kernel bandwidth: {units} a point")
            series = {name: _column(kernels.scores, name, scale) for name in ("held_out", "train")}
            series = {charts.HELD_OUT: series["held_out"], charts.TRAIN: series["train"]}
            _cost("bandwidth", kernels.bandwidths, series, bandwidth, float(top))
        else:
            st.caption("No kernel density: one part holds all but one value.")
    with right:
        st.caption("Components: bits in all")
        bits = np.array([size.bits for size in sizes])
        total = bits.sum(axis=1)
        high = total.min() + 1.5 * max(total[0] - total.min(), 0.02 * abs(total.min()))
        _cost("components", count, {charts.HELD_OUT: total, charts.TRAIN: bits[:, 0]}, components, float(high))


def _cost(over: str, x: np.ndarray, series: dict[str, np.ndarray], now: float, top: float) -> None:
    charts.cost_chart(over, x.astype(float), series, now, top).draw(st)


def _column(scores: list, name: str, scale: float) -> np.ndarray:
    return np.array([getattr(score, name) for score in scores]) / scale


def first_fits(x: np.ndarray, components: int, bandwidth: float, seed: int) -> dict[str, Mixture]:
    """The densities that need no reference: maximum likelihood and the kernel density."""
    size = cache.data_size(x.tobytes(), components, seed)
    forward = {FORWARD: size.fit.q} if size.fit else {}
    return {**forward, charts.KERNEL: kernel_density(Empirical.of(x), bandwidth)}


def fits_of(x: np.ndarray, study: Study, components: int, bandwidth: float, seed: int) -> dict[str, Mixture]:
    """The densities drawn: maximum likelihood, the reverse fit of as many components, the kernel density."""
    fits = first_fits(x, components, bandwidth, seed)
    if FORWARD in fits:
        fits[REVERSE] = directions_of(x, study, components).reverse
    return fits


def directions_of(x: np.ndarray, study: Study, components: int) -> Directions:
    """Both fits of so many components to the reference."""
    return cache.data_directions(x.tobytes(), study.reference.components, components)
