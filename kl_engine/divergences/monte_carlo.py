"""D(a‖b) by sampling: what it says as the draws grow, and how sure of it the sample is."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.certainty import LEVEL, Certainty
from kl_engine.estimates.checks import refuse, whole
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import LOG_DENSITY_ROUNDING

QUANTILE = NormalDist().inv_cdf(0.5 + LEVEL / 2)


@dataclass(frozen=True, eq=False)
class SamplingRun:
    """The running mean of log a − log b over the first sizes[i] draws of one sample, and its standard error there.

    The standard error is never below the rounding of the log densities, which is all it is where a and b are equal.
    """

    sizes: np.ndarray
    values: np.ndarray
    standard_errors: np.ndarray
    seed: int

    def estimate(self, row: int = -1) -> Estimate:
        """One row: its confidence interval is right where the sample has seen what matters."""
        method = f"Monte Carlo, {self.sizes[row]} draws, seed {self.seed}: {QUANTILE:.2f} standard errors"
        return Estimate(
            float(self.values[row]), float(QUANTILE * self.standard_errors[row]), Certainty.CONFIDENCE(LEVEL), method
        )


def sampled_kl(a: Mixture, b: Mixture, sizes, seed: int = 0) -> SamplingRun:
    """D(a‖b) = E_a [log a − log b] in nats as the mean over draws of a, at each of the ascending `sizes` (>= 2).

    One sample, read at growing lengths. The standard error is that of the sample: components of b or a that it never
    met are not in it. Raises ValueError for a bad argument.
    """
    a, b = mixture("a", a), mixture("b", b)
    counts = np.array([whole("sizes", size, 2) for size in sizes])
    if counts.size == 0 or (np.diff(counts) <= 0).any():
        raise refuse("sizes", "ascending whole numbers of at least 2", sizes)
    return drawn(a, b, counts, seed)


def drawn(a, b, counts: np.ndarray, seed: int) -> SamplingRun:
    """The run at checked sizes, for distributions of any kind that have `sample` and `log_pdf`."""
    x = a.sample(int(counts[-1]), np.random.default_rng(whole("seed", seed, 0)))
    over, under = a.log_pdf(x), b.log_pdf(x)
    ratios = over - under
    origin = ratios[0]  # sums of squares of offsets from one of them keep their digits
    offsets = ratios - origin
    sums, squares = (np.cumsum(power)[counts - 1] for power in (offsets, offsets**2))
    variance = np.maximum(squares - sums**2 / counts, 0) / (counts - 1)
    rounding = LOG_DENSITY_ROUNDING * (1 + np.abs(over).mean() + np.abs(under).mean())
    return SamplingRun(counts, origin + sums / counts, np.sqrt(variance / counts) + rounding, seed)
