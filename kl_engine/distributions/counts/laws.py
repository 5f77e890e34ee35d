"""Families of scipy.stats over whole numbers that the engine has no class for. To add one: a line of `COUNT_LAWS`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution, whole_from
from kl_engine.distributions.line.base import LIGHT
from kl_engine.estimates.checks import finite, generator, refuse
from kl_engine.estimates.floats import ieee

MOST_OF_BESSEL = 600.0  # of its argument, up to which the series is summed
SHORT, SERIES = 20, 400  # terms of it, and as many more as may grow yet


class CountLaw(NamedTuple):
    """log P of numbers, the least of them, the largest P(j + 1)/P(j) for j >= k, and the power of a heavy tail."""

    log_mass: Callable[..., np.ndarray]  # (k, *shapes), smooth
    low: float
    ratio: Callable[..., float]  # (k, *shapes)
    power: Callable[..., float] = lambda *_: LIGHT  # (*shapes)
    valid: Callable[..., bool] = lambda *_: True


def _gamma_ratio(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    from scipy.special import betaln

    return betaln(n, k)


def _log_zeta(a: float) -> float:
    from scipy.special import zeta, zetac

    return math.log1p(float(zetac(a))) if a > 2 else math.log(float(zeta(a, 1)))


def _log_skellam(k: np.ndarray, first: float, second: float) -> np.ndarray:
    """−μ₁ − μ₂ + ½ k log(μ₁/μ₂) + log I_|k|(2√(μ₁μ₂)), the Bessel function by its series, whose terms are positive."""
    from scipy.special import gammaln, ive

    shape, k = np.shape(k), np.atleast_1d(k)
    z, order = 2 * math.sqrt(first * second), np.abs(k)
    with np.errstate(divide="ignore"):
        scaled = np.log(ive(order, z)) + z
    if z <= MOST_OF_BESSEL:
        lost = ~(scaled >= z - MOST_OF_BESSEL)
        far = order[lost][..., None]
        j = np.arange(SHORT + min(SERIES, int(4 * (z / 2) ** 2 / order[lost].min(initial=np.inf))))
        terms = (2 * j + far) * math.log(z / 2) - gammaln(j + 1) - gammaln(j + far + 1)
        top = terms.max(axis=-1, initial=-np.inf)
        scaled[lost] = top + np.log(np.exp(terms - top[..., None]).sum(axis=-1))
    return (scaled - first - second + 0.5 * k * math.log(first / second)).reshape(shape)


COUNT_LAWS: dict[str, CountLaw] = {
    "zipf": CountLaw(
        lambda k, a: -a * np.log(k) - _log_zeta(a), 1.0, lambda k, a: 1.0, lambda a: a - 1, lambda a: a > 1
    ),
    "yulesimon": CountLaw(
        lambda k, alpha: math.log(alpha) + _gamma_ratio(k, alpha + 1),
        1.0,
        lambda k, alpha: 1.0,
        lambda alpha: alpha,
        lambda alpha: alpha > 0,
    ),
    "betanbinom": CountLaw(
        lambda k, n, a, b: _gamma_ratio(a + n, b + k) - _gamma_ratio(a, b) - np.log(n + k) - _gamma_ratio(n, k + 1),
        0.0,
        lambda k, n, a, b: 1.0,
        lambda n, a, b: a,
        lambda n, a, b: n >= 1 and a > 0 and b > 0,
    ),
    "logser": CountLaw(
        lambda k, p: k * math.log(p) - np.log(k) - math.log(-math.log1p(-p)),
        1.0,
        lambda k, p: p,
        valid=lambda p: 0 < p < 1,
    ),
    "planck": CountLaw(
        lambda k, rate: -rate * k + math.log(-math.expm1(-rate)),
        0.0,
        lambda k, rate: math.exp(-rate),
        valid=lambda rate: rate > 0,
    ),
    "dlaplace": CountLaw(
        lambda k, a: math.log(math.tanh(a / 2)) - a * np.abs(k),
        -math.inf,
        lambda k, a: math.exp(-a),
        valid=lambda a: a > 0,
    ),
    "skellam": CountLaw(
        _log_skellam,
        -math.inf,
        lambda k, first, second: 2 * max(first, second) / (2 * abs(k) + 1),
        valid=lambda first, second: first > 0 and second > 0,
    ),
}


@dataclass(frozen=True)
class ScipyCounts(CountDistribution):
    """A family of scipy.stats over whole numbers by its name and shapes, as in `COUNT_LAWS`; log P in nats.

    Raises ValueError for a name or shapes that SciPy does not have. Source: the documentation of scipy.stats.

    >>> import kl_engine as kl
    >>> from scipy import stats
    >>> kl.kl_divergence(stats.zipf(1.5), stats.geom(0.5)).value
    inf
    """

    name: str
    shapes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in COUNT_LAWS:
            raise refuse("name", f"one of {', '.join(COUNT_LAWS)}", self.name)
        object.__setattr__(self, "shapes", tuple(finite("shapes", shape) for shape in self.shapes))
        if not self.law.valid(*self.shapes):
            raise refuse("shapes", f"those that scipy.stats.{self.name} has", self.shapes)

    @property
    def law(self) -> CountLaw:
        """The row of `COUNT_LAWS`."""
        return COUNT_LAWS[self.name]

    @property
    def support(self) -> tuple[float, float]:
        """From the least number of the law to ∞."""
        return self.law.low, math.inf

    @property
    def power(self) -> float:
        """That of the law."""
        return self.law.power(*self.shapes)

    @property
    def mean(self) -> float:
        """As SciPy has it."""
        return float(self.frozen().mean())

    @property
    def std(self) -> float:
        """As SciPy has it."""
        return float(self.frozen().std())

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        low = self.law.low
        if math.isinf(low):  # `whole_from` puts its least number in the place of what is no number
            k = np.asarray(k, dtype=np.float64)
            whole = np.isfinite(k) & (k == np.floor(k))
            return np.where(whole, self.law.log_mass(np.where(whole, k, 0.0), *self.shapes), -np.inf)
        return whole_from(k, low, math.inf, lambda k: self.law.log_mass(k, *self.shapes))

    @ieee
    def log_between(self, x) -> np.ndarray:
        """The law at any numbers."""
        return self.law.log_mass(np.asarray(x, dtype=np.float64), *self.shapes)

    def ratio_beyond(self, k: float) -> float:
        """That of the law."""
        return self.law.ratio(k, *self.shapes)

    def frozen(self) -> object:
        """The same of scipy.stats."""
        from scipy import stats

        return getattr(stats, self.name)(*self.shapes)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws, as SciPy makes them."""
        return np.asarray(self.frozen().rvs(size=size, random_state=generator("rng", rng)), dtype=np.float64)
