"""The two stationarity conditions on a mixture of two Gaussians, in numbers, and the curves whose minima they find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from kl_engine import (
    Direction,
    Gaussian,
    GaussianMixture,
    expected_score,
    kl_along,
    moment_match,
    reverse_optima,
    two_modes,
)
from pages.ui.draw.curve_chart import curve_chart
from pages.ui.draw.specs import Picture
from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.say.numbers import NATS_IN, plain
from pages.ui.state.bound_sliders import MEAN, SEPARATION, STD, WEIGHT

POINTS = 161
SLIDERS = (SEPARATION, WEIGHT, replace(MEAN, label="Mean of q"), replace(STD, label="Std of q"))


def draw_mixture_panel(units: str) -> None:
    """Sliders, both conditions with the current numbers, and both divergences over the mean of q."""
    with st.container(key="desk"):
        desk, easel = st.columns([2, 7], gap="medium")
    with desk.container(gap="xsmall"):
        separation, weight, mean, std = (slider.draw() for slider in SLIDERS)
    p, q = two_modes(separation, weight), Gaussian(mean, std)
    with easel.container(key="easel"):
        left, right = st.columns(2, gap="medium")
        # The chart first, though it stands below: it is what a moved slider is watched for.
        picture = st.container(key="picture")  # on a narrow screen it moves up
        _curves(p, q, units).draw(picture)
        left.markdown(_forward(p, q))
        right.markdown(_reverse(p, q))
        st.caption(f"Over the mean of q, at std {std:g}; dots are minima, where the condition on the mean holds.")


def _forward(p: GaussianMixture, q: Gaussian) -> str:
    """Moment matching: what is still missing."""
    fit = moment_match(p)
    square = fit.std**2 + (fit.mean - q.mean) ** 2
    return (
        ":red[**╌╌ Forward**]: mean and mean square of p, against those of q\n\n"
        rf"$\mathbb{{E}}_p[x]-\mu_q={_tex(fit.mean)}-{_paren(q.mean)}={_tex(fit.mean - q.mean)}$"
        "\n\n"
        rf"$\mathbb{{E}}_p[(x-\mu_q)^2]-\sigma_q^2={_tex(square)}-{_tex(q.std**2)}={_tex(square - q.std**2)}$"
    )


def _reverse(p: GaussianMixture, q: Gaussian) -> str:
    """Bonnet and Price: slope and curvature of log p under q, against 0 and −1/σ²."""
    slope, curvature = expected_score(p, q)
    return (
        ":blue[**┈┈ Reverse**]: slope and curvature of log p under q\n\n"
        rf"$\mathbb{{E}}_q[(\log p)']={_tex(slope)}$, to be $0$"
        "\n\n"
        rf"$\mathbb{{E}}_q[(\log p)'']={_tex(curvature)}$, to be $-1/\sigma_q^2={_tex(-1 / q.std**2)}$"
    )


def _curves(p: GaussianMixture, q: Gaussian, units: str) -> Picture:
    reach = max(abs(float(m)) for m in p.means) + 3
    x = np.linspace(min(-reach, q.mean), max(reach, q.mean), POINTS)
    scale, width = NATS_IN[units], np.full(POINTS, q.std)
    roles = {FORWARD: Direction.FORWARD, REVERSE: Direction.REVERSE}
    curves = {role: kl_along(p, direction, x, width).kl / scale for role, direction in roles.items()}
    forward = kl_along(p, Direction.FORWARD, [p.mean], [q.std]).kl[0]
    minima = [(FORWARD, p.mean, forward / scale)]
    minima += [(REVERSE, fit.q.mean, fit.value.value / scale) for fit in reverse_optima(p, fixed_std=q.std)]
    return curve_chart(x, curves, q.mean, minima)


def _tex(number: float) -> str:
    return plain(number, decimals=3).replace("−", "-")


def _paren(number: float) -> str:
    return _tex(number) if number >= 0 else f"({_tex(number)})"
