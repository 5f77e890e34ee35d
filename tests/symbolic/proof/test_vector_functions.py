"""Functions of special cases and of vectors, as `to_python` writes them, against the engine."""

import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, MultivariateGaussian, forward_kl, moment_match, reverse_kl
from kl_engine.inference import GaussianModel, free_energy
from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.explore.explore import forms_of
from kl_engine.symbolic.explore.settings import ExplorationError

MEANS = np.array([0.3, -1.0, 2.2]), np.array([1.2, 0.5, -0.4])
STDS = np.array([1.0, 0.7, 2.0]), np.array([2.0, 1.5, 0.6])


def function(name):
    """The function that `to_python` writes, run as its reader would run it."""
    namespace = {}
    exec(DERIVATIONS[name].to_python(), namespace)
    return namespace[name]


def test_equal_means():
    p, q = Gaussian(0.3, 0.8), Gaussian(0.3, 2.1)
    assert function("equal_means")(0.3, 0.8, 2.1) == pytest.approx(forward_kl(p, q).value, rel=1e-13)
    assert function("equal_means")(0.3, 2.1, 0.8) == pytest.approx(reverse_kl(p, q).value, rel=1e-13)


def test_equal_widths():
    p, q = Gaussian(0.3, 0.8), Gaussian(-1.7, 0.8)
    assert function("equal_widths")(0.3, 0.8, -1.7) == pytest.approx(forward_kl(p, q).value, rel=1e-13)


def test_diagonal_covariances():
    p, q = (MultivariateGaussian(mean, np.diag(std**2)) for mean, std in zip(MEANS, STDS, strict=True))
    lists = (part.tolist() for pair in zip(MEANS, STDS, strict=True) for part in pair)
    assert function("multivariate_diagonal")(*lists) == pytest.approx(forward_kl(p, q).value, rel=1e-12)


def test_isotropic_covariances():
    p, q = MultivariateGaussian(MEANS[0], 0.49 * np.eye(3)), MultivariateGaussian(MEANS[1], 4 * np.eye(3))
    exported = function("multivariate_isotropic")
    assert exported(MEANS[0], 0.7, MEANS[1], 2.0) == pytest.approx(forward_kl(p, q).value, rel=1e-12)
    assert exported(MEANS[1], 2.0, MEANS[0], 0.7) == pytest.approx(reverse_kl(p, q).value, rel=1e-12)


def test_moments_of_a_mixture():
    weights = np.array([0.2, 0.5, 0.3])
    variance = function("mixture_moments")(weights, MEANS[0], STDS[0])
    assert variance == pytest.approx(moment_match(GaussianMixture(weights, MEANS[0], STDS[0])).std ** 2, rel=1e-13)


def test_free_energy_of_a_linear_model():
    model = GaussianModel(Gaussian(0.4, 1.3), (0.2, -1.7), 0.6)
    expected = free_energy(model, Gaussian(0.9, 0.5), 1.1).value.value
    assert function("free_energy_gaussian")(1.1, 0.9, 0.5, 0.4, 1.3, -1.7, 0.2, 0.6) == pytest.approx(
        expected, rel=1e-12
    )


@pytest.mark.parametrize("name", ("multivariate_diagonal", "multivariate_isotropic", "mixture_moments"))
def test_forms_of_vectors_are_not_explored(name):
    with pytest.raises(ExplorationError, match="vectors or matrices"):
        forms_of(DERIVATIONS[name])
