"""What people already hold, as distributions of the engine; read by its attributes, so that nothing need be installed.

Taken are frozen distributions of scipy.stats and its new classes (Normal, Uniform, Mixture, what make_distribution
makes), GaussianMixture of scikit-learn, the distributions of torch, NumPyro and TensorFlow Probability, and a
one-dimensional array of probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, Binomial, CountDistribution, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.expressions import ExpressionError, parse_distribution
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
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.distributions.scipy_laws import ScipyLaw
from kl_engine.distributions.scipy_names import BENDS, SCIPY, SCIPY_COUNTS
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee

OWN = (
    Gaussian,
    GaussianMixture,
    MultivariateGaussian,
    MultivariateGaussianMixture,
    Categorical,
    Dirichlet,
    LineDistribution,
    CountDistribution,
)
TAKEN = (
    "a distribution of kl_engine, of scipy.stats, scikit-learn, torch, NumPyro or TensorFlow Probability, "
    "or a one-dimensional array of probabilities >= 0 that sum to 1"
)
QUARTILES = (0.25, 0.5, 0.75)
SAMPLES = (
    " (of two samples kl_from_samples gives D, of one beside a density kl_to_density; counts: Categorical.of_counts)"
)


def as_distribution(x: object, name: str = "x") -> object:
    """`x` as a distribution of the engine; itself, where it is one already.

    Raises ValueError, naming the argument `name`, for anything that is none. The numbers are taken as they are, so that
    what is computed from them is the same to the last bit as from the engine's own object built from them (of
    scikit-learn's the std is the root of its `covariances_`). `x`: a distribution of scipy.stats (frozen, Normal,
    Mixture, make_distribution), a fitted GaussianMixture of scikit-learn, a distribution of torch, NumPyro or
    TensorFlow Probability (told by their attributes; none of them is imported), a text as `parse_distribution` reads
    it, or a sequence of probabilities of shape (n,). Places and widths keep their unit. Source: each library's own
    documentation of its parameters.

    >>> import kl_engine as kl
    >>> from scipy import stats
    >>> kl.as_distribution(stats.norm(1, 2))
    Gaussian(mean=1.0, std=2.0)
    >>> kl.as_distribution([0.2, 0.8])
    Categorical(probs=[0.2, 0.8])
    """
    if isinstance(x, OWN):
        return x
    if isinstance(x, str):
        return _from_text(x, name)
    for read in (_from_scipy_frozen, _from_scipy_class, _from_scikit_learn, _from_loc_and_scale):
        found = read(x)
        if found is not None:
            return found
    try:
        found = _from_array(x)
    except ValueError as error:  # numbers that are no probabilities: perhaps a sample
        raise refuse(name, TAKEN + SAMPLES, x) from error
    if found is None:
        raise refuse(name, TAKEN, x)
    return found


def _from_text(text: str, name: str) -> object:
    """What `parse_distribution` reads."""
    try:
        return parse_distribution(text)
    except ExpressionError as error:
        raise refuse(name, f"{TAKEN}, or the text of one ({str(error).rstrip('.')})", text) from error


def _from_scipy_frozen(x: object) -> object | None:
    """A frozen distribution of scipy.stats: `dist` with a name, and its arguments."""
    if type(x).__name__ == "multivariate_normal_frozen":
        return MultivariateGaussian(np.asarray(x.mean), np.asarray(x.cov))
    if type(x).__name__ == "dirichlet_frozen":
        return Dirichlet(np.asarray(x.alpha))
    family = getattr(x, "dist", None)
    parse = getattr(family, "_parse_args", None)
    if parse is None or not hasattr(x, "kwds"):
        return None
    shapes, loc, scale = parse(*x.args, **x.kwds)
    shapes = [float(shape) for shape in shapes]
    loc, scale = float(loc), float(scale)
    if family.name in SCIPY:
        return SCIPY[family.name](*shapes, loc, scale)
    if family.name in SCIPY_COUNTS and loc == 0:
        return SCIPY_COUNTS[family.name](*shapes)
    if hasattr(x, "logpdf"):
        bends = tuple(loc + scale * place for place in BENDS.get(family.name, lambda *_: ())(*shapes))
        return _density(x, x.ppf(QUARTILES), bends)
    return None


def _density(x: object, quartiles: object, bends: tuple[float, ...] = ()) -> Density:
    """Any other family of SciPy's, by its own log density and its own draws."""
    low, middle, high = (float(q) for q in quartiles)
    ends = tuple(float(end) for end in x.support())
    inner = tuple(place for place in bends if ends[0] < place < ends[1])
    draws = (lambda size, rng: x.rvs(size, random_state=rng)) if hasattr(x, "rvs") else None
    draws = (lambda size, rng: x.sample(size, rng=rng)) if hasattr(x, "sample") else draws
    return Density(_below_inf(x.logpdf), ends, middle, (high - low) / 2, inner, draws=draws)


def _below_inf(log_density: Callable) -> Callable:
    """SciPy's log density with −inf where it is nan: 0 times inf, where it underflows beside an end."""

    def logs(x: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            found = np.asarray(log_density(x), dtype=np.float64)
        return np.where(np.isnan(found), -np.inf, found)

    return logs


def _bends_of(parts: list) -> tuple[float, ...]:
    """Where the density of a mixture may jump, or have a kink: the ends of its parts, and their own bends."""
    places = {place for part in parts for place in (*getattr(part, "support", ()), *getattr(part, "bends", ()))}
    return tuple(sorted(place for place in places if math.isfinite(place)))


def _from_scipy_class(x: object) -> object | None:
    """SciPy's new classes: Mixture, Normal, Uniform, and what `make_distribution` makes."""
    name = type(x).__name__
    if name == "Mixture" and hasattr(x, "components"):
        parts = [as_distribution(part) for part in x.components]
        if all(isinstance(part, Gaussian) for part in parts):
            return GaussianMixture(np.asarray(x.weights), [p.mean for p in parts], [p.std for p in parts])
        return _density(x, [x.icdf(u) for u in QUARTILES], _bends_of(parts))
    parameters = getattr(x, "_parameters", None)
    if not isinstance(parameters, dict) or not hasattr(x, "logpdf") or not hasattr(x, "icdf"):
        return None
    numbers = {key: np.asarray(value) for key, value in parameters.items()}
    if any(number.size != 1 for number in numbers.values()):
        return None
    if name == "Normal" and {"mu", "sigma"} <= numbers.keys():
        return Gaussian(float(numbers["mu"]), float(numbers["sigma"]))
    if name == "StandardNormal":
        return Gaussian(0, 1)
    if name == "Uniform" and {"a", "b"} <= numbers.keys():
        return Uniform(float(numbers["a"]), float(numbers["b"]))
    return _of_new_class(x)


def _of_new_class(x: object) -> Density:
    """A distribution of SciPy's new infrastructure, by its own log density."""
    return _density(x, [x.icdf(u) for u in QUARTILES])


def _from_scikit_learn(x: object) -> object | None:
    """A fitted GaussianMixture of scikit-learn, with any of its four types of covariance."""
    names = ("weights_", "means_", "covariances_", "covariance_type")
    if not all(hasattr(x, name) for name in names):
        return None
    weights, means, covs = (np.asarray(getattr(x, name)) for name in names[:3])
    count, dimension = means.shape
    kind = x.covariance_type
    if kind == "tied":
        covs = np.broadcast_to(covs, (count, dimension, dimension))
    elif kind == "diag":
        covs = np.stack([np.diag(row) for row in covs])
    elif kind == "spherical":
        covs = np.stack([np.eye(dimension) * variance for variance in covs])
    if dimension == 1:
        return GaussianMixture(weights, means[:, 0], np.sqrt(covs[:, 0, 0]))
    return MultivariateGaussianMixture(weights, means, covs)


def _number(x: object, *names: str) -> float:
    """The first of these attributes as a number; ValueError where it is an array of several."""
    for name in names:
        value = getattr(x, name, None)
        if value is not None:
            array = as_array(value)
            if array.size != 1:
                raise refuse(name, "one number: one distribution, not a batch", array.shape)
            return float(array.reshape(()))
    raise AttributeError(names[0])


def as_array(value: object) -> np.ndarray:
    """A tensor of any library as an array of doubles' own type."""
    value = value.detach() if hasattr(value, "detach") else value
    value = value.cpu() if hasattr(value, "cpu") and callable(value.cpu) else value
    return np.asarray(value)


def _probs(x: object) -> float:
    """`probs`, or the logistic function of `logits`."""
    if getattr(x, "probs", None) is not None:
        return _number(x, "probs")
    logit = _number(x, "logits")
    return 1 / (1 + math.exp(-logit)) if logit > -700 else math.exp(logit)


# The name of a class of torch, NumPyro or TensorFlow Probability → the same from its attributes.
NAMED: dict[str, Callable[[object], object]] = {
    "Normal": lambda x: Gaussian(_number(x, "loc"), _number(x, "scale")),
    "Laplace": lambda x: Laplace(_number(x, "loc"), _number(x, "scale")),
    "Logistic": lambda x: Logistic(_number(x, "loc"), _number(x, "scale")),
    "Cauchy": lambda x: Cauchy(_number(x, "loc"), _number(x, "scale")),
    "StudentT": lambda x: StudentT(_number(x, "df"), _number(x, "loc"), _number(x, "scale")),
    "Uniform": lambda x: Uniform(_number(x, "low"), _number(x, "high")),
    "Exponential": lambda x: Exponential(1 / _number(x, "rate")),
    "Gamma": lambda x: Gamma(_number(x, "concentration"), 1 / _number(x, "rate")),
    "Beta": lambda x: Beta(_number(x, "concentration1"), _number(x, "concentration0")),
    "LogNormal": lambda x: LogNormal(_number(x, "loc"), _number(x, "scale")),
    "Weibull": lambda x: Weibull(_number(x, "concentration"), _number(x, "scale")),
    "Bernoulli": lambda x: _bernoulli(x),
    "BernoulliProbs": lambda x: Bernoulli(_probs(x)),
    "BernoulliLogits": lambda x: _bernoulli(x),
    "Binomial": lambda x: Binomial(int(_number(x, "total_count")), _probs(x)),
    "BinomialProbs": lambda x: Binomial(int(_number(x, "total_count")), _probs(x)),
    "Poisson": lambda x: Poisson(_number(x, "rate")),
    "Geometric": lambda x: Geometric(_probs(x), 0),
    "GeometricProbs": lambda x: Geometric(_probs(x), 0),
    "Dirichlet": lambda x: Dirichlet(as_array(x.concentration)),
    "Categorical": lambda x: _categorical(x),
    "CategoricalProbs": lambda x: _categorical(x),
    "CategoricalLogits": lambda x: _categorical(x),
    "MultivariateNormal": lambda x: MultivariateGaussian(as_array(x.loc), as_array(x.covariance_matrix)),
    "MultivariateNormalTriL": lambda x: MultivariateGaussian(as_array(x.loc), as_array(x.covariance())),
    "MultivariateNormalFullCovariance": lambda x: MultivariateGaussian(as_array(x.loc), as_array(x.covariance())),
    "MixtureSameFamily": lambda x: _mixture(x),
}


def _by_logits(x: object) -> bool:
    """Whether it was made from logits: its probabilities are then rounded, and torch's logits of probabilities clamped.

    torch keeps what it was made from as `_param`, NumPyro says it by the class, TensorFlow Probability by a None.
    """
    if type(x).__name__.endswith("Logits"):
        return True
    if hasattr(x, "_param"):
        return "logits" in vars(x) and x._param is vars(x)["logits"]
    return getattr(x, "probs", None) is None


def _bernoulli(x: object) -> Bernoulli:
    return Bernoulli.of_logit(_number(x, "logits")) if _by_logits(x) else Bernoulli(_probs(x))


def _categorical(x: object) -> Categorical:
    return Categorical.of_logits(as_array(x.logits)) if _by_logits(x) else Categorical(as_array(x.probs))


def _mixture(x: object) -> GaussianMixture | None:
    """A mixture of Gaussians on the line: a categorical of weights, and one batch of normals."""
    weights = getattr(x, "mixture_distribution", None) or x.mixing_distribution
    parts = getattr(x, "component_distribution", None) or x.components_distribution
    if type(parts).__name__ != "Normal":
        return None
    return GaussianMixture(_categorical(weights).probs, as_array(parts.loc), as_array(parts.scale))


def _from_loc_and_scale(x: object) -> object | None:
    """By the name of the class and its attributes."""
    read = NAMED.get(type(x).__name__)
    if read is None:
        return None
    try:
        return read(x)
    except AttributeError:
        return None


def _from_array(x: object) -> object | None:
    """A one-dimensional array, list or tuple of probabilities."""
    try:
        array = as_array(x)
    except (TypeError, ValueError):
        return None
    return Categorical(array) if array.ndim == 1 and array.dtype.kind in "fiu" and array.size else None


@ieee
def to_scipy(d: object) -> object:
    """The same distribution in scipy.stats; Raises ValueError where SciPy has none.

    `d` is any distribution of the engine. Source: the parametrisations are SciPy's own.

    >>> import kl_engine as kl
    >>> kl.distributions.to_scipy(kl.Gaussian(1, 2)).mean().item()
    1.0
    """
    from scipy import stats

    if isinstance(d, GaussianMixture):
        parts = [stats.Normal(mu=m, sigma=s) for m, s in zip(d.means.tolist(), d.stds.tolist())]
        return stats.Mixture(parts, weights=d.weights)
    forms: dict[type, Callable] = {
        Gaussian: lambda: stats.norm(d.mean, d.std),
        StudentT: lambda: stats.t(d.df, d.loc, d.scale),
        Laplace: lambda: stats.laplace(d.loc, d.scale),
        Logistic: lambda: stats.logistic(d.loc, d.scale),
        Cauchy: lambda: stats.cauchy(d.loc, d.scale),
        Uniform: lambda: stats.uniform(d.low, d.high - d.low),
        Exponential: lambda: stats.expon(0, d.scale),
        Gamma: lambda: stats.gamma(d.shape, 0, d.scale),
        Beta: lambda: stats.beta(d.a, d.b, 0, 1),
        ScipyLaw: lambda: d.frozen(),
        Affine: lambda: _moved(to_scipy(d.base), d.loc, d.scale),
        LogNormal: lambda: stats.lognorm(d.log_std, 0, math.exp(d.log_mean)),
        Weibull: lambda: stats.weibull_min(d.shape, 0, d.scale),
        TruncatedGaussian: lambda: stats.truncnorm(
            (d.low - d.loc) / d.scale, (d.high - d.loc) / d.scale, d.loc, d.scale
        ),
        SkewGaussian: lambda: stats.skewnorm(d.shape, d.loc, d.scale),
        Bernoulli: lambda: stats.bernoulli(d.prob),
        Binomial: lambda: stats.binom(d.trials, d.prob),
        Poisson: lambda: stats.poisson(d.rate),
        Geometric: lambda: stats.geom(d.prob, d.first - 1),
        NegativeBinomial: lambda: stats.nbinom(d.successes, d.prob),
        Dirichlet: lambda: stats.dirichlet(d.concentration),
        MultivariateGaussian: lambda: stats.multivariate_normal(d.mean, d.cov),
    }
    if type(d) not in forms:
        raise refuse("d", "a distribution that scipy.stats has too", d)
    return forms[type(d)]()


def _moved(frozen, loc: float, scale: float) -> object:
    """SciPy's distribution of loc + scale · y, y of `frozen`, whose last two arguments are its own loc and scale."""
    *shapes, place, width = frozen.args
    return frozen.dist(*shapes, loc + scale * place, scale * width)
