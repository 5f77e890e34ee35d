"""Everything that the page in two dimensions shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine import Direction, Estimate, MultivariateGaussian, Solution, families, fit, forward_kl, reverse_kl
from kl_engine.distributions.multivariate import Multivariate
from kl_engine.optima import StationaryPoint, stationary_points
from pages.ui.cache.kept import kept
from pages.ui.state.plane import CLASSIC, PlaneTarget
from pages.ui.views.two_dimensions.question import DIAGONAL, FULL, ISOTROPIC, Question

FAMILIES = {FULL: families.Gaussian(), DIAGONAL: families.Diagonal(), ISOTROPIC: families.Isotropic()}
LATTICE = np.arange(-6, 6.01, 0.25)
# What Murphy's figure of the bimodal target draws: [[3, 2], [2, 3]] forward; 0.6 of each component's covariance
# reverse. Source: probml/pyprobml, scripts/KLfwdReverseMixGauss.py, whose ellipses are typed in, not fitted.
DRAWN_FORWARD = MultivariateGaussian([0, 0], [[3, 2], [2, 3]])
USUAL = PlaneTarget(CLASSIC)
DRAWN_REVERSE = tuple(MultivariateGaussian(mean, 0.6 * np.array(cov)) for mean, cov in zip(USUAL.means, USUAL.covs))


@dataclass(frozen=True)
class Scored:
    """A fit with both divergences from it."""

    fit: Solution
    forward: Estimate
    reverse: Estimate

    @property
    def q(self) -> MultivariateGaussian:
        """The fitted Gaussian."""
        return self.fit.q


@dataclass(frozen=True)
class Fits:
    """Both fits of a target, the reverse optima found, and what Murphy's figure draws where it has this target."""

    covariance: str  # the name of q's family
    p: Multivariate
    forward: Scored
    reverse: Scored
    optima: tuple[StationaryPoint, ...]
    drawn: tuple[tuple[MultivariateGaussian, Estimate], ...]  # the forward one first; empty for other targets

    @cached_property
    def shares(self) -> np.ndarray:
        """(K,) E_q of the responsibility of each component of p, q the reverse fit: whose places it stands at."""
        z = np.stack(np.meshgrid(LATTICE, LATTICE), axis=-1).reshape(-1, 2)
        weights = np.exp(-0.5 * (z * z).sum(axis=1))
        q = self.reverse.q
        x = q.mean + z @ q.factors[0].T
        parts = zip(self.p.weights, self.p.means, self.p.covs)
        logs = np.array([np.log(w) + MultivariateGaussian(mean, own).log_pdf(x) for w, mean, own in parts])
        return (np.exp(logs - self.p.log_pdf(x)) @ weights) / weights.sum()

    @property
    def independence(self) -> Estimate | None:
        """For one Gaussian: the cost of mean field, the mutual information of its coordinates."""
        return families.mean_field_cost(self.p.cov).forward if isinstance(self.p, MultivariateGaussian) else None


@dataclass(frozen=True)
class Scene:
    """The fits of the target, and what mean field costs at the question's correlation and dimension."""

    question: Question
    fits: Fits
    cost: families.MeanFieldCost


@kept(256)
def answered(question: Question) -> Scene:
    """Everything the page shows."""
    cost = cost_at(question.correlation, question.dimension)
    return Scene(question, fits_of(question.target, question.covariance), cost)


@kept(8192)
def cost_at(correlation: float, dimension: int) -> families.MeanFieldCost:
    """What mean field costs at this correlation of every pair: a curve over either asks for many, 3 ms each."""
    return families.mean_field_cost(families.equicorrelated(correlation, dimension))


@kept(256)
def fits_of(target: PlaneTarget, covariance: str) -> Fits:
    """Both fits in the family, and all reverse optima that the starts of the engine lead to."""
    p, family = target.p, FAMILIES[covariance]
    scores = (_scored(p, fit(p, direction, family), direction) for direction in Direction)
    drawn = ()
    if target.rows == CLASSIC and covariance == FULL:
        drawn = ((DRAWN_FORWARD, forward_kl(p, DRAWN_FORWARD)), *((q, reverse_kl(p, q)) for q in DRAWN_REVERSE))
    return Fits(covariance, p, *scores, stationary_points(p, Direction.REVERSE, family), drawn)


def _scored(p: Multivariate, found: Solution, direction: Direction) -> Scored:
    """Both divergences; the fit already knows the one that it minimised."""
    forward = found.value if direction is Direction.FORWARD else forward_kl(p, found.q)
    return Scored(found, forward, found.value if direction is Direction.REVERSE else reverse_kl(p, found.q))
