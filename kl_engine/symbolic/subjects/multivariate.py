"""D between Gaussians in n dimensions: trace, quadratic and log-determinant; and its simpler cases.

Source of the closed form: Kullback (1959), chapter 9; Petersen, Pedersen, The Matrix Cookbook, 8.2.
"""

from dataclasses import replace

from sympy import Determinant, Expr, IndexedBase, MatrixSymbol, Rational, Sum, Symbol, Trace, log, pi
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic.proof.checks.algebra import Equal, ExchangeRoles, Identity
from kl_engine.symbolic.proof.checks.vectors import VectorGaussian, VectorMoments
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, sigma_p, sigma_q
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.sizes import Sizes, i, n

_HALF = Rational(1, 2)
MEAN_P, MEAN_Q = MatrixSymbol("mu_p", n, 1), MatrixSymbol("mu_q", n, 1)
COV_P, COV_Q = MatrixSymbol("Sigma_p", n, n), MatrixSymbol("Sigma_q", n, n)
FACTOR_P, FACTOR_Q = MatrixSymbol("L_p", n, n), MatrixSymbol("L_q", n, n)
P, Q = VectorGaussian(MEAN_P, FACTOR_P, COV_P), VectorGaussian(MEAN_Q, FACTOR_Q, COV_Q)
_PARAMETERS = (MEAN_P, COV_P, MEAN_Q, COV_Q)
_ROLES = Roles(P, Q, _PARAMETERS)
_noise = MatrixSymbol("z", n, 1)
_std_p, _std_q = IndexedBase("sigma_p", positive=True), IndexedBase("sigma_q", positive=True)
_entry_p, _entry_q = IndexedBase("mu_p", real=True), IndexedBase("mu_q", real=True)

_LOG_VOLUMES = log(Determinant(COV_Q) / Determinant(COV_P))


def quadratic(vector: Expr, matrix: Expr) -> Expr:
    """v^T M v as a number."""
    return MatrixElement(vector.T * matrix * vector, 0, 0)


def closed_form(mean_a: Expr, cov_a: Expr, mean_b: Expr, cov_b: Expr) -> Expr:
    """D(a||b) = [tr(S_b^-1 S_a) + (m_b - m_a)^T S_b^-1 (m_b - m_a) - n + log(det S_b / det S_a)] / 2, in nats."""
    return _HALF * (
        Trace(cov_b.I * cov_a) + quadratic(mean_b - mean_a, cov_b.I) - n + log(Determinant(cov_b) / Determinant(cov_a))
    )


def general() -> Derivation:
    divergence = _ROLES.forward
    offset = MEAN_P - MEAN_Q
    averaged = _HALF * (Trace(FACTOR_P.T * COV_Q.I * FACTOR_P) + quadratic(offset, COV_Q.I) - n + _LOG_VOLUMES)
    forward_form = closed_form(MEAN_P, COV_P, MEAN_Q, COV_Q)
    reverse_form = closed_form(MEAN_Q, COV_Q, MEAN_P, COV_P)
    steps = (
        _log_ratio(),
        Step(
            equation(divergence, averaged),
            "Under p the vector z has mean 0 and covariance I: quadratics become traces, linear terms vanish.",
            "expectation of a quadratic form",
            Sizes(inner=VectorMoments(roles=_ROLES, first=P, second=Q)),
        ),
        Step(
            equation(divergence, forward_form),
            "A trace is unchanged when its factors are rotated, and $L_p L_p^T$ is the covariance of p.",
            "cyclic trace",
            Sizes(inner=Equal()),
        ),
        Step(
            equation(_ROLES.reverse, reverse_form),
            "Nothing distinguished p from q but their names.",
            "renaming",
            Sizes(inner=ExchangeRoles(roles=_ROLES)),
        ),
    )
    return Derivation(
        "Gaussians in n dimensions",
        steps[-1].expression,
        steps,
        _PARAMETERS,
        forward_form,
        reverse_form,
    )


def _log_ratio() -> Step:
    """log p - log q at a point given by its standardised noise z."""
    noise = FACTOR_P * _noise
    to_q = quadratic(noise + MEAN_P - MEAN_Q, COV_Q.I)
    standardised = _HALF * (to_q - MatrixElement(_noise.T * _noise, 0, 0) + _LOG_VOLUMES)
    log_p = -quadratic(noise, COV_P.I) / 2 - log(Determinant(COV_P)) / 2 - n * log(2 * pi) / 2
    log_q = -to_q / 2 - log(Determinant(COV_Q)) / 2 - n * log(2 * pi) / 2
    return Step(
        equation(log_p - log_q, standardised),
        "The log ratio at $x = \\mu_p + L_p z$, where $\\Sigma_p = L_p L_p^T$ and z is standard normal.",
        "logarithm of the densities",
        Sizes(inner=Identity()),
        back=0,
    )


def diagonal() -> Derivation:
    terms = log(_std_q[i] / _std_p[i]) + (_std_p[i] ** 2 + (_entry_p[i] - _entry_q[i]) ** 2) / (2 * _std_q[i] ** 2)
    other = log(_std_p[i] / _std_q[i]) + (_std_q[i] ** 2 + (_entry_q[i] - _entry_p[i]) ** 2) / (2 * _std_p[i] ** 2)
    return _special(
        "Diagonal covariances: a sum over the axes",
        "diagonal",
        Sum(terms - _HALF, (i, 1, n)),
        Sum(other - _HALF, (i, 1, n)),
        "Independent axes: determinants are products and traces are sums, so D is the sum of the axes' D.",
        (_entry_p.label, _std_p.label, _entry_q.label, _std_q.label),
    )


def isotropic() -> Derivation:
    apart = Sum((_entry_p[i] - _entry_q[i]) ** 2, (i, 1, n))
    return _special(
        "Isotropic covariances: one width each",
        "isotropic",
        n * log(sigma_q / sigma_p) + (n * sigma_p**2 + apart) / (2 * sigma_q**2) - n * _HALF,
        n * log(sigma_p / sigma_q) + (n * sigma_q**2 + apart) / (2 * sigma_p**2) - n * _HALF,
        "All axes share one width, and only the distance between the means counts.",
        (_entry_p.label, sigma_p, _entry_q.label, sigma_q),
    )


def _special(
    title: str, covariance: str, forward_form: Expr, reverse_form: Expr, reason: str, parameters: tuple[Symbol, ...]
) -> Derivation:
    start = general().steps
    last = equation(_ROLES.reverse, reverse_form)
    check = Sizes(inner=Equal(), covariance=covariance)
    steps = (
        *start[:3],
        Step(equation(_ROLES.forward, forward_form), reason, "the covariance put in", check),
        replace(start[3], back=2),
        Step(last, "The same with the roles exchanged.", "the covariance put in", check),
    )
    return Derivation(
        title,
        last,
        steps,
        parameters,
        formula=forward_form,
        meaning="D(p||q), in nats.",
        notes=tuple(
            f"mu_{role}, sigma_{role}: mean and standard deviation (> 0) of {role} on each axis." for role in "pq"
        ),
    )
