"""The terms of the free energy of a Gaussian q under a model of a number: exact where they are closed."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, is_gaussian
from kl_engine.divergences import closed_forms
from kl_engine.divergences.line import cross_entropy, entropy, kl_divergence
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU, ROUNDING
from kl_engine.inference.free_terms import FreeTerms
from kl_engine.inference.likelihoods.likelihood import within_doubles
from kl_engine.inference.models import GaussianModel, LineModel
from kl_engine.inference.posteriors import (
    NumericPosterior,
    conjugate_posterior,
    is_linear,
    likelihood_of,
    numeric_posterior,
)
from kl_engine.quadrature.expect import AtNodes, expect
from kl_engine.quadrature.panels import Panels
from kl_engine.quadrature.truncation import WIDE_REACH


def gaussian_terms(model: LineModel, q: Gaussian, x: float | int | tuple) -> FreeTerms:
    """Every term. The divergence takes a way of its own, so that the three forms check each other."""
    accuracy = likelihood_of(model, x).expectation(q)
    surprisal = surprisal_of(model, x)
    return FreeTerms(
        energy=cross_entropy(q, model.prior) - accuracy,
        entropy=entropy(q),
        complexity=kl_divergence(q, model.prior),
        accuracy=accuracy,
        divergence=_divergence(model, q, x, surprisal),
        surprisal=surprisal,
    )


def surprisal_of(model: LineModel, x: float | int | tuple) -> Estimate:
    """−log p(x): closed for Gaussian noise about a line, −log ∫ prior × likelihood by quadrature otherwise."""
    if not is_linear(model):
        return -numeric_posterior(model, x).log_evidence
    offset, slope = (*model.link.tolist(), 0.0)[:2]
    seen = likelihood_of(model, x)
    spreads = np.hypot(seen.std, slope * model.prior.stds)
    z = (seen.observed - slope * model.prior.means - offset) / spreads
    sizes = (abs(seen.observed) + np.abs(slope * model.prior.means) + abs(offset)) / spreads
    logs = np.log(model.prior.weights) - np.log(spreads) - 0.5 * z * z - LOG_ROOT_TAU
    scales = 2 + np.abs(logs) + z * z + np.abs(z) * sizes + EPSILON * sizes**2
    top = float(logs.max())
    value = -top - math.log(math.fsum(np.exp(logs - top))) - seen.offset
    # A component as far below the top as its own rounding reaches adds nothing; near the top its rounding counts.
    near = np.exp(np.minimum(0, logs - top + ROUNDING * scales))
    error = ROUNDING * (float((scales * near).sum()) + abs(value) + seen.size)
    return within_doubles(
        value, error, Certainty.EXACT, "closed form: the prior predictive is Gaussian, or a mixture of them"
    )


def divergence_from(found: NumericPosterior, q: Gaussian) -> Estimate:
    """D(q‖posterior) in nats, for a posterior that is known by quadrature."""
    return _divergence(found.model, q, found.x, surprisal_of(found.model, found.x))


def _divergence(model: LineModel, q: Gaussian, x: float | int | tuple, surprisal: Estimate) -> Estimate:
    """D(q‖posterior)."""
    if is_linear(model) and is_gaussian(model.prior):
        return _conjugate_divergence(model, q, x)
    return _divergence_by_quadrature(model, q, x, surprisal)


def _conjugate_divergence(model: GaussianModel, q: Gaussian, x: float | tuple[float, ...]) -> Estimate:
    """Closed form, with the error that the rounding of the posterior's mean and std brings."""
    target = conjugate_posterior(model, x)
    exact = closed_forms.kl_divergence(q, target)
    offset, slope = (*model.link.tolist(), 0.0)[:2]
    prior_mean, prior_std = float(model.prior.means[0]), float(model.prior.stds[0])
    seen = likelihood_of(model, x)
    spread = math.hypot(seen.std, slope * prior_std)
    moved = (
        abs(slope)
        * prior_std
        / spread
        * prior_std
        * (abs(seen.observed) + abs(slope * prior_mean) + abs(offset))
        / spread
    )
    slack = 8 * EPSILON * (abs(prior_mean) + abs(target.mean) + moved) / target.std
    shift, width = abs(q.mean - target.mean) / target.std, (q.std / target.std) ** 2
    excess = abs(width - 1) + shift * shift
    error = exact.error + shift * slack + slack * slack + 8 * EPSILON * excess + (8 * EPSILON) ** 2 * width
    return within_doubles(exact.value, error, exact.certainty, exact.method)


def _divergence_by_quadrature(model: LineModel, q: Gaussian, x: float | int | tuple, surprisal: Estimate) -> Estimate:
    """∫ q (log q − log prior − log likelihood) less the surprisal: not by the moments that the accuracy uses."""
    prior, likelihood = model.prior, likelihood_of(model, x)

    def integrand(log_q: np.ndarray, log_prior: np.ndarray, log_likelihood: np.ndarray) -> AtNodes:
        return AtNodes(log_q - log_prior - log_likelihood, 1.0, 1.0, in_third=1.0)

    def third(panels: Panels) -> tuple[np.ndarray, np.ndarray]:
        return likelihood.at_nodes(panels, q.mean, q.std)

    with np.errstate(over="ignore", invalid="ignore"):
        tail = 2 * likelihood.tail(q, WIDE_REACH)
    places = {"support": likelihood.support(q), "inner": likelihood.bends()}
    whole = expect(integrand, q, prior, over=q, third=third, left_out=tail, reach=WIDE_REACH, **places)
    found = whole - surprisal
    return within_doubles(found.value, found.error, found.certainty, whole.method)
