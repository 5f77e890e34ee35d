"""With its width fixed, the centre of a pair of unit Gaussians at -a and a loses stability at one distance.

Three derivations: where the curvature at the centre vanishes; that it is positive below and negative above, so at one
distance only; and that the fourth derivative is positive, so that the two minima branch off there continuously.
"""

from sympy import Derivative, Expr, Ge, Gt, Integral, Le, Lt, Rational, S, Symbol, cosh, exp, log, oo, pi, sqrt, tanh

from kl_engine.symbolic.proof.checks.algebra import Equal, Identity, Insert, Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.checks.expectations import Definition, LinearMean, Moments
from kl_engine.symbolic.proof.checks.integrals import Bonnet, ByParts, ChangeOfVariable, GaussianIntegrals
from kl_engine.symbolic.proof.checks.order import (
    GAP,
    Averaged,
    Bound,
    BoundPart,
    FallsAsItRises,
    LeastValue,
    Monotone,
    Positive,
)
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.proof.notation import (
    Normal,
    equation,
    expectation,
    half_distance,
    mu_q,
    p_of_x,
    q_of_x,
    quantity,
    sigma_q,
    x,
)
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.fits.reverse_fit import to_cross_entropy

_HALF = Rational(1, 2)
_a = half_distance
_ROLES = Roles(p_of_x, q_of_x, (mu_q, sigma_q, _a))
_LOG_COSH = log(cosh(_a * x))
_SECANT = 1 / cosh(_a * x) ** 2
_CENTRED = Normal(x, S.Zero, sigma_q)
_Q = (q_of_x, Gaussian(mu_q, sigma_q))
_PAIR = Setting(
    laws=(_Q,),
    definitions=((p_of_x, (Normal(x, -_a, S.One) + Normal(x, _a, S.One)) / 2),),
    divergences=(_ROLES,),
)
_D = _ROLES.reverse
_IN_MEAN = Derivative(_D, (mu_q, 2))
_AT_CENTRE = expectation(_CENTRED, _SECANT)


def condition() -> Derivation:
    """From the definition to where the curvature at the centre vanishes."""
    curvature = equation(_IN_MEAN.subs(mu_q, 0), 1 - _a**2 * _AT_CENTRE)
    steps = (
        *_to_log_cosh(),
        Step(
            equation(Derivative(_D, mu_q), mu_q - _a * expectation(q_of_x, tanh(_a * x))),
            "The slope in the mean, with the width held fixed.",
            Bonnet(by=mu_q),
        ),
        Step(
            equation(_IN_MEAN, 1 - _a**2 * expectation(q_of_x, _SECANT)),
            "And again: the curvature.",
            Bonnet(by=mu_q),
        ),
        Step(curvature, "At the centre.", Substitute(values=((mu_q, S.Zero),))),
        Step(
            equation(_a**2 * _AT_CENTRE, S.One),
            "The curvature at the centre vanishes where this holds.",
            Solve(factor=S.NegativeOne),
            under=(vanishing(curvature),),
        ),
    )
    title = "The pitchfork when the width is fixed"
    return Derivation(title, _PAIR, steps[-1].statement, steps, also=(steps[-2].statement,))


def _to_log_cosh() -> tuple[Step, ...]:
    """D(q||p) for the pair: elementary terms, less E_q log cosh(a x)."""
    product = equation(p_of_x, exp(-(x**2 + _a**2) / 2) * cosh(_a * x) / sqrt(2 * pi))
    parabola = expectation(q_of_x, (x**2 + _a**2 + log(2 * pi)) / 2)
    in_cosh = -log(sigma_q) - log(2 * pi) / 2 - _HALF + parabola - expectation(q_of_x, _LOG_COSH)
    in_moments = -log(sigma_q) - _HALF + (mu_q**2 + sigma_q**2 + _a**2) / 2 - expectation(q_of_x, _LOG_COSH)
    return (
        Step(product, "The two unit Gaussians together are one, times a hyperbolic cosine.", Identity()),
        *(_about_this_pair(step) for step in to_cross_entropy()),
        Step(equation(_D, in_cosh), "The logarithm of the target is substituted.", Insert(proved=product)),
        Step(equation(_D, in_moments), "The mean square under the fit.", Moments(density=q_of_x)),
    )


def _about_this_pair(step: Step) -> Step:
    """A step about any target, said of this one, whose D depends on the distance too."""
    return Step(equation(_D, step.expression.rhs), step.reason, step.check)


_KAPPA = quantity("kappa", sigma_q, _a)
_CURVATURE = Setting(
    quantities=((_KAPPA, 1 - _a**2 * _AT_CENTRE),),
    words=(say("{} is the curvature of {} in the mean at the centre of the pair", _KAPPA, _D),),
)


_BELOW = expectation(_CENTRED, exp(-((_a * x) ** 2)))
_IN_CLOSED_FORM = 1 / sqrt(1 + 2 * _a**2 * sigma_q**2)


def both_signs() -> Derivation:
    """The curvature at the centre is positive for a close pair, negative for a far one, and falls in between."""
    steps = (*_positive_when_close(), *_secant_from_below(), *_negative_when_far(), *_falls())
    also = tuple(steps[k].statement for k in (2, 8))
    title = "The pitchfork: both signs, and one critical distance"
    return Derivation(title, _CURVATURE, steps[-1].statement, steps, also=also)


def _positive_when_close() -> tuple[Step, ...]:
    """The curvature is at least 1 - a^2."""
    return (
        Step(equation(_KAPPA, 1 - _a**2 * _AT_CENTRE), "The curvature at the centre.", Definition()),
        Step(
            equation(_KAPPA, 1 - _a**2 + expectation(_CENTRED, _a**2 * tanh(_a * x) ** 2)),
            "The squares of secant and tangent sum to one.",
            LinearMean(density=_CENTRED),
        ),
        Step(
            Ge(_KAPPA, 1 - _a**2, evaluate=False),
            "A square is not negative; so a close pair has its centre as a minimum.",
            Bound(form=expectation(_CENTRED, _a**2 * tanh(_a * x) ** 2)),
        ),
    )


def _secant_from_below() -> tuple[Step, ...]:
    """The square of the hyperbolic secant is nowhere below a Gaussian bell."""
    s = Symbol("s", real=True)
    return (
        Step(
            Ge(s**2 / 2 - log(cosh(s)), 0, evaluate=False),
            "A hyperbolic cosine grows more slowly than this exponential.",
            LeastValue(by=s, at=S.Zero, curvature=tanh(s) ** 2),
        ),
        Step(
            Ge(1 / cosh(s) ** 2 - exp(-(s**2)), 0, evaluate=False),
            "The same without logarithms.",
            Monotone(times=S(2)),
        ),
        Step(
            Ge(_AT_CENTRE, _BELOW, evaluate=False),
            say("Averaged, at {}.", Averaged(average=_of_gap(), by=s).facts[0]),
            Averaged(average=_of_gap(), by=s),
        ),
    )


def _negative_when_far() -> tuple[Step, ...]:
    """The bell's mean in closed form, which bounds the curvature from above."""
    closed, bound = equation(_BELOW, _IN_CLOSED_FORM), Ge(_AT_CENTRE, _IN_CLOSED_FORM, evaluate=False)
    return (
        Step(closed, "A Gaussian integral.", GaussianIntegrals(), back=0),
        Step(bound, "Substituted.", Insert(proved=closed), back=2),
        Step(
            Le(_KAPPA, 1 - _a**2 * _IN_CLOSED_FORM, evaluate=False),
            "So a far pair has a maximum there.",
            BoundPart(bound=bound, times=_a**2),
            back=8,
        ),
    )


def _falls() -> tuple[Step, ...]:
    """The curvature falls as the distance grows."""
    u = Symbol("u", real=True)
    kernel = exp(-(u**2) / (2 * _a**2 * sigma_q**2)) / (sqrt(2 * pi) * sigma_q * cosh(u) ** 2)
    line, rising = (u, -oo, oo), kernel * (1 + u**2 / (_a**2 * sigma_q**2))
    return (
        Step(
            equation(_KAPPA, 1 - _a * Integral(kernel, line)),
            "In units in which the hyperbolic cosine is fixed.",
            ChangeOfVariable(new=u, scale=1 / _a),
            back=9,
        ),
        Step(
            equation(Derivative(_KAPPA, _a), -Integral(rising, line)),
            "Its slope in the distance.",
            Differentiate(by=_a),
        ),
        Step(
            Lt(Derivative(_KAPPA, _a), 0, evaluate=False),
            "It falls with the distance, so it changes sign once: there is one critical distance for each width.",
            Positive(form=Integral(rising, line)),
        ),
    )


def _of_gap() -> Integral:
    return expectation(_CENTRED, GAP(_a * x))


_K = quantity("K", mu_q, sigma_q, _a)
_OF_MEAN = Setting(
    laws=(_Q,),
    quantities=((_K, 1 - _a**2 * expectation(q_of_x, _SECANT)),),
    words=(say("{} is the curvature {} at any mean", _K, _IN_MEAN),),
)


def branches() -> Derivation:
    """The fourth derivative at the centre is positive at every distance: the minima branch off without a jump."""
    fourth = Derivative(_K, (mu_q, 2)).subs(mu_q, 0)
    steps = (
        *_fourth_at_centre(fourth),
        Step(
            equation(fourth, _a**2 / sigma_q**4 * expectation(_CENTRED, _SECANT * (sigma_q**2 - x**2))),
            "The factors taken out.",
            Equal(),
        ),
        Step(
            Gt(fourth, 0, evaluate=False),
            "The secant falls as the square rises, so where one is above its value at one width the other is "
            "below: of all means near the centre the curvature is least there, and beyond the critical distance two "
            "minima branch off.",
            FallsAsItRises(density=_CENTRED, falling=_SECANT, times=_a**2 / sigma_q**4),
        ),
    )
    title = "The pitchfork: the two minima branch off without a jump"
    return Derivation(title, _OF_MEAN, steps[-1].statement, steps)


def _fourth_at_centre(fourth: Expr) -> tuple[Step, ...]:
    """The curvature, differentiated twice more in the mean, at the centre, with the derivatives on the Gaussian."""
    bend = Derivative(_SECANT, (x, 2))
    spread = _SECANT * (x**2 - sigma_q**2) / sigma_q**4
    return (
        Step(
            equation(_K, 1 - _a**2 * expectation(q_of_x, _SECANT)),
            "The curvature in the mean, for every mean.",
            Definition(),
        ),
        Step(
            equation(Derivative(_K, mu_q), -(_a**2) * expectation(q_of_x, Derivative(_SECANT, x))),
            "The third derivative; it is odd in the mean.",
            Bonnet(by=mu_q),
        ),
        Step(
            equation(Derivative(_K, (mu_q, 2)), -(_a**2) * expectation(q_of_x, bend)),
            "The fourth.",
            Bonnet(by=mu_q),
        ),
        Step(
            equation(fourth, -(_a**2) * expectation(_CENTRED, bend)),
            "At the centre.",
            Substitute(values=((mu_q, S.Zero),)),
        ),
        Step(
            equation(fourth, -(_a**2) * expectation(_CENTRED, spread)),
            "By parts, twice: the derivatives go over to the Gaussian.",
            ByParts(boundary=-(_a**2) * (_CENTRED * Derivative(_SECANT, x) - Derivative(_CENTRED, x) * _SECANT)),
        ),
    )
