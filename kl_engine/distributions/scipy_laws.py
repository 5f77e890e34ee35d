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
SQUARE = End(LIGHT, 2.0, "like x²", 0.5)
FAR_OF_BESSEL = 1e6
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


def zero(exponent: float) -> End:
    """A lower end 0 at which a density goes like x^(exponent − 1)."""
    return End(exponent, 0.0, "like |log x|")


def flat(k: float, coefficient: float = 1.0) -> End:
    """A lower end 0 at which −log p grows like x^−k."""
    return End(LIGHT, k, f"like x^−{k:g}", coefficient)


def linear(rate: float) -> End:
    """An infinite end towards which −log p grows like rate · |x|."""
    return LINEAR._replace(coefficient=rate)


def like(k: float, coefficient: float = 1.0) -> End:
    """An infinite end towards which −log p grows like x^k."""
    return End(LIGHT, k, f"like |x|^{k:g}", coefficient)


def doubly(k: float) -> End:
    """An infinite end towards which −log p grows like e^(x^k)."""
    return End(LIGHT, math.inf, f"like e^(|x|^{k:g})", 1.0, k)


def _log_gamma(x: float) -> float:
    return math.lgamma(x)


def _log_beta(a: float, b: float) -> float:
    from scipy.special import betaln

    return float(betaln(a, b))


def _log_cauchy(z: np.ndarray) -> np.ndarray:
    return -math.log(math.pi) - 2 * np.log(np.hypot(1, z))


def _log_normal(z: np.ndarray) -> np.ndarray:
    return -0.5 * z * z - LOG_ROOT_TAU


def _jones_faddy(z: np.ndarray, a: float, b: float) -> np.ndarray:
    """(a + ½) log(1 + s) + (b + ½) log(1 − s) but for a constant, s = z/√(a + b + z²), of which 1 ∓ s cancels."""
    root = np.hypot(math.sqrt(a + b), z)
    near, far = np.log1p(np.abs(z) / root), math.log(a + b) - np.log(root) - np.log(root + np.abs(z))
    logs = np.where(z > 0, (a + 0.5) * near + (b + 0.5) * far, (a + 0.5) * far + (b + 0.5) * near)
    return logs - (a + b - 1) * math.log(2) - _log_beta(a, b) - 0.5 * math.log(a + b)


def _log_ndtr(z: np.ndarray) -> np.ndarray:
    from scipy.special import log_ndtr

    return log_ndtr(z)


def _log_bessel(order: float, z: np.ndarray) -> np.ndarray:
    """log K_order(z) + z; from 1e6 on by its asymptotic series, where SciPy's routine gives up."""
    from scipy.special import kve

    z = np.asarray(z, dtype=np.float64)
    far = 0.5 * np.log(math.pi / (2 * z)) + np.log1p((4 * order * order - 1) / (8 * z))
    return np.where(z > FAR_OF_BESSEL, far, np.log(kve(order, np.minimum(z, FAR_OF_BESSEL))))


def _generalised_hyperbolic(z: np.ndarray, p: float, a: float, b: float) -> np.ndarray:
    """log K_(p−½)(a r) − (½ − p) log r + b z but for a constant, r = √(1 + z²)."""
    root, slope = np.hypot(1, z), math.sqrt(a * a - b * b)
    constant = p * math.log(slope) - LOG_ROOT_TAU - (p - 0.5) * math.log(a) - float(_log_bessel(p, slope)) + slope
    falls = a * (root - np.abs(z)) + (a * np.abs(z) - b * z)
    return constant + _log_bessel(p - 0.5, a * root) - (0.5 - p) * np.log(root) - falls


def _rice(z: np.ndarray, b: float) -> np.ndarray:
    from scipy.special import i0e

    return np.log(z) - 0.5 * (z - b) ** 2 + np.log(i0e(z * b))


def _alpha(z: np.ndarray, a: float) -> np.ndarray:
    from scipy.special import log_ndtr

    return -2 * np.log(z) - float(log_ndtr(a)) - LOG_ROOT_TAU - 0.5 * (a - 1 / z) ** 2


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
        lambda: (DOUBLY, linear(0.5)),
    ),
    "gennorm": Law(
        lambda z, b: math.log(b / 2) - _log_gamma(1 / b) - np.abs(z) ** b,
        -math.inf,
        lambda b: (like(b),) * 2,
        (0.0,),
    ),
    "invgamma": Law(
        lambda z, a: -(a + 1) * np.log(z) - 1 / z - _log_gamma(a), 0.0, lambda a: (flat(1.0), power(a))
    ),
    "invweibull": Law(
        lambda z, c: math.log(c) - (c + 1) * np.log(z) - z**-c, 0.0, lambda c: (flat(c), power(c))
    ),
    "levy": Law(
        lambda z: -LOG_ROOT_TAU - 1.5 * np.log(z) - 0.5 / z, 0.0, lambda: (flat(1.0, 0.5), power(0.5))
    ),
    "invgauss": Law(
        lambda z, mu: -LOG_ROOT_TAU - 1.5 * np.log(z) - (z / mu - 1) ** 2 / (2 * z),
        0.0,
        lambda mu: (flat(1.0, 0.5), linear(0.5 / mu**2)),
    ),
    "fisk": Law(
        lambda z, c: math.log(c) + (c - 1) * np.log(z) - 2 * np.logaddexp(0, c * np.log(z)),
        0.0,
        lambda c: (zero(c), power(c)),
    ),
    "maxwell": Law(
        lambda z: 0.5 * math.log(2 / math.pi) + 2 * np.log(z) - z * z / 2,
        0.0,
        lambda: (zero(3.0), SQUARE),
    ),
    "chi": Law(
        lambda z, df: (1 - df / 2) * math.log(2) - _log_gamma(df / 2) + (df - 1) * np.log(z) - z * z / 2,
        0.0,
        lambda df: (zero(df), SQUARE),
    ),
    "betaprime": Law(
        lambda z, a, b: (a - 1) * np.log(z) - (a + b) * np.log1p(z) - _log_beta(a, b),
        0.0,
        lambda a, b: (zero(a), power(b)),
    ),
    "burr": Law(
        lambda z, c, d: math.log(c * d) + (c * d - 1) * np.log(z) - (d + 1) * np.logaddexp(0, c * np.log(z)),
        0.0,
        lambda c, d: (zero(c * d), power(c)),
    ),
    "burr12": Law(
        lambda z, c, d: math.log(c * d) + (c - 1) * np.log(z) - (d + 1) * np.logaddexp(0, c * np.log(z)),
        0.0,
        lambda c, d: (zero(c), power(c * d)),
    ),
    "mielke": Law(
        lambda z, k, s: math.log(k) + (k - 1) * np.log(z) - (1 + k / s) * np.logaddexp(0, s * np.log(z)),
        0.0,
        lambda k, s: (zero(k), power(s)),
    ),
    "kappa3": Law(
        lambda z, a: math.log(a) - (a + 1) / a * np.logaddexp(math.log(a), a * np.log(z)),
        0.0,
        lambda a: (STEP, power(a)),
    ),
    "alpha": Law(_alpha, 0.0, lambda a: (flat(2.0, 0.5), power(1.0))),
    "foldcauchy": Law(
        lambda z, c: np.logaddexp(_log_cauchy(z - c), _log_cauchy(z + c)), 0.0, lambda c: (STEP, power(1.0))
    ),
    "skewcauchy": Law(
        lambda z, a: _log_cauchy(z / (1 + a * np.sign(z))), -math.inf, lambda a: (power(1.0), power(1.0)), (0.0,)
    ),
    "loglaplace": Law(
        lambda z, c: math.log(c / 2) - np.log(z) - c * np.abs(np.log(z)),
        0.0,
        lambda c: (zero(c), power(c)),
        (1.0,),
    ),
    "jf_skew_t": Law(_jones_faddy, -math.inf, lambda a, b: (power(2 * a), power(2 * b))),
    "johnsonsu": Law(
        lambda z, a, b: math.log(b) - np.log(np.hypot(1, z)) + _log_normal(a + b * np.arcsinh(z)),
        -math.inf,
        lambda a, b: (End(LIGHT, 0.0, "like log² |x|", b * b / 2),) * 2,
    ),
    "foldnorm": Law(
        lambda z, c: np.logaddexp(_log_normal(z - c), _log_normal(z + c)), 0.0, lambda c: (STEP, SQUARE)
    ),
    "gompertz": Law(lambda z, c: math.log(c) + z - c * np.expm1(z), 0.0, lambda c: (STEP, DOUBLY)),
    "exponpow": Law(
        lambda z, b: 1 + math.log(b) + (b - 1) * np.log(z) + z**b - np.exp(z**b),
        0.0,
        lambda b: (zero(b), doubly(b)),
    ),
    "loggamma": Law(
        lambda z, c: c * z - np.exp(z) - _log_gamma(c), -math.inf, lambda c: (linear(c), DOUBLY)
    ),
    "genlogistic": Law(
        lambda z, c: math.log(c) - z - (c + 1) * np.logaddexp(0, -z), -math.inf, lambda c: (linear(c), LINEAR)
    ),
    "laplace_asymmetric": Law(
        lambda z, kappa: np.where(z > 0, -z * kappa, z / kappa) - math.log(kappa + 1 / kappa),
        -math.inf,
        lambda kappa: (linear(1 / kappa), linear(kappa)),
        (0.0,),
    ),
    "gengamma": Law(
        lambda z, a, c: math.log(abs(c)) - _log_gamma(a) + (c * a - 1) * np.log(z) - z**c,
        0.0,
        lambda a, c: (zero(c * a), like(c)) if c > 0 else (flat(-c), power(-c * a)),
    ),
    "exponweib": Law(
        lambda z, a, c: math.log(a * c) + (a - 1) * np.log(-np.expm1(-(z**c))) - z**c + (c - 1) * np.log(z),
        0.0,
        lambda a, c: (zero(a * c), like(c)),
    ),
    "halfgennorm": Law(
        lambda z, b: math.log(b) - _log_gamma(1 / b) - z**b, 0.0, lambda b: (STEP, like(b))
    ),
    "fatiguelife": Law(
        lambda z, c: np.log1p(z) - math.log(2 * c) - LOG_ROOT_TAU - 1.5 * np.log(z) - (z - 1) ** 2 / (2 * z * c * c),
        0.0,
        lambda c: (flat(1.0, 0.5 / c**2), linear(0.5 / c**2)),
    ),
    "recipinvgauss": Law(
        lambda z, mu: -LOG_ROOT_TAU - 0.5 * np.log(z) - (1 - mu * z) ** 2 / (2 * z * mu * mu),
        0.0,
        lambda mu: (flat(1.0, 0.5 / mu**2), linear(0.5)),
    ),
    "norminvgauss": Law(
        lambda z, a, b: (
            math.log(a / math.pi)
            + _log_bessel(1.0, a * np.hypot(1, z))
            - a * (np.hypot(1, z) - np.abs(z))
            - (a * np.abs(z) - b * z)
            + math.sqrt(a * a - b * b)
            - np.log(np.hypot(1, z))
        ),
        -math.inf,
        lambda a, b: (linear(a + b), linear(a - b)),
    ),
    "genhyperbolic": Law(_generalised_hyperbolic, -math.inf, lambda p, a, b: (linear(a + b), linear(a - b))),
    "geninvgauss": Law(
        lambda z, p, b: (p - 1) * np.log(z) - b * (z - 1) ** 2 / (2 * z) - math.log(2) - float(_log_bessel(p, b)),
        0.0,
        lambda p, b: (flat(1.0, b / 2), linear(b / 2)),
    ),
    "rice": Law(_rice, 0.0, lambda b: (zero(2.0), SQUARE)),
    "powernorm": Law(
        lambda z, c: math.log(c) + _log_normal(z) + (c - 1) * _log_ndtr(-z),
        -math.inf,
        lambda c: (SQUARE, SQUARE._replace(coefficient=c / 2)),
    ),
    "powerlognorm": Law(
        lambda z, c, s: math.log(c / s) - np.log(z) + _log_normal(np.log(z) / s) + (c - 1) * _log_ndtr(-np.log(z) / s),
        0.0,
        lambda c, s: tuple(End(LIGHT, 0.0, "like log² x", k / (2 * s * s)) for k in (1.0, c)),
    ),
    "genexpon": Law(
        lambda z, a, b, c: np.log(a - b * np.expm1(-c * z)) - (a + b) * z - b / c * np.expm1(-c * z),
        0.0,
        lambda a, b, c: (STEP, linear(a + b)),
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

    @ieee
    def quantile(self, u) -> np.ndarray:
        """The x below which there is the share u of the mass, as SciPy has it."""
        return self.frozen().ppf(np.asarray(u, dtype=np.float64))
