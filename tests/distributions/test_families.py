"""The families on the line and over whole numbers beside SciPy's, and what they say of their ends."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from scipy import stats

from kl_engine.distributions.adapters import as_distribution, to_scipy
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
    Density,
    Exponential,
    Gamma,
    Laplace,
    Logistic,
    LogNormal,
    SkewGaussian,
    StudentT,
    TruncatedGaussian,
    Uniform,
    Weibull,
)
from kl_engine.distributions.line.base import LIGHT
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture

LINE = [
    (StudentT(3.5, 1, 2), stats.t(3.5, 1, 2)),
    (Cauchy(-1, 0.5), stats.cauchy(-1, 0.5)),
    (Laplace(2, 3), stats.laplace(2, 3)),
    (Logistic(1, 0.3), stats.logistic(1, 0.3)),
    (Uniform(-2, 5), stats.uniform(-2, 7)),
    (Exponential(2.5), stats.expon(0, 2.5)),
    (Gamma(0.7, 3), stats.gamma(0.7, 0, 3)),
    (Gamma(4, 0.5), stats.gamma(4, 0, 0.5)),
    (LogNormal(0.3, 0.8), stats.lognorm(0.8, 0, math.exp(0.3))),
    (Weibull(0.6, 2), stats.weibull_min(0.6, 0, 2)),
    (Weibull(3, 2), stats.weibull_min(3, 0, 2)),
    (TruncatedGaussian(0, 1, -1, 2), stats.truncnorm(-1, 2)),
    (TruncatedGaussian(1, 2, 6, math.inf), stats.truncnorm(2.5, math.inf, 1, 2)),
    (TruncatedGaussian(0, 1, -math.inf, -7), stats.truncnorm(-math.inf, -7)),
    (SkewGaussian(-4, 1, 2), stats.skewnorm(-4, 1, 2)),
    (Beta(0.5, 3), stats.beta(0.5, 3)),
    (Affine(Beta(2, 3), -1, 4), stats.beta(2, 3, -1, 4)),
    (Affine(Gamma(2, 1), 5), stats.gamma(2, 5, 1)),
]
COUNTS = [
    (Bernoulli(0.3), stats.bernoulli(0.3)),
    (Binomial(12, 0.7), stats.binom(12, 0.7)),
    (Poisson(4.2), stats.poisson(4.2)),
    (Geometric(0.2), stats.geom(0.2)),
    (NegativeBinomial(0.6, 0.3), stats.nbinom(0.6, 0.3)),
]


@pytest.mark.parametrize(("ours", "theirs"), LINE, ids=lambda d: type(d).__name__)
def test_densities_quantiles_and_moments_are_scipys(ours, theirs):
    u = np.array([0.001, 0.2, 0.5, 0.9, 0.9999])
    x = theirs.ppf(u)
    assert ours.log_pdf(x) == pytest.approx(theirs.logpdf(x), rel=1e-11, abs=1e-11)
    assert np.asarray([ours.quantile(each) for each in u], float) == pytest.approx(x, rel=1e-9, abs=1e-12)
    low, high = ours.support
    assert (low, high) == pytest.approx(theirs.support())
    for outside in (low - 1, high + 1):
        assert not math.isfinite(outside) or ours.log_pdf(outside) == -np.inf
    if hasattr(type(ours), "mean") and not math.isnan(ours.mean):
        assert ours.mean == pytest.approx(theirs.mean(), rel=1e-9)
        if math.isfinite(ours.std):
            assert ours.std == pytest.approx(theirs.std(), rel=1e-9)
    drawn = ours.sample((4, 500), np.random.default_rng(3))
    assert drawn.shape == (4, 500) and stats.kstest(drawn.ravel(), theirs.cdf).pvalue > 1e-4
    assert (ours.sample(3, 7) == ours.sample(3, 7)).all()  # a seed serves as well


@pytest.mark.parametrize("ours", [ours for ours, _ in LINE], ids=repr)
def test_what_a_family_says_of_its_ends_is_how_it_behaves_there(ours):
    # The slope of log p over the log of the distance is power − 1 at a finite end and −(power + 1) at an infinite one.
    for side, end in enumerate(ours.ends):
        edge = ours.support[side]
        finite = math.isfinite(edge)
        middle, width = ours.typical
        s = np.array([-60.0, -61.0]) if finite else np.array([40.0, 41.0])
        t = width * np.exp(s)
        near = (ours.near_high if side else ours.near_low)(t) if finite else ours.log_pdf(middle + (2 * side - 1) * t)
        slope = (near[1] - near[0]) / (s[1] - s[0])
        if end.power < LIGHT:
            assert slope == pytest.approx(end.power - 1 if finite else -end.power - 1, abs=1e-6)
        elif end.growth > 0:
            assert -near[0] / t[0] ** end.growth == pytest.approx(end.coefficient, rel=1e-6)
        else:
            assert slope < -40 if not finite else slope > 40


@pytest.mark.parametrize("ours", [ours for ours, _ in LINE], ids=repr)
def test_near_an_end_the_density_is_that_at_the_distance(ours):
    for side in (0, 1):
        edge = ours.support[side]
        if math.isfinite(edge):
            t = ours.typical[1] * np.array([1e-3, 0.1])
            near = (ours.near_high if side else ours.near_low)(t)
            assert near == pytest.approx(ours.log_pdf(edge - t if side else edge + t), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("ours", "theirs"), COUNTS, ids=lambda d: type(d).__name__)
def test_probabilities_and_moments_of_counts_are_scipys(ours, theirs):
    k = np.arange(0, 30)
    with np.errstate(divide="ignore"):
        assert ours.log_pmf(k) == pytest.approx(theirs.logpmf(k), rel=1e-11, abs=1e-11)
    assert ours.log_pmf(0.5) == -np.inf and ours.log_pmf(-1) == -np.inf
    assert (ours.mean, ours.std) == pytest.approx((theirs.mean(), theirs.std()))
    for at in (1, 3, 20):
        later = np.exp(np.diff(ours.log_pmf(np.arange(at, at + 40)))) if at + 40 < ours.support[1] else np.zeros(1)
        assert later.max() <= ours.ratio_beyond(at) * (1 + 1e-12)
    assert ours.sample(4000, 5).mean() == pytest.approx(ours.mean, abs=0.1 * ours.std)


@pytest.mark.parametrize("first", [ours for ours, _ in LINE + COUNTS] + [Dirichlet([1, 2, 3])], ids=repr)
def test_copies_are_equal_and_frozen(first):
    for again in (pickle.loads(pickle.dumps(first)), copy.deepcopy(first)):
        assert again == first and repr(again) == repr(first)
        with pytest.raises(AttributeError):
            setattr(again, next(iter(type(again).__dataclass_fields__)), 1)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: StudentT(0), "df"),
        (lambda: StudentT(3, scale=-1), "scale"),
        (lambda: Laplace(math.nan), "loc"),
        (lambda: Uniform(1, 1), "high"),
        (lambda: Gamma("two"), "shape"),
        (lambda: TruncatedGaussian(0, 1, 2, 1), "high"),
        (lambda: Bernoulli(1.5), "prob"),
        (lambda: Binomial(2.5, 0.5), "trials"),
        (lambda: Geometric(0.5, 2), "first"),
        (lambda: NegativeBinomial(1, 1), "prob"),
        (lambda: Dirichlet([1]), "concentration"),
        (lambda: Density("x"), "log_density"),
        (lambda: Density(np.sin, (1, 0)), "low_high"),
    ],
)
def test_bad_parameters_are_named(make, name):
    with pytest.raises(ValueError, match=f"^{name}: expected .*got"):
        make()


@pytest.mark.parametrize(("ours", "theirs"), LINE + COUNTS, ids=lambda d: type(d).__name__)
def test_what_people_hold_is_taken_and_given_back(ours, theirs):
    taken = as_distribution(theirs)
    x = theirs.ppf([0.1, 0.5, 0.9])
    log = "log_pdf" if hasattr(taken, "log_pdf") else "log_pmf"
    assert getattr(taken, log)(x) == pytest.approx(getattr(ours, log)(x), rel=1e-12, abs=1e-12)
    assert as_distribution(ours) is ours
    if not isinstance(ours, Affine):
        again = as_distribution(to_scipy(ours))
        assert type(again) is type(ours)
        assert getattr(again, log)(x) == pytest.approx(getattr(ours, log)(x), rel=1e-12, abs=1e-12)


class Held:
    """An object with the attributes of another library's."""

    def __init__(self, **attributes) -> None:
        vars(self).update(attributes)


def held(name: str, **attributes) -> object:
    return type(name, (Held,), {})(**attributes)


def test_objects_of_other_libraries_are_read_by_their_attributes():
    cases = [
        (held("Normal", loc=np.float32(1.5), scale=2.0), Gaussian(1.5, 2)),
        (held("Gamma", concentration=2.0, rate=4.0), Gamma(2, 0.25)),
        (held("Exponential", rate=np.array(4.0)), Exponential(0.25)),
        (held("Beta", concentration1=2.0, concentration0=3.0), Beta(2, 3)),
        (held("Bernoulli", probs=None, logits=0.0), Bernoulli(0.5)),
        (held("Geometric", probs=0.25), Geometric(0.25, 0)),
        (held("Categorical", probs=np.array([0.25, 0.75])), Categorical([0.25, 0.75])),
        (held("Categorical", probs=None, logits=np.log([0.5, 0.5])), Categorical([0.5, 0.5])),
        (held("MultivariateNormal", loc=np.zeros(2), covariance_matrix=np.eye(2)), MultivariateGaussian([0, 0], 1.0)),
        (
            held(
                "MixtureSameFamily",
                mixture_distribution=held("Categorical", probs=np.array([0.3, 0.7])),
                component_distribution=held("Normal", loc=np.array([0.0, 1.0]), scale=np.array([1.0, 2.0])),
            ),
            GaussianMixture([0.3, 0.7], [0, 1], [1, 2]),
        ),
    ]
    for theirs, ours in cases:
        assert as_distribution(theirs) == ours
    with pytest.raises(ValueError, match="not a batch"):
        as_distribution(held("Normal", loc=np.zeros(3), scale=np.ones(3)))


@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
def test_a_fitted_mixture_of_scikit_learn_is_taken_to_the_last_bit(kind):
    rng = np.random.default_rng(2)
    for dimension in (1, 3):
        means, weights = rng.normal(size=(2, dimension)), np.array([0.25, 0.75])
        root = rng.normal(size=(2, dimension, dimension))
        full = root @ root.transpose(0, 2, 1) + np.eye(dimension)
        held_covs = {
            "full": full,
            "tied": full[0],
            "diag": np.array([np.diag(c) for c in full]),
            "spherical": full[:, 0, 0],
        }[kind]
        expected = {
            "full": full,
            "tied": [full[0]] * 2,
            "diag": [np.diag(np.diag(c)) for c in full],
            "spherical": [np.eye(dimension) * c[0, 0] for c in full],
        }[kind]
        theirs = held("GaussianMixture", weights_=weights, means_=means, covariances_=held_covs, covariance_type=kind)
        if dimension == 1:
            ours = GaussianMixture(weights, means[:, 0], [math.sqrt(c[0, 0]) for c in np.asarray(expected)])
        else:
            ours = MultivariateGaussianMixture(weights, means, expected)
        assert as_distribution(theirs) == ours


def test_scipys_mixture_is_taken_to_the_last_bit():
    p = GaussianMixture([0.3, 0.7], [-1.1, 2.3], [0.7, 1.9])
    assert as_distribution(to_scipy(p)) == p


@pytest.mark.parametrize("x", ["abc", object(), 3.0, np.eye(2), [], None, {"a": 1}, [0.2, "b"]])
def test_what_is_no_distribution_is_refused_in_one_line(x):
    with pytest.raises(ValueError, match="^p: expected a distribution of kl_engine"):
        as_distribution(x, "p")
