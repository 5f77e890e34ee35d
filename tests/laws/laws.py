"""The laws of divergences, each a function that gives its complaints about one verb and one pair of distributions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator

import numpy as np

from kl_engine import Estimate
from kl_engine.divergences import Disagreement, registry
from kl_engine.divergences import verbs as public
from kl_engine.divergences.registry import Verb, swapped, swapped_alpha, swapped_sides
from tests.laws.families import FAMILIES, Measured, measured

SURE = 3.0  # half widths of an interval of 95 %: what laws allow a sampled number
NEAR = 1e-8  # relative to 1 + value: what the oracle of the laws may be off, and a move may round

MIRRORED = (swapped, swapped_alpha, swapped_sides)


def ask(verb: Verb, *arguments, **options) -> tuple[Estimate, ...] | None:
    """The numbers of a public verb, which warns of nothing on the way; None where it refuses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = getattr(public, verb.name)(*arguments, **options)
    except ValueError as refusal:
        if ": expected " not in str(refusal):  # no refusal of ours
            raise
        return None
    return tuple(found) if isinstance(found, Disagreement) else (found,)


def slack(*numbers: Estimate) -> float:
    """How far these may be from the truth together."""
    return sum(SURE * n.error if n.certainty.level else n.error for n in numbers)


def agree(first: Estimate, second: Estimate | float, near: float = NEAR) -> bool:
    """Whether both are one number, as far as their errors and `near` allow."""
    others = (second,) if isinstance(second, Estimate) else ()
    value = float(second)
    if math.isinf(first.value) or math.isinf(value):
        return first.value == value
    return abs(first.value - value) <= slack(first, *others) + near * (1 + abs(value))


def within_range(verb: Verb, a, b, **options) -> Iterator[str]:
    """0 <= D <= most; an infinite number says why."""
    for number in ask(verb, a, b, **options) or ():
        if verb.divergence and number.value < -slack(number):
            yield f"negative: {number}"
        if verb.most < math.inf and number.value > verb.most + slack(number):
            yield f"above {verb.most}: {number}"
        if math.isinf(number.value) and not number.reason:
            yield "infinite without a reason"


def nothing_between_equals(verb: Verb, a, b, **options) -> Iterator[str]:
    """D(a, a) = 0."""
    for number in (ask(verb, a, a, **options) or ()) if verb.divergence else ():
        if not abs(number.value) <= slack(number) or number.error > 1e-6:
            yield f"between equals: {number}"


def the_same_after_a_move(verb: Verb, a, b, **options) -> Iterator[str]:
    """A bijection of both leaves it."""
    moves = [FAMILIES[registry.kind_of(d, "d").name].move for d in (a, b)]
    if not verb.divergence or None in moves:
        return
    before, after = (ask(verb, *pair, **options) for pair in ((a, b), (moves[0](a), moves[1](b))))
    for one, other in zip(before or (), after or ()):
        if not agree(one, other):
            yield f"moved: {one} became {other}"


def mirrored(verb: Verb, a, b, **options) -> Iterator[str]:
    """What its mirror says of the arguments in the other order; R_α(a‖b) = α/(1−α) R_{1−α}(b‖a)."""
    mirror = verb.mirror
    if verb.name == "renyi_divergence" and 0 < options["alpha"] < 1:
        share = options["alpha"] / (1 - options["alpha"])

        def mirror(function: Callable) -> Callable:
            return lambda p, q, alpha: share * function(q, p, 1 - alpha)

    if mirror is None or (own := ask(verb, a, b, **options)) is None:
        return
    try:
        found = mirror(getattr(public, verb.name))(a, b, **options)
    except ValueError:
        yield "one order answers, the other refuses"
        return
    for one, other in zip(own, found if isinstance(found, Disagreement) else (found,)):
        if not agree(one, other):
            yield f"mirrored: {one} and {other}"


def no_larger_of_coarser_data(verb: Verb, a, b, **options) -> Iterator[str]:
    """The data-processing inequality."""
    coarser = [FAMILIES[registry.kind_of(d, "d").name].coarser for d in (a, b)]
    if not verb.divergence or None in coarser:
        return
    fine, coarse = (ask(verb, *pair, **options) for pair in ((a, b), (coarser[0](a), coarser[1](b))))
    for one, other in zip(fine or (), coarse or ()):
        if other.value > one.value + slack(one, other) + NEAR * (1 + abs(other.value)):
            yield f"coarser data say more: {one} became {other}"


def as_defined(verb: Verb, a, b, **options) -> Iterator[str]:
    """Its definition, summed or integrated by other means; an infinite one is left to its reason."""
    kinds = [FAMILIES[registry.kind_of(d, "d").name] for d in (a, b)]
    if verb.name not in DEFINITIONS or kinds[0] is not kinds[1] and not (kinds[0].line and kinds[1].line):
        return
    if kinds[0] is FAMILIES["Dirichlets"] or (own := ask(verb, a, b, **options)) is None:
        return
    if not any(math.isfinite(number.value) for number in own):
        return
    truth = DEFINITIONS[verb.name](measured(a, b), **options)
    for number, value in zip(own, truth if isinstance(truth, tuple) else (truth,)):
        kinked = verb.name in ("total_variation", "disagreement")  # where the oracle's own grid is coarse
        if math.isfinite(number.value) and not agree(
            number, value, 2e-2 if kinked and hasattr(a, "covs") else 2e-4 if kinked else 1e-6
        ):
            yield f"by its definition {value:.12g}, not {number}"


LAWS = (within_range, nothing_between_equals, the_same_after_a_move, mirrored, no_larger_of_coarser_data, as_defined)


def complaints(verb: Verb, a, b, **options) -> list[str]:
    """What every law has against one verb of one pair."""
    arguments, found = f"{verb.name}({a!r}, {b!r}, {options})", []
    for law in LAWS:
        try:
            found += [f"{law.__name__}: {arguments}: {said}" for said in law(verb, a, b, **options)]
        except (ValueError, ArithmeticError, Warning) as error:
            found.append(f"{law.__name__}: {arguments}: raised {error!r}")
    return found


def _mean(m: Measured, values: np.ndarray) -> float:
    """Σ w a values, 0 where a is."""
    held = m.log_a > -700
    return float((m.weights[held] * np.exp(m.log_a[held]) * values[held]).sum())


def _kl(m: Measured) -> float:
    with np.errstate(invalid="ignore"):
        return _mean(m, m.log_a - m.log_b)


def _swap(m: Measured) -> Measured:
    return Measured(m.log_b, m.log_a, m.weights)


def _affinity(m: Measured, alpha: float) -> tuple[float, float]:
    """Σ w a^α b^(1−α), over exp(top), and top."""
    both = (m.log_a > -np.inf) & (m.log_b > -np.inf)
    logs = alpha * m.log_a[both] + (1 - alpha) * m.log_b[both]
    if not logs.size:
        return 0.0, 0.0
    top = float(logs.max())
    return float((m.weights[both] * np.exp(logs - top)).sum()), top


def _alpha(m: Measured, alpha: float) -> float:
    if alpha in (0, 1):
        return _kl(m) if alpha else _kl(_swap(m))
    total, top = _affinity(m, alpha)
    return (1 - total * math.exp(top)) / (alpha * (1 - alpha))


def _renyi(m: Measured, alpha: float) -> float:
    if alpha == 1:
        return _kl(m)
    total, top = _affinity(m, alpha)
    return (math.log(total) + top) / (alpha - 1) if total else math.inf


def _jensen_shannon(m: Measured) -> float:
    middle = np.logaddexp(m.log_a, m.log_b) - math.log(2)
    with np.errstate(invalid="ignore"):
        return sum(0.5 * _kl(Measured(side, middle, m.weights)) for side in (m.log_a, m.log_b))


def _disagreement(m: Measured) -> tuple[float, float]:
    def above(a: np.ndarray, b: np.ndarray) -> float:
        return float((m.weights * np.exp(a) * (a > b + 2)).sum())

    return above(m.log_b, m.log_a), above(m.log_a, m.log_b)


# The verb → its definition on a measure. A divergence that is registered needs a line here.
DEFINITIONS: dict[str, Callable] = {
    "cross_entropy": lambda m: -_mean(m, m.log_b),
    "kl_divergence": _kl,
    "alpha_divergence": _alpha,
    "renyi_divergence": _renyi,
    "jensen_shannon": _jensen_shannon,
    "total_variation": lambda m: float((m.weights * 0.5 * np.abs(np.exp(m.log_a) - np.exp(m.log_b))).sum()),
    "disagreement": _disagreement,
}
