"""Binary prefix codes built for one distribution and used on another: code words, expected length, redundancy.

A code is ideal for q when symbol k costs −log qₖ; used on data from p it costs H(p) + D(p‖q) a symbol. Lengths are
whole numbers of binary digits; what is expected of them comes in nats, as everything here (a digit is log 2 nats).
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, LOG_2


@dataclass(frozen=True)
class Code:
    """A binary prefix code: one word per symbol, a text of 0 and 1; None where the symbol has none.

    `name` is that of the construction, `words` has one for each symbol; `lengths` are in binary digits (log 2 nats
    each). Made by `kl.coding.huffman_code` and `kl.coding.shannon_code`.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> code = kl.coding.huffman_code(q)
    >>> code.words, code.lengths
    (('0', '10', '11'), (1, 2, 2))
    """

    name: str
    words: tuple[str | None, ...]

    @property
    def lengths(self) -> tuple[int | float, ...]:
        """The binary digits of each word; inf where there is none."""
        return tuple(math.inf if word is None else len(word) for word in self.words)


@ieee
def shannon_code(q: Categorical) -> Code:
    """Words of lₖ = ⌈−log₂ qₖ⌉ digits: at most 1 digit longer than ideal. A symbol with qₖ = 0 has no word.

    Source: C. E. Shannon, Bell Syst. Tech. J. 27 (1948) 379, section 9. Raises ValueError when `q` is not a
    Categorical. A binary digit is log 2 nats.

    >>> import kl_engine as kl
    >>> kl.coding.shannon_code(kl.Categorical([0.6, 0.4])).lengths
    (1, 2)
    """
    probs = _probs("q", q)
    total = sum(map(Fraction, probs))  # of the doubles: 1 but for rounding, by which a word may need one digit more
    return _canonical("Shannon", [_shannon_length(x, total) if x else None for x in probs])


def _shannon_length(x: float, total: Fraction) -> int:
    """⌈−log₂(x/total)⌉, exactly: the least number of digits l with x 2^l >= total."""
    length = -math.frexp(x)[1]  # 2^−(l + 1) <= x < 2^−l, and the total is next to 1
    while Fraction(x) * Fraction(2) ** length < total:
        length += 1
    return length


@ieee
def huffman_code(q: Categorical) -> Code:
    """The prefix code of least expected length under `q`. A symbol with qₖ = 0 has no word.

    It minimises Σ qₖ lₖ. Weights are added exactly; of equal ones the one made earlier is taken first, so that the code
    is always the same, and of the best codes it is one whose longest word is shortest. Source: D. A. Huffman, Proc. IRE
    40 (1952) 1098. Digits are binary, log 2 nats each. Raises ValueError when `q` is not a Categorical.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> kl.coding.huffman_code(q).words
    ('0', '10', '11')
    """
    probs = _probs("q", q)
    return _merged(probs, [0] * len(probs))


@ieee
def huffman_extremes(q: Categorical, p: Categorical) -> tuple[Code, Code]:
    """Of all codes of least expected length under `q`, that which costs data from `p` least, and most.

    Huffman's code is not unique: where weights are equal, others are as short for q, Σ qₖ lₖ, and need not be so for p,
    Σ pₖ lₖ. The two are Huffman's codes for (q, p) and (q, −p) in lexicographic order: his proof asks of weights only
    that sums keep their order. Digits are binary, log 2 nats each. Raises ValueError when q and p are not Categoricals
    of one size. Source: D. A. Huffman, Proc. IRE 40 (1952) 1098.

    >>> import kl_engine as kl
    >>> q, p = kl.Categorical([1 / 3] * 3), kl.Categorical([0.5, 0.25, 0.25])
    >>> [f"{kl.coding.expected_length(p, code).bits:.2f}" for code in kl.coding.huffman_extremes(q, p)]
    ['1.50', '1.75']
    """
    probs, others = _probs("q", q), _probs("p", p)
    if len(probs) != len(others):
        raise refuse("p", f"{len(probs)} probabilities, as many as q has", p)
    return _merged(probs, others), _merged(probs, [-x for x in others])


def _merged(probs: list[float], seconds: list[float]) -> Code:
    """Huffman's code for the probabilities; between equal ones the second number decides, then which was made first."""
    made = count()
    heap = [(Fraction(x), Fraction(y), next(made), (k,)) for k, (x, y) in enumerate(zip(probs, seconds)) if x]
    heapq.heapify(heap)
    lengths: list[int | None] = [0 if x else None for x in probs]
    while len(heap) > 1:
        (light, a, _, first), (heavy, b, _, second) = heapq.heappop(heap), heapq.heappop(heap)
        for k in first + second:
            lengths[k] += 1
        heapq.heappush(heap, (light + heavy, a + b, next(made), first + second))
    return _canonical("Huffman", lengths)


@ieee
def expected_length(p: Categorical, code: Code) -> Estimate:
    """E_p[length] of a word of `code` in nats, Σ pₖ lₖ log 2; inf, with the symbol, where p needs a missing word.

    Raises ValueError when `p` is not a Categorical, or `code` is not a Code of as many words. Source: T. Cover, J.
    Thomas, Elements of Information Theory (2006), 5.3.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> f"{kl.coding.expected_length(q, kl.coding.huffman_code(q)).bits:.2f}"
    '1.50'
    """
    return _summed(p, code, with_entropy=False)


@ieee
def redundancy(p: Categorical, code: Code) -> Estimate:
    """Σ pₖ lₖ log 2 − H(p) in nats, for data from `p`: D(p‖q) and what the rounding to whole digits costs.

    For a complete code it is D(p‖2^−length). Raises ValueError when `p` is not a Categorical, or `code` is not a Code
    of as many words. Source: T. Cover, J. Thomas, Elements of Information Theory (2006), 5.4.

    >>> import kl_engine as kl
    >>> q = kl.Categorical([0.5, 0.25, 0.25])
    >>> f"{kl.coding.redundancy(kl.Categorical([0.25, 0.25, 0.5]), kl.coding.huffman_code(q)).bits:.2f}"
    '0.25'
    """
    return _summed(p, code, with_entropy=True)


def _summed(p: Categorical, code: Code, with_entropy: bool) -> Estimate:
    """Σ pₖ (lₖ log 2 + log pₖ), or without the second term."""
    probs = _probs("p", p)
    if not isinstance(code, Code) or len(code.words) != len(probs):
        raise refuse("code", f"a Code of {len(probs)} words", code)
    terms, scale = [], []
    for k, (x, length) in enumerate(zip(probs, code.lengths)):
        if x == 0:
            continue
        if math.isinf(length):
            return Estimate.infinite(f"the code has no word for symbol {k} (counted from 0)")
        log_x = math.log(x) if with_entropy else 0.0
        terms.append(x * (length * LOG_2 + log_x))
        scale.append(x * (length * LOG_2 + 2 * abs(log_x) + 1))
    return Estimate(math.fsum(terms), 4 * EPSILON * math.fsum(scale), Certainty.EXACT, "sum over the symbols")


def _canonical(name: str, lengths: list[int | None]) -> Code:
    """The prefix code of these lengths (of Kraft sum at most 1) whose words count up, the shorter first."""
    words: list[str | None] = [None] * len(lengths)
    value, before = 0, 0
    for length, k in sorted((length, k) for k, length in enumerate(lengths) if length is not None):
        value <<= length - before
        words[k] = format(value, f"0{length}b") if length else ""
        value, before = value + 1, length
    return Code(name, tuple(words))


def _probs(name: str, p: Categorical) -> list[float]:
    if not isinstance(p, Categorical):
        raise refuse(name, "a Categorical", p)
    return p.probs.tolist()
