"""Everything the view shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import Categorical, Direction, Estimate, cross_entropy, entropy, kl_divergence
from kl_engine.coding import (
    ArithmeticCoder,
    Code,
    CodingRun,
    coding_run,
    excess_band,
    expected_length,
    huffman_code,
    huffman_extremes,
    redundancy,
    shannon_code,
)
from kl_engine.divergences import kl_terms
from pages.ui.cache.kept import kept
from pages.ui.views.code_lengths.question import SIZES, Probabilities, Question


@dataclass(frozen=True, eq=False)
class Coding:
    """A code built for one distribution and used on data from another."""

    code: Code
    length: Estimate
    excess: Estimate


@dataclass(frozen=True, eq=False)
class Costs:
    """What data from `a` costs in codes for `b`, term by term and in all, in nats per symbol."""

    a: Categorical
    b: Categorical
    entropy: Estimate
    cross: Estimate
    divergence: Estimate
    terms: np.ndarray
    codes: tuple[Coding, ...]  # Shannon's and Huffman's
    others: tuple[Estimate, Estimate]  # the least and the most that a code as short for b as Huffman's costs


@dataclass(frozen=True, eq=False)
class Detour:
    """A third distribution between p and q, and the three divergences of the triangle."""

    r: Categorical
    direct: Estimate
    first: Estimate
    second: Estimate


@dataclass(frozen=True, eq=False)
class Scene:
    """Both directions, and the triangle."""

    question: Question
    forward: Costs
    reverse: Costs
    detour: Detour

    def costs(self, direction: Direction) -> Costs:
        """Data from p in codes for q, or the reverse."""
        return self.forward if direction is Direction.FORWARD else self.reverse

    def sample(self, direction: Direction) -> Measured:
        """The sample that shows the same at work."""
        asked = self.question
        pair = (asked.p, asked.q) if direction is Direction.FORWARD else (asked.q, asked.p)
        return measured(*pair, asked.seed)


@dataclass(frozen=True, eq=False)
class Measured:
    """A sample coded for both distributions, the band about D, and whether it was decoded to what it had been."""

    run: CodingRun
    band: tuple[np.ndarray, np.ndarray] | None  # None where D is infinite
    decoded: bool


@kept(128)
def answered(question: Question) -> Scene:
    """Both directions for p and q; r is the middle ½p + ½q where none is given."""
    first, second = Categorical(question.p), Categorical(question.q)
    middle = question.r is None
    third = Categorical(0.5 * (first.probs + second.probs) if middle else question.r)
    detour = Detour(third, *(kl_divergence(a, b) for a, b in ((first, second), (first, third), (third, second))))
    return Scene(question, _costs(first, second), _costs(second, first), detour)


@kept(16)
def measured(a: Probabilities, b: Probabilities, seed: int) -> Measured:
    """A sample from `a`, coded for `b` and for `a`: 100,000 symbols, a tenth of a second and 0.8 MB."""
    data, model = Categorical(a), Categorical(b)
    run = coding_run(data, model, SIZES, np.random.default_rng(seed))
    band = (
        None
        if run.stopped is not None or (data.probs[model.probs == 0] > 0).any()
        else excess_band(data, model, run.sizes)
    )
    decoded = ArithmeticCoder(model).decode(run.code) == run.symbols[: run.stopped].tolist()
    return Measured(run, band, decoded)


def _costs(a: Categorical, b: Categorical) -> Costs:
    codes = tuple(
        Coding(code, expected_length(a, code), redundancy(a, code)) for code in (shannon_code(b), huffman_code(b))
    )
    others = tuple(expected_length(a, code) for code in huffman_extremes(b, a))
    return Costs(a, b, entropy(a), cross_entropy(a, b), kl_divergence(a, b), kl_terms(a, b), codes, others)
