"""A Categorical or a Beta p, and q of the same family: q is p itself, and the flow towards it is known.

In natural parameters θ (log probabilities; the shapes of a Beta) the natural gradient of D(q‖p) is θ − θ*, with θ*
those of p. The flow is θ(t) = θ* + e^−t (θ(0) − θ*). Source: S. Amari, Neural Computation 10 (1998) 251.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.divergences.sums import discrete
from kl_engine.divergences.unit import beta
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.tolerances import SAME
from kl_engine.fits.families import Family
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import Aim, Problem, problem_of


@dataclass(frozen=True)
class OwnProblem(Problem):
    """q of p's own family. A place is the probabilities, or a and b."""

    def exact(self, first: np.ndarray | None) -> tuple[Categorical | Beta, str]:
        """p itself."""
        return self.p, "exact: p itself; the only optimum, from every start that excludes nothing"

    def begin(self, start: object) -> np.ndarray:
        """The start, of p's own kind."""
        if not isinstance(start, type(self.p)):
            raise refuse("start", f"a {type(self.p).__name__}, as p is one", start)
        if isinstance(start, Categorical) and start.probs.size != self.p.probs.size:
            raise refuse("start", f"{self.p.probs.size} probabilities, as many as p has", start)
        return self.place(start)

    def place(self, q: Categorical | Beta) -> np.ndarray:
        """The probabilities, or a and b."""
        return q.probs if isinstance(q, Categorical) else np.array([q.a, q.b])

    def q(self, place: np.ndarray) -> Categorical | Beta:
        """The distribution of a place."""
        return Categorical(place) if isinstance(self.p, Categorical) else Beta(*place)

    def value(self, q: Categorical | Beta) -> Estimate:
        """D(p‖q) or D(q‖p), in nats."""
        kl_divergence = discrete.kl_divergence if isinstance(q, Categorical) else beta.kl_divergence
        return kl_divergence(*((self.p, q) if self.aim is Direction.FORWARD else (q, self.p)))

    def flow(self, first: np.ndarray, frames: int) -> Path:
        """The flow in `frames` rows, even in 1 − e^−t, the first the start, the last p.

        A symbol to which the start gives no probability never gets any: the flow then ends at p without it.
        """
        if self.aim is Direction.FORWARD:
            raise refuse("objective", '"reverse", as p is not Gaussian', self.aim)
        last, ways = self.place(self.p), np.linspace(0, 1, frames)[1:-1]
        if isinstance(self.p, Beta):
            return self.path(np.array([first, *(first * (1 - s) + last * s for s in ways), last]))
        held = first > 0
        if not last[held].sum() > 0:
            raise refuse("start", "probability somewhere that p has some", first.tolist())
        last = np.where(held, last, 0) / last[held].sum()
        return self.path(np.array([first, *(_between(first, last, s) for s in ways), last]))

    def path(self, way: np.ndarray, value: Estimate | None = None) -> Path:
        """The distributions, with the divergence at each."""
        found = [self.value(self.q(place)) for place in way]
        columns = {"probs": way} if isinstance(self.p, Categorical) else dict(zip("ab", way.T.copy()))
        return Path.of(type(self.p), columns, found)

    def same(self, first: Categorical | Beta, second: Categorical | Beta) -> bool:
        """Whether D(first‖second) is that of two q's that are one."""
        if self.place(first).size != self.place(second).size:
            return False
        kl_divergence = discrete.kl_divergence if isinstance(first, Categorical) else beta.kl_divergence
        return kl_divergence(first, second).value <= SAME**2


def _between(first: np.ndarray, last: np.ndarray, share: float) -> np.ndarray:
    """The normalised first^(1 − share) last^share."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = (1 - share) * np.log(first) + share * np.log(last)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


@problem_of.register(Categorical)
def problem_of_its_own(p: Categorical | Beta, aim: Aim, family: Family | None) -> OwnProblem:
    """q of the same kind."""
    if family is not None:
        raise refuse("family", f"none, as the family of a {type(p).__name__} is its own", family)
    if not isinstance(aim, Direction):
        raise refuse("objective", f'"forward" or "reverse", as p is a {type(p).__name__}', aim)
    return OwnProblem(p, aim, family)
