"""Log likelihoods of counts given η = a + b z: Bernoulli with a logistic link, Poisson with an exponential one.

Both are concave in z, so that a Gaussian prior leaves one mode. Of n independent observations only their sum S and n
matter:

    Bernoulli  f = S log σ(η) + (n − S) log σ(−η)      σ(η) = 1/(1 + e^(−η))
    Poisson    f = S η − n e^η − Σ log xᵢ!

Source: P. McCullagh, J. Nelder, Generalized Linear Models (1989), 4 and 6.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.rounding import EPSILON, LOG_2, ROOT_2, ROOT_TAU, ROUNDING
from kl_engine.inference.likelihoods.bells import ConcaveBell
from kl_engine.inference.likelihoods.likelihood import Growth, LogLikelihood, Slopes
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Components, Panels
from kl_engine.quadrature.truncation import MARKS, REACH, marks, mass_beyond

BENDS = (-40.0, -12.0, -4.0, 0.0, 4.0, 12.0, 40.0)  # of η: where log σ turns from one line to another
FAR_STD = 1.0  # of η: from there on e^η has its mass under q so far from q that an integral needs panels there


class _OfCounts(LogLikelihood):
    """What both share: η = a + b z, and integrals over it."""

    link: np.ndarray
    count: int  # of observations
    total: int  # their sum
    narrowed_by = "x"

    @property
    def offset(self) -> float:
        """a."""
        return float(self.link[0])

    @property
    def slope(self) -> float:
        """b."""
        return float(self.link[1])

    def eta(self, z):
        """a + b z."""
        return self.offset + self.slope * np.asarray(z, dtype=np.float64)

    def values(self, z) -> np.ndarray:
        """f, same shape as `z`."""
        return self.constant + self.of_eta(self.eta(z))

    def derivatives(self, z: float) -> tuple[float, float, float]:
        """f, f′ and f″ at z."""
        eta = float(self.eta(z))
        first, second = self.slopes_of_eta(eta)
        return (
            self.constant + float(self.of_eta(eta)),
            self.slope * float(first),
            self.slope * self.slope * float(second),
        )

    def bell(self, mean: float, std: float) -> ConcaveBell:
        """The component N(mean, std²) of the prior times the likelihood."""
        at, step = float(self.eta(mean)), self.slope * std

        def slopes(u: float) -> tuple[float, float]:
            first, second = self.slopes_of_eta(at + step * u)
            return step * float(first), step * step * float(second)

        return ConcaveBell(lambda u: self.of_eta(at + step * np.asarray(u)), slopes)

    def at_nodes(self, panels: Panels, centre: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
        """f at the nodes, expanded about `centre`, and the scale of its rounding."""
        frame = Components.rows(*np.array([[[1.0]], [[centre]], [[scale]]]))
        t = ROOT_2 * panels.standardised(frame)[0][0]
        moved = self.slope * scale * t
        eta = self.offset + self.slope * centre + moved
        size = abs(self.offset) + abs(self.slope * centre) + np.abs(moved)
        value, (first, _) = self.of_eta(eta), self.slopes_of_eta(eta)
        scale_of_rounding = self.level + self.size_of(eta) + 0.5 * size * np.abs(first)
        return self.constant + value, scale_of_rounding

    @abstractmethod
    def of_eta(self, eta) -> np.ndarray:
        """f − constant."""

    @abstractmethod
    def slopes_of_eta(self, eta) -> tuple[np.ndarray, np.ndarray]:
        """df/dη and d²f/dη²."""

    @abstractmethod
    def size_of(self, eta) -> np.ndarray:
        """The terms of f − constant by their size, for its rounding."""


@dataclass(frozen=True, eq=False)
class BernoulliLog(_OfCounts):
    """f(z) = S log σ(η) + (n − S) log σ(−η), for `total` = S ones of `count` = n observations in a known order."""

    link: np.ndarray
    count: int
    total: int

    constant = level = 0.0
    method = "Gauss-Kronrod (15, 31): E log σ under a Gaussian has no closed form"
    certainty = Certainty.ESTIMATED

    @property
    def zeros(self) -> int:
        """n − S."""
        return self.count - self.total

    def of_eta(self, eta) -> np.ndarray:
        """−S log(1 + e^(−η)) − (n − S) log(1 + e^η)."""
        return -self.total * _softplus(-eta) - self.zeros * _softplus(eta)

    def slopes_of_eta(self, eta) -> tuple[np.ndarray, np.ndarray]:
        """S − n σ, and −n σ (1 − σ)."""
        up, down = _logistic(eta), _logistic(-eta)
        return self.total * down - self.zeros * up, -self.count * up * down

    def size_of(self, eta) -> np.ndarray:
        """It is a sum of terms of one sign."""
        return 2 * np.abs(self.of_eta(eta))

    def growth(self, side: int) -> Growth:
        """Linear: a wrong observation costs |η|."""
        rising = side * self.slope > 0
        return Growth(0.0, 0.0, abs(self.slope) * (self.zeros if rising else self.total))

    def tail(self, q: Gaussian, reach: float) -> float:
        """|f| <= n (log 2 + |η|)."""
        edge = 2 * math.exp(-0.5 * reach * reach) / ROOT_TAU
        at = abs(float(self.eta(q.mean)))
        return self.count * ((LOG_2 + at) * mass_beyond(reach) + abs(self.slope) * q.std * edge)

    def bends(self) -> Sequence[float]:
        """About η = 0: from there on log σ is nearly a line on either side."""
        return ((np.array(BENDS) - self.offset) / self.slope).tolist()

    def expected(self, mean, std) -> tuple[np.ndarray, np.ndarray]:
        """E f under each N(mean[i], std[i]²), and a bound of its error: both (R,)."""
        mean, std = np.atleast_1d(mean).astype(float), np.atleast_1d(std).astype(float)

        def integrand(panels: Panels) -> np.ndarray:
            weight, eta, _, size = self._under(panels, mean, std)
            value, (first, _) = self.of_eta(eta), self.slopes_of_eta(eta)
            slack = self.size_of(eta) + 0.5 * size * np.abs(first) + np.abs(value) * (4 + np.abs(np.log(weight)))
            return weight * np.stack([-value, slack])

        found = integrate(integrand, self._panels(mean, std), mean.size)
        tails = [self.tail(Gaussian(*place), REACH) for place in zip(mean.tolist(), std.tolist())]
        return -found.value[0], found.error[0] + tails

    def slopes(self, mean: np.ndarray, std: np.ndarray) -> tuple[Slopes, np.ndarray]:
        """E f and its derivatives under each N(mean[i], std[i]²); and a bound of the rounding of the slopes (R,)."""
        step = self.slope * std

        def integrand(panels: Panels) -> np.ndarray:
            weight, eta, t, _ = self._under(panels, mean, std)
            up, bend = _logistic(eta), _logistic(eta) * _logistic(-eta)
            # 1 + bend t and not bend t: the goal of an integral is relative to its value, and that may be 0.
            lines = [-self.of_eta(eta), up, bend, 1 + bend * t, bend * t * t]
            return weight * np.stack([*lines, (4 + np.abs(np.log(weight))) * (1 + t * t)])

        value, up, bend, skew, square = integrate(integrand, self._panels(mean, std), mean.size).value
        curve = -self.count * step * step
        found = Slopes(-value, step * (self.total - self.count * up), curve * bend, curve * (skew - 1), curve * square)
        return found, ROUNDING * self.count * (np.abs(step) + step * step)

    def _panels(self, mean: np.ndarray, std: np.ndarray) -> Panels:
        """Each q to its reach, cut where f bends."""
        return Panels.of_rows(mean + MARKS * std, np.array(self.bends())[:, None])

    def _under(self, panels: Panels, mean: np.ndarray, std: np.ndarray) -> tuple[np.ndarray, ...]:
        """The density of each row's q at the nodes, η, t and the size of what η is summed of."""
        frame = Components.rows(np.ones((1, mean.size)), mean[None], std[None])
        (u,), table = panels.standardised(frame)
        t, owner = ROOT_2 * u, panels.owner
        moved = (self.slope * std)[owner][:, None] * t
        at = (self.slope * mean)[owner][:, None]
        return np.exp(table[0, 0][:, None] - u * u), self.offset + at + moved, t, np.abs(at) + np.abs(moved)


@dataclass(frozen=True, eq=False)
class PoissonLog(_OfCounts):
    """f(z) = S η − n e^η − Σ log xᵢ!, for n = `count` observations of sum S = `total`; `logs` is Σ log xᵢ!.

    With η₀ = log(S/n), its highest place, f = constant − S (e^δ − 1 − δ), δ = η − η₀; with S = 0 it is −n e^η.
    """

    link: np.ndarray
    count: int
    total: int
    logs: float

    method = "closed form: E e^η = exp(E η + ½ Var η)"
    certainty = Certainty.EXACT

    @classmethod
    def of(cls, link: np.ndarray, observed: Sequence[int]) -> PoissonLog:
        """The likelihood of independent counts."""
        return cls(link, len(observed), sum(observed), math.fsum(math.lgamma(x + 1) for x in observed))

    @cached_property
    def top(self) -> float:
        """η₀, or where all counts are 0 what makes −e^(η − η₀) of −n e^η: −log n."""
        return math.log(self.total / self.count) if self.total else -math.log(self.count)

    @cached_property
    def constant(self) -> float:
        """f at its highest place."""
        return self.total * (self.top - 1) - self.logs if self.total else 0.0

    @cached_property
    def level(self) -> float:
        """The same, each term by its size."""
        return self.total * (abs(self.top) + 1) + self.logs if self.total else 0.0

    def of_eta(self, eta) -> np.ndarray:
        """−S (e^δ − 1 − δ), or −e^δ."""
        delta = np.asarray(eta) - self.top
        return -self.total * (np.expm1(delta) - delta) if self.total else -np.exp(delta)

    def slopes_of_eta(self, eta) -> tuple[np.ndarray, np.ndarray]:
        """S − n e^η, and −n e^η."""
        delta = np.asarray(eta) - self.top
        scale = self.total or 1
        return (-scale * np.expm1(delta) if self.total else -np.exp(delta)), -scale * np.exp(delta)

    def size_of(self, eta) -> np.ndarray:
        """Both terms."""
        delta = np.asarray(eta) - self.top
        return self.total * (np.abs(np.expm1(delta)) + np.abs(delta)) if self.total else np.exp(delta)

    def growth(self, side: int) -> Growth:
        """An exponential on one side, a line on the other."""
        rising = side * self.slope > 0
        return Growth(math.inf, 0.0, 0.0) if rising else Growth(0.0, 0.0, abs(self.slope) * self.total)

    def support(self, q: Gaussian) -> Sequence[float]:
        """Where q e^η has its mass: N(mean + b std², std²)."""
        step = self.slope * q.std
        return [q.mean + q.std * (step + mark) for mark in marks(REACH)] if abs(step) > FAR_STD else ()

    def tail(self, q: Gaussian, reach: float) -> float:
        """Of e^δ under q beyond both its own reach and that of q: Φ(−reach) of its mean; of the line by its moments."""
        step, delta = abs(self.slope) * q.std, float(self.eta(q.mean)) - self.top
        within = min(reach, REACH) if step > FAR_STD else reach - step
        mass, edge = mass_beyond(reach), 2 * math.exp(-0.5 * reach * reach) / ROOT_TAU
        grown = math.exp(min(delta + 0.5 * step * step, 709.0)) * mass_beyond(within)
        return self.level * mass + (self.total or 1) * (grown + (1 + abs(delta)) * mass + step * edge)

    def expected(self, mean, std) -> tuple[np.ndarray, np.ndarray]:
        """E f under each N(mean[i], std[i]²), and a bound of its error: both (R,)."""
        mean, std = np.atleast_1d(mean).astype(float), np.atleast_1d(std).astype(float)
        half = 0.5 * (self.slope * std) ** 2
        at = self.slope * mean
        delta = self.offset + at - self.top
        size = abs(self.offset) + np.abs(at) + abs(self.top) + half
        if not self.total:
            grown = np.exp(delta + half)
            return -grown, 8 * EPSILON * (1 + size) * grown
        rise = np.expm1(delta + half)
        value = self.constant - self.total * (rise - delta)
        parts = self.level + self.total * (np.abs(rise) + (1 + np.abs(rise)) * size + size)
        return value, 8 * EPSILON * (parts + np.abs(value))

    def slopes(self, mean: np.ndarray, std: np.ndarray) -> tuple[Slopes, np.ndarray]:
        """E f and its derivatives: E σ² f″ tᵏ is that of a Gaussian whose mean has moved by b σ."""
        step = self.slope * std
        exponent = self.offset + self.slope * mean - self.top + 0.5 * step * step
        grown = (self.total or 1) * np.exp(exponent)
        first = -self.total * np.expm1(exponent) if self.total else -grown
        curve = -step * step * grown
        found = Slopes(self.expected(mean, std)[0], step * first, curve, curve * step, curve * (1 + step * step))
        lost = (np.abs(step) + step * step * (1 + np.abs(step)) ** 2) * (grown + self.total) * (1 + np.abs(exponent))
        return found, ROUNDING * lost


def _softplus(eta) -> np.ndarray:
    """log(1 + e^η)."""
    return np.logaddexp(0.0, eta)


def _logistic(eta) -> np.ndarray:
    """1/(1 + e^(−η)), by whichever exponential is below 1."""
    small = np.exp(-np.abs(eta))
    return np.where(np.asarray(eta) < 0, small, 1.0) / (1 + small)
