"""Everything the view shows of one question: engine results and nothing drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine import Categorical, Certainty, Estimate, entropy, kl_divergence
from kl_engine.inference import ProductFits, product_fits
from pages.ui.cache.long_work import long
from pages.ui.views.classic_exercise.question import Question

FORWARD = "forward"
INDEPENDENT = 1e-12  # nats: a mutual information below it is rounding
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Fit:
    """A product q(x) q(y): both divergences, how much of q lies where p is 0, and of p where q is 0, its entropy.

    `name` is "forward", or the number of a reverse minimum, best first. `from_rows` and `from_columns` are the states,
    counted from 1, from all mass on which coordinate ascent leads to it.
    """

    name: str
    rows: Categorical
    columns: Categorical
    forward: Estimate
    reverse: Estimate
    invents: Estimate
    misses: Estimate
    entropy: Estimate
    from_rows: tuple[int, ...] = ()
    from_columns: tuple[int, ...] = ()

    @property
    def table(self) -> np.ndarray:
        """q(x, y)."""
        return np.outer(self.rows.probs, self.columns.probs)


@dataclass(frozen=True, eq=False)
class Scene:
    """The forward fit, every minimum of the reverse direction, best first, and the saddles that were met."""

    question: Question
    joint: np.ndarray
    forward: Fit
    minima: tuple[Fit, ...]
    saddles: tuple[Estimate, ...]

    @property
    def is_product(self) -> bool:
        """Whether the two variables are independent, to rounding."""
        return self.forward.forward.value <= max(INDEPENDENT, self.forward.forward.error)

    @property
    def reached(self) -> int:
        """How many of the minima the starts from one state lead to."""
        return sum(bool(fit.from_rows or fit.from_columns) for fit in self.minima)


@long(64, "Looking for every minimum …")
def answered(question: Question) -> Scene:
    """Both directions. Milliseconds for a small table, seconds for one of 12 × 12 with thousands of blocks."""
    found = product_fits(np.array(question.joint))
    forward = _fit(FORWARD, found.joint, found.rows, found.columns, found.forward, found.reverse)
    minima = tuple(_reverse_fit(found, k) for k in range(len(found.minima)))
    saddles = tuple(each.value for each in found.optima if each.kind != "minimum")
    return Scene(question, found.joint, forward, minima, saddles)


def _reverse_fit(found: ProductFits, place: int) -> Fit:
    """The minimum at this place, which is that of all optima: minima come first."""
    each = found.minima[place]
    starts = [
        tuple(i for i, end in enumerate(ends, 1) if end == place) for ends in (found.from_rows, found.from_columns)
    ]
    q = Categorical(np.outer(each.rows.probs, each.columns.probs).ravel())
    forward = kl_divergence(Categorical(found.joint.ravel()), q)
    return _fit(str(place + 1), found.joint, each.rows, each.columns, forward, each.value, *starts)


def _fit(name: str, joint: np.ndarray, rows, columns, forward, reverse, *starts) -> Fit:
    q = np.outer(rows.probs, columns.probs)
    invents, misses = _mass(q[joint == 0]), _mass(joint[q == 0])
    return Fit(name, rows, columns, forward, reverse, invents, misses, entropy(rows) + entropy(columns), *starts)


def _mass(cells: np.ndarray) -> Estimate:
    """The sum of these probabilities."""
    total = math.fsum(cells.tolist())
    return Estimate(total, 4 * EPSILON * (1 if cells.size else 0), Certainty.EXACT, "sum over the cells")
