"""Checks of sums and integrals that normalise a density: their values, and the means that follow by differentiating."""

from dataclasses import dataclass

import mpmath
from mpmath import mpf
from sympy import Expr, Integral, Matrix, Mul, S, Sum, Symbol, diff, exp, gamma, limit, oo

from kl_engine.symbolic.proof.check import Case, Check, Pair, require, require_free
from kl_engine.symbolic.proof.checks.calculus import central_difference
from kl_engine.symbolic.proof.checks.interchange import require_under_the_sign
from kl_engine.symbolic.proof.regularity import require_defined, require_smooth_in
from kl_engine.symbolic.proof.sampling import Point, is_sampled
from kl_engine.symbolic.proof.work import require_small

_MOST_OPERATIONS = 60  # of an integrand that is handed to SymPy


@dataclass(frozen=True, kw_only=True)
class Taken(Check):
    """An integral or a sum as SymPy takes it: its own `integrate` or `summation`, compared with this closed form."""

    law = "integrate, summation"
    starts = True

    def left(self, case: Case) -> Expr:
        require(isinstance(case.after.lhs, (Integral, Sum)), "the left side is no integral or sum")
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        asked = case.setting.known(case.setting.full(case.after.lhs))
        for variable in asked.bound_symbols:
            require_smooth_in(asked.function, variable)
        require_small(asked, _MOST_OPERATIONS)
        taken = asked.doit()
        require(not taken.has(Integral, Sum), "SymPy finds no closed form of it")
        return [(case.setting.known(case.setting.full(case.after.rhs)), taken)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), number(case.after.lhs, point))]

    @property
    def words(self) -> str:
        return "SymPy computes it again; numerically, it is summed or integrated by quadrature."


@dataclass(frozen=True, kw_only=True)
class Telescope(Check):
    """sum_k f(k) over k = 0, 1, ... is g(0) if f(k) = g(k) - g(k+1) and g(k) tends to 0. g is stated."""

    law = "telescoping sum"
    starts = True

    primitive: Expr

    def left(self, case: Case) -> Expr:
        require(isinstance(case.after.lhs, Sum), "the left side is no sum")
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        ((k, low, high),) = case.after.lhs.limits
        require((low, high) == (0, oo), "it is no sum over 0, 1, ...")
        shown = case.setting.known(self.primitive)
        require_small(shown)
        require(limit(shown, k, oo) == 0, "the stated function is not known to vanish")
        return [
            (case.after.lhs.function, self.primitive - self.primitive.subs(k, k + 1)),
            (case.after.rhs, self.primitive.subs(k, 0)),
        ]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), number(case.after.lhs, point))]

    @property
    def words(self) -> str:
        return "Each term is a difference of two neighbours of a stated sequence, which tends to 0."


@dataclass(frozen=True, kw_only=True)
class PolarGamma(Check):
    """The integral of u_1^(a_1 - 1) ... u_m^(a_m - 1) over shares that sum to 1 is Gamma(a_1) ... / Gamma(a_1 + ...).

    For Gamma(a_1) ... Gamma(a_m) is the integral of t_1^(a_1 - 1) ... exp(-t_1 - ...) over positive t; with t_i = r u_i
    and their sum r it is that of r^(a_1 + ... - 1) exp(-r), times this one. The volume element is computed.
    """

    law = "polar form of gammas"
    starts = True

    shares: tuple[Expr, ...]
    shapes: tuple[Expr, ...]

    def left(self, case: Case) -> Expr:
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        integral = case.after.lhs
        require(isinstance(integral, Integral), "the left side is no integral")
        require(all(shape.is_positive for shape in self.shapes), "a shape is not known to be positive")
        free = self._require_all_shares(integral)
        r, total = Symbol("r", positive=True), sum(self.shapes)
        points = Matrix([r * share for share in self.shares])
        volume = points.jacobian(Matrix([r, *free])).det()
        product = exp(-r) * Mul(*(p ** (a - 1) for p, a in zip(points, self.shapes, strict=True)))
        radius = r ** (total - 1) * exp(-r)
        sign = 1 if volume.subs(dict.fromkeys(free, 1)).subs(r, 1) > 0 else -1
        density = Mul(*(u ** (a - 1) for u, a in zip(self.shares, self.shapes, strict=True)))
        positive = {share: Symbol(f"share_{k}", positive=True) for k, share in enumerate(self.shares)}
        return [
            (sum(self.shares), S.One),
            (sign * volume.expand(), r ** len(free)),
            ((product * sign * volume.expand()).xreplace(positive), (radius * density).xreplace(positive)),
            (integral.function, density),
            (case.after.rhs, Mul(*map(gamma, self.shapes)) / gamma(total)),
        ]

    def _require_all_shares(self, integral: Integral) -> list[Symbol]:
        """The integral goes over all shares: the innermost from 0 to what the others leave."""
        free = [limits[0] for limits in reversed(integral.limits)]
        for k, (variable, low, high) in enumerate(reversed(integral.limits)):
            require(low == 0 and high == 1 - sum(free[:k]), f"{variable} does not go over all shares")
        require(self.shares == (*free, 1 - sum(free)), "the shares are not those of the integral")
        return free

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        """As a product of integrals on the line: the first share, then the next of what is left, and so on."""
        number, product = case.setting.number, mpf(1)
        shapes = [number(shape, point) for shape in self.shapes]
        for k, shape in enumerate(shapes[:-1]):
            rest = mpmath.fsum(shapes[k + 1 :])
            product *= mpmath.quad(lambda u, a=shape, b=rest: u ** (a - 1) * (1 - u) ** (b - 1), [0, mpf(1) / 2, 1])
        return [(number(case.after.rhs, point), product)]

    @property
    def words(self) -> str:
        return "The product of gamma integrals is put in polar form, its volume element computed, and compared."


@dataclass(frozen=True, kw_only=True)
class UnderTheSign(Check):
    """If int f dx = Z for every s then int c df/ds dx = c dZ/ds: a sum or integral is differentiated under its sign."""

    law = "differentiation under the sign"

    by: Symbol
    times: Expr

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        before, after = case.before, case.after
        require_free(case, self.by)
        require(isinstance(before.lhs, (Integral, Sum)), "the earlier left side is no integral or sum")
        require_under_the_sign(before.lhs, self.by, case.setting)
        require(not self.times.has(*(limits[0] for limits in before.lhs.limits)), "the factor is no constant")
        under = before.lhs.func(self.times * diff(before.lhs.function, self.by), *before.lhs.limits)
        return [(after.lhs, under), (after.rhs, self.times * diff(before.rhs, self.by))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, times = case.setting.number, case.setting.number(self.times, point)
        slope = times * central_difference(number, case.before.rhs, self.by, point)
        found = [(number(case.after.rhs, point), slope)]
        if not is_sampled(case.after.lhs):
            found.append((number(case.after.lhs, point), slope))
        return found

    @property
    def words(self) -> str:
        return f"Both sides are differentiated again with respect to {self.by}, times {self.times}."


@dataclass(frozen=True, kw_only=True)
class Multiply(Check):
    """If A = B then c A = c B."""

    law = "multiplication"

    times: Expr

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        before, after = case.before, case.after
        require_defined(self.times, case.setting)
        return [(after.lhs, self.times * before.lhs), (after.rhs, self.times * before.rhs)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        found = super().numbers(case, point)
        if not is_sampled(case.after.lhs):
            found.append((number(case.after.lhs, point), number(case.after.rhs, point)))
        return found

    @property
    def words(self) -> str:
        return f"Both sides of the earlier equation, times {self.times}, are compared with those of this one."
