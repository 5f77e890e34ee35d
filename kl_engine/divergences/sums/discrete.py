"""The integrals of distributions over finitely many symbols: sums, exact but for rounding; all in nats."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.divergences.alpha_family.renyi import renyi_by
from kl_engine.divergences.alpha_family.tilting import excess
from kl_engine.divergences.disagreement import THRESHOLD, Disagreement
from kl_engine.divergences.estimators.monte_carlo import monte_carlo_kl as sampled
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import TOLERANCES, refuse
from kl_engine.estimates.estimate import Estimate, finite_estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, SERIES_BELOW, excess_over_log
from kl_engine.quadrature.proved.tilted import series

LEAST = 2.0**-1074  # the spacing of doubles at 0
METHOD = "sum over the symbols"
DISJOINT = "no symbol has probability under both"
MOST_NAMED = 5  # symbols that a reason names


def entropy(a: Categorical) -> Estimate:
    """H[a] = −Σ aₖ log aₖ in nats, with 0 log 0 = 0. Raises ValueError when `a` is not a Categorical."""
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
    Leibler, Ann. Math. Stat. 22 (1951) 79. Raises ValueError when an argument is not a Categorical or the two differ in
    the number of symbols.
    """
    a, b = _checked(a=a, b=b)
    if infinite := _infinite(a, b):
        return infinite
    parts = [_positive_term(*each) for each in _both(a, b)]
    return _summed([value for value, _ in parts], [error for _, error in parts])


def jensen_shannon(p: Categorical, q: Categorical) -> Estimate:
    """½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q), in nats."""
    p, q = _checked(p=p, q=q)
    pairs = zip(p.probs.tolist(), q.probs.tolist())
    parts = [_positive_term(each, 0.5 * (x + y)) for x, y in pairs for each in (x, y)]
    return _summed([0.5 * value for value, _ in parts], [0.5 * error for _, error in parts])


def total_variation(p: Categorical, q: Categorical) -> Estimate:
    """½ Σ |pₖ − qₖ|."""
    p, q = _checked(p=p, q=q)
    pairs = list(zip(p.probs.tolist(), q.probs.tolist()))
    errors = [0.5 * (_moved(x) + _moved(y)) + LEAST for x, y in pairs]
    return _summed([0.5 * abs(x - y) for x, y in pairs], errors)


def disagreement(p: Categorical, q: Categorical) -> Disagreement:
    """Q{q > e² p} and P{p > e² q}; a symbol whose ratio is at e² but for rounding stands in the error."""
    p, q = _checked(p=p, q=q)
    return Disagreement(_exceeding(q, p), _exceeding(p, q))


def alpha_divergence(p: Categorical, q: Categorical, alpha: float) -> Estimate:
    """Σ (α pₖ + (1−α) qₖ − pₖ^α qₖ^(1−α))/(α (1−α)), of terms that are never negative; inf with the symbol."""
    p, q = _checked(p=p, q=q)
    if alpha > 0.5:  # the mirrored form keeps its digits there; 1 − α loses none
        p, q, alpha = q, p, 1 - alpha
    if alpha == 0:
        return kl_divergence(q, p)
    if alpha < 0 and (infinite := _infinite(q, p)):
        return infinite
    with np.errstate(over="ignore", invalid="ignore"):  # refused below
        parts = [_alpha_term(x, y, alpha, *logs) for x, y, *logs in _both(p, q)]
    value, error = np.sum(parts, axis=0).tolist()
    return finite_estimate(value, error + len(parts) * EPSILON * abs(value), Certainty.EXACT, METHOD)


def log_affinity(p: Categorical, q: Categorical, alpha: float) -> Estimate:
    """log Σ pₖ^α qₖ^(1−α), for α >= 0; ±inf with its reason where the sum is 0 or infinite."""
    p, q = _checked(p=p, q=q)
    if alpha > 1 and (infinite := _infinite(p, q)):
        return infinite
    used = (p.log_prob > -np.inf) & (q.log_prob > -np.inf)  # at α = 0 too: Rényi's 0^0 is 0
    if not used.any():
        return Estimate.infinite(DISJOINT, -1)
    log_p, log_q = p.log_prob[used], q.log_prob[used]
    logs = alpha * log_p + (1 - alpha) * log_q
    top = float(logs.max())
    shares = np.exp(logs - top)
    total = math.fsum(shares)
    scale = abs(alpha) * (3 + np.abs(log_p)) + abs(1 - alpha) * (3 + np.abs(log_q)) + np.abs(logs)
    error = 2 * EPSILON * (math.fsum(shares * scale) / total + abs(top) + abs(math.log(total)))
    return Estimate(top + math.log(total), error, Certainty.EXACT, METHOD)


def renyi_divergence(p: Categorical, q: Categorical, alpha: float) -> Estimate:
    """log Σ pₖ^α qₖ^(1−α) over α − 1, for α >= 0 but 1."""
    return renyi_by(partial(alpha_divergence, p, q), partial(log_affinity, p, q), alpha)


def monte_carlo_kl(a: Categorical, b: Categorical, **options) -> Estimate:
    """D(a‖b) by draws of a; inf where b excludes a symbol that a does not."""
    return _infinite(*_checked(a=a, b=b)) or sampled(a, b, missed=_missed, **options)


def _missed(a: Categorical, b: Categorical) -> float:
    """What b has where a has nothing."""
    return math.fsum(b.probs[a.probs == 0])


@ieee
def kl_terms(a: Categorical, b: Categorical) -> np.ndarray:
    """aₖ log(aₖ/bₖ) of every symbol k, in nats: of either sign, inf where only b is 0. Σ aₖ log(aₖ/bₖ) = D(a‖b).

    An array of shape (n,). Raises ValueError when `a` and `b` are not Categoricals over the same symbols. Source: S.
    Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951) 79.

    >>> import kl_engine as kl
    >>> kl.divergences.kl_terms(kl.Categorical([0.5, 0.5]), kl.Categorical([0.25, 0.75])).round(6).tolist()
    [0.346574, -0.202733]
    """
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
    guilty = np.nonzero((a.log_prob > -np.inf) & (b.log_prob == -np.inf))[0].tolist()
    if not guilty:
        return None
    named = ", ".join(map(str, guilty[:MOST_NAMED])) + (", …" if len(guilty) > MOST_NAMED else "")
    symbols = f"symbol{'s' if len(guilty) > 1 else ''} {named} (counted from 0)"
    return Estimate.infinite(f"the second argument is 0 at {symbols}, the first is not")


def _expected_surprisal(a: Categorical, b: Categorical) -> Estimate:
    """−Σ aₖ log bₖ with 0 log 0 = 0."""
    terms, errors = [], []
    for x, y, _, log_y in _both(a, b):
        if x > 0:
            surprisal = -(math.log(y) if log_y is None else log_y)
            terms.append(x * surprisal)
            errors.append(x * ((4 * EPSILON + _slack(x)) * abs(surprisal) + 2 * _slack(y)) + LEAST)
    return _summed(terms, errors)


def _summed(values: list[float], errors: list[float]) -> Estimate:
    value = math.fsum(values)
    return Estimate(value, math.fsum(errors) + EPSILON * abs(value), Certainty.EXACT, METHOD)


def _exceeding(a: Categorical, b: Categorical) -> Estimate:
    """A{a > e² b}."""
    sure, open_ = [], []
    for x, y in zip(a.probs.tolist(), b.probs.tolist()):
        if x == 0:
            continue
        if y == 0:
            sure.append(x)
            continue
        log_x, log_y = math.log(x), math.log(y)
        lead = log_x - log_y - THRESHOLD
        if abs(lead) <= 2 * (EPSILON * (2 + abs(log_x) + abs(log_y)) + _slack(x) + _slack(y)):
            open_.append(x)
        elif lead > 0:
            sure.append(x)
    half = 0.5 * math.fsum(open_)
    return _summed([*sure, half], [half, *map(_moved, sure)])


def _alpha_term(
    x: float, y: float, alpha: float, log_x: float | None = None, log_y: float | None = None
) -> tuple[float, float]:
    """(α x + (1−α) y − x^α y^(1−α))/(α (1−α)) for α <= ½, never negative, and a bound on its error."""
    if (x == 0 and log_x is not None) or (y == 0 and log_y is not None):  # below the least double, and yet not 0
        logs = (math.log(z) if log is None and z else log for z, log in ((x, log_x), (y, log_y)))
        return _of_logs(x, y, alpha, *logs)
    if x == 0 or y == 0:  # where α < 0 no x is 0 beside a y > 0
        return (y / alpha, _moved(y) / alpha) if y else (x / (1 - alpha), _moved(x) / (1 - alpha)) if x else (0.0, 0.0)
    near = abs(x - y) < SERIES_BELOW * y
    ratio = math.log1p((x - y) / y) if near else math.log(x) - math.log(y)
    steep = max(1.0, abs(alpha))
    raised = float(excess(np.float64(math.log(y)), np.float64(ratio), alpha))
    if steep * abs(ratio) < SERIES_BELOW:
        value = y * float(series(np.float64(ratio), alpha))
        cancels = 4 * value
    else:
        value = (x - y - raised) / (1 - alpha)
        cancels = 4 * (x + y + abs(raised)) / (1 - alpha)
    slope = abs(x - y - alpha * raised) / (1 - alpha), abs(raised)
    logs = 0.0 if near else abs(math.log(x)) + abs(math.log(y))
    moved = steep * sum(each * (_slack(z) + EPSILON * (2 + logs)) for each, z in zip(slope, (x, y)))
    return value, moved + EPSILON * cancels + LEAST


def _of_logs(x: float, y: float, alpha: float, log_x: float | None, log_y: float | None) -> tuple[float, float]:
    """The same by the logs, of which one is None or −inf where a probability is 0 in truth."""
    logs = [-math.inf if log is None else log for log in (log_x, log_y)]
    known = alpha * logs[0] + (1 - alpha) * logs[1] if min(logs) > -math.inf else -math.inf
    raised = math.exp(known) if known < 709 else math.inf
    scale = abs(alpha * (1 - alpha))
    value = (alpha * x + (1 - alpha) * y - raised) / (alpha * (1 - alpha))
    size = abs(alpha * logs[0]) + abs((1 - alpha) * logs[1]) if min(logs) > -math.inf else 1.0
    return value, EPSILON * (4 * (abs(alpha) * x + (1 - alpha) * y) + raised * (4 + 4 * size)) / scale + LEAST


def _moved(x: float) -> float:
    """By how much a probability may be off."""
    return _slack(x) * x if x else 0.0


def _slack(x: float) -> float:
    """By how much of itself a probability may have moved when it was divided by the sum, which is next to 1.

    A number of a few LEAST does not move at all: it rounds back to itself.
    """
    return EPSILON + (min(LEAST / x, 2 * max(TOLERANCES.values())) if x else 0.0)  # of 0 the log alone is known


def _both(a: Categorical, b: Categorical) -> Iterable[tuple]:
    """(x, y, log x, log y) of every symbol; a log is None where that of the double has as many digits."""
    if a.logs is None and b.logs is None:
        return ((x, y, None, None) for x, y in zip(a.probs.tolist(), b.probs.tolist()))
    kept = [each.log_prob.tolist() if each.logs is not None else [None] * each.probs.size for each in (a, b)]
    return zip(a.probs.tolist(), b.probs.tolist(), *kept)


def _positive_term(x: float, y: float, log_x: float | None = None, log_y: float | None = None) -> tuple[float, float]:
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
        log_x = math.log(x) if log_x is None else log_x
        log_y = math.log(y) if log_y is None else log_y
        value = x * (log_x - log_y) - x + y
        log_ratio, rounding = abs(log_x - log_y), 3 * (x * (abs(log_x) + abs(log_y) + 1) + y)
    moved = slack_x * x * (log_ratio + slack_x) + slack_y * (abs(x - y) + slack_y * x)
    return value, EPSILON * rounding + moved + LEAST
