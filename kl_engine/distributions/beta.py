"""The Beta distribution of a chance θ in [0, 1]."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.line.base import End, LineDistribution
from kl_engine.estimates.checks import generator, positive, refuse
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_ROOT_TAU

STIRLING = 10.0  # from here on Stirling's series has all digits
STIRLING_SERIES = (1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)  # of 1/x¹³ … 1/x
LARGEST, LEAST = 1e12, 1e-12  # of a and b: beyond, the digits of log Γ no longer reach the divergence


@dataclass(frozen=True)
class Beta(LineDistribution):
    """Beta(a, b):  log p(θ) = (a − 1) log θ + (b − 1) log(1 − θ) − log B(a, b),  1e-12 <= a, b <= 1e12.

    Raises ValueError when a or b is otherwise. log p in nats; θ has no unit. Source: N. Johnson, S. Kotz, N.
    Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 25.

    >>> import kl_engine as kl
    >>> p = kl.distributions.Beta(2, 3)
    >>> p.mean, f"{kl.entropy(p):.6f}"
    (0.4, '-0.234907')
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            object.__setattr__(self, name, shape(name, getattr(self, name)))

    @property
    def support(self) -> tuple[float, float]:
        """(0, 1)."""
        return 0.0, 1.0

    @property
    def ends(self) -> tuple[End, End]:
        """θ^(a − 1) and (1 − θ)^(b − 1)."""
        return End(self.a, 0.0, "like |log θ|"), End(self.b, 0.0, "like |log (1 − θ)|")

    def near_low(self, t) -> np.ndarray:
        """log p(t), where t is small."""
        from scipy.special import betaln, xlog1py, xlogy

        t = np.asarray(t, dtype=np.float64)
        return xlogy(self.a - 1, t) + xlog1py(self.b - 1, -t) - betaln(self.a, self.b)

    def near_high(self, t) -> np.ndarray:
        """log p(1 − t), where t is small and 1 − t is never formed."""
        return Beta(self.b, self.a).near_low(t)

    @property
    def mean(self) -> float:
        """E[θ] = a / (a + b)."""
        return self.a / (self.a + self.b)

    @property
    def std(self) -> float:
        """√( ab / ((a + b)² (a + b + 1)) )."""
        total = self.a + self.b
        return math.sqrt(self.a / total * (self.b / total) / (total + 1))

    @ieee
    def log_pdf(self, theta) -> np.ndarray:
        """log p(θ) in nats, same shape as `theta`; −inf outside [0, 1]."""
        from scipy.special import betaln, xlog1py, xlogy

        theta = np.asarray(theta, dtype=np.float64)
        inside = np.clip(theta, 0, 1)
        logs = xlogy(self.a - 1, inside) + xlog1py(self.b - 1, -inside) - betaln(self.a, self.b)
        return np.where((theta < 0) | (theta > 1), -np.inf, logs)

    @ieee
    def pdf(self, theta) -> np.ndarray:
        """p(θ), for drawing only: it underflows where `log_pdf` does not."""
        return np.exp(self.log_pdf(theta))

    def mass(self, low: float, high: float) -> float:
        """P(low < θ < high)."""
        from scipy.special import betainc

        return float(betainc(self.a, self.b, min(high, 1)) - betainc(self.a, self.b, max(low, 0)))

    def quantile(self, share) -> float:
        """The θ below which there is this share of the mass."""
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, share))

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws of shape `size`; `rng` is a seed or a generator."""
        return generator("rng", rng).beta(self.a, self.b, size)


def shape(name: str, value: object, largest: float = LARGEST) -> float:
    """`value` as a parameter of a Beta."""
    number = positive(name, value)
    if not LEAST <= number <= largest:
        raise refuse(name, f"a number from {LEAST:g} to {largest:g}", value)
    return number


def expected_logs(q: Beta) -> tuple[float, float]:
    """E_q log θ and E_q log(1 − θ):  ψ(a) − ψ(a + b) and ψ(b) − ψ(a + b)."""
    from scipy.special import digamma

    both = float(digamma(q.a + q.b))
    return float(digamma(q.a)) - both, float(digamma(q.b)) - both


def log_beta(a: float, b: float) -> tuple[float, float]:
    """log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), and the size of the terms that its rounding is relative to.

    Large log Γ all but cancel: Stirling's formula is put in first, for the larger shape or for both.
    Source: A. DiDonato, A. Morris, ACM Trans. Math. Softw. 18 (1992) 360.
    """
    low, high = min(a, b), max(a, b)
    both = low + high
    if high < STIRLING:
        terms = [math.lgamma(low), math.lgamma(high), -math.lgamma(both)]
    elif low < STIRLING:
        terms = [math.lgamma(low), -low * math.log(high), low, -(both - 0.5) * math.log1p(low / high)]
        terms += [_stirling(high), -_stirling(both)]
    else:
        terms = [
            LOG_ROOT_TAU,
            -0.5 * math.log(high),
            (low - 0.5) * math.log(low / both),
            -high * math.log1p(low / high),
        ]
        terms += [_stirling(low), _stirling(high), -_stirling(both)]
    return math.fsum(terms), 1 + math.fsum(map(abs, terms))


def _stirling(x: float) -> float:
    """log Γ(x) − (x − ½) log x + x − ½ log 2π for x >= STIRLING: the next term of the series is below 3e-17."""
    total = 0.0
    for coefficient in STIRLING_SERIES:
        total = total / (x * x) + coefficient
    return total / x
