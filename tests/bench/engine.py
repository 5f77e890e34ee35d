"""The engine: accuracy on the reference pairs, and its speed in floors and beside scipy.integrate.quad, in one run.

    python -m tests.bench.engine

One floor is np.exp of 4,000 float64 plus np.log of 2,000: the transcendental work of two such log densities at 1,000
points. Every ratio is one of medians over interleaved rounds.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import log, pi
from statistics import mean, median

import numpy as np
from scipy.integrate import quad

from kl_engine import Gaussian, GaussianMixture, disagreement, fit, forward_kl, kl_divergence, reverse_kl
from kl_engine.divergences import missed_by_component
from kl_engine.fits import families
from kl_engine.optima import flow, landscape, separation_sweep, stationary_points, transitions
from kl_engine.optima.stationary import counted_points
from tests.bench.table import Row, show
from tests.cases import two_modes
from tests.reference import mixture_pairs

NO_LIMIT = float("inf")
PAIRS = [pair for pair in mixture_pairs() if pair.p.weights.size == pair.q.weights.size == 2]
APART, NEAR = ([pair for pair in PAIRS if (pair.kind == "near") is near] for near in (False, True))
SEEN = itertools.count(1)
BUSY, LOGGED = np.linspace(-5, 5, 4000), np.linspace(0.1, 5, 2000)


def accuracy() -> list[Row]:
    """Both directions of all reference pairs, compared exactly."""
    found = []
    for pair in mixture_pairs():
        for estimate, truth in ((forward_kl(pair.p, pair.q), pair.forward), (reverse_kl(pair.p, pair.q), pair.reverse)):
            found.append((abs(Fraction(estimate.value) - truth), Fraction(estimate.error), truth))
    miss = max(float(error / (truth / 10**12 + Fraction(1, 10**14))) for error, _, truth in found)
    reach = max(float(error / bound) for error, bound, _ in found)
    tight = mean(bound <= truth / 10**9 + Fraction(1, 10**12) for _, bound, truth in found)
    return [
        Row("largest error / (1e-12 value + 1e-14)", miss, (0, 1), f"{len(found)} divergences"),
        Row("largest error / reported error", reach, (0, 1)),
        Row("share with error <= 1e-9 value + 1e-12", tight, (0.95, NO_LIMIT)),
    ]


def floor() -> None:
    """The unit of the engine's budgets."""
    np.exp(BUSY)
    np.log(LOGGED)


def fresh(p: GaussianMixture) -> GaussianMixture:
    """The same mixture, wider in the last digits each time, so that nothing cached is of use."""
    wider = 1 + next(SEEN) * 2.0**-51
    return GaussianMixture(p.weights, p.means * wider, p.stds * wider)


def timed(call: Callable, *arguments) -> float:
    """Seconds."""
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


def in_floats(p: GaussianMixture) -> Callable[[float], float]:
    """The log density of two components at one point, in plain floats: as fast as Python has it."""
    parts = zip(p.weights.tolist(), p.means.tolist(), p.stds.tolist())
    (h, m, s), (k, n, t) = ((log(w / s) - 0.5 * log(2 * pi), m, s) for w, m, s in parts)
    return lambda x: np.logaddexp(h - 0.5 * ((x - m) / s) ** 2, k - 0.5 * ((x - n) / t) ** 2)


def by_quad(p: GaussianMixture, q: GaussianMixture, written=lambda p: p.log_pdf) -> float:
    """D(p‖q) by QUADPACK in log space, told where p's components are, over 10 std of each."""
    log_p, log_q = written(p), written(q)

    def integrand(x: float) -> float:
        here = log_p(x)
        return np.exp(here) * (here - log_q(x))

    low, high = (p.means - 10 * p.stds).min(), (p.means + 10 * p.stds).max()
    return quad(integrand, low, high, points=p.means, epsabs=1e-13, epsrel=1e-12, limit=500)[0]


def in_floors(title: str, pairs: list, most: tuple[float, float], rounds: int = 40) -> list[Row]:
    """The engine beside the floor, with the same mixtures each time and with mixtures never seen; at `most` so many."""
    floors, again, anew = [], [], []
    for _ in range(rounds):
        for pair in pairs:
            floors.append(timed(floor))
            again.append(timed(kl_divergence, pair.p, pair.q))
            p, q = fresh(pair.p), fresh(pair.q)
            floors.append(timed(floor))
            anew.append(timed(kl_divergence, p, q))
    unit = median(floors)
    return [
        Row(f"{title}, seen before, in floors", median(again) / unit, (0, most[0]), f"{1e6 * median(again):.0f} µs"),
        Row(f"{title}, never seen, in floors", median(anew) / unit, (0, most[1]), f"floor {1e6 * unit:.1f} µs"),
    ]


def beside_quad(pairs: list) -> list[Row]:
    """Time and accuracy beside quad on the same log densities, and on ones written in plain floats."""
    warnings.simplefilter("ignore")  # quad warns where it cannot reach its tolerance; its error is in the table
    ours, quads, floats = [], [], []
    for pair in pairs * 3:
        ours.append(min(timed(kl_divergence, pair.p, pair.q) for _ in range(5)))
        quads.append(timed(by_quad, pair.p, pair.q))
        floats.append(timed(by_quad, pair.p, pair.q, in_floats))
    faster, plain = (median(theirs / own for theirs, own in zip(times, ours)) for times in (quads, floats))
    worst = [max(error(function, pair) for pair in pairs) for function in (kl_divergence, by_quad)]
    return [
        Row("quad's time / kl_divergence's", faster, (30, NO_LIMIT), f"{plain:.0f} with log densities in plain floats"),
        Row("largest relative error, ours / quad's", worst[0] / worst[1], (0, 1), "{:.1e} / {:.1e}".format(*worst)),
    ]


def error(function: Callable, pair) -> float:
    """Relative error of D(p‖q)."""
    return float(abs(Fraction(float(function(pair.p, pair.q))) - pair.forward) / pair.forward)


def fit_mode() -> None:
    """What a rerun of the home view computes when a slider has moved: see `pages.ui.views.home.scene.fit_scene`."""
    p, start = fresh(two_modes(5, 0.5)), Gaussian(1.5, 1)
    forward, reverse = (fit(p, direction, start=start) for direction in ("forward", "reverse"))
    for found, other in ((forward, reverse_kl), (reverse, forward_kl)):
        flow(p, found.problem.aim, start, 200)
        other(p, found.q), disagreement(p, found.q)
    missed_by_component(p, reverse.q)
    assert len(reverse.optima) == 3


def cpu(call: Callable, rounds: int) -> float:
    """Median seconds of CPU of one call."""
    times = []
    for _ in range(rounds + 1):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return median(times[1:])


def import_time() -> float:
    """Seconds of the processor that `import kl_engine` takes once NumPy is there, whatever else the machine does.

    As for everybody after the first time: compiled files are kept, even where the environment says not to write any.
    """
    code = "import numpy, time; t = time.process_time(); import kl_engine; print(time.process_time() - t)"
    told = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as kept:
        environment = told | {"PYTHONPYCACHEPREFIX": kept}
        run = partial(subprocess.run, capture_output=True, text=True, check=True, env=environment)
        seconds = [float(run([sys.executable, "-c", code]).stdout) for _ in range(8)]
    return median(seconds[1:])


FIVE = (
    GaussianMixture([0.1, 0.2, 0.3, 0.15, 0.25], [-6, -2, 0, 3, 9], [0.3, 1, 0.5, 2, 0.7]),
    GaussianMixture([0.2] * 5, [0, 5, 10, 15, 20], [1] * 5),
    GaussianMixture([0.3, 0.1, 0.2, 0.25, 0.15], [-8, -3, 1, 4, 10], [1, 0.6, 1.5, 1, 0.8]),
)
THREE = GaussianMixture([0.5, 0.2, 0.3], [-4, 1, 7], [0.7, 1.5, 1])
TWO = (
    two_modes(5),
    two_modes(8.5, 0.5, (1, 2)),
    two_modes(12, 0.7),
    two_modes(20, 0.55),
)


def searched(p: GaussianMixture) -> None:
    """The search alone, as transitions ask for it at each separation."""
    counted_points(p, families.Gaussian())


def both_landscapes(p: GaussianMixture) -> None:
    """80,000 values."""
    margin = 3 * p.stds.max()
    means = np.linspace(p.means.min() - margin, p.means.max() + margin, 200)
    stds = np.geomspace(0.3 * p.stds.min(), 1.5 * p.std, 200)
    landscape(p, "forward", means, stds), landscape(p, "reverse", means, stds)


def mixture_lab(rounds: int = 12) -> list[Row]:
    """All optima and the landscapes of targets never seen: the slowest of some, in floors."""

    def slowest(call: Callable, targets: tuple) -> float:
        return max(cpu(lambda p=p: call(fresh(p)), rounds) for p in targets)

    unit = median(timed(floor) for _ in range(400))
    rows = [("search for stationary points, two components", searched, TWO, 2500)]
    rows += [("search for stationary points, five components", searched, FIVE, 6000)]
    rows += [
        (f"landscapes, {name} components", both_landscapes, ps, 3000) for name, ps in (("two", TWO), ("five", FIVE))
    ]
    timings = [(title, slowest(call, targets), most) for title, call, targets, most in rows]
    proved = slowest(stationary_points, (*TWO, THREE))
    return [
        *(Row(f"{title}, floors", t / unit, (0, most), f"{1e3 * t:.1f} ms") for title, t, most in timings),
        Row("all of them proved, to three components, s of CPU", proved, (0, 2)),
    ]


def whole() -> list[Row]:
    """What a person waits for."""
    unit, seconds = median(timed(floor) for _ in range(400)), cpu(fit_mode, 15)
    return [
        Row("import kl_engine after NumPy, s", import_time(), (0, 0.25)),
        Row("a rerun in fit mode, floors", seconds / unit, (0, 2000), f"{1e3 * seconds:.1f} ms of CPU"),
        Row(
            "separation_sweep over 201 separations, s of CPU",
            cpu(lambda: separation_sweep(np.linspace(0, 10, 201)), 3),
            (0, 1),
        ),
        Row("transitions of equal modes, s of CPU", cpu(transitions, 3), (0, 4)),
    ]


if __name__ == "__main__":
    show("Accuracy, reference pairs", accuracy())
    show(
        "Speed between two mixtures of two components", in_floors("kl_divergence", APART, (8, 40)) + beside_quad(APART)
    )
    show("The same where they are nearly equal", in_floors("kl_divergence", NEAR, (15, 45)))
    show("All optima and landscapes", mixture_lab())
    show("Whole operations", whole())
