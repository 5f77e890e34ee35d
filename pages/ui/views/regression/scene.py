"""Everything that the page on a line through data shows of one question: engine results and nothing drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine import Estimate, MultivariateGaussian, forward_kl, reverse_kl
from kl_engine.inference import (
    PropagatedLine,
    RegressionModel,
    marginal_line,
    mean_field_line,
    predictive,
    propagated_line,
    regression_evidence,
    regression_posterior,
)
from pages.ui.cache.kept import kept
from pages.ui.views.regression.question import Question

EXACT, MEAN_FIELD, EP, MARGINALS = "exact", "mean field", "EP", "marginals"
PLACES = 121  # of x, at which the predictive is drawn
ROOM = 0.9  # of the spread of the data, on either side of them
LEAST_ROOM = 3.0
INDEPENDENT = 1e-6  # a correlation below it costs every product less than 1e-12 nats


@dataclass(frozen=True, eq=False)
class Product:
    """A Gaussian of independent slope and intercept, and both divergences between it and the posterior."""

    name: str
    q: MultivariateGaussian
    forward: Estimate
    reverse: Estimate


@dataclass(frozen=True, eq=False)
class Scene:
    """The posterior of slope and intercept, three products for it, and what each predicts."""

    question: Question
    posterior: MultivariateGaussian
    evidence: Estimate
    products: tuple[Product, ...]
    propagated: PropagatedLine
    places: np.ndarray
    stds: dict[str, np.ndarray]  # of a new y at each place
    means: np.ndarray

    def __getitem__(self, name: str) -> Product:
        """The product of a name."""
        return next(product for product in self.products if product.name == name)

    @property
    def correlation(self) -> float:
        """Of slope and intercept under the posterior."""
        (a, b), (_, d) = self.posterior.cov.tolist()
        return b / math.sqrt(a * d)

    @property
    def crossings(self) -> tuple[float, float] | None:
        """Where mean field predicts with the exact std: outside it is too sure, between not sure enough.

        x² (Σ₁₁ − 1/Λ₁₁) + 2 x Σ₁₂ + Σ₂₂ − 1/Λ₂₂ = 0, so x = (Σ₂₂/Σ₁₂)(−1 ± √(1 − ρ²)); None where Σ₁₂ is nothing.
        """
        (_, b), (_, d) = self.posterior.cov.tolist()
        rho = self.correlation
        if abs(rho) < INDEPENDENT:
            return None
        half = math.sqrt((1 - rho) * (1 + rho))
        # −1 + √(1 − ρ²) = −ρ²/(1 + √(1 − ρ²)), which does not cancel.
        return tuple(sorted((-d / b * (1 + half), -d / b * rho * rho / (1 + half))))


@kept(256)
def answered(question: Question) -> Scene:
    """Everything the page shows."""
    model = RegressionModel(MultivariateGaussian([0.0, 0.0], question.prior**2), question.noise)
    x, y = question.x, question.y
    exact, propagated = regression_posterior(model, x, y), propagated_line(model, x, y)
    found = {
        MEAN_FIELD: mean_field_line(model, x, y),
        EP: propagated.q,
        MARGINALS: marginal_line(model, x, y),
    }
    products = tuple(Product(name, q, forward_kl(exact, q), reverse_kl(exact, q)) for name, q in found.items())
    room = max(LEAST_ROOM, ROOM * (max(x) - min(x)))
    places = np.linspace(min(0.0, *x) - room, max(0.0, *x) + room, PLACES)
    stds = {name: predictive(q, question.noise, places).std for name, q in {EXACT: exact, **found}.items()}
    means = predictive(exact, question.noise, places).mean
    return Scene(question, exact, regression_evidence(model, x, y), products, propagated, places, stds, means)


def std_at(scene: Scene, name: str, at: float) -> float:
    """The std of a new y at a place, under the posterior or a product."""
    q = scene.posterior if name == EXACT else scene[name].q
    return float(predictive(q, scene.question.noise, [at]).std[0])
