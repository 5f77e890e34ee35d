"""α-divergences, Jensen-Shannon and total variation: against 30-digit quadrature, their limits and their laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import (
    Certainty,
    Gaussian,
    GaussianMixture,
    alpha_divergence,
    forward_kl,
    jensen_shannon,
    kl_divergence,
    reverse_kl,
    total_variation,
)
from tests import arb, precise
from tests.cases import CASES, over, two_modes
from tests.laws.test_properties import mixtures
from tests.reference import mixture_pairs

BY_NAME = {case.name: case for case in CASES}
# Where the tilted density lives far from both, near the limits, near equality, and over four orders of width.
HARD = [
    ("two_gaussians", -0.3),
    ("narrow_in_wide", 1e-9),
    ("narrow_in_wide", 0.9999999),
    ("two_answers", -1),
    ("two_answers", 2),
    ("locked", -0.3),
    ("unequal", 1.2),
    ("rare_mode", 1 - 1e-7),
    ("near", -1e-5),
    ("near", 0.5),
    ("crossed", 1.2),
    ("one_centre", -0.3),
    ("one_centre", 0.8),
]


def double(p: Gaussian) -> GaussianMixture:
    """The same Gaussian as a mixture, so that it takes the way of the mixtures."""
    return GaussianMixture([0.3, 0.7], [p.mean] * 2, [p.std] * 2)


@pytest.mark.parametrize(("name", "alpha"), HARD)
def test_right_within_its_error_to_30_digits(name, alpha):
    p, q = BY_NAME[name].p, BY_NAME[name].q
    found, truth = alpha_divergence(p, q, alpha), precise.alpha_divergence(p, q, alpha)
    assert abs(truth - found.value) <= found.error
    assert found.error <= 1e-11 * (1 + found.value)


@over(CASES)
def test_the_ends_are_the_two_directions(case):
    assert alpha_divergence(case.p, case.q, 1) == forward_kl(case.p, case.q)
    assert alpha_divergence(case.p, case.q, 0) == reverse_kl(case.p, case.q)
    for end, step in ((0, 1e-11), (1, -1e-11)):
        at, near = (alpha_divergence(case.p, case.q, end + shift) for shift in (0, step))
        slack = at.error + near.error + 1e-10 * (1 + at.value**2)
        assert abs(at.value - near.value) <= slack


@over(CASES)
@pytest.mark.parametrize("alpha", [-0.2, 0, 0.3, 0.5, 0.9, 1.2])
def test_exchanging_the_arguments_mirrors_alpha(case, alpha):
    one, other = alpha_divergence(case.p, case.q, alpha), alpha_divergence(case.q, case.p, 1 - alpha)
    assert one.value == pytest.approx(other.value, rel=1e-12, abs=one.error + other.error)


def test_at_one_half_it_is_four_squared_hellinger_distances():
    p, q = Gaussian(0.3, 1.2), Gaussian(-1, 2)
    total = 1.2**2 + 2**2
    overlap = math.sqrt(2 * 1.2 * 2 / total) * math.exp(-0.25 * 1.3**2 / total)
    assert alpha_divergence(p, q, 0.5).value == pytest.approx(4 * (1 - overlap), rel=1e-14)


# At −1 and 2 every second term of the closed form's series is 0, beside them nearly.
@pytest.mark.parametrize(
    "alpha", [-3, -1, -1 - 1e-13, -1 + 1e-13, -0.4, -1e-7, 1e-9, 0.2, 0.5, 0.7, 1.3, 2, 2 - 1e-13, 4]
)
@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Gaussian(0, 1), Gaussian(0.4, 1.02)),
        (Gaussian(1, 2), Gaussian(1, 2 + 1e-6)),
        (Gaussian(0, 1), Gaussian(1.5, 1.1)),
        (Gaussian(0, 1.2), Gaussian(1, 1.15)),
    ],
)
def test_closed_form_and_quadrature_agree(p, q, alpha):
    closed, integrated = alpha_divergence(p, q, alpha), alpha_divergence(double(p), q, alpha)
    assert "closed form" in closed.method and integrated.certainty == Certainty.PROVED
    assert abs(closed.value - integrated.value) <= closed.error + integrated.error
    assert integrated.error <= 1e-9 * closed.value + 1e-13


@pytest.mark.parametrize(
    ("p", "q", "alpha"),
    [
        (Gaussian(0, 3), Gaussian(0, 1), 1.125),  # 1.125 · 1 − 0.125 · 9 is exactly 0
        (Gaussian(0, 3), Gaussian(5, 1), 1.2),
        (Gaussian(0, 1), Gaussian(0, 2), -1),
        (GaussianMixture([1e-12, 1 - 1e-12], [0, 0], [3, 1]), two_modes(0), 1.125),
        (two_modes(0), GaussianMixture([1e-12, 1 - 1e-12], [0, 0], [3, 1]), -0.125),
    ],
)
def test_infinite_with_the_reason_where_the_tails_do_not_hold_it(p, q, alpha):
    found = alpha_divergence(p, q, alpha)
    assert found.value == math.inf and found.error == 0
    assert "tail" in found.method and "widest" in found.method


def test_where_only_the_means_hold_the_tails_it_is_refused():
    with pytest.raises(ValueError, match="^alpha: expected another value: .* tails cancel to rounding, got "):
        alpha_divergence(GaussianMixture([1e-12, 1 - 1e-12], [0, 0], [3, 1]), two_modes(4), 1.125)


def test_just_inside_the_limit_it_is_finite_and_right():
    p, q = Gaussian(0, 3), Gaussian(0, 1)
    for alpha in (1.1249, 1.124999):
        closed, integrated = alpha_divergence(p, q, alpha), alpha_divergence(double(p), q, alpha)
        assert closed.value == pytest.approx(float(precise.mp.mpf(_limit_case(alpha))), rel=1e-9)
        assert abs(closed.value - integrated.value) <= closed.error + integrated.error


def _limit_case(alpha: float) -> precise.mp.mpf:
    """D_α of N(0, 9) from N(0, 1) in 40 digits."""
    with precise.mp.workdps(40):
        share = precise.mp.mpf(alpha)
        inside = 3 ** (1 - share) / precise.mp.sqrt(share + (1 - share) * 9)
        return (1 - inside) / (share * (1 - share))


def test_beyond_the_largest_double_is_said():
    with pytest.raises(OverflowError, match="beyond the largest double"):
        alpha_divergence(two_modes(2), Gaussian(200, 1), 2)
    with pytest.raises(OverflowError, match="beyond the largest double"):
        alpha_divergence(Gaussian(0, 1), Gaussian(200, 1), 2)


@pytest.mark.parametrize("alpha", [-0.3, 0.05, 0.25, 0.6, 0.875, 0.95, 0.999, 1.5])
@pytest.mark.parametrize("share, other", [(0.0099, 1e-11), (1e-3, 1e-16), (1e-6, 1e-3), (1e-9, 1e-3), (0.3, 0.29)])
def test_a_rare_component_that_is_much_rarer_in_the_other_costs_no_digits(share, other, alpha):
    p, q = (GaussianMixture([w, 1 - w], [0, 5], [1, 1]) for w in (share, other))
    for first, second in ((p, q), (q, p)):
        found = alpha_divergence(first, second, alpha)
        assert found.error <= 1e-11 * (1 + found.value)
        assert arb.miss(found.value, arb.alpha_divergence(first, second, alpha)) <= found.error


@given(mixtures(most=3), mixtures(most=3), st.floats(0, 1))
@settings(max_examples=80)
def test_between_the_ends_it_is_finite_and_bounded(p, q, alpha):
    found = alpha_divergence(p, q, alpha)
    assert -found.error <= found.value and found.error <= 1e-8 * (1 + found.value)
    assert alpha * (1 - alpha) * found.value <= 1 + found.error
    # (1 − x^(1−α))/(1−α) <= −log x, under the expectation of either.
    for share, bound in ((alpha, kl_divergence(p, q)), (1 - alpha, kl_divergence(q, p))):
        assert share * found.value <= bound.value + bound.error + found.error


@given(mixtures(most=3), mixtures(most=3), st.floats(-3, 4))
@settings(max_examples=80)
def test_outside_it_is_positive_or_said_to_be_infinite_or_too_large(p, q, alpha):
    try:
        found = alpha_divergence(p, q, alpha)
    except OverflowError:
        return
    assert found.value >= -found.error and not math.isnan(found.error)
    if math.isinf(found.value):
        assert "infinite" in found.method


@given(mixtures(most=3), mixtures(most=3))
@settings(max_examples=80)
def test_the_distances_bound_each_other(p, q):
    far, middle, hellinger = total_variation(p, q), jensen_shannon(p, q), alpha_divergence(p, q, 0.5)
    square = hellinger.value / 4
    slack = 1e-7
    assert square - slack <= far.value <= math.sqrt(max(0, square * (2 - square))) + slack
    assert far.value**2 / 2 - slack <= middle.value <= math.log(2) * far.value + slack
    assert far.value <= 1 + far.error and middle.value <= math.log(2) + middle.error
    assert far.value**2 <= kl_divergence(p, q).value / 2 + slack  # Pinsker


@pytest.mark.parametrize("name", ["narrow_in_wide", "two_answers", "unequal", "rare_mode", "near", "many"])
def test_total_variation_and_jensen_shannon_to_30_digits(name):
    p, q = BY_NAME[name].p, BY_NAME[name].q
    far = total_variation(p, q)
    truth = precise.mass_where_above(p, q, 0) + precise.mass_where_above(q, p, 0) - 1
    assert abs(truth - far.value) <= far.error <= 1e-12
    middle = jensen_shannon(p, q)
    joined = GaussianMixture([*p.weights / 2, *q.weights / 2], [*p.means, *q.means], [*p.stds, *q.stds])
    truth = (precise.kl_divergence(p, joined) + precise.kl_divergence(q, joined)) / 2
    assert abs(truth - middle.value) <= middle.error <= 1e-12 * (1 + middle.value)


def test_errors_stay_small_on_the_reference_pairs():
    for pair in mixture_pairs()[::3]:
        for found in (
            total_variation(pair.p, pair.q),
            jensen_shannon(pair.p, pair.q),
            alpha_divergence(pair.p, pair.q, 0.3),
        ):
            assert found.error <= 1e-9 * found.value + 1e-12
        assert jensen_shannon(pair.p, pair.q).value == pytest.approx(jensen_shannon(pair.q, pair.p).value, abs=1e-12)


@over(CASES)
def test_from_itself_all_are_zero(case):
    for found in (
        alpha_divergence(case.p, case.p, 0.4),
        alpha_divergence(case.p, case.p, 1.7),
        jensen_shannon(case.p, case.p),
        total_variation(case.p, case.p),
    ):
        assert abs(found.value) <= found.error <= 1e-13


@pytest.mark.parametrize("alpha", [math.nan, math.inf, "1", None, True])
def test_no_number_is_refused(alpha):
    with pytest.raises(ValueError, match="^alpha: expected a finite number"):
        alpha_divergence(two_modes(1), Gaussian(0, 1), alpha)


@pytest.mark.parametrize("function", [jensen_shannon, total_variation, lambda p, q: alpha_divergence(p, q, 0.5)])
def test_no_mixture_is_refused(function):
    with pytest.raises(ValueError, match="^q: expected a distribution"):
        function(two_modes(1), 3)


@pytest.mark.parametrize("alpha", [-5e-324, -1e-300, -1e-30, -1e-13, 5e-324, 1e-300])
@pytest.mark.parametrize("pair", list(mixture_pairs())[::12], ids=lambda pair: pair.name)
def test_next_to_0_it_is_the_divergence_and_known_as_well(pair, alpha):
    for p, q in ((pair.p, pair.q), (pair.q, pair.p)):
        limit, found = kl_divergence(q, p), alpha_divergence(p, q, alpha)
        if math.isinf(found.value):  # where q is so much wider that any power is too much
            assert alpha < 0 and q.stds.max() > p.stds.max() * (1 + 1 / abs(alpha)) ** 0.5
            continue
        # D_α grows by at most half the second moment of log q/p, which is some hundred times D squared here.
        assert abs(found.value - limit.value) <= found.error + limit.error + 1e3 * abs(alpha) * (1 + limit.value) ** 2
        assert found.error <= 1e3 * limit.error + 1e-10 * limit.value
