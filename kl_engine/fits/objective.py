"""What every fit minimises, seen from a search: places, terms, steps.

A *place* is a row of numbers that says one q; a *step* is counted in the natural coordinates of q there (a mean in its
std, a log std, a log weight), so that one set of tolerances serves every family. A search asks no more than this.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, Self

import numpy as np

METRIC = 2.0  # Fisher's, of log std; that of a mean counted in its std is 1


class Terms(NamedTuple):
    """An objective at each of R places, with P coordinates of a step.

    `rounding` bounds what rounding does to the gradient: below it a gradient cannot be told from 0.
    """

    value: np.ndarray  # (R,) nats
    gradient: np.ndarray  # (R, P)
    hessian: np.ndarray  # (R, P, P)
    rounding: np.ndarray  # (R,)

    def chosen(self, rows) -> Terms:
        """Some of the rows."""
        return Terms(*(part[rows] for part in self))

    def joined(self, other: Terms) -> Terms:
        """The rows of both."""
        return Terms(*(np.concatenate(pair) for pair in zip(self, other)))

    def curvatures(self) -> np.ndarray:
        """(R, P) the eigenvalues of each Hessian, ascending."""
        return np.linalg.eigvalsh(self.hessian)


class Objective(Protocol):
    """A function of q to be minimised, over many q at once: what a descent, a flow or a search for zeros asks of it."""

    def chosen(self, rows: np.ndarray) -> Self:
        """The objective of some of the rows, where each row has one of its own."""

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at each place; where the objective is infinite inf, 0 and the identity."""

    def moved(self, places: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """The places to which the steps (R, P) lead."""

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(R,) the values in nats, and a bound of the error of each: what a picture is drawn from."""


class OnTheLine:
    """The places of one Gaussian on the line: rows (mean, std); with the std `held` a step moves the mean alone."""

    held: bool

    def moved(self, places: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """mean + std · first, std · exp(second)."""
        mean, std = places.T
        return np.column_stack([mean + std * steps[:, 0], std if self.held else std * np.exp(steps[:, 1])])

    def velocity(self, mean: float, std: float) -> tuple[float, float]:
        """dμ/dt counted in σ and d log σ/dt of the natural-gradient flow at one place: −G⁻¹ gradient."""
        across, *growth = (-self.terms(np.array([[mean, std]])).gradient[0]).tolist()
        return across, growth[0] / METRIC if growth else 0.0

    def free(self, terms: Terms) -> Terms:
        """The terms in the coordinates that may move."""
        if not self.held:
            return terms
        return terms._replace(gradient=terms.gradient[:, :1], hessian=terms.hessian[:, :1, :1])


def apart(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How far places (…, 2) on the line are from others: the larger gap: of means in the second's std, of log stds."""
    means = np.abs(first[..., 0] - second[..., 0]) / second[..., 1]
    return np.maximum(means, np.abs(np.log(first[..., 1] / second[..., 1])))
