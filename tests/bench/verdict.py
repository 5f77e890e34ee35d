"""How often the verdict on held-out points is settled, and how often right, for ten known samples over seeds.

    python -m tests.bench.verdict [seeds]

Each seed draws the sample anew and parts it anew. "Settled and wrong" is to stay at or below 5 %.
"""

from __future__ import annotations

import sys

import numpy as np

from kl_engine import GaussianMixture
from kl_engine.data import Empirical, bandwidth_grid, held_out, likelihood_fits, repeated_folds, select
from kl_engine.data.generalisation import data_bits, kernel_scores, mixture_bits
from kl_engine.data.likelihood import NotFitted

FOLDS, REPEATS, MOST = 5, 4, 6
SAMPLES = {  # weights, means, stds, how many points
    "one, 60": ([1], [0], [1], 60),
    "one, 300": ([1], [0], [1], 300),
    "far apart, 100": ([0.5, 0.5], [-4, 4], [1, 1], 100),
    "unequal, 300": ([0.4, 0.6], [-2, 3], [0.7, 1.1], 300),
    "unequal, 80": ([0.4, 0.6], [-2, 3], [0.7, 1.1], 80),
    "close by, 300": ([0.5, 0.5], [-1.5, 1.5], [1, 1], 300),
    "one mean, 250": ([0.5, 0.5], [0, 0], [1, 4], 250),
    "three, 400": ([0.3, 0.3, 0.4], [-5, 0, 4], [1, 0.7, 1], 400),
    "a faint one, 300": ([0.95, 0.05], [0, 6], [1, 0.5], 300),
    "four, 500": ([0.25] * 4, [-9, -3, 3, 9], [1, 1, 1, 1], 500),
}


def verdict(name: str, seed: int) -> tuple[int, bool, int]:
    """The place of the model taken (the number of components; one more than the most is a kernel), settled, BIC's."""
    weights, means, stds, count = SAMPLES[name]
    x = GaussianMixture(weights, means, stds).sample(count, 1000 + seed)
    data, partitions = Empirical.of(x), repeated_folds(count, FOLDS, REPEATS, seed)
    fits = likelihood_fits(data, MOST)
    kernels = kernel_scores(x, partitions, bandwidth_grid(data)[:9])
    chosen = select([*held_out(x, partitions, fits).scores, min(kernels, key=lambda score: score.held_out)])
    bits = [
        np.inf if isinstance(fit, NotFitted) else data_bits(data, fit.q) + mixture_bits(data, k)
        for k, fit in enumerate(fits, 1)
    ]
    short = int(np.argmin(bits)) + 1
    agrees = chosen.taken >= MOST or chosen.taken + 1 == short  # a kernel has no size to agree on
    return chosen.taken + 1, chosen.settled and agrees, short


def main(seeds: int) -> None:
    """The table."""
    print("| sample | components | right | settled | settled and wrong | shortest description right |")
    print("|---|---|---|---|---|---|")
    wrong = 0
    for name, (weights, *_) in SAMPLES.items():
        true, found = len(weights), [verdict(name, seed) for seed in range(seeds)]
        faults = sum(settled and taken != true for taken, settled, _ in found)
        wrong += faults
        counts = [sum(taken == true for taken, _, _ in found), sum(settled for _, settled, _ in found), faults]
        cells = [f"{count}/{seeds}" for count in (*counts, sum(short == true for *_, short in found))]
        print(f"| {name} | {true} | {' | '.join(cells)} |", flush=True)
    print(f"settled and wrong: {wrong} of {seeds * len(SAMPLES)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
