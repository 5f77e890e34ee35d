"""The importance-weighted bound: the expected log of the mean of K weights, by one-dimensional integrals for every K.

With w = p(x, z)/q(z), z ~ q, and S the mean of K independent weights, Frullani's integral of log S gives

    E log S = ∫ [e^(−t) − M(t/K)^K] dt/t,   M(s) = E_q e^(−s w),

as E e^(−tS) = M(t/K)^K. In v = log(t/K) the integrand is analytic for |Im v| < π/2, so that the trapezoidal rule of
step h is right to e^(−π²/h). M is one integral over z, whose panels are cut where log w has changed by two nats.
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import HALF_95, LEVEL, Certainty
from kl_engine.estimates.checks import generator, refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.inference.bounds.weights import drawn_weights, weights_of
from kl_engine.inference.models import Model, model_of
from kl_engine.inference.variational import belief, free_energy

MOST_DRAWS = 10**6
STEP = 0.2  # of v: e^(−π²/STEP) = e^(−49)
FAR_LEFT = 42.0  # below −log of the largest weight the integrand is of the order of e^v
SEEN = (-60.0, 4.0)  # of v + log w: below 1 − exp(−e^…) is 0, above it is 1, to more digits than a double has
FINISHED = 45.0  # K log M below minus this: nothing is left
FEWEST = 50  # means of K weights in a sample
SAMPLES = 200_000  # weights drawn where the integrals would be too many


@ieee
def importance_bound(model: Model, q: Gaussian | Categorical | Beta, x, draws: int, rng=0) -> Estimate:
    """E log (1/K) Σ p(x, zₖ)/q(zₖ) over K = `draws` independent z from q, in nats: −F for K = 1, log p(x) for K → ∞.

    It grows with K and never exceeds log p(x). By quadrature for every K, with its error, where the log weight is
    smooth enough; else the mean of samples with its 95 % interval (`rng` a seed or a generator), which the `method`
    says. `model`, `q` and `x` are as in `free_energy`. Raises ValueError for a bad argument, or a K that is not an
    integer from 1 to 1e6. Source: Y. Burda, R. Grosse, R. Salakhutdinov, ICLR (2016).

    >>> import kl_engine as kl
    >>> model, q = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0), kl.Gaussian(0, 1)
    >>> [f"{kl.inference.importance_bound(model, q, 1.0, k).value:.4f}" for k in (1, 5, 50)]
    ['-1.9189', '-1.5574', '-1.5192']
    """
    model = model_of(model)
    q, x = belief(model, q), model.observation(x)
    if whole("draws", draws, 1) > MOST_DRAWS:
        raise refuse("draws", f"an integer from 1 to {MOST_DRAWS:g}", draws)
    rng = generator("rng", rng)
    terms = free_energy(model, q, x)
    if draws == 1 or math.isinf(terms.value.value):
        return terms.elbo if draws == 1 else _where_infinite(terms)
    weights = weights_of(model, q, x, terms.surprisal)
    if weights is None:
        return _sampled(model, q, x, draws, rng)
    finer, coarser = (_log_mean(probs, weights.logs, draws) for probs in (weights.probs, weights.coarse))
    log_evidence = -terms.surprisal
    rounding = ROUNDING * (weights.noise + 8 * (1 + abs(finer)))
    error = abs(finer - coarser) + rounding + log_evidence.error
    kind = Certainty.EXACT if isinstance(q, Categorical) else Certainty.ESTIMATED
    method = f"∫ [e^(−t) − M(t/K)^K] dt/t with M at {weights.logs.size} values of the weight"
    return Estimate(log_evidence.value + finer, error, min(kind, Certainty.ESTIMATED, key=_rank), method)


def _rank(certainty: Certainty) -> int:
    """ESTIMATED before EXACT: the integral over t is a rule."""
    return 0 if certainty == Certainty.ESTIMATED else 1


def _where_infinite(terms) -> Estimate:
    """F is infinite where q gives probability to what the model excludes, and so is a mean with all K there."""
    return Estimate.infinite("q gives probability to what the model excludes, so that all K weights may be 0", -1)


def _log_mean(probs: np.ndarray, logs: np.ndarray, draws: int) -> float:
    """E log of the mean of K weights, whose logs take these values with these probabilities."""
    order = np.argsort(logs)
    probs, logs = probs[order], logs[order]
    above = np.append(np.cumsum(probs[::-1])[::-1], 0.0)
    v, found = -max(0.0, float(logs[-1])) - FAR_LEFT - math.log(draws), 0.0
    while True:
        low, high = np.searchsorted(logs, (SEEN[0] - v, SEEN[1] - v))
        seen = probs[low:high] @ -np.expm1(-np.exp(v + logs[low:high]))
        log_m = math.log1p(-min(1.0, float(seen + above[high]))) if seen + above[high] < 1 else -math.inf
        t = draws * math.exp(min(v, 700.0))
        # (1 − M^K) − (1 − e^(−t)): near v = −∞ both are small.
        found += math.expm1(-t) - math.expm1(draws * log_m)
        if t > FINISHED and -draws * log_m > FINISHED:
            return STEP * found
        v += STEP


def _sampled(model: Model, q: Gaussian | Beta, x, draws: int, rng: np.random.Generator) -> Estimate:
    """The mean of log (1/K) Σ w over repeated draws of K, with its 95 % interval."""
    repeats = max(FEWEST, SAMPLES // draws)
    block = max(1, SAMPLES // draws)
    found: list[float] = []
    while len(found) < repeats:
        logs = drawn_weights(model, q, x, (min(block, repeats - len(found)), draws), rng)
        top = logs.max(axis=1, keepdims=True)
        found += (top[:, 0] + np.log(np.exp(logs - top).mean(axis=1))).tolist()
    values = np.array(found)
    half = HALF_95 * float(values.std(ddof=1)) / math.sqrt(repeats)
    method = f"the mean of {repeats} draws of {draws} weights: log w is too steep for the integrals"
    return Estimate(float(values.mean()), half, Certainty.CONFIDENCE(LEVEL), method)
