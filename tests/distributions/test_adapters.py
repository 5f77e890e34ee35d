"""What people hold, as the engine's own: SciPy's new classes, kernels and histograms; torch, NumPyro and others by
attributes; several in one object, and what is none, refused with the way out."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from kl_engine.distributions import CountMixture, Mixture, Shifted, Tabulated
from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, NegativeBinomial, Poisson
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import (
    Affine,
    Exponential,
    Gamma,
    Laplace,
    LogNormal,
    StudentT,
    TruncatedGaussian,
    Uniform,
    Weibull,
)
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.distributions.scipy_laws import ScipyLaw


class Held:
    """An object with the attributes of another library's."""

    def __init__(self, **attributes) -> None:
        vars(self).update(attributes)


class Tensor:
    """An array in 32 bits that has to be detached."""

    def __init__(self, values) -> None:
        self.values = np.asarray(values, dtype=np.float32)

    def detach(self):
        return self

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or self.values.dtype)


def held(name: str, **attributes) -> object:
    return type(name, (Held,), {})(**attributes)


def normal(loc, scale) -> object:
    return held("Normal", loc=Tensor(loc), scale=Tensor(scale))


def halves() -> object:
    return held("Categorical", probs=Tensor([0.25, 0.75]))


def mixed(**parts) -> object:
    return held("MixtureSameFamily", **parts)


EYE = np.eye(2)
READ = [
    (
        held("Independent", base_dist=normal([0, 1], [1, 2]), reinterpreted_batch_ndims=1),
        MultivariateGaussian([0, 1], [1, 4]),
    ),
    (held("Independent", distribution=normal([[0, 1]], [[1, 2]])), MultivariateGaussian([0, 1], [1, 4])),
    (held("Independent", base_dist=normal(0, 2), reinterpreted_batch_ndims=0), Gaussian(0, 2)),
    (
        held("MultivariateNormalDiag", loc=Tensor([0, 1]), scale_diag=Tensor([1, 2])),
        MultivariateGaussian([0, 1], [1, 4]),
    ),
    (
        held("MultivariateNormal", loc=Tensor([0, 1]), covariance_matrix=None, scale_tril=Tensor(2 * EYE)),
        MultivariateGaussian([0, 1], 4.0),
    ),
    (
        held("MultivariateNormalTriL", loc=Tensor([0, 1]), covariance=lambda: Tensor(EYE)),
        MultivariateGaussian([0, 1], 1.0),
    ),
    (held("TransformedDistribution", base_dist=normal(0.5, 2), transforms=[held("ExpTransform")]), LogNormal(0.5, 2)),
    (
        held(
            "TransformedDistribution", base_dist=normal(0, 2), transforms=[held("AffineTransform", loc=1.0, scale=-2.0)]
        ),
        Gaussian(1, 4),
    ),
    (held("TransformedDistribution", distribution=normal(0, 2), bijector=held("Exp")), LogNormal(0, 2)),
    (
        mixed(mixture_distribution=halves(), component_distribution=normal([0, 3], [1, 2])),
        GaussianMixture([0.25, 0.75], [0, 3], [1, 2]),
    ),
    (
        mixed(
            mixture_distribution=halves(),
            component_distribution=held("Laplace", loc=Tensor([0, 3]), scale=Tensor([1, 2])),
        ),
        Mixture([0.25, 0.75], [Laplace(0, 1), Laplace(3, 2)]),
    ),
    (
        mixed(mixing_distribution=halves(), component_distribution=held("Poisson", rate=Tensor([1, 4]))),
        CountMixture([0.25, 0.75], [Poisson(1), Poisson(4)]),
    ),
    (
        mixed(
            mixture_distribution=halves(), components_distribution=held("Independent", base_dist=normal(EYE, EYE + 1))
        ),
        MultivariateGaussianMixture([0.25, 0.75], EYE, [[4, 1], [1, 4]]),
    ),
    (
        mixed(
            mixture_distribution=halves(),
            component_distribution=held(
                "MultivariateNormal", loc=Tensor(EYE), covariance_matrix=Tensor([EYE, 2 * EYE])
            ),
        ),
        MultivariateGaussianMixture([0.25, 0.75], EYE, [EYE, 2 * EYE]),
    ),
    (
        held("MixtureGeneral", mixing_distribution=halves(), component_distributions=[normal(0, 1), normal(3, 2)]),
        GaussianMixture([0.25, 0.75], [0, 3], [1, 2]),
    ),
    (
        held("Mixture", cat=halves(), components=[normal(0, 1), held("Cauchy", loc=0.0, scale=1.0)]),
        Mixture([0.25, 0.75], [Gaussian(0, 1), as_distribution(stats.cauchy())]),
    ),
    (held("OneHotCategorical", probs=Tensor([0.25, 0.75])), Categorical([0.25, 0.75])),
    (held("HalfNormal", scale=2.0), TruncatedGaussian(0, 2, 0, math.inf)),
    (held("TruncatedNormal", loc=0.0, scale=1.0, low=-1.0, high=2.0), TruncatedGaussian(0, 1, -1, 2)),
    (held("LeftTruncatedDistribution", base_dist=normal(0, 1), low=Tensor(-1)), TruncatedGaussian(0, 1, -1, math.inf)),
    (held("NegativeBinomial", total_count=3.0, probs=0.25), NegativeBinomial(3, 0.75)),
    (held("Pareto", scale=2.0, alpha=3.0), Affine(ScipyLaw("pareto", (3.0,)), 0, 2)),
    (held("InverseGamma", concentration=3.0, rate=2.0), Affine(ScipyLaw("invgamma", (3.0,)), 0, 2)),
    (held("Chi2", df=3.0), Gamma(1.5, 2)),
    (NormalDist(1, 2), Gaussian(1, 2)),
    (stats.norm, Gaussian(0, 1)),
    (2 * stats.Normal() + 1, Gaussian(1, 2)),
    (stats.exp(stats.Normal(mu=0.5, sigma=2.0)), LogNormal(0.5, 2)),
    (stats.truncate(stats.Normal(), lb=-1.0, ub=2.0), TruncatedGaussian(0, 1, -1, 2)),
    (stats.make_distribution(stats.gamma)(a=2.5), Gamma(2.5, 1)),
    (stats.make_distribution(stats.t)(df=3.0), StudentT(3)),
    (stats.make_distribution(stats.expon)(), Exponential(1)),
    (stats.make_distribution(stats.weibull_min)(c=2.0), Weibull(2)),
    (
        stats.Mixture([stats.Normal(), stats.Uniform(a=0.0, b=2.0)], weights=[0.25, 0.75]),
        Mixture([0.25, 0.75], [Gaussian(0, 1), Uniform(0, 2)]),
    ),
    (stats.rv_discrete(values=([1, 3], [0.25, 0.75])), Tabulated([0.25, 0, 0.75], 1)),
    (stats.rv_histogram(([1, 3], [0, 1, 2]), density=False), Mixture([0.25, 0.75], [Uniform(0, 1), Uniform(1, 2)])),
    (stats.bernoulli(0.25, loc=1), Shifted(Bernoulli(0.25), 1)),
]
if hasattr(stats, "Binomial"):  # from SciPy 1.16 on it makes distributions of counts too
    READ.append((stats.make_distribution(stats.poisson)(mu=3.0), Poisson(3)))


@pytest.mark.parametrize(("theirs", "ours"), READ, ids=lambda x: type(x).__name__)
def test_what_people_hold_is_the_engines_own(theirs, ours):
    assert as_distribution(theirs) == ours


def test_kernels_are_mixtures_of_gaussians():
    points = np.random.default_rng(1).normal(size=(2, 30))
    for own, theirs in ((points[0], stats.gaussian_kde(points[0])), (points, stats.gaussian_kde(points))):
        found = as_distribution(theirs)
        at = np.atleast_2d(own)[:, :5]
        logs = found.log_pdf(at[0] if own.ndim == 1 else at.T)
        np.testing.assert_allclose(logs, theirs.logpdf(at), rtol=1e-12)


def test_a_turn_of_a_circle_does_not_depend_on_where_it_begins():
    from kl_engine import kl_divergence

    first, second = (kl_divergence(stats.vonmises(2, loc), stats.vonmises(1, loc + 1)) for loc in (0.0, 2.5))
    assert abs(first.value - second.value) <= first.error + second.error + 1e-14


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (normal([0, 1], [1, 1]), "not a batch"),
        (stats.norm([0, 1], 1), "not a batch"),
        (stats.Normal(mu=[0.0, 1.0], sigma=1.0), "not a batch"),
        (held("Categorical", probs=EYE), "not a batch"),
        (held("Independent", base_dist=held("Bernoulli", probs=Tensor([0.2, 0.3]))), "sum of the divergences"),
        (held("TransformedDistribution", base_dist=normal(0, 1), transforms=[held("SigmoidTransform")]), "Density"),
        (held("GaussianMixture", covariance_type="full"), "fit"),
        (held("Delta", v=0.0), "infinite"),
        (stats.gamma, "with its shapes: stats.gamma"),
        (stats.multivariate_t([0, 1], df=3), "multivariate_t"),
        (held("Something", log_prob=np.sin), "Density"),
        (lambda x: -x, "Density"),
        ({"a": 0.2, "b": 0.8}, "values"),
        (EYE, "one row or one column"),
        ([3, 5], "Categorical.of_counts"),
        (stats.rv_discrete(values=([0.5, 1], [0.5, 0.5])), "whole numbers"),
    ],
    ids=lambda x: "",
)
def test_what_cannot_be_read_is_refused_with_the_way_out(x, words):
    with pytest.raises(ValueError, match=f"(?s)expected .*{words}.*got"):
        as_distribution(x, "p")


def test_a_beta_is_still_a_beta():
    assert as_distribution(stats.beta(2, 3)) == Beta(2, 3)
