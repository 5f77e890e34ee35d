"""The view of a line through data: what it says of its presets, what it draws, refuses, and gives to take away."""

from __future__ import annotations

import math
from functools import partial

import altair as alt
import numpy as np
import pytest

from kl_engine import MultivariateGaussian, forward_kl, reverse_kl
from kl_engine.inference import (
    RegressionModel,
    marginal_line,
    mean_field_line,
    predictive,
    propagated_line,
    regression_evidence,
    regression_posterior,
)
from pages.ui.say.numbers import three
from pages.ui.views.regression import charts, takeaway
from pages.ui.views.regression import words as told
from pages.ui.views.regression.question import DATA, FIRST, PRESETS, Question
from pages.ui.views.regression.scene import EP, EXACT, MARGINALS, MEAN_FIELD, answered, std_at
from tests.pages.opening import press, visit, words
from tests.pages.reading import says

PAGE = "pages/regression.py"
open_page = partial(visit, PAGE)
MODEL = RegressionModel(MultivariateGaussian([0, 0], 25.0), 0.6)


def scene_of(name: str, noise: float = 0.6, prior: float = 5.0):
    """The scene of a preset."""
    return answered(Question(PRESETS[name], noise, prior))


def test_the_numbers_of_the_engine_stand_on_the_page():
    text, (x, y) = words(open_page()), zip(*FIRST)
    exact = regression_posterior(MODEL, x, y)
    for q in (exact, mean_field_line(MODEL, x, y), marginal_line(MODEL, x, y), propagated_line(MODEL, x, y).q):
        for mean, variance in zip(q.mean, np.diagonal(q.cov)):
            assert f"{mean:.3f} ± {math.sqrt(variance):.3f}" in text
        if q is not exact:
            assert says(text, forward_kl(exact, q).value, 1e-4) and says(text, reverse_kl(exact, q).value, 1e-4)
    assert says(text, regression_evidence(MODEL, x, y).value, 1e-6)


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "Centred"])
def test_the_opening_says_where_mean_field_is_wrong_and_it_is_so(name):
    scene = scene_of(name)
    text = " ".join(told.opening(scene))
    low, high = scene.crossings
    assert f"{told._place(low)} to {told._place(high)}" in text
    field, exact = (partial(std_at, scene, which) for which in (MEAN_FIELD, EXACT))
    middle, far = (low + high) / 2, 2 * high - low
    for place in (middle, far):
        assert f"{three(field(place))}, not {three(exact(place))}" in text
    for place in (low, high):
        assert field(place) == pytest.approx(exact(place), rel=1e-9)
    for place in np.linspace(low, high, 9)[1:-1]:
        assert field(place) > exact(place)
    for place in (low - 1, low - 20, high + 1, high + 20):
        assert field(place) < exact(place)
    if name != "One point":  # a single point and the prior share in where the line is best known
        assert low < np.mean(scene.question.x) < high


def test_centred_data_leave_nothing_to_correct():
    app = press(open_page(), "Centred")
    assert "and mean field is exact here" in words(app) and scene_of("Centred").crossings is None
    assert scene_of("Centred")[MEAN_FIELD].reverse.value == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("units", ["nats", "bits"])
def test_every_preset(name, units):
    app = press(open_page(units=units), name)
    assert not app.exception and not app.error and "nan" not in words(app)
    assert app.session_state["data"] == PRESETS[name]
    assert scene_of(name).propagated.status == "converged"


def test_with_one_point_propagation_is_the_forward_fit():
    scene = scene_of("One point")
    assert scene[EP].q.cov == pytest.approx(scene[MARGINALS].q.cov, rel=1e-9)
    assert "is the forward fit itself" in words(press(open_page(), "One point"))


def test_a_propagation_that_is_not_there_yet_is_said():
    scene = answered(Question(((99.0, 1.0), (99.5, 2.0), (100.0, 1.5)), 0.1, 20.0))
    assert scene.propagated.status == "stopped"
    assert any(
        "has not converged" in sentence and "still moves" in sentence for sentence in told.meaning(scene, "nats")
    )


def test_the_picture_is_the_std_of_a_new_y():
    scene = scene_of("To one side")
    data = charts.std_picture(scene).data
    x, y = scene.question.x, scene.question.y
    for name, q in ((EXACT, regression_posterior(MODEL, x, y)), (MEAN_FIELD, mean_field_line(MODEL, x, y))):
        assert data["curve"][name].to_numpy() == pytest.approx(predictive(q, 0.6, data["curve"]["x"]).std)
    assert data["data"]["x"].tolist() == x and data["crossing"]["x"].tolist() == pytest.approx(scene.crossings)
    alt.Chart.from_dict({key: value for key, value in charts.std_spec().items() if key != "config"}, validate=True)


def test_what_is_taken_away():
    scene = scene_of("To one side")
    fits = takeaway.fits_table(scene).set_index("q")
    assert fits.loc[MEAN_FIELD, "D_q_p"] == scene[MEAN_FIELD].reverse.value and fits.loc[EXACT, "D_q_p"] == 0
    assert len(takeaway.predictive_table(scene)) == scene.places.size
    assert r"\mathcal{N}" in takeaway.latex(scene)


@pytest.mark.parametrize("text", ["", "nan,1", "1", "1,2,3", "1e9,0", "a,b", ";", "1,2;" * 50, "<b>,1"])
def test_data_that_cannot_be_used_are_said_and_the_first_example_stands(text):
    app = open_page(data=text)
    assert not app.exception and app.session_state["data"] == FIRST
    assert any("data" in warning.value for warning in app.warning)


def test_points_are_called_points():
    for rows, said in (([], "the data needs 1 to 12 points"), ([(1.0,)], "point 1 needs x, y")):
        with pytest.raises(ValueError, match=said):
            DATA.checked(rows)
