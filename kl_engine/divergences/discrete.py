"""The integrals of distributions over finitely many symbols: sums, exact but for rounding; all in nats."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import TOLERANCES, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON, SERIES_BELOW, excess_over_log

LEAST = 2.0**-1074  # the spacing of doubles at 0
MOST_NAMED = 5  # symbols that a reason names


def entropy(a: Categorical) -> Estimate:
    """H[a] = −Σ aₖ log aₖ in nats, with 0 log 0 = 0. Raises ValueError when `a` is no Categorical."""
    (a,) = _checked(a=a)
    return _expected_surprisal(a, a)


def cross_entropy(a: Categorical, b: Categorical) -> Estimate:
    """H[a, b] = −Σ aₖ log bₖ in nats: the expectation is under the first argument; inf where b is 0 and a is not."""
    a, b = _checked(a=a, b=b)
    return _infinite(a, b) or _expected_surprisal(a, b)


def kl_divergence(a: Categorical, b: Categorical) -> Estimate:
    """D(a‖b) = Σ aₖ log(aₖ/bₖ) ≥ 0 in nats: the expectation is under the first argument.

    Summed as aₖ log(aₖ/bₖ) − aₖ + bₖ: the same sum, never negative, second order in the difference, so that the digits
    are kept where a ≈ b. inf, with the symbol that did it, where b is 0 and a is not. Source: S. Kullback, R. A.
    Leibler, Ann. Math. Stat. 22 (1951) 79. Raises ValueError when an argument is no Categorical or the two differ in
    the number of symbols.
    """
    a, b = _checked(a=a, b=b)
    if infinite := _infinite(a, b):
        return infinite
    parts = [_positive_term(x, y) for x, y in zip(a.probs.tolist(), b.probs.tolist())]
    value = math.fsum(value for value, _ in parts)
    error = math.fsum(error for _, error in parts) + EPSILON * value
    return Estimate(value, error, Certainty.EXACT, "sum over the symbols")


def forward_kl(p: Categorical, q: Categorical) -> Estimate:
    """D(p‖q) = Σ pₖ log(pₖ/qₖ) in nats; p is the target, q the approximation."""
    return kl_divergence(*_checked(p=p, q=q))


def reverse_kl(p: Categorical, q: Categorical) -> Estimate:
    """D(q‖p) = Σ qₖ log(qₖ/pₖ) in nats; p is the target, q the approximation."""
    p, q = _checked(p=p, q=q)
    return kl_divergence(q, p)


def kl_terms(a: Categorical, b: Categorical) -> np.ndarray:
    """aₖ log(aₖ/bₖ) of every symbol k, in nats: of either sign, inf where only b is 0. Their sum is D(a‖b)."""
    a, b = _checked(a=a, b=b)
    terms = np.zeros(a.probs.size)
    used = a.probs > 0
    terms[used] = a.probs[used] * (a.log_prob[used] - b.log_prob[used])
    return terms


def _checked(**named: Categorical) -> Iterable[Categorical]:
    """The arguments, when all are Categoricals over equally many symbols."""
    first = next(iter(named.values()))
    for name, value in named.items():
        if not isinstance(value, Categorical):
            raise refuse(name, "a Categorical", value)
        if value.probs.size != first.probs.size:
            raise refuse(name, f"{first.probs.size} symbols, as {next(iter(named))} has", value.probs.size)
    return named.values()


def _infinite(a: Categorical, b: Categorical) -> Estimate | None:
    """inf with its reason, when `b` excludes a symbol that `a` does not."""
    guilty = np.nonzero((a.probs > 0) & (b.probs == 0))[0].tolist()
    if not guilty:
        return None
    named = ", ".join(map(str, guilty[:MOST_NAMED])) + (", …" if len(guilty) > MOST_NAMED else "")
    symbols = f"symbol{'s' if len(guilty) > 1 else ''} {named} (counted from 0)"
    return Estimate.infinite(f"the second argument is 0 at {symbols}, the first is not")


def _expected_surprisal(a: Categorical, b: Categorical) -> Estimate:
    """−Σ aₖ log bₖ with 0 log 0 = 0."""
    terms, errors = [], []
    for x, y in zip(a.probs.tolist(), b.probs.tolist()):
        if x > 0:
            surprisal = -math.log(y)
            terms.append(x * surprisal)
            errors.append(x * ((2 * EPSILON + _slack(x)) * abs(surprisal) + 2 * _slack(y)) + LEAST)
    value = math.fsum(terms)
    return Estimate(value, math.fsum(errors) + EPSILON * abs(value), Certainty.EXACT, "sum over the symbols")


def _slack(x: float) -> float:
    """By how much of itself a probability may have moved when it was divided by the sum, which is next to 1.

    A number of a few LEAST does not move at all: it rounds back to itself.
    """
    return EPSILON + min(LEAST / x, 2 * max(TOLERANCES.values()))


def _positive_term(x: float, y: float) -> tuple[float, float]:
    """x log(x/y) − x + y, and a bound on its error: of the arithmetic, and of x and y themselves.

    Its derivatives, log(x/y) and 1 − x/y, are small where x ≈ y, and so is what the rounding of x and y does to it.
    """
    if x == 0:
        return y, (_slack(y) * y if y else 0.0)
    slack_x, slack_y = _slack(x), _slack(y)
    excess = (y - x) / x
    if abs(excess) < SERIES_BELOW:
        value = x * excess_over_log(excess)
        log_ratio, rounding = abs(math.log1p(excess)), 8 * value
    else:
        log_x, log_y = math.log(x), math.log(y)
        value = x * (log_x - log_y) - x + y
        log_ratio, rounding = abs(log_x - log_y), 3 * (x * (abs(log_x) + abs(log_y) + 1) + y)
    moved = slack_x * x * (log_ratio + slack_x) + slack_y * (abs(x - y) + slack_y * x)
    return value, EPSILON * rounding + moved + LEAST
