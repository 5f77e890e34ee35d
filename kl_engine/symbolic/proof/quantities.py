"""What the names on the left of an equation stand for. A check asks here which symbol its own meaning must have.

That D_forward is D(p||q) = E_p[log p - log q] and D_reverse is D(q||p) is said in `Roles.divergence`, and nowhere else.
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from sympy import Expr, Function, Symbol
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair, require
from kl_engine.symbolic.proof.notation import exchange_roles, forward, mu_q, p_of_x, q_of_x, reverse, sigma_q


@dataclass(frozen=True)
class Roles:
    """Who is the target p and who the approximation q (laws or densities), and the parameters that D depends on."""

    target: Any
    approximation: Any
    parameters: tuple[Expr, ...]

    def divergence(self, first: Any, second: Any) -> Expr:
        """The symbol of D(first||second) = E_first[log first - log second]. Refused unless these two are p and q."""
        if (first, second) == (self.target, self.approximation):
            return forward(*self.parameters)
        require((first, second) == (self.approximation, self.target), "these are not the target and the approximation")
        return reverse(*self.parameters)

    @property
    def forward(self) -> Expr:
        """The symbol of D(p||q)."""
        return self.divergence(self.target, self.approximation)

    @property
    def reverse(self) -> Expr:
        """The symbol of D(q||p)."""
        return self.divergence(self.approximation, self.target)

    @property
    def are_alike(self) -> bool:
        """Whether q is what p becomes when the names are exchanged: then what is proved for one holds for the other."""
        return _renamed(self.target) == self.approximation and _renamed(self.approximation) == self.target


# Any target at all, and a Gaussian approximation.
ANY = Roles(p_of_x, q_of_x, (mu_q, sigma_q))


@dataclass(frozen=True)
class Model:
    """A belief q(z) about the state behind data x, its prior and the likelihood; F depends on `parameters`."""

    belief: Expr
    prior: Expr
    likelihood: Expr
    parameters: tuple[Expr, ...]

    @property
    def free_energy(self) -> Expr:
        """The symbol of F = E_q[log q(z) - log prior(z) - log likelihood(x|z)]."""
        return Function("F", real=True)(*self.parameters)


@dataclass(frozen=True, kw_only=True)
class DivergenceCheck(Check):
    """What the checks that start from D(first||second) share: their left side is that symbol and no other."""

    starts = True

    roles: Roles
    first: Any
    second: Any

    def left(self, before: object) -> Expr:
        return self.roles.divergence(self.first, self.second)


def alpha_divergence(order: Symbol, roles: Roles) -> Expr:
    """D_alpha(p||q), of the given order: the target comes first."""
    return Function("D_alpha", real=True)(order, *roles.parameters)


def hessian(quantity: Expr, by: tuple[Symbol, ...], at: tuple[Pair, ...] = ()) -> Expr:
    """The matrix of second derivatives of a quantity by these symbols, at these values of them."""
    return Function("H", real=True)(quantity, *by, *(dict(at).get(symbol, symbol) for symbol in by))


def mean_value(of: Expr, parameters: tuple[Expr, ...]) -> Expr:
    """E_q[f], as a function of the parameters of q."""
    return Function(f"E_q_{of.func.__name__}", real=True)(*parameters)


def mean_statistics(parameters: tuple[Symbol, ...]) -> Expr:
    """E_p[T], the expected sufficient statistics, as a function of the parameters of p."""
    return Function("tau", real=True)(*parameters)


def least_at(quantity: Expr, by: tuple[Symbol, Symbol], conditions: tuple[Relational, ...]) -> Expr:
    """The place where a quantity is least, with the conditions that hold there."""
    return Function("argmin", real=True)(quantity, *by, *conditions)


def _renamed(law: Any) -> Any:
    """A law with the names p and q exchanged."""
    if not is_dataclass(law):
        return exchange_roles(law)
    return replace(law, **{field.name: exchange_roles(getattr(law, field.name)) for field in fields(law)})
