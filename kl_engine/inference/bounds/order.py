"""The bound of order α: log p(x) less Rényi's divergence of q from the posterior.

    L_α = log E_q (p(x, z)/q(z))^(1−α) / (1 − α) = log p(x) − R_α(q‖posterior)

α = 1 is −F, α = 0 the log evidence where q covers it; L_α falls as α grows, and for α < 0 it is an upper bound. Whether
the integral is finite is decided by how its logarithm grows far out, before anything is integrated.
"""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.beta import Beta, log_beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import finite
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, GAMMA_ROUNDING, ROUNDING
from kl_engine.inference.models import BetaModel, CategoricalModel, LineModel, Model, model_of
from kl_engine.inference.posterior_panels import posterior_panels
from kl_engine.inference.posteriors import likelihood_of
from kl_engine.inference.variational import belief, free_energy
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Panels, components
from kl_engine.quadrature.truncation import WIDE_REACH, marks

DEPTH = 90.0  # nats below its top: there an integrand is left
MOST_DOUBLINGS = 400
MOST_ZOOMS = 40
FINE = 33  # places in each first panel at which the integrand is looked at
CHANGE = 4.0  # nats a panel
MOST_PANELS = 20_000
INFINITE = "far out p(x, z)^(1−α) q(z)^α does not fall off: q is too {} there for this α"


@ieee
def alpha_bound(model: Model, q: Gaussian | Categorical | Beta, x, alpha: float) -> Estimate:
    """L_α = log E_q (p(x, z)/q(z))^(1−α)/(1 − α) in nats: −F at α = 1, and below log p(x) for α > 0.

    L_α = log p(x) − R_α(q‖posterior): α = 0 is log p(x) where q covers the posterior, α < 0 an upper bound. ±inf, with
    the reason, where the integral is infinite. `model`, `q` and `x` are as in `free_energy`; α = `alpha` is any finite
    number. Raises ValueError for a bad argument. Source: Y. Li, R. Turner, NeurIPS (2016).

    >>> import kl_engine as kl
    >>> model, q = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0), kl.Gaussian(0, 1)
    >>> [f"{kl.inference.alpha_bound(model, q, 1.0, alpha).value:.4f}" for alpha in (1, 0.5, 0)]
    ['-1.9189', '-1.6577', '-1.5155']
    """
    model, alpha = model_of(model), finite("alpha", alpha)
    q, x = belief(model, q), model.observation(x)
    if alpha == 1:
        return free_energy(model, q, x).elbo
    if isinstance(model, CategoricalModel):
        return _of_states(model, q, x, alpha)
    if isinstance(model, BetaModel):
        return _of_a_coin(model, q, x, alpha)
    return _on_the_line(model, q, x, alpha)


def _infinite(alpha: float, reason: str) -> Estimate:
    """An infinite mean of the power: −inf above α = 1, inf below."""
    return Estimate.infinite(reason, -1 if alpha > 1 else 1)


def _of_states(model: CategoricalModel, q: Categorical, x: int, alpha: float) -> Estimate:
    """A sum over the states."""
    with np.errstate(divide="ignore"):
        joint = model.prior.log_prob + np.log(model.likelihood[x])
    own = q.log_prob
    if alpha > 1 and (np.isfinite(own) & np.isinf(joint)).any():
        return _infinite(alpha, "q gives probability to a state that the model excludes")
    if alpha < 0 and (np.isinf(own) & np.isfinite(joint)).any():
        return _infinite(alpha, "q gives no probability to a state that the model allows")
    held = np.isfinite(own) & np.isfinite(joint)
    if not held.any():
        return Estimate.infinite("q and the model share no state", -1)
    logs = alpha * own[held] + (1 - alpha) * joint[held]
    size = abs(alpha) * np.abs(own[held]) + abs(1 - alpha) * np.abs(joint[held])
    top = float(logs.max())
    total = top + math.log(math.fsum(np.exp(logs - top)))
    error = ROUNDING * (2 + float(size.max()) + abs(total)) / abs(1 - alpha)
    return Estimate(total / (1 - alpha), error, Certainty.EXACT, "exact: a sum over the states")


def _of_a_coin(model: BetaModel, q: Beta, x: tuple[int, int], alpha: float) -> Estimate:
    """θ^(A−1) (1−θ)^(B−1) with A = α a_q + (1 − α) a_p, and B alike: a Beta function, or infinite."""
    a, b = (alpha * own + (1 - alpha) * other for own, other in zip((q.a, q.b), (model.a + x[0], model.b + x[1])))
    if min(a, b) <= 0:
        return _infinite(alpha, INFINITE.format("wide" if alpha > 1 else "narrow"))
    (mass, size_0), (own, size_1), (prior, size_2) = (
        log_beta(*ends) for ends in ((a, b), (q.a, q.b), (model.a, model.b))
    )
    value = (mass - alpha * own) / (1 - alpha) - prior
    size = (size_0 + abs(alpha) * size_1) / abs(1 - alpha) + size_2
    return Estimate(value, GAMMA_ROUNDING * size, Certainty.EXACT, "closed form: Beta functions")


def _on_the_line(model: LineModel, q: Gaussian, x, alpha: float) -> Estimate:
    """∫ q^α p(x, z)^(1−α) dz by quadrature, where it is finite."""
    if any(_grows(model, q, x, alpha, side) for side in (1, -1)):
        return _infinite(alpha, INFINITE.format("wide" if alpha > 1 else "narrow"))
    likelihood, prior = likelihood_of(model, x), model.prior

    def log_power(z: np.ndarray) -> np.ndarray:
        joint = prior.log_pdf(z) + likelihood.values(z)
        return alpha * q.log_pdf(z) + ((1 - alpha) * joint if alpha != 1 else 0.0)

    panels, top = _panels(model, q, x, log_power)
    level = 4 + abs(top) + abs(alpha) * highest(parts_of(q)) + abs(1 - alpha) * highest(parts_of(prior))

    def integrand(panels: Panels) -> np.ndarray:
        log_q, log_prior = panels.log_density(components(q)), panels.log_density(components(prior))
        log_likelihood, noise = likelihood.at_nodes(panels, q.mean, q.std)
        logs = alpha * log_q + (1 - alpha) * (log_prior + log_likelihood) - top
        scale = level + abs(alpha) * np.abs(log_q) + abs(1 - alpha) * (np.abs(log_prior) + noise)
        weight = np.exp(logs)
        return weight * np.stack([np.ones_like(scale), scale])

    value, error, count = integrate(integrand, panels)
    mass, slack = float(value[0, 0]), float(error[0, 0])
    slack += math.exp(-DEPTH) * float(panels.left.max() - panels.left.min())
    total = (top + math.log(mass)) / (1 - alpha)
    error = (slack / mass + 4 * EPSILON * (abs(top) + 2)) / abs(1 - alpha)
    return Estimate(total, error, Certainty.ESTIMATED, f"Gauss-Kronrod (15, 31) on {count} panels")


def _grows(model: LineModel, q: Gaussian, x, alpha: float, side: int) -> bool:
    """Whether the power does not fall off on one side; where its parabolas cancel, the lines decide."""
    growth, widest = likelihood_of(model, x).growth(side), int(np.argmax(model.prior.stds))
    if growth.over and alpha != 1:
        return alpha > 1
    mean, std = float(model.prior.means[widest]), float(model.prior.stds[widest])
    squares = 0.5 * alpha / q.std**2, (1 - alpha) * 0.5 / std**2, (1 - alpha) * growth.quadratic
    if abs(math.fsum(squares)) > 8 * EPSILON * math.fsum(map(abs, squares)):
        return math.fsum(squares) < 0
    lines = -side * alpha * q.mean / q.std**2, -side * (1 - alpha) * mean / std**2, (1 - alpha) * growth.linear
    return math.fsum(lines) <= 8 * EPSILON * math.fsum(map(abs, lines))


def _panels(model: LineModel, q: Gaussian, x, log_power) -> tuple[Panels, float]:
    """Panels that hold the integrand down to DEPTH below its top, cut where its log has changed; and the top."""
    seen = posterior_panels(model.prior, likelihood_of(model, x)).panels
    own = [q.mean + mark * q.std for mark in marks(WIDE_REACH)]
    edges = sorted({*own, *seen.left.tolist(), float((seen.left + 2 * seen.half).max())})
    grid, heights = _resolved(np.array(_reaching(edges, log_power)), log_power)
    edges, top = [grid[0], grid[-1]], float(heights.max())
    heights = np.maximum(heights - top, -DEPTH - 1)  # what lies lower need not be resolved
    arc = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(heights)))])
    count = min(MOST_PANELS, int(arc[-1] / CHANGE) + 1)
    cuts = np.interp(np.linspace(0, arc[-1], count + 1), arc + np.arange(arc.size) * 1e-12, grid)
    return Panels.through(edges, cuts.tolist(), crossing_points(model.prior)), top


def _resolved(edges: np.ndarray, log_power) -> tuple[np.ndarray, np.ndarray]:
    """A grid and the log of the integrand on it, finer and finer about its highest places until none hides between."""
    grid = np.unique(np.concatenate([np.linspace(*pair, FINE) for pair in zip(edges[:-1], edges[1:])]))
    for _ in range(MOST_ZOOMS):
        heights = np.maximum(log_power(grid), -1e300)
        falls = np.abs(np.diff(heights))
        inner = np.concatenate([[-np.inf], heights, [-np.inf]])
        peaks = np.flatnonzero((heights >= inner[:-2]) & (heights >= inner[2:]) & (heights > heights.max() - DEPTH))
        sides = np.unique(np.clip(np.concatenate([peaks - 1, peaks]), 0, grid.size - 2))
        steep = sides[(falls[sides] > CHANGE) & (np.diff(grid)[sides] > 4 * np.spacing(np.abs(grid[sides])))]
        if not steep.size:
            break
        more = [np.linspace(grid[i], grid[i + 1], FINE)[1:-1] for i in steep]
        grid = np.unique(np.concatenate([grid, *more]))
    return grid, np.maximum(log_power(grid), -1e300)


def _reaching(edges: list[float], log_power) -> list[float]:
    """The edges, and further ones on both sides until the integrand has fallen by DEPTH."""
    top = float(np.max(log_power(np.array(edges))))
    for end, side in ((-1, 1.0), (0, -1.0)):
        step = edges[-1] - edges[0]
        for _ in range(MOST_DOUBLINGS):
            height = float(log_power(np.array([edges[end]]))[0])
            top = max(top, height)
            if height < top - DEPTH:
                break
            place = edges[end] + side * step
            edges = [*edges, place] if side > 0 else [place, *edges]
            step *= 2
    return edges
