"""The log likelihood of data as a function of one latent number: what an integral, a search or a picture asks of it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.quadrature.panels import Panels

DROPS = 0.5 * np.arange(1, 14) ** 2  # nats below a mode; outside the last one a bell is e^-84 of its top
FAR = 90.0  # nats


class Slopes(NamedTuple):
    """Expectations under R Gaussians q of f = log p(x∣z) and its derivatives scaled by σ, with t = (z − μ)/σ."""

    value: np.ndarray  # (R,) E f
    slope: np.ndarray  # (R,) E σ f′
    curve: np.ndarray  # (R,) E σ² f″
    skew: np.ndarray  # (R,) E σ² f″ t
    square: np.ndarray  # (R,) E σ² f″ t²


class Growth(NamedTuple):
    """How f falls far out on one side, as −(over + quadratic z² + linear |z|); `over` is inf where it falls faster."""

    over: float
    quadratic: float
    linear: float


class Bell(Protocol):
    """e(u) = −½ u² + f(mean + std u) − constant: a Gaussian of the prior times the likelihood, seen from its modes."""

    reach: float  # from here on e is FAR below its top

    def value(self, u):
        """e."""

    def width(self, u: float) -> float:
        """How far from u, a mode, e has fallen by ½ on the steeper side."""

    def modes(self) -> list[float]:
        """Every local maximum."""

    def edges(self, u: float, drops: np.ndarray = DROPS) -> np.ndarray:
        """Offsets from the mode u, on both sides, at which e has fallen by each of the drops."""

    def bends(self) -> np.ndarray:
        """Places outside of which e is concave; none where it is so everywhere."""

    def log_tail(self, u: float) -> float:
        """A bound of log ∫ exp(e) beyond u, away from the modes."""


class LogLikelihood(ABC):
    """f(z) = log p(x∣z) in nats. `constant` is what a `Bell` leaves out, `level` a bound of the terms that make it."""

    constant: float
    level: float
    method: str  # how an expectation of it is taken
    certainty: Certainty  # of an expectation
    narrowed_by: str  # the argument that makes a posterior narrow

    @abstractmethod
    def derivatives(self, z: float) -> tuple[float, float, float]:
        """f, f′ and f″ at z."""

    @abstractmethod
    def values(self, z) -> np.ndarray:
        """f, same shape as `z`: for pictures."""

    @abstractmethod
    def expected(self, mean, std) -> tuple[np.ndarray, np.ndarray]:
        """E f under each N(mean[i], std[i]²), and a bound of its error: both (R,)."""

    @abstractmethod
    def slopes(self, mean: np.ndarray, std: np.ndarray) -> tuple[Slopes, np.ndarray]:
        """E f and its derivatives under each N(mean[i], std[i]²); and a bound of the rounding of the slopes (R,)."""

    @abstractmethod
    def at_nodes(self, panels: Panels, centre: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
        """f at the nodes, expanded about `centre`, and the scale of its rounding (see `integrate`)."""

    @abstractmethod
    def tail(self, q: Gaussian, reach: float) -> float:
        """A bound of ∫ q |f| beyond `reach` std of q, and beyond the `support`."""

    @abstractmethod
    def growth(self, side: int) -> Growth:
        """How f falls towards ±∞, the side being 1 or −1."""

    @abstractmethod
    def bell(self, mean: float, std: float) -> Bell:
        """The component N(mean, std²) of the prior times the likelihood."""

    def support(self, q: Gaussian) -> Sequence[float]:
        """Further places that an integral under q must see, where q times f has mass far from q."""
        return ()

    def bends(self) -> Sequence[float]:
        """Places about which f turns, for the panels of an integral under any q."""
        return ()

    def expectation(self, q: Gaussian) -> Estimate:
        """E_q f in nats. Raises OverflowError when it is beyond the largest double."""
        with np.errstate(over="ignore", invalid="ignore"):
            value, error = self.expected(q.mean, q.std)
        return within_doubles(float(value[0]), float(error[0]), self.certainty, self.method)


def within_doubles(value: float, error: float, certainty: Certainty, method: str) -> Estimate:
    """The Estimate; OverflowError when the number is finite in truth and yet beyond the largest double."""
    if math.isfinite(value) and math.isfinite(error):
        return Estimate(value, error, certainty, method)
    raise OverflowError(
        "the free energy is finite but beyond the largest double (1.8e308): bring q closer to the data, or use a link "
        "of smaller coefficients or a larger noise_std"
    )
