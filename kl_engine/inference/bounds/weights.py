"""The weight w = p(x, z)/q(z) as a random variable under q: its values, with their probabilities by two rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.beta import Beta, log_beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.estimate import Estimate
from kl_engine.inference.models import BetaModel, CategoricalModel, LineModel, Model
from kl_engine.inference.posteriors import likelihood_of
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.panels import RULE, Panels, components
from kl_engine.quadrature.truncation import REACH, marks

MOST_PANELS = 3000
GRID = 4001  # places at which log w is first looked at
CHANGE = 2.0  # nats of log w, or units of q's own scale: at most so much a panel
FAINT = 42.0  # nats: mass e^-42 of q is left out at either end


class Weights(NamedTuple):
    """log w − log p(x) at places of z, the probability of each under q by a fine and a coarse rule, and their noise."""

    logs: np.ndarray
    probs: np.ndarray
    coarse: np.ndarray
    noise: float  # the largest scale of rounding of a log


def log_weight(model: LineModel, q: Gaussian, x, z: np.ndarray) -> np.ndarray:
    """log p(x, z) − log q(z) in nats, for samples and first looks."""
    return model.prior.log_pdf(z) + likelihood_of(model, x).values(z) - q.log_pdf(z)


def drawn_weights(model: LineModel | BetaModel, q: Gaussian | Beta, x, size, rng: np.random.Generator) -> np.ndarray:
    """log w at independent draws of q; those of a Beta by its log odds, as a vague one is 0 or 1 in doubles."""
    if not isinstance(model, BetaModel):
        return log_weight(model, q, x, q.sample(size, rng))
    first, second = (rng.gamma(shape + 1, size=size) for shape in (q.a, q.b))
    # A gamma variate of shape a is one of shape a + 1 times u^(1/a).
    odds = np.log(first) + np.log(rng.random(size)) / q.a - np.log(second) - np.log(rng.random(size)) / q.b
    return _coin_logs(model, q, x, odds)[1]


def _coin_logs(model: BetaModel, q: Beta, x: tuple[int, int], y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log of q's density over the log odds y, and log w there."""
    log_q, log_prior = log_beta(q.a, q.b)[0], log_beta(model.a, model.b)[0]
    up, down = -np.logaddexp(0, -y), -np.logaddexp(0, y)
    weight = (model.a + x[0] - q.a) * up + (model.b + x[1] - q.b) * down + log_q - log_prior
    return q.a * up + q.b * down - log_q, weight


def weights_of(model: Model, q: Gaussian | Categorical | Beta, x, surprisal: Estimate) -> Weights | None:
    """The weights; None where log w is so steep that the panels would be too many."""
    if isinstance(model, CategoricalModel):
        held = q.probs > 0
        with np.errstate(divide="ignore"):
            logs = (model.prior.log_prob + np.log(model.likelihood[x]) - q.log_prob)[held] + surprisal.value
        probs = q.probs[held]
        return Weights(logs, probs, probs, float(np.abs(logs[np.isfinite(logs)]).max(initial=1.0)))
    if isinstance(model, BetaModel):
        return _of_a_coin(model, q, x, surprisal.value)
    return _on_the_line(model, q, x, surprisal.value)


def _on_the_line(model: LineModel, q: Gaussian, x, surprisal: float) -> Weights | None:
    likelihood = likelihood_of(model, x)
    ends = [q.mean - REACH * q.std, q.mean + REACH * q.std, *likelihood.support(q)]
    cuts = [q.mean + mark * q.std for mark in marks(REACH)] + list(crossing_points(model.prior))

    def profile(z: np.ndarray) -> np.ndarray:
        return log_weight(model, q, x, z)

    panels = _panels(min(ends), max(ends), q.std, profile, cuts)
    if panels is None:
        return None
    log_q = panels.log_density(components(q))
    log_likelihood, noise = likelihood.at_nodes(panels, q.mean, q.std)
    log_prior = panels.log_density(components(model.prior))
    level = 4 + highest(parts_of(model.prior)) + highest(parts_of(q)) + abs(surprisal)
    scale = noise + level + np.abs(log_prior) + np.abs(log_q)
    return _weighed(panels, log_q, log_prior + log_likelihood - log_q + surprisal, scale)


def _of_a_coin(model: BetaModel, q: Beta, x: tuple[int, int], surprisal: float) -> Weights | None:
    """Over the log odds y of θ = σ(y): log q is then concave, and falls on either side as a line."""
    middle = np.log(q.a / q.b)
    # |log q| grows by at most a or b a unit, so that q has fallen by FAINT there.
    low, high = middle - (FAINT + 2) / min(q.a, 1) - 8, middle + (FAINT + 2) / min(q.b, 1) + 8
    width = min(1.0, (1 / q.a + 1 / q.b) ** 0.5)
    panels = _panels(
        low, high, 2 * width, lambda y: _coin_logs(model, q, x, y)[1], [middle + k * width for k in range(-12, 13)]
    )
    if panels is None:
        return None
    density, weight = _coin_logs(model, q, x, panels.positions())
    sizes = log_beta(q.a, q.b)[1] + log_beta(model.a, model.b)[1]
    scale = 4 + sizes + np.abs(density) + np.abs(weight) + abs(surprisal)
    return _weighed(panels, density, weight + surprisal, scale)


def _panels(low: float, high: float, unit: float, profile: Callable, cuts: list[float]) -> Panels | None:
    """Panels on which log w changes by at most CHANGE, and which are at most CHANGE/2 units wide."""
    grid = np.linspace(low, high, GRID)
    values = np.clip(np.nan_to_num(profile(grid), nan=0.0), -1e300, 1e300)
    arc = np.concatenate([[0.0], np.cumsum(np.maximum(np.abs(np.diff(values)), 2 * np.diff(grid) / unit))])
    count = int(np.ceil(arc[-1] / CHANGE)) if arc[-1] < CHANGE * MOST_PANELS else 0
    if not 0 < count < MOST_PANELS:
        return None
    edges = np.interp(np.linspace(0, arc[-1], count + 1), arc, grid)
    return Panels.through(edges.tolist(), cuts)


def _weighed(panels: Panels, log_q: np.ndarray, logs: np.ndarray, scale: np.ndarray) -> Weights:
    """The nodes, with the probabilities of the rule and of the coarser one within it."""
    density = np.exp(log_q) * panels.half[:, None]
    probs, coarse = ((density * weights).ravel() for weights in RULE.weights.T)
    noise = float(scale[density > 1e-18].max())
    return Weights(logs.ravel(), probs / probs.sum(), coarse / coarse.sum(), noise)
