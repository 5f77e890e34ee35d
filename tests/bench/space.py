"""Several dimensions: the cubature of the plane beside scipy.integrate.dblquad, its error, fits, and the sampled error.

    python -m tests.bench.space

Every ratio compares what was timed in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import exp, log, pi
from statistics import median

import numpy as np
from scipy.integrate import dblquad

from kl_engine import GaussianMixture, families, fit, kl_divergence
from kl_engine.distributions.multivariate import Multivariate
from kl_engine.divergences.space import plane
from kl_engine.quadrature.integrands import log_ratio, positive
from kl_engine.quadrature.nodes import kronrod_rule
from kl_engine.quadrature.plane import cubature
from kl_engine.quadrature.plane.views import Views
from kl_engine.quadrature.quasi_monte_carlo import Sampling, sampled_divergence
from tests.bench.table import Row, show
from tests.multivariate_pairs import KINDS, mixture, pair, product, spaced

NO_LIMIT = float("inf")
PAIRS = 203
SEEDS = 100


def timed(call: Callable, *arguments) -> tuple[float, object]:
    """Seconds, and what came of it."""
    start = time.perf_counter()
    found = call(*arguments)
    return time.perf_counter() - start, found


def in_floats(p: Multivariate) -> Callable[[list[float]], float]:
    """log p at one point in plain floats: as fast as Python has it."""
    parts = []
    for w, m, cov in zip(p.weights.tolist(), p.means.tolist(), p.covs.tolist()):
        (a, b), (_, c) = cov
        det = a * c - b * b
        parts.append((log(w) - 0.5 * log(det) - log(2 * pi), *m, c / det, b / det, a / det))

    def at(point: list[float]) -> float:
        terms = []
        for height, mx, my, xx, xy, yy in parts:
            dx, dy = point[0] - mx, point[1] - my
            terms.append(height - 0.5 * (xx * dx * dx + yy * dy * dy) + xy * dx * dy)
        top = max(terms)
        return top + log(sum(exp(term - top) for term in terms))

    return at


def by_dblquad(a: Multivariate, b: Multivariate, written=lambda p: p.log_pdf) -> float:
    """D(a‖b) over 8 std of every component of `a`, in log space."""
    log_a, log_b = written(a), written(b)
    reach = 8 * np.sqrt(np.diagonal(a.covs, axis1=1, axis2=2))
    (left, low), (right, high) = (a.means - reach).min(axis=0), (a.means + reach).max(axis=0)

    def integrand(y: float, x: float) -> float:
        first = log_a([x, y])
        return exp(first) * (first - log_b([x, y]))

    return dblquad(integrand, left, right, low, high)[0]


def finer(a: Multivariate, b: Multivariate, value: float) -> float:
    """The same by the 15/31-point pair (four times the nodes a cell), to 1e-12: two rules, 4 times finer and more."""
    rule, cubature.RULE = cubature.RULE, kronrod_rule(15)
    try:
        if value > plane.NEAR:
            views, integrand, reach = Views.of_first(a, b), log_ratio, 9.5
        else:
            views, integrand, reach = Views.of_both(a, b), positive, plane.WIDE_REACH
        return cubature.expectation(views, integrand, reach, lambda size: 1e-12 * size).value
    finally:
        cubature.RULE = rule


def beside_dblquad() -> list[Row]:
    """3 + 3 components."""
    rng = np.random.default_rng(3)
    faster, plain, gaps, claimed, own = [], [], [], [], []
    for _ in range(5):
        a, b = mixture(rng, 3), mixture(rng, 3)
        ours = median(timed(plane.kl_divergence, a, b)[0] for _ in range(5))
        faster.append(timed(by_dblquad, a, b)[0] / ours)
        plain.append(timed(by_dblquad, a, b, in_floats)[0] / ours)
        found = plane.kl_divergence(a, b)
        own.append(ours)
        gaps.append(abs(found.value - finer(a, b, found.value)) / found.value)
        claimed.append(found.error / found.value)
    remark = f"{1e3 * median(own):.1f} ms; {median(plain):.0f} with log densities in plain floats"
    return [
        Row("dblquad's time / kl_divergence's", median(faster), (100, NO_LIMIT), remark),
        Row("largest relative error, against a finer rule", max(gaps), (0, 1e-8)),
        Row("largest relative error that it claims", max(claimed), (0, 1e-8)),
    ]


def honest() -> list[Row]:
    """Pairs of every kind against a finer rule."""
    rng = np.random.default_rng(7)
    ratios = []
    for i in range(PAIRS):
        a, b = pair(KINDS[i % len(KINDS)], rng)
        found = kl_divergence(a, b)
        ratios.append(abs(found.value - finer(a, b, found.value)) / found.error if found.error else 0.0)
    return [Row("largest error / reported error", max(ratios), (0, 1), f"{PAIRS} pairs: {', '.join(KINDS)}")]


def fits() -> list[Row]:
    """A fit in units of the divergence of 3 + 3 components."""
    rng = np.random.default_rng(5)
    rows = []
    for name, family in (
        ("full", families.Gaussian()),
        ("diagonal", families.Diagonal()),
        ("isotropic", families.Isotropic()),
    ):
        ratios = []
        for _ in range(5):
            p, other = mixture(rng, 3), mixture(rng, 3)
            one = median(timed(plane.kl_divergence, p, other)[0] for _ in range(5))
            ratios.append(timed(fit, p, "reverse", family)[0] / one)
        rows.append(Row(f"a reverse fit, {name}, in such divergences", median(ratios), (0, 60)))
    return rows


def sampled() -> list[Row]:
    """Ten dimensions: how often the stated half-width holds the truth of a long run."""
    rng = np.random.default_rng(11)
    a, b = spaced(10, 3, rng), spaced(10, 3, rng)
    found = [sampled_divergence(a, b, Sampling(rng=seed)) for seed in range(SEEDS)]
    long = np.array([sampled_divergence(a, b, Sampling(rng=10_000 + seed)).value for seed in range(2 * SEEDS)])
    inside = sum(abs(one.value - long.mean()) <= one.error for one in found)
    remark = f"D = {long.mean():.4f} ± {long.std() / len(long) ** 0.5:.4f}; stated ± {found[0].error:.4f}"
    return [Row(f"seeds of {SEEDS} within their 95 % half-width", inside, (90, NO_LIMIT), remark)]


def clusters(*rare: tuple[float, float]) -> list[GaussianMixture]:
    """On each axis N(0, 1), and so much of N(so far off, 1)."""
    return [GaussianMixture([1 - weight, weight], [0, off], [1, 1]) for weight, off in rare]


ONE = GaussianMixture([1], [0], [1])
RARE = {
    "a rare cluster in a on three axes": (clusters((1e-3, 7), (1e-4, 6), (1e-2, 5)), [ONE] * 3),
    "a rare cluster in b on three axes": ([ONE] * 3, clusters((1e-3, 7), (1e-4, 6), (1e-2, 5))),
    "rare clusters near by": (clusters((1e-2, 3.5), (5e-3, -4), (2e-3, 3)), [ONE] * 3),
    "rare clusters in both": (
        clusters((1e-3, 7), (1e-2, 5), (5e-3, 6)),
        clusters((1e-2, 7), (1e-3, 5), (5e-3, -6)),
    ),
    "a rare cluster on one of four axes": (
        [*clusters((1e-3, 7)), *[ONE] * 3],
        [ONE, GaussianMixture([1], [0.3], [1]), GaussianMixture([1], [0], [1.2]), GaussianMixture([1], [0.1], [0.9])],
    ),
}


def rare() -> list[Row]:
    """Independent coordinates, so that the truth is a sum over lines."""
    rows = []
    for name, (first, second) in RARE.items():
        a, b = product(*first), product(*second)
        truth = sum(kl_divergence(*axis).value for axis in zip(first, second))
        found = [kl_divergence(a, b, rng=seed) for seed in range(SEEDS)]
        inside = sum(abs(one.value - truth) <= one.error for one in found)
        remark = f"D = {truth:.4g}, median half-width {median(one.error for one in found):.1e}"
        rows.append(Row(f"{name}: seeds of {SEEDS} within", inside, (93, NO_LIMIT), remark))
    return rows


if __name__ == "__main__":
    kl_divergence(*pair("moderate", np.random.default_rng(0)))  # the first call makes the rule
    show("Two mixtures of three components in the plane", beside_dblquad())
    show("Is its error a bound?", honest())
    show("Fits of one Gaussian in the plane", fits())
    show("Mixtures in ten dimensions", sampled())
    show("Rare clusters: half-widths at 95 %", rare())
