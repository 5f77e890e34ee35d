"""What the wrong code costs, measured: one sample from p, coded for q and coded for p."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kl_engine.coding.arithmetic_coding import ArithmeticCoder, Coded
from kl_engine.distributions.categorical import Categorical
from kl_engine.divergences.sums.discrete import kl_terms
from kl_engine.divergences.verbs import forward_kl
from kl_engine.estimates.checks import refuse, whole
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import LOG_2

ENDING = 2  # binary digits: the most that the end of a code may cost above −log₂ of the probability


@dataclass(frozen=True, eq=False)
class CodingRun:
    """A sample, and for each of its first `sizes` symbols the binary digits that two arithmetic coders wrote.

    `stopped` is the place of the first symbol that q excludes, which its code cannot say; None when there is none.
    Sizes beyond it are left out. `code` is what the code for q made of all symbols before it. `symbols` is of shape
    (n,), `sizes`, `digits_q` and `digits_p` of one shape (m,); `excess` is in nats per symbol. Made by
    `kl.coding.coding_run`.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> run = kl.coding.coding_run(q, kl.Categorical([0.25, 0.25, 0.5]), [100, 1000], rng=0)
    >>> run.digits_q.shape, run.stopped
    ((2,), None)
    """

    symbols: np.ndarray
    sizes: np.ndarray
    digits_q: np.ndarray
    digits_p: np.ndarray
    stopped: int | None
    code: Coded

    @property
    def excess(self) -> np.ndarray:
        """The nats per symbol that the code for q took more than the code for p, on the same symbols."""
        return (self.digits_q - self.digits_p) * LOG_2 / self.sizes


@ieee
def coding_run(p: Categorical, q: Categorical, sizes: Sequence[int], rng: int | np.random.Generator) -> CodingRun:
    """Draw max(sizes) symbols from `p`; code the first n of them for `q` and for `p`, for every n of `sizes`;
    `rng` is a seed or a generator.

    By the law of large numbers the excess per symbol tends to D(p‖q). Raises ValueError when p and q are not
    Categoricals over the same symbols, or the sizes are not ascending integers >= 1. Excess per symbol = (digits for q
    − digits for p) log 2/n, in nats; `sizes` is of shape (m,). Source: T. Cover, J. Thomas, Elements of Information
    Theory (2006), 5.4 and 13.3.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> run = kl.coding.coding_run(q, kl.Categorical([0.25, 0.25, 0.5]), [1000], rng=0)
    >>> bool(abs(run.excess[0] - kl.kl_divergence(q, [0.25, 0.25, 0.5]).value) < 0.1)
    True
    """
    forward_kl(p, q)  # refuses what is not a pair
    sizes = [whole("sizes", n, 1) for n in sizes]
    if not sizes or any(b <= a for a, b in zip(sizes, sizes[1:])):
        raise refuse("sizes", "ascending integers, at least one", sizes)
    symbols = p.sample(sizes[-1], rng)
    excluded = np.nonzero(q.probs[symbols] == 0)[0]
    stopped = int(excluded[0]) if excluded.size else None
    sizes = [n for n in sizes if stopped is None or n <= stopped]
    (digits_q, code), (digits_p, _) = (_coded(ArithmeticCoder(x), symbols[:stopped], sizes) for x in (q, p))
    return CodingRun(symbols, np.array(sizes, dtype=int), digits_q, digits_p, stopped, code)


@ieee
def excess_band(p: Categorical, q: Categorical, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two standard errors of the mean of log p/q about D(p‖q), and the digits of an ending, in nats per symbol.

    Where the sample is large the excess is within it 19 times in 20. Raises ValueError when D(p‖q) is infinite. D(p‖q)
    = E_p log p/q, ± 2 std(log p/q)/√n: two arrays of the shape (m,) of `sizes`, `p` and `q` Categoricals. Source: T.
    Cover, J. Thomas, Elements of Information Theory (2006), 3.1; the central limit theorem.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> low, high = kl.coding.excess_band(q, kl.Categorical([0.25, 0.25, 0.5]), np.array([100, 10000]))
    >>> bool(high[1] - low[1] < high[0] - low[0])
    True
    """
    divergence = forward_kl(p, q)
    if math.isinf(divergence.value):
        raise refuse("q", "probabilities > 0 wherever p has them", q)
    used = p.probs > 0
    ratios = kl_terms(p, q)[used] / p.probs[used]
    std = math.sqrt(math.fsum(p.probs[used] * (ratios - divergence.value) ** 2))
    half = 2 * std / np.sqrt(sizes) + ENDING * LOG_2 / sizes
    return divergence.value - half, divergence.value + half


def _coded(coder: ArithmeticCoder, symbols: np.ndarray, sizes: list[int]) -> tuple[np.ndarray, Coded]:
    """The binary digits that the first n symbols take, for every n of `sizes`; and the code of all."""
    writer, taken = coder.writer(), []
    for start, stop in zip([0, *sizes], sizes):
        writer.extend(symbols[start:stop])
        taken.append(writer.bits)
    writer.extend(symbols[sum(sizes[-1:]) :])
    return np.array(taken, dtype=int), writer.finished()
