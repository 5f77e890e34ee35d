"""What each operation of a syntax tree means: as a SymPy expression, and as a number where it has one."""

from collections.abc import Callable, Mapping

import mpmath
from mpmath import mpf
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, S, digamma, exp, log, loggamma, pi

from kl_engine.symbolic.formulas.syntax_tree import Node

_HUGE = mpf(10) ** 4  # exp of more is beyond anything a formula can mean, and soon beyond any memory
_TOO_LARGE = "it takes the exponential of a number beyond 10000"
_GUARD = 12  # digits: what is left of an exact 0 after rounding is below 10^-(all but these)


class Undefined(ValueError):
    """An operation has no real value here. node: the piece that fails; reason: why, in words.

    is_ours: it may have one, but beyond what is computed here.
    """

    def __init__(self, node: Node, reason: str, is_ours: bool = False) -> None:
        super().__init__(reason)
        self.node, self.reason, self.is_ours = node, reason, is_ours


def _sum(a: Expr, b: Expr) -> Expr:
    return Add(*Add.make_args(a), *Add.make_args(b), evaluate=False)  # one flat sum prints without brackets


def _product(a: Expr, b: Expr) -> Expr:
    return Mul(a, b, evaluate=False)


def _power(a: Expr, b: Expr) -> Expr:
    return Pow(a, b, evaluate=False)


def _negative(a: Expr) -> Expr:
    return -a if a.is_Rational else _product(S.NegativeOne, a)


def _quotient(a: Expr, b: Expr) -> Expr:
    if a.is_Rational and b.is_Rational and b != 0:
        return a / b
    return _product(a, _power(b, S.NegativeOne))


def _log(a: Expr) -> Expr:
    return log(a, evaluate=False)


def _exp(a: Expr) -> Expr:
    return exp(a, evaluate=False)


_EXPRESSIONS: dict[str, Callable[..., Expr]] = {
    "add": _sum,
    "sub": lambda a, b: _sum(a, _negative(b)),
    "mul": _product,
    "div": _quotient,
    "pow": _power,
    "neg": _negative,
    "log": _log,
    "log2": lambda a: _quotient(_log(a), log(2)),
    "log10": lambda a: _quotient(_log(a), log(10)),
    "log1p": lambda a: _log(_sum(S.One, a)),
    "exp": _exp,
    "expm1": lambda a: _sum(_exp(a), S.NegativeOne),
    "sqrt": lambda a: _power(a, S.Half),
    "square": lambda a: _power(a, Integer(2)),
    "abs": lambda a: Abs(a, evaluate=False),
    "sum": lambda a: a,  # of one coordinate
    "mean": lambda a: a,
    "norm": lambda a: Abs(a, evaluate=False),
    "lgamma": lambda a: loggamma(a, evaluate=False),
    "digamma": lambda a: digamma(a, evaluate=False),
    "pi": lambda: pi,
    # of matrices of one row and one column
    "matmul": _product,
    "transpose": lambda a: a,
    "trace": lambda a: a,
    "det": lambda a: a,
    "logdet": _log,
    "inverse": lambda a: _power(a, S.NegativeOne),
    "cholesky": lambda a: _power(a, S.Half),
    "diagonal": lambda a: a,
}

_NUMBERS: dict[str, Callable[..., mpf]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a: -a,
    "log": mpmath.log,
    "log2": lambda a: mpmath.log(a) / mpmath.log(2),
    "log10": lambda a: mpmath.log(a) / mpmath.log(10),
    "log1p": lambda a: mpmath.log(1 + a),
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "sqrt": mpmath.sqrt,
    "square": lambda a: a * a,
    "abs": abs,
    "sum": lambda a: a,
    "mean": lambda a: a,
    "norm": abs,
    "lgamma": mpmath.loggamma,
    "digamma": mpmath.digamma,
    "pi": lambda: +mpmath.pi,
    "matmul": lambda a, b: a * b,
    "transpose": lambda a: a,
    "trace": lambda a: a,
    "det": lambda a: a,
    "logdet": mpmath.log,
    "inverse": lambda a: 1 / a,
    "cholesky": mpmath.sqrt,
    "diagonal": lambda a: a,
}


def to_sympy(node: Node, meaning: Mapping[str, Expr]) -> Expr:
    """The tree as a SymPy expression, with an expression put in for each name; nothing in it is evaluated.

    Left to itself SymPy would: exp(10^12 log 3) becomes 3^(10^12), which no memory holds.
    """
    if node.operation == "number":
        return Rational(node.value.numerator, node.value.denominator)
    if node.operation == "name":
        return meaning[node.value]
    return _EXPRESSIONS[node.operation](*(to_sympy(argument, meaning) for argument in node.arguments))


def evaluate(node: Node, values: Mapping[str, mpf]) -> tuple[mpf, mpf]:
    """The tree in numbers, as it is written, in the precision of the mpmath context, and the largest number on the way.

    Undefined if it has no value.
    """
    if node.operation == "name":
        return values[node.value], abs(values[node.value])
    parts = [evaluate(argument, values) for argument in node.arguments]
    number = _apply(node, [part for part, _ in parts])
    return number, max([abs(number), *(largest for _, largest in parts)])


def evaluate_constants(node: Node) -> mpf | None:
    """The value of a tree without names; None if it has names. Undefined where any part without names has no value."""
    if node.operation == "name":
        return None
    numbers = [evaluate_constants(argument) for argument in node.arguments]
    if node.operation == "div" and numbers[0] is None and numbers[1] is not None:
        _apply(node, [mpf(1), numbers[1]])  # whatever is divided, the divisor must not be 0
    return None if None in numbers else _apply(node, numbers)


def _apply(node: Node, numbers: list[mpf]) -> mpf:
    if node.operation == "number":
        return mpf(node.value.numerator) / node.value.denominator
    reason = _objection(node, numbers)
    if reason:
        raise Undefined(node, reason, is_ours=reason == _TOO_LARGE)
    return _NUMBERS[node.operation](*numbers)


def _objection(node: Node, numbers: list[mpf]) -> str | None:
    """Why an operation has no real value at these numbers; None if it has one."""
    operation, first = node.operation, numbers[0] if numbers else None
    tiny = mpf(10) ** (_GUARD - mpmath.mp.dps)
    if operation == "div" and abs(numbers[1]) < tiny or operation == "inverse" and abs(first) < tiny:
        return "it divides by 0"
    if operation in ("lgamma", "digamma") and not tiny < first < _HUGE * _HUGE:
        return "it takes the gamma function of a number that is not above 0" if first < 1 else _TOO_LARGE
    if operation in ("log", "log2", "log10", "logdet") and first < tiny or operation == "log1p" and first + 1 < tiny:
        return "it takes the logarithm of a number that is not positive"
    if operation in ("sqrt", "cholesky") and first < -tiny:
        return "it takes the square root of a negative number"
    if operation in ("exp", "expm1") and abs(first) > _HUGE:
        return _TOO_LARGE
    if operation == "pow":
        return _power_objection(first, node.arguments[1].value.denominator, numbers[1], tiny)
    return None


def _power_objection(base: mpf, denominator: int, exponent: mpf, tiny: mpf) -> str | None:
    if exponent < 0 and abs(base) < tiny:
        return "it divides by 0"
    if denominator != 1 and base < -tiny:
        return "it takes a root of a negative number"
    return None
