"""Finite models and coins: q's family holds the posterior, so the descent of F is known in closed form.

In natural parameters θ (log probabilities; the shapes of a Beta) the natural gradient of F is θ − θ*, with θ* those of
the posterior. The flow is θ(t) = θ* + e^−t (θ(0) − θ*). Source: S. Amari, Neural Computation 10 (1998) 251.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import refuse
from kl_engine.fits.gaussian import Fit
from kl_engine.inference.models import BetaModel, CategoricalModel
from kl_engine.inference.posteriors import posterior
from kl_engine.inference.variational import belief, free_energy


@dataclass(frozen=True, eq=False)
class BeliefPath:
    """Rows of q and the free energy of each in nats (`kl`, as in `Path`), right within `error` in every row.

    `parameters` (rows, n) are the probabilities of a Categorical, or a and b of a Beta.
    """

    parameters: np.ndarray
    kl: np.ndarray
    error: float

    def __len__(self) -> int:
        return self.kl.size


def conjugate_fit(model: CategoricalModel | BetaModel, x, start) -> Fit:
    """The posterior, exact, with the start (where there is one) as the first row of the trace."""
    q = posterior(model, x)
    rows = [belief(model, start, "start"), q] if start is not None else [q]
    message = "exact: the posterior itself; the only optimum, from every start that excludes nothing"
    return Fit(q, free_energy(model, q, x).value, "converged", message, _path(model, x, rows))


def conjugate_flow(model: CategoricalModel | BetaModel, x, start, frames: int) -> BeliefPath:
    """The flow in `frames` rows, even in 1 − e^−t, the first the start, the last the posterior.

    A state to which the start gives no probability never gets any: the flow then ends at the posterior of the others.
    """
    first, last = belief(model, start, "start"), posterior(model, x)
    ways = np.linspace(0, 1, frames)[1:-1]
    if isinstance(model, BetaModel):
        rows = [Beta(*(np.array([first.a, first.b]) * (1 - s) + np.array([last.a, last.b]) * s)) for s in ways]
        return _path(model, x, [first, *rows, last])
    held = first.probs > 0
    if not last.probs[held].sum() > 0:
        raise refuse("start", "probability somewhere that the posterior has some", start)
    last = Categorical(np.where(held, last.probs, 0) / last.probs[held].sum())
    rows = [_between(first, last, s) for s in ways]
    return _path(model, x, [first, *rows, last])


def _between(first: Categorical, last: Categorical, share: float) -> Categorical:
    """The normalised first^(1 − share) last^share."""
    with np.errstate(invalid="ignore"):
        logs = (1 - share) * first.log_prob + share * last.log_prob
    weights = np.exp(logs - logs.max())
    return Categorical(weights / weights.sum())


def _path(model: CategoricalModel | BetaModel, x, rows: list) -> BeliefPath:
    values = [free_energy(model, q, x).value for q in rows]
    parameters = np.array([q.probs if isinstance(q, Categorical) else (q.a, q.b) for q in rows])
    kl = np.array([value.value for value in values])
    for array in (parameters, kl):
        array.flags.writeable = False
    return BeliefPath(parameters, kl, max(value.error for value in values))
