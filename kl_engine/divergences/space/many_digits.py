"""The closed forms of Gaussians with 80 decimals: for covariances so ill-conditioned that doubles lose the digits.

Every double is a decimal number, so nothing is lost on the way in. Gaussian elimination of a symmetric positive
definite matrix needs no exchange of rows and magnifies rounding by its condition number at most, which is below 1e15
for every covariance that is accepted (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 10):
some 60 of the 80 decimals are left, and what cancels between a trace and a logarithm leaves all the digits of a double.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

from kl_engine.distributions.decimal_factors import DECIMALS, decimals

LEFT = 1e-50  # relative to the terms: what the elimination may have lost of 80 decimals, with room to spare
VANISHED = Decimal("1e-30")  # of its entry: a pivot below it is 0 with all the digits that doubles can tell apart


class Indefinite(ArithmeticError):
    """The matrix is not positive definite."""


def log_det_and_solution(matrix: np.ndarray, right: np.ndarray) -> tuple[Decimal, np.ndarray]:
    """log det M, and M⁻¹ R, for a symmetric positive definite M (n, n) and R (n, m) of decimal numbers.

    Raises Indefinite where M is not positive definite: then, and only then, some pivot is 0 or less.
    """
    n = len(matrix)
    table = np.concatenate([matrix, right], axis=1)
    for k in range(n):
        if table[k, k] <= VANISHED * matrix[k, k]:
            raise Indefinite
        shares = table[k + 1 :, k] / table[k, k]
        table[k + 1 :, k:] -= np.multiply.outer(shares, table[k, k:])
    log_det = sum((table[k, k].ln() for k in range(n)), Decimal(0))
    for k in reversed(range(n)):
        table[k, n:] /= table[k, k]
        if k:
            table[:k, n:] -= np.multiply.outer(table[:k, k], table[k, n:])
    return log_det, table[:, n:]


def half_log_det(cov: np.ndarray) -> float:
    """½ log det Σ, to the last digit."""
    with localcontext(DECIMALS):
        return float(log_det_and_solution(decimals(cov), np.empty((len(cov), 0), dtype=object))[0] / 2)


def divergence(first: np.ndarray, second: np.ndarray, apart: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """½ (tr Σ₂⁻¹Σ₁ − n − log det Σ₂⁻¹Σ₁ + dᵀΣ₂⁻¹d), d the difference of the means, and what 80 decimals leave open."""
    with localcontext(DECIMALS):
        own, other = decimals(first), decimals(second)
        shift = (decimals(apart[0]) - decimals(apart[1]))[:, None]
        log_det, solution = log_det_and_solution(other, np.concatenate([own, shift], axis=1))
        own_log_det, _ = log_det_and_solution(own, shift[:, :0])
        trace, square = solution[:, :-1].trace(), (shift[:, 0] * solution[:, -1]).sum()
        value = (trace - len(first) - (own_log_det - log_det) + square) / 2
        return float(value), LEFT * float(abs(trace) + abs(own_log_det) + abs(log_det) + square)


def gain(
    first: np.ndarray, second: np.ndarray, apart: tuple[np.ndarray, np.ndarray], alpha: float
) -> tuple[float, float] | None:
    """G with ∫ p^α q^(1−α) = exp(−α (1−α) G), and what the decimals leave open; None where the integral is infinite.

    With S = Σ_p + α (Σ_q − Σ_p), G = ½ dᵀS⁻¹d + ½ (log det S − log det Σ_p − α log (det Σ_q/det Σ_p))/(α (1−α)). The
    logs cancel to the order of α, so a small α is given so many decimals more.
    """
    order = Decimal(alpha)
    more = max(0, -order.adjusted())
    with localcontext(DECIMALS) as context:
        context.prec += more
        own, other = decimals(first), decimals(second)
        shift = (decimals(apart[0]) - decimals(apart[1]))[:, None]
        try:
            log_det, solution = log_det_and_solution(own + order * (other - own), shift)
        except Indefinite:
            return None
        logs = [log_det_and_solution(each, shift[:, :0])[0] for each in (own, other)]
        square, share = (shift * solution).sum(), order * (1 - order)
        bend = log_det - logs[0] - order * (logs[1] - logs[0])
        sizes = abs(log_det) + abs(logs[0]) + abs(order) * (abs(logs[0]) + abs(logs[1]))
        left = Decimal(LEFT) * (square + sizes.scaleb(-more) / abs(share))
        return float((square + bend / share) / 2), float(left)


def mean_square(weights: np.ndarray, covs: np.ndarray, means: tuple[np.ndarray, np.ndarray], cov: np.ndarray) -> float:
    """E (x − m)ᵀΣ⁻¹(x − m) under Σ wₖ N(mₖ, Σₖ): Σₖ wₖ (tr Σ⁻¹Σₖ + dₖᵀΣ⁻¹dₖ), with dₖ = mₖ − m."""
    with localcontext(DECIMALS):
        shifts = decimals(means[0]) - decimals(means[1])
        spread = decimals(covs) + shifts[:, :, None] * shifts[:, None, :]
        mean = (decimals(weights)[:, None, None] * spread).sum(axis=0)
        return float(log_det_and_solution(decimals(cov), mean)[1].trace())


def mean_field(cov: np.ndarray) -> tuple[float, float]:
    """½ (Σ log Σᵢᵢ − log det Σ) and ½ (log det Σ + Σ log Λᵢᵢ), Λ the inverse of Σ."""
    with localcontext(DECIMALS):
        own, identity = decimals(cov), decimals(np.eye(len(cov)))
        log_det, inverse = log_det_and_solution(own, identity)
        diagonals = [sum((x.ln() for x in matrix.diagonal().tolist()), Decimal(0)) for matrix in (own, inverse)]
        return float((diagonals[0] - log_det) / 2), float((log_det + diagonals[1]) / 2)
