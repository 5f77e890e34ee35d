"""The belief of least free energy: against a worked minimum, the reverse fit of the posterior, and its own flow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Alpha, Categorical, Gaussian, GaussianMixture, families, fit
from kl_engine.distributions import Beta
from kl_engine.inference import BetaModel, CategoricalModel, GaussianModel, free_energy, posterior
from kl_engine.inference.posterior_objective import PosteriorObjective
from kl_engine.inference.posteriors import numeric_posterior
from kl_engine.optima import flow

BOGACZ = GaussianModel(Gaussian(3, 1), [0, 0, 1], 1)
TWO_MODES = GaussianModel(GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1]), [0, 1], 4)
CURVED = GaussianModel(GaussianMixture([0.3, 0.7], [-2, 2], [0.5, 1]), [0.5, -1, 0.3], 0.8)


def belief(model, x, start=None):
    """The belief of least free energy: the reverse fit of the posterior."""
    return fit(posterior(model, x), "reverse", start=start)


def test_the_food_size_has_its_worked_minimum():
    found = belief(BOGACZ, 2)
    m, w = found.q.mean, found.q.std**2
    assert (m, w) == pytest.approx((1.4933107791, 0.0915007912), abs=1e-10)
    assert 2 * m**3 + 6 * m * w - 3 * m - 3 == pytest.approx(0, abs=1e-12)
    assert 3 * m**2 + 3 * w - 1.5 - 0.5 / w == pytest.approx(0, abs=1e-11)
    by_hand = m**4 / 2 + 3 * m**2 * w - 1.5 * m**2 - 3 * m + 1.5 * w**2 - 1.5 * w + 6.5 + math.log(2 * math.pi)
    terms = free_energy(BOGACZ, found.q, 2)
    assert terms.value.value == pytest.approx(by_hand - 0.5 * math.log(2 * math.pi * math.e * w), abs=1e-12)
    assert found.converged and found.value.value == terms.divergence.value > 0


def test_the_lowest_stands_first_even_where_its_gradient_is_lost_in_rounding():
    # At the turning point of g stands a narrow mode, and the descent from it ends 1e17 nats above the true one.
    model, x = GaussianModel(Gaussian(11.2, 256.9), [1, 0, 1, 1], 0.001), -493840.767
    found, root = belief(model, x), posterior(model, x).mean
    assert found.q.mean == pytest.approx(root, rel=1e-9) and model.predict(root) == pytest.approx(x)
    assert found.value.value == pytest.approx(0, abs=1e-3) and found.converged


def test_a_conjugate_model_leaves_no_gap():
    model = GaussianModel(Gaussian(0, 2), [0.3, 1.5], 1)
    for start in (None, Gaussian(-3, 0.2)):
        found = belief(model, 2, start)
        target = posterior(model, 2)
        assert (found.q.mean, found.q.std) == pytest.approx((target.mean, target.std), rel=1e-9)
        assert free_energy(model, found.q, 2).divergence.value == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("x", [0.0, 0.4, 6.0])
def test_with_a_linear_link_it_is_the_reverse_fit_of_the_posterior(x):
    target = posterior(TWO_MODES, x)
    numeric = fit(numeric_posterior(TWO_MODES, x), "reverse")
    ours, theirs = numeric.optima, fit(target, "reverse").optima
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs):
        assert (one.q.mean, one.q.std) == pytest.approx((other.q.mean, other.q.std), abs=1e-8)
        assert one.value.value == pytest.approx(other.value.value, abs=1e-11)
    start = Gaussian(1.5, 1)
    led = fit(numeric_posterior(TWO_MODES, x), "reverse", start=start)
    assert led.q.mean == pytest.approx(fit(target, "reverse", start=start).q.mean, abs=1e-8)


def test_a_hidden_sign_has_two_equal_minima_and_the_start_decides():
    model = GaussianModel(Gaussian(0, 1), [0, 0, 1], 0.2)
    optima = belief(model, 2).optima
    best, mirror = (found.q for found in optima[:2])
    assert best.mean > 1 and (mirror.mean, mirror.std) == pytest.approx((-best.mean, best.std), rel=1e-9)
    assert optima[0].value.value == pytest.approx(optima[1].value.value, abs=1e-12)
    assert "found from" in belief(model, 2).reason
    for sign in (1, -1):
        found = belief(model, 2, Gaussian(0.4 * sign, 0.3))
        assert found.q.mean == pytest.approx(sign * best.mean, rel=1e-9)


@pytest.mark.parametrize("model", [BOGACZ, TWO_MODES, CURVED], ids=["square", "two_modes", "curved"])
def test_gradient_and_hessian_are_the_slopes_of_the_value(model):
    x, step = 1.3, 1e-4
    objective = PosteriorObjective(model, x, free_energy(model, Gaussian(0, 1), x).surprisal)
    mean, std = 0.7, 0.6
    moves = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]) * step
    value = [free_energy(model, Gaussian(mean + std * a, std * math.exp(b)), x).divergence.value for a, b in moves]
    grid = np.array(value).reshape(3, 3)
    terms = objective.terms(np.array([[mean, std]]))
    assert terms.value[0] == pytest.approx(grid[1, 1], abs=1e-12)
    slopes = (grid[2, 1] - grid[0, 1]) / (2 * step), (grid[1, 2] - grid[1, 0]) / (2 * step)
    assert terms.gradient[0] == pytest.approx(slopes, abs=1e-5)
    crossed = (grid[2, 2] - grid[2, 0] - grid[0, 2] + grid[0, 0]) / (4 * step**2)
    curves = (grid[2, 1] - 2 * grid[1, 1] + grid[0, 1]) / step**2, (grid[1, 2] - 2 * grid[1, 1] + grid[1, 0]) / step**2
    assert terms.hessian[0].ravel() == pytest.approx([curves[0], crossed, crossed, curves[1]], rel=1e-3, abs=1e-3)
    across, growth = objective.velocity(mean, std)
    assert (across, 2 * growth) == pytest.approx((-terms.gradient[0, 0], -terms.gradient[0, 1]), abs=1e-10)


@pytest.mark.parametrize("model", [BOGACZ, TWO_MODES, CURVED], ids=["square", "two_modes", "curved"])
def test_the_flow_starts_at_the_start_falls_and_ends_at_the_fit(model):
    start = Gaussian(2, 1.5)
    way, found = flow(posterior(model, 1.3), "reverse", start, 50), belief(model, 1.3, start)
    assert len(way) == 50 and (way.mean[0], way.std[0]) == (2, 1.5)
    assert (way.mean[-1], way.std[-1]) == pytest.approx((found.q.mean, found.q.std), rel=1e-9)
    assert (np.diff(way.kl) < 1e-9).all()
    for row in (0, 20, -1):
        exact = free_energy(model, way[row], 1.3).divergence
        assert abs(way.kl[row] - exact.value) <= way.error + exact.error
    assert found.trace.kl[0] == pytest.approx(way.kl[0], abs=1e-12) and found.converged


def test_the_flow_of_a_conjugate_model_is_that_of_the_reverse_divergence():
    model, start = GaussianModel(Gaussian(0, 2), [0, 1], 1), Gaussian(-3, 0.2)
    ours, theirs = (
        flow(target, "reverse", start, 40) for target in (numeric_posterior(model, 2.0), posterior(model, 2))
    )
    assert ours.mean == pytest.approx(theirs.mean, abs=1e-4) and ours.std == pytest.approx(theirs.std, abs=1e-4)


def test_finite_models_and_coins_go_straight_to_the_posterior():
    model = CategoricalModel([0.1, 0.9], [[0.81, 0.01], [0.19, 0.99]])
    found, start = belief(model, 0, Categorical([0.5, 0.5])), Categorical([0.2, 0.8])
    assert found.q == posterior(model, 0) and found.converged and len(found.trace) == 2
    way = flow(posterior(model, 0), "reverse", start, 11)
    probs = way.parameters["probs"]
    odds = np.log(probs[:, 0] / probs[:, 1])
    assert odds == pytest.approx(np.linspace(odds[0], odds[-1], 11), abs=1e-12)
    assert probs[-1] == pytest.approx([0.9, 0.1], abs=1e-14) and (np.diff(way.kl) < 0).all()
    coin = flow(posterior(BetaModel(2, 2), (7, 3)), "reverse", Beta(5, 5), 5)
    assert [coin[row] for row in (0, 2, -1)] == [Beta(5, 5), Beta(7, 5), Beta(9, 5)]
    assert belief(BetaModel(2, 2), (7, 3)).q == Beta(9, 5)


def test_a_state_without_probability_never_gets_any():
    model = CategoricalModel([0.2, 0.3, 0.5], [[0.5, 0.1, 0.9], [0.5, 0.9, 0.1]])
    probs = flow(posterior(model, 0), "reverse", Categorical([0.5, 0.5, 0]), 5).parameters["probs"]
    assert (probs[:, 2] == 0).all()
    assert probs[-1, 0] / probs[-1, 1] == pytest.approx(0.1 / 0.03)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: belief(BOGACZ, 2, 1.0), "start"),
        (lambda: belief(BetaModel(1, 1), (1, 1), Gaussian(0, 1)), "start"),
        (lambda: flow(posterior(BOGACZ, 2), "reverse", Gaussian(0, 1), 1), "frames"),
        (lambda: flow(Categorical([1.0]), "reverse", Categorical([0.5, 0.5])), "start"),
        (lambda: flow(Categorical([1.0, 0.0]), "forward", Categorical([0.5, 0.5])), "objective"),
        (lambda: fit(posterior(BOGACZ, 2), Alpha(0.5)), "objective"),
        (lambda: fit(Beta(2, 2), "reverse", families.Gaussian()), "objective"),  # every Gaussian leaves [0, 1]
        (lambda: belief(BOGACZ, math.inf), "x"),
    ],
)
def test_bad_input_is_refused_by_name(call, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        call()


@pytest.mark.parametrize("noise", [1e-4, 1e-7, 1e-8, 1e-10])
@pytest.mark.parametrize(
    ("coefficients", "x", "modes"), [([0, 0, 1], 4.0, 2), ([1, 0, -2, 0, 1], 0.5, 4), ([0, -1, 0, 1], 0.0, 3)]
)
def test_every_optimum_stands_once_however_small_the_noise(coefficients, x, modes, noise):
    # Here gradients are known to 1e-6 and worse: what is told apart by that only is one optimum.
    found = belief(GaussianModel(Gaussian(0, 1), coefficients, noise), x).optima
    # Over all modes at once lies a true minimum too, where the noise is not too small: a million nats above them.
    places = sorted((solution.q.mean, solution.q.std) for solution in found if solution.value.value < 100)
    assert len(places) == modes
    assert all(after[0] - before[0] > 100 * before[1] for before, after in zip(places, places[1:]))
