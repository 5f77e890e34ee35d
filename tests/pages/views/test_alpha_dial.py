"""The α dial: what it draws and says are the engine's answers, at every frame and in both units."""

from __future__ import annotations

import io
import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

from kl_engine import Alpha, Gaussian, GaussianMixture, alpha_divergence, fit, forward_kl, reverse_kl
from pages.ui.draw.frames import bell_grid
from pages.ui.say.exports import csv
from pages.ui.say.numbers import bell, three
from pages.ui.state.two_modes import Target
from pages.ui.views.alpha_dial import charts, takeaway
from pages.ui.views.alpha_dial import words as wording
from pages.ui.views.alpha_dial.question import Question
from pages.ui.views.alpha_dial.scene import ALPHAS, answered, frame_of, turned
from tests.pages.drawn import curve, layers
from tests.pages.opening import visit, words
from tests.pages.reading import says

open_page = partial(visit, "pages/alpha_dial.py")
SETTING = Target(6.0, 0.7, 0.6, 1.4)
P = GaussianMixture.two_modes(6, 0.7, (0.6, 1.4))
FRAMES = (0, 40, 120, 160, 200)


@pytest.fixture(scope="module")
def dial():
    """The dial of an asymmetric target that jumps once."""
    return turned(SETTING)


@pytest.fixture(scope="module")
def data(dial):
    """The datasets of its charts."""
    densities, strip = charts.pictures(dial)
    assert densities.data["path"] is strip.data["path"]
    return {**densities.data, **strip.data}


def test_every_frame_holds_the_best_q_at_its_alpha(dial, data):
    path = data["path"]
    assert list(path["position"]) == list(ALPHAS)
    for frame in FRAMES:
        row, alpha = path.iloc[frame], float(ALPHAS[frame])
        best = fit(P, Alpha(alpha))
        assert (row["q_mean"], row["q_std"]) == pytest.approx((best.q.mean, best.q.std), abs=1e-7)
        assert dial.best.kl[frame] == pytest.approx(alpha_divergence(P, best.q, alpha).value, abs=1e-10)
        assert dial.forward.kl[frame] == pytest.approx(forward_kl(P, best.q).value, abs=1e-7)
        assert dial.reverse.kl[frame] == pytest.approx(reverse_kl(P, best.q).value, abs=1e-7)
        shown, value = row["q_text"].split(", D = ")
        assert shown == f"α = {alpha:.3f}: {bell(best.q)}" and value == three(best.value.value)
    assert "now.q_text" in str(charts.density_spec())


def test_the_curves_are_the_densities(data):
    spec, grid = charts.density_spec(), bell_grid()
    lines = [layer for layer in layers(spec) if layer.get("data") == {"name": "grid"}]
    ends = [fit(P, direction).q for direction in ("forward", "reverse")]
    for frame in FRAMES:
        row = data["path"].iloc[frame]
        for layer, density in zip(lines, (P, *ends, Gaussian(row["q_mean"], row["q_std"]))):
            x, y = curve(layer, grid, row)
            assert y == pytest.approx(np.exp(density.log_pdf(x)), rel=1e-6, abs=1e-9)
        assert row["low"] < x.min() + row["q_std"] and row["density_high"] > y.max()


def test_every_curve_runs_from_end_to_end_of_the_axis(data):
    grid = bell_grid()
    lines = [layer for layer in layers(charts.density_spec()) if layer.get("data") == {"name": "grid"}]
    assert len(lines) == 4
    for frame in FRAMES:
        row = data["path"].iloc[frame]
        for layer in lines:
            x, y = curve(layer, grid, row)
            assert x.min() <= row["low"] + 1e-9 and row["high"] <= x.max() + 1e-9 and np.isfinite(y).all()


def test_a_line_ends_at_the_jump_and_the_next_begins_there(dial, data):
    (jump,) = dial.jumps
    branch = data["path"]["branch"].to_numpy()
    assert set(branch) == {0, 1} and (branch == (jump.alpha < ALPHAS)).all()
    assert data["jumps"]["position"].tolist() == [jump.alpha]
    assert f"{jump.alpha:.4f}" in data["jumps"]["label"][0]
    within = np.abs(np.diff(dial.best.std))[branch[1:] == branch[:-1]]
    assert within.max() < 0.1 < abs(jump.before.std - jump.after.std)


def test_the_specs_are_valid_and_hold_no_data():
    import altair as alt

    for spec in (charts.density_spec(), charts.strip_spec()):
        alt.Chart.from_dict({**spec, "datasets": {}}, validate=True)
        assert "datasets" not in spec


def test_the_words_follow_the_target(dial):
    here, end, calm = (
        wording.meaning(answered(question), "nats")
        for question in (Question(SETTING, 0.3), Question(SETTING, 1.0), Question(Target(3.0, 0.5, 1.0, 1.0), 0.3))
    )
    assert "jumps once" in " ".join(here) and says(" ".join(here), dial.jumps[0].alpha)
    assert "moves without a jump" in " ".join(calm)
    assert "D(p‖q) is as small as it can be" in end[1]
    assert "other local optima" not in " ".join(end)
    assert "there are other local optima" in " ".join(here)
    # At separation 3 no q is best at α = −1: the infimum lies at the edge of the infinite.
    assert "the edge from which on D_α is infinite" in calm[-1]


def test_the_page_says_what_the_engine_says_in_both_units():
    for units, scale in (("nats", 1.0), ("bits", math.log(2))):
        app = open_page(separation="6", weight="0.7", right="0.6", left="1.4", alpha="0.8", units=units)
        assert not app.exception
        best = fit(P, Alpha(0.8))
        shown = words(app)
        assert says(shown, best.value.value, 1e-6)  # a pure number between the ends, whatever the units
        for divergence in (forward_kl, reverse_kl):
            assert f"{divergence(P, best.q).value / scale:.6f} {units}" in shown
    ends = open_page(separation="6", weight="0.7", right="0.6", left="1.4", alpha="1")
    assert f"{fit(P, 'forward').value.value:.6f} nats" in words(ends)


def test_the_python_code_reproduces_the_numbers(capsys):
    app = open_page(separation="6", weight="0.7", right="0.6", left="1.4", alpha="0.8")
    exec(compile(app.code[0].value, "<page>", "exec"), {})
    printed, best = capsys.readouterr().out, fit(P, Alpha(0.8))
    assert f"{best.value.value:.13f}" in printed and "jump at 0.60" in printed


def test_the_table_to_take_away(dial):
    table = pd.read_csv(io.StringIO(csv(lambda: takeaway.path_table(dial))))
    row = table.iloc[frame_of(0.25)]
    q = Gaussian(row["mean"], row["std"])
    assert row["alpha"] == 0.25 and row["d_alpha"] == pytest.approx(alpha_divergence(P, q, 0.25).value, rel=1e-9)
    assert row["reverse_kl_nats"] == pytest.approx(reverse_kl(P, q).value, rel=1e-9)
    assert row["forward_kl_nats"] == pytest.approx(forward_kl(P, q).value, rel=1e-9)


@pytest.mark.parametrize("value", ["nan", "2", "-1", "<b>", "1e308"])
def test_no_text_in_the_address_stops_the_page(value):
    app = open_page(alpha=value)
    assert not app.exception and 0 <= app.session_state["alpha"] <= 1


@pytest.mark.parametrize(
    "shape", [(0.0, 0.5, 0.2, 4.0), (10.0, 0.98, 0.2, 0.2), (10.0, 0.02, 4.0, 0.2), (0, 0.5, 1, 1)]
)
def test_the_corners_of_the_sliders(shape):
    dial = turned(Target(*shape))
    for alpha in (0.0, 0.37, 1.0):
        scene = answered(Question(Target(*shape), alpha))
        assert wording.meaning(scene, "bits") and wording.table(scene, "nats")
    assert np.isfinite(charts.pictures(dial)[0].data["path"].select_dtypes("number")).all().all()


def test_of_a_single_gaussian_it_says_that_alpha_makes_no_difference():
    single, mixed = (
        wording.meaning(answered(Question(Target(separation, 0.5, 1.0, 1.0), 0.5)), "nats")[0]
        for separation in (0.0, 1.0)
    )
    assert "p is itself a Gaussian" in single and "smoothly" not in single
    assert "changing α shifts the fit smoothly" in mixed
