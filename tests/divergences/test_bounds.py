"""Bounds and approximations of D(f‖g): worked cases, on the right side of the truth for every pair, and their laws."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings

from kl_engine import Certainty, Gaussian, GaussianMixture, entropy, kl_bounds, kl_divergence
from kl_engine.divergences import entropy_bounds, sampling_run
from kl_engine.divergences.bounds.envelopes import envelope, expected_envelope
from tests import precise
from tests.cases import CASES, over, two_modes
from tests.laws.test_properties import mixtures
from tests.reference import mixture_pairs, worked_case, worked_cases

PAIRS = mixture_pairs()
NAMES = {
    "hershey_olsen_variational": "Hershey–Olsen variational",
    "hershey_olsen_product": "Hershey–Olsen product",
    "durrieu_lower": "Durrieu–Thiran–Kelly lower",
    "durrieu_upper": "Durrieu–Thiran–Kelly upper",
}


def named(a, b) -> dict:
    """The bounds by name."""
    return {bound.name: bound for bound in kl_bounds(a, b)}


def mix(rows) -> GaussianMixture:
    """From (weight, mean, variance)."""
    weights, means, variances = zip(*rows)
    return GaussianMixture(weights, means, np.sqrt(variances))


def assert_on_its_side(bounds, value: float, error: float = 0.0):
    """Every lower bound below, every upper one above, within what rounding may do."""
    for bound in bounds:
        found = bound.estimate
        if bound.kind == "lower":
            assert found.value - found.error <= value + error, bound
        elif bound.kind == "upper":
            assert found.value + found.error >= value - error, bound
        assert not math.isnan(found.value) and 0 <= found.error < math.inf


@pytest.mark.parametrize("case", [c for c in worked_cases("H") if "f" in c["inputs"]], ids=lambda case: case["id"])
def test_worked_pairs(case):
    f, g = (mix(case["inputs"][name]) for name in ("f", "g"))
    found = named(f, g)
    for key, name in NAMES.items():
        assert found[name].estimate.value == pytest.approx(case["expected"][key], abs=case["tolerance"])
    assert_on_its_side(found.values(), case["expected"]["kl_true"], case["tolerance"])


def test_worked_entropy_bounds():
    case = worked_case("H06_kt_pm2")
    p, expected = mix(case["inputs"]["mixture"]), case["expected"]
    lower, upper = entropy_bounds(p)
    assert lower.estimate.value == pytest.approx(expected["H_lower_bhattacharyya"], abs=case["tolerance"])
    assert upper.estimate.value == pytest.approx(expected["H_upper_kl"], abs=case["tolerance"])
    assert lower.kind == "lower" and upper.kind == "upper"


@pytest.mark.parametrize("name", ["H08_lse_centre_d4", "H09_lse_mode_d4", "H10_lse_centre_opt_d6"])
def test_worked_brackets(name):
    case = worked_case(name)
    given_, expected = case["inputs"], case["expected"]
    found = named(Gaussian(given_["mu"], given_["s"]), two_modes(2 * given_["a"]))
    for side in ("lower", "upper"):
        assert found[f"Nielsen–Sun {side}"].estimate.value == pytest.approx(expected[side], abs=case["tolerance"])


def test_every_bound_holds_on_all_reference_pairs():
    for pair in PAIRS:
        assert_on_its_side(kl_bounds(pair.p, pair.q, draws=2), float(pair.forward))
        assert_on_its_side(kl_bounds(pair.q, pair.p, draws=2), float(pair.reverse))


@given(mixtures(), mixtures())
@settings(max_examples=80)
def test_every_bound_holds_on_random_pairs(a, b):
    truth = kl_divergence(a, b)
    assert_on_its_side(kl_bounds(a, b, draws=2), truth.value, truth.error)
    own = entropy(a)
    assert_on_its_side(entropy_bounds(a), own.value, own.error)


@given(mixtures(most=1), mixtures())
@settings(max_examples=40)
def test_the_variational_one_is_a_bound_beside_a_single_gaussian(one, other):
    above, below = (named(*pair)["Hershey–Olsen variational"] for pair in ((one, other), (other, one)))
    assert above.kind == "upper"
    assert below.kind == ("lower" if other.weights.size > 1 else "upper")
    assert_on_its_side([above], kl_divergence(one, other).value, kl_divergence(one, other).error)
    assert_on_its_side([below], kl_divergence(other, one).value, kl_divergence(other, one).error)


def matching_costs(a, b) -> list[list[float]]:
    """πₐ (D(fₐ‖g_b) + log πₐ/ω_b), row a and column b."""
    first, second = ([*zip(c.weights, c.means, c.stds)] for c in (a, b))
    return [
        [w * (kl_divergence(Gaussian(m, s), Gaussian(n, t)).value + math.log(w / v)) for v, n, t in second]
        for w, m, s in first
    ]


def test_matchings_are_the_least_of_all():
    rng = np.random.default_rng(11)
    for size in (2, 3, 4, 4, 5):
        a, b = (
            GaussianMixture(rng.dirichlet(np.full(size, 0.3)), rng.normal(0, 1, size), rng.uniform(0.5, 2, size))
            for _ in range(2)
        )
        costs, found = matching_costs(a, b), named(a, b)
        totals = [sum(costs[i][j] for i, j in enumerate(order)) for order in permutations(range(size))]
        assert found["Best bijection"].estimate.value == pytest.approx(min(totals), rel=1e-11, abs=1e-12)
        nearest = sum(min(row) for row in costs)
        assert found["Goldberger matching"].estimate.value == pytest.approx(nearest, rel=1e-11, abs=1e-12)


@over(CASES)
def test_without_a_bijection_its_bound_is_infinite_and_says_why(case):
    a, b = case.p, case.q
    found = named(a, b)["Best bijection"].estimate
    if a.weights.size == b.weights.size:
        assert math.isfinite(found.value)
    else:
        assert found.value == math.inf and found.error == 0
        assert f"no bijection between {a.weights.size} and {b.weights.size}" in found.method


def test_between_gaussians_the_bounds_that_can_be_are_exact():
    a, b = Gaussian(0.3, 1.2), Gaussian(-1, 2)
    truth = kl_divergence(a, b).value
    found = named(a, b)
    for name in ("Best bijection", "Goldberger matching", "Hershey–Olsen variational", "Nielsen–Sun lower"):
        assert found[name].estimate.value == pytest.approx(truth, abs=1e-13)
    assert found["Nielsen–Sun lower"].estimate.value == pytest.approx(found["Nielsen–Sun upper"].estimate.value)


@over(CASES)
def test_the_bracket_is_as_wide_as_the_logs_of_the_numbers_of_components(case):
    lower, upper = (named(case.p, case.q)[f"Nielsen–Sun {side}"].estimate.value for side in ("lower", "upper"))
    width = math.log(case.p.weights.size) + math.log(case.q.weights.size)
    assert upper - lower == pytest.approx(width, abs=1e-11 * (1 + abs(lower)))


@over(CASES)
def test_the_expected_envelope_is_that_of_sums_over_many_points(case):
    for f, g in ((case.p, case.q), (case.q, case.p)):
        x = np.unique(np.concatenate([m + s * np.linspace(-12, 12, 40_001) for m, s in zip(f.means, f.stds)]))
        z = (x[:, None] - g.means) / g.stds
        top = (np.log(g.weights / g.stds / np.sqrt(2 * np.pi)) - 0.5 * z * z).max(axis=1)
        found = expected_envelope(f, g)
        assert float(found.value) == pytest.approx(np.trapezoid(f.pdf(x) * top, x), rel=2e-6, abs=2e-6)


def test_the_pieces_of_an_envelope():
    p = GaussianMixture([0.5, 0.5], [0, 0], [1, 10])
    pieces = envelope(p)
    assert [piece.top.std for piece in pieces] == [10, 1, 10]
    assert [pieces[0].high, -pieces[1].high] == pytest.approx([-math.sqrt(2 * math.log(10) / (1 - 0.01))] * 2)
    # Two bells that are all but one cross far out, where their levels are equal to rounding.
    twins = GaussianMixture([1 / 21, 10 / 21, 10 / 21], [0, 0, 1e-115], [1, 1, 1])
    assert [piece.top.weight for piece in envelope(twins) if piece.low < 0 < piece.high] == [10 / 21]
    hidden = GaussianMixture([0.98, 0.01, 0.01], [0, 0.1, 50], [1, 0.9, 1])
    assert [piece.top.mean for piece in envelope(hidden)] == [0, 50]


def test_monte_carlo_covers_the_truth_as_often_as_it_says():
    p, q = two_modes(4), Gaussian(0, 2.2)
    truth = float(precise.kl_divergence(p, q))
    runs = [sampling_run(p, q, [500, 4000], rng=seed) for seed in range(200)]
    estimates = [run.estimate() for run in runs]
    outside = sum(abs(found.value - truth) > found.error for found in estimates)
    assert 2 <= outside <= 20  # of 200 about 10: the level is 95 %
    off = np.array([(run.values - truth) / run.standard_errors for run in runs])
    assert np.abs(off.mean(axis=0)).max() < 0.25 and off.std(axis=0) == pytest.approx([1, 1], abs=0.15)
    assert {found.certainty for found in estimates} == {Certainty.CONFIDENCE(0.95)}


def test_the_running_mean_is_that_of_the_first_draws():
    p, q = two_modes(4, 0.3), Gaussian(0.2, 2)
    run = sampling_run(p, q, [2, 10, 1000], rng=5)
    x = p.sample(1000, np.random.default_rng(5))
    ratios = p.log_pdf(x) - q.log_pdf(x)
    for row, size in enumerate(run.sizes):
        assert run.values[row] == pytest.approx(ratios[:size].mean(), rel=1e-12)
        assert run.standard_errors[row] == pytest.approx(ratios[:size].std(ddof=1) / math.sqrt(size), rel=1e-9)
    assert (sampling_run(p, q, [10], rng=5).values == sampling_run(p, q, [10], rng=5).values).all()


def test_every_bound_names_its_source_and_its_kind():
    for bound in kl_bounds(two_modes(3), two_modes(4)):
        assert bound.kind in ("lower", "upper", "approximation")
        assert any(character.isdigit() for character in bound.source) and bound.estimate.method


@pytest.mark.parametrize("call", [lambda: kl_bounds(1, two_modes(1)), lambda: entropy_bounds("p")])
def test_no_mixture_is_refused(call):
    with pytest.raises(ValueError, match="^a: expected a (distribution|Gaussian or a GaussianMixture).*, got "):
        call()


@pytest.mark.parametrize("sizes", [[], [1], [10, 10], [20, 10], [2.5], ["9"]])
def test_bad_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match="^sizes: expected "):
        sampling_run(two_modes(1), Gaussian(0, 1), sizes)
