"""Checks of expectations: from a definition to moments. Their numbers are quadratures of the integrals as defined."""

from dataclasses import dataclass
from functools import lru_cache

from mpmath import mpf
from sympy import Add, Eq, Expr, Integral, PolynomialError, S, Sum, Symbol, exp, expand_log, log, oo
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Case, Check, Pair, SameQuantity, require
from kl_engine.symbolic.proof.checks.integrals import gaussian_integral
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import expectation
from kl_engine.symbolic.proof.quantities import LINE, Outcomes, Space
from kl_engine.symbolic.proof.sampling import Point, is_sampled
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.work import Refused, Undecided


@dataclass(frozen=True, kw_only=True)
class Definition(Check):
    """A quantity is what the setting says: D(a||b) = int a(x) (log a(x) - log b(x)) dx, for densities of mass 1."""

    law = "definition"
    starts = True
    as_written = True

    def left(self, case: Case) -> Expr:
        require(case.setting.meaning(case.after.lhs) is not None, "the setting does not say what this quantity is")
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        setting, quantity = case.setting, case.after.lhs
        on_line = setting.roles_of(quantity) is not None and setting.roles_of(quantity).space == LINE
        sides = setting.under(quantity) if on_line else ()
        masses = [(mass, S.One) for d in sides if (mass := _mass(d, setting)) is not None]
        return [(case.after.rhs, setting.meaning(quantity)), *masses]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        setting, quantity = case.setting, case.after.lhs
        sides = (d for d in setting.under(quantity) or () if _mass(d, setting) is None)  # else `pairs` takes it
        integrals = (setting.space_of(d).total(d) for d in sides)
        one = [(setting.number(whole, point), mpf(1)) for whole in integrals if not is_sampled(whole)]
        stated, meaning = (setting.number(e, point) for e in (case.after.rhs, setting.meaning(quantity)))
        named = dict(setting.quantities)
        inside = {f for d in setting.under(quantity) or () for f in setting.full(d).atoms(AppliedUndef) if f in named}
        # What a density names, as its log-partition, is in the trial what the setting says that it is.
        names = [(setting.number(f, point), setting.number(named[f], point)) for f in sorted(inside, key=str)]
        return [*one, *names, (stated, meaning)]

    @property
    def words(self) -> str:
        return "It is compared with the definition; for a divergence, both densities are checked to have mass 1."


@dataclass(frozen=True, kw_only=True)
class Mass(Check):
    """The integral (or sum) of a density is 1: of one that the setting takes for a density."""

    law = "density"
    starts = True

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        setting, whole = case.setting, case.after.lhs
        density = next((d for d in _densities(setting) if setting.space_of(d).total(d) == whole), None)
        require(density is not None, "it is not the whole mass of a density of this setting")
        require(not is_sampled(whole), "an integral over more than a line is not taken in numbers")
        known = _mass(density, setting)
        return [(case.after.rhs, S.One), *([] if known is None else [(known, S.One)])]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.lhs, point), mpf(1)), (number(case.after.rhs, point), mpf(1))]

    @property
    def words(self) -> str:
        return "The setting takes it for a density; in numbers it is integrated to 1."


def _densities(setting: Setting) -> tuple[Expr, ...]:
    """What the setting takes for densities: those of laws, and the two of each divergence."""
    sides = (side for roles in setting.divergences for side in (roles.target, roles.approximation))
    return (*(d for d, _ in setting.laws), *(side for side in sides if isinstance(side, Expr)))


@lru_cache(maxsize=256)
def _mass(density: Expr, setting: Setting) -> Expr | None:
    """The integral of a density that is a sum of Gaussians, by completing squares; None where it is none."""
    written = setting.known(setting.full(density))
    try:
        terms = Add.make_args(written.expand())
        return sum((gaussian_integral(expectation(term, S.One)) for term in terms), S.Zero)
    except (Refused, Undecided, PolynomialError):
        return None  # a density without a formula has mass 1 by assumption; the numbers integrate the one of the trial


@dataclass(frozen=True, kw_only=True)
class GaussianDivergence(Check):
    """D(a||b) = E_a[log a - log b] for Gaussian a and b, by the moments of a: an earlier result, proved again."""

    law = "D of two Gaussians"
    starts = True

    def left(self, case: Case) -> Expr:
        require(case.setting.under(case.after.lhs) is not None, "it is no divergence of this setting")
        return case.after.lhs

    def pairs(self, case: Case) -> list[Pair]:
        first, ratio = self._log_ratio(case)
        return [(case.after.rhs, first.expect(ratio))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        first, ratio = self._log_ratio(case)
        number = case.setting.number
        return [(number(case.after.rhs, point), number(expectation(first.density(), ratio), point))]

    @staticmethod
    def _log_ratio(case: Case) -> tuple[Gaussian, Expr]:
        laws = [case.setting.law_of(density) for density in case.setting.under(case.after.lhs)]
        require(all(isinstance(law, Gaussian) for law in laws), "p and q are not both Gaussian")
        return laws[0], laws[0].log_density() - laws[1].log_density()

    @property
    def words(self) -> str:
        return "The closed form is computed again from the definition: by moments, and by quadrature."


@dataclass(frozen=True, kw_only=True)
class Moments(SameQuantity):
    """Expectation is linear: a polynomial's is the sum of its coefficients times the moments of the law."""

    law = "moments"

    density: Expr

    def pairs(self, case: Case) -> list[Pair]:
        before, after = case.before.rhs, case.after.rhs
        require(before.has(Integral), "there is no expectation to take")
        kept = after.atoms(Integral) & before.atoms(Integral)
        require(kept != before.atoms(Integral), "no expectation is taken")
        return [tuple(self._taken(side, kept, case.setting) for side in (after, before))]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number = case.setting.number
        return [(number(case.after.rhs, point), number(case.before.rhs, point))]

    def _taken(self, expression: Expr, kept: set[Integral], setting: Setting) -> Expr:
        """The expression with its expectations written out, but for those that both sides keep for a later step."""
        law, variable = setting.law_of(self.density), self.density.args[0]
        require(law is not None, "nothing is known of the density")
        integrals = expression.atoms(Integral) - kept
        over_the_line = all(integral.limits == ((variable, -oo, oo),) for integral in integrals)
        require(over_the_line, "an expectation is an integral over the whole line")
        bodies = {i: expand_log(setting.full(i.function / self.density)) for i in integrals}
        return expression.xreplace({i: law.expect(body, variable) for i, body in bodies.items()})

    @property
    def words(self) -> str:
        return "Each expectation is computed again from the moments of the distribution, and by quadrature."


@dataclass(frozen=True, kw_only=True)
class LinearMean(SameQuantity):
    """E[a S + b T + c] = a E S + b E T + c under a density, which has mass 1: the constant is its own mean.

    mass: the earlier step that says so; without one, it is a density by the setting.
    """

    law = "linearity of the mean"

    density: Expr
    mass: Relational | None = None

    @property
    def cites(self) -> tuple[Relational, ...]:
        return () if self.mass is None else (self.mass,)

    def pairs(self, case: Case) -> list[Pair]:
        space = case.setting.space_of(self.density)
        if self.mass is None:
            require(_is_density(self.density, case.setting), "it is not said to be a density")
            # Over more than the line the numbers do not tell whether a density that is written out has mass 1.
            known = case.setting.full(self.density) != self.density and is_sampled(space.total(self.density))
            require(not known, "that the density has mass 1 must be an earlier step")
        else:
            whole = Eq(space.total(self.density), S.One, evaluate=False)
            require(case.cited[0].relation == whole, "what is cited does not say that the density has mass 1")
        require(case.before.rhs.has(Integral, Sum), "there is no mean")
        return [tuple(self._as_means(side, case.setting) for side in (case.after.rhs, case.before.rhs))]

    def _as_means(self, side: Expr, setting: Setting) -> Expr:
        """The expression with its constant as the mean of a constant."""
        written, space = setting.full(side), setting.space_of(self.density)
        outside = written.xreplace(dict.fromkeys(written.atoms(Integral, Sum), S.Zero))
        variables = {variable for variable in self.density.args if variable in _variables(space)}
        require(not outside.has(*variables), "what is taken out of the mean is no constant")
        return written - outside + space.total(self.density * outside)

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, before = case.setting.number, case.before.rhs
        if is_sampled(before):
            return super().numbers(case, point)
        return [(number(case.after.rhs, point), number(before, point))]

    @property
    def words(self) -> str:
        return "The earlier expectation is compared with this one, its constant as the mean of a constant."


def _variables(space: Space | Outcomes) -> set[Symbol]:
    return {limits[0] for limits in space.limits} if isinstance(space, Space) else {space.variable}


def _is_density(density: Expr, setting: Setting) -> bool:
    """Whether the setting takes it for a density: that of a law, or one of the two of a divergence."""
    return density in _densities(setting) or setting.law_of(density) is not None


@dataclass(frozen=True, kw_only=True)
class MeanStatistic(Check):
    """E_p[T] = (int T exp(eta . T) dx) / (int exp(eta . T) dx), for the density exp(eta . T - A) with the A above."""

    law = "mean of a statistic"

    density: Expr
    statistic: Expr
    normaliser: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.normaliser,)

    def left(self, case: Case) -> None:
        return None

    def pairs(self, case: Case) -> list[Pair]:
        (cited,) = case.cited
        sides = {case.before.lhs, expectation(self.density, self.statistic)}
        require({case.after.lhs, case.after.rhs} == sides, "it does not equate that mean and the earlier quantity")
        mass, positive = exp(cited.rhs), Symbol("mass", positive=True)
        density = case.setting.full(self.density).xreplace({cited.lhs: log(positive)})
        before = case.before.rhs.xreplace({mass: positive})
        return [(expectation(density, self.statistic), before)]

    def numbers(self, case: Case, point: Point) -> list[tuple[mpf, mpf]]:
        number, old = case.setting.number, case.before.rhs
        return [(number(side, point), number(old, point)) for side in (case.after.lhs, case.after.rhs)]

    @property
    def words(self) -> str:
        return "The density is put in, with its log-partition, and compared with the earlier quotient of integrals."
