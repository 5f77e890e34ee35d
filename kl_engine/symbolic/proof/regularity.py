"""Where a formula is defined, and where it is smooth: what a statement about all values of its symbols must be."""

from collections.abc import Iterator
from functools import lru_cache

from sympy import (
    Add,
    Derivative,
    Dummy,
    Expr,
    Integral,
    Limit,
    Mul,
    Number,
    NumberSymbol,
    Pow,
    S,
    Subs,
    Sum,
    Symbol,
    cosh,
    exp,
    factorial,
    gamma,
    log,
    loggamma,
    nan,
    polygamma,
    preorder_traversal,
    sinh,
    tanh,
    zoo,
)
from sympy.core.function import AppliedUndef

from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.work import require

_ELEMENTARY = (Add, Mul, Pow, exp, log, sinh, cosh, tanh, Symbol, Number, NumberSymbol)
_GAMMAS = (gamma, loggamma, polygamma)


def require_defined(expression: Expr, setting: Setting) -> None:
    """Refused unless the expression has a value for all values of its symbols: no division by what might be 0, no
    logarithm or root of what might be negative. Under a limit only the way there counts."""
    require(not expression.has(nan, zoo), "it divides by 0")
    for part in (expression, *(meaning for _, meaning in setting.definitions)):
        undefined = _first_undefined(part, setting)
        require(undefined is None, f"it is not known to be defined everywhere: {undefined}")


@lru_cache(maxsize=2048)
def _first_undefined(expression: Expr, setting: Setting) -> Expr | None:
    """A part that might have no value. Abbreviations stay: what they stand for has the signs of their names."""
    written = setting.known(expression)
    bodies = {
        total: above_the_end(shares_shown(total.function, total), total) for total in written.atoms(Integral, Sum)
    }
    positive = {total: Dummy(positive=True) for total, body in bodies.items() if body.is_positive}
    parts = (written.xreplace(positive), *bodies.values())
    return next((found for part in parts for found in _undefined(part)), None)


def _undefined(e: Expr) -> Iterator[Expr]:
    """The parts that might have no value."""
    if isinstance(e, (Limit, Derivative, Subs, Integral, Sum)):
        return  # the bodies of integrals and sums are looked at by themselves
    if isinstance(e, Pow) and e.base is not S.Exp1 and not _is_power_defined(e.base, e.exp):
        yield e
    if isinstance(e, log) and e.args[0].is_positive is not True:
        yield e
    if isinstance(e, _GAMMAS) and e.args[-1].is_positive is not True:
        yield e
    for part in e.args:
        if isinstance(part, Expr):
            yield from _undefined(part)


def _is_power_defined(base: Expr, power: Expr) -> bool:
    if base.is_positive or (power.is_integer and power.is_nonnegative):
        return True
    if power.is_integer:
        return base.is_nonzero is True
    return base.is_nonnegative is True and power.is_positive is True


def shares_shown(function: Expr, total: Integral | Sum) -> Expr:
    """The integrand with what the shares of a whole leave as a positive symbol, where the integral goes over them."""
    for k, limits in enumerate(total.limits):
        left = 1 - sum((other[0] for other in total.limits[k:]), S.Zero)
        if len(limits) == 3 and limits[1] == 0 and limits[2] == left + limits[0]:
            function = function.xreplace({left: Symbol("left", positive=True)})
    return function


def above_the_end(part: Expr, total: Expr) -> Expr:
    """A part of an integrand with its variable as the lower end and a positive number, which shows its sign."""
    if not isinstance(total, Integral) or len(total.limits) > 1 or len(total.limits[0]) < 3:
        return part
    variable, low, _ = total.limits[0]
    return part if low.is_infinite else part.xreplace({variable: low + Symbol("above_end", positive=True)})


def require_smooth(expression: Expr) -> None:
    """A slope tells how a function goes on only where it has no jump: of elementary functions alone."""
    smooth = all(isinstance(part, _ELEMENTARY) for part in preorder_traversal(expression))
    require(smooth, "it is not made of functions that are known to be smooth")


def require_smooth_in(expression: Expr, symbol: Symbol) -> None:
    """Refused unless everything that depends on the symbol does so by smooth functions, unknown ones among them."""
    for part in preorder_traversal(expression):
        depends = isinstance(part, Expr) and symbol in part.free_symbols
        require(not depends or not part.is_Function or _is_smooth(part), f"it has a jump or an edge in {symbol}")


def _is_smooth(part: Expr) -> bool:
    return isinstance(part, (*_ELEMENTARY, *_GAMMAS, factorial, AppliedUndef))
