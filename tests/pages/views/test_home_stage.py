"""What the charts of the home page draw, against the engine: for a target that no reflection leaves as it is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from kl_engine import Gaussian, GaussianMixture, forward_kl, reverse_kl
from pages.ui.draw.frames import bell_grid
from pages.ui.draw.theme import FORWARD, REVERSE, TARGET
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home import charts
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import FRAMES, SWEEP_END, answered
from pages.ui.views.home.stage import path_data
from tests.pages.drawn import curve, lines
from tests.pages.reading import numbers

SETTING, START = Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)
ROWS = (0, 17, 90, FRAMES - 1)
NATS = {"nats": 1.0, "bits": math.log(2)}
FITS = {"forward": (FORWARD, forward_kl), "reverse": (REVERSE, reverse_kl)}


def target_at(separation: float) -> GaussianMixture:
    """The target of the setting, written out."""
    return GaussianMixture([0.7, 0.3], [separation / 2, -separation / 2], [0.6, 1.4])


@pytest.fixture(scope="module")
def scenes():
    """The scene in which both fits move, and that in which the separation does."""
    return {sweeping: answered(Question(SETTING, None if sweeping else START)) for sweeping in (False, True)}


@pytest.fixture(params=[False, True], ids=["fit", "sweep"])
def frames(request, scenes):
    """Of some frames of each motion: the target, both q, and a function that gives the row in a unit."""
    sweeping, scene = request.param, scenes[request.param]
    found = []
    for i in ROWS:
        p = target_at(SWEEP_END * i / (FRAMES - 1) if sweeping else 6.0)
        fits = [Gaussian(path.mean[i], path.std[i]) for path in scene.motion]
        found.append((p, *fits, lambda units, i=i: path_data(scene, units).iloc[i]))
    return found


def test_the_curves_are_the_densities(frames):
    drawn, grid = lines(charts.density_spec(), "grid"), bell_grid()
    assert list(drawn) == [TARGET, FORWARD, REVERSE]
    for p, forward, reverse, row in frames:
        for role, density in ((TARGET, p), (FORWARD, forward), (REVERSE, reverse)):
            x, y = curve(drawn[role], grid, row("nats"))
            assert y == pytest.approx(np.exp(density.log_pdf(x)), rel=1e-9)
            ends = [(m - 3.9 * s, m + 3.9 * s) for m, s in zip(*_parts(density))]
            assert x.min() <= min(low for low, _ in ends) and x.max() >= max(high for _, high in ends)


def test_the_integrands_are_where_each_direction_pays(frames):
    drawn, grid = lines(charts.integrand_spec(), "grid"), bell_grid()
    assert list(drawn) == [FORWARD, REVERSE]
    for p, forward, reverse, row in frames:
        x, y = curve(drawn[FORWARD], grid, row("nats"))
        log_p, log_q = p.log_pdf(x), forward.log_pdf(x)
        assert y == pytest.approx(np.exp(log_p) * (log_p - log_q), rel=1e-7, abs=1e-12)
        x, y = curve(drawn[REVERSE], grid, row("nats"))
        log_p, log_q = p.log_pdf(x), reverse.log_pdf(x)
        assert y == pytest.approx(np.exp(log_q) * (log_q - log_p), rel=1e-7, abs=1e-12)


def test_the_motion_ends_at_the_fits_and_starts_at_the_start(scenes):
    data = path_data(scenes[False], "nats")
    for name, scored in (("forward", scenes[False].forward), ("reverse", scenes[False].reverse)):
        assert (data[f"{name}_mean"].iloc[0], data[f"{name}_std"].iloc[0]) == (START.mean, START.std)
        last = data[f"{name}_mean"].iloc[-1], data[f"{name}_std"].iloc[-1]
        assert last == pytest.approx((scored.q.mean, scored.q.std), rel=1e-12)
    p, fitted = target_at(6.0), scenes[False].forward.q
    assert (fitted.mean, fitted.std) == pytest.approx((p.mean, p.std), rel=1e-12)


@pytest.mark.parametrize("units", NATS)
def test_the_strip_and_the_labels_speak_the_unit(frames, units):
    for p, *fits, row in frames:
        shown = row(units)
        for (name, (_, divergence)), q in zip(FITS.items(), fits):
            value = divergence(p, q).value / NATS[units]
            assert shown[f"{name}_kl"] == pytest.approx(value, rel=1e-9, abs=1e-12)
            text = shown[f"{name}_text"]
            assert text.endswith(units) and ("D(p‖q)" if name == "forward" else "D(q‖p)") in text
            assert numbers(text)[-1] == pytest.approx(value, rel=1e-4, abs=6e-5)


def test_the_strip_draws_each_divergence_in_its_role():
    drawn = lines(charts.strip_spec(), "path")
    assert {role: layer["encoding"]["y"]["field"] for role, layer in drawn.items()} == {
        role: f"{name}_kl" for name, (role, _) in FITS.items()
    }
    assert {layer["encoding"]["x"]["field"] for layer in drawn.values()} == {"position"}


@pytest.mark.parametrize("units", NATS)
def test_the_axes_hold_what_is_drawn(scenes, units):
    for sweeping, scene in scenes.items():
        data = path_data(scene, units)
        shown = data if sweeping else data.tail(1)
        assert (shown[["forward_kl", "reverse_kl"]].max(axis=1) <= shown["ceiling"]).all()
        _holds(data.iloc[-1], charts.density_spec(), "density")
        _holds(data.iloc[-1], charts.integrand_spec(), "integrand")


def _holds(row: pd.Series, spec: dict, axis: str) -> None:
    for layer in lines(spec, "grid").values():
        x, y = curve(layer, bell_grid(), row)
        inside = y[(x >= row["low"]) & (x <= row["high"])]
        assert inside.size > 30
        assert row[f"{axis}_low"] <= inside.min() and inside.max() <= row[f"{axis}_high"]


def _parts(density) -> tuple:
    return (density.means, density.stds) if isinstance(density, GaussianMixture) else ([density.mean], [density.std])
