"""D(q‖posterior) as a function of a Gaussian q: exact gradients and Hessians for many q at once.

It is the free energy less the surprisal, F = D(q‖prior) − E_q log p(x∣z). With a Gaussian prior the first is a moment
of a polynomial, and the second what the likelihood makes of it; a mixture prior brings the reverse divergence's own
objective. The derivatives are those of Bonnet and Price (see `directions`).
"""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.gaussian import is_gaussian
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU, ROUNDING
from kl_engine.fits.directions import ReverseObjective
from kl_engine.fits.objective import METRIC, OnTheLine, Terms
from kl_engine.inference.likelihoods.likelihood import Slopes
from kl_engine.inference.likelihoods.polynomial import PolynomialLog
from kl_engine.inference.models import LineModel
from kl_engine.inference.posteriors import likelihood_of


class PosteriorObjective(OnTheLine):
    """D(q‖posterior) over rows of q; `surprisal` is what the free energy is above it."""

    def __init__(self, model: LineModel, x: float | int | tuple, surprisal: Estimate, held: bool = False) -> None:
        self.likelihood, self.surprisal, self.held = likelihood_of(model, x), surprisal, held
        self.prior = ReverseObjective.of(model.prior)
        self.logs, self.divergence = (self.likelihood,), self.prior
        if is_gaussian(model.prior):
            # log N(z; m, s²) is log N(m; z, s²): a polynomial of z as well.
            own = PolynomialLog(np.array([0.0, 1.0]), float(model.prior.means[0]), float(model.prior.stds[0]))
            self.logs, self.divergence = (self.likelihood, own), None

    def chosen(self, rows: np.ndarray) -> PosteriorObjective:
        """The same for some of the rows: all have one posterior."""
        return self

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at each place."""
        (value, slope, curve, skew, square), slack = self._slopes(places)
        gradient, hessian = (
            -np.array([slope, curve]).T,
            -np.moveaxis(np.array([[curve, skew], [skew, square + curve]]), -1, 0),
        )
        rounding = slack + ROUNDING * (2 + np.abs(hessian).max(axis=(1, 2)))
        value = -value - self.surprisal.value
        if self.divergence is None:
            gradient[:, 1] -= 1
            found = Terms(value - 0.5 - LOG_ROOT_TAU - np.log(places[:, 1]), gradient, hessian, rounding)
        else:
            prior = self.divergence.terms(places)
            found = Terms(*(mine + its for mine, its in zip((value, gradient, hessian, rounding), prior)))
        return self.free(_within_doubles(found))

    def velocity(self, mean: float, std: float) -> tuple[float, float]:
        """dμ/dt counted in σ and d log σ/dt of the natural-gradient flow at one place."""
        (_, slope, curve, *_), _ = self._slopes(np.array([[mean, std]]))
        across, growth = (0.0, 0.5) if self.divergence is None else self.divergence.velocity(mean, std)
        return across + float(slope[0]), 0.0 if self.held else growth + float(curve[0]) / METRIC

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D(q‖prior) − E_q log p(x∣z) − surprisal, and its error, for every row."""
        complexity, error = self.prior.values(places)
        accuracy, slack = self.likelihood.expected(*places.T)
        known = self.surprisal
        rounding = EPSILON * (np.abs(complexity) + np.abs(accuracy) + abs(known.value))
        return complexity - accuracy - known.value, error + slack + known.error + rounding

    def _slopes(self, places: np.ndarray) -> tuple[Slopes, np.ndarray]:
        """The sums over all polynomial logs, and the rounding of the slopes."""
        found, slack = zip(*(log.slopes(*places.T) for log in self.logs))
        return Slopes(*(sum(parts) for parts in zip(*found))), sum(slack)


def _within_doubles(terms: Terms) -> Terms:
    """Where a term is beyond the largest double, as e^z is under a wide q: inf, 0 and the identity."""
    lost = ~(np.isfinite(terms.value) & np.isfinite(terms.hessian).all(axis=(1, 2)))
    if lost.any():
        terms.value[lost], terms.gradient[lost], terms.hessian[lost] = np.inf, 0.0, np.eye(2)
        terms.rounding[lost] = 1.0
    return terms
