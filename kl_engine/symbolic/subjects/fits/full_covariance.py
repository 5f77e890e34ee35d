"""Both directions with a full covariance in n dimensions: what each asks of the mean vector and of the matrix.

Forward: mu_q = E_p x, Sigma_q = Cov_p. Reverse: E_q[gradient of log p] = 0, Sigma_q^-1 = -E_q[Hessian of log p].
Proved for n = 1, 2, 3. Source: Opper, Archambeau (2009); Bishop (2006), 10.7.
"""

from sympy import Determinant, MatAdd, MatMul, MatrixSymbol, Rational, Symbol, Trace, ZeroMatrix, log, pi

from kl_engine.symbolic.proof.checks.algebra import Insert, Solve
from kl_engine.symbolic.proof.checks.fields import (
    AnyField,
    AnyVector,
    FieldDefinition,
    FieldDerivatives,
    FieldGradient,
    FieldMean,
    MatrixGradient,
    gradient,
)
from kl_engine.symbolic.proof.checks.vectors import LogNormal, NoiseMean, VectorGaussian, VectorMoments, quadratic
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation, n
from kl_engine.symbolic.proof.quantities import Roles
from kl_engine.symbolic.proof.reason import say
from kl_engine.symbolic.proof.setting import Setting, SizeRange
from kl_engine.symbolic.proof.statement import vanishing
from kl_engine.symbolic.subjects.gaussians.multivariate import COV_Q, FACTOR_Q, MEAN_Q, NOISE

_HALF = Rational(1, 2)
_p, _q = Symbol("p"), Symbol("q")
_MEAN, _COV, _FACTOR = MatrixSymbol("m_p", n, 1), MatrixSymbol("S_p", n, n), MatrixSymbol("L_p", n, n)
_PRECISION = MatrixSymbol("Lambda_q", n, n)
_entropy = Symbol("H_p", real=True)

_FORWARD = Roles(
    AnyVector(_MEAN, _FACTOR, _COV, _entropy), VectorGaussian(MEAN_Q, FACTOR_Q, _PRECISION.I), (MEAN_Q, _PRECISION)
)
_TO_ANY_P = Setting(
    divergences=(_FORWARD,),
    sizes=SizeRange(),
    regular=(_PRECISION,),
    words=(
        say("{} is any density with mean {}, covariance {} and entropy {}", _p, _MEAN, _COV, _entropy),
        say("{} is Gaussian with mean {} and precision {}, the inverse of its covariance", _q, MEAN_Q, _PRECISION),
        say(
            "a point of {} is {}, where {} has mean zero and the identity as covariance",
            _p,
            _MEAN + _FACTOR * NOISE,
            NOISE,
        ),
    ),
)


def forward() -> Derivation:
    """Moment matching, from the gradient by the precision matrix."""
    divergence, apart = _FORWARD.forward, _MEAN - MEAN_Q
    in_mean = equation(gradient(divergence, MEAN_Q), _PRECISION * (MEAN_Q - _MEAN))
    in_matrix = equation(gradient(divergence, _PRECISION), MatMul(_HALF, MatAdd(_COV, apart * apart.T, -_PRECISION.I)))
    matched = equation(MEAN_Q, _MEAN)
    steps = (
        *_forward_in_moments(),
        Step(in_mean, "The gradient in the mean of the fit.", MatrixGradient(by=MEAN_Q)),
        Step(
            matched,
            "It vanishes only where the means agree, as the precision has an inverse.",
            Solve(factor=_PRECISION),
            under=(vanishing(in_mean),),
        ),
        Step(in_matrix, "The gradient in the precision of the fit.", MatrixGradient(by=_PRECISION), back=3),
        Step(
            equation(_PRECISION.I, _COV + apart * apart.T),
            "It vanishes where the covariance is the mean square about the mean of the fit.",
            Solve(factor=-_HALF),
            under=(vanishing(in_matrix),),
        ),
        Step(
            equation(_PRECISION.I, _COV),
            "Where both vanish the covariance of the fit is that of the target.",
            Insert(proved=matched),
            under=(vanishing(in_matrix), vanishing(in_mean)),
        ),
    )
    title = "Forward, full covariance: mean and covariance of the target"
    return Derivation(title, _TO_ANY_P, steps[-1].statement, steps, also=(steps[3].statement,))


def _forward_in_moments() -> tuple[Step, ...]:
    """From the definition to the moments of the target, all that the forward direction takes from it."""
    divergence, apart = _FORWARD.forward, _MEAN - MEAN_Q
    parts = (n * log(2 * pi) - log(Determinant(_PRECISION)), Trace(_PRECISION * _COV), quadratic(apart, _PRECISION))
    return (
        Step(
            equation(divergence, -_entropy - NoiseMean(LogNormal(_MEAN + _FACTOR * NOISE, MEAN_Q, _PRECISION.I))),
            "Minus the entropy of the target, and the mean of minus the log of the fit.",
            FieldDefinition(),
        ),
        Step(
            equation(divergence, -_entropy + _HALF * (parts[0] + parts[1] + parts[2])),
            "Only the mean and the covariance of the target enter; the mean of a quadratic form is a trace.",
            VectorMoments(),
        ),
    )


_log_p = Symbol("log p")
_REVERSE = Roles(AnyField(_log_p), VectorGaussian(MEAN_Q, FACTOR_Q, COV_Q), (MEAN_Q, COV_Q))
_OF_ANY_P = Setting(
    divergences=(_REVERSE,),
    sizes=SizeRange(),
    regular=(COV_Q,),
    words=(
        say("{} is Gaussian with mean {} and covariance {}", _q, MEAN_Q, COV_Q),
        say("{} is any smooth positive density whose logarithm grows more slowly than any Gaussian falls", _p),
    ),
)


def reverse() -> Derivation:
    """Bonnet and Price in n dimensions."""
    divergence = _REVERSE.reverse
    slope, bend = (FieldDerivatives(_log_p, k, MEAN_Q, COV_Q) for k in (1, 2))
    in_mean = equation(gradient(divergence, MEAN_Q), -slope)
    in_matrix = equation(gradient(divergence, COV_Q), MatMul(-_HALF, COV_Q.I + bend))
    volume = log(Determinant(COV_Q)) + n * log(2 * pi) + n
    steps = (
        Step(
            equation(divergence, -_HALF * volume - FieldMean(_log_p, MEAN_Q, COV_Q)),
            "Minus the entropy of a Gaussian, and the mean of minus the log of the target.",
            FieldDefinition(),
        ),
        Step(
            in_mean,
            "The gradient in the mean of the fit: minus the average gradient of the log target.",
            FieldGradient(by=MEAN_Q),
        ),
        Step(
            equation(slope, ZeroMatrix(n, 1)),
            "Stationary in the mean: the average gradient vanishes.",
            Solve(factor=-Rational(1)),
            under=(vanishing(in_mean),),
        ),
        Step(
            in_matrix,
            "The gradient in the covariance: half the average matrix of second derivatives, and the inverse.",
            FieldGradient(by=COV_Q),
            back=3,
        ),
        Step(
            equation(COV_Q.I, -bend),
            "Stationary in the covariance: the precision of the fit is minus the average curvature of the log target.",
            Solve(factor=-_HALF),
            under=(vanishing(in_matrix),),
        ),
    )
    title = "Reverse, full covariance: the average curvature of the target"
    return Derivation(title, _OF_ANY_P, steps[-1].statement, steps, also=(steps[2].statement,))
