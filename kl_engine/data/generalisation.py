"""How a density does on data that it has not seen: folds, held-out log loss, and the description length."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.data.empirical import Empirical, cell_loss
from kl_engine.data.kernel_density import kernel_log_densities
from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.checks import generator, positive, refuse, vector, whole
from kl_engine.estimates.floats import ieee


@dataclass(frozen=True, eq=False)
class Score:
    """Log losses in nats: the mean on the points fitted, and the loss of each point when it is left out.

    `losses` are (n,), or (R, n) where the points were parted R times.
    """

    train: float
    losses: np.ndarray

    @property
    def held_out(self) -> float:
        """The mean loss of the points left out."""
        return float(self.losses.mean())

    @property
    def deviation(self) -> float:
        """The standard error of that mean, over points and partitions; parts share data, so it is a guide."""
        return _standard_error(self.losses)

    def lead(self, other: Score) -> tuple[float, float]:
        """How much less it loses than another way on the same points, and the standard error of that difference.

        That is the std of the paired differences over the points, of each averaged over the partitions, over √n; and in
        quadrature the spread of their mean over the partitions. No unbiased variance of cross-validation exists
        (Y. Bengio, Y. Grandvalet, JMLR 5 (2004) 1089): it is approximate.
        """
        gain = other.losses - self.losses
        return float(gain.mean()), _standard_error(gain)


def folds(size: int, count: int, rng: int | np.random.Generator) -> tuple[np.ndarray, ...]:
    """The indices 0 … size − 1, shuffled by a seed or a generator, in `count` parts of nearly equal size, ascending."""
    size, count = whole("size", size, 2), whole("count", count, 2)
    if count > size:
        raise refuse("count", f"at most {size}, the number of points", count)
    order = generator("rng", rng).permutation(size)
    return tuple(np.sort(part) for part in np.array_split(order, count))


@ieee
def repeated_folds(size: int, count: int, repeats: int, rng: int | np.random.Generator) -> tuple[tuple, ...]:
    """Several partitions of the indices 0 … size − 1, shuffled by one generator, one after the other.

    A tuple of length `repeats` of tuples of `count` arrays of indices; |part| = size/count up to 1, numbers without
    unit. `rng` is a seed or a generator. Raises ValueError when `count` exceeds `size`. Source: R. Kohavi, IJCAI (1995)
    1137.

    >>> import kl_engine as kl
    >>> [[part.size for part in parts] for parts in kl.data.repeated_folds(7, 3, 2, rng=0)]
    [[3, 2, 2], [3, 2, 2]]
    """
    rng = generator("rng", rng)
    return tuple(folds(size, count, rng) for _ in range(whole("repeats", repeats, 1)))


def subsample(x: np.ndarray, most: int, rng: int | np.random.Generator) -> np.ndarray:
    """`x` itself when it has at most `most` points; otherwise so many of them, drawn without repetition by `rng`."""
    x = vector("x", x)
    if x.size <= most:
        return x
    return x[np.sort(generator("rng", rng).choice(x.size, most, replace=False))]


def several(partitions: tuple) -> tuple[tuple[np.ndarray, ...], ...]:
    """Partitions as they are; a single one, as `folds` makes it, as a tuple of one."""
    return (partitions,) if isinstance(partitions[0], np.ndarray) else partitions


def kernel_scores(x: np.ndarray, partitions: tuple, bandwidths: np.ndarray) -> list[Score]:
    """The scores of the kernel densities of these bandwidths, over one partition or several."""
    partitions = several(partitions)
    whole_data, losses = Empirical.of(x), np.empty((len(bandwidths), len(partitions), len(x)))
    for i, parts in enumerate(partitions):
        for part in parts:
            rest = Empirical.of(np.delete(x, part))
            losses[:, i, part] = [-logs for logs in kernel_log_densities(rest, x[part], bandwidths)]
    trained = kernel_log_densities(whole_data, whole_data.values, bandwidths)
    return [Score(-float(whole_data.masses @ logs), loss) for logs, loss in zip(trained, losses)]


def _standard_error(values: np.ndarray) -> float:
    """Over the points, and in quadrature over the partitions."""
    table = np.atleast_2d(values)
    points = table.mean(axis=0)
    spread = table.mean(axis=1).std(ddof=1) if len(table) > 1 else 0.0
    return float(math.hypot(points.std(ddof=1) / math.sqrt(points.size), spread))


def data_bits(data: Empirical, q: Mixture) -> float:
    """The bits of the data by the code of q: −Σ log₂ of its mass in a cell of width `data.grain` about each point."""
    return data.size * cell_loss(data, q) / math.log(2)


def mixture_bits(data: Empirical, components: int) -> float:
    """The bits of the K means, K stds and K − 1 free weights of a mixture: ½ log₂ n each.

    That is the precision to which n points fix a parameter; with the data it makes half the BIC, in bits and up to the
    constant of the grain. Source: J. Rissanen, Automatica 14 (1978) 465; G. Schwarz, Ann. Stat. 6 (1978) 461.
    """
    return 0.5 * (3 * whole("components", components, 1) - 1) * math.log2(data.size)


def kernel_bits(data: Empirical, bandwidth: float) -> float:
    """The bits of a kernel density: each point as a centre, to the precision of the bandwidth, and the bandwidth.

    A centre of precision δ = max(bandwidth, grain) within the span of the data costs log₂(1 + span/δ): ½ log₂ n would
    not place it to within its own width. The bandwidth costs ½ log₂ n.
    """
    span, precision = float(data.values[-1] - data.values[0]), max(positive("bandwidth", bandwidth), data.grain)
    return data.size * math.log2(1 + span / precision) + 0.5 * math.log2(data.size)
