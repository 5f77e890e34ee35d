"""Mean field: a Gaussian with independent axes against a correlated one, in both directions.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.1.2. The reverse fit has variances 1/(S^-1)_ii, the
forward fit S_ii. For two axes both cost -log(1 - rho^2)/2: the values cannot tell the directions apart, the widths can.
"""

from sympy import Derivative, Determinant, Expr, ImmutableMatrix, IndexedBase, Rational, Sum, Symbol, diag, log, sqrt
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic.proof.check import Check
from kl_engine.symbolic.proof.checks.algebra import Solve, Substitute
from kl_engine.symbolic.proof.checks.calculus import Differentiate
from kl_engine.symbolic.proof.checks.vectors import VectorDivergence, VectorGaussian
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, rho, sigma_1, sigma_2
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.sizes import Sizes, i, n
from kl_engine.symbolic.subjects.multivariate import COV_P, MEAN_P, MEAN_Q, P, Q, quadratic

_HALF = Rational(1, 2)
_std_q, _entry_p, _entry_q = IndexedBase("sigma_q"), IndexedBase("mu_p"), IndexedBase("mu_q")
_last = _std_q[n]  # the axes may be numbered in any order, so the last one is any one
_ROLES = Roles(P, Q, (n, _entry_p[n], _entry_q[n], _last))  # of the other axes nothing is said
_DIMENSIONS = (2, 3)
_ORIGIN = ImmutableMatrix([0, 0])
_u = Symbol("u", positive=True)
_ANY_CORRELATION = ((rho, (1 - _u**2) / (1 + _u**2)),)  # every value in (-1, 1), and 1 - rho^2 > 0 is seen


def _sized(inner: Check) -> Sizes:
    return Sizes(inner=inner, sizes=_DIMENSIONS, covariance="factorised")


def _diagonal_entry(matrix: Expr) -> Expr:
    return MatrixElement(matrix, n - 1, n - 1)


def reverse_fit() -> Derivation:
    divergence = _ROLES.reverse
    own = Sum(MatrixElement(COV_P.I, i - 1, i - 1) * _std_q[i] ** 2 - 2 * log(_std_q[i]), (i, 1, n))
    precision = _diagonal_entry(COV_P.I)
    claim = equation(_last**2, 1 / precision)
    steps = (
        Step(
            equation(divergence, _HALF * (own + quadratic(MEAN_Q - MEAN_P, COV_P.I) - n + log(Determinant(COV_P)))),
            "D from a q with independent axes to a correlated p: of the precision of p only the diagonal meets "
            "the widths of q.",
            "Gaussians in n dimensions",
            _sized(VectorDivergence(roles=_ROLES, first=Q, second=P)),
            back=0,
        ),
        Step(
            equation(Derivative(divergence, _last), precision * _last - 1 / _last),
            "The derivative by the width of one axis.",
            "derivative",
            _sized(Differentiate(by=_last)),
        ),
        Step(
            claim,
            "It is 0 where the variance is one over the precision: the width of p with all other axes held fixed.",
            "stationarity",
            _sized(Solve(factor=precision / _last)),
        ),
    )
    return Derivation("Mean field, reverse: one over the precision", claim, steps)


def forward_fit() -> Derivation:
    divergence = _ROLES.forward
    ratio = (MatrixElement(COV_P, i - 1, i - 1) + (_entry_p[i] - _entry_q[i]) ** 2) / _std_q[i] ** 2
    body = Sum(ratio + 2 * log(_std_q[i]), (i, 1, n)) - n - log(Determinant(COV_P))
    variance = _diagonal_entry(COV_P)
    gap = (_entry_p[n] - _entry_q[n]) ** 2
    matched = (_entry_q[n], _entry_p[n])
    claim = equation(_last**2, variance)
    steps = (
        Step(
            equation(divergence, _HALF * body),
            "D from a correlated p to a q with independent axes: of the covariance of p only the diagonal is seen.",
            "Gaussians in n dimensions",
            _sized(VectorDivergence(roles=_ROLES, first=P, second=Q)),
            back=0,
        ),
        Step(
            equation(Derivative(divergence, _last), 1 / _last - (variance + gap) / _last**3),
            "The derivative by the width of one axis.",
            "derivative",
            _sized(Differentiate(by=_last)),
        ),
        Step(
            equation(Derivative(divergence.subs(*matched), _last), 1 / _last - variance / _last**3),
            "With the means matched, as in every forward fit.",
            "substitution",
            _sized(Substitute(values=(matched,))),
        ),
        Step(
            claim,
            "It is 0 where the variance is that of p along the axis.",
            "stationarity",
            _sized(Solve(factor=1 / _last**3)),
        ),
    )
    return Derivation("Mean field, forward: the variance itself", claim, steps)


def _correlated() -> VectorGaussian:
    """Two axes with correlation rho, written so that 1 - rho^2 > 0 is seen."""
    covariance = ImmutableMatrix([[sigma_1**2, rho * sigma_1 * sigma_2], [rho * sigma_1 * sigma_2, sigma_2**2]])
    factor = ImmutableMatrix([[sigma_1, 0], [rho * sigma_2, sigma_2 * sqrt(1 - rho**2)]])
    return VectorGaussian(_ORIGIN, *(matrix.xreplace(dict(_ANY_CORRELATION)) for matrix in (factor, covariance)))


def _independent(*stds: Symbol) -> VectorGaussian:
    widths = ImmutableMatrix(diag(*stds))
    return VectorGaussian(_ORIGIN, widths, widths**2)


def cost() -> Derivation:
    """Both optima of two correlated axes cost the same: the mutual information of the axes."""
    price = -log(1 - rho**2) / 2
    steps = _both_costs(price)
    return Derivation(
        "Mean field: both optima cost the same",
        steps[-1].expression,
        steps,
        (rho,),
        formula=price,
        meaning="the least D, in either direction, between two correlated axes and independent ones, in nats.",
        notes=("rho: correlation of the two axes, in [-1, 1]; the cost is infinite at both ends.",),
    )


def _both_costs(price: Expr) -> tuple[Step, ...]:
    """D in each direction, for any widths of q, and then at the fit of that direction."""
    s_1, s_2 = Symbol("s_1", positive=True), Symbol("s_2", positive=True)
    volumes = log(s_1**2 * s_2**2 / (sigma_1**2 * sigma_2**2 * (1 - rho**2)))
    narrow = ((s_1, sigma_1 * sqrt(1 - rho**2)), (s_2, sigma_2 * sqrt(1 - rho**2)))
    matched = ((s_1, sigma_1), (s_2, sigma_2))
    known = {"where": _ANY_CORRELATION}
    p, q = _correlated(), _independent(s_1, s_2)
    roles = Roles(p, q, (s_1, s_2))
    return (
        Step(
            equation(roles.forward, _HALF * (sigma_1**2 / s_1**2 + sigma_2**2 / s_2**2 - 2 + volumes)),
            "Two axes with correlation $\\rho$, equal means.",
            "Gaussians in n dimensions, forward",
            VectorDivergence(roles=roles, first=p, second=q, **known),
            back=0,
        ),
        Step(
            equation(roles.forward.subs(matched), price),
            "At the forward fit, the variances themselves.",
            "substitution",
            Substitute(values=matched, **known),
        ),
        Step(
            equation(
                roles.reverse,
                _HALF * ((s_1**2 / sigma_1**2 + s_2**2 / sigma_2**2) / (1 - rho**2) - 2 - volumes),
            ),
            "The reverse direction.",
            "Gaussians in n dimensions, reverse",
            VectorDivergence(roles=roles, first=q, second=p, **known),
            back=0,
        ),
        Step(
            equation(roles.reverse.subs(narrow), price),
            "At the reverse fit, one over the precisions: the same value, the mutual information of the two axes.",
            "substitution",
            Substitute(values=narrow, **known),
        ),
    )
