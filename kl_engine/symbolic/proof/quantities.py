"""The quantities that stand on the left of an equation, and which symbols in them are bound.

That D_forward is D(p||q) and D_reverse is D(q||p) is said in `Roles`, and nowhere else.
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from sympy import Add, Basic, Derivative, Expr, Function, Integral, Lambda, Limit, Subs, Sum, Symbol, oo
from sympy.core.function import AppliedUndef

from kl_engine.symbolic.proof.notation import Pair, exchange_roles, forward, quantity, reverse, x


@dataclass(frozen=True)
class Space:
    """What a density is summed or integrated over: ranges of its variables."""

    limits: tuple[tuple[Expr, Expr, Expr], ...]
    is_discrete: bool = False

    def total(self, body: Expr) -> Expr:
        """The sum or the integral of a function over all of it."""
        return Sum(body, *self.limits) if self.is_discrete else Integral(body, *self.limits)


@dataclass(frozen=True)
class Outcomes:
    """Finitely many outcomes, by the values of one variable."""

    variable: Symbol
    values: tuple[Expr, ...]

    def total(self, body: Expr) -> Expr:
        """The sum of a function over all of them, term by term."""
        return Add(*(body.subs(self.variable, outcome) for outcome in self.values))


LINE = Space(((x, -oo, oo),))


@dataclass(frozen=True)
class Roles:
    """Who is the target p and who the approximation q (densities or laws), and the parameters that D depends on.

    space: what both are densities over.
    """

    target: Any
    approximation: Any
    parameters: tuple[Expr, ...]
    space: Space | Outcomes = LINE

    @property
    def forward(self) -> Expr:
        """The symbol of D(p||q) = E_p[log p - log q]."""
        return forward(*self.parameters)

    @property
    def reverse(self) -> Expr:
        """The symbol of D(q||p) = E_q[log q - log p]."""
        return reverse(*self.parameters)

    def under(self, divergence: Expr) -> tuple[Any, Any] | None:
        """The density under the expectation and the other one, if this is one of the two divergences."""
        if divergence == self.forward:
            return self.target, self.approximation
        if divergence == self.reverse:
            return self.approximation, self.target
        return self._under_at(divergence)

    def _under_at(self, divergence: Expr) -> tuple[Any, Any] | None:
        """The same at other values of the parameters, of laws that show all of theirs."""
        name = next((n for n in (self.forward, self.reverse) if divergence.func == n.func), None)
        laws = (self.target, self.approximation)
        if name is None or not all(map(is_dataclass, laws)) or not all(isinstance(s, Symbol) for s in self.parameters):
            return None
        values = dict(zip(self.parameters, divergence.args, strict=True))
        first, second = self.under(name)
        return _with_values(first, values), _with_values(second, values)

    @property
    def are_alike(self) -> bool:
        """Whether q is what p becomes when the names are exchanged: then what is proved for one holds for the other."""
        return renamed(self.target) == self.approximation and renamed(self.approximation) == self.target


def _with_values(law: Any, values: dict) -> Any:
    return replace(law, **{f.name: getattr(law, f.name).subs(values, simultaneous=True) for f in fields(law)})


def renamed(law: Any) -> Any:
    """A law or a density with the names p and q exchanged."""
    if isinstance(law, tuple):
        return tuple(renamed(part) for part in law)
    if is_dataclass(law):
        return replace(law, **{field.name: renamed(getattr(law, field.name)) for field in fields(law)})
    return exchange_roles(law) if isinstance(law, Basic) else law


def hessian(of: Expr, by: tuple[Symbol, ...], at: tuple[Pair, ...] = ()) -> Expr:
    """The matrix of second derivatives of a quantity by these symbols, at these values of them."""
    return Function("H", real=True)(of, *by, *(dict(at).get(symbol, symbol) for symbol in by))


def taylor(of: Expr, by: Symbol, order: int) -> Expr:
    """The Taylor polynomial of a quantity around 0, as the name on the left of an equation."""
    return Function("Taylor", real=True)(of, by, order)


def least(of: Expr, by: tuple[Symbol, ...]) -> Expr:
    """The least value of a quantity over all values of these symbols."""
    return Function("least", real=True)(of, *by)


def least_at(of: Expr, by: tuple[Symbol, ...]) -> Expr:
    """The place where a quantity is least over all values of these symbols."""
    return Function("argmin", real=True)(of, *by)


_BINDERS = {"H": 2, "Taylor": None, "least": 1, "argmin": 1}  # and by how many times as many values their symbols go


def bound_symbols(expression: Basic) -> set[Symbol]:
    """The symbols of an expression that stand for no one value: of integrals, sums, limits, minima, expansions."""
    found: set[Symbol] = set()
    for part in expression.atoms(Integral, Sum, Subs):
        found |= set(part.bound_symbols)
    for part in expression.atoms(Limit):
        found.add(part.args[1])
    for part in expression.atoms(Lambda):
        found |= set(part.signature)
    for part in expression.atoms(AppliedUndef):
        if part.func.__name__ in _BINDERS:
            found |= {argument for argument in part.args[1:] if isinstance(argument, Symbol)}
    return found


def is_of_a_sum(derivative: Derivative) -> bool:
    """Whether it is the derivative of an integral or sum: to take it under the sign is a law, and no rewriting."""
    return derivative.expr.has(Integral, Sum)


def mean_value(of: Expr, parameters: tuple[Expr, ...]) -> Expr:
    """E_q[f], as a function of the parameters of q."""
    return quantity(f"E_q_{of.func.__name__}", *parameters)


def differentiated(of: Expr, *by: Symbol) -> Expr:
    """The derivative of a quantity by these symbols, unevaluated."""
    return Derivative(of, *by)
