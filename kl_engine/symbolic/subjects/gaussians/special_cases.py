"""Two Gaussians on the line: the gap between the directions, equal means, equal widths, and when D is 0."""

from sympy import Eq, Ge, Rational, S, log, sqrt

from kl_engine.symbolic.proof.checks.algebra import Difference, Equal, Substitute
from kl_engine.symbolic.proof.checks.order import AtLeast, OnlyZero
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, mu_p, mu_q, sigma_p, sigma_q
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.subjects.gaussian import (
    GAUSSIANS,
    NOTES,
    PARAMETERS,
    TWO_GAUSSIANS,
    forward_closed,
    reverse_closed,
)
from kl_engine.symbolic.subjects.gibbs import tangent

_HALF = Rational(1, 2)


def gap() -> Derivation:
    """D(p||q) - D(q||p): what the direction makes of the same pair."""
    forward, reverse = forward_closed(), reverse_closed()
    square = (mu_p - mu_q) ** 2
    left = GAUSSIANS.forward - GAUSSIANS.reverse
    widths = (sigma_p**2 / sigma_q**2 - sigma_q**2 / sigma_p**2) / 2
    tilt = square / 2 * (1 / sigma_q**2 - 1 / sigma_p**2)
    steps = (
        forward,
        reverse,
        Step(
            equation(
                left,
                2 * log(sigma_q / sigma_p)
                + (sigma_p**2 + square) / (2 * sigma_q**2)
                - (sigma_q**2 + square) / (2 * sigma_p**2),
            ),
            "One less the other; the two logarithms are opposite.",
            Difference(minus=reverse.expression),
            back=2,
        ),
        Step(
            equation(left, 2 * log(sigma_q / sigma_p) + widths + tilt),
            "Sorted into what the widths do alone, and what a distance of the means adds.",
            Equal(),
        ),
        Step(
            equation(left.subs(sigma_q, sigma_p), S.Zero),
            "With equal widths nothing is left: the two directions agree, however far apart the means are.",
            Substitute(values=((sigma_q, sigma_p),)),
        ),
    )
    return Derivation(
        "The gap between the two directions",
        TWO_GAUSSIANS,
        steps[-1].statement,
        steps,
        PARAMETERS,
        formula=steps[3].expression.rhs,
        meaning="D(p||q) - D(q||p), in nats.",
        notes=NOTES,
        also=(steps[3].statement,),
    )


def equal_means() -> Derivation:
    """What is left of both directions when only the widths differ."""
    same = ((mu_q, mu_p),)
    forward, reverse = forward_closed(), reverse_closed()
    spread = Step(
        equation(GAUSSIANS.forward.subs(same), log(sigma_q / sigma_p) + sigma_p**2 / (2 * sigma_q**2) - _HALF),
        "With equal means only the ratio of the widths is left.",
        Substitute(values=same),
        back=2,
    )
    other = Step(
        equation(GAUSSIANS.reverse.subs(same), log(sigma_p / sigma_q) + sigma_q**2 / (2 * sigma_p**2) - _HALF),
        "The reverse direction, with equal means.",
        Substitute(values=same),
        back=2,
    )
    last = Step(
        equation(
            spread.expression.lhs - other.expression.lhs,
            2 * log(sigma_q / sigma_p) + (sigma_p**2 / sigma_q**2 - sigma_q**2 / sigma_p**2) / 2,
        ),
        "The two directions differ by this.",
        Difference(minus=other.expression),
        back=2,
    )
    return Derivation(
        "Equal means: only the widths differ",
        TWO_GAUSSIANS,
        last.statement,
        (forward, reverse, spread, other, last),
        (mu_p, sigma_p, sigma_q),
        spread.expression.rhs,
        other.expression.rhs,
        notes=("mu_p: mean of both.", "sigma_p, sigma_q: standard deviations (> 0) of p and of q."),
    )


def equal_stds() -> Derivation:
    """With equal widths both directions are the same: an example of this kind cannot show a swapped argument."""
    same = ((sigma_q, sigma_p),)
    distance = (mu_p - mu_q) ** 2 / (2 * sigma_p**2)
    forward, reverse = forward_closed(), reverse_closed()
    shift = Step(
        equation(GAUSSIANS.forward.subs(same), distance),
        "The logarithm and the constant cancel; half the squared distance in units of the width is left.",
        Substitute(values=same),
        back=2,
    )
    other = Step(
        equation(GAUSSIANS.reverse.subs(same), distance),
        "The reverse direction, with equal widths, is the same.",
        Substitute(values=same),
        back=2,
    )
    last = Step(
        equation(shift.expression.lhs - other.expression.lhs, S.Zero),
        "A pure shift of the mean costs the same in both directions.",
        Difference(minus=other.expression),
        back=2,
    )
    return Derivation(
        "Equal widths: only the means differ",
        TWO_GAUSSIANS,
        last.statement,
        (forward, reverse, shift, other, last),
        (mu_p, sigma_p, mu_q),
        distance,
        notes=("mu_p, mu_q: means of p and of q.", "sigma_p: standard deviation (> 0) of both."),
    )


def zero_only_for_equal() -> Derivation:
    """D >= 0 for two Gaussians, from their closed form, and D = 0 only where p = q."""
    whole = forward_closed()
    ratio, square = sigma_p**2 / sigma_q**2, (mu_p - mu_q) ** 2 / (2 * sigma_q**2)
    parts = {"whole": whole.expression, "ratio": ratio, "square": square}
    vanishing = (Eq(GAUSSIANS.forward, S.Zero, evaluate=False),)
    curve = tangent()
    divided = Step(
        equation(GAUSSIANS.forward, (ratio - 1 - log(ratio)) / 2 + square),
        say("Sorted by {}: what the widths cost, and what the means cost.", ratio),
        Equal(),
    )
    steps = (
        whole,
        divided,
        curve,
        Step(
            Ge(GAUSSIANS.forward, 0, evaluate=False),
            say("At the ratio {} the first part is not negative, and neither is the square.", ratio),
            AtLeast(**parts),
        ),
        Step(
            equation(sigma_q, sigma_p),
            "Where the sum vanishes both parts do. The first vanishes only where the ratio is one.",
            OnlyZero(**parts, factor=(sigma_p + sigma_q) / -(sigma_q**2)),
            under=vanishing,
            back=2,
        ),
        Step(
            equation(mu_q, mu_p),
            "And the second only where the means agree: a divergence of zero says that q is p.",
            OnlyZero(**parts, factor=1 / (sqrt(2) * sigma_q)),
            under=vanishing,
            back=3,
        ),
    )
    also = tuple(step.statement for step in steps[3:5])
    return Derivation("D vanishes only for equal Gaussians", TWO_GAUSSIANS, steps[-1].statement, steps, also=also)
