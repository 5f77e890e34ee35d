"""The highest point of a posterior (MAP), and the parabola through its top (Laplace)."""

from __future__ import annotations

import math

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON
from kl_engine.inference.models import BetaModel, CategoricalModel, LineModel, Model, model_of
from kl_engine.inference.posteriors import likelihood_of, modes_of, posterior
from kl_engine.quadrature.crossings import log_density, parts_of

MOST_STEPS = 100
SAME_HEIGHT = 64 * EPSILON  # relative: two modes closer than this in height are equally high
SAME_PLACE = 1e-2  # std of the mode: two climbs that end closer than this found one top


@ieee
def map_estimate(model: Model, x) -> float | int:
    """The z of highest posterior density, or the index of the most probable state of a finite model (MAP).

    Of equally high ones the largest. Raises ValueError for a coin whose posterior Beta(a, b) has no mode inside (0, 1):
    a <= 1 or b <= 1. argmax log p(z∣x), in the unit of z. `model` and `x` as in `free_energy`. Source: C. Bishop,
    Pattern Recognition and Machine Learning (2006), 1.2.5.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> kl.inference.map_estimate(model, 1.0)
    0.5
    """
    model = model_of(model)
    x = model.observation(x)
    if isinstance(model, LineModel):
        return highest_points(model, x)[-1]
    target = posterior(model, x)
    if isinstance(target, Categorical):
        return int(np.flatnonzero(target.probs == target.probs.max())[-1])
    if min(target.a, target.b) <= 1:
        raise refuse("x", "data whose posterior has a mode inside (0, 1)", x)
    return (target.a - 1) / (target.a + target.b - 2)


@ieee
def laplace_approximation(model: LineModel | BetaModel, x) -> Gaussian:
    """q = N(m, −1/(log posterior)″(m)), m the MAP estimate.

    Source: P. S. de Laplace 1774; C. Bishop, Pattern Recognition and Machine Learning (2006), 4.4. Raises ValueError
    for a finite model, and where the top is flat or at an end. Its std is in the unit of z; log posterior in nats.
    `model` and `x` as in `free_energy`.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 0, 1], 1.0)  # x = z² + noise
    >>> q = kl.inference.laplace_approximation(model, 2.0)
    >>> round(q.mean, 6), round(q.std, 6)
    (1.224745, 0.408248)
    """
    model = model_of(model)
    if isinstance(model, CategoricalModel):
        raise refuse("model", "a model of a number or a BetaModel: states have no curvature", model)
    x = model.observation(x)
    z = map_estimate(model, x)
    if isinstance(model, BetaModel):
        target = posterior(model, x)
        curve = -(target.a - 1) / z**2 - (target.b - 1) / (1 - z) ** 2
    else:
        curve = _log_posterior(model, x, z)[2]
    if not curve < 0:
        raise refuse("model", f"a log posterior that bends down at its top, {z:g}", model)
    return Gaussian(z, 1 / math.sqrt(-curve))


def highest_points(model: LineModel, x: float | int | tuple) -> tuple[float, ...]:
    """Where the posterior density is highest: one z, or several of one height, ascending.

    They are where Newton's method leads to from the modes of the posterior's components.
    """
    modes = modes_of(model, x)
    points = [_climbed(model, x, mode.z, mode.std) for mode in modes]
    heights = [_log_posterior(model, x, z)[0] for z in points]
    near = max(heights) - SAME_HEIGHT * (1 + abs(max(heights)))
    found: list[float] = []
    for z, width in sorted((z, mode.std) for z, mode, height in zip(points, modes, heights) if height >= near):
        if found and z - found[-1] < SAME_PLACE * width:
            found.pop()
        found.append(z)
    return tuple(found)


def _climbed(model: LineModel, x: float | int | tuple, z: float, width: float) -> float:
    """Uphill from z; a step is at most the width of the bell there, and shortened until the density rises."""
    height, slope, curve = _log_posterior(model, x, z)
    for _ in range(MOST_STEPS):
        step = slope / abs(curve) if abs(slope) < width * abs(curve) else math.copysign(width, slope)
        while abs(step) > EPSILON * abs(z):
            trial = _log_posterior(model, x, z + step)
            # At the top heights differ by rounding only, and a smaller slope says more.
            if trial[0] > height or (trial[0] == height and abs(trial[1]) < abs(slope)):
                break
            step /= 4
        else:
            return z
        z, (height, slope, curve) = z + step, trial
    return z


def _log_posterior(model: LineModel, x: float | int | tuple, z: float) -> tuple[float, float, float]:
    """log prior + log likelihood at z, its slope and its curvature."""
    parts = parts_of(model.prior)
    log_prior = log_density(parts, z)
    shares = np.array([math.exp(part.level(z) - log_prior) for part in parts])
    slopes = np.array([(part.mean - z) / part.std**2 for part in parts])
    slope = float(shares @ slopes)
    curve = float(shares @ ((slopes - slope) ** 2 - 1 / model.prior.stds**2))
    value, steep, bend = likelihood_of(model, x).derivatives(z)
    return log_prior + value, slope + steep, curve + bend
