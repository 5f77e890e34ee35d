"""The laws of the free energy, over random models and beliefs of every family."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import Categorical, Gaussian, GaussianMixture
from kl_engine.distributions import Beta
from kl_engine.inference import BetaModel, CategoricalModel, FreeEnergy, GaussianModel, free_energy, posterior

finite = st.integers(2, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(1e-6, 1), min_size=n, max_size=n),
        st.lists(st.lists(st.floats(1e-6, 1), min_size=n, max_size=n), min_size=3, max_size=3),
        st.lists(st.floats(0, 1), min_size=n, max_size=n).filter(lambda row: sum(row) > 1e-3),
    )
)
positive = st.floats(-2, 2).map(lambda exponent: 10**exponent)
gaussians = st.builds(Gaussian, st.floats(-20, 20), positive)
mixtures = st.builds(
    lambda w, a, b: GaussianMixture([w, 1 - w], [a.mean, b.mean], [a.std, b.std]),
    st.floats(0.01, 0.99),
    gaussians,
    gaussians,
)
links = st.lists(st.floats(-3, 3), min_size=1, max_size=4)
gaussian_models = st.builds(GaussianModel, st.one_of(gaussians, mixtures), links, positive)


def lawful(found: FreeEnergy) -> None:
    """The three forms agree to 1e-12 of their terms, and F is no less than the surprisal."""
    forms = (
        (found.energy.value, -found.entropy.value),
        (found.complexity.value, -found.accuracy.value),
        (found.divergence.value, found.surprisal.value),
    )
    size = max(abs(term) for form in forms for term in form)
    assert all(abs(sum(form) - found.value.value) <= 1e-12 * size for form in forms)
    assert found.value.value >= found.surprisal.value - found.surprisal.error - found.value.error
    assert found.divergence.value >= -found.divergence.error
    assert found.elbo.value == -found.value.value


@given(finite, st.integers(0, 2))
@settings(deadline=None, max_examples=100)
def test_laws_of_finite_models(tables, x):
    prior, likelihood, raw = tables
    columns = [sum(column) for column in zip(*likelihood)]
    model = CategoricalModel(
        [value / sum(prior) for value in prior], [[v / c for v, c in zip(row, columns)] for row in likelihood]
    )
    lawful(free_energy(model, Categorical([value / sum(raw) for value in raw]), x))
    best = free_energy(model, posterior(model, x), x)
    assert abs(best.value.value - best.surprisal.value) <= best.value.error + best.surprisal.error


@given(gaussian_models, gaussians, st.floats(-20, 20))
@settings(deadline=None, max_examples=150)
def test_laws_of_gaussian_models(model, q, x):
    found = free_energy(model, q, x)
    lawful(found)
    best = posterior(model, x)
    if isinstance(best, Gaussian):
        least = free_energy(model, best, x)
        assert abs(least.value.value - least.surprisal.value) <= least.value.error + least.surprisal.error
        assert least.value.value <= found.value.value + least.value.error + found.value.error


@given(positive, positive, positive, positive, st.integers(0, 50), st.integers(0, 50))
@settings(deadline=None, max_examples=100)
def test_laws_of_coins(a, b, q_a, q_b, heads, tails):
    model, x = BetaModel(a, b), (heads, tails)
    lawful(free_energy(model, Beta(q_a, q_b), x))
    best = free_energy(model, posterior(model, x), x)
    assert abs(best.value.value - best.surprisal.value) <= best.value.error + best.surprisal.error
