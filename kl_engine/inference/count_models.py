"""Models of counts with a Gaussian latent: ones and zeros by a logistic link, counts by an exponential one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.checks import refuse, vector, whole
from kl_engine.inference.likelihoods.counts import BernoulliLog, PoissonLog
from kl_engine.inference.models import LineModel, one_or_several

IDENTITY = (0.0, 1.0)  # η = z
MOST_COUNTED = 10**9
STEEPEST = 1e150  # |b|: its square is still a double


def straight(name: str, link: object) -> np.ndarray:
    """`link` as (a, b) of η = a + b z; a ValueError names the argument."""
    found = vector(name, link)
    if found.size != 2 or not 1 / STEEPEST <= abs(found[1]) <= STEEPEST:
        raise refuse(name, "two numbers (a, b) of η = a + b z, b not 0", link)
    return found


def _outcome(value: object) -> int:
    """0 or 1, also as a truth value or as the float of it."""
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, float) and value in (0.0, 1.0)):
        return int(value)
    found = whole("x", value, 0)
    if found > 1:
        raise refuse("x", "0 or 1 in each place", value)
    return found


def _counted(value: object) -> int:
    """A count, also as the float of it."""
    found = whole("x", int(value) if isinstance(value, float) and value.is_integer() else value, 0)
    if found > MOST_COUNTED:
        raise refuse("x", f"counts from 0 to {MOST_COUNTED:g}", value)
    return found


@dataclass(frozen=True, eq=False)
class _CountModel(LineModel):
    """What both have: a prior of z, a link (a, b) of η = a + b z, and whole numbers as data."""

    prior: Mixture
    link: np.ndarray = IDENTITY

    _one: ClassVar[Callable[[object], int]]  # one observation as a whole number; a ValueError names what is expected

    def __post_init__(self) -> None:
        mixture("prior", self.prior)
        object.__setattr__(self, "link", straight("link", self.link))

    def observation(self, x: object) -> int | tuple[int, ...]:
        """`x` as one whole number, or several."""
        values = tuple(self._one(each) for each in one_or_several(x))
        return values[0] if len(values) == 1 else values


@dataclass(frozen=True, eq=False)
class BernoulliModel(_CountModel):
    """z ~ prior, xᵢ ~ Bernoulli(σ(η)) with η = a + b z, σ(η) = 1/(1 + e^(−η)): logistic regression on one number.

    `prior` is a `Gaussian` or a `GaussianMixture` of z, `link` = (a, b) of shape (2,), b ≠ 0. Data are 0 or 1, or a
    sequence of them of shape (n,). Neither z nor η has a unit. With a Beta prior of the chance itself: `BetaModel`.
    Raises ValueError naming the argument that is otherwise. Source: C. Bishop, Pattern Recognition and Machine Learning
    (2006), 4.5.

    >>> import kl_engine as kl
    >>> model = kl.inference.BernoulliModel(kl.Gaussian(0, 2))
    >>> found = kl.inference.posterior(model, [1, 1, 0, 1])
    >>> round(found.mean, 6), round(found.std, 6)
    (0.973471, 1.033399)
    """

    _one = staticmethod(_outcome)

    def log_likelihood(self, x: int | tuple[int, ...]) -> BernoulliLog:
        """Σ log p(xᵢ∣z)."""
        values = x if isinstance(x, tuple) else (x,)
        return BernoulliLog(self.link, len(values), sum(values))


@dataclass(frozen=True, eq=False)
class PoissonModel(_CountModel):
    """z ~ prior, xᵢ ~ Poisson(e^η) with η = a + b z: counts whose log rate is a number with a Gaussian prior.

    `prior` is a `Gaussian` or a `GaussianMixture` of z, `link` = (a, b) of shape (2,), b ≠ 0; an exposure t is a =
    log t. Data are a count from 0 to 1e9, or a sequence of them of shape (n,). Neither z nor η has a unit. Raises
    ValueError naming the argument that is otherwise. Source: P. McCullagh, J. Nelder, Generalized Linear Models (1989),
    6.

    >>> import kl_engine as kl
    >>> model = kl.inference.PoissonModel(kl.Gaussian(0, 1))
    >>> found = kl.inference.posterior(model, [3, 1, 4])
    >>> round(found.mean, 6), round(found.std, 6)
    (0.812066, 0.357651)
    """

    _one = staticmethod(_counted)

    def log_likelihood(self, x: int | tuple[int, ...]) -> PoissonLog:
        """Σ log p(xᵢ∣z)."""
        return PoissonLog.of(self.link, x if isinstance(x, tuple) else (x,))
