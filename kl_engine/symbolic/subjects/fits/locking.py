"""What it costs to lock on one mode of a mixture: -log of its weight, once the modes are far apart."""

from sympy import Eq, Function, Ge, Integral, Le, Limit, S, Symbol, exp, log, oo, sqrt

from kl_engine.symbolic.proof.checks.algebra import Equal
from kl_engine.symbolic.proof.checks.calculus import FarLimit
from kl_engine.symbolic.proof.checks.expectations import Definition, LinearMean
from kl_engine.symbolic.proof.checks.integrals import GaussianIntegrals
from kl_engine.symbolic.proof.checks.order import GAP, Averaged, Bound, NeverFalls, Squeeze
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import equation, expectation, sigma_1, sigma_2, t, w, x
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, Shares

_w2 = Symbol("w_2", positive=True)
_distance = Symbol("d", positive=True)
_near, _far = Function("N_1", positive=True)(x), Function("N_2", positive=True)(x, _distance)
_RATIO = _w2 * _far / (w * _near)
_MIXTURE = w * _near + _w2 * _far
_ROLES = Roles(_MIXTURE, _near, (_distance,))  # q is the first component itself
_SETTING = Setting(
    laws=((_near, Gaussian(S.Zero, sigma_1)), (_far, Gaussian(_distance, sigma_2))),
    divergences=(_ROLES,),
    domains=(Shares((w, _w2)),),
    words=(say("the target is {}, the fit its first component {}", _MIXTURE, _near),),
)
_D = _ROLES.reverse


_OVERLAP = Integral(sqrt(_near * _far), (x, -oo, oo))


def cost() -> Derivation:
    """D between -log w and -log w less an overlap that vanishes."""
    bounds = _between()
    upper, _, lower = bounds
    steps = (
        *_exact_form(),
        *bounds,
        *_overlap_vanishes(),
        Step(
            equation(Limit(_D, _distance, oo), -log(w)),
            "D lies between two bounds that meet: this is what locking on a mode costs.",
            Squeeze(of=_distance, lower=lower.expression, upper=upper.expression, vanishing=_OVERLAP),
        ),
    )
    return Derivation(
        "What locking on one mode costs",
        _SETTING,
        steps[-1].statement,
        steps,
        (w,),
        formula=steps[-1].expression.rhs,
        meaning="what D(q||p) tends to as the other modes move away from the one that q is, in nats.",
        notes=("w: weight of that mode under p, in [0, 1]; the cost is infinite at 0.",),
    )


def _between() -> tuple[Step, ...]:
    """D is at most -log w, and below it by no more than an overlap of the two components."""
    return (
        Step(
            Le(_D, -log(w), evaluate=False),
            "What the other component adds is the log of one plus something positive.",
            Bound(form=expectation(_near, log(1 + _RATIO))),
            name="upper",
        ),
        Step(
            Ge(t - log(1 + t**2), 0, evaluate=False),
            "A logarithm grows more slowly than the square root of what it is of.",
            NeverFalls(by=t, slope=(1 - t) ** 2 / (1 + t**2)),
        ),
        Step(
            Ge(_D, -log(w) - sqrt(_w2 / w) * _OVERLAP, evaluate=False),
            say("Averaged over the fit, at {}: an overlap of the two components is what D can miss.", _at_root()),
            Averaged(average=_of_root(), whole=_exact_form()[-1].expression),
            name="lower",
        ),
    )


def _overlap_vanishes() -> tuple[Step, ...]:
    """The overlap in closed form, and its limit."""
    spread = sigma_1**2 + sigma_2**2
    closed = sqrt(2 * sigma_1 * sigma_2 / spread) * exp(-(_distance**2) / (4 * spread))
    return (
        Step(
            equation(_OVERLAP, closed),
            "The overlap of two Gaussians (Bhattacharyya), by completing the square.",
            GaussianIntegrals(),
            back=0,
        ),
        Step(
            equation(Limit(_OVERLAP, _distance, oo), S.Zero),
            "It vanishes as the modes move apart.",
            FarLimit(of=_distance),
        ),
    )


def _of_root() -> Integral:
    return expectation(_near, GAP(sqrt(_RATIO)))


def _at_root() -> Eq:
    return Averaged(average=_of_root(), whole=None).facts[0]


def _exact_form() -> tuple[Step, ...]:
    """D = -log w - E log(1 + R), where R is the ratio of the far component to the near one, with their weights."""
    return (
        Step(
            equation(_D, Integral(_near * log(_near / _MIXTURE), (x, -oo, oo))),
            say("The fit is the first component itself; the second is a distance {} away.", _distance),
            Definition(),
        ),
        Step(
            equation(_D, -expectation(_near, log(w)) - expectation(_near, log(1 + _RATIO))),
            "The mixture over its weighted near component: one plus a ratio.",
            Equal(),
        ),
        Step(
            equation(_D, -log(w) - expectation(_near, log(1 + _RATIO))),
            "The weight comes out; the rest is what the other component adds where the fit is.",
            LinearMean(density=_near),
        ),
    )
