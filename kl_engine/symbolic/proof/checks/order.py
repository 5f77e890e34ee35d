"""Checks of inequalities. Where a sign is claimed, SymPy must know it; an average is of what is nowhere negative."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import (
    Add,
    Derivative,
    Eq,
    Expr,
    Function,
    Integral,
    Lambda,
    Limit,
    Mul,
    S,
    Sum,
    Symbol,
    diff,
    factor,
    log,
    oo,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality, GreaterThan, LessThan, Relational, StrictGreaterThan, StrictLessThan

from kl_engine.symbolic.proof.check import Case, Check, Pair, require, require_free
from kl_engine.symbolic.proof.notation import Normal, expectation, t, x
from kl_engine.symbolic.proof.quantities import bound_symbols, least
from kl_engine.symbolic.proof.regularity import above_the_end, require_smooth
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.zero import are_equal

GAP = Function("gap", real=True)


@dataclass(frozen=True, kw_only=True)
class Positive(Check):
    """If A = B and B is a sum or product of positive terms (stated as `form`), or the integral of one over the line,
    then A > 0; and if -B is, then A < 0."""

    law = "sign"
    relation = (StrictGreaterThan, StrictLessThan)

    form: Expr

    def left(self, case: Case) -> Expr:
        return case.before.lhs

    def pairs(self, case: Case) -> list[Pair]:
        require(case.after.rhs == 0, "it claims no sign")
        part = self.form.function if isinstance(self.form, Integral) else self.form
        require(case.setting.known(part).is_positive is True, "the sign of the stated form is not known")
        whole_line = not isinstance(self.form, Integral) or self.form.limits[0][1:] == (-oo, oo)
        require(whole_line, "the integral is none over the whole line")
        return [(self._signed(case), self.form)]

    @staticmethod
    def _signed(case: Case) -> Expr:
        """What the step says to be positive."""
        return case.before.rhs if isinstance(case.after.relation, StrictGreaterThan) else -case.before.rhs

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        value = case.setting.number(self._signed(case), point)
        require(value > 0, "it has not that sign at a random point")
        return [(value, case.setting.number(self.form, point))]

    @property
    def words(self) -> str:
        return f"The earlier right side is compared with {self.form}, every part of which is positive."


@dataclass(frozen=True, kw_only=True)
class Bound(Check):
    """If A = B and B - C >= 0 (stated as `form`) then A >= C; if C - B >= 0 then A <= C.

    form: a sum of parts that are not negative, or the integral of one.
    """

    law = "bound"
    relation = (GreaterThan, LessThan)

    form: Expr

    def left(self, case: Case) -> Expr:
        return case.before.lhs

    def pairs(self, case: Case) -> list[Pair]:
        part = self.form.function if isinstance(self.form, Integral) else self.form
        require(case.setting.known(part).is_nonnegative is True, "the sign of the stated form is not known")
        require(_goes_up(self.form, case.setting), "the integral does not go from a lower end to a higher one")
        gap = case.before.rhs - case.after.rhs
        return [(gap if isinstance(case.after.relation, GreaterThan) else -gap, self.form)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        require(all(case.setting.number(form, point) >= 0 for _, form in self.pairs(case)), "the bound fails")
        return super().numbers(case, point)

    @property
    def words(self) -> str:
        return f"What lies between the quantity and its bound is compared with {self.form}, which is nowhere negative."


def _goes_up(form: Expr, setting: Setting) -> bool:
    if not isinstance(form, Integral):
        return True
    ((_, low, high),) = form.limits
    return (low, high) == (-oo, oo) or setting.known(high - low).is_nonnegative is True


@dataclass(frozen=True, kw_only=True)
class LeastValue(Check):
    """f(s) >= 0 for all s (or all s > 0) if f(s0) = 0, f'(s0) = 0 and f is convex (f'' >= 0, stated as `curvature`).

    s is a symbol of that range, the positive numbers or the whole line.
    """

    law = "convexity"
    starts = True
    relation = GreaterThan

    by: Symbol
    at: Expr
    curvature: Expr

    @property
    def facts(self) -> tuple[Relational, ...]:
        return (Eq(self.by, self.at, evaluate=False),)

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        require(_reaches(self.by, self.at), "the place is not in the range of the symbol")
        require(self.curvature.is_nonnegative is True, "the sign of the curvature is not known")
        gap = case.after.lhs - case.after.rhs
        require_smooth(gap)
        here = {self.by: self.at}
        return [
            (gap.subs(here), S.Zero),
            (diff(gap, self.by).subs(here), S.Zero),
            (diff(gap, self.by, 2), self.curvature),
        ]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        for value in (mpf(1) / 1000, point[self.by], mpf(9)):
            there = point | {self.by: value}
            require(case.setting.number(case.after.lhs - case.after.rhs, there) >= 0, "it fails at a sampled point")
        return super().numbers(case, point)

    @property
    def words(self) -> str:
        return f"The gap and its slope are 0 at {self.by} = {self.at}, and its second derivative is nowhere negative."


_POSITIVE, _REAL = (Symbol("s", **{kind: True}).assumptions0 for kind in ("positive", "real"))


def _reaches(symbol: Symbol, value: Expr) -> bool:
    """Whether the symbol, any positive or any real one and nothing narrower, may have the value."""
    if symbol.assumptions0 == _POSITIVE:
        return value.is_positive is True
    return symbol.assumptions0 == _REAL and value.is_real is True


@dataclass(frozen=True, kw_only=True)
class Monotone(Check):
    """exp rises: if f >= 0 then e^A - e^B >= 0 wherever A - B = k f with k > 0 (stated as `times`)."""

    law = "monotonicity of exp"
    premise = GreaterThan
    relation = GreaterThan

    times: Expr

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        before, after = case.before, case.after
        require(self.times.is_positive is True, "the sign of the factor is not known")
        terms = Add.make_args(after.lhs)
        require(after.rhs == 0 and len(terms) == 2, "it is no difference of two exponentials")
        higher = next((term for term in terms if term.is_positive), None)
        require(higher is not None, "it is no difference of two positive terms")
        lower = -(after.lhs - higher)
        require(lower.is_positive is True, "it is no difference of two positive terms")
        return [(log(higher) - log(lower), self.times * (before.lhs - before.rhs))]

    @property
    def words(self) -> str:
        return f"The logarithms of the two terms differ by {self.times} times the earlier gap."


@dataclass(frozen=True, kw_only=True)
class NeverFalls(Check):
    """f(s) >= 0 for all s > 0 if f(0) = 0 and f' >= 0 (stated as `slope`)."""

    law = "monotonicity"
    starts = True
    relation = GreaterThan

    by: Symbol
    slope: Expr

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        require(self.by.assumptions0 == _POSITIVE, "the range is not that of the positive numbers")
        require(case.setting.known(self.slope).is_nonnegative is True, "the sign of the slope is not known")
        gap = case.after.lhs - case.after.rhs
        require_smooth(gap)
        return [(gap.subs(self.by, 0), S.Zero), (diff(gap, self.by), self.slope)]

    @property
    def words(self) -> str:
        return f"The gap is 0 at {self.by} = 0, and its slope is {self.slope}, which is nowhere negative."


@dataclass(frozen=True, kw_only=True)
class Symmetric(Check):
    """If p(-x) = p(x) for all x then the slope of log p is odd, and its average under a centred Gaussian is 0.

    That p is even becomes a hypothesis.
    """

    law = "symmetry"
    starts = True

    density: Normal
    even: Expr

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        return frozenset({is_even(self.even)})

    def left(self, case: Case) -> Expr:
        return expectation(self.density, self._slope)

    @property
    def _slope(self) -> Expr:
        return Derivative(log(self.even), x)

    def pairs(self, case: Case) -> list[Pair]:
        require(self.density.args[:2] == (x, S.Zero) and not self.density.args[2].has(x), "it is not centred at 0")
        require(isinstance(self.even, AppliedUndef) and self.even.args == (x,), "it is no function of x alone")
        body = case.after.lhs.function.xreplace({self._slope: x * Function("k", real=True)(x**2)})
        return [(body.xreplace({x: -x}), case.after.rhs - body)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        """For the even part of the density that is tried, which is an even density."""
        tried = case.setting.concrete(self.even)
        even_part = (tried + tried.xreplace({x: -x})) / 2
        mean = case.after.lhs.xreplace({self.even: even_part})
        number = case.setting.number
        return [(number(mean, point), number(case.after.rhs, point))]

    @property
    def words(self) -> str:
        return "With the slope written as x k(x^2) the integrand changes sign with x; in numbers its integral is 0."


def is_even(function: Expr) -> Relational:
    """The hypothesis that a function of x has the same value at x and at -x, for every x."""
    return Eq(Lambda(x, function.xreplace({x: -x})), Lambda(x, function), evaluate=False)


@dataclass(frozen=True, kw_only=True)
class AtLeast(Check):
    """If A = bound + f(ratio)/2 + square, f >= 0 (the step before) and square >= 0, then A >= bound."""

    law = "bound"
    premise = GreaterThan
    relation = GreaterThan

    whole: Relational
    ratio: Expr
    square: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.whole,)

    def left(self, case: Case) -> Expr:
        return case.cited[0].lhs

    def pairs(self, case: Case) -> list[Pair]:
        require(isinstance(case.cited[0].relation, Eq), "what is bounded is given by no equation")
        require_for_all(case, t)
        signs = self.ratio.is_positive is True and self.square.is_nonnegative is True
        require(signs, "a sign is not known")
        gap = _at_place(case.before.lhs - case.before.rhs, t, self.ratio)
        return [(case.cited[0].rhs - case.after.rhs, gap / 2 + self.square)]

    @property
    def words(self) -> str:
        return "What the quantity exceeds the bound by is compared with half the earlier gap plus a square."


def require_for_all(case: Case, symbol: Symbol) -> None:
    """The earlier inequality must be about the symbol, and hold for every value of it."""
    require(symbol in case.before.relation.free_symbols, f"the inequality is about no {symbol}")
    require(not case.depends(case.before, symbol), f"the inequality holds only at some values of {symbol}")


def _at_place(gap: Expr, symbol: Symbol, place: Expr) -> Expr:
    """What is said of every value of the symbol, at one: no symbol of that one may be bound there."""
    require(not place.free_symbols & bound_symbols(gap), "the place stands for no one value there")
    return gap.xreplace({symbol: place})


@dataclass(frozen=True, kw_only=True)
class OnlyZero(Check):
    """If A = f(ratio)/2 + square with f(t) >= 0, and 0 at t = 1 only, then A = 0 only where ratio = 1 and square = 0.

    The step says s = v, which follows from both: `ratio` is 1 only there, or `square` is 0 only there. That A = 0
    becomes a hypothesis.
    """

    law = "a sum of what is not negative"
    premise = GreaterThan

    whole: Relational
    ratio: Expr
    square: Expr
    factor: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.whole,)

    def hypotheses(self, case: Case) -> frozenset[Relational]:
        return case.inherited | {Eq(case.cited[0].lhs, S.Zero, evaluate=False)}

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        whole, before, after = case.cited[0], case.before, case.after
        require(isinstance(whole.relation, Eq), "what is 0 is given by no equation")
        require_for_all(case, t)
        require(before.lhs - before.rhs == t - 1 - log(t), "the inequality is not that of the logarithm's tangent")
        signs = self.ratio.is_positive is True and self.square.is_nonnegative is True
        require(signs and self.factor.is_nonzero is True, "a sign is not known")
        gap = _at_place(before.lhs - before.rhs, t, self.ratio)
        apart = self.factor * (after.lhs - after.rhs)
        by_ratio = are_equal(self.ratio - 1, apart)
        return [(whole.rhs, gap / 2 + self.square), (self.ratio - 1, apart) if by_ratio else (self.square, apart**2)]

    @property
    def words(self) -> str:
        return (
            "The quantity is compared with half the earlier gap plus a square, and one of the two, which must both be "
            "0, with the difference of the two sides times a factor that is never 0."
        )


@dataclass(frozen=True, kw_only=True)
class Attained(Check):
    """If A >= m for all values of some symbols (the step before) and A = m at one place, then min A = m."""

    law = "a bound that is attained"
    premise = GreaterThan

    by: tuple[Symbol, ...]
    there: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.there,)

    def left(self, case: Case) -> Expr:
        return least(case.before.lhs, self.by)

    def pairs(self, case: Case) -> list[Pair]:
        for symbol in self.by:
            require_free(case, symbol)
            require(symbol not in case.setting.symbols_of(case.before.rhs), "the bound is not the same everywhere")
            require(not case.depends(case.cited[0], symbol), "the value holds only at some places")
        self._require_place(case)
        return [(case.after.rhs, case.before.rhs), (case.cited[0].rhs, case.before.rhs)]

    def _require_place(self, case: Case) -> None:
        """The cited equation is about the same quantity, at one place."""
        place, quantity = case.cited[0].lhs, case.before.lhs
        require(isinstance(case.cited[0].relation, Eq), "the value at the place is given by no equation")
        moved = dict(zip(quantity.args, place.args, strict=True))
        same_name = place.func == quantity.func and all(a == b or a in self.by for a, b in moved.items())
        require(same_name, "it is not the value of the quantity at a place")

    @property
    def words(self) -> str:
        return "The bound is free of the symbols, and compared with the value that the quantity takes at one place."


@dataclass(frozen=True, kw_only=True)
class Averaged(Check):
    """If f(t) >= 0 for all t > 0 (or for all real t) then E f >= 0: an inequality may be averaged.

    average: E f as an integral or sum of a weight, which is nowhere negative, times `GAP`, which stands for f, at what
    is put in for t. whole: the earlier equation A = B about the quantity A that is bounded; without one, A is the left
    side itself. masses: two densities of the setting, whose integrals both are 1: their difference is what
    normalisation removes.
    """

    law = "average of an inequality"
    premise = GreaterThan
    relation = GreaterThan

    average: Expr
    whole: Equality | None = None
    masses: tuple[Expr, ...] = ()
    by: Symbol = t

    @property
    def facts(self) -> tuple[Relational, ...]:
        return tuple(Eq(self.by, gap.args[0], evaluate=False) for gap in self.average.atoms(GAP))

    @property
    def cites(self) -> tuple[Relational, ...]:
        return () if self.whole is None else (self.whole,)

    def left(self, case: Case) -> Expr | None:
        return None if self.whole is None else case.cited[0].lhs

    def pairs(self, case: Case) -> list[Pair]:
        require(self.whole is None or isinstance(case.cited[0].relation, Eq), "what is bounded is given by no equation")
        require_for_all(case, self.by)
        require(self._is_average(case.setting), "it is no average with weights that are nowhere negative")
        sides = {side for roles in case.setting.divergences for side in (roles.target, roles.approximation)}
        require(set(self.masses) <= sides, "what is said to have mass 1 is no density of the setting")
        one, other = self._masses() or (0, 0)
        return [(self._gap(case) + one - other, self._averaged(case))]

    def _is_average(self, setting: Setting) -> bool:
        """Whether every term is a sum or an integral of a weight times f at a place in its range."""
        for term in Add.make_args(self.average):
            whole = isinstance(term, Sum) or (isinstance(term, Integral) and _goes_up(term, setting))
            body = term.function if whole else term
            gaps = [f for f in Mul.make_args(body) if isinstance(f, GAP)]
            if len(gaps) != 1:
                return False
            place, weight = (setting.known(above_the_end(part, term)) for part in (gaps[0].args[0], body / gaps[0]))
            if not _reaches(self.by, place) or weight.is_nonnegative is not True:
                return False
        return True

    def _masses(self) -> list[Expr]:
        return [expectation(density, S.One) for density in self.masses]

    def _gap(self, case: Case) -> Expr:
        """What the bounded quantity exceeds its bound by."""
        return (case.after.lhs if self.whole is None else case.cited[0].rhs) - case.after.rhs

    def _averaged(self, case: Case) -> Expr:
        gap = case.before.lhs - case.before.rhs
        return self.average.replace(GAP, lambda place: _at_place(gap, self.by, place))

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        stated, average = number(self._gap(case), point), number(self._averaged(case), point)
        require(stated >= 0, "it fails for a concrete pair")
        return [(stated, average), *((number(mass, point), mpf(1)) for mass in self._masses())]

    @property
    def words(self) -> str:
        return "The earlier gap, averaged again, is compared with this one; the weights are nowhere negative."


@dataclass(frozen=True, kw_only=True)
class _BoundPutIn(Check):
    """An earlier step E >= e put in where the last one has the term c E, c > 0: what is given away is c (E - e)."""

    law = "a bound put in"

    bound: Relational
    times: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.bound,)

    def left(self, case: Case) -> Expr:
        return case.before.lhs

    def _given_away(self, case: Case) -> Expr:
        given = case.after.rhs - case.before.rhs
        return given if self.relation is LessThan else -given

    def pairs(self, case: Case) -> list[Pair]:
        (bound,) = case.cited
        require(isinstance(bound.relation, GreaterThan), "what is put in bounds from the other side")
        require(case.setting.known(self.times).is_positive is True, "the sign of the factor is not known")
        return [(self._given_away(case), self.times * (bound.lhs - bound.rhs))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        given = case.setting.number(self._given_away(case), point)
        require(given >= 0, "the bound fails at a random point")
        return super().numbers(case, point)


class BoundPart(_BoundPutIn):
    """If A = B - c E with c > 0, and E >= e (an earlier step), then A <= B - c e."""

    relation = LessThan

    @property
    def words(self) -> str:
        return f"The bound exceeds the quantity by {self.times} times the gap of the earlier inequality."


class BoundBelow(_BoundPutIn):
    """If A >= B + c E with c > 0, and E >= e (an earlier step), then A >= B + c e."""

    premise = GreaterThan
    relation = GreaterThan

    @property
    def words(self) -> str:
        return f"The two bounds differ by {self.times} times the gap of the earlier inequality."


@dataclass(frozen=True, kw_only=True)
class OutgrowsMass(Check):
    """If A(R) >= c B(R) - C M(R), where c > 0 and B(R) tends to infinity (an earlier step), then A(R) does: for C is a
    constant, and M(R) the mass of a part of a density, at most 1."""

    law = "growth without bound"
    premise = GreaterThan
    takes_infinity = True

    of: Symbol
    grows: Equality
    times: Expr
    density: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.grows,)

    def left(self, case: Case) -> Expr:
        return Limit(case.before.lhs, self.of, oo)

    def pairs(self, case: Case) -> list[Pair]:
        require_free(case, self.of)
        (grows,), bound = case.cited, case.before.rhs
        rising = grows.lhs.args[0] if isinstance(grows.lhs, Limit) else None
        tends = rising is not None and grows.lhs == Limit(rising, self.of, oo) and grows.rhs == oo
        require(tends and isinstance(grows.relation, Eq), "what is cited does not tend to infinity")
        require(not case.depends(grows, self.of) and case.after.rhs == oo, "it does not claim to grow without bound")
        (mass,) = (i for i in bound.atoms(Integral) if i.function == self.density)
        sides = {side for roles in case.setting.divergences for side in (roles.target, roles.approximation)}
        require(self.density in sides, "it is no density of the setting")
        require(_goes_up(mass, case.setting), "the integral does not go from a lower end to a higher one")
        constant = -bound.coeff(mass)
        for number in (constant, self.times):
            require(self.of not in case.setting.symbols_of(number), "a factor depends on what grows")
            require(not number.has(*mass.bound_symbols), "a factor is no constant")
        require(case.setting.known(self.times).is_positive is True, "the sign of the factor is not known")
        return [(bound, self.times * rising - constant * mass)]

    @property
    def words(self) -> str:
        return "The bound is compared with what grows, less a constant times a part of the mass of a density."


@dataclass(frozen=True, kw_only=True)
class FallsAsItRises(Check):
    """E[f(x) (s^2 - x^2)] > 0 for x ~ N(0, s^2) if f is even and falls with |x|.

    For f(x) - f(s) and s^2 - x^2 change sign at the same two places, so their product is nowhere negative; and
    E[s^2 - x^2] = 0. times: a positive factor in front.
    """

    law = "both factors change sign together"
    relation = StrictGreaterThan

    density: Normal
    falling: Expr
    times: Expr

    def left(self, case: Case) -> Expr:
        return case.before.lhs

    def pairs(self, case: Case) -> list[Pair]:
        require(case.after.rhs == 0, "it does not claim a positive sign")
        require(self.density.args[:2] == (x, S.Zero) and self.times.is_positive is True, "it is not of that form")
        require_smooth(self.falling)
        falls = -diff(self.falling.subs(x, t), t)
        require(are_equal(self.falling.subs(x, -x), self.falling), "the function is not even")
        require(factor(falls).is_positive is True, "the function is not known to fall")
        square = self.density.args[2] ** 2 - x**2
        return [(case.before.rhs, self.times * expectation(self.density, self.falling * square))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        require(case.setting.number(case.before.rhs, point) > 0, "it is not positive at a random point")
        return super().numbers(case, point)

    @property
    def words(self) -> str:
        return "It is compared with that mean; the function is found to be even, and its slope negative beyond 0."


@dataclass(frozen=True, kw_only=True)
class Squeeze(Check):
    """If lower(d) <= D(d) <= upper for all d and lower(d) -> upper, then D(d) -> upper.

    lower: what bounds from below, an expression in `vanishing`, which tends to 0 as d grows (the step before).
    """

    law = "squeeze"

    of: Symbol
    lower: Relational
    upper: Relational
    vanishing: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.lower, self.upper)

    def left(self, case: Case) -> Expr:
        lower, upper = case.cited
        kinds = isinstance(lower.relation, GreaterThan) and isinstance(upper.relation, LessThan)
        require(kinds, "the bounds are not one from below and one from above")
        require(lower.lhs == upper.lhs, "the two bounds are of different quantities")
        require(not any(case.depends(bound, self.of) for bound in case.cited), "a bound holds only at some places")
        return Limit(lower.lhs, self.of, oo)

    def pairs(self, case: Case) -> list[Pair]:
        before, (lower, upper) = case.before, case.cited
        tends = before.rhs == 0 and before.lhs == Limit(self.vanishing, self.of, oo)
        require(tends, "the bound does not vanish")
        hidden = lower.rhs.xreplace({self.vanishing: Symbol("rest", real=True)})
        for part in (hidden, upper.rhs):
            require(self.of not in case.setting.symbols_of(part), "a bound depends on what grows in another way")
        require(hidden.diff(Symbol("rest", real=True), 2) == 0, "the bound is not linear in what vanishes")
        return [(case.after.rhs, lower.rhs.xreplace({self.vanishing: S.Zero})), (case.after.rhs, upper.rhs)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, far = case.setting.number, point | {self.of: mpf(60)}
        exact = case.setting.meaning(case.cited[0].lhs)
        return [(number(case.after.rhs, point), number(exact, far))]

    @property
    def words(self) -> str:
        return (
            "The upper bound, and the lower one without what vanishes, are compared with the limit; in numbers, D "
            "itself at d = 60."
        )
