"""Products of Gaussians for the posterior of a line: by the reverse direction, by the forward one, and by EP.

Mean field has the variances 1/Λᵢᵢ, the marginals Λ⁻¹ᵢᵢ. Expectation propagation keeps a product of two Gaussians for
each observation: with the cavity precision c of one unknown, an observation with precision matrix P tells the other

    τ₁ = (P₁₁ c₂ + det P)/(c₂ + P₂₂),   ν₁ = h₁ − P₁₂ (g₂ + h₂)/(c₂ + P₂₂).

This is Gaussian belief propagation. Its means are right and its variances in general are not: each observation by
itself is matched in the forward direction, the whole is not. They are never below those of mean field, as τ₁ <= P₁₁,
and with many observations come near these. Source: Y. Weiss, W. Freeman, Neural Computation 13 (2001) 2173; T. Minka,
Proc. UAI (2001) 362.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.estimates.checks import positive, refuse
from kl_engine.estimates.floats import ieee
from kl_engine.inference.propagation.status import PropagationStatus
from kl_engine.inference.regression import RegressionModel, data_of, regression_posterior

MOST_SWEEPS = 5000
MOST_STEPS = 100_000  # a sweep takes one for each observation
SETTLED = 1e-12  # in std of a mean, and in a log std: the change of one sweep
MOST_DATA = 2000


@dataclass(frozen=True, eq=False)
class PropagatedLine:
    """Where EP with a product for each observation ended: `q`, a MultivariateGaussian along the axes.

    `status` and `reason` say whether it is a fixed point; `trace`, of shape (sweeps + 1, 4), holds the means, then the
    stds, of slope and intercept after each sweep, in their units. Made by `kl.inference.propagated_line`.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
    >>> kl.inference.propagated_line(model, [1, 2], [1.0, 3.0]).q.mean.round(6).tolist()
    [1.0, 0.333333]
    """

    q: MultivariateGaussian
    status: PropagationStatus
    reason: str
    trace: np.ndarray = field(repr=False)


@ieee
def mean_field_line(model: RegressionModel, x, y) -> MultivariateGaussian:
    """q(slope) q(intercept) = argmin D(q‖posterior) among products: the exact means, variances 1/Λᵢᵢ.

    `x` and `y` are of shape (n,), the rest in the units of slope and intercept. Each variance is that of one unknown
    with the other held. Raises ValueError for a bad argument, as of a `model` that is not a RegressionModel. Source: C.
    Bishop, Pattern Recognition and Machine Learning (2006), 10.1.2.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
    >>> kl.inference.mean_field_line(model, [1, 2], [1.0, 3.0]).cov.round(6).tolist()
    [[0.166667, 0.0], [0.0, 0.333333]]
    """
    exact = regression_posterior(model, x, y)
    # 1/Λ₁₁ = Σ₁₁ − Σ₁₂²/Σ₂₂, by the Cholesky factor of each order: the last pivot is the std of one given the other.
    turned = np.linalg.cholesky(exact.cov[::-1, ::-1])
    return MultivariateGaussian(exact.mean, [turned[1, 1] ** 2, exact.factors[0][1, 1] ** 2])


@ieee
def marginal_line(model: RegressionModel, x, y) -> MultivariateGaussian:
    """q(slope) q(intercept) = argmin D(posterior‖q) among products: the marginals, variances (Λ⁻¹)ᵢᵢ.

    `x` and `y` are of shape (n,), the rest in the units of slope and intercept. It is the moment match among products.
    Raises ValueError for a bad argument, as of a `model` that is not a RegressionModel. Source: C. Bishop, Pattern
    Recognition and Machine Learning (2006), 10.1.2.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
    >>> kl.inference.marginal_line(model, [1, 2], [1.0, 3.0]).cov.round(6).tolist()
    [[0.333333, 0.0], [0.0, 0.666667]]
    """
    exact = regression_posterior(model, x, y)
    return MultivariateGaussian(exact.mean, np.diagonal(exact.cov))


@ieee
def propagated_line(model: RegressionModel, x, y, damping: float = 1.0) -> PropagatedLine:
    """EP with a product for each observation, τ₁ = (P₁₁ c₂ + det P)/(c₂ + P₂₂): forward locally, not as a whole.

    `x` and `y` are of shape (n,), n at most 2000; `damping`, in (0, 1], is the share of each step that is taken. The
    means of the fixed point are exact, its variances in general are not. In the units of slope and intercept. Raises
    ValueError for a bad argument, as of a `model` that is not a RegressionModel. Source: Y. Weiss, W. Freeman, Neural
    Computation 13 (2001) 2173.

    >>> import kl_engine as kl
    >>> model = kl.inference.RegressionModel(kl.MultivariateGaussian([0, 0], 1.0), 1.0)
    >>> found = kl.inference.propagated_line(model, [1, 2], [1.0, 3.0])
    >>> found.status, found.q.cov.diagonal().round(4).tolist()
    (<PropagationStatus.CONVERGED: 'converged'>, [0.2425, 0.4851])
    """
    if not isinstance(model, RegressionModel):
        raise refuse("model", "a RegressionModel", model)
    x, y = data_of(x, y)
    if x.size > MOST_DATA:
        raise refuse("x", f"at most {MOST_DATA} places", x.size)
    damping = positive("damping", damping)
    if damping > 1:
        raise refuse("damping", "a share of a step, above 0 and at most 1", damping)
    return _Sweeping(model, x, y).run(damping)


class _Sweeping:
    """Sites (precision and shift of each unknown) for the prior and for every observation."""

    def __init__(self, model: RegressionModel, x: np.ndarray, y: np.ndarray) -> None:
        prior = np.linalg.inv(model.prior.cov)
        self.factors = [
            (prior[0, 0], prior[0, 1], prior[1, 1], float(np.linalg.det(prior)), *(prior @ model.prior.mean))
        ]
        weight = model.noise_std**-2
        self.factors += [
            (a * a * weight, a * weight, weight, 0.0, a * b * weight, b * weight)
            for a, b in zip(x.tolist(), y.tolist())
        ]
        # Each begins with what it would tell of one unknown if the other were known.
        self.sites = [[p_1, h_1, p_2, h_2] for p_1, _, p_2, _, h_1, h_2 in self.factors]
        self.total = np.sum(self.sites, axis=0).tolist()

    def run(self, damping: float) -> PropagatedLine:
        """Sweeps until nothing moves."""
        trace, residual = [self.told()], math.inf
        for _ in range(min(MOST_SWEEPS, 1 + MOST_STEPS // len(self.factors))):
            for k in range(len(self.factors)):
                self.refine(k, damping)
            self.total = np.sum(self.sites, axis=0).tolist()  # afresh, so that no rounding is carried along
            trace.append(self.told())
            (m_1, m_2, s_1, s_2), (n_1, n_2, t_1, t_2) = trace[-2:]
            moved = abs(n_1 - m_1) / t_1, abs(n_2 - m_2) / t_2
            residual = max(*moved, abs(math.log(t_1 / s_1)), abs(math.log(t_2 / s_2))) / damping
            if residual < SETTLED:
                break
        mean, std = np.array(trace[-1][:2]), np.array(trace[-1][2:])
        status = PropagationStatus.CONVERGED if residual < SETTLED else PropagationStatus.STOPPED
        reason = f"after {len(trace) - 1} sweeps a mean or a log std still moves by {residual:.1e} std"
        return PropagatedLine(MultivariateGaussian(mean, std**2), status, reason, np.array(trace))

    def refine(self, k: int, damping: float) -> None:
        """One factor under its cavity."""
        p_1, across, p_2, det, h_1, h_2 = self.factors[k]
        c_1, g_1, c_2, g_2 = (whole - own for whole, own in zip(self.total, self.sites[k]))
        new = (
            (p_1 * c_2 + det) / (c_2 + p_2),
            h_1 - across * (g_2 + h_2) / (c_2 + p_2),
            (p_2 * c_1 + det) / (c_1 + p_1),
            h_2 - across * (g_1 + h_1) / (c_1 + p_1),
        )
        for i, value in enumerate(new):
            step = damping * (value - self.sites[k][i])
            self.sites[k][i] += step
            self.total[i] += step

    def told(self) -> tuple[float, float, float, float]:
        """Means and stds of slope and intercept."""
        t_1, n_1, t_2, n_2 = self.total
        return n_1 / t_1, n_2 / t_2, t_1**-0.5, t_2**-0.5
