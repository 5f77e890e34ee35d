"""Everything the view shows, from p, q and r: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    ArithmeticCoder,
    Categorical,
    Code,
    CodingRun,
    Estimate,
    coding_run,
    cross_entropy,
    entropy,
    excess_band,
    expected_length,
    huffman_code,
    kl_divergence,
    kl_terms,
    redundancy,
    shannon_code,
)

SIZES = np.unique(np.logspace(1, 5, 41).round().astype(int))  # of the samples: 10 to 100,000


@dataclass(frozen=True)
class Coding:
    """A code built for one distribution and used on data from another."""

    code: Code
    length: Estimate
    excess: Estimate


@dataclass(frozen=True)
class Costs:
    """What data from `a` costs in codes for `b`, term by term and in all, in nats a symbol."""

    a: Categorical
    b: Categorical
    entropy: Estimate
    cross: Estimate
    divergence: Estimate
    terms: np.ndarray
    codes: tuple[Coding, ...]  # Shannon's and Huffman's


@dataclass(frozen=True)
class Detour:
    """A third distribution between p and q, and the three divergences of the triangle."""

    r: Categorical
    direct: Estimate
    first: Estimate
    second: Estimate


@dataclass(frozen=True)
class Scene:
    """Both directions, and the triangle."""

    forward: Costs
    reverse: Costs
    detour: Detour


@dataclass(frozen=True)
class Measured:
    """A sample coded for both distributions, the band about D, and whether it was decoded to what it had been."""

    run: CodingRun
    band: tuple[np.ndarray, np.ndarray] | None  # None where D is infinite
    decoded: bool


def code_scene(p: tuple[float, ...], q: tuple[float, ...], r: tuple[float, ...] | None) -> Scene:
    """Both directions for p and q; r is the middle ½p + ½q where none is given."""
    first, second = Categorical(p), Categorical(q)
    third = Categorical(0.5 * (first.probs + second.probs)) if r is None else Categorical(r)
    detour = Detour(third, *(kl_divergence(a, b) for a, b in ((first, second), (first, third), (third, second))))
    return Scene(_costs(first, second), _costs(second, first), detour)


def measured(a: tuple[float, ...], b: tuple[float, ...], seed: int) -> Measured:
    """A sample from `a`, coded for `b` and for `a`."""
    data, model = Categorical(a), Categorical(b)
    run = coding_run(data, model, SIZES.tolist(), np.random.default_rng(seed))
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
    return Costs(a, b, entropy(a), cross_entropy(a, b), kl_divergence(a, b), kl_terms(a, b), codes)
