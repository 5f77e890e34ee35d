"""The terms of the free energy of a finite model: sums over its states."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import ROUNDING
from kl_engine.inference.free_terms import FreeTerms
from kl_engine.inference.models import CategoricalModel

METHOD = "exact: a sum over the states"
IMPOSSIBLE = "x has probability 0 under the model, so there is no posterior"


def finite_terms(model: CategoricalModel, q: Categorical, x: int) -> FreeTerms:
    """Every term as Σ q(z) (…); a state that q gives probability and the model excludes makes it infinite."""
    with np.errstate(divide="ignore"):
        likelihood = np.log(model.likelihood[x])
    prior, own = model.prior.log_prob, q.log_prob
    surprisal = _surprisal(prior + likelihood)
    if math.isinf(surprisal.value):
        divergence = Estimate.infinite(IMPOSSIBLE)
    else:
        divergence = _relative(q.probs, own, prior + likelihood + surprisal.value, "the posterior", surprisal.error)
    return FreeTerms(
        energy=_average(q.probs, -(prior + likelihood), "prior times likelihood"),
        entropy=_average(q.probs, -own, "q"),
        complexity=_relative(q.probs, own, prior, "the prior"),
        accuracy=_average(q.probs, likelihood, "the likelihood of x"),
        divergence=divergence,
        surprisal=surprisal,
    )


def finite_divergence(a: Categorical, b: Categorical) -> Estimate:
    """D(a‖b) = Σ a (log a − log b), in nats: infinite where a has probability and b none."""
    return _relative(a.probs, a.log_prob, b.log_prob, "b")


def _average(probs: np.ndarray, values: np.ndarray, name: str) -> Estimate:
    """Σ q v over the states that q gives probability."""
    held = probs > 0
    if np.isinf(values[held]).any():
        sign = 1 if values[held].max() == math.inf else -1
        return Estimate.infinite(f"q gives probability to a state where {name} is 0", sign)
    products = probs[held] * values[held]
    return Estimate(math.fsum(products), ROUNDING * (math.fsum(np.abs(products)) + 1), Certainty.EXACT, METHOD)


def _relative(probs: np.ndarray, own: np.ndarray, other: np.ndarray, name: str, slack: float = 0.0) -> Estimate:
    """Σ q (log q − other) with ∑ exp(other) = 1: never negative, as a sum of positive terms q r − q + exp(other)."""
    held = probs > 0
    if np.isinf(other[held]).any():
        return Estimate.infinite(f"q gives probability to a state where {name} has none")
    ratio = own[held] - other[held]
    near = np.maximum(ratio, -1.0)
    positive = np.where(
        ratio >= -1, probs[held] * (near + np.expm1(-near)), probs[held] * (ratio - 1) + np.exp(other[held])
    )
    rest = np.exp(other[~held])
    size = probs[held] * (1 + np.abs(own[held]) + np.abs(other[held]))
    error = ROUNDING * (math.fsum(size) + math.fsum(rest)) + slack
    return Estimate(math.fsum([*positive, *rest]), error, Certainty.EXACT, METHOD)


def _surprisal(joint: np.ndarray) -> Estimate:
    """−log Σ exp(joint)."""
    top = float(joint.max())
    if math.isinf(top):
        return Estimate.infinite(IMPOSSIBLE)
    total = math.log(math.fsum(np.exp(joint - top)))
    return Estimate(-top - total, ROUNDING * (1 + abs(top) + abs(total)), Certainty.EXACT, METHOD)
