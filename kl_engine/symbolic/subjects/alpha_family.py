"""The alpha-divergence between Gaussians, and both directions of D as its limits.

D_alpha(p||q) = (1 - int p^alpha q^(1 - alpha) dx) / (alpha (1 - alpha)): alpha -> 1 is D(p||q), alpha -> 0 D(q||p).
Source: Minka (2005), Divergence measures and message passing (his normalisation).
"""

from dataclasses import dataclass

from mpmath import mpf
from sympy import Expr, Integral, Limit, S, Symbol, exp, log, oo, pi, sqrt
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.check import Check, Pair, substitute
from kl_engine.symbolic.proof.checks.algebra import Equal, Insert
from kl_engine.symbolic.proof.checks.calculus import Ratio
from kl_engine.symbolic.proof.checks.expectations import GaussianIntegrals
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import alpha, equation, mu_p, mu_q, p_of_x, q_of_x, sigma_p, sigma_q, x
from kl_engine.symbolic.proof.quantities import Roles, alpha_divergence
from kl_engine.symbolic.proof.sampling import Point
from kl_engine.symbolic.subjects.gaussian import NOTES, PARAMETERS, P, Q, closed_form

_LINE = (x, -oo, oo)
_u = Symbol("u", positive=True)
# Every value in (0, 1), in a form in which 1 - alpha > 0 is seen.
_BETWEEN = ((1 - alpha, 1 / (1 + _u)), (alpha - 1, -1 / (1 + _u)), (alpha, _u / (1 + _u)))
_DENSITIES = ((p_of_x, P.density()), (q_of_x, Q.density()))
_ROLES = Roles(p_of_x, q_of_x, PARAMETERS)
_D = alpha_divergence(alpha, _ROLES)


@dataclass(frozen=True, kw_only=True)
class AlphaDefinition(Check):
    """D_alpha = int (alpha p + (1 - alpha) q - p^alpha q^(1-alpha)) dx / (alpha (1 - alpha)), densities of mass 1."""

    starts = True

    roles: Roles

    def left(self, before: Relational | None) -> Expr:
        return alpha_divergence(alpha, self.roles)

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        geometric = exp(alpha * log(self.roles.target) + (1 - alpha) * log(self.roles.approximation))
        return [(after.rhs, (1 - Integral(geometric, _LINE)) / (alpha * (1 - alpha)))]

    def numbers(self, before: Relational | None, after: Relational, point: Point) -> list[tuple[mpf, mpf]]:
        p, q = self.roles.target, self.roles.approximation
        masses = alpha * p + (1 - alpha) * q - p**alpha * q ** (1 - alpha)
        explicit = [substitute(e, _DENSITIES) for e in (after.rhs, Integral(masses, _LINE) / (alpha * (1 - alpha)))]
        return [tuple(self.number(e, point) for e in explicit)]

    @property
    def words(self) -> str:
        return "The form is compared with Minka's integrand, which is integrated by quadrature."


def overlap() -> Expr:
    """int p^alpha q^(1-alpha) dx for two Gaussians; v = alpha sigma_q^2 + (1 - alpha) sigma_p^2."""
    v = _mixed_variance()
    widths = sigma_q**alpha * sigma_p ** (1 - alpha) / sqrt(v)
    return widths * exp(-alpha * (1 - alpha) * (mu_p - mu_q) ** 2 / (2 * v))


def _mixed_variance() -> Expr:
    return alpha * sigma_q**2 + (1 - alpha) * sigma_p**2


def gaussians() -> Derivation:
    scale = alpha * (1 - alpha)
    exponent = -alpha * (x - mu_p) ** 2 / (2 * sigma_p**2) - (1 - alpha) * (x - mu_q) ** 2 / (2 * sigma_q**2)
    height = sigma_p ** (-alpha) * sigma_q ** (alpha - 1) / sqrt(2 * pi)
    lemma = equation(Integral(height * exp(exponent), _LINE), overlap())
    closed = equation(_D, (1 - overlap()) / scale)
    steps = (
        Step(
            equation(_D, (1 - Integral(p_of_x**alpha * q_of_x ** (1 - alpha), _LINE)) / scale),
            "One less the overlap of p and q, weighted by $\\alpha$.",
            "definition",
            AlphaDefinition(roles=_ROLES),
            back=0,
        ),
        Step(
            equation(_D, (1 - Integral(height * exp(exponent), _LINE)) / scale),
            "Powers of Gaussian densities: the exponents add.",
            "product of powers",
            Equal(where=_DENSITIES),
        ),
        Step(
            lemma,
            "The exponent is one parabola: complete the square.",
            "Gaussian integral",
            GaussianIntegrals(where=_BETWEEN),
            back=0,
        ),
        Step(closed, "The integral put in.", "substitution", Insert(proved=lemma), back=2),
        *_limits(scale),
    )
    return Derivation(
        "Alpha-divergence and its two limits",
        steps[-1].expression,
        steps,
        (alpha, *PARAMETERS),
        formula=closed.rhs,
        meaning="D_alpha(p||q) in Minka's normalisation, a number without a unit.",
        notes=(
            "alpha: order, in [0, 1]. At its ends it is the limit, in nats: D(p||q) at 1, D(q||p) at 0.",
            "Close to an end digits cancel: the error is about 1e-16 over the distance to it.",
            *NOTES,
        ),
    )


def _limits(scale: Expr) -> tuple[Step, Step]:
    """Both ends of alpha: the numerator and the denominator vanish together."""
    form = {"by": alpha, "numerator": 1 - overlap(), "denominator": scale}
    return (
        Step(
            equation(Limit(_D, alpha, 1), closed_form(P, Q)),
            "As $\\alpha$ tends to 1: the forward direction.",
            "l'Hopital",
            Ratio(at=S.One, **form),
        ),
        Step(
            equation(Limit(_D, alpha, 0), closed_form(Q, P)),
            "As $\\alpha$ tends to 0: the reverse direction.",
            "l'Hopital",
            Ratio(at=S.Zero, **form),
            back=2,
        ),
    )
