"""The rest of a sum whose terms fall like a power: Σ_{k >= N} f(k) = ∫_N^∞ f + f(N)/2 − f′(N)/12 + f‴(N)/720 − ….

f is the term as a function of all numbers. Source: L. Euler, C. Maclaurin; NIST Handbook of Mathematical Functions,
2.10(i).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.general import Integral, integrate

Term = Callable[[np.ndarray, np.ndarray, np.ndarray | float], np.ndarray]
STEP = 0.125  # of N, over which the derivatives at N are taken as differences


class _Continued(LineDistribution):
    """log P at all numbers from `start` on, as a log density."""

    def __init__(self, d: CountDistribution, start: float) -> None:
        self.d, self.start = d, start

    @property
    def support(self) -> tuple[float, float]:
        return self.start, (math.inf if math.isinf(self.d.support[1]) else self.start)

    @property
    def ends(self) -> tuple[End, End]:
        return End(1.0, 0.0, "not at all"), End(self.d.power, self.d.growth, "")

    @property
    def typical(self) -> tuple[float, float]:
        return 2 * self.start, self.start

    def near_low(self, t) -> np.ndarray:
        return self.log_pdf(self.start + np.asarray(t, dtype=np.float64))

    def log_pdf(self, x) -> np.ndarray:
        x = np.asarray(x, dtype=np.float64)
        if math.isfinite(self.d.support[1]):
            return np.full_like(x, -np.inf)
        logs = self.d.log_between(x)
        return np.where(np.isnan(logs), -np.inf, logs)


def beyond(a: CountDistribution, b: CountDistribution, term: Term, start: float, kinked: bool) -> Integral:
    """Σ over k >= `start` of the term, with an estimate of its error; where it may have kinks, half a term more."""
    first, second = _Continued(a, start), _Continued(b, start)

    def integrand(log_a: np.ndarray, log_b: np.ndarray, raw_a: np.ndarray, raw_b: np.ndarray):
        shift = np.where(np.isneginf(raw_a), log_b - raw_b, log_a - raw_a)  # log |dx/du|
        values = term(raw_a, raw_b, np.where(np.isnan(shift), 0.0, shift))
        sizes = [
            np.exp(logs) * (2 + np.abs(np.where(np.isfinite(raw), raw, 0.0)))
            for logs, raw in ((log_a, raw_a), (log_b, raw_b))
        ]
        return values, np.abs(values) + sizes[0] + sizes[1]

    inside = integrate(first, second, integrand, (start, math.inf))
    step = STEP * start
    x = start + step * np.arange(-3.0, 4.0)
    f = term(first.log_pdf(x), second.log_pdf(x), 0.0)
    slope = (45 * (f[4] - f[2]) - 9 * (f[5] - f[1]) + (f[6] - f[0])) / (60 * step)
    third = (-13 * (f[4] - f[2]) + 8 * (f[5] - f[1]) - (f[6] - f[0])) / (8 * step**3)
    value = inside.value + f[3] / 2 - slope / 12 + third / 720
    error = inside.error + abs(third) / 720 + 16 * EPSILON * float(np.abs(f).max())
    error += abs(slope) * STEP**4  # of the differences themselves
    if kinked:
        error += float(np.exp(np.max([d.log_pdf(np.array(start)) for d in (first, second)])))
    return Integral(float(value), float(error), inside.panels)
