"""Mean field: a Gaussian with independent axes against a correlated one, in both directions.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.1.2. The reverse fit has variances 1/(S^-1)_ii, the
forward fit S_ii. For two axes both cost -log(1 - rho^2)/2: the values cannot tell the directions apart, the widths can.
"""

from sympy import Derivative, Determinant, Expr, ImmutableMatrix, IndexedBase, Rational, Sum, Symbol, diag, log, sqrt
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic.proof.checks.algebra import Insert, Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.checks.vectors import VectorDivergence, VectorGaussian, quadratic
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, i, n, rho, sigma_1, sigma_2
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Correlation, Setting, SizeRange
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.gaussians.multivariate import COV_P, COV_Q, MEAN_P, MEAN_Q, P, Q

_HALF = Rational(1, 2)
_std_q, _entry_p, _entry_q = IndexedBase("sigma_q"), IndexedBase("mu_p"), IndexedBase("mu_q")
_last = _std_q[n]  # the axes may be numbered in any order, so the last one is any one
_ROLES = Roles(P, Q, (MEAN_P, COV_P, MEAN_Q, COV_Q, _entry_q[n], _last))
_SETTING = Setting(
    divergences=(_ROLES,),
    sizes=SizeRange(sizes=(2, 3), covariance="factorised"),
    words=(
        say("{} is Gaussian with mean {} and covariance {}", Symbol("p"), MEAN_P, COV_P),
        say("{} too, with independent axes of means {} and widths {}", Symbol("q"), _entry_q[i], _std_q[i]),
        say("axis {} stands for any one, since they may be numbered in any order", n),
    ),
)
_ORIGIN = ImmutableMatrix([0, 0])


def _diagonal_entry(matrix: Expr) -> Expr:
    return MatrixElement(matrix, n - 1, n - 1)


def reverse_fit() -> Derivation:
    """The variance of each axis is one over the diagonal of the precision."""
    divergence = _ROLES.reverse
    own = Sum(MatrixElement(COV_P.I, i - 1, i - 1) * _std_q[i] ** 2 - 2 * log(_std_q[i]), (i, 1, n))
    precision = _diagonal_entry(COV_P.I)
    slope = equation(Derivative(divergence, _last), precision * _last - 1 / _last)
    steps = (
        Step(
            equation(divergence, _HALF * (own + quadratic(MEAN_Q - MEAN_P, COV_P.I) - n + log(Determinant(COV_P)))),
            "Of the precision of the target only the diagonal meets the widths of the fit.",
            VectorDivergence(),
        ),
        Step(slope, "The slope in the width of one axis.", Differentiate(by=_last)),
        Step(
            equation(_last**2, 1 / precision),
            "It vanishes where the variance is one over the precision: that of the target with all other axes held.",
            Solve(factor=precision / _last),
            under=(vanishing(slope),),
        ),
    )
    return Derivation("Mean field, reverse: one over the precision", _SETTING, steps[-1].statement, steps)


def forward_fit() -> Derivation:
    """The variance of each axis is the diagonal of the covariance."""
    divergence = _ROLES.forward
    ratio = (MatrixElement(COV_P, i - 1, i - 1) + (_entry_p[i] - _entry_q[i]) ** 2) / _std_q[i] ** 2
    body = Sum(ratio + 2 * log(_std_q[i]), (i, 1, n)) - n - log(Determinant(COV_P))
    variance, gap = _diagonal_entry(COV_P), (_entry_p[n] - _entry_q[n]) ** 2
    in_mean = equation(Derivative(divergence, _entry_q[n]), (_entry_q[n] - _entry_p[n]) / _last**2)
    in_width = equation(Derivative(divergence, _last), (_last**2 - variance - gap) / _last**3)
    matched = equation(_entry_q[n], _entry_p[n])
    steps = (
        Step(
            equation(divergence, _HALF * body),
            "Of the covariance of the target only the diagonal is seen.",
            VectorDivergence(),
        ),
        Step(in_mean, "The slope in the mean of one axis.", Differentiate(by=_entry_q[n])),
        Step(
            matched,
            "It vanishes where the means agree.",
            Solve(factor=1 / _last**2),
            under=(vanishing(in_mean),),
        ),
        Step(in_width, "The slope in the width.", Differentiate(by=_last), back=3),
        Step(
            equation(_last**2, variance + gap),
            "It vanishes where the variance is the mean square about the mean of the fit.",
            Solve(factor=1 / _last**3),
            under=(vanishing(in_width),),
        ),
        Step(
            equation(_last**2, variance),
            "Where both vanish it is the variance of the target along the axis.",
            Insert(proved=matched),
            under=(vanishing(in_width), vanishing(in_mean)),
        ),
    )
    return Derivation("Mean field, forward: the variance itself", _SETTING, steps[-1].statement, steps)


_s_1, _s_2 = Symbol("s_1", positive=True), Symbol("s_2", positive=True)


def _correlated() -> VectorGaussian:
    """Two axes with correlation rho."""
    covariance = ImmutableMatrix([[sigma_1**2, rho * sigma_1 * sigma_2], [rho * sigma_1 * sigma_2, sigma_2**2]])
    factor = ImmutableMatrix([[sigma_1, 0], [rho * sigma_2, sigma_2 * sqrt(1 - rho**2)]])
    return VectorGaussian(_ORIGIN, factor, covariance)


def _independent() -> VectorGaussian:
    widths = ImmutableMatrix(diag(_s_1, _s_2))
    return VectorGaussian(_ORIGIN, widths, widths**2)


_TWO = Roles(_correlated(), _independent(), (sigma_1, sigma_2, rho, _s_1, _s_2))
_TWO_AXES = Setting(
    divergences=(_TWO,),
    domains=(Correlation(rho),),
    words=(
        say("{} has two axes of widths {} and {} with correlation {}", Symbol("p"), sigma_1, sigma_2, rho),
        say("{} has two independent axes of widths {} and {}", Symbol("q"), _s_1, _s_2),
        say("the means agree"),
    ),
)


def cost() -> Derivation:
    """Both optima of two correlated axes cost the same: the mutual information of the axes."""
    price = -log(1 - rho**2) / 2
    steps = _both_costs(price)
    return Derivation(
        "Mean field: both optima cost the same",
        _TWO_AXES,
        steps[-1].statement,
        steps,
        (rho,),
        formula=price,
        meaning="the least D, in either direction, between two correlated axes and independent ones, in nats.",
        notes=("rho: correlation of the two axes, in [-1, 1]; the cost is infinite at both ends.",),
        also=(steps[1].statement,),
    )


def _both_costs(price: Expr) -> tuple[Step, ...]:
    """D in each direction, for any widths of q, and then at the fit of that direction."""
    volumes = log(_s_1**2 * _s_2**2 / (sigma_1**2 * sigma_2**2 * (1 - rho**2)))
    narrow = ((_s_1, sigma_1 * sqrt(1 - rho**2)), (_s_2, sigma_2 * sqrt(1 - rho**2)))
    matched = ((_s_1, sigma_1), (_s_2, sigma_2))
    squares = (_s_1**2 / sigma_1**2 + _s_2**2 / sigma_2**2) / (1 - rho**2)
    return (
        Step(
            equation(_TWO.forward, _HALF * (sigma_1**2 / _s_1**2 + sigma_2**2 / _s_2**2 - 2 + volumes)),
            "The forward direction, at any widths of the fit.",
            VectorDivergence(),
        ),
        Step(
            equation(_TWO.forward.subs(matched), price),
            "At the forward fit, the variances themselves.",
            Substitute(values=matched),
        ),
        Step(
            equation(_TWO.reverse, _HALF * (squares - 2 - volumes)),
            "The reverse direction.",
            VectorDivergence(),
        ),
        Step(
            equation(_TWO.reverse.subs(narrow), price),
            "At the reverse fit, one over the precisions: the same value, the mutual information of the two axes.",
            Substitute(values=narrow),
        ),
    )
