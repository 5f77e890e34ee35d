"""Probability laws on the real line: a density, and expectations of polynomials in closed form."""

from dataclasses import dataclass

from sympy import Expr, Integral, Poly, PolynomialError, Rational, Symbol, expand, factorial2, log, oo, sqrt

from kl_engine.symbolic.proof.check import Instance, Refused
from kl_engine.symbolic.proof.notation import (
    entropy_p,
    expectation,
    gaussian_density,
    gaussian_log_density,
    mean_p,
    p_of_x,
    std_p,
    x,
)


@dataclass(frozen=True)
class Gaussian:
    """N(mean, std). E z^n = (n-1)!! for even n and 0 for odd n, with z = (x - mean)/std."""

    mean: Expr
    std: Expr

    def density(self, at: Expr = x) -> Expr:
        return gaussian_density(self.mean, self.std, at)

    def log_density(self, at: Expr = x) -> Expr:
        return gaussian_log_density(self.mean, self.std, at)

    def expect(self, body: Expr, variable: Symbol = x) -> Expr:
        return standard_moments(body.xreplace({variable: self.mean + self.std * variable}), variable)


@dataclass(frozen=True)
class AnyLaw:
    """Any density with finite variance: E x = mean and E (x - mean)^2 = std^2, and nothing more is known."""

    mean: Expr
    std: Expr

    def expect(self, body: Expr, variable: Symbol = x) -> Expr:
        powers = coefficients(body.xreplace({variable: self.mean + self.std * variable}), variable)
        if max(powers) > 2:
            raise Refused("only the first two moments of p are known")
        return powers.get(0, 0) + powers.get(2, 0)


def standard_moments(body: Expr, variable: Symbol) -> Expr:
    """E body for a standard normal variable."""
    return sum(c * factorial2(n - 1) for n, c in coefficients(body, variable).items() if n % 2 == 0)


def coefficients(body: Expr, variable: Symbol) -> dict[int, Expr]:
    """Power -> coefficient of a polynomial."""
    try:
        terms = Poly(expand(body), variable).terms()
    except PolynomialError as error:
        raise Refused("the expectation is not one of a polynomial") from error
    return {power: coefficient for (power,), coefficient in terms}


TARGET = Rational(2, 5) * gaussian_density(Rational(-4, 5), Rational(7, 10)) + Rational(3, 5) * gaussian_density(
    Rational(9, 10), Rational(11, 10)
)

# What "any p" is tried on. Its moments come by quadrature, not by the formulas for mixtures.
_mean = expectation(p_of_x, x)
ANY_TARGET = Instance(
    "p = 0.4 N(-0.8, 0.7) + 0.6 N(0.9, 1.1), its expectations by quadrature",
    replace=((p_of_x, TARGET),),
    facts=(
        (mean_p, _mean),
        (std_p, sqrt(expectation(p_of_x, x**2) - _mean**2)),
        (entropy_p, -Integral(p_of_x * log(p_of_x), (x, -oo, oo))),
    ),
)
