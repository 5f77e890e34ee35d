"""D within one exponential family, from its sum or integral: the steps that all families share.

A density p = w/Z is a weight over what normalises it. The weight is summed or integrated to Z; differentiated by its
parameters that gives the means of the statistics; the log ratio is linear in these, and so D is a function of them.
Source: Wainwright, Jordan (2008), 3 and 5.
"""

from dataclasses import dataclass

from sympy import Eq, Expr, Function, S, Symbol, log, powsimp

from kl_engine.symbolic.proof.check import Check
from kl_engine.symbolic.proof.checks.algebra import Equal, ExchangeRoles, Insert
from kl_engine.symbolic.proof.checks.expectations import Definition, LinearMean
from kl_engine.symbolic.proof.checks.totals import Multiply, UnderTheSign
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import counterpart, equation, exchange_roles
from kl_engine.symbolic.proof.quantities import Roles, Space
from kl_engine.symbolic.proof.reason import Reason
from kl_engine.symbolic.proof.setting import Domain, Setting


@dataclass(frozen=True)
class Statistic:
    """One statistic T: its mean by differentiating the normaliser by a parameter, times a constant; and what it is.

    times: what makes the derivative of the weight T times the weight. mean: E_p[T]. reason: why, in words.
    """

    of: Expr
    by: Symbol
    times: Expr
    mean: Expr
    reason: str


@dataclass(frozen=True)
class Family:
    """An exponential family as data, written for p; q follows by renaming.

    weight, normaliser: the density is their quotient. total: how the sum or integral of the weight is proved, and in
    words. log_ratio: log p - log q, as it is linear in the statistics. notes: what the parameters are.
    """

    title: str
    parameters: tuple[Symbol, ...]
    space: Space
    weight: Expr
    normaliser: Expr
    total: Check
    reason: str | Reason
    statistics: tuple[Statistic, ...]
    log_ratio: Expr
    closed_form: Expr
    closed_form_reverse: Expr
    notes: tuple[str, ...]
    domains: tuple[Domain, ...] = ()

    @property
    def variables(self) -> tuple[Symbol, ...]:
        """What the density is a function of."""
        return tuple(limits[0] for limits in self.space.limits)

    @property
    def target(self) -> Expr:
        """p, by its name."""
        return Function("p", positive=True)(*self.variables)

    @property
    def approximation(self) -> Expr:
        """q, by its name."""
        return Function("q", positive=True)(*self.variables)

    @property
    def roles(self) -> Roles:
        """p against another member of the family."""
        others = tuple(counterpart(s) for s in self.parameters)
        return Roles(self.target, self.approximation, (*self.parameters, *others), self.space)

    @property
    def setting(self) -> Setting:
        """Both densities."""
        density = self.weight / self.normaliser
        return Setting(
            definitions=((self.target, density), (self.approximation, exchange_roles(density))),
            divergences=(self.roles,),
            domains=self.domains,
        )

    def mean(self, body: Expr) -> Expr:
        """E_p of something, as the sum or integral that it is."""
        return self.space.total(self.target * body)


def derive(family: Family) -> Derivation:
    """The closed form of one family, in both directions."""
    steps = (*_moments(family), *_divergence(family))
    forms = family.closed_form, family.closed_form_reverse
    parameters = family.roles.parameters
    also = (steps[-2].statement,)
    return Derivation(
        family.title,
        family.setting,
        steps[-1].statement,
        steps,
        parameters,
        *forms,
        notes=family.notes,
        also=also,
    )


def mass(family: Family) -> Eq:
    """That the density of p sums or integrates to 1."""
    return equation(family.mean(S.One), S.One)


def _moments(family: Family) -> tuple[Step, ...]:
    """The normaliser, the mass of the density, and the mean of every statistic."""
    whole, per = family.space.total(family.weight), 1 / family.normaliser
    steps = [
        Step(equation(whole, family.normaliser), family.reason, family.total),
        Step(mass(family), "So the density has mass one.", Multiply(times=per)),
    ]
    for statistic in family.statistics:
        under = family.space.total(powsimp(family.weight * statistic.of))
        steps += [
            Step(
                equation(under, statistic.mean * family.normaliser),
                statistic.reason,
                UnderTheSign(by=statistic.by, times=statistic.times),
                back=len(steps),
            ),
            Step(
                equation(family.mean(statistic.of), statistic.mean),
                "Over the normaliser it is a mean.",
                Multiply(times=per),
            ),
        ]
    return tuple(steps)


def _divergence(family: Family) -> tuple[Step, ...]:
    """From the definition to a function of the means, and to the closed form."""
    p, q, divergence = family.target, family.approximation, family.roles.forward
    steps = [
        Step(
            equation(divergence, family.mean(log(p / q))),
            "The mean log ratio under the target.",
            Definition(),
        ),
        Step(
            equation(divergence, _linear(family, {})),
            "The log ratio is linear in the statistics; a constant is its own mean.",
            LinearMean(density=p, mass=mass(family)),
        ),
    ]
    known: dict[Expr, Expr] = {}
    for statistic in family.statistics:
        known[statistic.of] = statistic.mean
        proved = equation(family.mean(statistic.of), statistic.mean)
        form = _linear(family, known)
        steps.append(Step(equation(divergence, form), "The mean is substituted.", Insert(proved=proved)))
    if steps[-1].expression.rhs == family.closed_form:
        steps[-1] = Step(steps[-1].expression, "The mean is substituted.", steps[-1].check)
    else:
        steps.append(Step(equation(divergence, family.closed_form), "Terms gathered.", Equal()))
    return (
        *steps,
        Step(
            equation(family.roles.reverse, family.closed_form_reverse),
            "The other direction, by exchanging the names.",
            ExchangeRoles(),
        ),
    )


def _linear(family: Family, known: dict[Expr, Expr]) -> Expr:
    """The log ratio with the mean of each statistic in its place: by name, or what it is known to be."""
    placed = {s.of: Symbol(f"statistic_{k}", real=True) for k, s in enumerate(family.statistics)}
    means = {placed[s.of]: known.get(s.of, family.mean(s.of)) for s in family.statistics}
    return family.log_ratio.xreplace(placed).xreplace(means)
