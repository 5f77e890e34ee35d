"""D between Gaussians in n dimensions: trace, quadratic and log-determinant; and its simpler cases.

Source of the closed form: Kullback (1959), chapter 9; Petersen, Pedersen, The Matrix Cookbook, 8.2.
"""

from sympy import Determinant, Expr, Identity, IndexedBase, MatrixSymbol, Rational, Sum, Symbol, Trace, log
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic.proof.checks.algebra import Equal, ExchangeRoles
from kl_engine.symbolic.proof.checks.vectors import (
    LogNormal,
    NoiseMean,
    VectorDefinition,
    VectorGaussian,
    VectorMoments,
    quadratic,
)
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, i, n, sigma_p, sigma_q
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, SizeRange

_HALF = Rational(1, 2)
MEAN_P, MEAN_Q = MatrixSymbol("mu_p", n, 1), MatrixSymbol("mu_q", n, 1)
COV_P, COV_Q = MatrixSymbol("Sigma_p", n, n), MatrixSymbol("Sigma_q", n, n)
FACTOR_P, FACTOR_Q = MatrixSymbol("L_p", n, n), MatrixSymbol("L_q", n, n)
P, Q = VectorGaussian(MEAN_P, FACTOR_P, COV_P), VectorGaussian(MEAN_Q, FACTOR_Q, COV_Q)
_PARAMETERS = (MEAN_P, COV_P, MEAN_Q, COV_Q)
_ROLES = Roles(P, Q, _PARAMETERS)
NOISE = MatrixSymbol("z", n, 1)
_std_p, _std_q = IndexedBase("sigma_p", positive=True), IndexedBase("sigma_q", positive=True)
_entry_p, _entry_q = IndexedBase("mu_p", real=True), IndexedBase("mu_q", real=True)

_LOG_VOLUMES = log(Determinant(COV_Q) / Determinant(COV_P))


def closed_form(mean_a: Expr, cov_a: Expr, mean_b: Expr, cov_b: Expr) -> Expr:
    """D(a||b) = [tr(S_b^-1 S_a) + (m_b - m_a)^T S_b^-1 (m_b - m_a) - n + log(det S_b / det S_a)] / 2, in nats."""
    return _HALF * (
        Trace(cov_b.I * cov_a) + quadratic(mean_b - mean_a, cov_b.I) - n + log(Determinant(cov_b) / Determinant(cov_a))
    )


def _setting(covariance: str) -> Setting:
    kinds = {"general": "", "diagonal": ", both diagonal", "isotropic": ", both multiples of the identity"}
    words = (
        say("{} and {} are Gaussian, with means {} and {}", Symbol("p"), Symbol("q"), MEAN_P, MEAN_Q),
        say("covariances {} and {}" + kinds[covariance], COV_P, COV_Q),
        say("{} has a factor with {}, and {} is standard normal", COV_P, FACTOR_P * FACTOR_P.T, NOISE),
    )
    return Setting(divergences=(_ROLES,), sizes=SizeRange(covariance=covariance), words=words)


def general() -> Derivation:
    """From the definition, with x = mu_p + L_p z."""
    steps = _steps()
    return Derivation(
        "Gaussians in n dimensions",
        _setting("general"),
        steps[-1].statement,
        steps,
        _PARAMETERS,
        closed_form(MEAN_P, COV_P, MEAN_Q, COV_Q),
        closed_form(MEAN_Q, COV_Q, MEAN_P, COV_P),
        also=(steps[-2].statement,),
    )


def _steps() -> tuple[Step, ...]:
    divergence = _ROLES.forward
    at = MEAN_P + FACTOR_P * NOISE
    offset, shifted = MEAN_P - MEAN_Q, FACTOR_P * NOISE + MEAN_P - MEAN_Q
    own = quadratic(NOISE, Identity(n))
    spread = quadratic(NOISE, FACTOR_P.T * COV_Q.I * FACTOR_P)
    return (
        Step(
            equation(divergence, NoiseMean(LogNormal(at, MEAN_P, COV_P) - LogNormal(at, MEAN_Q, COV_Q))),
            say("The mean log ratio under {}, whose points are {} with {} standard normal.", Symbol("p"), at, NOISE),
            VectorDefinition(),
        ),
        Step(
            equation(divergence, _HALF * _LOG_VOLUMES + NoiseMean(quadratic(shifted, COV_Q.I) - own) / 2),
            "Each logarithm is a quadratic form, less half the logarithm of a determinant.",
            VectorMoments(),
        ),
        Step(
            equation(divergence, _HALF * (_LOG_VOLUMES + NoiseMean(spread) + quadratic(offset, COV_Q.I) - n)),
            say("Squares multiplied out: the terms linear in {} have mean zero, and {} has mean {}.", NOISE, own, n),
            VectorMoments(),
        ),
        Step(
            equation(
                divergence,
                _HALF * (Trace(FACTOR_P.T * COV_Q.I * FACTOR_P) + quadratic(offset, COV_Q.I) - n + _LOG_VOLUMES),
            ),
            say(
                "The products {} have mean one for equal indices and zero for others, so the mean of a quadratic form "
                "is the trace of its matrix.",
                MatrixElement(NOISE, i - 1, 0) * MatrixElement(NOISE, Symbol("j") - 1, 0),
            ),
            VectorMoments(),
        ),
        Step(
            equation(divergence, closed_form(MEAN_P, COV_P, MEAN_Q, COV_Q)),
            say("A trace is the same when its factors are rotated, and {} is the covariance.", FACTOR_P * FACTOR_P.T),
            Equal(),
        ),
        Step(
            equation(_ROLES.reverse, closed_form(MEAN_Q, COV_Q, MEAN_P, COV_P)),
            "Nothing distinguished the two but their names.",
            ExchangeRoles(),
        ),
    )


def diagonal() -> Derivation:
    """Independent axes: a sum of D on the line."""
    terms = log(_std_q[i] / _std_p[i]) + (_std_p[i] ** 2 + (_entry_p[i] - _entry_q[i]) ** 2) / (2 * _std_q[i] ** 2)
    other = log(_std_p[i] / _std_q[i]) + (_std_q[i] ** 2 + (_entry_q[i] - _entry_p[i]) ** 2) / (2 * _std_p[i] ** 2)
    return _special(
        "Diagonal covariances: a sum over the axes",
        "diagonal",
        Sum(terms - _HALF, (i, 1, n)),
        Sum(other - _HALF, (i, 1, n)),
        "Determinants are products and traces are sums, so this is the sum of what the axes cost each.",
        (_entry_p.label, _std_p.label, _entry_q.label, _std_q.label),
    )


def isotropic() -> Derivation:
    """One width each: only the distance between the means counts."""
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
    start = _steps()
    steps = (
        *start[:-1],
        Step(equation(_ROLES.forward, forward_form), reason, Equal()),
        Step(start[-1].expression, start[-1].reason, start[-1].check, back=2),
        Step(equation(_ROLES.reverse, reverse_form), "The same with the roles exchanged.", Equal()),
    )
    return Derivation(
        title,
        _setting(covariance),
        steps[-1].statement,
        steps,
        parameters,
        formula=forward_form,
        meaning="D(p||q), in nats.",
        notes=tuple(
            f"mu_{role}, sigma_{role}: mean and standard deviation (> 0) of {role} on each axis." for role in "pq"
        ),
        also=(steps[-3].statement,),
    )
