"""What becomes of a claim along its dial: where it holds, where that changes, and a state against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pages.ui.views.claims.argument.claim import Claim

HOLDS, WHEN, FALSE = "holds", "holds when", "false as stated"
CLOSE = 1e-6  # of the dial's range: an edge is searched until it is known so well, beyond the digits that are shown


@dataclass(frozen=True)
class Verdict:
    """`edges` are the places of the dial at which the claim begins or ceases to hold; `first` says whether it holds at
    the low end. `against` is a state of the dial at which it does not hold, None where none was met."""

    kind: str
    edges: tuple[float, ...]
    first: bool
    against: float | None

    def is_true(self, piece: int) -> bool:
        """Whether it holds on this piece of the dial: piece 0 reaches up to the first edge."""
        return self.first == (piece % 2 == 0)


def judged(claim: Claim) -> Verdict:
    """The predicate evaluated along the dial; each place where it changes found by bisection.

    Between two neighbours of the grid at which the claim has one truth it is taken to keep it: what is looked at is a
    family of one parameter that changes once or twice. Of a claim that holds all along, only a proof says more.
    """
    places = states(claim)
    truths = [claim.is_true_at(place) for place in places]
    edges = tuple(
        _edge(claim, low, high, before)
        for low, high, before, after in zip(places, places[1:], truths, truths[1:])
        if before != after
    )
    if all(truths):
        return Verdict(HOLDS, edges, True, None)
    kind = FALSE if claim.unconditional or not any(truths) else WHEN
    return Verdict(kind, edges, truths[0], _against(claim, places, truths))


def states(claim: Claim) -> list[float]:
    """The states of the dial at which the claim is tried: ends, default, and steps between."""
    dial = claim.dial
    spread = {dial.nearest(place) for place in np.linspace(dial.low, dial.high, claim.grid).tolist()}
    return sorted(spread | {dial.default})


def _edge(claim: Claim, low: float, high: float, before: bool) -> float:
    """Where the truth changes between two places, by bisection."""
    least = 1.0 if claim.counts else CLOSE * (claim.dial.high - claim.dial.low)
    while high - low > least:
        middle = float(np.floor((low + high) / 2)) if claim.counts else (low + high) / 2
        low, high = (middle, high) if claim.is_true_at(middle) == before else (low, middle)
    return (low + high) / 2


def _against(claim: Claim, places: list[float], truths: list[bool]) -> float:
    """A state against the claim: the one it opens on if that is one, else the middle of the longest run of them."""
    against = [place for place, truth in zip(places, truths) if not truth]
    if claim.dial.default in against:
        return claim.dial.default
    runs, start = [], None
    for i, truth in enumerate([*truths, True]):
        if not truth and start is None:
            start = i
        elif truth and start is not None:
            runs.append((start, i))
            start = None
    first, last = max(runs, key=lambda run: run[1] - run[0])
    return places[(first + last - 1) // 2]
