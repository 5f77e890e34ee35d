"""How much work a check may do: counted in terms and operations, never by a clock, so that it ends alike anywhere."""

from math import comb

from sympy import Add, Dummy, Expr, Mul, Pow, Symbol
from sympy.core.function import Function

MOST_TERMS = 200_000  # that an expansion may make, or that products of polynomials may multiply in one check
MOST_OPERATIONS = 2_500  # of an expression that is handed to one of SymPy's own algorithms


class Refused(Exception):
    """A step that its check cannot accept; the message says why."""


class Undecided(Exception):
    """A check that would take more work than it may; nothing is said of whether the step holds."""


class Budget:
    """A number of terms that may still be made. Raises `Undecided` when it is spent."""

    def __init__(self, terms: int = MOST_TERMS) -> None:
        self.left = terms

    def spend(self, terms: int) -> None:
        """Take this many terms from what is left."""
        self.left -= terms
        if self.left < 0:
            raise Undecided("it would take too many terms to decide")


def expanded_terms(expression: Expr) -> int:
    """A bound on how many terms `expand` makes of the expression, worked out without expanding it."""
    if isinstance(expression, Add):
        return sum(expanded_terms(argument) for argument in expression.args)
    if isinstance(expression, Mul):
        product = 1
        for argument in expression.args:
            product *= expanded_terms(argument)
        return product
    if isinstance(expression, Pow) and expression.exp.is_Integer:
        inside, power = expanded_terms(expression.base), abs(int(expression.exp))
        return comb(inside + power - 1, power)
    if isinstance(expression, Function):
        return max([1, *(expanded_terms(argument) for argument in expression.args if isinstance(argument, Expr))])
    return 1


def require_expandable(expression: Expr, most: int = MOST_TERMS) -> None:
    """Raises `Undecided` if expanding the expression could make more terms than that."""
    if expanded_terms(expression) > most:
        raise Undecided("it would take too many terms to decide")


def require_small(expression: Expr, most: int = MOST_OPERATIONS) -> None:
    """Raises `Undecided` if the expression is too large for SymPy's own algorithms (limits, factors)."""
    if expression.count_ops() > most:
        raise Undecided("the expression is too large to decide")


def require(condition: bool, otherwise: str) -> None:
    """Refuse a step unless the condition holds."""
    if not condition:
        raise Refused(otherwise)


def shortened(expression: Expr, variables: set[Symbol]) -> tuple[Expr, dict[Dummy, Expr]]:
    """The expression with a short name for every part that is free of the variables, and what the names stand for.

    A polynomial in the variables is expanded in these names in a fraction of the time.
    """
    named: dict[Expr, Dummy] = {}

    def short(e: Expr) -> Expr:
        if not e.free_symbols & variables:
            return e if e.is_Number else named.setdefault(e, Dummy())
        return e if e in variables else e.func(*map(short, e.args))

    found = short(expression)
    return found, {name: part for part, name in named.items()}
