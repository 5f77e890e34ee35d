"""Mean field: a posterior over two latents approximated by a product of one factor each, by coordinate ascent.

Each sweep gives every factor its best form while the others stand: log qᵢ = E over the others of log p(x, z) + const.
The free energy falls at every sweep; what it keeps above the surprisal is D(q‖posterior), the price of the product.
Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 10.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.inference.finite_terms import finite_terms
from kl_engine.inference.models import CategoricalModel, distribution

MOST_SWEEPS = 10_000
TILT = 0.8  # of a start towards one state
SETTLED = 1e-14  # the change of a probability, or of a mean in its std, in one sweep


@dataclass(frozen=True, eq=False)
class MeanField:
    """Where a coordinate ascent ended: the factors of q, F, the surprisal, and their gap; in nats, as Estimates.

    `trace`, of shape (sweeps + 1,), is F before the first sweep and after each; `status` is "converged" or "stopped".
    Made by `kl.inference.coordinate_ascent`, `kl.inference.factorised_normal` and `kl.inference.factorised_pair`;
    `factors` holds their distributions, `value` is F.

    >>> import kl_engine as kl
    >>> found = kl.inference.factorised_pair(kl.inference.GaussianPair([0, 0], [1, 1], 0.6))
    >>> found.status, f"{found.gap:.6f}", round(found.factors[0].std, 6)
    ('converged', '0.223144', 0.8)
    """

    factors: tuple
    value: Estimate
    surprisal: Estimate
    gap: Estimate
    trace: np.ndarray
    status: str


@dataclass(frozen=True, eq=False)
class FactorModel:
    """Two finite latents with independent priors, and one joint likelihood[x, z1, z2] of the data.

    Every likelihood[:, z1, z2] sums to 1. Raises ValueError naming the argument that is otherwise. `prior_1` and
    `prior_2` are Categoricals or their probabilities, `likelihood` is of shape (outcomes, states of z1, states of z2);
    probabilities have no unit. Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 10.1.1.

    >>> import kl_engine as kl
    >>> model = kl.inference.FactorModel([0.5, 0.5], [0.5, 0.5], [[[0.9, 0.2], [0.2, 0.9]], [[0.1, 0.8], [0.8, 0.1]]])
    >>> model.likelihood.shape
    (2, 2, 2)
    """

    prior_1: Categorical
    prior_2: Categorical
    likelihood: np.ndarray

    def __post_init__(self) -> None:
        for name in ("prior_1", "prior_2"):
            object.__setattr__(self, name, distribution(name, getattr(self, name)))
        shape = self.prior_1.probs.size, self.prior_2.probs.size
        expected = f"an array [x, z1, z2] with {shape[0]} × {shape[1]} pairs of states, each of sum 1 over x"
        try:
            array = np.array(self.likelihood, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise refuse("likelihood", expected, self.likelihood) from error
        if array.ndim != 3 or array.shape[1:] != shape:
            raise refuse("likelihood", expected, self.likelihood)
        joint = np.outer(self.prior_1.probs, self.prior_2.probs).ravel()
        object.__setattr__(self, "joint", CategoricalModel(joint, array.reshape(len(array), -1)))
        object.__setattr__(self, "likelihood", self.joint.likelihood.reshape(array.shape))


@ieee
def coordinate_ascent(model: FactorModel, x, start=None) -> MeanField:
    """The factorised belief q(z1) q(z2) of a `FactorModel`, `model`, given outcome x: from q(z2) = `start`, where that
    leads.

    Without a start, the best of several: from the prior of z2, and from beliefs that all but settle, or settle, on each
    of its states; those that zeros of the likelihood forbid are left out. (A product may have several optima, and a
    symmetric start may rest on a saddle.) The first factor is updated first. Raises ValueError for a bad argument, and
    for a start that rules out every state of the other factor. log qᵢ(zᵢ) = E over the other of log p(x, z) + const, in
    turn; F in nats. `start` is of shape (states of z2,). Source: C. Bishop, Pattern Recognition and Machine Learning
    (2006), 10.1.

    >>> import kl_engine as kl
    >>> model = kl.inference.FactorModel([0.5, 0.5], [0.5, 0.5], [[[0.9, 0.2], [0.2, 0.9]], [[0.1, 0.8], [0.8, 0.1]]])
    >>> found = kl.inference.coordinate_ascent(model, 0)
    >>> found.status, f"{found.value:.6f}"
    ('converged', '0.857399')
    """
    if not isinstance(model, FactorModel):
        raise refuse("model", "a FactorModel", model)
    x, size = model.joint.observation(x), model.prior_2.probs.size
    if start is None:
        corners = [model.prior_2.probs * (1 - TILT) + TILT * corner for corner in np.eye(size)]
        starts = [model.prior_2.probs, *corners, *np.eye(size)]
        found = [_ascended(model, x, Categorical(first)) for first in starts if _leads_on(model, x, first)]
        return min(found, key=lambda end: round(end.value.value, 11))
    second = distribution("start", start)
    if second.probs.size != size:
        raise refuse("start", f"{size} probabilities, one for each state of z2", start)
    return _ascended(model, x, second)


def _ascended(model: FactorModel, x: int, start: Categorical) -> MeanField:
    with np.errstate(divide="ignore"):
        logs = np.log(model.likelihood[x])
    first, second, status = model.prior_1, start, "stopped"
    trace = [_free_energy(model, first, second, x)]
    for _ in range(MOST_SWEEPS):
        before = first.probs, second.probs
        first = _updated(model.prior_1, logs, second, start)
        second = _updated(model.prior_2, logs.T, first, start)
        trace.append(_free_energy(model, first, second, x))
        if max(np.abs(first.probs - before[0]).max(), np.abs(second.probs - before[1]).max()) < SETTLED:
            status = "converged"
            break
    terms = finite_terms(model.joint, _product(first, second), x)
    values = np.array([value.value for value in trace])
    return MeanField((first, second), trace[-1], terms.surprisal, terms.divergence, values, status)


def _leads_on(model: FactorModel, x: int, second: np.ndarray) -> bool:
    """Whether a belief about z2 leaves a state of z1 possible: zeros of the likelihood may rule all of them out."""
    possible = (model.likelihood[x][:, second > 0] > 0).all(axis=1) & (model.prior_1.probs > 0)
    return bool(possible.any() and (second[model.prior_2.probs == 0] == 0).all())


def _product(first: Categorical, second: Categorical) -> Categorical:
    return Categorical(np.outer(first.probs, second.probs).ravel())


def _free_energy(model: FactorModel, first: Categorical, second: Categorical, x: int) -> Estimate:
    return finite_terms(model.joint, _product(first, second), x).forms()["complexity − accuracy"]


def _updated(prior: Categorical, logs: np.ndarray, other: Categorical, start: object) -> Categorical:
    """q(z) ∝ prior(z) exp E over the other factor of log likelihood."""
    held = other.probs > 0
    levels = prior.log_prob + logs[:, held] @ other.probs[held]
    if np.isneginf(levels).all():
        raise refuse("start", "a belief about z2 that leaves a state of z1 possible", start)
    weights = np.exp(levels - levels.max())
    return Categorical(weights / weights.sum())
