"""What every estimator says of one pair, in both directions: engine results and nothing drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kl_engine import Direction, Estimate, forward_kl, kl_bounds, reverse_kl
from kl_engine.divergences import Bound, EstimatorFacts, SamplingRun, estimator_facts, sampling_run
from pages.ui.cache.long_work import long
from pages.ui.views.estimators.question import DRAWS, Question

LOWER, UPPER = "lower", "upper"
SIZES = tuple(sorted({round(10 ** (1 + k / 12)) for k in range(49)}))  # 10 … 100 000, twelve to each power of ten
CLOSE = 0.05  # of the value: within it a number counts as telling it


@dataclass(frozen=True)
class Trial:
    """One direction: the exact value, every bound of it, and a sample read at growing lengths."""

    direction: Direction
    exact: Estimate
    bounds: tuple[Bound, ...]
    run: SamplingRun

    @property
    def finite(self) -> tuple[Bound, ...]:
        """Those that say something of this pair, Monte Carlo aside: it has a picture of its own."""
        return tuple(b for b in self.bounds if math.isfinite(b.estimate.value) and b.name != "Monte Carlo")

    @property
    def missing(self) -> tuple[Bound, ...]:
        """Those that say nothing of this pair."""
        return tuple(bound for bound in self.bounds if not math.isfinite(bound.estimate.value))

    def best(self, kind: str) -> Bound:
        """The tightest bound of a kind."""
        sign = 1 if kind == LOWER else -1
        return max((b for b in self.finite if b.kind == kind), key=lambda bound: sign * bound.estimate.value)

    def distance(self, bound: Bound) -> float:
        """How far it is from the exact value, in nats, with its sign."""
        return bound.estimate.value - self.exact.value

    def is_close(self, bound: Bound) -> bool:
        """Whether it tells the value to within 5 %."""
        return abs(self.distance(bound)) <= CLOSE * abs(self.exact.value) + bound.estimate.error + self.exact.error


@dataclass(frozen=True)
class Scene:
    """Both directions of a question, forward first; and k1, k2, k3 of D(q‖p), which need no sample to be told."""

    question: Question
    trials: tuple[Trial, Trial]
    facts: tuple[EstimatorFacts, ...] = ()


@long(128, "Drawing samples …")
def answered(question: Question) -> Scene:
    """What is said of the pair in both directions: two samples of 100 000 draws."""
    p, q, seed = question.target.p, question.approximation.q, question.seed
    pairs = {Direction.FORWARD: (p, q, forward_kl), Direction.REVERSE: (q, p, reverse_kl)}
    trials = (
        Trial(direction, divergence(p, q), kl_bounds(a, b, DRAWS, seed), sampling_run(a, b, SIZES, rng=seed))
        for direction, (a, b, divergence) in pairs.items()
    )
    return Scene(question, tuple(trials), estimator_facts(p, q))
