"""Inference of two binary causes from one observation: exactly, and by a factorised q of least free energy.

`joint[i, j]` is prior times likelihood of what was observed, p(s₁ = i, s₂ = j, x): its sum is the evidence p(x).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON

CELLS = ((0, 0), (0, 1), (1, 0), (1, 1))
PEAK_WIDTH = 1e-9


@dataclass(frozen=True)
class ExactPosterior:
    """p(s₁, s₂ | x) and its marginals; `surprisal` = −log p(x) is the least free energy there is.

    `probs` is of shape (2, 2), `first` and `second` are its marginals; surprisal in nats. Made by
    `kl.acting.exact_posterior`.

    >>> import kl_engine as kl
    >>> found = kl.acting.exact_posterior([[0.1, 0.2], [0.2, 0.1]])
    >>> found.first.probs.tolist(), f"{found.surprisal:.6f}"
    ([0.5, 0.5], '0.510826')
    """

    first: Categorical
    second: Categorical
    probs: np.ndarray
    surprisal: Estimate


@dataclass(frozen=True)
class FactorisedState:
    """A q(s₁) q(s₂) that no change of one factor improves; `kind` is "minimum" or "saddle".

    `first` and `second` are the factors, `free_energy` is in nats. Made by `kl.acting.factorised_states`.

    >>> import kl_engine as kl
    >>> found = kl.acting.factorised_states([[0.1, 0.4], [0.4, 0.1]])
    >>> [state.kind for state in found]
    ['minimum']
    """

    first: Categorical
    second: Categorical
    free_energy: Estimate
    kind: str


@ieee
def exact_posterior(joint) -> ExactPosterior:
    """Bayes' rule. Raises ValueError when `joint` is no (2, 2) array >= 0 with a sum > 0.

    p(s₁, s₂ | x) = joint/Σ joint; the surprisal −log Σ joint in nats. Source: T. Bayes, Phil. Trans. 53 (1763) 370.

    >>> import kl_engine as kl
    >>> kl.acting.exact_posterior([[0.3, 0.1], [0.1, 0.1]]).probs.round(4).tolist()
    [[0.5, 0.1667], [0.1667, 0.1667]]
    """
    table = _joint(joint)
    evidence = math.fsum(table.ravel())
    probs = table / evidence
    surprisal = Estimate(
        -math.log(evidence), 2 * EPSILON * (1 + abs(math.log(evidence))), Certainty.EXACT, "−log of the sum"
    )
    return ExactPosterior(_normal(probs.sum(axis=1)), _normal(probs.sum(axis=0)), probs, surprisal)


def free_energy_of(first: Categorical, second: Categorical, joint) -> Estimate:
    """F = E_q [log q(s₁) q(s₂) − log joint] in nats; inf where q puts mass on a pair that the joint excludes."""
    table, terms, scale = _joint(joint), [], []
    for i, j in CELLS:
        mass = float(first.probs[i] * second.probs[j])
        if mass and not table[i, j]:
            return Estimate.infinite(f"q allows the pair {(i, j)}, which the joint excludes")
        if mass:
            logs = (math.log(first.probs[i]), math.log(second.probs[j]), -math.log(table[i, j]))
            terms.append(mass * sum(logs))
            scale.append(mass * (1 + sum(map(abs, logs))))
    return Estimate(math.fsum(terms), 8 * EPSILON * math.fsum(scale), Certainty.EXACT, "sum over the pairs")


@ieee
def factorised_states(joint) -> tuple[FactorisedState, ...]:
    """Every fixed point of coordinate ascent (mean field), minima first, lowest first; of equals the larger q(s₁=0).

    With u the log odds of q(s₁), two updates are u → g(u), increasing and bounded; g′ has one peak (g is made of two
    sigmoids, whose Schwarzian derivatives are negative), so g(u) = u has one root or three, and the ends of the stretch
    where g′ > 1 tell them apart: none is missed. The middle one is a saddle. Where the joint has zeros, q lives on a
    rectangle without them, and each largest such rectangle holds one minimum. Raises ValueError as `exact_posterior`.
    `joint` is of shape (2, 2); the free energy E_q [log q − log joint] is in nats. Source: C. Bishop, Pattern
    Recognition and Machine Learning (2006), 10.1; for the count D. Singer, SIAM J. Appl. Math. 35 (1978) 260.

    >>> import kl_engine as kl
    >>> best = kl.acting.factorised_states([[0.02, 0.48], [0.48, 0.02]])[0]
    >>> best.kind, f"{best.free_energy:.4f}"
    ('minimum', '0.6383')
    """
    table = _joint(joint)
    if (table == 0).any():
        found = [(*factors, "minimum") for factors in _on_rectangles(table)]
    else:
        found = [(*factors, kind) for factors, kind in _fixed_points(np.log(table))]
    states = [FactorisedState(a, b, free_energy_of(a, b, table), kind) for a, b, kind in found]
    return tuple(
        sorted(states, key=lambda state: (state.kind, round(state.free_energy.value, 12), -state.first.probs[0]))
    )


def _fixed_points(logs: np.ndarray) -> list[tuple[tuple[Categorical, Categorical], str]]:
    """The roots of g(u) = u and what they are."""
    gains, odds = logs[0] - logs[1], logs[:, 0] - logs[:, 1]  # of the first cause by the second's value, and reversed
    coupling = gains[0] - gains[1]
    strength = 2 * math.log(abs(coupling)) if coupling else -math.inf

    def second(u: float) -> float:
        return odds[1] + coupling * _sigmoid(u)

    def move(u: float) -> float:
        return gains[1] + coupling * _sigmoid(second(u)) - u

    def slope(u: float) -> float:  # log g′: it does not underflow where g′ does
        return strength + _log_sigmoid_slope(second(u)) + _log_sigmoid_slope(u)

    low, high = min(gains) - 1, max(gains) + 1
    peak = _peak(slope, low, high)
    ends = [low, high]
    if slope(peak) > 0:
        ends[1:1] = [
            edge
            for edge, outside in ((_root(slope, low, peak), low), (_root(slope, peak, high), high))
            if slope(outside) < 0
        ]
    roots = [(a, b) for a, b in zip(ends, ends[1:]) if move(a) >= 0 > move(b) or move(a) < 0 <= move(b)]
    found = [(_root(move, a, b), "minimum" if move(a) >= 0 else "saddle") for a, b in roots]
    return [((_binary(u), _binary(second(u))), kind) for u, kind in found]


def _on_rectangles(table: np.ndarray) -> list[tuple[Categorical, Categorical]]:
    """The minima of a joint with zeros: one factor certain, the other Bayes' rule given it."""
    allowed = {cell for cell in CELLS if table[cell]}
    lines = [[(i, 0), (i, 1)] for i in (0, 1)] + [[(0, j), (1, j)] for j in (0, 1)]
    full = [line for line in lines if set(line) <= allowed]
    full += [[cell] for cell in allowed if not any(cell in line for line in full)]
    found = []
    for cells in full:
        part = np.zeros((2, 2))
        for cell in cells:
            part[cell] = table[cell]
        part /= part.sum()
        found.append((_normal(part.sum(axis=1)), _normal(part.sum(axis=0))))
    return found


def _joint(joint) -> np.ndarray:
    expected = "a (2, 2) array of finite numbers >= 0 with a sum > 0"
    try:
        table = np.array(joint, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise refuse("joint", expected, joint) from error
    if table.shape != (2, 2) or not np.isfinite(table).all() or (table < 0).any() or not table.sum() > 0:
        raise refuse("joint", expected, joint)
    return table


def _normal(probs: np.ndarray) -> Categorical:
    return Categorical(probs / probs.sum())


def _binary(log_odds: float) -> Categorical:
    return Categorical([_sigmoid(log_odds), _sigmoid(-log_odds)])


def _sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u)) if u >= 0 else math.exp(u) / (1 + math.exp(u))


def _log_sigmoid_slope(u: float) -> float:
    return -abs(u) - 2 * math.log1p(math.exp(-abs(u)))


def _root(f: Callable[[float], float], a: float, b: float) -> float:
    """A root of f between a and b, where its signs differ, by bisection."""
    below = f(a) >= 0
    while a < (middle := 0.5 * (a + b)) < b:
        a, b = (middle, b) if (f(middle) >= 0) == below else (a, middle)
    return middle


def _peak(f: Callable[[float], float], a: float, b: float) -> float:
    """The highest place of an f with one peak, by thirds; f is flat there, so the place need not be sharp."""
    while b - a > PEAK_WIDTH * (1 + abs(a)):
        third = (b - a) / 3
        a, b = (a + third, b) if f(a + third) < f(b - third) else (a, b - third)
    return 0.5 * (a + b)
