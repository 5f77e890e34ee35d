"""The families over whole numbers: Bernoulli, binomial, Poisson, geometric, negative binomial."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from kl_engine.distributions.counts.base import CountDistribution, whole_from
from kl_engine.estimates.checks import finite, generator, positive, refuse, whole
from kl_engine.estimates.floats import ieee

EVEN = 1.0  # a logit within it is known from the probability to all digits


def probability(name: str, value: object, open_at_0: bool = False) -> float:
    """`value` as a number from 0 to 1."""
    number = finite(name, value)
    if not (number > 0 if open_at_0 else number >= 0) or number > 1:
        raise refuse(name, f"a number from {'above ' if open_at_0 else ''}0 to 1", value)
    return number


@dataclass(frozen=True)
class Bernoulli(CountDistribution):
    """P(1) = prob, P(0) = 1 − prob. Raises ValueError unless 0 <= prob <= 1.

    log P in nats. `logit` is log prob/(1 − prob) where it is known better than `prob`, by name alone. Source: N.
    Johnson, A. Kemp, S. Kotz, Univariate Discrete Distributions (2005), 3.1.

    >>> import kl_engine as kl
    >>> float(kl.distributions.Bernoulli(0.25).log_pmf(1).round(6))
    -1.386294
    """

    prob: float
    logit: float | None = field(default=None, kw_only=True)  # log prob/(1 − prob), where it is known better than prob

    def __post_init__(self) -> None:
        object.__setattr__(self, "prob", probability("prob", self.prob))

    @classmethod
    def of_logit(cls, logit: float) -> Bernoulli:
        """P(1) = 1/(1 + e^−logit), the logit kept: neither outcome is impossible, however large it is.

        Raises ValueError unless it is a finite number.

        >>> import kl_engine as kl
        >>> B = kl.distributions.Bernoulli
        >>> f"{kl.kl_divergence(B(0.5), B.of_logit(40)):.2f}"
        '19.31'
        """
        logit = finite("logit", logit)
        prob = 1 / (1 + math.exp(-logit)) if logit > -700 else math.exp(logit)
        return cls(prob, logit=logit if abs(logit) > EVEN else None)

    @property
    def support(self) -> tuple[float, float]:
        """What of 0 and 1 is possible."""
        return (0.0, 1.0) if self.logit is not None else (float(self.prob == 1), float(self.prob > 0))

    @property
    def mean(self) -> float:
        """prob."""
        return self.prob

    @property
    def std(self) -> float:
        """√(prob (1 − prob))."""
        return math.exp(0.5 * float(self.log_pmf(0) + self.log_pmf(1)))

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        if self.logit is not None:
            return whole_from(k, 0, 1, lambda k: -np.logaddexp(0, np.where(k == 1, -self.logit, self.logit)))
        return Binomial(1, self.prob).log_pmf(k)

    def ratio_beyond(self, k: float) -> float:
        """0: there is nothing beyond 1."""
        return 0.0

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws."""
        return generator("rng", rng).binomial(1, self.prob, size)


@dataclass(frozen=True)
class Binomial(CountDistribution):
    """P(k) = C(trials, k) prob^k (1 − prob)^(trials − k). Raises ValueError for bad parameters.

    log P in nats. Source: N. Johnson, A. Kemp, S. Kotz, Univariate Discrete Distributions (2005), ch. 3.

    >>> import kl_engine as kl
    >>> kl.distributions.Binomial(10, 0.5).mean
    5.0
    """

    trials: int
    prob: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "trials", whole("trials", self.trials, 1))
        object.__setattr__(self, "prob", probability("prob", self.prob))

    @property
    def support(self) -> tuple[float, float]:
        """0 to trials, or one end alone where prob is 0 or 1."""
        return (self.trials if self.prob == 1 else 0), (self.trials if self.prob > 0 else 0)

    @property
    def mean(self) -> float:
        """trials · prob."""
        return self.trials * self.prob

    @property
    def std(self) -> float:
        """√(trials prob (1 − prob))."""
        return math.sqrt(self.trials * self.prob * (1 - self.prob))

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        from scipy.special import betaln, xlog1py, xlogy

        def logs(k: np.ndarray) -> np.ndarray:
            rest = self.trials - k
            choices = -np.log1p(self.trials) - betaln(rest + 1, k + 1)
            return choices + xlogy(k, self.prob) + xlog1py(rest, -self.prob)

        return whole_from(k, *self.support, logs)

    def ratio_beyond(self, k: float) -> float:
        """(trials − k)/(k + 1) · prob/(1 − prob), which falls with k."""
        return max(0.0, self.trials - k) / (k + 1) * (self.prob / (1 - self.prob) if self.prob < 1 else math.inf)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws."""
        return generator("rng", rng).binomial(self.trials, self.prob, size)


@dataclass(frozen=True)
class Poisson(CountDistribution):
    """P(k) = rate^k e^−rate / k!. Raises ValueError when rate is not a number > 0.

    log P in nats. Source: N. Johnson, A. Kemp, S. Kotz, Univariate Discrete Distributions (2005), ch. 4.

    >>> import kl_engine as kl
    >>> float(kl.distributions.Poisson(2).log_pmf(0))
    -2.0
    """

    rate: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", positive("rate", self.rate))

    @property
    def mean(self) -> float:
        """rate."""
        return self.rate

    @property
    def std(self) -> float:
        """√rate."""
        return math.sqrt(self.rate)

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        return whole_from(k, 0, math.inf, self.log_between)

    @ieee
    def log_between(self, x) -> np.ndarray:
        """The same with Γ(x + 1) for x!."""
        from scipy.special import gammaln

        x = np.asarray(x, dtype=np.float64)
        return x * math.log(self.rate) - self.rate - gammaln(x + 1)

    def ratio_beyond(self, k: float) -> float:
        """rate/(k + 1), which falls with k."""
        return self.rate / (k + 1)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws."""
        return generator("rng", rng).poisson(self.rate, size)


@dataclass(frozen=True)
class Geometric(CountDistribution):
    """P(k) = prob (1 − prob)^(k − first) for k = first, first + 1, …: trials up to the first success with `first` = 1
    (SciPy's convention), failures before it with `first` = 0 (torch's).

    Raises ValueError unless 0 < prob <= 1 and first is 0 or 1. log P in nats. Source: N. Johnson, A. Kemp, S. Kotz,
    Univariate Discrete Distributions (2005), 5.2.

    >>> import kl_engine as kl
    >>> kl.distributions.Geometric(0.25).mean, kl.distributions.Geometric(0.25, first=0).mean
    (4.0, 3.0)
    """

    prob: float
    first: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "prob", probability("prob", self.prob, open_at_0=True))
        if self.first not in (0, 1):
            raise refuse("first", "0 or 1", self.first)

    @property
    def support(self) -> tuple[float, float]:
        """From `first` on."""
        return self.first, (math.inf if self.prob < 1 else self.first)

    @property
    def mean(self) -> float:
        """first + (1 − prob)/prob."""
        return self.first + (1 - self.prob) / self.prob

    @property
    def std(self) -> float:
        """√(1 − prob)/prob."""
        return math.sqrt(1 - self.prob) / self.prob

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        return whole_from(k, *self.support, self.log_between)

    @ieee
    def log_between(self, x) -> np.ndarray:
        """The same at any numbers."""
        from scipy.special import xlog1py

        return math.log(self.prob) + xlog1py(np.asarray(x, dtype=np.float64) - self.first, -self.prob)

    def ratio_beyond(self, k: float) -> float:
        """1 − prob, everywhere."""
        return 1 - self.prob

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws."""
        return generator("rng", rng).geometric(self.prob, size) - 1 + self.first


@dataclass(frozen=True)
class NegativeBinomial(CountDistribution):
    """P(k) = Γ(k + successes)/(k! Γ(successes)) prob^successes (1 − prob)^k: failures before so many successes.

    `successes` may be any number > 0. Raises ValueError unless 0 < prob < 1. log P in nats. Source: N. Johnson, A.
    Kemp, S. Kotz, Univariate Discrete Distributions (2005), ch. 5.

    >>> import kl_engine as kl
    >>> round(kl.distributions.NegativeBinomial(3, 0.5).mean, 12)
    3.0
    """

    successes: float
    prob: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "successes", positive("successes", self.successes))
        object.__setattr__(self, "prob", probability("prob", self.prob, open_at_0=True))
        if self.prob == 1:
            raise refuse("prob", "a number below 1", self.prob)

    @property
    def mean(self) -> float:
        """successes (1 − prob)/prob."""
        return self.successes * (1 - self.prob) / self.prob

    @property
    def std(self) -> float:
        """√(successes (1 − prob))/prob."""
        return math.sqrt(self.successes * (1 - self.prob)) / self.prob

    @ieee
    def log_pmf(self, k) -> np.ndarray:
        """log P(k) in nats."""
        return whole_from(k, 0, math.inf, self.log_between)

    @ieee
    def log_between(self, x) -> np.ndarray:
        """The same with Γ(x + 1) for x!."""
        from scipy.special import betaln, xlog1py

        x = np.asarray(x, dtype=np.float64)
        choices = -np.log(x + self.successes) - betaln(self.successes, x + 1)
        return choices + self.successes * math.log(self.prob) + xlog1py(x, -self.prob)

    def ratio_beyond(self, k: float) -> float:
        """(k + successes)/(k + 1) · (1 − prob): it falls to 1 − prob for successes > 1, and rises to it below."""
        return max(1.0, (k + self.successes) / (k + 1)) * (1 - self.prob)

    @ieee
    def sample(self, size, rng) -> np.ndarray:
        """Independent draws."""
        return generator("rng", rng).negative_binomial(self.successes, self.prob, size)
