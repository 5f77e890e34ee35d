"""Families of scipy.stats that the engine has no class for, by log densities over all doubles, and their ends.

SciPy's own log density of most of them is log(pdf), which is −inf from 1e-308 on or nan: a heavy tail would end there,
and an infinite divergence come out as a number. To add one: a line of `LAWS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.line.base import LIGHT, End, LineDistribution, inside
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU

STEP = End(1.0, 0.0, "not at all")
LINEAR = End(LIGHT, 1.0, "like |x|", 1.0)
DOUBLY = End(LIGHT, math.inf, "like e^|x|", 1.0)  # its coefficient is the rate, 1 of e^|x|


class Law(NamedTuple):
    """log p(z) of the standard form, its support and ends, and where it bends, for the shapes of the family."""

    log_density: Callable[..., np.ndarray]  # (z, *shapes)
    low: float
    ends: Callable[..., tuple[End, End]]  # (*shapes)
    bends: tuple[float, ...] = ()


def power(exponent: float) -> End:
    """A tail of a density that falls like x^(−exponent − 1)."""
    return End(exponent, 0.0, "like log |x|")


def _zero(exponent: float) -> End:
    """A lower end 0 at which a density goes like x^(exponent − 1)."""
    return End(exponent, 0.0, "like |log x|")


def _flat(k: float, coefficient: float = 1.0) -> End:
    """A lower end 0 at which −log p grows like x^−k."""
    return End(LIGHT, k, f"like x^−{k:g}", coefficient)


def _log_gamma(x: float) -> float:
    return math.lgamma(x)


LAWS: dict[str, Law] = {
    "pareto": Law(lambda z, b: math.log(b) - (b + 1) * np.log(z), 1.0, lambda b: (STEP, power(b))),
    "lomax": Law(lambda z, c: math.log(c) - (c + 1) * np.log1p(z), 0.0, lambda c: (STEP, power(c))),
    "halfcauchy": Law(lambda z: math.log(2 / math.pi) - 2 * np.log(np.hypot(1, z)), 0.0, lambda: (STEP, power(1.0))),
    "halflogistic": Law(lambda z: math.log(2) - z - 2 * np.log1p(np.exp(-z)), 0.0, lambda: (STEP, LINEAR)),
    "hypsecant": Law(
        lambda z: math.log(2 / math.pi) - np.logaddexp(z, -z), -math.inf, lambda: (LINEAR, LINEAR)
    ),
    "gumbel_r": Law(lambda z: -z - np.exp(-z), -math.inf, lambda: (DOUBLY, LINEAR)),
    "gumbel_l": Law(lambda z: z - np.exp(z), -math.inf, lambda: (LINEAR, DOUBLY)),
    "moyal": Law(
        lambda z: -0.5 * (z + np.exp(-z)) - LOG_ROOT_TAU,
        -math.inf,
        lambda: (DOUBLY, LINEAR._replace(coefficient=0.5)),
    ),
    "gennorm": Law(
        lambda z, b: math.log(b / 2) - _log_gamma(1 / b) - np.abs(z) ** b,
        -math.inf,
        lambda b: (End(LIGHT, b, f"like |x|^{b:g}", 1.0),) * 2,
        (0.0,),
    ),
    "invgamma": Law(
        lambda z, a: -(a + 1) * np.log(z) - 1 / z - _log_gamma(a), 0.0, lambda a: (_flat(1.0), power(a))
    ),
    "invweibull": Law(
        lambda z, c: math.log(c) - (c + 1) * np.log(z) - z**-c, 0.0, lambda c: (_flat(c), power(c))
    ),
    "levy": Law(
        lambda z: -LOG_ROOT_TAU - 1.5 * np.log(z) - 0.5 / z, 0.0, lambda: (_flat(1.0, 0.5), power(0.5))
    ),
    "invgauss": Law(
        lambda z, mu: -LOG_ROOT_TAU - 1.5 * np.log(z) - (z / mu - 1) ** 2 / (2 * z),
        0.0,
        lambda mu: (_flat(1.0, 0.5), LINEAR._replace(coefficient=0.5 / mu**2)),
    ),
    "fisk": Law(
        lambda z, c: math.log(c) + (c - 1) * np.log(z) - 2 * np.logaddexp(0, c * np.log(z)),
        0.0,
        lambda c: (_zero(c), power(c)),
    ),
    "maxwell": Law(
        lambda z: 0.5 * math.log(2 / math.pi) + 2 * np.log(z) - z * z / 2,
        0.0,
        lambda: (_zero(3.0), End(LIGHT, 2.0, "like x²", 0.5)),
    ),
    "chi": Law(
        lambda z, df: (1 - df / 2) * math.log(2) - _log_gamma(df / 2) + (df - 1) * np.log(z) - z * z / 2,
        0.0,
        lambda df: (_zero(df), End(LIGHT, 2.0, "like x²", 0.5)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ScipyLaw(LineDistribution):
    """A family of scipy.stats by its name and shapes, in its standard form:  log p(x) as in `LAWS`.

    Raises ValueError for a name that is not there. Source: the documentation of scipy.stats.

    >>> import kl_engine as kl
    >>> from scipy import stats
    >>> kl.kl_divergence(stats.pareto(1.5), kl.Gaussian(0, 1)).value
    inf
    """

    name: str
    shapes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in LAWS:
            raise refuse("name", f"one of {', '.join(LAWS)}", self.name)
        object.__setattr__(self, "shapes", tuple(map(float, self.shapes)))

    @property
    def law(self) -> Law:
        """The row of `LAWS`."""
        return LAWS[self.name]

    @property
    def support(self) -> tuple[float, float]:
        """From the lower end of the law to ∞."""
        return self.law.low, math.inf

    @property
    def ends(self) -> tuple[End, End]:
        """Those of the law."""
        return self.law.ends(*self.shapes)

    @property
    def bends(self) -> tuple[float, ...]:
        """Those of the law."""
        return self.law.bends

    @ieee
    def log_pdf(self, x) -> np.ndarray:
        """log p(x) in nats; same shape as `x`; −inf below the support."""
        x = np.asarray(x, dtype=np.float64)
        low = self.law.low
        logs = self.law.log_density(np.maximum(x, low or np.finfo(float).tiny), *self.shapes)
        return inside(x, low, math.inf, np.where(np.isnan(logs), -np.inf, logs))

    def near_low(self, t) -> np.ndarray:
        """log p at the distance t from a finite lower end."""
        return self.log_pdf(self.law.low + np.asarray(t, dtype=np.float64))

    def frozen(self) -> object:
        """The same of scipy.stats."""
        from scipy import stats

        return getattr(stats, self.name)(*self.shapes, 0, 1)

    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass, as SciPy has it."""
        return self.frozen().ppf(np.asarray(u, dtype=np.float64))
