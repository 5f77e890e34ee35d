"""Everything the page shows of one question: engine results, the verdict along the dial, and the states between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.claim import Claim, Results
from pages.ui.views.claims.argument.routes import stop_of
from pages.ui.views.claims.argument.verdicts import Verdict, judged, states
from pages.ui.views.claims.question import Question

MANY = 60  # steps of a dial: so many are all computed, to be shown under the hand
SPREAD = 41  # states of a longer dial, evenly
AT_ONCE = 8  # states that are computed before anything else is looked at


@dataclass(frozen=True, eq=False)
class Scene:
    """What is measured where the dial stands, and whether the claim holds there."""

    question: Question
    results: Results
    holds: bool

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.question.claim


@kept(4096)
def measured(key: str, at: float) -> Results:
    """What the engine finds for a claim at one state of its dial."""
    return CLAIMS[key].measure(at)


def tried(key: str) -> Claim:
    """The claim, which measures no state twice."""
    return replace(CLAIMS[key], measure=lambda at: measured(key, at))


def answered(question: Question) -> Scene:
    """The scene of a question."""
    results = measured(question.key, question.at)
    return Scene(question, results, question.claim.holds(results))


@long(len(CLAIMS), "Trying it along the dial …")
def verdict_of(key: str) -> Verdict:
    """The verdict on a claim: some tens of states, a second or two for a claim about fits."""
    return judged(tried(key))


@kept(1024)
def is_told(route: str, key: str, at: float) -> bool:
    """Whether the verdict is to be seen: always, but on a route only where its question is answered."""
    _, stop = stop_of(route, key)
    return stop is None or stop.answered(tried(key), at)


def places_of(key: str, found: Verdict) -> Iterator[tuple[float, ...]]:
    """The states of the dial that are shown under the hand, a few at a time; all of them are steps of the dial.

    First those that the verdict has tried already, and those on both sides of every edge, so that it is between two
    neighbours that the verdict turns.
    """
    claim, dial = CLAIMS[key], CLAIMS[key].dial
    steps = round((dial.high - dial.low) / dial.step)
    first = set(states(claim)) | {
        dial.nearest(edge + k * dial.step) for edge in found.edges for k in (-1.0, -0.5, 0.5, 1.0)
    }
    yield tuple(sorted(first))
    count = steps + 1 if steps <= MANY else SPREAD
    rest = sorted({dial.nearest(at) for at in np.linspace(dial.low, dial.high, count).tolist()} - first)
    parts = -(-len(rest) // AT_ONCE)
    yield from (tuple(rest[i::parts]) for i in range(parts))
