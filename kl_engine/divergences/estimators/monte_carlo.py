"""D(a‖b) by sampling: three estimators of it, what they say as the draws grow, and with what standard error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kl_engine.estimates.certainty import LEVEL, Certainty
from kl_engine.estimates.checks import generator, refuse, vector, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_DENSITY_ROUNDING

QUANTILE = NormalDist().inv_cdf(0.5 + LEVEL / 2)
DRAWS = 10_000
# Of r = b/a at a draw of a, given log r. Source: J. Schulman, Approximating KL divergence (2020).
ESTIMATORS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "k1": lambda log_r: -log_r,
    "k2": lambda log_r: 0.5 * log_r * log_r,
    "k3": lambda log_r: np.expm1(log_r) - log_r,
}
BIASED = "k2 is biased: the interval is for E ½ (log a/b)², which is not D(a‖b)"


@dataclass(frozen=True, eq=False)
class SamplingRun:
    """The running mean of an estimator over the first sizes[i] draws of one sample, and its standard error there.

    The standard error is never below the rounding of the log densities, which is all it is where a and b are equal.
    `values` and `standard_errors` are in nats and of the shape (n,) of `sizes`; `source` is what was sampled,
    `estimator` "k1", "k2" or "k3". Made by `kl.divergences.sampling_run`.

    >>> import kl_engine as kl
    >>> run = kl.divergences.sampling_run(kl.Gaussian(0, 1), kl.Gaussian(0, 2), [100, 1000], rng=0)
    >>> run.sizes.tolist(), run.values.shape
    ([100, 1000], (2,))
    """

    sizes: np.ndarray
    values: np.ndarray
    standard_errors: np.ndarray
    source: str  # of the draws: `seed 3`, or that they came from a generator
    estimator: str = "k1"

    def estimate(self, row: int = -1) -> Estimate:
        """One row: its confidence interval is right where the sample has seen what matters."""
        method = (
            f"Monte Carlo ({self.estimator}), {self.sizes[row]} draws, {self.source}: {QUANTILE:.2f} standard errors"
        )
        if self.estimator == "k2":
            method += f"; {BIASED}"
        half = float(QUANTILE * self.standard_errors[row])
        return Estimate(float(self.values[row]), half, Certainty.CONFIDENCE(LEVEL), method)


@ieee
def sampling_run(a, b, sizes, estimator: str = "k1", rng: int | np.random.Generator = 0) -> SamplingRun:
    """What an estimator of D(a‖b) in nats says over the first n draws of a, at each n of the ascending `sizes` (>= 2).

    One sample, read at growing lengths, for distributions of any kind that have `sample` and a log density (or mass).
    The standard error is that of the sample: what it never met is not in it. Raises ValueError for a bad argument.
    `estimator` is "k1", "k2" or "k3", as in `kl.monte_carlo_kl`; with r = b/a the first is the mean of −log r. `rng` is
    a seed or a generator; `sizes` is of shape (n,). Source: J. Schulman (2020), joschu.net/blog/kl-approx.

    >>> import kl_engine as kl
    >>> run = kl.divergences.sampling_run(kl.Gaussian(0, 1), kl.Gaussian(0, 2), [100, 1000], "k1", rng=0)
    >>> bool(run.standard_errors[1] < run.standard_errors[0])
    True
    """
    counts = vector("sizes", sizes)
    if (counts % 1).any() or counts[0] < 2 or (np.diff(counts) <= 0).any():
        raise refuse("sizes", "ascending whole numbers of at least 2", sizes)
    counts = counts.astype(int)
    if estimator not in ESTIMATORS:
        raise refuse("estimator", "one of k1, k2, k3", estimator)
    try:
        x = a.sample(int(counts[-1]), generator("rng", rng))
    except (AttributeError, TypeError) as error:
        raise refuse("a", "a distribution that can be sampled", a) from error
    for name, each in (("a", a), ("b", b)):
        if not (hasattr(each, "log_pdf") or hasattr(each, "log_pmf")):
            raise refuse(name, "a distribution with a log density", each)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log_a, log_b = _log_density(a, x), _log_density(b, x)
        values = ESTIMATORS[estimator](log_b - log_a)
    if np.isnan(values).any():
        raise refuse("a", "a distribution whose draws doubles can tell from its ends", a)
    source = "from a generator" if isinstance(rng, np.random.Generator) else f"seed {rng}"
    return SamplingRun(
        counts, *_running(values, counts, np.abs(log_a).mean() + np.abs(log_b).mean()), source, estimator
    )


def monte_carlo_kl(
    a,
    b,
    estimator: str,
    draws: int,
    rng: int | np.random.Generator,
    wild: Callable[[object, object], bool] | None = None,
    missed: Callable[[object, object], float] | None = None,
) -> Estimate:
    """One estimate of D(a‖b); `wild` says whether Var k3 is infinite, `missed` what b has where a has nothing."""
    found = sampling_run(a, b, [whole("draws", draws, 2)], estimator, rng).estimate()
    if estimator != "k3":
        return found
    method = found.method
    if missed and (lost := missed(a, b)):
        method += f"; k3 is biased by −{lost:.3g}, the mass of b where a has none"
    if wild and wild(a, b):
        method += "; the variance of k3 is infinite here (∫ b²/a is), so that no number of draws gives an interval"
        return Estimate(found.value, np.inf, found.certainty, method)
    return Estimate(found.value, found.error, found.certainty, method)


def _log_density(a, x: np.ndarray) -> np.ndarray:
    """log p at the draws; of symbols log P."""
    return a.log_pdf(x) if hasattr(a, "log_pdf") else a.log_pmf(x)


def _running(values: np.ndarray, counts: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
    """The means of the first draws, and their standard errors with the rounding of log densities of this size."""
    origin = values[0]  # sums of squares of offsets from one of them keep their digits
    offsets = values - origin
    sums, squares = (np.cumsum(power)[counts - 1] for power in (offsets, offsets**2))
    variance = np.maximum(squares - sums**2 / counts, 0) / (counts - 1)
    return origin + sums / counts, np.sqrt(variance / counts) + LOG_DENSITY_ROUNDING * (1 + size)
