"""What it costs to lock on one mode of a mixture: -log of its weight, once the modes are far apart."""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr, Function, Ge, Integral, Le, Limit, S, Symbol, exp, log, oo, sqrt
from sympy.core.relational import GreaterThan, Relational

from kl_engine.symbolic.proof.check import Check, Instance, Pair, require
from kl_engine.symbolic.proof.checks.algebra import Equal
from kl_engine.symbolic.proof.checks.calculus import FarLimit
from kl_engine.symbolic.proof.checks.expectations import Definition, GaussianIntegrals, Moments
from kl_engine.symbolic.proof.checks.order import Bound, NeverFalls
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import equation, expectation, gaussian_density, sigma_1, sigma_2, t, w, x
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.sampling import Point

# Both weights are positive symbols; that they sum to 1 is needed only for p to be a density.
_w2 = Symbol("w_2", positive=True)
_distance = Symbol("d", positive=True)
_near, _far = Function("N_1", positive=True)(x), Function("N_2", positive=True)(x, _distance)
_DENSITIES = (
    (_near, gaussian_density(S.Zero, sigma_1)),
    (_far, gaussian_density(_distance, sigma_2)),
)
_WEIGHTS = Instance("random weights that sum to 1", replace=_DENSITIES, facts=((_w2, 1 - w),))
_RATIO = _w2 * _far / (w * _near)
_MIXTURE = w * _near + _w2 * _far
_ROLES = Roles(_MIXTURE, _near, (_distance,))  # q is the first component itself
_D = _ROLES.reverse


@dataclass(frozen=True, kw_only=True)
class Bounded(Check):
    """If f >= 0 at every point of the ratio, E f >= 0: the averaged inequality bounds the divergence from below."""

    relation = GreaterThan

    bound: Relational

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.bound,)

    def left(self, before: Relational) -> Expr:
        return before.lhs

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        gap = expectation(_near, (self.bound.lhs - self.bound.rhs).xreplace({t: sqrt(_RATIO)}))
        return [(before.rhs - after.rhs, gap)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        require(self.number(before.rhs - after.rhs, point) >= 0, "the bound fails at a sampled point")
        return super().numbers(before, after, point)

    @property
    def words(self) -> str:
        return "D less its bound is compared with the average of the inequality's two sides, which is not negative."


@dataclass(frozen=True, kw_only=True)
class Squeeze(Check):
    """If lower(d) <= D(d) <= upper for all d and lower(d) -> upper, then D(d) -> upper."""

    lower: Relational
    upper: Relational
    vanishing: Expr

    @property
    def cites(self) -> tuple[Relational, ...]:
        return (self.lower, self.upper)

    def left(self, before: Relational) -> Expr:
        require(self.lower.lhs == self.upper.lhs, "the two bounds are of different quantities")
        return Limit(self.lower.lhs, _distance, oo)

    def pairs(self, before: Relational, after: Relational) -> list[Pair]:
        require(before.rhs == 0 and before.lhs == Limit(self.vanishing, _distance, oo), "the bound does not vanish")
        return [(after.rhs, self.lower.rhs.xreplace({self.vanishing: S.Zero})), (after.rhs, self.upper.rhs)]

    def numbers(self, before: Relational, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        exact = expectation(_near, log(_near / _MIXTURE))
        return [(self.number(after.rhs, point), self.number(exact, point | {_distance: mpf(60)}))]

    @property
    def words(self) -> str:
        return (
            "The upper bound, and the lower one without what vanishes, are compared with the limit; in numbers, D "
            "itself at d = 60."
        )


def cost() -> Derivation:
    overlap = Integral(sqrt(_near * _far), (x, -oo, oo))
    spread = sigma_1**2 + sigma_2**2
    lower = Ge(_D, -log(w) - sqrt(_w2 / w) * overlap, evaluate=False)
    closed = sqrt(2 * sigma_1 * sigma_2 / spread) * exp(-(_distance**2) / (4 * spread))
    upper = Le(_D, -log(w), evaluate=False)
    claim = equation(Limit(_D, _distance, oo), -log(w))
    steps = (
        *_exact_form(),
        *_bounds(upper, lower),
        Step(
            equation(overlap, closed),
            "The overlap of two Gaussians (Bhattacharyya), by completing the square.",
            "Gaussian integral",
            GaussianIntegrals(where=_DENSITIES),
            back=0,
        ),
        Step(
            equation(Limit(overlap, _distance, oo), S.Zero),
            "It vanishes as the modes move apart, like $\\exp(-d^2/4(\\sigma_1^2+\\sigma_2^2))$.",
            "limit",
            FarLimit(of=_distance),
        ),
        Step(
            claim,
            "D lies between two bounds that meet: locking on a mode of weight w costs $-\\log w$; one bit if w = 1/2.",
            "squeeze",
            Squeeze(lower=lower, upper=upper, vanishing=overlap, instance=_WEIGHTS),
        ),
    )
    meaning = "what D(q||p) tends to as the other modes move away from the one that q is, in nats."
    notes = ("w: weight of that mode under p, in [0, 1]; the cost is infinite at 0.",)
    return Derivation(
        "What locking on one mode costs", claim, steps, (w,), formula=claim.rhs, meaning=meaning, notes=notes
    )


def _bounds(upper: Relational, lower: Relational) -> tuple[Step, ...]:
    """D from above and from below, both from its exact form."""
    tangent = Ge(t - log(1 + t**2), 0, evaluate=False)
    return (
        Step(
            upper,
            "What the other component adds is the log of one plus something positive, so D is at most $-\\log w$.",
            "bound",
            Bound(form=expectation(_near, log(1 + _RATIO)), instance=_WEIGHTS),
        ),
        Step(
            tangent,
            "$\\log(1+t^2) \\le t$ for $t > 0$.",
            "monotonicity",
            NeverFalls(by=t, slope=(1 - t) ** 2 / (1 + t**2)),
            back=0,
        ),
        Step(
            lower,
            "Averaged over q, with t the root of the ratio: D is at least $-\\log w$ less an overlap.",
            "average of an inequality",
            Bounded(bound=tangent, instance=_WEIGHTS),
            back=3,
        ),
    )


def _exact_form() -> tuple[Step, ...]:
    """D = -log w - E log(1 + R), where R is the ratio of the far component to the near one, with their weights."""
    return (
        Step(
            equation(_D, Integral(_near * log(_near / _MIXTURE), (x, -oo, oo))),
            "q is the first component itself, of weight w; the second is a distance d away.",
            "definition",
            Definition(roles=_ROLES, first=_near, second=_MIXTURE, where=_DENSITIES, instance=_WEIGHTS),
        ),
        Step(
            equation(_D, -expectation(_near, log(w)) - expectation(_near, log(1 + _RATIO))),
            "The mixture over its weighted near component: one plus a ratio.",
            "logarithm of a product",
            Equal(instance=_WEIGHTS),
        ),
        Step(
            equation(_D, -log(w) - expectation(_near, log(1 + _RATIO))),
            "The weight comes out; the rest is what the other component adds where q is.",
            "a density integrates to 1",
            Moments(density=_near, law=Gaussian(S.Zero, sigma_1), instance=_WEIGHTS),
        ),
    )
