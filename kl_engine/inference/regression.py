"""A straight line through data with noise: slope and intercept as two unknowns, their posterior, and the predictive.

    yᵢ = slope · xᵢ + intercept + noise,  w = (slope, intercept) ~ N(m₀, S₀),  noise ~ N(0, σ²)
    posterior precision  Λ = S₀⁻¹ + Σ φᵢ φᵢᵀ/σ²,  φᵢ = (xᵢ, 1);  predictive at x: φᵀ m, φᵀ S φ + σ²

Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 3.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import positive, refuse, vector
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU

LARGEST = 1e100  # of a place over the noise: its square, and one over that, are still doubles


@dataclass(frozen=True, eq=False)
class RegressionModel:
    """y = slope · x + intercept + noise, with a Gaussian prior of w = (slope, intercept) and noise ~ N(0, noise_std²).

    `prior` is a `MultivariateGaussian` of two dimensions, slope first; `noise_std` is in the unit of y. Raises
    ValueError naming the argument that is otherwise. Source: C. Bishop, Pattern Recognition and Machine Learning
    (2006), 3.3.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 4.0), 0.5)
    >>> kl.inference.regression_posterior(model, [0, 1, 2], [1, 2, 3]).mean.round(3).tolist()
    [0.999, 0.98]
    """

    prior: MultivariateGaussian
    noise_std: float

    def __post_init__(self) -> None:
        if not isinstance(self.prior, MultivariateGaussian) or self.prior.dimension != 2:
            raise refuse("prior", "a MultivariateGaussian of two dimensions: slope, intercept", self.prior)
        object.__setattr__(self, "noise_std", positive("noise_std", self.noise_std))


class Predictive(NamedTuple):
    """What is expected at each place: `mean` and `std` of y, noise included, and `std_of_line` without it; (n,) each.

    All in the unit of y. Made by `kl.inference.predictive`.

    >>> import kl_engine as kl
    >>> found = kl.inference.predictive(kl.MultivariateGaussian([1, 0], [0.25, 1.0]), 0.5, [0.0, 2.0])
    >>> found.mean.tolist(), found.std_of_line.round(4).tolist()
    ([0.0, 2.0], [1.0, 1.4142])
    """

    mean: np.ndarray
    std: np.ndarray
    std_of_line: np.ndarray


@ieee
def regression_posterior(model: RegressionModel, x, y) -> MultivariateGaussian:
    """p(slope, intercept ∣ y) = N(m, Λ⁻¹), Λ = S₀⁻¹ + Σ φ φᵀ/σ², for places `x` and values `y` of shape (n,).

    Slope in the unit of y over that of x, intercept in that of y. Raises ValueError for a bad argument, as of a `model`
    that is not a RegressionModel, and where slope and intercept cannot be told apart in doubles. Source: C. Bishop,
    Pattern Recognition and Machine Learning (2006), 3.3.1.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
    >>> found = kl.inference.regression_posterior(model, [1, 2], [1.0, 3.0])
    >>> found.mean.round(6).tolist(), found.cov.round(6).tolist()
    ([1.0, 0.333333], [[0.333333, -0.333333], [-0.333333, 0.666667]])
    """
    stacked, targets = _stacked(model, *data_of(x, y))
    q, r = np.linalg.qr(stacked)
    inverse = np.linalg.inv(r)
    if not np.abs(stacked).max() < LARGEST:
        raise refuse("x", f"places below {LARGEST:g} times noise_std, of either sign", x)
    try:
        return MultivariateGaussian(inverse @ (q.T @ targets), inverse @ inverse.T)
    except ValueError as error:
        raise refuse("x", "places at which slope and intercept can be told apart: move x nearer to 0", x) from error


@ieee
def regression_evidence(model: RegressionModel, x, y) -> Estimate:
    """log p(y) = −½ (n log 2πσ² + log det Λ − log det S₀⁻¹ + least squares) in nats, prior term included; EXACT.

    `x` and `y` are of shape (n,). Raises ValueError for a bad argument, as of a `model` that is not a RegressionModel.
    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 3.5.1.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
    >>> f"{kl.inference.regression_evidence(model, [1, 2], [1.0, 3.0]):.6f}"
    '-3.769823'
    """
    x, y = data_of(x, y)
    stacked, targets = _stacked(model, x, y)
    r = np.linalg.qr(stacked, mode="r")
    best = np.linalg.lstsq(stacked, targets, rcond=None)[0]
    squares = math.fsum((targets - stacked @ best) ** 2)
    volumes = float(np.log(np.abs(np.diagonal(r))).sum() + np.log(np.diagonal(model.prior.factors[0])).sum())
    scale = y.size * (LOG_ROOT_TAU + math.log(model.noise_std))
    size = abs(scale) + abs(volumes) + squares + 4 + y.size
    # Each target and each residual is right to a few roundings of what it is summed of.
    away = np.abs(targets) + np.abs(stacked) @ np.abs(best)
    slack = 8 * EPSILON * float(np.sqrt(squares) * np.linalg.norm(away))
    error = 16 * EPSILON * size * math.sqrt(1 + float(np.linalg.cond(r))) + slack
    return Estimate(-(scale + volumes + 0.5 * squares), error, Certainty.EXACT, "closed form: y is Gaussian")


@ieee
def predictive(q: MultivariateGaussian, noise_std: float, at) -> Predictive:
    """N(φᵀm, φᵀSφ + σ²) of a new y at each place, φ = (place, 1), for a Gaussian `q` of (slope, intercept).

    `at` is of shape (n,), σ = `noise_std`; all in the unit of y. For a product q the covariance of slope and intercept
    is missing in φᵀSφ. Raises ValueError for a bad argument. Source: C. Bishop, Pattern Recognition and Machine
    Learning (2006), 3.3.2.

    >>> import kl_engine as kl
    >>> kl.inference.predictive(kl.MultivariateGaussian([1, 0], 1.0), 1.0, [0.0, 1.0]).std.round(4).tolist()
    [1.4142, 1.7321]
    """
    if not isinstance(q, MultivariateGaussian) or q.dimension != 2:
        raise refuse("q", "a MultivariateGaussian of two dimensions: slope, intercept", q)
    noise, places = positive("noise_std", noise_std), vector("at", at)
    rows = np.column_stack([places, np.ones_like(places)])
    line = np.linalg.norm(rows @ q.factors[0], axis=1)
    return Predictive(rows @ q.mean, np.hypot(line, noise), line)


def data_of(x: object, y: object) -> tuple[np.ndarray, np.ndarray]:
    """Places and values as vectors of one length; a ValueError names the argument."""
    x, y = vector("x", x), vector("y", y)
    if x.size != y.size:
        raise refuse("y", f"as many numbers as x, {x.size}", y.size)
    return x, y


def _stacked(model: object, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows a and targets b with posterior ∝ exp(−½ |a w − b|²): those of the prior first."""
    if not isinstance(model, RegressionModel):
        raise refuse("model", "a RegressionModel", model)
    whitened = np.linalg.inv(model.prior.factors[0])
    rows = np.column_stack([x, np.ones_like(x)]) / model.noise_std
    return np.vstack([whitened, rows]), np.concatenate([whitened @ model.prior.mean, y / model.noise_std])
