"""When a derivative may be taken under an integral or sum: a theorem for two kinds of integrands, else an assumption.

F(s) = int s^3/x^2 exp(-s^2/x) dx over (0, 1) is s exp(-s^2), whose slope at 0 is 1; that of the integrand is 0 there.
So what is differentiated under its sign is a sum of Gaussians times functions that grow more slowly than they fall, or
c(x) exp(g(s) T(x)) > 0, an exponential family inside the range of its parameter (g' never 0), or what the setting says
may be. (Lehmann, Romano, Testing Statistical Hypotheses, theorem 2.7.1, for the second kind.)
"""

from sympy import (
    Add,
    Derivative,
    Expr,
    Integral,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    cancel,
    cosh,
    diff,
    expand,
    factor,
    log,
    sinh,
    tanh,
)
from sympy.core.function import AppliedUndef

from kl_engine.symbolic.proof.check import require
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import Normal, x
from kl_engine.symbolic.proof.regularity import shares_shown
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.work import require_expandable, require_small

_MOST_OPERATIONS = 200  # of an integrand whose logarithm is differentiated and factored


def require_under_the_sign(expression: Expr, by: Symbol, setting: Setting) -> None:
    """Refused unless every integral and sum that depends on the symbol may be differentiated by it under its sign."""
    for total in expression.atoms(Integral, Sum):
        if by not in setting.full(total).free_symbols:
            continue
        ends = {s for limits in total.limits for end in limits[1:] for s in setting.full(end).free_symbols}
        known = by not in ends and (
            _is_smooth(total, by, setting)
            or _is_of_gaussians(total, by, setting)
            or _is_of_a_family(total, by, setting)
        )
        require(known, f"it is not known that it may be differentiated by {by} under its sign")


def require_no_sum_of(expression: Expr, by: Symbol, setting: Setting) -> None:
    """Refused if an integral or sum depends on the symbol: a limit is not taken under its sign."""
    sums = (setting.full(total) for total in expression.atoms(Integral, Sum))
    require(not any(by in total.free_symbols for total in sums), "a limit is not taken under an integral or a sum")


def _is_smooth(total: Expr, by: Symbol, setting: Setting) -> bool:
    """Whether the symbol stands in densities alone of which the setting says that they may be differentiated."""
    others = total.xreplace(dict.fromkeys(setting.smooth, S.One))
    return by not in setting.full(others).free_symbols


def _is_of_gaussians(total: Expr, by: Symbol, setting: Setting) -> bool:
    """Whether every term is one Gaussian density in x times functions that grow more slowly than it falls."""
    if not isinstance(total, Integral) or [limits[0] for limits in total.limits] != [x]:
        return False
    if any(by in f.free_symbols for f in setting.moderate):
        return False
    return is_of_gaussians(total.function, setting)


def is_of_gaussians(function: Expr, setting: Setting) -> bool:
    """Whether every term is one Gaussian density, or a derivative of one, times something moderate."""
    require_expandable(function)
    for term in Add.make_args(expand(function)):
        factors = Mul.make_args(term)
        gaussian = [f for f in factors if is_gaussian(f, setting)]
        rest = [f for f in factors if f not in gaussian]
        if len(gaussian) != 1 or not all(is_moderate(f, setting) for f in rest):
            return False
    return True


def is_gaussian(part: Expr, setting: Setting) -> bool:
    """A Gaussian density at x, or a derivative of one by x."""
    if isinstance(part, Derivative) and set(part.variables) == {x}:
        part = part.expr
    at_x = isinstance(part, (AppliedUndef, Normal)) and part.args[0] == x
    return at_x and isinstance(setting.law_of(part), Gaussian)


def is_moderate(part: Expr, setting: Setting) -> bool:
    """Whether it grows more slowly than any Gaussian falls: a polynomial, what is said to, or what is bounded."""
    if not part.has(x) or part == x or part in setting.moderate:
        return True
    if isinstance(part, Derivative):
        done = part.doit()
        known = set(part.variables) == {x} and part.expr in setting.moderate
        return known or (not isinstance(done, Derivative) and is_moderate(done, setting))
    if isinstance(part, (Add, Mul)):
        return all(is_moderate(argument, setting) for argument in part.args)
    if isinstance(part, Pow) and part.exp.is_Integer:
        inside = part.base
        return is_moderate(inside, setting) if part.exp > 0 else isinstance(inside, cosh)
    if isinstance(part, (tanh, log)):
        inside = part.args[0]
        return isinstance(part, tanh) or (isinstance(inside, cosh) and is_moderate(inside.args[0], setting))
    return isinstance(part, (sinh, cosh)) and part.args[0].diff(x, 2) == 0


def _is_of_a_family(total: Expr, by: Symbol, setting: Setting) -> bool:
    """Whether it is c(x) exp(g(s) T(x)) > 0 with g' never 0: its logarithm's slope is a(s) + g'(s) T(x)."""
    function = setting.full(total.function)
    require_small(function, _MOST_OPERATIONS)
    if setting.known(shares_shown(function, total)).is_positive is not True:
        return False
    slope, rates = cancel(diff(function, by) / function), []
    for variable in (limits[0] for limits in total.limits):
        apart = factor(diff(slope, variable))
        if apart == 0:
            continue
        rate, statistic = apart.as_independent(*total.variables, as_Add=False)
        if by in statistic.free_symbols or setting.known(rate).is_nonzero is not True:
            return False
        rates.append(rate)
    return all(by not in cancel(rate / rates[0]).free_symbols for rate in rates)
