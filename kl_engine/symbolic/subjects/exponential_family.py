"""Exponential families: the density exp(eta . T(x) - A(eta)) h(x). One identity is written once; each family follows.

D(p||q) = A(eta_q) - A(eta_p) - (eta_q - eta_p) . grad A(eta_p): the Bregman divergence of the log-partition A.
Source: Wainwright, Jordan (2008), 3 and 5; Banerjee and others (2005), Clustering with Bregman Divergences.
"""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr, Matrix, S, Symbol, diff
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair, require
from kl_engine.symbolic.proof.checks.algebra import Equal, ExchangeRoles
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import counterpart, equation, exchange_roles
from kl_engine.symbolic.proof.quantities import Roles, mean_statistics
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.proof.supports import Finite, Interval, Naturals, Simplex


@dataclass(frozen=True)
class Family:
    """An exponential family as data, written for p; q follows by renaming.

    partition: A as a function of the symbols `natural_symbols`; natural: their values in the usual parameters.
    sampled: where it helps, parameters in terms of positive symbols, so that every sign is known.
    notes: what the parameters are.
    """

    title: str
    parameters: tuple[Symbol, ...]
    variables: tuple[Symbol, ...]
    support: Finite | Naturals | Interval | Simplex
    log_density: Expr
    natural_symbols: tuple[Symbol, ...]
    natural: tuple[Expr, ...]
    statistics: tuple[Expr, ...]
    partition: Expr
    log_base: Expr
    mean_statistics: tuple[Expr, ...]
    closed_form: Expr
    closed_form_reverse: Expr
    notes: tuple[str, ...]
    sampled: tuple[Pair, ...] = ()

    def at_p(self, expression: Expr) -> Expr:
        """A function of the natural parameters, at those of p."""
        return expression.subs(dict(zip(self.natural_symbols, self.natural, strict=True)), simultaneous=True)

    @property
    def roles(self) -> Roles:
        """p against another member of the family, each by its log density."""
        q_parameters = tuple(counterpart(s) for s in self.parameters)
        return Roles(self.log_density, exchange_roles(self.log_density), (*self.parameters, *q_parameters))

    @property
    def exponential_form(self) -> Expr:
        """eta . T(x) - A(eta) + log h(x)."""
        exponent = sum((a * b for a, b in zip(self.natural, self.statistics, strict=True)), S.Zero)
        return exponent - self.at_p(self.partition) + self.log_base

    @property
    def where(self) -> tuple[Pair, ...]:
        return self.sampled + tuple((exchange_roles(a), exchange_roles(b)) for a, b in self.sampled)

    @property
    def bregman(self) -> Expr:
        """D(p||q) from A alone."""
        here, there = self.at_p(self.partition), exchange_roles(self.at_p(self.partition))
        slopes = [self.at_p(diff(self.partition, eta)) for eta in self.natural_symbols]
        steps = [exchange_roles(eta) - eta for eta in self.natural]
        return there - here - sum((a * b for a, b in zip(steps, slopes, strict=True)), S.Zero)


@dataclass(frozen=True, kw_only=True)
class FamilyCheck(Check):
    """What the checks of one family share: means under p in numbers, over the support."""

    starts = True

    family: Family

    def mean(self, body: Expr, point: Point) -> mpf:
        full = point | {symbol: self.number(v, point) for symbol, v in self.family.where}
        return self.family.support.mean(body, self.family.log_density, self.family.variables, full)


@dataclass(frozen=True, kw_only=True)
class ExponentialForm(FamilyCheck):
    """log p(x) = eta . T(x) - A(eta) + log h(x), and the density sums or integrates to 1."""

    def left(self, before: Relational | None) -> Expr:
        return self.family.log_density

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        stated = self.family.exponential_form.xreplace(dict(self.where))
        require(after.lhs != after.rhs, "the density is compared with itself")
        return [(after.lhs, after.rhs), (after.rhs, stated)]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        mass = [] if isinstance(self.family.support, Simplex) else [(self.mean(S.One, point), mpf(1))]
        return super().numbers(before, after, point) + mass

    @property
    def words(self) -> str:
        return "The usual log density is compared with the exponential form, and the density is summed to 1."


@dataclass(frozen=True, kw_only=True)
class MeanStatistics(FamilyCheck):
    """E_p[T] = grad A(eta_p): the derivatives of the log-partition are the expected statistics."""

    def left(self, before: Relational | None) -> Expr:
        return mean_statistics(self.family.parameters)

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        require(after.rhs.shape == (len(self.family.statistics), 1), "it is no column with a row for each statistic")
        slopes = [self.family.at_p(diff(self.family.partition, eta)) for eta in self.family.natural_symbols]
        return [(a, b.xreplace(dict(self.where))) for a, b in zip(Matrix(after.rhs), slopes, strict=True)]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        means = [self.mean(statistic, point) for statistic in self.family.statistics]
        return list(zip((self.number(e, point) for e in Matrix(after.rhs)), means, strict=True))

    @property
    def words(self) -> str:
        return "A is differentiated again; in numbers, the statistics are averaged over the density itself."


@dataclass(frozen=True, kw_only=True)
class BregmanForm(FamilyCheck):
    """D(p||q) = A(eta_q) - A(eta_p) - (eta_q - eta_p) . grad A(eta_p)."""

    def left(self, before: Relational | None) -> Expr:
        return self.family.roles.forward

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        return [(after.rhs, self.family.bregman.xreplace(dict(self.where)))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        ratio = self.family.log_density - exchange_roles(self.family.log_density)
        return [(self.number(after.rhs, point), self.mean(ratio, point))]

    @property
    def words(self) -> str:
        return "It is formed again from A; in numbers, the log ratio is averaged over the density of p."


def derive(family: Family) -> Derivation:
    """The closed form of one family, in both directions."""
    steps, parameters = _steps(family), family.roles.parameters
    forms = family.closed_form, family.closed_form_reverse
    return Derivation(family.title, steps[-1].expression, steps, parameters, *forms, notes=family.notes)


def _steps(family: Family) -> tuple[Step, ...]:
    """From the log-partition to the closed forms: the same five steps for all families."""
    roles, known = family.roles, {"family": family, "where": family.where}
    moves = [exchange_roles(eta) - eta for eta in family.natural]
    inserted = sum((a * b for a, b in zip(moves, family.mean_statistics, strict=True)), S.Zero)
    partition = family.at_p(family.partition)
    return (
        Step(
            equation(family.log_density, family.exponential_form),
            "The log density, as natural parameters times statistics, less the log-partition.",
            "exponential form",
            ExponentialForm(**known),
            back=0,
        ),
        Step(
            equation(mean_statistics(family.parameters), Matrix(family.mean_statistics)),
            "The expected statistics are the derivatives of the log-partition.",
            "mean of the statistics",
            MeanStatistics(**known),
            back=0,
        ),
        Step(
            equation(roles.forward, exchange_roles(partition) - partition - inserted),
            "D is the Bregman divergence of the log-partition.",
            "Bregman divergence",
            BregmanForm(**known),
            back=0,
        ),
        Step(equation(roles.forward, family.closed_form), "Terms gathered.", "algebra", Equal(where=family.where)),
        Step(
            equation(roles.reverse, family.closed_form_reverse),
            "The other direction, by exchanging the names.",
            "renaming",
            ExchangeRoles(roles=roles, where=family.where),
        ),
    )
