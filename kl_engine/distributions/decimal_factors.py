"""Cholesky factors with 80 decimals, stacked: of covariances so ill-conditioned that doubles lose the digits.

Every double is a decimal number, so nothing is lost on the way in; and a factor, or what it solves, magnifies rounding
by the condition number at most, which is below 1e15 for every covariance that is accepted (N. J. Higham, Accuracy and
Stability of Numerical Algorithms, 2002, chapter 10): more than 60 decimals are left.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import numpy as np

DECIMALS = Context(prec=80, Emin=-999_999_999, Emax=999_999_999)


def decimals(array: np.ndarray) -> np.ndarray:
    """The doubles of an array as decimal numbers, exactly."""
    return np.array([Decimal(x) for x in array.ravel().tolist()], dtype=object).reshape(array.shape)


def lower_factors(covs: np.ndarray) -> np.ndarray:
    """The Cholesky factors (K, n, n) of decimal numbers, of positive definite covariances (K, n, n) of doubles."""
    with localcontext(DECIMALS):
        lower = decimals(covs)
        for k in range(covs.shape[-1]):
            lower[:, k, k] = np.sqrt(lower[:, k, k])
            lower[:, k, k + 1 :] = Decimal(0)
            lower[:, k + 1 :, k] /= lower[:, k, k, None]
            column = lower[:, k + 1 :, k]
            lower[:, k + 1 :, k + 1 :] -= column[:, :, None] * column[:, None, :]
        return lower


def log_diagonals(lower: np.ndarray) -> np.ndarray:
    """The logs of the diagonals of factors, (K, n), in doubles."""
    return np.log(np.diagonal(lower, axis1=1, axis2=2).astype(np.float64))


def seen_from(lower: np.ndarray, means: np.ndarray, others: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """L_j⁻¹(mᵢ − m_j) beside L_j⁻¹Lᵢ, (F, J, n, 1 + n), in decimals.

    `lower` (J, n, n) and `means` (J, n) are of what is seen, `others` (F, n, n) and `centres` (F, n) of the frames.
    """
    count, n = len(others), lower.shape[-1]
    with localcontext(DECIMALS):
        shifts = decimals(centres)[:, None] - decimals(means)  # (F, J, n)
        right = np.concatenate([shifts[..., None], np.broadcast_to(others[:, None], (count, *lower.shape))], axis=-1)
        for k in range(n):
            right[:, :, k] /= lower[:, k, k, None]
            right[:, :, k + 1 :] -= lower[:, k + 1 :, k, None] * right[:, :, k, None]
    return right


def less(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The differences of decimals, in doubles, each right to its last digit."""
    with localcontext(DECIMALS):
        return (first - second).astype(np.float64)


def halved(numbers: np.ndarray) -> np.ndarray:
    """Decimals over √2: the squares of these are half as large."""
    with localcontext(DECIMALS):
        return numbers / Decimal(2).sqrt()
