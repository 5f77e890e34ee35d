"""An arithmetic coder: a sequence of symbols as one binary fraction inside an interval as wide as its probability.

A range coder in integers: the probabilities are whole numbers of 2⁻⁶⁴, the interval has 128 bits and is widened by
bytes, carries run back into what is written. Source: I. H. Witten, R. M. Neal, J. G. Cleary, Comm. ACM 30 (1987) 520;
G. N. N. Martin, "Range encoding" (1979).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.checks import refuse, whole

GRAIN = 64  # probabilities are whole numbers of 2^-GRAIN
STATE = 128  # bits of the interval
FULL = 1 << STATE
NARROW = 1 << (STATE - 8)  # an interval no wider than this has a settled first byte, carries aside


@dataclass(frozen=True)
class Coded:
    """A coded sequence: its bytes, of which the first `bits` bits count (the rest are 0), and its number of symbols."""

    data: bytes
    bits: int
    symbols: int


class ArithmeticCoder:
    """Codes symbols 0, 1, … as if they were drawn independently from `q`.

    `counts[k]` · 2⁻⁶⁴ is the probability in use: qₖ rounded, at least 2⁻⁶⁴ where qₖ > 0. A sequence of probability Q
    under these takes a number of binary digits ≤ −log₂ Q + 2, and 10⁻¹⁶ more per symbol. Raises ValueError when `q` is
    not a Categorical. One binary digit is log 2 nats. Source: I. Witten, R. Neal, J. Cleary, Commun. ACM 30 (1987) 520.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> coder = kl.coding.ArithmeticCoder(q)
    >>> coded = coder.encode([0, 1, 2, 0])
    >>> coded.bits, coder.decode(coded)
    (6, [0, 1, 2, 0])
    """

    def __init__(self, q: Categorical) -> None:
        if not isinstance(q, Categorical):
            raise refuse("q", "a Categorical", q)
        self.counts = _counts(q.probs.tolist())
        self.starts = [0, *accumulate(self.counts)][:-1]

    def __repr__(self) -> str:
        return f"ArithmeticCoder({len(self.counts)} symbols)"

    def encode(self, symbols: Iterable[int]) -> Coded:
        """The code of the sequence; ValueError for a symbol outside the table or of probability 0."""
        writer = self.writer()
        writer.extend(symbols)
        return writer.finished()

    def writer(self) -> Writer:
        """An encoder to be fed piece by piece."""
        return Writer(self.starts, self.counts)

    def decode(self, coded: Coded) -> list[int]:
        """The sequence that was coded."""
        if not isinstance(coded, Coded):
            raise refuse("coded", "a Coded", coded)
        data = iter(coded.data)
        window, width = 0, FULL
        for _ in range(STATE // 8):
            window = window << 8 | next(data, 0)
        # A symbol of count 0 starts where the next one does: the last of equal starts is the one that has a width.
        starts, counts, found = self.starts, self.counts, []
        for _ in range(whole("symbols", coded.symbols, 0)):
            unit = width >> GRAIN
            k = bisect_right(starts, min(window // unit, (1 << GRAIN) - 1)) - 1
            window -= unit * starts[k]
            width = unit * counts[k]
            while width <= NARROW:
                window, width = window << 8 | next(data, 0), width << 8
            found.append(k)
        return found


@dataclass
class Writer:
    """An encoder at work: the bytes written, and the interval [low, low + width) of what may follow, in 2⁻¹²⁸."""

    starts: Sequence[int]
    counts: Sequence[int]
    written: bytearray = field(default_factory=bytearray)
    low: int = 0
    width: int = FULL
    symbols: int = 0

    def extend(self, symbols: Iterable[int]) -> None:
        """Append symbols to the sequence."""
        low, width, starts, counts = self.low, self.width, self.starts, self.counts
        for k in self._codable(symbols):
            unit = width >> GRAIN
            low += unit * starts[k]
            width = unit * counts[k]
            if low >= FULL:
                _carry(self.written)
                low -= FULL
            while width <= NARROW:
                self.written.append(low >> (STATE - 8))
                low, width = (low & (NARROW - 1)) << 8, width << 8
            self.symbols += 1
        self.low, self.width = low, width

    def _codable(self, symbols: Iterable[int]) -> list[int]:
        """The symbols as integers, all of them in the table and of probability > 0."""
        array = np.array(list(symbols))
        if array.size and (array.dtype.kind not in "iu" or array.ndim != 1):
            raise refuse("symbols", "a sequence of integers", symbols)
        found = array.tolist()
        for k in set(found):
            if not 0 <= k < len(self.counts) or not self.counts[k]:
                raise refuse("symbols", "symbols of probability > 0 only", k)
        return found

    @property
    def bits(self) -> int:
        """The length of the code if the sequence ended here."""
        return 8 * len(self.written) + self._ending()[0]

    def finished(self) -> Coded:
        """The code of the sequence so far: the shortest binary fraction whose continuations all lie in the interval."""
        data = bytearray(self.written)
        digits, value = self._ending()
        if value >> digits:
            _carry(data)
            value -= 1 << digits
        padding = -digits % 8
        data += (value << padding).to_bytes((digits + padding) // 8, "big")
        return Coded(bytes(data), 8 * len(self.written) + digits, self.symbols)

    def _ending(self) -> tuple[int, int]:
        """The fewest digits d, and a v, with [v, v + 1) 2⁻ᵈ inside the interval."""
        end = self.low + self.width
        digits = max(0, STATE + 1 - self.width.bit_length())
        while True:
            step = STATE - digits
            value = -(-self.low >> step)
            if (value + 1) << step <= end:
                return digits, value
            digits += 1


def _counts(probs: list[float]) -> list[int]:
    """The probabilities in units of 2⁻⁶⁴, at least 1 unless they are 0; the largest takes what is left over."""
    counts = [max(1, round(Fraction(x) * (1 << GRAIN))) if x else 0 for x in probs]
    counts[counts.index(max(counts))] += (1 << GRAIN) - sum(counts)
    return counts


def _carry(written: bytearray) -> None:
    """Add 1 to the last byte written, and to those before it where it overflows."""
    at = len(written) - 1
    while written[at] == 255:
        written[at] = 0
        at -= 1
    written[at] += 1
