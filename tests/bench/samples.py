"""How often the intervals from samples cover D: known pairs with shifts and scales, 1 to 5 dimensions.

    python -m tests.bench.samples [--seeds 200] [--dimensions 1,2] [--sizes 100,1000] [--pairs wide,narrow] [--density]

A cell is a pair, a dimension and a number of points of each sample. Printed are the share of the seeds that were
refused in words, the share of the others whose interval covers D, and their median half width.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import kl_engine as kl
from kl_engine.distributions.scipy_laws import ScipyLaw
from kl_engine.divergences import Refused

SEEDS, SIZES, DIMENSIONS = 200, (100, 1000, 10_000), (1, 2, 3, 4, 5)


class Pair(NamedTuple):
    """Independent coordinates, each a from `a` and b from `b`; a Gaussian pair may be shifted in the first alone."""

    a: object
    b: object
    first: object | None = None  # b of the first coordinate, where it is another

    def truth(self, d: int) -> float:
        """D in nats: the sum over the coordinates."""
        own = kl.kl_divergence(self.a, self.b).value
        return d * own if self.first is None else kl.kl_divergence(self.a, self.first).value + (d - 1) * own

    def samples(self, d: int, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """(n, d) points of each."""
        x, y = (np.column_stack([each.sample(n, rng) for _ in range(d)]) for each in (self.a, self.b))
        if self.first is not None:
            y[:, 0] = self.first.sample(n, rng)
        return x, y


d, G = kl.distributions, kl.Gaussian
SHIFTED = d.Affine(d.Exponential(1), 1)  # from 1 on
MODES = kl.GaussianMixture([0.5, 0.5], [-2, 2], [1, 1])
SIX = {
    "N(0,1) | N(1,1) in one coordinate": Pair(G(0, 1), G(0, 1), G(1, 1)),
    "N(0,1) | N(0,2)": Pair(G(0, 1), G(0, 2)),
    "N(0,1) | N(0,.5)": Pair(G(0, 1), G(0, 0.5)),
    "Laplace(0,1) | N(.5,1.5)": Pair(d.Laplace(0, 1), G(0.5, 1.5)),
    "two modes | N(0,2)": Pair(MODES, G(0, 2)),
    "Gamma(2) | Gamma(3,.8)": Pair(d.Gamma(2, 1), d.Gamma(3, 0.8)),
}
OTHERS = {
    "N(0,1) | N(0,.3)": Pair(G(0, 1), G(0, 0.3)),
    "N(0,1) | N(1,.8)": Pair(G(0, 1), G(1, 0.8)),
    "t(5) | N(0,1.5)": Pair(d.StudentT(5, 0, 1), G(0, 1.5)),
    "t(2.1) | N(0,1)": Pair(d.StudentT(2.1, 0, 1), G(0, 1)),
    "t(2.2) | N(0,1)": Pair(d.StudentT(2.2, 0, 1), G(0, 1)),
    "t(2.2) | N(0,2)": Pair(d.StudentT(2.2, 0, 1), G(0, 2)),
    "t(2.3) | N(0,1)": Pair(d.StudentT(2.3, 0, 1), G(0, 1)),
    "Pareto(1.2) | Exponential(1)": Pair(ScipyLaw("pareto", (1.2,)), SHIFTED),
    "Pareto(2.2) | N(1.5,1)": Pair(ScipyLaw("pareto", (2.2,)), G(1.5, 1)),
    "Pareto(3) | N(1.5,1)": Pair(ScipyLaw("pareto", (3,)), G(1.5, 1)),
    "LogNormal(0,1) | N(1.6,2)": Pair(d.LogNormal(0, 1), G(1.6, 2)),
    "LogNormal(0,1.3) | Exponential(2)": Pair(d.LogNormal(0, 1.3), d.Exponential(2)),
    "t(1.2) | Laplace": Pair(d.StudentT(1.2, 0, 1), d.Laplace(0, 1)),
    "t(2.5) | N(0,1)": Pair(d.StudentT(2.5, 0, 1), G(0, 1)),
    "t(2.5) | N(0,2)": Pair(d.StudentT(2.5, 0, 1), G(0, 2)),
    "t(3) | N(0,1)": Pair(d.StudentT(3, 0, 1), G(0, 1)),
    "t(4) | N(0,1)": Pair(d.StudentT(4, 0, 1), G(0, 1)),
    "t(3) | N(1,1)": Pair(d.StudentT(3, 0, 1), G(1, 1)),
    "Laplace(0,1) | N(0,1)": Pair(d.Laplace(0, 1), G(0, 1)),
    "N(0,1) and one in twenty N(0,4) | N(0,1)": Pair(kl.GaussianMixture([0.95, 0.05], [0, 0], [1, 4]), G(0, 1)),
    "N(0,1) | t(3)": Pair(G(0, 1), d.StudentT(3, 0, 1)),
    "Cauchy(0,1) | Cauchy(1,2)": Pair(d.Cauchy(0, 1), d.Cauchy(1, 2)),
    "Exponential(1) | Exponential(.5)": Pair(d.Exponential(1), d.Exponential(0.5)),
    "Exponential(1) | Exponential(2)": Pair(d.Exponential(1), d.Exponential(2)),
    "U(0,1) | Beta(2,2)": Pair(d.Uniform(0, 1), d.Beta(2, 2)),
    "U(0,1) | U(0,2)": Pair(d.Uniform(0, 1), d.Uniform(0, 2)),
    "LogNormal | LogNormal(.5,1.2)": Pair(d.LogNormal(0, 1), d.LogNormal(0.5, 1.2)),
    "the same": Pair(G(0, 1), G(0, 1)),
    "two modes | narrower": Pair(MODES, kl.GaussianMixture([0.3, 0.7], [-2, 2], [0.7, 1.2])),
}


class Cell(NamedTuple):
    """What came of one cell."""

    refused: float
    covered: float
    width: float
    bias: float
    seconds: float


def cell(pair: Pair, d: int, n: int, seeds: int, ask: Callable) -> Cell:
    """The seeds of one cell."""
    truth, answers, refused, start = pair.truth(d), [], 0, time.perf_counter()
    for seed in range(seeds):
        x, y = pair.samples(d, n, np.random.default_rng(seed))
        try:
            answers.append(ask(pair, d, x, y))
        except Refused:
            refused += 1
    held = [abs(each.value - truth) <= each.error for each in answers]
    middle = [
        float(np.median(part)) if answers else float("nan")
        for part in ([each.error for each in answers], [each.value - truth for each in answers])
    ]
    took = (time.perf_counter() - start) / seeds
    return Cell(refused / seeds, float(np.mean(held)) if held else float("nan"), *middle, took)


def from_samples(pair: Pair, d: int, x: np.ndarray, y: np.ndarray) -> kl.Estimate:
    """Two samples."""
    return kl.kl_from_samples(x, y)


def to_density(pair: Pair, d: int, x: np.ndarray, y: np.ndarray) -> kl.Estimate:
    """One sample, beside the known b."""
    return kl.kl_to_density(x, Product([pair.first or pair.b] + [pair.b] * (d - 1)) if d > 1 else pair.first or pair.b)


class Product:
    """Independent coordinates, by their log densities."""

    def __init__(self, parts: list) -> None:
        self.parts, self.dimension = parts, len(parts)

    def log_pdf(self, x: np.ndarray) -> np.ndarray:
        """log density at points (N, d)."""
        return sum(part.log_pdf(x[:, i]) for i, part in enumerate(self.parts))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--dimensions", default=",".join(map(str, DIMENSIONS)))
    parser.add_argument("--pairs", default="")
    parser.add_argument("--others", action="store_true", help="pairs beside the six")
    parser.add_argument("--density", action="store_true", help="kl_to_density instead")
    asked = parser.parse_args()
    pairs = {name: pair for name, pair in (OTHERS if asked.others else SIX).items() if asked.pairs in name}
    print("| d | n | pair | D | refused | covers | median half width | median error | s each |\n" + "|---" * 9 + "|")
    for dimension in map(int, asked.dimensions.split(",")):
        for n in map(int, asked.sizes.split(",")):
            for name, pair in pairs.items():
                got = cell(pair, dimension, n, asked.seeds, to_density if asked.density else from_samples)
                shown = name.replace("|", "‖")
                print(
                    f"| {dimension} | {n} | {shown} | {pair.truth(dimension):.4f} | {100 * got.refused:.0f} % "
                    f"| {100 * got.covered:.1f} % | {got.width:.3g} | {got.bias:+.3g} | {got.seconds:.3f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
