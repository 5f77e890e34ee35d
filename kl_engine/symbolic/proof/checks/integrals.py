"""Checks by integral calculus: by parts, by antiderivatives, by completing the square, by another variable."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache

from mpmath import mpf
from sympy import (
    Derivative,
    Expr,
    Integral,
    Mul,
    Poly,
    Symbol,
    diff,
    exp,
    expand,
    factor,
    limit,
    oo,
    pi,
    powsimp,
    sqrt,
)

from kl_engine.symbolic.proof.check import Case, Check, Pair, SameQuantity, require, require_free
from kl_engine.symbolic.proof.checks.calculus import central_difference, slope
from kl_engine.symbolic.proof.checks.interchange import is_gaussian, is_of_gaussians
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import Normal, x
from kl_engine.symbolic.proof.regularity import require_defined, require_smooth_in
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.work import require_small, shortened


@dataclass(frozen=True, kw_only=True)
class ByParts(Check):
    """int (f - g) dx = 0 if f - g is the derivative of a function that vanishes at both ends.

    by: the earlier integral is differentiated by this symbol first, under the integral sign. boundary: that function,
    stated; differentiating it back is the proof, so no constant of integration enters. It vanishes if every term is a
    Gaussian density (or a derivative of one) times something that grows more slowly than it falls.
    """

    law = "integration by parts"

    boundary: Expr
    by: Symbol | None = None

    def left(self, case: Case) -> Expr:
        return Derivative(case.before.lhs, self.by) if self.by else case.before.lhs

    def pairs(self, case: Case) -> list[Pair]:
        setting, old = case.setting, case.before.rhs
        if self.by:
            require_free(case, self.by)
            require(self.by in setting.full(case.before.lhs).free_symbols, f"it is of no {self.by}")
            old = slope(old, self.by, setting)
        ranges = {i.limits for i in case.before.rhs.atoms(Integral)}
        require(ranges == {((x, -oo, oo),)}, "it is not about integrals over the whole line")
        boundary = self.stated_boundary(case)
        require_vanishing(boundary, setting)
        return [(case.after.rhs, old - Integral(slope(boundary, x, setting), (x, -oo, oo)))]

    def stated_boundary(self, case: Case) -> Expr:
        """The function whose derivative is the difference of the integrands."""
        return self.boundary

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, before = case.setting.number, case.before.rhs
        old = central_difference(number, before, self.by, point) if self.by else number(before, point)
        return [(number(case.after.rhs, point), old)]  # the boundary term left out: it must be 0

    @property
    def words(self) -> str:
        under = f"differentiated with respect to {self.by} under the integral sign " if self.by else ""
        return f"The earlier integrand {under}differs from this one by the derivative of a stated boundary term."


@dataclass(frozen=True, kw_only=True)
class _Gradient(ByParts):
    """What Bonnet and Price share: of an average under a Gaussian q, its one integral, the boundary follows."""

    boundary: Expr | None = None

    def stated_boundary(self, case: Case) -> Expr:
        setting, total = case.setting, 0
        for integral in case.before.rhs.atoms(Integral):
            density = next((f for f in Mul.make_args(integral.function) if is_gaussian(f, setting)), None)
            require(density is not None, "it is no average under a Gaussian")
            weight = case.before.rhs.coeff(integral)
            require(case.before.rhs.has(integral) and weight != 0, "it is no sum of averages")
            total += weight * self.of_one(density, integral.function / density, setting.law_of(density))
        return total

    @abstractmethod
    def of_one(self, density: Expr, body: Expr, law: Gaussian) -> Expr:
        """The boundary term of one average."""


@dataclass(frozen=True, kw_only=True)
class Bonnet(_Gradient):
    """d/dmu E_q[f] = E_q[f'] for a Gaussian q of mean mu: moving its mean is moving x the other way."""

    law = "Bonnet"

    def of_one(self, density: Expr, body: Expr, law: Gaussian) -> Expr:
        require(law.mean == self.by, f"{self.by} is not the mean of the Gaussian")
        return -density * body

    @property
    def words(self) -> str:
        return f"{super().words} That term is -q f, which follows from the law."


@dataclass(frozen=True, kw_only=True)
class Price(_Gradient):
    """d/dsigma E_q[f] = sigma E_q[f''] for a Gaussian q of standard deviation sigma: it spreads as heat does."""

    law = "Price"

    def of_one(self, density: Expr, body: Expr, law: Gaussian) -> Expr:
        require(law.std == self.by, f"{self.by} is not the standard deviation of the Gaussian")
        return self.by * (Derivative(density, x) * body - density * Derivative(body, x))

    @property
    def words(self) -> str:
        return f"{super().words} That term is sigma (q' f - q f'), which follows from the law."


def require_vanishing(boundary: Expr, setting: Setting) -> None:
    """Refused unless the boundary term is known to vanish at both ends of the line."""
    require(is_of_gaussians(boundary, setting), "the boundary term is not known to vanish at both ends")


@dataclass(frozen=True, kw_only=True)
class Antiderivatives(SameQuantity):
    """int_a^b f dx = F(b) - F(a) if F' = f: one F for each integral, in the order of writing."""

    law = "fundamental theorem of calculus"

    functions: tuple[tuple[Integral, Expr], ...]

    def pairs(self, case: Case) -> list[Pair]:
        before = case.before.rhs
        require({i for i, _ in self.functions} == before.atoms(Integral), "an integral has no antiderivative")
        values, back = {}, []
        for integral, antiderivative in self.functions:
            ((variable, low, high),) = integral.limits
            require_smooth_in(antiderivative, variable)
            for part in (integral.function, antiderivative):
                require_defined(part, case.setting)  # a pole between the ends is what F(b) - F(a) does not see
            back.append((diff(antiderivative, variable), integral.function))
            values[integral] = _at(antiderivative, variable, high) - _at(antiderivative, variable, low)
        return [*back, (case.after.rhs, before.xreplace(values))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), number(case.before.rhs, point))]

    @property
    def words(self) -> str:
        return "Each antiderivative is differentiated back to its integrand, and evaluated at both ends."


def _at(expression: Expr, variable: Symbol, end: Expr) -> Expr:
    require_small(expression)
    return limit(expression, variable, end) if end.is_infinite else expression.subs(variable, end)


@dataclass(frozen=True, kw_only=True)
class ChangeOfVariable(SameQuantity):
    """int f(v) dv over the line = int f(c u) c du for c > 0: the same integral in another variable."""

    law = "change of variable"

    new: Symbol
    scale: Expr

    def pairs(self, case: Case) -> list[Pair]:
        before = case.before.rhs
        require(case.setting.known(self.scale).is_positive is True, "the sign of the scale is not known")
        require(not before.has(self.new) and not self.scale.has(self.new), "the new variable occurs already")
        moved = {i: self._moved(i) for i in before.atoms(Integral)}
        require(bool(moved), "there is no integral")
        return [(case.after.rhs, before.xreplace(moved))]

    def _moved(self, integral: Integral) -> Integral:
        ((variable, low, high),) = integral.limits
        require((low, high) == (-oo, oo) and not self.scale.has(variable), "it is no integral over the whole line")
        body = integral.function.xreplace({n: n.explicit for n in integral.function.atoms(Normal)})
        return Integral(body.xreplace({variable: self.scale * self.new}) * self.scale, (self.new, -oo, oo))

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), number(case.before.rhs, point))]

    @property
    def words(self) -> str:
        return f"The integrand at {self.scale} times the new variable, times that scale, is compared with this one."


@dataclass(frozen=True, kw_only=True)
class GaussianIntegrals(Check):
    """int c(x) exp(-a x^2 + b x + k) dx = sqrt(pi/a) exp(b^2/4a + k) E c, with E under N(b/2a, 1/sqrt(2a))."""

    law = "Gaussian integral"
    starts = True

    def left(self, case: Case) -> Expr | None:
        return None if case.before is None else case.before.lhs

    def pairs(self, case: Case) -> list[Pair]:
        source = self._source(case)
        require(source.has(Integral), "there is no integral to take")
        shown = case.setting.known(case.setting.full(source))
        taken = shown.xreplace({i: gaussian_integral(i) for i in shown.atoms(Integral)})
        return [(case.setting.known(case.setting.full(case.after.rhs)), taken)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), number(self._source(case), point))]

    @staticmethod
    def _source(case: Case) -> Expr:
        """The integrals to take: those of the earlier step, or of the step's own left side if it starts afresh."""
        return case.after.lhs if case.before is None else case.before.rhs

    @property
    def words(self) -> str:
        return "The square in each exponent is completed again, and each integral is computed by quadrature."


@lru_cache(maxsize=256)
def gaussian_integral(integral: Integral) -> Expr:
    """The integral over the real line of a polynomial times the exponential of a parabola."""
    ((variable, low, high),) = integral.limits
    factors = powsimp(integral.function).as_ordered_factors()
    exponentials = [f for f in factors if isinstance(f, exp) and f.has(variable)]
    require((low, high) == (-oo, oo) and bool(exponentials), "it is no Gaussian integral")
    short, constants = shortened(sum(f.exp for f in exponentials), {variable})
    parabola = Poly(expand(short), variable)
    c, b, a = (parabola.coeff_monomial(variable**k).xreplace(constants) for k in (0, 1, 2))
    a = factor(-a)
    require(parabola.degree() == 2 and a.is_positive is True, "the exponent is no parabola that opens downwards")
    body = Mul(*(f for f in factors if f not in exponentials))
    return sqrt(pi / a) * exp(b**2 / (4 * a) + c) * Gaussian(b / (2 * a), 1 / sqrt(2 * a)).expect(body, variable)
