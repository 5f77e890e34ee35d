"""The tables that a person takes away hold what the engine says."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import trapezoid

from kl_engine import Gaussian, GaussianMixture, forward_kl, reverse_kl
from pages.ui.say.exports import csv
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home import takeaway
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import SWEEP_END, answered, fit_scene

P = GaussianMixture([0.7, 0.3], [3, -3], [0.6, 1.4])
SETTING, START = Target(6.0, 0.7, 0.6, 1.4), Start(-1.0, 2.0)
DIVERGENCES = {"forward": forward_kl, "reverse": reverse_kl}


@pytest.fixture(scope="module")
def scene():
    """Both fits of an asymmetric target."""
    return fit_scene(Question(SETTING, START))


def read(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is read back from its CSV."""
    return pd.read_csv(io.StringIO(csv(lambda: table)))


def test_the_curves(scene):
    forward, reverse = scene.forward.q, scene.reverse.q
    table = read(takeaway.curve_table(P, forward, reverse))
    x = table["x"].to_numpy()
    log_p, log_forward, log_reverse = (density.log_pdf(x) for density in (P, forward, reverse))
    expected = {
        "p": np.exp(log_p),
        "q_forward": np.exp(log_forward),
        "q_reverse": np.exp(log_reverse),
        "p_log_p_over_q_forward": np.exp(log_p) * (log_p - log_forward),
        "q_reverse_log_q_over_p": np.exp(log_reverse) * (log_reverse - log_p),
    }
    assert list(table) == ["x", *expected]
    for name, values in expected.items():
        assert table[name].to_numpy() == pytest.approx(values, rel=1e-9, abs=1e-14), name


def test_the_integrands_add_up_to_the_divergences(scene):
    table = read(takeaway.curve_table(P, scene.forward.q, scene.reverse.q))
    for column, value in (
        ("p_log_p_over_q_forward", forward_kl(P, scene.forward.q).value),
        ("q_reverse_log_q_over_p", reverse_kl(P, scene.reverse.q).value),
    ):
        assert trapezoid(table[column], table["x"]) == pytest.approx(value, abs=1e-2)


def test_the_traces(scene):
    table = read(takeaway.traces_table(scene))
    assert set(table["direction"]) == set(DIVERGENCES)
    for (name, divergence), fit in zip(DIVERGENCES.items(), scene.fits):
        rows = table[table["direction"] == name]
        assert rows["iteration"].tolist() == list(range(len(fit.trace)))
        assert (rows["mean"].iloc[0], rows["std"].iloc[0]) == (START.mean, START.std)
        assert (rows["mean"].iloc[-1], rows["std"].iloc[-1]) == pytest.approx((fit.q.mean, fit.q.std), rel=1e-12)
        for row in rows.itertuples():
            assert row.kl_nats == pytest.approx(divergence(P, Gaussian(row.mean, row.std)).value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("sweeping", [False, True])
def test_the_motion(scene, sweeping):
    shown = answered(Question(SETTING, None)) if sweeping else scene
    table = read(takeaway.motion_table(shown))
    position = table["separation" if sweeping else "way"].to_numpy()
    assert position == pytest.approx(np.linspace(0, SWEEP_END if sweeping else 1, len(table)))
    for i in (0, 40, 133, len(table) - 1):
        d, row = position[i] if sweeping else 6.0, table.iloc[i]
        p = GaussianMixture([0.7, 0.3], [d / 2, -d / 2], [0.6, 1.4])
        for name, divergence in DIVERGENCES.items():
            q = Gaussian(row[f"{name}_mean"], row[f"{name}_std"])
            assert row[f"{name}_kl_nats"] == pytest.approx(divergence(p, q).value, rel=1e-9, abs=1e-12)
    if not sweeping:
        for name, scored in (("forward", scene.forward), ("reverse", scene.reverse)):
            assert table[f"{name}_mean"].iloc[-1] == pytest.approx(scored.q.mean, rel=1e-12)
