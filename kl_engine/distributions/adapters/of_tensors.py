"""Distributions of torch, NumPyro and TensorFlow Probability, told by the name of the class and by attributes.

The libraries write the same parameters alike; where they differ, as with the rate of a Gamma, the attribute that is
there decides. Several distributions in one object, a batch, are refused, but where `Independent` makes one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.adapters import of_scipy
from kl_engine.distributions.adapters.arrays import Read, as_array, batch, number, of_row, refuse_unread
from kl_engine.distributions.adapters.of_scipy import mixed, moved
from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.distributions.line import (
    Affine,
    Cauchy,
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
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.distributions.scipy_laws import ScipyLaw
from kl_engine.distributions.scipy_names import SCIPY


def _loc_scale(x: object) -> tuple[float, float]:
    return number(x, "loc", "mu", "mean"), number(x, "scale", "sigma", "stddev")


def _scale(x: object) -> float:
    """The scale of a Gamma or an exponential, where the rate may be given instead."""
    if getattr(x, "rate", None) is not None:
        return 1 / number(x, "rate")
    return number(x, "scale")


def _probs(x: object) -> float:
    """`probs`, or the logistic function of `logits`."""
    if getattr(x, "probs", None) is not None:
        return number(x, "probs")
    logit = number(x, "logits")
    return 1 / (1 + math.exp(-logit)) if logit > -700 else math.exp(logit)


def by_logits(x: object) -> bool:
    """Whether it was made from logits: its probabilities are then rounded, and torch's logits of probabilities clamped.

    torch keeps what it was made from as `_param`, NumPyro says it by the class, TensorFlow Probability by a None.
    """
    if type(x).__name__.endswith("Logits"):
        return True
    if hasattr(x, "_param"):
        return "logits" in vars(x) and x._param is vars(x)["logits"]
    return getattr(x, "probs", None) is None


def _bernoulli(x: object) -> Bernoulli:
    return Bernoulli.of_logit(number(x, "logits")) if by_logits(x) else Bernoulli(_probs(x))


def _categorical(x: object) -> Categorical:
    return Categorical.of_logits(of_row(x, 1, "logits")) if by_logits(x) else Categorical(of_row(x, 1, "probs"))


def _trials(x: object) -> int:
    count = number(x, "total_count")
    if count != math.floor(count):
        raise refuse_unread(x, "a whole number as total_count")
    return int(count)


def _negative_binomial(x: object) -> NegativeBinomial:
    """torch and TensorFlow Probability count the successes before failures: their probs is that of a success."""
    return NegativeBinomial(number(x, "total_count"), 1 - _probs(x))


def _pareto(x: object) -> Affine:
    """torch and NumPyro write (scale, alpha), TensorFlow Probability (concentration, scale)."""
    return Affine(ScipyLaw("pareto", (number(x, "alpha", "concentration"),)), 0.0, number(x, "scale"))


def _inverse_gamma(x: object) -> Affine:
    """Of whose rate (torch, NumPyro) or scale (TensorFlow Probability) the meaning is the same."""
    return Affine(ScipyLaw("invgamma", (number(x, "concentration"),)), 0.0, number(x, "rate", "scale"))


def _von_mises(x: object) -> object:
    """One turn of the circle, as SciPy has it."""
    from scipy import stats

    return of_scipy.read(stats.vonmises(number(x, "concentration"), number(x, "loc")), lambda part: part)


def _point(x: object) -> object:
    words = (
        "a density or probabilities: of a point beside a density D is infinite (among whole numbers: Tabulated([1], k))"
    )
    raise refuse_unread(x, words)


def _half(family: Callable) -> Callable[[object], object]:
    return lambda x: family(number(x, "scale"))


def _multivariate(x: object) -> MultivariateGaussian:
    """By its covariance, its Cholesky factor, or the stds of a diagonal one."""
    loc = of_row(x, 1, "loc", "mean")
    for name in ("covariance_matrix", "covariance", "cov"):
        if getattr(x, name, None) is not None:
            cov = of_row(x, 2, name)
            return MultivariateGaussian(loc, (cov + cov.T) / 2 if cov.ndim == 2 else cov)
    for name in ("scale_tril", "_unbroadcasted_scale_tril"):
        if getattr(x, name, None) is not None:
            factor = np.asarray(of_row(x, 2, name), dtype=np.float64)
            return MultivariateGaussian(loc, factor @ factor.T)
    stds = np.asarray(of_row(x, 1, "scale_diag", "stddev"), dtype=np.float64)
    return MultivariateGaussian(loc, stds**2)


# The name of a class of torch, NumPyro or TensorFlow Probability → the same from its attributes.
NAMED: dict[str, Callable[[object], object]] = {
    "Normal": lambda x: Gaussian(*_loc_scale(x)),
    "Laplace": lambda x: Laplace(*_loc_scale(x)),
    "Logistic": lambda x: Logistic(*_loc_scale(x)),
    "Cauchy": lambda x: Cauchy(*_loc_scale(x)),
    "StudentT": lambda x: StudentT(number(x, "df"), *_loc_scale(x)),
    "Gumbel": lambda x: SCIPY["gumbel_r"](*_loc_scale(x)),
    "Moyal": lambda x: SCIPY["moyal"](*_loc_scale(x)),
    "SkewNormal": lambda x: SkewGaussian(number(x, "alpha", "skewness"), *_loc_scale(x)),
    "GeneralizedNormal": lambda x: SCIPY["gennorm"](number(x, "power"), *_loc_scale(x)),
    "AsymmetricLaplace": lambda x: SCIPY["laplace_asymmetric"](number(x, "asymmetry"), *_loc_scale(x)),
    "Uniform": lambda x: Uniform(number(x, "low"), number(x, "high")),
    "TruncatedNormal": lambda x: TruncatedGaussian(*_loc_scale(x), number(x, "low"), number(x, "high")),
    "Exponential": lambda x: Exponential(_scale(x)),
    "Gamma": lambda x: Gamma(number(x, "concentration"), _scale(x)),
    "Chi2": lambda x: Gamma(number(x, "df") / 2, 2.0),
    "Beta": lambda x: Beta(number(x, "concentration1"), number(x, "concentration0")),
    "LogNormal": lambda x: LogNormal(*_loc_scale(x)),
    "Weibull": lambda x: Weibull(number(x, "concentration"), number(x, "scale")),
    **dict.fromkeys(("Delta", "Deterministic", "VectorDeterministic"), _point),
    "HalfNormal": _half(lambda scale: TruncatedGaussian(0.0, scale, 0.0, math.inf)),
    "HalfCauchy": _half(lambda scale: Affine(ScipyLaw("halfcauchy"), 0.0, scale)),
    "Pareto": _pareto,
    "InverseGamma": _inverse_gamma,
    "InverseGaussian": lambda x: Affine(
        ScipyLaw("invgauss", (number(x, "loc") / number(x, "concentration"),)), 0.0, number(x, "concentration")
    ),
    "FisherSnedecor": lambda x: SCIPY["f"](number(x, "df1"), number(x, "df2"), 0.0, 1.0),
    "Bernoulli": _bernoulli,
    "BernoulliProbs": _bernoulli,
    "BernoulliLogits": _bernoulli,
    "Binomial": lambda x: Binomial(_trials(x), _probs(x)),
    "BinomialProbs": lambda x: Binomial(_trials(x), _probs(x)),
    "BinomialLogits": lambda x: Binomial(_trials(x), _probs(x)),
    "Poisson": lambda x: Poisson(number(x, "rate")),
    "Geometric": lambda x: Geometric(_probs(x), 0),
    "GeometricProbs": lambda x: Geometric(_probs(x), 0),
    "GeometricLogits": lambda x: Geometric(_probs(x), 0),
    "NegativeBinomial": _negative_binomial,
    "NegativeBinomialProbs": _negative_binomial,
    "NegativeBinomialLogits": _negative_binomial,
    "Dirichlet": lambda x: Dirichlet(of_row(x, 1, "concentration")),
    **dict.fromkeys(("Categorical", "CategoricalProbs", "CategoricalLogits"), _categorical),
    **dict.fromkeys(("OneHotCategorical", "OneHotCategoricalStraightThrough"), _categorical),
    **dict.fromkeys(
        (
            "MultivariateNormal",
            "LowRankMultivariateNormal",
            "MultivariateNormalTriL",
            "MultivariateNormalDiag",
            "MultivariateNormalFullCovariance",
        ),
        _multivariate,
    ),
    "VonMises": _von_mises,
    "NormalDist": lambda x: Gaussian(number(x, "mean"), number(x, "stdev")),  # of Python's own statistics
}


def read(x: object, read_part: Read) -> object | None:
    """The distribution; None for a class of another name, or without its attributes."""
    name = type(x).__name__
    try:
        if name in WITH_PARTS:
            return WITH_PARTS[name](x, read_part)
        return NAMED[name](x) if name in NAMED else None
    except AttributeError:
        return None


def _first(x: object, *names: str) -> object:
    """The first of these attributes; AttributeError without any."""
    for name in names:
        if (found := getattr(x, name, None)) is not None:
            return found
    raise AttributeError(names[0])


def _independent(x: object, read_part: Read) -> object:
    """One vector of independent coordinates, where these are Gaussian; of one coordinate that itself."""
    base = _first(x, "base_dist", "distribution")
    axes = int(getattr(x, "reinterpreted_batch_ndims", 1) or 0)
    stds = getattr(base, "scale", None)
    if axes == 0 or stds is None or type(base).__name__ != "Normal":
        return _single(base, read_part)
    loc, scale = np.broadcast_arrays(*(np.atleast_1d(as_array(part)) for part in (base.loc, base.scale)))
    while loc.ndim > 1 and loc.shape[0] == 1:
        loc, scale = loc[0], scale[0]
    if loc.ndim > 1:
        raise batch("loc", loc.shape)
    return MultivariateGaussian(loc.astype(np.float64), scale.astype(np.float64) ** 2)


def _single(base: object, read_part: Read) -> object:
    """What is independent of nothing; several that are no Gaussians have no KL of one vector here."""
    try:
        return read_part(base)
    except ValueError as several:
        if "batch" not in str(several):
            raise
        words = "Independent of a Normal (of other families D is the sum of the divergences of the coordinates)"
        raise refuse_unread(base, words) from None


def _transformed(x: object, read_part: Read) -> object:
    """The exponential of a Gaussian; and what is moved and stretched."""
    held = read_part(_first(x, "base_dist", "distribution"))
    steps = getattr(x, "transforms", None)
    steps = list(steps) if isinstance(steps, (list, tuple)) else [_first(x, "bijector")]
    for step in steps:
        name = type(step).__name__
        if name in ("ExpTransform", "Exp") and isinstance(held, Gaussian):
            held = LogNormal(held.mean, held.std)
        elif name in ("AffineTransform", "Shift", "Scale", "ScaleShift"):
            loc = number(step, "loc", "shift") if name != "Scale" else 0.0
            held = moved(held, loc, number(step, "scale") if name != "Shift" else 1.0)
        elif name != "IdentityTransform":
            words = (
                f"a transform that is Exp of a Gaussian or Affine ({name} is not): D does not depend on a transform "
                "that both have, so compare what they transform, or give kl.distributions.Density its log_prob"
            )
            raise refuse_unread(x, words)
    return held


def _truncated(x: object, read_part: Read) -> object:
    """A truncated Gaussian of NumPyro."""
    held = read_part(_first(x, "base_dist"))
    if not isinstance(held, Gaussian):
        raise refuse_unread(x, "a Gaussian that is truncated (of others give kl.distributions.Density its log_prob)")
    low, high = (number(x, name) if getattr(x, name, None) is not None else end for name, end in
                 (("low", -math.inf), ("high", math.inf)))  # fmt: skip
    return TruncatedGaussian(held.mean, held.std, low, high)


def _mixture_of_same(x: object, read_part: Read) -> object:
    """A categorical of weights, and one batch of components of a family."""
    weights = _categorical(_first(x, "mixture_distribution", "mixing_distribution")).probs
    parts = _first(x, "component_distribution", "components_distribution")
    return mixed(weights, [read_part(part) for part in _unbatched(parts, weights.size)])


def _mixture_of_any(x: object, read_part: Read) -> object:
    """A categorical of weights, and a list of components."""
    weights = _categorical(_first(x, "cat", "mixing_distribution")).probs
    return mixed(weights, [read_part(part) for part in _first(x, "components", "component_distributions")])


PARAMETERS = (
    *("loc", "scale", "df", "low", "high", "rate", "concentration", "concentration0", "concentration1", "alpha"),
    *("probs", "logits", "total_count", "covariance_matrix", "covariance", "scale_tril", "scale_diag", "df1", "df2"),
    *("power", "asymmetry", "skewness"),
)


def _unbatched(parts: object, count: int) -> list:
    """The components of a batch, each an object of the same class with its own row of every attribute."""
    name = type(parts).__name__
    if name == "Independent":
        held = _first(parts, "base_dist", "distribution")
        axes = getattr(parts, "reinterpreted_batch_ndims", 1)
        return [_like(parts, base_dist=each, reinterpreted_batch_ndims=axes) for each in _unbatched(held, count)]
    found: list[dict] = [{} for _ in range(count)]
    for key in PARAMETERS:
        value = getattr(parts, key, None)
        value = value() if callable(value) else value
        if value is None:
            continue
        array = as_array(value)
        for i, row in enumerate(found):
            row[key] = array if array.ndim == 0 or len(array) != count else array[i]
    if "logits" in found[0] and by_logits(parts):
        for row in found:
            row.pop("probs", None)
    return [_like(parts, **row) for row in found]


def _like(x: object, **attributes) -> object:
    """An object that is told by the same name."""
    made = type(type(x).__name__, (), {})()
    vars(made).update(attributes)
    return made


WITH_PARTS: dict[str, Callable[[object, Read], object]] = {
    "Independent": _independent,
    "TransformedDistribution": _transformed,
    "TwoSidedTruncatedDistribution": _truncated,
    "LeftTruncatedDistribution": _truncated,
    "RightTruncatedDistribution": _truncated,
    "MixtureSameFamily": _mixture_of_same,
    "MixtureGeneral": _mixture_of_any,
    "Mixture": _mixture_of_any,
}
