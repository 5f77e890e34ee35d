"""A finite joint distribution approximated by a product of two factors, in both directions.

Forward, D(P‖q₁q₂) has one minimum: the marginals, at the mutual information. Reverse, D(q₁q₂‖P) may have many: one at
least in every block without zeros that cannot be made larger, since mass on a zero of P costs without end. Source:
D. MacKay, Information Theory, Inference, and Learning Algorithms (2003), chapter 33, exercise 33.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.divergences.verbs import kl_divergence
from kl_engine.estimates.checks import matrix, normalised, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee

LARGEST = 12  # states of each variable: the blocks are counted one by one
MOST_SWEEPS, SETTLED = 20_000, 1e-14
ONE_END = 1e-6  # in probabilities: two ends nearer than that are one
NUDGE = 1e-3  # of a belief, to see whether a stationary point is a minimum
End = tuple[np.ndarray, np.ndarray]  # where an ascent ends: both factors


@dataclass(frozen=True, eq=False)
class ProductOptimum:
    """A stationary point of D(q₁q₂‖P): the factors `rows` and `columns`, its `value` in nats, and its `kind`.

    `kind` is "minimum" or "saddle". Made by `kl.inference.product_fits`.

    >>> import kl_engine as kl
    >>> best = kl.inference.product_fits([[0.4, 0.1], [0.1, 0.4]]).optima[0]
    >>> best.kind, round(best.value.value, 6), best.rows.probs.round(4).tolist()
    ('minimum', 0.223144, [0.5, 0.5])
    """

    rows: Categorical
    columns: Categorical
    value: Estimate
    kind: str


@dataclass(frozen=True, eq=False)
class ProductFits:
    """Both directions of a product of two factors from a joint distribution P, `joint`, (rows, columns); in nats.

    `rows`, `columns` are the marginals, the forward fit; `forward` its D(P‖q₁q₂), the mutual information, and `reverse`
    the D(q₁q₂‖P) of the same q. `optima` are the stationary points of the reverse direction, minima first, best first;
    `from_rows[i]` and `from_columns[j]` the place of the one that coordinate ascent reaches from all mass on row i, or
    on column j; None where that has no mass under P. Made by `kl.inference.product_fits`.

    >>> import kl_engine as kl
    >>> found = kl.inference.product_fits([[0.5, 0.0], [0.0, 0.5]])
    >>> round(found.forward.value, 6), found.reverse.value, found.from_rows
    (0.693147, inf, (0, 1))
    """

    joint: np.ndarray
    rows: Categorical
    columns: Categorical
    forward: Estimate
    reverse: Estimate
    optima: tuple[ProductOptimum, ...]
    from_rows: tuple[int | None, ...]
    from_columns: tuple[int | None, ...]

    @property
    def minima(self) -> tuple[ProductOptimum, ...]:
        """Those of the optima that are minima."""
        return tuple(each for each in self.optima if each.kind == "minimum")


@ieee
def product_fits(joint: np.ndarray) -> ProductFits:
    """The product of two factors nearest to a joint distribution, D(P‖q₁q₂) → min and D(q₁q₂‖P) → min, in nats.

    `joint` is a matrix of shape (rows, columns) of probabilities of sum 1, at most 12 × 12. Reverse: coordinate ascent,
    log q₁ = E over q₂ of log P + const and in turn, from every row, every column, and within every block of P without
    zeros that cannot be made larger, from its middle. Each end is nudged: what does not come back is a saddle. Raises
    ValueError naming what is wrong with `joint`. Source: D. MacKay, Information Theory, Inference, and Learning
    Algorithms (2003), chapter 33.

    >>> import kl_engine as kl
    >>> P = [[1/8, 1/8, 0, 0], [1/8, 1/8, 0, 0], [0, 0, 1/4, 0], [0, 0, 0, 1/4]]
    >>> [round(each.value.value, 6) for each in kl.inference.product_fits(P).minima]
    [0.693147, 1.386294, 1.386294]
    """
    table = matrix("joint", joint)
    if max(table.shape) > LARGEST or (table < 0).any():
        raise refuse("joint", f"probabilities >= 0, at most {LARGEST} × {LARGEST} of them", joint)
    table = normalised("joint", table.ravel(), joint).reshape(table.shape)
    with np.errstate(divide="ignore"):
        logs = np.log(table)
    rows, columns = Categorical(table.sum(axis=1)), Categorical(table.sum(axis=0))
    starts: list[np.ndarray] = [_columns_from(logs, row) for row in np.eye(table.shape[0])]
    starts += list(np.eye(table.shape[1]))
    ends = [_ascended(logs, start) for start in starts]
    ends += [_ascended(logs, start) for start in _middles(table > 0, columns.probs)]
    made = [_optimum(table, *end, _kind(logs, *end)) for end in _distinct(ends)]
    made.sort(key=lambda each: (each.kind != "minimum", round(each.value.value, 11)))
    known = np.array([np.concatenate([each.rows.probs, each.columns.probs]) for each in made])
    height, corners = table.shape[0], sum(table.shape)
    places = [None if end is None else _place(known, end) for end in ends[:corners]]
    forward, reverse = _both(table, rows, columns)
    return ProductFits(
        table, rows, columns, forward, reverse, tuple(made), *map(tuple, (places[:height], places[height:]))
    )


def _both(table: np.ndarray, rows: Categorical, columns: Categorical) -> tuple[Estimate, Estimate]:
    """D(P‖q₁q₂) and D(q₁q₂‖P)."""
    p, q = Categorical(table.ravel()), Categorical(np.outer(rows.probs, columns.probs).ravel())
    return kl_divergence(p, q), kl_divergence(q, p)


def _optimum(table: np.ndarray, first: np.ndarray, second: np.ndarray, kind: str) -> ProductOptimum:
    rows, columns = Categorical(first), Categorical(second)
    return ProductOptimum(rows, columns, _both(table, rows, columns)[1], kind)


def _belief(logs: np.ndarray, other: np.ndarray) -> np.ndarray | None:
    """q ∝ exp E over the other factor of log P; None where every state is ruled out."""
    held = other > 0
    levels = logs[:, held] @ other[held]
    if np.isneginf(levels).all():
        return None
    weights = np.exp(levels - levels.max())
    return weights / weights.sum()


def _columns_from(logs: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    return _belief(logs.T, rows)


def _ascended(logs: np.ndarray, second: np.ndarray | None) -> End | None:
    """Where coordinate ascent from a belief about the columns ends; None where it rules out every row."""
    first = None if second is None else _belief(logs, second)
    if first is None:
        return None
    for _ in range(MOST_SWEEPS):
        before = first, second
        second = _belief(logs.T, first)
        first = _belief(logs, second)
        if max(np.abs(first - before[0]).max(), np.abs(second - before[1]).max()) < SETTLED:
            break
    return first, second


def _distinct(ends: list[End | None]) -> list[End]:
    """The ends, each of those that are one once; there may be thousands, so all that are known are compared at once."""
    found: list[End] = []
    known = np.empty((len(ends), sum(map(len, next(filter(None, ends))))))
    for end in filter(None, ends):
        if _place(known[: len(found)], end) is None:
            known[len(found)] = np.concatenate(end)
            found.append(end)
    return found


def _place(known: np.ndarray, end: End) -> int | None:
    """The place among known ends, each a row of both factors, of one that is the same."""
    same = np.flatnonzero(np.abs(known - np.concatenate(end)).max(axis=1) < ONE_END) if len(known) else np.empty(0, int)
    return int(same[0]) if same.size else None


def _kind(logs: np.ndarray, first: np.ndarray, second: np.ndarray) -> str:
    """Whether coordinate ascent comes back from beside the point: a minimum; otherwise a saddle."""
    held = np.flatnonzero(second > 0)
    rng = np.random.default_rng(0)
    for _ in range(3 if held.size > 1 else 0):
        nudged = second.copy()
        nudged[held] *= np.exp(NUDGE * rng.normal(size=held.size))
        after = _ascended(logs, nudged / nudged.sum())
        if np.abs(after[1] - second).max() > 10 * NUDGE:
            return "saddle"
    return "minimum"


def _middles(possible: np.ndarray, weights: np.ndarray) -> list[np.ndarray]:
    """A belief about the columns in the middle of each block without zeros that cannot be made larger."""
    found: dict[tuple[int, ...], np.ndarray] = {}
    count = possible.shape[1]
    for size in range(1, count + 1):
        for chosen in combinations(range(count), size):
            rows = possible[:, chosen].all(axis=1)
            if rows.any():
                closed = possible[rows].all(axis=0)
                found.setdefault(tuple(np.flatnonzero(closed)), np.where(closed, np.maximum(weights, 1e-300), 0.0))
    return [belief / belief.sum() for belief in found.values()]
