"""What the sampled estimators k1, k2, k3 of D(q‖p) are worth: mean, variance, and gradient as a loss, without sampling.

With x drawn from q and r = p(x)/q(x) they are −log r, ½ (log r)² and r − 1 − log r. In a loss whose samples are held
fixed, as it is where no gradient goes through the sampling, the mean gradients are 0, ∇D(q‖p) and ∇D(p‖q).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture
from kl_engine.divergences.gradients import Gradient, kl_gradient
from kl_engine.divergences.verbs import kl_divergence
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.estimates import Estimates
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.crossings import parts_of
from kl_engine.quadrature.expect import AtNodes, expect
from kl_engine.quadrature.truncation import mass_beyond

REACH = 16.0  # std of q: beyond, a fourth power of a log ratio weighs nothing
LARGEST = 700.0  # exp of more is close to the largest double, or beyond
NO_PULL = "the mean of a score is 0"


@dataclass(frozen=True)
class EstimatorFacts:
    """One estimator of D(q‖p) at one draw x of q: what it is on average, how far it spreads, and where it pushes q.

    name: "k1", "k2" or "k3". mean and bias in nats, the bias being mean − D(q‖p); variance in nats², infinite with its
    reason where ∫ p²/q is. in_loss: the mean gradient in the mean and the std of q with the draws held fixed, in nats
    over their unit; pulls: "neither", "reverse" or "forward", the divergence whose gradient that is. Made by
    `kl.divergences.estimator_facts`.

    >>> import kl_engine as kl
    >>> k1, k2, k3 = kl.divergences.estimator_facts(kl.Gaussian(0, 1), kl.Gaussian(1, 1))
    >>> [round(each.mean.value, 4) for each in (k1, k2, k3)], k3.pulls
    ([0.5, 0.625, 0.5], 'forward')
    """

    name: str
    mean: Estimate
    bias: Estimate
    variance: Estimate
    in_loss: Gradient
    pulls: str

    @property
    def std(self) -> float:
        """The spread of one draw, in nats."""
        return math.sqrt(max(0.0, self.variance.value))


@ieee
def estimator_facts(p, q) -> tuple[EstimatorFacts, EstimatorFacts, EstimatorFacts]:
    """k1, k2, k3 of D(q‖p) in nats, at a draw of the Gaussian q; p is a Gaussian or a mixture on the line.

    E k1 = E k3 = D(q‖p), E k2 = E ½ (log r)². Var k3 is infinite where the std of q is at most that of the widest
    component of p over √2. The gradients of k2 and k3, the draws held fixed, are those of D(q‖p) and of D(p‖q). Raises
    ValueError for other distributions. Source: J. Schulman, Approximating KL divergence (2020), for the estimators.

    >>> import kl_engine as kl
    >>> p, q = kl.GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1]), kl.Gaussian(1.5, 1.2)
    >>> [round(each.variance.value, 2) for each in kl.divergences.estimator_facts(p, q)]
    [0.83, 0.94, 1298.13]
    """
    p, q = as_distribution(p, "p"), as_distribution(q, "q")
    if not isinstance(p, (Gaussian, GaussianMixture)):
        raise refuse("p", "a Gaussian or a mixture of Gaussians on the line", type(p).__name__)
    if not isinstance(q, Gaussian):
        raise refuse("q", "a Gaussian on the line", type(q).__name__)
    divergence = kl_divergence(q, p)
    exact = Estimate(0.0, 0.0, Certainty.EXACT, "the same expectation")
    half_square = _moment(p, q, 0.0, 2) * 0.5
    nothing = Gradient({"mean": _zero(), "std": _zero()})
    k1_variance = _moment(p, q, divergence.value, 2)
    k2_variance = _spread_of_half_square(p, q, half_square.value)
    k3_variance = _variance_of_k3(p, q, divergence)
    return (
        EstimatorFacts("k1", divergence, exact, k1_variance, nothing, "neither"),
        EstimatorFacts("k2", half_square, half_square - divergence, k2_variance, kl_gradient(q, p, wrt="a"), "reverse"),
        EstimatorFacts("k3", divergence, exact, k3_variance, kl_gradient(p, q, wrt="b"), "forward"),
    )


def _zero() -> Estimates:
    return Estimates(np.zeros(1), np.zeros(1), (Certainty.EXACT,), (NO_PULL,))


def _moment(p: Mixture, q: Gaussian, centre: float, power: int) -> Estimate:
    """E_q (log q/p − centre)^power."""

    def integrand(log_q: np.ndarray, log_p: np.ndarray) -> AtNodes:
        offset = log_q - log_p - centre
        slope = power * np.abs(offset) ** (power - 1)
        return AtNodes(offset**power, slope, slope)

    return expect(integrand, q, p, over=q, left_out=_left_out(p, q, centre, power), reach=REACH)


def _spread_of_half_square(p: Mixture, q: Gaussian, mean: float) -> Estimate:
    """E_q (½ (log r)² − mean)²."""

    def integrand(log_q: np.ndarray, log_p: np.ndarray) -> AtNodes:
        log_r = log_p - log_q
        offset = 0.5 * log_r * log_r - mean
        slope = 2 * np.abs(offset * log_r)
        return AtNodes(offset * offset, slope, slope)

    return expect(integrand, q, p, over=q, left_out=_left_out(p, q, math.sqrt(abs(mean)), 4), reach=REACH)


def _left_out(p: Mixture, q: Gaussian, centre: float, power: int) -> float:
    """A bound of what a power of a log ratio holds beyond the ends: there |log r| ≤ C (1 + z²), z in std of q."""
    widths = [(q.std + abs(part.mean - q.mean)) / part.std for part in parts_of(p)]
    heights = [abs(part.height) for part in (*parts_of(p), *parts_of(q))]
    size = max(heights) + math.log(len(widths)) + max(widths) ** 2 + 1 + abs(centre)
    return (size * (1 + REACH * REACH)) ** power * mass_beyond(REACH)


def _variance_of_k3(p: Mixture, q: Gaussian, divergence: Estimate) -> Estimate:
    """∫ p²/q − 1 − 2 (D(p‖q) + D(q‖p)) + E_q (log r)² − D(q‖p)²."""
    widest = max(part.std for part in parts_of(p))
    if not q.std > widest / math.sqrt(2):
        return Estimate.infinite(
            f"∫ p²/q is infinite, as the std of q is at most {widest:g}/√2, that of the widest of p over √2"
        )
    square = _mean_square_ratio(p, q)
    if math.isinf(square.value):
        return square
    both = divergence + kl_divergence(p, q)
    return square - 1 - 2 * both + _moment(p, q, 0.0, 2) - divergence * divergence


def _mean_square_ratio(p: Mixture, q: Gaussian) -> Estimate:
    """∫ p²/q: of each pair of components it is a Gaussian integral, taken about the mean of q."""
    parts = parts_of(p)
    shift = np.array([part.mean - q.mean for part in parts]) / q.std
    precision = np.array([q.std / part.std for part in parts]) ** 2
    weight = np.array([part.weight for part in parts]) * np.sqrt(precision)
    total = precision[:, None] + precision - 1.0
    pull = precision * shift
    height = 0.5 * ((pull[:, None] + pull) ** 2 / total - (pull * shift)[:, None] - pull * shift)
    if height.max() > LARGEST:
        return Estimate.infinite("it is finite, and above the largest double")
    terms = weight[:, None] * weight / np.sqrt(total) * np.exp(height)
    lost = precision.max() / total  # digits that 1/s₁² + 1/s₂² − 1/σ² loses
    size = np.abs(pull[:, None] + pull) ** 2 / total + np.abs(pull * shift)[:, None] + np.abs(pull * shift)
    error = float((terms * (16 + 8 * lost + 8 * size * (1 + lost))).sum()) * EPSILON
    return Estimate(float(terms.sum()), error, Certainty.EXACT, "closed form, a sum over pairs of components")


__all__ = ["EstimatorFacts", "estimator_facts"]
