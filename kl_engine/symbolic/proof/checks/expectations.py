"""Checks of expectations: from a definition to moments. Their numbers are quadratures of the integrals as defined."""

from dataclasses import dataclass

from sympy import Expr, Integral, Mul, Poly, S, Symbol, exp, expand, expand_log, factor, log, oo, pi, powsimp, sqrt
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair, SameQuantity, require, substitute
from kl_engine.symbolic.proof.laws import AnyLaw, Gaussian
from kl_engine.symbolic.proof.notation import expectation, x, z
from kl_engine.symbolic.proof.quantities import DivergenceCheck, Model, mean_value
from kl_engine.symbolic.proof.sampling import Point


@dataclass(frozen=True, kw_only=True)
class Definition(DivergenceCheck):
    """D(a||b) = int a(x) (log a(x) - log b(x)) dx, for densities a and b: each integrates to 1."""

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        a, b = (substitute(density, self.where) for density in (self.first, self.second))
        return [(after.rhs, Integral(a * log(a), (x, -oo, oo)) - Integral(a * log(b), (x, -oo, oo)))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list:
        masses = [Integral(substitute(d, self.where), (x, -oo, oo)) for d in (self.first, self.second)]
        one = [(self.number(mass, point), 1) for mass in masses]
        return one + super().numbers(before, after, point)

    @property
    def words(self) -> str:
        return "The integrand is compared with a (log a - log b), and each density is integrated to 1 by quadrature."


@dataclass(frozen=True, kw_only=True)
class FreeEnergy(Check):
    """F = int q(z) (log q(z) - log prior(z) - log likelihood(x|z)) dz, for a belief q that integrates to 1."""

    starts = True

    model: Model

    def left(self, before: Relational | None) -> Expr:
        return self.model.free_energy

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        belief, prior, likelihood = self._densities()
        return [(after.rhs, Integral(belief * (log(belief) - log(prior) - log(likelihood)), (z, -oo, oo)))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list:
        belief, prior, _ = self._densities()
        masses = [(self.number(Integral(density, (z, -oo, oo)), point), 1) for density in (belief, prior)]
        return masses + super().numbers(before, after, point)

    def _densities(self) -> tuple[Expr, ...]:
        return tuple(substitute(d, self.where) for d in (self.model.belief, self.model.prior, self.model.likelihood))

    @property
    def words(self) -> str:
        return "The integrand is compared with q (log q - log prior - log likelihood); q and the prior integrate to 1."


@dataclass(frozen=True, kw_only=True)
class Average(Check):
    """E f = int q(x) f(x) dx is an average under q: that of 1 is 1, of x the mean, of (x - mean)^2 the variance."""

    starts = True

    of: Expr
    law: Gaussian

    def left(self, before: Relational | None) -> Expr:
        return mean_value(self.of, (self.law.mean, self.law.std))

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        stated = expectation(self.law.density(), self.of)
        require(after.rhs == stated, "it is not the integral of the density of q times the function")
        tried = (S.One, x, (x - self.law.mean) ** 2)
        averages = [gaussian_integral(stated.xreplace({self.of: body})) for body in tried]
        return list(zip(averages, (S.One, self.law.mean, self.law.std**2), strict=True))

    @property
    def words(self) -> str:
        return "With f = 1, x and (x - mean)^2 the integral gives 1, the mean and the variance of q."


@dataclass(frozen=True, kw_only=True)
class GaussianDivergence(DivergenceCheck):
    """D(a||b) = E_a[log a - log b] for Gaussian a and b, by the moments of a: an earlier result, proved again."""

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        return [(after.rhs, self.first.expect(self._log_ratio()))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list:
        integral = expectation(self.first.density(), self._log_ratio())
        return [(self.number(after.rhs, point), self.number(integral, point))]

    def _log_ratio(self) -> Expr:
        return self.first.log_density() - self.second.log_density()

    @property
    def words(self) -> str:
        return "The closed form is computed again from the definition: by moments, and by quadrature."


@dataclass(frozen=True, kw_only=True)
class Moments(SameQuantity):
    """Expectation is linear: a polynomial's is the sum of its coefficients times the moments of the law."""

    density: Expr
    law: Gaussian | AnyLaw
    variable: Symbol = x

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(before.rhs.has(Integral), "there is no expectation to take")
        kept = after.rhs.atoms(Integral) & before.rhs.atoms(Integral)
        require(kept != before.rhs.atoms(Integral), "no expectation is taken")
        return [(self._taken(after.rhs, kept), self._taken(before.rhs, kept))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list:
        explicit = ((self.density, self.law.density(self.variable)),) if isinstance(self.law, Gaussian) else ()
        return [tuple(self.number(substitute(side, explicit), point) for side in (after.rhs, before.rhs))]

    def _taken(self, expression: Expr, kept: set[Integral]) -> Expr:
        """The expression with its expectations written out, but for those that both sides keep for a later step."""
        integrals = expression.atoms(Integral) - kept
        over_the_line = all(integral.limits[0] == (self.variable, -oo, oo) for integral in integrals)
        require(over_the_line, "an expectation is an integral over the whole line")
        density = substitute(self.density, self.where)
        bodies = {i: expand_log(i.function / density) for i in integrals}
        return expression.xreplace({i: self.law.expect(body, self.variable) for i, body in bodies.items()})

    @property
    def words(self) -> str:
        return "Each expectation is taken again from the moments of the law, and by quadrature."


@dataclass(frozen=True, kw_only=True)
class LinearMean(SameQuantity):
    """E[a S + b T + c] = a E S + b E T + c under a density, which integrates to 1: the constant is its own mean."""

    density: Expr

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        outside = after.rhs.xreplace(dict.fromkeys(after.rhs.atoms(Integral), S.Zero))
        as_mean = Integral(substitute(self.density, self.where) * outside, (x, -oo, oo))
        return [(after.rhs - outside + as_mean, before.rhs)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list:
        return [(self.number(after.rhs, point), self.number(before.rhs, point))]

    @property
    def words(self) -> str:
        return "The earlier expectation is compared with this one, its constant as the mean of a constant."


@dataclass(frozen=True, kw_only=True)
class Normaliser(Check):
    """A = log int exp(eta . T) dx: the density exp(eta . T - A) integrates to 1. Tried on the Gaussian family."""

    starts = True

    partition: Expr
    exponent: Expr

    def left(self, before: Relational | None) -> Expr:
        return self.partition

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        stated = log(Integral(exp(self.exponent), (x, -oo, oo)))
        require(after.rhs == substitute(stated, self.where), "it is not the logarithm of what normalises the density")
        return [(after.lhs, after.rhs.xreplace({i: gaussian_integral(i) for i in after.rhs.atoms(Integral)}))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list:
        return [(self.number(after.lhs, point), self.number(after.rhs, point))]

    @property
    def words(self) -> str:
        return "For the Gaussian family the integral is taken, by completing the square and by quadrature."


@dataclass(frozen=True, kw_only=True)
class MeanStatistic(Check):
    """E_p[T] = (int T exp(eta . T) dx) / (int exp(eta . T) dx), for the density exp(eta . T - A) with the A above."""

    density: Expr
    statistic: Expr
    normaliser: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.normaliser,)

    def left(self, before: Relational) -> Expr:
        return expectation(self.density, self.statistic)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        mass, positive = exp(self.normaliser.rhs), Symbol("mass", positive=True)
        density = substitute(self.density, self.where).xreplace({self.normaliser.lhs: log(positive)})
        require(after.rhs == before.lhs, "it is not the quantity of the earlier step")
        return [(expectation(density, self.statistic), before.rhs.xreplace({mass: positive}))]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list:
        return [(self.number(side, point), self.number(before.rhs, point)) for side in (after.lhs, after.rhs)]

    @property
    def words(self) -> str:
        return "The density is put in, with its log-partition, and compared with the earlier quotient of integrals."


@dataclass(frozen=True, kw_only=True)
class GaussianIntegrals(Check):
    """int c(x) exp(-a x^2 + b x + k) dx = sqrt(pi/a) exp(b^2/4a + k) E c, with E under N(b/2a, 1/sqrt(2a))."""

    starts = True

    def left(self, before: Relational | None) -> Expr | None:
        return None if before is None else before.lhs

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        source = self._source(before, after)
        require(source.has(Integral), "there is no integral to take")
        return [(after.rhs, source.xreplace({i: gaussian_integral(i) for i in source.atoms(Integral)}))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list:
        return [(self.number(after.rhs, point), self.number(self._source(before, after), point))]

    @staticmethod
    def _source(before: Relational | None, after: Relational) -> Expr:
        """The integrals to take: those of the earlier step, or of the step's own left side if it starts afresh."""
        return after.lhs if before is None else before.rhs

    @property
    def words(self) -> str:
        return "The square in each exponent is completed again, and each integral is taken by quadrature."


def gaussian_integral(integral: Integral) -> Expr:
    """The integral over the real line of a polynomial times the exponential of a parabola."""
    ((variable, low, high),) = integral.limits
    factors = powsimp(integral.function).as_ordered_factors()
    exponentials = [f for f in factors if isinstance(f, exp) and f.has(variable)]
    require((low, high) == (-oo, oo) and bool(exponentials), "it is no Gaussian integral")
    parabola = Poly(expand(sum(f.exp for f in exponentials)), variable)
    c, b, a = (parabola.coeff_monomial(variable**k) for k in (0, 1, 2))
    a = factor(-a)
    require(parabola.degree() == 2 and a.is_positive is True, "the exponent is no parabola that opens downwards")
    body = Mul(*(f for f in factors if f not in exponentials))
    return sqrt(pi / a) * exp(b**2 / (4 * a) + c) * Gaussian(b / (2 * a), 1 / sqrt(2 * a)).expect(body, variable)
