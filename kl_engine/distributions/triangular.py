"""Forward substitution, stacked."""

from __future__ import annotations

import numpy as np


def solve_lower(factor: np.ndarray, right: np.ndarray) -> np.ndarray:
    """L⁻¹ B for lower triangular L (..., n, n) and B (..., n, m), row by row.

    Its error is small row by row whatever the scales of the rows (N. J. Higham, Accuracy and Stability of Numerical
    Algorithms, 2002, section 8.2); a general solver, which exchanges rows, has no such bound.
    """
    n = factor.shape[-1]
    shape = (*np.broadcast_shapes(factor.shape[:-2], right.shape[:-2]), *right.shape[-2:])
    found = np.empty(shape)
    for i in range(n):
        known = factor[..., i, None, :i] @ found[..., :i, :]
        found[..., i, :] = (right[..., i, :] - known[..., 0, :]) / factor[..., i, i, None]
    return found
