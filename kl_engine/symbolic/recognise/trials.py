"""The numbers in which a formula is compared with the divergence: points, and its value at them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import mpmath
from mpmath import mpf
from sympy import Expr, Integer, Symbol

from kl_engine.symbolic.formulas.grammar import Formula
from kl_engine.symbolic.formulas.operations import Undefined, evaluate
from kl_engine.symbolic.formulas.syntax_tree import Node
from kl_engine.symbolic.proof.check import TOLERANCE
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, Point, random_point, value
from kl_engine.symbolic.recognise.findings import Comparison, Failure
from kl_engine.symbolic.recognise.meanings import Meaning, Quantity, expression_of
from kl_engine.symbolic.subjects.gaussian import PARAMETERS, P, Q, closed_form

FORWARD, REVERSE = closed_form(P, Q), closed_form(Q, P)
_RANDOM = 7
_PRECISIONS = tuple((DIGITS + GUARD) * 2**doubling for doubling in range(5))
# mu_p, sigma_p, mu_q, sigma_q where formulas fail or coincide: equal means, equal widths, wide against narrow.
_SPECIAL = ((0, 1, 0, 2), (1, 2, 1, 1), (-1, 1, 2, 1), (0, 1, 0, 1), (0, 3, -2, 1), (2, 1, -3, 4), (-1, 2, 0, 2))
# Where formulas part that agree at ordinary scales: tiny, huge, nearly equal, far off, and one against another.
_TINY, _HUGE, _CLOSE = "1e-6", "1e6", "1.000000001"
_HARD = ((0, _TINY, "1e-6", "2e-6"), ("3e5", _HUGE, "-2e5", "3e6"), ("1/3", 1, "0.3333333", _CLOSE), (1, _TINY, -2, 3),
         (2, 3, 1, "1e-3"), (0, 1, "1e3", _HUGE), ("1e6", 2, "-1e6", 1), (-250, 1, "1e-9", 1),
         ("1e-7", "7e-4", 300, 40), (1000, "0.5", -1000, "0.500001"))  # fmt: skip
_SHOWN = (("1/2", 1, "-1/4", 2), (1, "1/2", 0, "3/2"), (0, 2, 1, "3/4"), (2, 3, -1, 2))


@dataclass(frozen=True)
class Trial:
    """One point: p and q, the symbols of the formula there, its value: None if it has none, `undefined` says why."""

    point: Point
    symbols: Mapping[str, mpf]
    value: mpf | None
    undefined: Undefined | None

    @property
    def is_defined(self) -> bool:
        return self.value is not None

    def of(self, expression: Expr) -> mpf:
        """The value of an expression in the parameters of p and q."""
        return value(expression, self.point)


def random_trials(formula: Formula, meanings: tuple[Meaning, ...], fixed: Mapping[Symbol, Expr]) -> Iterator[Trial]:
    """At points of 60 random digits: two formulas that agree there agree everywhere, but for a miracle."""
    return (trial(formula, meanings, fixed, random_point(PARAMETERS, index)) for index in range(_RANDOM))


def special_trials(formula: Formula, meanings: tuple[Meaning, ...], fixed: Mapping[Symbol, Expr]) -> list[Trial]:
    """At points with coincidences, for what is undefined there."""
    return [trial(formula, meanings, fixed, _point(numbers)) for numbers in _SPECIAL]


def shown_trials(formula: Formula, meanings: tuple[Meaning, ...], fixed: Mapping[Symbol, Expr]) -> list[Trial]:
    """At round numbers, fit to be shown."""
    return [trial(formula, meanings, fixed, _point(numbers)) for numbers in _SHOWN]


def hard_trials(formula: Formula, meanings: tuple[Meaning, ...], fixed: Mapping[Symbol, Expr]) -> list[Trial]:
    """At extreme scales; without those at which the formula is beyond what is computed here."""
    trials = [trial(formula, meanings, fixed, _point(numbers)) for numbers in _HARD]
    return [t for t in trials if t.is_defined or not t.undefined.is_ours]


def in_two_dimensions(formula: Formula, meanings: tuple[Meaning, ...], trial: Trial) -> mpf:
    """The value with two equal coordinates in place of one, and 2 for the number of dimensions."""
    ones = {meaning.name: Integer(2) for meaning in meanings if meaning.quantity is Quantity.ONE}
    expressions = {meaning.name: expression_of(meaning) for meaning in meanings} | ones
    return _sure_value(formula.tree.over_two(), expressions, trial.point)


def trial(
    formula: Formula, meanings: tuple[Meaning, ...], fixed: Mapping[Symbol, Expr], free: Mapping[Symbol, mpf]
) -> Trial:
    """The formula at one point, with the assumptions put in."""
    point = {s: value(fixed[s], free) if s in fixed else v for s, v in free.items()}
    expressions = {meaning.name: expression_of(meaning) for meaning in meanings}
    symbols = {name: value(expression, point) for name, expression in expressions.items()}
    try:
        return Trial(point, symbols, _sure_value(formula.tree, expressions, point), None)
    except Undefined as undefined:
        return Trial(point, symbols, None, undefined)


def _sure_value(tree: Node, expressions: Mapping[str, Expr], point: Point) -> mpf:
    """The value on which two precisions agree. One is not enough: in exp(256) + s - exp(256) it would lose all of s."""
    last: mpf | None = None
    undefined = Undefined(tree, "so many digits cancel that none is left to compare", is_ours=True)
    for digits in _PRECISIONS:
        with mpmath.workdps(digits):
            try:
                number, largest = evaluate(tree, {name: value(e, point) for name, e in expressions.items()})
            except Undefined as failure:  # perhaps only at this precision: a tiny number looks like 0
                last, undefined = None, failure
                continue
            enough = TOLERANCE / 100 * (1 + abs(number))
            # What is lost beside a large number is lost alike in both: agreement alone would not show it.
            if last is not None and abs(number - last) <= enough and largest * mpf(10) ** -digits <= enough:
                return number
            last = number
    raise undefined


def _point(numbers: tuple) -> Point:
    return {symbol: mpmath.mpmathify(n) for symbol, n in zip(PARAMETERS, numbers, strict=True)}


def comparison(trial: Trial) -> Comparison:
    """The numbers of a trial, for a reader."""
    return Comparison(
        _floats(trial.symbols),
        _floats({symbol.name: number for symbol, number in trial.point.items()}),
        None if trial.value is None else float(trial.value),
        float(trial.of(FORWARD)),
        float(trial.of(REVERSE)),
    )


def telling(shown: list[Trial]) -> Trial:
    """The round numbers at which the formula is farthest from both directions, relative to them."""

    def distance(trial: Trial) -> mpf:
        truths = trial.of(FORWARD), trial.of(REVERSE)
        return min(abs(trial.value - truth) / (1 + truth) for truth in truths) if trial.is_defined else mpf(-1)

    return max(shown, key=distance)


def failure(formula: Formula, trial: Trial) -> Failure:
    """What has no value there, and why."""
    return Failure(formula.source.piece(trial.undefined.node.at), trial.undefined.reason, _floats(trial.symbols))


def _floats(numbers: Mapping[str, mpf]) -> tuple[tuple[str, float], ...]:
    return tuple((name, float(number)) for name, number in numbers.items())
