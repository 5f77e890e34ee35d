"""The engine on pairs ten times harder than the reference pairs: no NaN, nothing negative, every error bound true.

    python -m tests.load.stress [pairs]

Every sixth pair is of one kind of the reference pairs, with separations and spreads of the widths up to ten times
theirs and weights down to the smallest normal double. A sample is compared with mpmath, and every value is written as
a page would write it, read back, and compared with its error.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import mpmath as mp
import numpy as np

from kl_engine import (
    Certainty,
    Estimate,
    cross_entropy,
    disagreement,
    entropy,
    fit,
    forward_kl,
    moment_match,
    reverse_kl,
)
from kl_engine.distributions.gaussian import Mixture
from pages.ui.say.numbers import amount, margin
from tests.load.hard_pairs import HardPair, fits_in_doubles, hard_pairs, refusable
from tests.precise_wide import divergence
from tests.written import honest

FITTED, COMPARED = 20, 40  # of the pairs of a kind, one of so many is fitted, or compared with mpmath


@dataclass
class Tally:
    """What was asked of one kind, and every fault."""

    counts: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    nearest: float = 0.0  # the largest true error, in bounds
    slowest: float = 0.0  # s of CPU

    def note(self, what: str, pair: HardPair) -> None:
        """One fault, with what repeats it."""
        self.faults.append(f"{what}\n    p = {pair.p}\n    q = {pair.q}")


def examine(pair: HardPair, tally: Tally, number: int) -> None:
    """Ask everything of one pair."""
    p, q = pair.p, pair.q
    asked: list[tuple[str, Callable, tuple]] = [
        ("entropy", entropy, (p,)),
        ("entropy", entropy, (q,)),
        ("cross entropy", cross_entropy, (p, q)),
        ("cross entropy", cross_entropy, (q, p)),
        ("forward", forward_kl, (p, q)),
        ("reverse", reverse_kl, (p, q)),
        ("failures", disagreement, (p, q)),
        ("moment match", moment_match, (p,)),
    ]
    if number % FITTED == 0:
        asked += [(f"fit {way}", fit, (p, way)) for way in ("forward", "reverse")]
    with np.errstate(all="ignore"):
        found = {name: _answer(pair, tally, name, call, arguments) for name, call, arguments in asked}
    if number % COMPARED == 0:
        for name, order in (("forward", (p, q)), ("reverse", (q, p))):
            if isinstance(found[name], Estimate):
                _compare(pair, tally, name, found[name], divergence(*order))


def _answer(pair: HardPair, tally: Tally, name: str, call: Callable, arguments: tuple) -> object:
    """What the engine says, checked by its kind; None where it refuses."""
    tally.counts["asked"] += 1
    start = time.process_time()
    try:
        answer = call(*arguments)
    except (OverflowError, ValueError) as refusal:
        mixtures = [a for a in arguments if isinstance(a, Mixture)]
        tally.counts["refused"] += 1
        too_large = isinstance(refusal, OverflowError)
        if fits_in_doubles(mixtures[0], mixtures[-1]) if too_large else not refusable(*mixtures):
            tally.note(f"{name}: {refusal}", pair)
        return None
    except Exception as fault:  # whatever else is a fault, and the next pair is to be asked all the same
        tally.note(f"{name}: {type(fault).__name__}: {fault}", pair)
        return None
    tally.slowest = max(tally.slowest, time.process_time() - start)
    if name == "moment match":
        _check_gaussian(pair, tally, name, answer)
    elif name.startswith("fit"):
        _check_gaussian(pair, tally, name, answer.q)
        _check(pair, tally, name, answer.value, least=0.0)
    elif name == "failures":
        for mass in answer:
            _check(pair, tally, name, mass, least=0.0, most=1.0)
    else:
        _check(pair, tally, name, answer, least=0.0 if name in ("forward", "reverse") else -math.inf)
    return answer


def _check(pair: HardPair, tally: Tally, name: str, found: Estimate, least: float, most: float = math.inf) -> None:
    """A finite number within its bounds, as far as its error allows, and written honestly."""
    value, error = found.value, found.error
    if not (math.isfinite(value) and math.isfinite(error) and error >= 0):  # between Gaussian mixtures none is infinite
        tally.note(f"{name}: {found}", pair)
    elif not least - error <= value <= most + error:
        tally.note(f"{name} is outside {least:g} to {most:g}: {found}", pair)
    else:
        tally.counts["written"] += 1
        written, reach = amount(found, "nats"), margin(error, Certainty.EXACT)
        if not honest(written, value, error) or not honest(reach, error, error, above=True):
            tally.note(f"{name} is written {written} {reach}: {found}", pair)


def _check_gaussian(pair: HardPair, tally: Tally, name: str, q: Mixture) -> None:
    if not (math.isfinite(q.mean) and math.isfinite(q.std) and q.std > 0):
        tally.note(f"{name}: {q}", pair)


def _compare(pair: HardPair, tally: Tally, name: str, found: Estimate, truth: mp.mpf) -> None:
    """The true error against the bound."""
    tally.counts["compared"] += 1
    miss = abs(mp.mpf(found.value) - truth)
    if miss:
        tally.nearest = max(tally.nearest, float(miss / found.error) if found.error else math.inf)
    if miss > found.error:
        tally.note(f"{name} = {found}, and the truth is {mp.nstr(truth, 20)}", pair)


def stress(count: int, seed: int = 0) -> dict[str, Tally]:
    """So many pairs, by kind."""
    tallies: dict[str, Tally] = {}
    for number, pair in enumerate(hard_pairs(count, seed)):
        examine(pair, tallies.setdefault(pair.kind, Tally()), number // 6)
    return tallies


def main(count: int = 10_000) -> None:
    """Print the table, and every fault."""
    tallies = stress(count)
    heads = ("asked", "refused", "written", "compared")
    print(f"{'':12}", *(f"{head:>9}" for head in heads), f"{'faults':>9} {'error/bound':>12} {'slowest s':>10}")
    for kind, tally in tallies.items():
        counts = " ".join(f"{tally.counts[head]:>9}" for head in heads)
        print(f"{kind:12} {counts} {len(tally.faults):>9} {tally.nearest:>12.3g} {tally.slowest:>10.2f}")
    for kind, tally in tallies.items():
        for fault in tally.faults[:10]:
            print(f"\n{kind}: {fault}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
