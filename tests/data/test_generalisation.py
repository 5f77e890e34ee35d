"""Data as a distribution, maximum likelihood, kernel densities, and what each is worth on points left out."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import mpmath
import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, cross_entropy
from kl_engine.data.empirical import Empirical, binned_divergence, cell_loss, log_loss
from kl_engine.data.generalisation import (
    Score,
    data_bits,
    folds,
    kernel_bits,
    kernel_scores,
    mixture_bits,
    repeated_folds,
    several,
    subsample,
)
from kl_engine.data.held_out import held_out
from kl_engine.data.kernel_density import bandwidth_grid, kernel_density, kernel_log_densities
from kl_engine.data.likelihood import likelihood_fit, likelihood_fits
from kl_engine.data.selection import select
from tests.cases import two_modes

ROOT = Path(__file__).parents[2]
FAITHFUL = np.loadtxt(ROOT / "pages/ui/views/your_data/old_faithful.csv", skiprows=1)
DATA = Empirical.of(FAITHFUL)
BIMODAL = two_modes(8, 0.7).sample(120, np.random.default_rng(3))


def cross_validated(
    x: np.ndarray, partitions: tuple, fitted: Callable[[Empirical], Gaussian | GaussianMixture]
) -> Score:
    """The score of a way to fit: on all points, and on each part by the density fitted to the other parts.

    `partitions` is one, as `folds` makes it, or several, as `repeated_folds` does. What `fitted` raises passes through.
    """
    x, partitions = np.asarray(x), several(partitions)
    losses = np.empty((len(partitions), x.size))
    for row, parts in zip(losses, partitions):
        for part in parts:
            rest = np.delete(x, part)
            row[part] = -fitted(Empirical.of(rest)).log_pdf(x[part])
    train = -float(np.mean(fitted(Empirical.of(x)).log_pdf(x)))
    return Score(train, losses if len(losses) > 1 else losses[0])


def test_old_faithful_is_the_classic():
    assert (DATA.size, DATA.mean) == (272, pytest.approx(70.8970588235, abs=1e-10))
    assert DATA.std * math.sqrt(272 / 271) == pytest.approx(13.5949737900, abs=1e-9)
    assert DATA.grain == 1


def test_the_empirical_distribution():
    data = Empirical.of([3, 1, 3, 2])
    assert data.values.tolist() == [1, 2, 3] and data.counts.tolist() == [1, 1, 2] and data.size == 4
    assert data.masses.tolist() == [0.25, 0.25, 0.5]
    assert (data.mean, data.std) == (pytest.approx(2.25), pytest.approx(math.sqrt(0.6875)))
    for bad in ([], [math.nan], [math.inf, 1.0], ["1"], [[1.0]]):
        with pytest.raises(ValueError, match="x"):
            Empirical.of(bad)


def test_the_gaussian_of_highest_likelihood_is_the_forward_fit_of_the_data():
    """The argmin of the log loss is the moment match; and a sample's cross entropy is its log loss."""
    fit = likelihood_fit(DATA, 1)
    assert (fit.q.mean, fit.q.std) == (DATA.mean, DATA.std)
    for mean, std in ((0.1, 0), (-0.1, 0), (0, 0.01), (0, -0.01)):
        near = Gaussian(DATA.mean + mean, DATA.std * math.exp(std))
        assert log_loss(DATA, near).value > fit.loss.value
    narrow = GaussianMixture(DATA.masses, DATA.values, np.full(DATA.values.size, 1e-5))  # p̂ as a density, almost
    assert cross_entropy(narrow, fit.q).value == pytest.approx(fit.loss.value, abs=1e-10)


def test_the_two_gaussians_of_old_faithful():
    """As published for the EM algorithm (mixtools, R: normalmixEM): 0.361, 54.61, 5.87; 80.09, 5.87; log L −1034.00."""
    fit = likelihood_fit(DATA, 2)
    order = np.argsort(fit.q.means)
    assert fit.q.weights[order[0]] == pytest.approx(0.361, abs=2e-3)
    assert fit.q.means[order] == pytest.approx([54.61, 80.09], abs=0.03)
    assert fit.q.stds[order] == pytest.approx([5.87, 5.87], abs=0.03)
    assert -272 * fit.loss.value == pytest.approx(-1034.00, abs=0.01)


@pytest.mark.parametrize(
    "q", [Gaussian(70, 13), Gaussian(75, 3), likelihood_fit(DATA, 3).q], ids=["one", "tight", "three"]
)
def test_errors_of_the_losses_hold(q):
    with mpmath.workdps(40):
        exact = mpmath.mpf(0)
        for x in FAITHFUL.tolist():
            parts = zip(q.weights.tolist(), q.means.tolist(), q.stds.tolist())
            exact -= mpmath.log(mpmath.fsum(w * mpmath.npdf(x, m, s) for w, m, s in parts))
        found = log_loss(DATA, q)
        assert abs(mpmath.mpf(found.value) - exact / 272) <= found.error < 1e-10


@pytest.mark.parametrize("width", [7.0, 1.0, 0.05])
def test_errors_of_the_binned_divergence_hold(width):
    q = likelihood_fit(DATA, 2).q
    with mpmath.workdps(40):
        exact, w = mpmath.mpf(0), mpmath.mpf(width)
        for bin_, count in zip(*np.unique(np.floor(FAITHFUL / width), return_counts=True)):
            mass, low, high = mpmath.mpf(int(count)) / 272, mpmath.mpf(bin_) * w, (mpmath.mpf(bin_) + 1) * w
            parts = list(zip(q.weights.tolist(), q.means.tolist(), q.stds.tolist()))
            total = mpmath.fsum(a * (mpmath.ncdf((high - m) / s) - mpmath.ncdf((low - m) / s)) for a, m, s in parts)
            exact += mass * mpmath.log(mass / total)
        found = binned_divergence(DATA, q, width)
        assert abs(mpmath.mpf(found.value) - exact) <= found.error < 1e-8


def test_the_binned_divergence_grows_without_end_and_its_differences_go_to_those_of_the_log_losses():
    one, other = Gaussian(DATA.mean, DATA.std), likelihood_fit(DATA, 2).q
    gap = log_loss(DATA, one).value - log_loss(DATA, other).value
    values = [(binned_divergence(DATA, one, w).value, binned_divergence(DATA, other, w).value) for w in (1, 0.1, 0.01)]
    assert values[1][0] - values[0][0] == pytest.approx(math.log(10), abs=0.05)
    assert values[2][0] - values[1][0] == pytest.approx(math.log(10), abs=0.01)
    assert abs(values[2][0] - values[2][1] - gap) < abs(values[1][0] - values[1][1] - gap) < 0.02


def test_the_likelihood_is_never_less_than_at_the_starts_and_no_component_is_a_point():
    for components in range(2, 6):
        q = likelihood_fit(DATA, components).q
        assert q.weights.size == components and q.stds.min() > DATA.std / DATA.size
        assert log_loss(DATA, q).value < likelihood_fit(DATA, 1).loss.value


def test_a_component_that_narrows_on_two_points_is_no_fit():
    data = Empirical.of([*np.random.default_rng(0).normal(size=60), 10.0, 10.0 + 1e-9])
    try:
        q = likelihood_fit(data, 2).q
    except RuntimeError as reason:
        assert "narrowed" in str(reason)
    else:
        assert q.stds.min() > data.std / data.size


def test_a_mixture_without_a_maximum_is_refused_and_said():
    with pytest.raises(ValueError, match="at least 4 different values"):
        likelihood_fit(Empirical.of([1, 2, 3]), 2)
    with pytest.raises(RuntimeError, match="narrowed on repeated values .*0, 50 times"):
        likelihood_fit(Empirical.of([0.0] * 50 + [1.0] * 50 + [2.0, 3.0]), 2)


def test_invariance_under_shift_and_scale():
    moved = Empirical.of(1000 + 3 * FAITHFUL)
    one, other = likelihood_fit(DATA, 2), likelihood_fit(moved, 2)
    assert other.q.means == pytest.approx(1000 + 3 * one.q.means, rel=1e-9)
    assert other.loss.value == pytest.approx(one.loss.value + math.log(3), abs=1e-9)
    assert cell_loss(moved, other.q) == pytest.approx(cell_loss(DATA, one.q), abs=1e-9)


def test_kernel_densities_are_scipys_and_the_engines():
    places = np.linspace(30, 110, 41)
    for width in (0.5, 4.0):
        (logs,) = kernel_log_densities(DATA, places, [width])
        assert logs == pytest.approx(kernel_density(DATA, width).log_pdf(places), rel=1e-9, abs=1e-9)
    grid = bandwidth_grid(DATA)
    assert grid[0] == DATA.std and grid[-1] == pytest.approx(DATA.std / 1000)


def test_a_narrow_kernel_memorises():
    scores = kernel_scores(BIMODAL, folds(BIMODAL.size, 5, 0), bandwidth_grid(Empirical.of(BIMODAL)))
    trained, held_out = ([getattr(score, name) for score in scores] for name in ("train", "held_out"))
    assert np.all(np.diff(trained) < 0)  # better and better on its own points
    best = int(np.argmin(held_out))
    assert 0 < best < len(scores) - 1 and np.all(np.diff(held_out[best:]) > 0)  # and worse and worse on others
    assert held_out[-1] > 100


def test_held_out_losses_by_brute_force():
    parts = folds(BIMODAL.size, 4, 7)
    score = cross_validated(BIMODAL, parts, lambda data: likelihood_fit(data, 1).q)
    losses = np.empty(BIMODAL.size)
    for part in parts:
        rest = np.delete(BIMODAL, part)
        z = (BIMODAL[part] - rest.mean()) / rest.std()
        losses[part] = 0.5 * z**2 + np.log(rest.std()) + 0.5 * math.log(2 * math.pi)
    assert score.losses == pytest.approx(losses, rel=1e-12)
    assert (score.held_out, score.deviation) == pytest.approx((losses.mean(), losses.std(ddof=1) / math.sqrt(120)))
    assert score.lead(score) == (0, 0)


def test_two_modes_need_two_components_and_one_needs_one():
    one = np.random.default_rng(5).normal(size=120)
    for x, best in ((BIMODAL, 2), (one, 1)):
        data = Empirical.of(x)
        fits = likelihood_fits(data, 3)
        scores = held_out(x, repeated_folds(x.size, 5, 2, 0), fits).scores
        lead, error = scores[1].lead(scores[0])
        assert lead > 5 * error if best == 2 else lead < error
        chosen = select(scores)
        assert (chosen.taken + 1, chosen.settled) == (best, True)
        lengths = [data_bits(data, fit.q) + mixture_bits(data, k) for k, fit in enumerate(fits, 1)]
        assert int(np.argmin(lengths)) + 1 == best


DRAWN = GaussianMixture([0.4, 0.6], [-2, 3], [0.7, 1.1]).sample(300, 7)


def scored(*losses) -> Score:
    """A score with these losses."""
    return Score(0.0, np.array(losses, float))


def test_the_error_of_a_lead_is_over_points_and_in_quadrature_over_partitions():
    one, other = Score(0.0, np.array([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]])), Score(0.0, np.zeros((2, 3)))
    gain, error = other.lead(one)
    points, partitions = np.array([1.5, 2.0, 2.5]), np.array([2.0, 2.0])
    assert gain == 2 and error == pytest.approx(math.hypot(points.std(ddof=1) / math.sqrt(3), partitions.std(ddof=1)))
    shifted = Score(0.0, one.losses + np.array([[0.0], [1.0]]))
    assert other.lead(shifted)[1] == pytest.approx(math.hypot(points.std(ddof=1) / math.sqrt(3), math.sqrt(0.5)))


def test_the_simplest_model_within_one_error_is_taken_and_settled_only_two_errors_ahead():
    noise = np.tile([-1.0, 1.0], 50)  # the standard error of the mean is 0.1005
    at = [Score(0.0, gain + share * noise) for gain, share in ((0.0, 1.0), (-0.05, 0.0), (-0.15, 0.0), (-0.3, 0.0))]
    assert select(at[:2]).taken == 0 and select(at[:2]).settled  # half an error ahead: nothing to settle
    assert select([at[0], at[2]]).taken == 1 and not select([at[0], at[2]]).settled  # 1.5 errors
    assert select([at[0], at[3]]).taken == 1 and select([at[0], at[3]]).settled  # 3 errors
    (doubt,) = select([at[0], at[2]]).doubts
    assert doubt.over == 0 and doubt.errors == pytest.approx(1.49, abs=0.01)


@pytest.mark.parametrize("seed", range(7))
def test_two_gaussians_under_every_seed_of_the_folds(seed):
    fits = likelihood_fits(Empirical.of(DRAWN), 3)
    chosen = select(held_out(DRAWN, repeated_folds(300, 5, 4, seed), fits).scores)
    assert chosen.taken == 1 and chosen.settled


def test_nothing_is_claimed_over_what_could_not_be_judged():
    one, three, four = scored(3, 3.1, 2.9), scored(1, 1.1, 0.9), scored(1, 1.1, 0.9)
    assert select([one, None, three]).unjudged == (1,) and not select([one, None, three]).settled
    assert not select([one, None]).settled and select([one, three, four, None]).settled
    with pytest.raises(ValueError, match="at least one model that was judged"):
        select([None, None])


def test_sizes_held_out_are_those_fitted_to_the_other_parts_alone():
    partitions = repeated_folds(BIMODAL.size, 4, 2, 7)
    found = held_out(BIMODAL, partitions, likelihood_fits(Empirical.of(BIMODAL), 2))
    by_hand = cross_validated(BIMODAL, partitions, lambda data: likelihood_fit(data, 2).q)
    assert found.scores[1].losses == pytest.approx(by_hand.losses, abs=1e-3)
    one = cross_validated(BIMODAL, partitions, lambda data: likelihood_fit(data, 1).q)
    assert found.scores[0].losses == pytest.approx(one.losses, rel=1e-9)
    assert len(found.fitted[1]) == 8 and found.fitted[1][0].weights.size == 2


def test_folds_are_a_partition_and_depend_on_the_seed_alone():
    parts = folds(23, 5, 1)
    assert sorted(np.concatenate(parts).tolist()) == list(range(23)) and {part.size for part in parts} == {4, 5}
    assert all(np.array_equal(a, b) for a, b in zip(parts, folds(23, 5, 1)))
    assert not all(np.array_equal(a, b) for a, b in zip(parts, folds(23, 5, 2)))
    with pytest.raises(ValueError, match="count"):
        folds(3, 4, 0)


def test_subsamples_are_of_the_data_without_repetition():
    x = np.arange(1000.0)
    some = subsample(x, 100, 0)
    assert some.size == 100 == np.unique(some).size and set(some) <= set(x)
    assert np.array_equal(some, subsample(x, 100, 0)) and subsample(x, 1000, 0) is not None
    assert np.array_equal(subsample(x, 1000, 0), x)


def test_a_code_of_what_is_remembered_costs_the_entropy_and_every_point_to_its_grain():
    entropy = -float(DATA.masses @ np.log2(DATA.masses))
    assert data_bits(DATA, kernel_density(DATA, 1e-3)) == pytest.approx(272 * entropy, rel=1e-9)
    span = FAITHFUL.max() - FAITHFUL.min()
    assert kernel_bits(DATA, 1e-3) == pytest.approx(272 * math.log2(1 + span) + 0.5 * math.log2(272))
    assert kernel_bits(DATA, 1e-3) == kernel_bits(DATA, 1) > kernel_bits(DATA, 10)


@pytest.mark.parametrize("size", [20, 80, 400])
def test_memory_is_never_the_shortest_code(size):
    data = Empirical.of(np.round(np.random.default_rng(1).normal(size=size), 3))
    one = data_bits(data, likelihood_fit(data, 1).q) + mixture_bits(data, 1)
    narrow = data.std / 1000
    assert data_bits(data, kernel_density(data, narrow)) + kernel_bits(data, narrow) > one


def test_the_bits_of_a_mixture_are_half_the_bic():
    fit = likelihood_fit(DATA, 2)
    bic = 5 * math.log(272) + 2 * 272 * fit.loss.value
    assert data_bits(DATA, fit.q) + mixture_bits(DATA, 2) == pytest.approx(bic / (2 * math.log(2)), rel=1e-4)


def test_the_cell_loss_is_one_function_on_both_sides_of_its_switch():
    data = Empirical.of(np.round(np.random.default_rng(0).normal(size=400), 3))
    assert data.grain == pytest.approx(1e-3)
    for std in (9.9, 10.1):
        q = Gaussian(0.1, std)
        assert cell_loss(data, q) == pytest.approx(log_loss(data, q).value - math.log(data.grain), abs=1e-8)
