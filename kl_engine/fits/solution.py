"""What a fit found: q, its value, how the search ended, the way there, and the other optima."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.notebook import facts
from kl_engine.fits.paths import Path, Rebuilt
from kl_engine.fits.picture import Picture, picture


class Status(StrEnum):
    """How a search ended; `text` names the cause, and what to do about it.

    Raises ValueError for a word that is none of them. Made by `kl.fit`: `kl.fit(…).status`.

    >>> import kl_engine as kl
    >>> found = kl.fit(kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), "reverse", start=kl.Gaussian(0, 1))
    >>> found.status, kl.Status("stopped").text[:20]
    (<Status.CONVERGED: 'converged'>, 'q is not stationary:')
    """

    CONVERGED = "converged"
    SADDLE = "saddle"
    FLAT = "flat"
    EDGE = "edge"
    STOPPED = "stopped"

    @property
    def text(self) -> str:
        """The cause, and the cure where one is needed."""
        return TEXTS[self]


TEXTS = {
    Status.CONVERGED: "q is a strict local minimum: the gradient vanishes and every curvature is positive",
    Status.SADDLE: "q is stationary but no minimum: the start lies on a ridge between basins; move it off the ridge",
    Status.FLAT: "q is stationary, and as good along a whole direction; a family with fewer parameters would do",
    Status.EDGE: "there is no minimum: q ran to the edge beyond which D_α is infinite; take an α nearer to [0, 1]",
    Status.STOPPED: "q is not stationary: the search used up its steps; start nearer to where p has its mass",
}


class Origin(Protocol):
    """What a solution asks of the problem that it solves (see `problems`)."""

    p: Any
    aim: Any

    def path(self, way: np.ndarray, value: Estimate) -> Path:
        """The q's of the places, with the objective at each."""

    def optima(self, own: Solution) -> tuple[Solution, ...]:
        """The minima, and `own` among them."""


@dataclass(frozen=True, eq=False)
class Solution(Rebuilt):
    """The q that a fit found, the objective there in nats, and how far both can be trusted.

    `q` minimises, `value` is the objective there. `status` is the kind of the end (see `Status`), `reason` says in
    words what the search came to. `certainty_of_q`: EXACT where q is a closed form, ESTIMATED where a search found it:
    then it is a local minimum as far as rounding lets one see, and that no other is lower is not proved. `curvatures`
    are the eigenvalues of the Hessian in the natural coordinates of q, ascending, of shape (k,); empty where q is
    exact. `trace` has one row for each iteration, the start first; `optima` the distinct minima that the stated starts
    lead to (and this one), best first. `p` is the target. `problem` and `way` are what they are made from. Made by
    `kl.fit`.

    >>> import kl_engine as kl
    >>> found = kl.fit(kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), "reverse").raise_for_status()
    >>> f"{found.q.mean:.4f} {found.value:.4f} {found.status} {len(found.optima)}"
    '3.9996 0.6931 converged 3'
    """

    problem: Origin = field(repr=False)
    q: Any
    value: Estimate
    status: Status
    reason: str
    certainty_of_q: Certainty
    curvatures: np.ndarray = field(repr=False)
    way: np.ndarray = field(repr=False)  # the places of the trace

    def __post_init__(self) -> None:
        for array in (self.curvatures, self.way):
            array.flags.writeable = False

    @property
    def p(self) -> Any:
        """The target."""
        return self.problem.p

    @property
    def converged(self) -> bool:
        """Whether q is a strict local minimum."""
        return self.status is Status.CONVERGED

    @cached_property
    @ieee
    def trace(self) -> Path:
        """One row for each iteration, the start first: q and the objective."""
        return self.problem.path(self.way, self.value)

    @cached_property
    @ieee
    def optima(self) -> tuple[Solution, ...]:
        """The distinct minima found, best first (of equals, the larger mean), this one among them."""
        return self.problem.optima(self)

    def raise_for_status(self) -> Solution:
        """The solution itself when q is a strict local minimum; RuntimeError with cause and cure otherwise."""
        if not self.converged:
            raise RuntimeError(f"{self.status}: {self.status.text} ({self.reason})")
        return self

    @ieee
    def chart(self) -> Picture:
        """A plot of p and q, a Vega-Lite dict that a notebook draws: densities on the line, ellipses in the plane.

        In more dimensions it is the objective along the trace.

        >>> import kl_engine as kl
        >>> kl.fit(kl.Gaussian(0, 1), "forward").chart()["layer"][0]["mark"]["type"]
        'line'
        """
        title = f"{self.value.value:.4g} nats: {self.status}"
        return picture(self.p, self.q, self.problem.aim, title, lambda: self.trace)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = {"q": self.q, "value": self.value, "status": self.status, "reason": self.reason}
        rows["certainty of q"] = self.certainty_of_q
        return facts(rows)
