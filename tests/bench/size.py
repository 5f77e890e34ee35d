"""What a number costs as problems grow: panels kept and new, bulk, many components, memory; all as ratios in one run.

    python -m tests.bench.size

A floor is that of `tests.bench.engine`. Times are of CPU, and every ratio is one of medians over rounds that alternate
between the two sides, so that a busy machine shifts both alike.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from math import log
from statistics import median

import numpy as np

import kl_engine as kl
from kl_engine.distributions.gaussian import GaussianMixture
from tests.bench.engine import APART, NEAR, by_quad, floor, fresh
from tests.bench.table import Row, show

NO_LIMIT = float("inf")


def seconds(call: Callable, *arguments) -> float:
    """Of CPU, of one call."""
    start = time.process_time()
    call(*arguments)
    return time.process_time() - start


def ratio(call: Callable, unit: Callable, rounds: int, of: Callable = lambda: ()) -> float:
    """The median time of a call over that of the unit, taken in turn; `of` makes the arguments, outside of both."""
    times, units = [], []
    for _ in range(rounds):
        units.append(seconds(unit))
        times.append(seconds(call, *of()))
    return median(times) / median(units)


def floors(count: int = 20) -> Callable:
    """So many floors, for what takes long."""

    def many() -> None:
        for _ in range(count):
            floor()

    return many


def overlapping(seed: int, k: int) -> GaussianMixture:
    """Means N(0, 2²), stds between ½ and 1½: every component overlaps many others."""
    rng = np.random.default_rng(seed)
    return GaussianMixture(rng.dirichlet(np.full(k, 5.0)), rng.normal(0, 2, k), rng.uniform(0.5, 1.5, k))


def one_pair(title: str, pairs: list, kept: float, unseen: float) -> list[Row]:
    """The proved value of one pair of constructed objects."""
    again, anew = [], []
    for pair in pairs:
        kl.kl_divergence(pair.p, pair.q)

        def twenty(p=pair.p, q=pair.q) -> None:
            for _ in range(20):
                kl.kl_divergence(p, q)

        def new(*moved) -> None:
            for p, q in moved:
                kl.kl_divergence(p, q)

        def made(pair=pair) -> list:
            return [(fresh(pair.p), fresh(pair.q)) for _ in range(10)]

        again.append(ratio(twenty, floors(), 7))
        anew.append(2 * ratio(new, floors(), 7, made))
    return [
        Row(f"{title}, kept, floors", median(again), (0, kept)),
        Row(f"{title}, never seen, floors", median(anew), (0, unseen)),
    ]


def bulk(n: int = 10_000) -> list[Row]:
    """Many pairs of 2 + 2 components, as arrays."""
    rng = np.random.default_rng(1)

    def side() -> tuple:
        return rng.dirichlet([3, 3], n), rng.normal(0, 2, (n, 2)), rng.uniform(0.5, 2, (n, 2))

    sides = side(), side()
    found = ratio(lambda: kl.kl_divergences(sides), floors(2000), 3) * 2000 / n
    return [Row(f"kl_divergences of {n} pairs, floors per pair", found, (0, 4))]


def many_components() -> list[Row]:
    """Beside one pair of 2 + 2, and beside quad."""
    small = APART[0]

    def unit() -> None:
        for _ in range(10):
            kl.kl_divergence(fresh(small.p), fresh(small.q))

    def in_units(a: Callable, b: Callable, rounds: int = 3) -> float:
        return 10 * ratio(kl.kl_divergence, unit, rounds, lambda: (fresh(a), fresh(b)))

    hundred = in_units(overlapping(3, 100), overlapping(4, 100))
    data = kl.data.Empirical.of(np.random.default_rng(5).normal(size=1000))
    density = kl.data.kernel_density(data, 0.3)
    kernel = in_units(density, kl.moment_match(density))
    times = {k: in_units(overlapping(k, k), overlapping(k + 1, k), 5) for k in (20, 80)}
    return [
        Row("100 + 100 components / one pair of 2 + 2", hundred, (0, 500)),
        Row("kernel density of 1,000 points / the same", kernel, (0, 3000)),
        Row("exponent of time in K, from 20 to 80", log(times[80] / times[20], 4), (0, 1.4)),
    ]


def beside_quad() -> list[Row]:
    """quad's time over ours at each K: with panels that are kept, as `tests.bench.engine` has it, and with new ones."""
    found = []
    for k in (2, 5, 10, 20, 50, 100, 200):
        p, q = overlapping(k, k), overlapping(k + 1, k)
        kl.kl_divergence(p, q)
        times = [
            (seconds(by_quad, p, q), min(seconds(kl.kl_divergence, p, q) for _ in range(5)), new_time(p, q))
            for _ in range(3)
        ]
        theirs, kept, new = (median(column) for column in zip(*times))
        name = f"quad / kl_divergence, {k} + {k} overlapping"
        found.append(Row(name, theirs / kept, (30, NO_LIMIT), f"{theirs / new:.0f} where the pair is new"))
    return found


def new_time(p: GaussianMixture, q: GaussianMixture) -> float:
    """Seconds of one pair never seen."""
    return seconds(kl.kl_divergence, fresh(p), fresh(q))


MEMORY = """
import tracemalloc
from tests.bench.size import overlapping
import kl_engine as kl
p, q = overlapping(3, 100), overlapping(4, 100)
kl.kl_divergence(overlapping(1, 2), overlapping(2, 2))
tracemalloc.start()
kl.kl_divergence(p, q)
print(tracemalloc.get_traced_memory()[1] / 2**20)
"""


def memory() -> list[Row]:
    """The most that a sum of 100 bells takes beyond the import."""
    run = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    return [Row("100 + 100 components, MB at most at once", float(run.stdout), (0, 60))]


def fits() -> list[Row]:
    """A reverse fit of 20 overlapping components; of a wide one; in 20 dimensions; a proof of completeness."""
    twenty = overlapping(7, 20)
    start = kl.Gaussian(twenty.mean, twenty.std)
    n = 20
    rng = np.random.default_rng(2)
    squares = [a @ a.T / n + np.eye(n) for a in rng.normal(size=(2, n, n))]
    far = np.zeros((2, n))
    far[:, 0] = -3, 3
    same = kl.MultivariateGaussianMixture([0.5, 0.5], far, [np.eye(n)] * 2)
    unlike = kl.MultivariateGaussianMixture([0.4, 0.6], far, squares)
    three = GaussianMixture([0.5, 0.2, 0.3], [-4, 1, 7], [0.7, 1.5, 1])
    rows = [
        ("stationary points of three, proved, s", lambda: kl.optima.stationary_points(fresh(three)), 2),
        ("fit in 20 dimensions, equal covariances, s", lambda: kl.fit(same, "reverse").optima, 5),
        ("fit in 20 dimensions, unlike covariances, s", lambda: kl.fit(unlike, "reverse").optima, 5),
    ]
    # It took 3.5 to 8 s, or 540,000 floors of 6.5 µs and more, when panels were cut at every crossing.
    reverse = ratio(lambda p: kl.fit(p, "reverse"), floors(), 5, lambda: (fresh(twenty),)) * 20
    led = ratio(lambda p: kl.fit(p, "reverse", start=start), floors(), 5, lambda: (fresh(twenty),)) * 20
    found = [
        Row("reverse fit of 20 components, floors", reverse, (0, 540_000 / 30)),
        Row("the same from one start, floors", led, (0, 540_000 / 30)),
    ]
    return found + [Row(title, median(seconds(call) for _ in range(3)), (0, most)) for title, call, most in rows]


def main() -> None:
    """Every table."""
    show("One pair", [*one_pair("apart", APART, 8, 40), *one_pair("nearly equal", NEAR, 15, 45), *bulk()])
    show("Many components", [*many_components(), *memory(), *beside_quad()])
    show("Fits", fits())


if __name__ == "__main__":
    main()
