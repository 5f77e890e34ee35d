"""The free energy of a Gaussian q as a function of its mean and std: exact gradients and Hessians for many q at once.

F = D(q‖prior) − E_q log p(x∣z). With a Gaussian prior both terms are moments of polynomials; a mixture prior brings
the reverse divergence's own objective. The derivatives are those of Bonnet and Price (see `ReverseObjective`).
"""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.gaussian import is_gaussian
from kl_engine.estimates.rounding import LOG_ROOT_TAU
from kl_engine.fits.reverse import ReverseObjective, Terms
from kl_engine.inference.models import GaussianModel
from kl_engine.inference.polynomial_log import PolynomialLog, Slopes
from kl_engine.inference.posteriors import likelihood_of


class FreeEnergyObjective:
    """F over rows of q, as `newton_descent` and the flow ask for it."""

    def __init__(self, model: GaussianModel, x: float) -> None:
        prior = model.prior
        logs = [likelihood_of(model, x)]
        self.divergence = None if is_gaussian(prior) else ReverseObjective.of(prior)
        if is_gaussian(prior):
            # log N(z; m, s²) is log N(m; z, s²): a polynomial of z as well.
            logs.append(PolynomialLog(np.array([0.0, 1.0]), float(prior.means[0]), float(prior.stds[0])))
        self.logs = tuple(logs)

    def chosen(self, rows: np.ndarray) -> FreeEnergyObjective:
        """The same for some of the rows: all have one model."""
        return self

    def terms(self, mean: np.ndarray, std: np.ndarray) -> Terms:
        """Value, gradient and Hessian at q = N(mean[i], std[i]²), in (μ in units of σ, log σ)."""
        value, slope, curve, skew, square = self._slopes(mean, std)
        hessian = -np.moveaxis(np.array([[curve, skew], [skew, square + curve]]), -1, 0)
        gradient = -np.array([slope, curve]).T
        if self.divergence is None:
            gradient[:, 1] -= 1
            return Terms(-0.5 - LOG_ROOT_TAU - np.log(std) - value, gradient, hessian)
        prior = self.divergence.terms(mean, std)
        return Terms(prior.value - value, prior.gradient + gradient, prior.hessian + hessian)

    def natural_gradient(self, mean: float, std: float) -> tuple[float, float]:
        """dμ/dt in units of σ, and d log σ/dt, of the natural-gradient flow at one q."""
        _, slope, curve, _, _ = self._slopes(np.array([mean]), np.array([std]))
        across, growth = (0.0, 0.5) if self.divergence is None else self.divergence.natural_gradient(mean, std)
        return across + float(slope[0]), growth + 0.5 * float(curve[0])

    def _slopes(self, mean: np.ndarray, std: np.ndarray) -> Slopes:
        """The sums over all polynomial logs."""
        return Slopes(*(sum(parts) for parts in zip(*(log.slopes(mean, std) for log in self.logs))))
