"""Copies and pickles of every distribution: the same to the last bit, and as immutable as the first."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from kl_engine import Categorical, Gaussian, GaussianMixture, MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.distributions import Beta

HELD = [
    Gaussian(0.1, 0.7),
    Beta(2.5, 0.3),
    GaussianMixture([0.1, 0.2, 0.7], [1, 2, 3], [0.1, 1, 2]),
    Categorical([0.1, 0.2, 0.7]),
    MultivariateGaussian([1, 2], [[2, 0.3], [0.3, 1]]),
    MultivariateGaussianMixture([0.3, 0.7], [[0, 0], [1, 1]], [np.eye(2), 2 * np.eye(2)]),
]
WAYS = {
    "copied": copy.copy,
    "deeply copied": copy.deepcopy,
    **{f"pickled by protocol {n}": lambda d, n=n: pickle.loads(pickle.dumps(d, n)) for n in range(2, 6)},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", HELD, ids=lambda d: type(d).__name__)
def test_a_copy_is_the_same_and_stays_so(first, way):
    seen = repr(first), [getattr(first, name, None) for name in ("mean", "std", "log_prob", "factors")]  # kept
    again = WAYS[way](first)
    assert again == first and hash(again) == hash(first) and repr(again) == seen[0]
    for name in ("weights", "means", "stds", "covs", "probs", "mean", "cov"):
        held = getattr(again, name, None)
        if isinstance(held, np.ndarray) and name in vars(type(again)).get("__annotations__", {}):
            with pytest.raises(ValueError, match="read-only"):
                held[...] = 0
    name = next(iter(type(again).__dataclass_fields__))
    with pytest.raises(AttributeError):
        setattr(again, name, 1)


def test_weights_of_32_bits_are_taken_at_their_own_tolerance():
    rng = np.random.default_rng(1)
    for dtype, size in ((np.float32, 1000), (np.float16, 20)):
        weights = rng.dirichlet(np.ones(size)).astype(dtype)
        weights = np.maximum(weights, np.finfo(dtype).tiny)
        for made in (
            GaussianMixture(weights, np.arange(size), np.ones(size)),
            MultivariateGaussianMixture(weights, np.zeros((size, 2)), [np.eye(2)] * size),
        ):
            assert abs(made.weights.sum() - 1) <= 1e-14
        assert abs(Categorical(weights).probs.sum() - 1) <= 1e-14
    for far in ([0.5, 0.5 + 1e-8], np.array([0.5, 0.51], dtype=np.float32)):
        for make in (lambda w: GaussianMixture(w, [0, 1], [1, 1]), Categorical):
            with pytest.raises(ValueError, match="a sum of 1 within"):
                make(far)


def test_a_covariance_may_be_its_diagonal_or_one_variance():
    full = MultivariateGaussian([0, 1, 2], np.diag([4.0, 4.0, 4.0]))
    assert MultivariateGaussian([0, 1, 2], [4, 4, 4]) == MultivariateGaussian([0, 1, 2], 4.0) == full
    mixed = MultivariateGaussianMixture([0.5, 0.5], [[0, 0], [1, 1]], [2.0, [1, 3]])
    assert mixed.covs[0].tolist() == [[2, 0], [0, 2]] and mixed.covs[1].tolist() == [[1, 0], [0, 3]]
    for wrong in (-1.0, 0.0, [1, 2], [1, -2, 3], [[1, 2], [2, 1]]):
        with pytest.raises(ValueError, match="cov"):
            MultivariateGaussian([0, 1, 2], wrong)
