"""The shorter of several ways to write an expression, each an identity."""

from collections.abc import Iterator
from itertools import combinations

from sympy import Add, Expr, Pow, Rational, Symbol, exp, expand, factor, factor_terms, fraction, log, together

_LARGEST = 150  # operations; what is larger stays as it is
_STEEPEST = 60  # number in an exponent; e^(100 x/31) is a polynomial of degree 100 in e^(x/31), which SymPy writes out


def tidy(expression: Expr) -> Expr:
    """The form with the fewest operations among some; the given one if none is shorter."""
    if expression.count_ops() > _LARGEST or is_steep(expression):
        return expression
    forms = [expression, *_forms(expression)]
    forms += [squares_completed(form) for form in forms]
    return min(forms, key=lambda form: (form.count_ops(), len(str(form))))


def is_steep(expression: Expr) -> bool:
    """Whether an exponent holds a number with which factoring never ends, as decimals of many digits do."""
    numbers = (number for power in expression.atoms(Pow, exp) for number in power.exp.atoms(Rational))
    return any(max(abs(number.p), number.q) > _STEEPEST for number in numbers)


def _forms(expression: Expr) -> Iterator[Expr]:
    expression = expression.replace(log, _log)
    expanded = expand(expression)
    yield from (expanded, factor_terms(expression), together(expression), factor_terms(expanded))
    yield factor(expanded)
    constant, rest = expanded.as_independent(*expanded.atoms(log)) if expanded.has(log) else (0, expanded)
    yield factor(constant) + factor_terms(rest)


def _log(inside: Expr) -> Expr:
    """log(1/u) as -log(u), also where SymPy writes 1/u as -1/(-u)."""
    above, below = fraction(together(inside))
    return -log(expand(below * above)) if above in (1, -1) and below != 1 else log(inside)


def squares_completed(expression: Expr) -> Expr:
    """c a^2 - 2 c a b + c b^2 as c (a - b)^2, wherever it stands in a sum."""
    return expression.replace(lambda part: isinstance(part, Add), _with_squares)


def _with_squares(total: Add) -> Expr:
    symbols = sorted({p.base for p in total.atoms(Pow) if isinstance(p.base, Symbol)}, key=str)
    for a, b in combinations(symbols, 2):
        coefficient = total.coeff(a, 2).coeff(b, 0)
        cross = total.coeff(a, 1).coeff(b, 1)
        if coefficient != 0 and coefficient == total.coeff(b, 2).coeff(a, 0) and cross == -2 * coefficient:
            rest = expand(total - coefficient * (a**2 - 2 * a * b + b**2))
            return rest + coefficient * (a - b) ** 2
    return total
