"""Probability laws on the real line: a density, and expectations of polynomials in closed form."""

from dataclasses import dataclass

from sympy import Expr, Integral, Poly, PolynomialError, Rational, Symbol, expand, factorial2, log, oo, sqrt

from kl_engine.symbolic.proof.notation import Pair, expectation, gaussian_density, gaussian_log_density, x
from kl_engine.symbolic.proof.work import Refused, require_expandable, shortened


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
    """Any density with finite variance: E x = mean and E (x - mean)^2 = std^2, and nothing more is known.

    entropy: the symbol of -E log p, where the derivation uses it.
    """

    mean: Symbol
    std: Symbol
    entropy: Symbol | None = None

    def expect(self, body: Expr, variable: Symbol = x) -> Expr:
        powers = coefficients(body.xreplace({variable: self.mean + self.std * variable}), variable)
        if max(powers) > 2:
            raise Refused("only the first two moments of p are known")
        return powers.get(0, 0) + powers.get(2, 0)

    def facts(self, density: Expr) -> tuple[Pair, ...]:
        """Each symbol of the law, and the integral that gives its value for a particular density."""
        variable = density.args[0]
        mean = expectation(density, variable, variable)
        entropy = -Integral(density * log(density), (variable, -oo, oo))
        spread = sqrt(expectation(density, variable**2, variable) - mean**2)
        facts = ((self.mean, mean), (self.std, spread), (self.entropy, entropy))
        return tuple((symbol, fact) for symbol, fact in facts if symbol is not None)


def standard_moments(body: Expr, variable: Symbol) -> Expr:
    """E body for a standard normal variable."""
    return sum(c * factorial2(n - 1) for n, c in coefficients(body, variable).items() if n % 2 == 0)


def coefficients(body: Expr, variable: Symbol) -> dict[int, Expr]:
    """Power -> coefficient of a polynomial."""
    short, constants = shortened(body, {variable})
    require_expandable(short)
    try:
        terms = Poly(expand(short), variable).terms()
    except PolynomialError as error:
        raise Refused("the expectation is not one of a polynomial") from error
    return {power: coefficient.xreplace(constants) for (power,), coefficient in terms}


TARGET = Rational(2, 5) * gaussian_density(Rational(-4, 5), Rational(7, 10)) + Rational(3, 5) * gaussian_density(
    Rational(9, 10), Rational(11, 10)
)
