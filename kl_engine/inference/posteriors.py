"""The posterior of a latent given data: in closed form where the model is conjugate, by quadrature elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, is_gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import SMALLEST, refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, ROOT_2
from kl_engine.inference.likelihoods.likelihood import LogLikelihood
from kl_engine.inference.models import BetaModel, CategoricalModel, GaussianModel, LineModel, Model, model_of
from kl_engine.inference.posterior_panels import Mode, PosteriorPanels, posterior_panels
from kl_engine.quadrature.crossings import highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Components, Panels, components


@dataclass(frozen=True, eq=False)
class NumericPosterior:
    """p(z∣x) of a model of a number that is not conjugate, by quadrature on panels around its own modes.

    `log_evidence`, `mean_estimate` and `std_estimate` carry their errors; `mean` and `std` are their values. log p is
    in nats. `model` and `x` are what it was made of. Made by `kl.inference.posterior`.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 0, 1], 1.0)  # x = z² + noise
    >>> found = kl.inference.posterior(model, 1.0)
    >>> round(found.std, 6), f"{found.log_evidence:.6f}"
    (0.803264, '-1.291714')
    """

    model: LineModel
    x: float | int | tuple
    log_evidence: Estimate
    mean_estimate: Estimate
    std_estimate: Estimate

    @property
    def mean(self) -> float:
        """E[z∣x]."""
        return self.mean_estimate.value

    @property
    def std(self) -> float:
        """The posterior standard deviation."""
        return self.std_estimate.value

    @ieee
    def log_pdf(self, z) -> np.ndarray:
        """log p(z∣x) in nats, same shape as `z`."""
        return self.model.prior.log_pdf(z) + likelihood_of(self.model, self.x).values(z) - self.log_evidence.value

    @ieee
    def pdf(self, z) -> np.ndarray:
        """p(z∣x), for drawing only: it underflows where `log_pdf` does not."""
        return np.exp(self.log_pdf(z))

    def mass(self, low: float, high: float) -> Estimate:
        """P(low < z < high ∣ x)."""
        return _mass(self, low, high)

    def kl_divergence(self, q: Gaussian) -> Estimate:
        """D(posterior‖q) in nats: the expectation is under the posterior."""
        return _divergence_from_posterior(self, q)


@ieee
def posterior(model: Model, x) -> Categorical | Beta | Gaussian | GaussianMixture | NumericPosterior:
    """p(z∣x): exact for finite models, coins and Gaussian noise about a line, a `NumericPosterior` otherwise.

    Raises ValueError for a bad argument, and where x has probability 0 under a finite model. p(z∣x) = p(x∣z) p(z)/p(x);
    log densities in nats. `model` and `x` as in `free_energy`. Source: T. Bayes, Phil. Trans. 53 (1763) 370.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> q = kl.inference.posterior(model, 1.0)
    >>> round(q.mean, 6), round(q.std, 6)
    (0.5, 0.707107)
    """
    model = model_of(model)
    x = model.observation(x)
    if isinstance(model, CategoricalModel):
        joint = model.prior.probs * model.likelihood[x]
        if not joint.sum() > 0:
            raise refuse("x", "an outcome of positive probability: without it there is no posterior", x)
        return Categorical(joint / joint.sum())
    if isinstance(model, BetaModel):
        return Beta(model.a + x[0], model.b + x[1])
    return (conjugate_posterior(model, x) if is_linear(model) else None) or numeric_posterior(model, x)


def is_linear(model: LineModel) -> bool:
    """Whether x = a + b z + noise: the posterior is then Gaussian, or a mixture."""
    return isinstance(model, GaussianModel) and model.degree <= 1


@lru_cache(maxsize=256)
def likelihood_of(model: LineModel, x: float | int | tuple) -> LogLikelihood:
    """log p(x∣z) as a function of z."""
    return model.log_likelihood(x)


def modes_of(model: LineModel, x: float | int | tuple) -> tuple[Mode, ...]:
    """Where prior components times likelihood are highest, the highest first."""
    return _panels(model, x).modes


def conjugate_posterior(model: GaussianModel, x: float | tuple[float, ...]) -> Gaussian | GaussianMixture | None:
    """The posterior under x = b z + c + noise; None when a component of it is too faint for a double.

    Of several observations x is the mean, and σ the std of its noise. Component k: mean m + (b s²/h²)(x − b m − c), std
    s σ/h, log weight log w + log N(x; b m + c, h²), h² = σ² + b² s².
    """
    offset, slope = (*model.link.tolist(), 0.0)[:2]
    seen = likelihood_of(model, x)
    means, stds, logs = [], [], []
    for w, m, s in zip(*(array.tolist() for array in (model.prior.weights, model.prior.means, model.prior.stds))):
        spread = math.hypot(seen.std, slope * s)
        z = (seen.observed - slope * m - offset) / spread
        means.append(m + (slope * s / spread) * s * z)
        stds.append(s * (seen.std / spread))
        logs.append(math.log(w) - math.log(spread) - 0.5 * z * z)
    if is_gaussian(model.prior):
        return Gaussian(means[0], stds[0])
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    return None if weights.min() < SMALLEST else GaussianMixture(weights, means, stds)


@lru_cache(maxsize=256)
def numeric_posterior(model: LineModel, x: float | int | tuple) -> NumericPosterior:
    """The posterior by quadrature, for any link."""
    where = _panels(model, x)
    centre, scale = where.modes[0].z, where.modes[0].std
    for _ in range(2):  # first where it stands, then its moments from there, which do not cancel
        mass, first, second = _moments(model, x, centre, scale)
        shift = first.value / mass.value - 1
        square = second.value / mass.value
        mean, spread = centre + scale * shift, scale * math.sqrt(square - shift * shift)
        slack = (first.error + mass.error * first.value / mass.value) / mass.value
        wide = (second.error + mass.error * square) / mass.value + 2 * abs(shift) * slack
        errors = scale * slack + EPSILON * abs(mean), scale * wide * scale / spread + 4 * EPSILON * spread
        centre, scale = mean, spread
    log_mass = math.log(mass.value)
    size = abs(log_mass) + abs(where.modes[0].height) + likelihood_of(model, x).level
    error = mass.error / mass.value + 4 * EPSILON * (1 + size)
    log_evidence = Estimate(where.modes[0].height + log_mass, error, Certainty.ESTIMATED, mass.method)
    return NumericPosterior(
        model,
        x,
        log_evidence,
        Estimate(mean, errors[0], Certainty.ESTIMATED, mass.method),
        Estimate(spread, errors[1], Certainty.ESTIMATED, mass.method),
    )


@lru_cache(maxsize=256)
def _panels(model: LineModel, x: float | int | tuple) -> PosteriorPanels:
    return posterior_panels(model.prior, likelihood_of(model, x))


def _moments(model: LineModel, x: float | int | tuple, centre: float, scale: float) -> tuple[Estimate, ...]:
    """∫ f, ∫ f (1 + v), ∫ f v² with v = (z − centre)/scale, f = prior × likelihood over its highest value."""
    where, frame = _panels(model, x), Components.rows(*np.array([[[1.0]], [[centre]], [[scale]]]))

    def integrand(panels: Panels) -> np.ndarray:
        weight, noise = _weights(model, x, panels)
        v = ROOT_2 * panels.standardised(frame)[0][0]
        # 1 + v and not v: the goal of the integral is relative to its value, and that of v is 0.
        return weight * np.stack([np.ones_like(v), 1 + v, v * v, noise * (1 + v * v)])

    value, error, count = integrate(integrand, where.panels)
    # What is left out is so far down that even its second moment is nothing beside e^-84.
    left_out = math.exp(min(0.0, where.log_tail - where.modes[0].height)) * (1 + _reach(where, centre, scale) ** 2)
    method = f"Gauss-Kronrod (15, 31) on {count} panels around {len(where.modes)} modes"
    return tuple(
        Estimate(float(v), float(e) + left_out, Certainty.ESTIMATED, method) for v, e in zip(value[:, 0], error[:, 0])
    )


def _reach(where: PosteriorPanels, centre: float, scale: float) -> float:
    ends = where.panels.left.min(), (where.panels.left + 2 * where.panels.half).max()
    return 2 * float(max(abs(end - centre) for end in ends)) / scale


def _weights(model: LineModel, x: float | int | tuple, panels: Panels) -> tuple[np.ndarray, np.ndarray]:
    """prior × likelihood over its highest value at the nodes, and the scale of the rounding of its logarithm."""
    best, likelihood = _panels(model, x).modes[0], likelihood_of(model, x)
    log_prior = panels.log_density(components(model.prior))
    log_likelihood, noise = likelihood.at_nodes(panels, best.z, best.std)
    level = 4 + highest(parts_of(model.prior)) + abs(best.height)
    weight = np.exp(log_prior + log_likelihood - best.height)
    # Where the likelihood is 0 in doubles, its scale is infinite, and their product no number.
    return weight, np.where(weight > 0, level + np.abs(log_prior) + noise, 0.0)


def _mass(found: NumericPosterior, low: float, high: float) -> Estimate:
    """The mass between two places, both cut to the panels."""
    where = _panels(found.model, found.x)
    edges = np.append(where.panels.left, where.panels.left[-1] + 2 * where.panels.half[-1])
    ends = np.clip([low, high], edges.min(), edges.max())
    outside = math.exp(min(0.0, where.log_tail - found.log_evidence.value))
    if not ends[0] < ends[1]:
        return Estimate(0.0, outside, Certainty.ESTIMATED, "outside of where the posterior has mass")

    def integrand(panels: Panels) -> np.ndarray:
        weight, noise = _weights(found.model, found.x, panels)
        return weight * np.stack([np.ones_like(noise), noise])

    value, error, count = integrate(integrand, Panels.through(ends.tolist(), edges.tolist()))
    scale = math.exp(where.modes[0].height - found.log_evidence.value)
    share = float(value[0, 0]) * scale
    slack = float(error[0, 0]) * scale + share * found.log_evidence.error + outside
    return Estimate(share, slack, Certainty.ESTIMATED, f"Gauss-Kronrod (15, 31) on {count} panels")


def _divergence_from_posterior(found: NumericPosterior, q: Gaussian) -> Estimate:
    """E under the posterior of log posterior − log q, on the posterior's own panels."""
    where = _panels(found.model, found.x)
    top = where.modes[0].height - found.log_evidence.value

    def integrand(panels: Panels) -> np.ndarray:
        weight, noise = _weights(found.model, found.x, panels)
        log_q = panels.log_density(components(q))
        with np.errstate(divide="ignore"):
            log_weight = np.log(weight)
        ratio = np.where(weight > 0, log_weight, 0.0) + top - log_q
        size = noise * (1 + np.abs(ratio)) + abs(top) + np.abs(log_q) + 2 + highest(parts_of(q))
        return weight * math.exp(top) * np.stack([ratio, size])

    value, error, count = integrate(integrand, where.panels)
    outside = math.exp(min(0.0, where.log_tail - found.log_evidence.value))
    far = 100 + 0.5 * _reach(where, q.mean, q.std) ** 2
    slack = float(error[0, 0]) + outside * far + found.log_evidence.error * (1 + abs(float(value[0, 0])))
    return Estimate(float(value[0, 0]), slack, Certainty.ESTIMATED, f"Gauss-Kronrod (15, 31) on {count} panels")
