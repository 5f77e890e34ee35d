"""What stands beside a variational fit: the forward fit of the same posterior, and how confident q is."""

from __future__ import annotations

import math
from typing import NamedTuple

from kl_engine.distributions.beta import Beta, log_beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.divergences.unit import beta
from kl_engine.divergences.verbs import forward_kl
from kl_engine.estimates.certainty import HALF_95, Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON
from kl_engine.inference.finite_terms import finite_divergence
from kl_engine.inference.models import BetaModel, LineModel, Model
from kl_engine.inference.posteriors import NumericPosterior, posterior
from kl_engine.inference.variational import belief

TAIL_95 = 0.025
SMALLEST_LOG = -600.0  # of a chance: well above that of the smallest double
BETA_TAIL = 1e-12  # the error of a mass by the incomplete beta function, its rounded end included


class Confidence(NamedTuple):
    """How confident q is beside the posterior; both are Estimates.

    std_ratio: the std of q over that of the posterior; below 1 q is the narrower. coverage: the posterior probability
    of the interval that holds the central 95 % of q; below 0.95 q is over-confident. Both have no unit. Made by
    `kl.inference.confidence`.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> found = kl.inference.confidence(model, kl.Gaussian(0, 1), 0.0)
    >>> f"{found.std_ratio:.6f} {found.coverage:.6f}"
    '1.414214 0.994425'
    """

    std_ratio: Estimate
    coverage: Estimate


@ieee
def moment_matched_posterior(model: LineModel | BetaModel, x) -> Gaussian:
    """The forward fit of the posterior, argmin D(posterior‖q): the Gaussian with its mean and std.

    In the unit of z. `model` and `x` as in `free_energy`. Raises ValueError for a finite model. Source: C. Bishop,
    Pattern Recognition and Machine Learning (2006), 10.7.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 0, 1], 1.0)  # x = z² + noise
    >>> q = kl.inference.moment_matched_posterior(model, 2.0)
    >>> abs(q.mean) < 1e-9, round(q.std, 6)
    (True, 1.116288)
    """
    return Gaussian(*_moments(posterior(model, x)))


@ieee
def forward_divergence(model: Model, q: Gaussian | Categorical | Beta, x) -> Estimate:
    """D(posterior‖q) in nats, the expectation under the posterior: what the forward fit minimises.

    D(p‖q) = E_p [log p − log q] with p = p(z∣x) of the `model`. Raises ValueError for a bad argument. Source: S.
    Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951) 79.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> f"{kl.inference.forward_divergence(model, kl.Gaussian(0, 1), 0.0):.6f}"
    '0.096574'
    """
    target, q = posterior(model, x), belief(model, q)
    if isinstance(target, NumericPosterior):
        return target.kl_divergence(q)
    if isinstance(target, Beta):
        return beta.kl_divergence(target, q)
    if isinstance(target, Categorical):
        return finite_divergence(target, q)
    return forward_kl(target, q)


@ieee
def confidence(model: LineModel | BetaModel, q: Gaussian | Beta, x) -> Confidence:
    """How q's spread compares with the posterior's: measured, as either may be the wider.

    Raises ValueError for a finite model: its states have no intervals. std_ratio = std(q)/std(p), coverage = P(central
    95 % of q); neither has a unit. `q` is of the kind of the `model`'s latent, `x` as in `free_energy`. Source: KL
    Lab's own, after R. Turner, M. Sahani, in Bayesian Time Series Models (2011), ch. 5.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> f"{kl.inference.confidence(model, kl.Gaussian(0, 0.5), 0.0).coverage:.4f}"
    '0.8342'
    """
    target, q = posterior(model, x), belief(model, q)
    _, std = _moments(target)
    numeric = isinstance(target, NumericPosterior)
    wrong = target.std_estimate.error / std if numeric else 64 * EPSILON
    certainty = target.std_estimate.certainty if numeric else Certainty.EXACT
    ratio = q.std / std
    spread = Estimate(ratio, ratio * (wrong + 4 * EPSILON), certainty, "std of q over std of the posterior")
    if isinstance(q, Beta):
        mass = _below_quantile(target, q, 1 - TAIL_95) - _below_quantile(target, q, TAIL_95)
        return Confidence(spread, Estimate(mass, BETA_TAIL, Certainty.EXACT, "the incomplete beta function"))
    return Confidence(spread, _mass(target, q.mean - HALF_95 * q.std, q.mean + HALF_95 * q.std))


def _below_quantile(target: Beta, q: Beta, share: float) -> float:
    """P(θ < t) under `target`, at the t below which `q` has this share of its mass.

    Near 0 the distribution function is θ^a / (a B(a, b)), right to a share θ of itself. Where t is so small that no
    double holds it (a vague prior: Beta(0.001, 0.001) has a sixth of its mass below 1e-470) it is taken by its log;
    where t is near 1, and has no digits left, it is 1 − t that is found.
    """
    log_t = (math.log(share * q.a) + log_beta(q.a, q.b)[0]) / q.a
    if log_t < SMALLEST_LOG:
        return math.exp(target.a * log_t - math.log(target.a) - log_beta(target.a, target.b)[0])
    t = q.quantile(share)
    if t <= 0.5:
        return target.mass(0, t)
    return 1 - _below_quantile(Beta(target.b, target.a), Beta(q.b, q.a), 1 - share)


def _moments(target) -> tuple[float, float]:
    """Mean and std of a posterior of numbers."""
    if isinstance(target, Categorical):
        raise refuse("model", "a model of a number or a BetaModel: states are not numbers", "a CategoricalModel")
    return target.mean, target.std


def _mass(target, low: float, high: float) -> Estimate:
    """P(low < z < high) under the posterior."""
    if isinstance(target, NumericPosterior):
        return target.mass(low, high)
    value, slack = 0.0, 0.0
    for w, m, s in zip(*(array.tolist() for array in (target.weights, target.means, target.stds))):
        u, v = ((end - m) / (math.sqrt(2) * s) for end in (low, high))
        value += 0.5 * w * (math.erf(v) - math.erf(u))
        slack += 64 * EPSILON * w * (1 + (abs(low) + abs(high) + abs(m)) / s)
    return Estimate(value, slack, Certainty.EXACT, "normal distribution functions")
