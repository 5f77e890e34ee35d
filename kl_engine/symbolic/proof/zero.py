"""Is an expression identically zero? By direct algebra first; by SymPy's general simplifier only as a last resort."""

from sympy import (
    Add,
    Derivative,
    Dummy,
    Expr,
    Integral,
    exp,
    expand,
    expand_log,
    factor,
    fraction,
    log,
    simplify,
    together,
)
from sympy.core.function import AppliedUndef

_LAST_RESORT_SIZE = 400  # operations; beyond it the general simplifier can take minutes


def is_zero(expression: Expr) -> bool:
    """True only if SymPy proves that the expression is 0 for every value its symbols may take.

    False means "not proved". Symbols must carry their signs: log(a/b) is split only where SymPy knows a, b > 0.
    Integrals over the same range are joined, for a sum of integrals is 0 if the sum of the integrands is.
    """
    return all(_vanishes(part) for part in join_integrals(expression))


def join_integrals(expression: Expr) -> tuple[Expr, ...]:
    """The joint integrand for each range of integration, and the rest: if all vanish, so does the whole."""
    masks = {integral: Dummy() for integral in expression.atoms(Integral)}
    if not masks:
        return (expression,)
    parts: dict = {}
    for term in Add.make_args(expand(expression.xreplace(masks))):
        inside = [i for i, mask in masks.items() if term.has(mask)]
        factor = term / masks[inside[0]] if inside else term
        if not inside or factor.has(*masks.values()):  # no integral, or a product of them: compared as it is
            parts[None] = parts.get(None, 0) + term
        else:
            parts[inside[0].limits] = parts.get(inside[0].limits, 0) + factor * inside[0].function
    return tuple(parts.values())


def _vanishes(expression: Expr) -> bool:
    if expression == 0 or _two_equal_terms(expression):
        return True
    expression = _as_symbols(expression)
    if expression.has(exp) and _numerator(_exponentials_as_symbols(expression)) == 0:
        return True
    for form in (expand, _expand_logs, _numerator, _joined_logs):
        expression = form(expression)
        if expression == 0:
            return True
    return expression.count_ops() <= _LAST_RESORT_SIZE and simplify(expression.rewrite(exp)) == 0


def _as_symbols(expression: Expr) -> Expr:
    """Unknown functions as symbols of the same sign: p(x) is one number here, and algebra is faster on symbols."""
    if expression.has(Integral):
        return expression
    expression = expression.xreplace({d: d.doit() for d in expression.atoms(Derivative)})
    derivatives = expression.atoms(Derivative)
    expression = expression.xreplace({d: Dummy(real=True) for d in derivatives})
    return expression.xreplace({f: Dummy(positive=f.is_positive, real=True) for f in expression.atoms(AppliedUndef)})


def _exponentials_as_symbols(expression: Expr) -> Expr:
    """Each exponential as one positive symbol: what is 0 for any numbers in their place is 0, and found sooner."""
    by_exponent: dict = {}
    for power in expression.atoms(exp):
        by_exponent.setdefault(expand(power.exp), []).append(power)
    masks = {exponent: Dummy(positive=True) for exponent in by_exponent}
    return expression.xreplace({power: masks[e] for e, same in by_exponent.items() for power in same})


def _expand_logs(expression: Expr) -> Expr:
    return expand(expand_log(expression))


def _numerator(expression: Expr) -> Expr:
    return expand(expand_log(expand(fraction(together(expression))[0])))


def _two_equal_terms(expression: Expr) -> bool:
    """A - B = 0 for positive A and B if log A - log B = 0: products of powers become sums."""
    if not expression.is_Add or len(expression.args) != 2:
        return False
    ratio = -expression.args[0] / expression.args[1]
    return ratio.is_positive is True and _numerator(_joined_logs(log(ratio))) == 0


def _joined_logs(expression: Expr) -> Expr:
    """log(1 + b/a) as log(a + b) - log(a): a sum inside a logarithm over its common denominator."""
    return expand(expand_log(expression.replace(log, lambda inside: log(factor(together(inside))))))
