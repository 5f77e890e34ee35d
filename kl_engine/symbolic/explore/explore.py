"""What a person may do to a closed form: fix its symbols, differentiate it, put numbers in. Each step gives a new form.

Text is read by `grammar.parse_number`, and symbols are named by their names: nothing typed becomes an expression.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

import mpmath
from sympy import Expr, Rational, Sum, Symbol, diff, limit, nan, oo, zoo

from kl_engine.symbolic.explore.domains import TIES, Domain, domain_of, points_inside
from kl_engine.symbolic.explore.settings import Equal, ExplorationError, equal_classes
from kl_engine.symbolic.explore.simplify import tidy
from kl_engine.symbolic.formulas.grammar import parse_number
from kl_engine.symbolic.formulas.symbol_names import listed, spoken, written
from kl_engine.symbolic.proof.derivation import Derivation
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD, NoNumber, Point, value
from kl_engine.symbolic.proof.writing.typeset import latex

MAX_SIZE = 400  # operations of a form; beyond it nothing is done with it any more
MAX_LIMIT_SIZE = 90  # operations; SymPy's limits of more can take seconds
_TRIED = 60  # points for each one that is asked for
_INFINITE = (zoo, nan, oo, -oo)

Setting = str | int | Fraction


@dataclass(frozen=True)
class Form:
    """A closed form, or what was made of one.

    label: what it is, such as "D(p‖q)". steps: what was done to it, in words. is_limit: whether one of the steps took
    a limit, since putting the value in gives no number. The expression is oo if that limit is infinite.
    derivation: the name of the one it comes from. ties: symbols that others determine, such as the last of
    probabilities that sum to 1, each with what it is; they must lie in their domains too.
    """

    label: str
    expression: Expr
    parameters: tuple[Symbol, ...]
    steps: tuple[str, ...] = ()
    is_limit: bool = False
    derivation: str = ""
    ties: tuple[tuple[Symbol, Expr], ...] = ()

    def domain(self, symbol: Symbol) -> Domain:
        return domain_of(symbol, self.derivation)

    @property
    def domains(self) -> dict[Symbol, Domain]:
        return {symbol: self.domain(symbol) for symbol in self.parameters}

    @property
    def latex(self) -> str:
        return latex(self.expression)

    def after(self, steps: tuple[str, ...], expression: Expr, values: Mapping[Symbol, Expr] | None = None) -> "Form":
        """The form that steps lead to, written as short as it can be; `values` are those of the symbols they remove."""
        values = values or {}
        rest = tuple(symbol for symbol in self.parameters if symbol not in values)
        ties = tuple((symbol, tied.xreplace(values)) for symbol, tied in self.ties)
        steps = (*self.steps, *steps)
        return replace(self, expression=tidy(expression), parameters=rest, steps=steps, ties=ties)

    def points(self, count: int) -> list[Point]:
        """Random points with every symbol inside its domain, the tied ones too. ExplorationError if there are none."""
        tried = islice(points_inside(self.domains), _TRIED * count)
        found = list(islice((point for point in tried if self.breach(point) is None), count))
        if len(found) < count:
            tied = listed([symbol for symbol, _ in self.ties])
            raise ExplorationError(f"No values are left for {tied} inside their domains: choose other numbers.")
        return found

    def breach(self, point: Mapping[Symbol, object]) -> tuple[Symbol, object] | None:
        """A tied symbol that is out of its domain, with its value; only those count that the point determines."""
        for symbol, tied in self.ties:
            number = tied.xreplace(point)
            if not number.free_symbols and not self.domain(symbol).holds(number):
                return symbol, number
        return None

    def symbol(self, name: str | Symbol) -> Symbol:
        """The parameter of that name. ExplorationError if there is none."""
        for symbol in self.parameters:
            if name in (symbol, symbol.name):
                return symbol
        raise ExplorationError(f"{spoken(name)} is not a symbol of this form: choose from {listed(self.parameters)}.")


@dataclass(frozen=True)
class Value:
    """A form in numbers: as a float, and as text with only the digits that two precisions agree on."""

    value: float
    digits: str


def forms_of(derivation: Derivation) -> tuple[Form, ...]:
    """The closed forms that a derivation proves. ExplorationError if there are none, or they are of matrices."""
    known = {"D(p‖q)": derivation.forward, "D(q‖p)": derivation.reverse, derivation.title: derivation.formula}
    whole = {label: expression for label, expression in known.items() if expression is not None}
    if any(not isinstance(s, Symbol) for s in derivation.parameters) or any(e.has(Sum) for e in whole.values()):
        raise ExplorationError(f"{derivation.title} holds vectors or matrices: choose a formula between numbers.")
    ties = dict(TIES.get(derivation.name, ()))
    free = tuple(symbol for symbol in derivation.parameters if symbol not in ties)
    forms = tuple(
        Form(label, e.xreplace(ties), free, derivation=derivation.name, ties=tuple(ties.items()))
        for label, e in whole.items()
    )
    if not forms:
        raise ExplorationError(f"{derivation.title} has no closed form: choose another derivation.")
    return forms


def fix(form: Form, settings: Mapping[str, Setting]) -> Form:
    """The form with symbols set, by name, to a number (an int, a Fraction, or text such as "1/2") or to another symbol.

    All together: symbols set to each other become one, then the numbers are put in, in the order given; at an end of a
    domain where the form has no value, the limit is taken. ExplorationError if symbols of two
    kinds are set equal or a value is out of its domain, FormulaError if a text is neither a number nor a symbol.
    """
    targets = {form.symbol(name): _target(form, setting) for name, setting in settings.items()}
    for symbol, target in targets.items():
        if isinstance(target, Symbol) and (form.domain(symbol) != form.domain(target) or symbol == target):
            raise ExplorationError(
                f"{spoken(symbol)} cannot be set to {spoken(target)}: choose another symbol of the same kind."
            )
    classes = equal_classes(form.parameters, targets)
    form = _joined(form, classes)
    for together in classes:
        if together.number is not None:
            form = _fix_one(form, together.first, together.number)
    form.points(1)
    return form


def _joined(form: Form, classes: list[Equal]) -> Form:
    """With one symbol in place of those set to each other."""
    values = {symbol: together.first for together in classes for symbol in together.others}
    if not values:
        return form
    _require_size(form, MAX_SIZE, "change")
    steps = tuple(f"{spoken(symbol)} = {spoken(first)}" for symbol, first in values.items())
    return form.after(steps, form.expression.xreplace(values), values)


def differentiate(form: Form, by: str) -> Form:
    """The derivative by one symbol."""
    symbol = form.symbol(by)
    _require_size(form, MAX_SIZE // 4, "differentiate")
    return form.after((f"differentiated by {spoken(symbol)}",), diff(form.expression, symbol))


def evaluate(form: Form, values: Mapping[str, Setting]) -> Value:
    """The form in numbers, at a value for each of its symbols. ExplorationError if one is missing or out of domain."""
    by_symbol = {form.symbol(name): _target(form, setting) for name, setting in values.items()}
    missing = sorted(form.expression.free_symbols - by_symbol.keys(), key=str)
    if missing:
        raise ExplorationError(f"Give a value to {listed(missing)} too.")
    for symbol, number in by_symbol.items():
        _require_inside(form, symbol, number)
    _require_ties(form, by_symbol)
    results = []
    for digits in (DIGITS, 2 * DIGITS):
        with mpmath.workdps(digits + GUARD):
            point = {s: mpmath.mpf(number.p) / number.q for s, number in by_symbol.items()}
            results.append(_number(form, point))
    return _sure(*results)


def _number(form: Form, point: Mapping[Symbol, mpmath.mpf]) -> mpmath.mpf:
    if form.expression == oo:
        return mpmath.inf
    try:
        number = value(form.expression, point)
    except (NoNumber, ZeroDivisionError, OverflowError):
        raise ExplorationError("The form has no value there: change a number a little.") from None
    if isinstance(number, mpmath.mpc) and number.imag == 0:
        number = number.real
    if isinstance(number, mpmath.mpc) or mpmath.isnan(number):
        raise ExplorationError("The form has no real value there: change a number a little.")
    return number


def _sure(rough: mpmath.mpf, fine: mpmath.mpf) -> Value:
    """The digits that agree in two precisions, at most DIGITS of them."""
    if mpmath.isinf(fine):
        return Value(float(fine), "infinite")
    error = abs(fine - rough)
    agreed = DIGITS if error == 0 or fine == 0 else int(-mpmath.log10(error / abs(fine)))
    return Value(float(fine), mpmath.nstr(fine, max(1, min(DIGITS, agreed))))


def _target(form: Form, setting: Setting) -> Rational | Symbol:
    if isinstance(setting, str) and written(setting) in {symbol.name for symbol in form.parameters}:
        return form.symbol(written(setting))
    number = parse_number(setting) if isinstance(setting, str) else Fraction(setting)
    return Rational(number.numerator, number.denominator)


def _fix_one(form: Form, symbol: Symbol, number: Rational) -> Form:
    _require_size(form, MAX_SIZE, "change")
    side, value_of = form.domain(symbol).side(number), {symbol: number}
    if side is None:
        _require_inside(form, symbol, number)
    _require_ties(form, value_of)
    replaced = form.expression.xreplace(value_of)
    if not replaced.has(*_INFINITE):
        return form.after((f"{spoken(symbol)} = {number}",), replaced, value_of)
    if side is None:
        raise ExplorationError(f"The form has no value at {spoken(symbol)} = {number}: choose another value.")
    _require_size(form, MAX_LIMIT_SIZE, "take a limit of")
    result = _settled(form, limit(form.expression, symbol, number, side))
    return replace(form.after((f"limit {spoken(symbol)} → {number}",), result, value_of), is_limit=True)


def _settled(form: Form, result: Expr) -> Expr:
    """oo times a sign that SymPy leaves open is decided in numbers, inside the domains."""
    if not result.has(*_INFINITE) or result in (oo, -oo):
        return result
    finite = result.subs(oo, 1)
    signs = {mpmath.sign(value(finite, point)) for point in form.points(6)}
    if result.has(zoo, nan) or len(signs) != 1:
        raise ExplorationError("SymPy finds no limit there: choose another value.")
    return oo * int(signs.pop())


def _require_inside(form: Form, symbol: Symbol, number: Rational | Symbol) -> None:
    domain = form.domain(symbol)
    if isinstance(number, Symbol) or not domain.holds(number):
        raise ExplorationError(f"{spoken(symbol)} must be {domain.words} (you entered {number}).")


def _require_ties(form: Form, values: Mapping[Symbol, Rational]) -> None:
    if breach := form.breach(values):
        symbol, number = breach
        words = form.domain(symbol).words
        raise ExplorationError(f"{spoken(symbol)} would then be {number}, but it must be {words}.")


def _require_size(form: Form, most: int, verb: str) -> None:
    if form.expression.count_ops() > most:
        raise ExplorationError(f"The form has grown too large to {verb}: start again from a shorter one.")
