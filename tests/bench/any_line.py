"""Any two on the line: accuracy and speed beside scipy.integrate.tanhsinh, in one run.

    python -m tests.bench.any_line

Both integrate p (log p − log q) of the same densities; closed forms are left out. SciPy's rule is asked as its manual
does it, over the support and with its own tolerances, and is counted as wrong where it says that it has succeeded and
is off by more than ten times its stated error and 1e-10, or where D is infinite and it returns a number.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from scipy.integrate import tanhsinh

from kl_engine.divergences import any_line
from tests.bench.table import Row, show
from tests.divergences.test_any_line import CASES, held

ROUNDS = 7
SMOOTH = ("norm", "logistic", "t", "skewnorm")  # on the whole line, without a kink
RIGHT = 1e-10  # relative
SLOWER = 2.0


def by_tanhsinh(a: object, b: object):
    """The integral as it is written with SciPy."""
    a, b = any_line.described(a), any_line.described(b)

    def integrand(x: np.ndarray) -> np.ndarray:
        log_a, log_b = a.log_pdf(x), b.log_pdf(x)
        density = np.exp(log_a)
        return np.where(density > 0, density * (log_a - log_b), 0.0)

    with np.errstate(all="ignore"):
        return tanhsinh(integrand, *a.support)


def timed(call: Callable) -> float:
    """Seconds."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def accuracy() -> list[Row]:
    """Over all reference pairs that are integrals."""
    ours = theirs = refused = 0
    worst, named = 0.0, []
    for case in CASES:
        a, b = (held(case[side]) for side in "ab")
        truth = float(case["kl"])
        found = any_line.kl_divergence(a, b)
        off = 0.0 if found.value == truth else abs(found.value - truth) / abs(truth) if np.isfinite(truth) else np.inf
        worst = max(worst, off)
        ours += off > RIGHT or (np.isfinite(truth) and abs(found.value - truth) > found.error + 1e-15 * abs(truth))
        other = by_tanhsinh(a, b)
        value, error = float(other.integral), float(other.error)
        if not other.success:
            refused += 1
        elif np.isinf(truth) or abs(value - truth) > max(10 * error, RIGHT * abs(truth)):
            theirs += 1
            named.append(f"{case['a']['family']}‖{case['b']['family']}")
    counts = {name: named.count(name) for name in dict.fromkeys(named)}
    print("tanhsinh succeeds and is wrong on:", ", ".join(f"{name} ({n})" for name, n in counts.items()))
    return [
        Row("reference pairs", len(CASES), (1, np.inf)),
        Row("ours: off by more than 1e-10 or the stated error", ours, (0, 0)),
        Row("ours: largest relative error", worst, (0, RIGHT)),
        Row("tanhsinh: says success and is wrong", theirs, (0, np.inf)),
        Row("tanhsinh: says it has not converged", refused, (0, np.inf)),
    ]


def speed() -> list[Row]:
    """Over the smooth pairs, rounds interleaved."""
    pairs = [
        tuple(held(case[side]) for side in "ab")
        for case in CASES
        if all(case[side]["family"] in SMOOTH for side in "ab") and np.isfinite(float(case["kl"]))
    ]
    ratios, taken = [], []
    for a, b in pairs:
        times = [
            (timed(lambda a=a, b=b: any_line.kl_divergence(a, b)), timed(lambda a=a, b=b: by_tanhsinh(a, b)))
            for _ in range(ROUNDS)
        ]
        own, other = (median(column) for column in zip(*times))
        ratios.append(own / other)
        taken.append(own)
    remark = f"{len(pairs)} pairs, ours {1000 * median(taken):.2f} ms"
    return [Row("time over that of tanhsinh, median of smooth pairs", median(ratios), (0, SLOWER), remark)]


if __name__ == "__main__":
    show("Accuracy", accuracy())
    show("Speed", speed())
