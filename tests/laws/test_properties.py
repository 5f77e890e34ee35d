"""Laws that hold for every mixture, over random ones."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import (
    Gaussian,
    GaussianMixture,
    cross_entropy,
    disagreement,
    entropy,
    fit,
    forward_kl,
    kl_divergence,
    moment_match,
    reverse_kl,
)

settings.register_profile("engine", deadline=None, max_examples=150)
settings.load_profile("engine")


@st.composite
def mixtures(draw, most=4):
    """1 … `most` components, stds over six orders of magnitude, weights down to 1e-12 of each other."""
    size = draw(st.integers(1, most))
    raw = [10 ** draw(st.floats(-12, 0)) for _ in range(size)]
    means = [draw(st.floats(-100, 100)) for _ in range(size)]
    stds = [10 ** draw(st.floats(-3, 3)) for _ in range(size)]
    return GaussianMixture([weight / sum(raw) for weight in raw], means, stds)


gaussians = st.builds(Gaussian, st.floats(-100, 100), st.floats(-3, 3).map(lambda exponent: 10**exponent))


@given(mixtures(), mixtures())
def test_never_negative_beyond_the_error(p, q):
    for found in (forward_kl(p, q), reverse_kl(p, q)):
        assert found.value >= -found.error
        assert 0 <= found.error <= 1e-9 * found.value + 1e-9


@given(mixtures())
def test_zero_from_itself(p):
    found = kl_divergence(p, p)
    assert abs(found.value) <= found.error <= 1e-12


@given(mixtures(), st.randoms(use_true_random=False))
def test_components_may_come_in_any_order(p, random):
    order = list(range(p.weights.size))
    random.shuffle(order)
    q = GaussianMixture(p.weights[order], p.means[order], p.stds[order])
    found = kl_divergence(p, q)
    assert abs(found.value) <= found.error + 1e-15


@given(mixtures(), mixtures())
def test_cross_entropy_less_entropy_is_the_divergence(p, q):
    whole, own, extra = cross_entropy(p, q), entropy(p), kl_divergence(p, q)
    assert abs(whole.value - own.value - extra.value) <= whole.error + own.error + extra.error


@given(mixtures(), gaussians)
def test_no_gaussian_beats_the_moment_match_forward(p, q):
    best, other = forward_kl(p, moment_match(p)), forward_kl(p, q)
    assert best.value <= other.value + best.error + other.error


@given(mixtures(most=3), gaussians)
@settings(max_examples=40)
def test_a_reverse_fit_is_no_worse_than_its_start_and_says_what_it_is(p, start):
    found, before = fit(p, "reverse", start=start), reverse_kl(p, start)
    assert found.status in ("converged", "saddle", "stopped") and found.reason
    assert found.value.value <= before.value + found.value.error + before.error


@given(mixtures(), mixtures())
def test_failures_are_probabilities(p, q):
    for found in disagreement(p, q):
        assert -found.error <= found.value <= 1 + found.error


@given(mixtures(), mixtures(), st.floats(0.01, 0.99))
def test_mixing_brings_closer(p, q, share):
    # Convexity: D(p‖(1 − t) q + t p) <= (1 − t) D(p‖q).
    between = GaussianMixture(
        [*((1 - share) * q.weights), *(share * p.weights)], [*q.means, *p.means], [*q.stds, *p.stds]
    )
    near, far = kl_divergence(p, between), kl_divergence(p, q)
    assert near.value <= (1 - share) * far.value + near.error + far.error + 1e-15
