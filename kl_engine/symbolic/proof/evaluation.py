"""An expression as a program of many digits: a tape of operations, every part of the expression computed once.

SymPy's own `lambdify` prints an expression and compiles the text, which takes longer than a check at one point. The
tape runs on mpmath's bare numbers; where one of them turns out complex, it runs again on mpmath's own.
"""

from collections.abc import Callable

import mpmath
from mpmath import mpf
from mpmath.libmp import (
    ComplexResult,
    mpf_abs,
    mpf_add,
    mpf_cosh,
    mpf_exp,
    mpf_log,
    mpf_mul,
    mpf_pow,
    mpf_pow_int,
    mpf_sinh,
    mpf_sqrt,
    mpf_tanh,
    round_nearest,
)
from sympy import (
    Abs,
    Add,
    Expr,
    Mul,
    Pow,
    S,
    Symbol,
    cosh,
    exp,
    factorial,
    gamma,
    log,
    loggamma,
    polygamma,
    sinh,
    tanh,
)
from sympy.polys.rootoftools import ComplexRootOf

# Of each operation: on bare numbers, and on mpmath's own.
_ONE: dict[type, tuple[Callable | None, Callable]] = {
    exp: (mpf_exp, mpmath.exp),
    log: (mpf_log, mpmath.log),
    cosh: (mpf_cosh, mpmath.cosh),
    sinh: (mpf_sinh, mpmath.sinh),
    tanh: (mpf_tanh, mpmath.tanh),
    Abs: (mpf_abs, abs),
    gamma: (None, mpmath.gamma),
    loggamma: (None, mpmath.loggamma),
    factorial: (None, mpmath.factorial),
}
_EXTRA = 40  # digits of a root beyond those of the context

# Kinds of operations on the tape: of two places, of one, and a whole power of one.
_PAIR, _SINGLE, _WHOLE = range(3)


class Unknown(ValueError):
    """An expression holds a part that has no number."""


class Program:
    """The steps that compute an expression from its arguments. Calling it runs them at the context's precision."""

    def __init__(self, arguments: tuple[Symbol, ...], expression: Expr) -> None:
        self._places: dict[Expr, int] = {argument: k for k, argument in enumerate(arguments)}
        self._count = len(arguments)
        self._constants: list[tuple[int, Expr]] = []
        # Of each operation: its kind, on bare numbers, on mpmath's own, its place or two, and where its result goes.
        self._tape: list[tuple[int, Callable | None, Callable, int, int, int]] = []
        self._result = self._place(expression)
        self._is_bare = all(bare is not None for _, bare, *_ in self._tape)
        self._numbers: dict[int, list[tuple[int, mpf]]] = {}  # the constants, by precision

    def __call__(self, *values: mpf) -> mpf:
        if self._is_bare and all(type(value) is mpf for value in values):
            try:
                places = self._filled([value._mpf_ for value in values])
                _run_bare(self._tape, places)
                return mpmath.mp.make_mpf(places[self._result])
            except ComplexResult:
                pass
        places = self._filled_own(values)
        _run_own(self._tape, places)
        return places[self._result]

    def of_first(self, *others: mpf) -> Callable[[mpf], mpf]:
        """The function of the first argument alone: what does not depend on it is computed once, here."""
        depends = {0}
        for kind, _, _, a, b, out in self._tape:
            if a in depends or (kind == _PAIR and b in depends):
                depends.add(out)
        once = [operation for operation in self._tape if operation[-1] not in depends]
        again = [operation for operation in self._tape if operation[-1] in depends]
        try:
            return self._bare_of_first(once, again, others)
        except (ComplexResult, TypeError):
            return lambda first: self(first, *others)

    def _bare_of_first(self, once: list, again: list, others: tuple[mpf, ...]) -> Callable[[mpf], mpf]:
        if not self._is_bare:
            raise TypeError("an operation has no bare form")
        kept = self._filled([None, *(value._mpf_ for value in others)])
        _run_bare(once, kept)

        def function(first: mpf) -> mpf:
            places = list(kept)
            places[0] = first._mpf_
            try:
                _run_bare(again, places)
            except ComplexResult:
                return self(first, *others)
            return mpmath.mp.make_mpf(places[self._result])

        return function

    def _filled(self, values: list) -> list:
        """The places with the arguments and the constants in them, as bare numbers. Raises if one is complex."""
        places = [*values] + [None] * (self._count - len(values))
        for place, number in self._at_precision():
            if not isinstance(number, mpf):
                raise ComplexResult("a constant is complex")
            places[place] = number._mpf_
        return places

    def _filled_own(self, values: tuple) -> list:
        places = [*values] + [None] * (self._count - len(values))
        for place, number in self._at_precision():
            places[place] = number
        return places

    def _at_precision(self) -> list[tuple[int, mpf]]:
        precision = mpmath.mp.prec
        if precision not in self._numbers:
            self._numbers[precision] = [(place, _number(constant)) for place, constant in self._constants]
        return self._numbers[precision]

    def _place(self, e: Expr) -> int:
        """Where the value of a part stands once its operation has run."""
        if e not in self._places:
            self._places[e] = self._add(e)
        return self._places[e]

    def _add(self, e: Expr) -> int:
        if not e.args or isinstance(e, ComplexRootOf) or e.is_Rational:
            return self._keep(e)
        if isinstance(e, (Add, Mul)):
            return self._chain(e)
        if isinstance(e, Pow) and e.base is not S.Exp1:
            return self._power(e)
        if isinstance(e, polygamma) and e.args[0].is_Integer:
            order = int(e.args[0])
            return self._step(_SINGLE, None, lambda v: mpmath.polygamma(order, v), self._place(e.args[1]))
        operations = _ONE.get(exp if isinstance(e, Pow) else type(e))
        if operations is None:
            raise Unknown(f"it holds a part without a number: {type(e).__name__}")
        return self._step(_SINGLE, *operations, self._place(e.exp if isinstance(e, (exp, Pow)) else e.args[0]))

    def _chain(self, e: Add | Mul) -> int:
        """A sum or a product, two at a time."""
        operations = (mpf_add, lambda a, b: a + b) if isinstance(e, Add) else (mpf_mul, lambda a, b: a * b)
        places = [self._place(part) for part in e.args]
        total = places[0]
        for place in places[1:]:
            total = self._step(_PAIR, *operations, total, place)
        return total

    def _power(self, e: Pow) -> int:
        base = self._place(e.base)
        if e.exp.is_Integer:
            return self._step(_WHOLE, mpf_pow_int, mpmath.power, base, int(e.exp))
        if e.exp in (S.Half, -S.Half):
            root = self._step(_SINGLE, mpf_sqrt, mpmath.sqrt, base)
            return root if e.exp > 0 else self._step(_WHOLE, mpf_pow_int, mpmath.power, root, -1)
        return self._step(_PAIR, mpf_pow, mpmath.power, base, self._place(e.exp))

    def _step(self, kind: int, bare: Callable | None, own: Callable, a: int, b: int = -1) -> int:
        """One operation more; `b` is the other place of a pair, or the exponent of a whole power."""
        self._tape.append((kind, bare, own, a, b, self._count))
        self._count += 1
        return self._count - 1

    def _keep(self, constant: Expr) -> int:
        if constant.free_symbols or not constant.is_number:
            raise Unknown(f"it holds a symbol without a value: {constant}")
        self._constants.append((self._count, constant))
        self._count += 1
        return self._count - 1


def _run_bare(tape: list, places: list) -> None:
    precision, rounding = mpmath.mp.prec, round_nearest
    for kind, bare, _, a, b, out in tape:
        if kind == _PAIR:
            places[out] = bare(places[a], places[b], precision, rounding)
        elif kind == _SINGLE:
            places[out] = bare(places[a], precision, rounding)
        else:
            places[out] = mpf_pow_int(places[a], b, precision, rounding)


def _run_own(tape: list, places: list) -> None:
    for kind, _, own, a, b, out in tape:
        if kind == _PAIR:
            places[out] = own(places[a], places[b])
        elif kind == _SINGLE:
            places[out] = own(places[a])
        else:
            places[out] = places[a] ** b


def _number(constant: Expr) -> mpf:
    if constant.is_Rational:
        return mpf(constant.p) / constant.q
    if constant is S.Infinity or constant is S.NegativeInfinity:
        return mpmath.inf if constant is S.Infinity else -mpmath.inf
    return mpmath.mpmathify(constant.evalf(mpmath.mp.dps + _EXTRA))
