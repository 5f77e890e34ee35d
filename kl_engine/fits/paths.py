"""A path of Gaussian q's with the divergence at each, computed for all rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture, is_gaussian
from kl_engine.divergences import closed_forms
from kl_engine.divergences.line import LogRatio, entropy
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROUNDING
from kl_engine.quadrature.crossings import Part, crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Components, Panels, components
from kl_engine.quadrature.truncation import MARKS, REACH, log_ratio_tail


@dataclass(frozen=True, eq=False)
class Path:
    """Rows of q = N(mean[i], std[i]²) and the divergence kl[i] in nats of each, right within `error` in every row."""

    mean: np.ndarray
    std: np.ndarray
    kl: np.ndarray
    error: float

    def __post_init__(self) -> None:
        for array in (self.mean, self.std, self.kl):
            array.flags.writeable = False

    def __len__(self) -> int:
        return self.mean.size


def path(p: Mixture, direction: Direction, mean: np.ndarray, std: np.ndarray) -> Path:
    """The path through the given q's, with D(p‖q) or D(q‖p) at each."""
    if is_gaussian(p):
        kl, errors = _between_gaussians(p, direction, mean, std)
    elif direction is Direction.FORWARD:
        kl, errors = forward_values(p, mean, std)
    else:
        kl, errors = reverse_values(p, mean, std)
    return Path(mean, std, kl, float(errors.max()))


def _between_gaussians(p: Mixture, direction: Direction, mean: np.ndarray, std: np.ndarray):
    target = Gaussian(float(p.means[0]), float(p.stds[0]))
    pairs = [(target, Gaussian(m, s)) for m, s in zip(mean, std)]
    found = [closed_forms.kl_divergence(*(pair if direction is Direction.FORWARD else pair[::-1])) for pair in pairs]
    return np.array([e.value for e in found]), np.array([e.error for e in found])


def forward_values(p: Mixture, mean: np.ndarray, std: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """D(p‖q) = H[p, q] − H[p], and its error, for every row: the first closed, the second one integral for all."""
    own = entropy(p)
    spread = (p.std / std) ** 2 + ((p.mean - mean) / std) ** 2
    log_std = np.log(std)
    crossed = log_std + LOG_ROOT_TAU + 0.5 * spread
    return crossed - own.value, own.error + ROUNDING * (2 + abs(own.value) + np.abs(log_std) + spread)


def reverse_values(p: Mixture, mean: np.ndarray, std: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """D(q‖p), and its error, for every row: an integral each."""
    q = Components.rows(np.ones((1, mean.size)), mean[None], std[None])
    target = parts_of(p)
    level = highest(target) + max(0.0, float(q.table[0].max()))
    panels = Panels.of_rows(mean + MARKS * std, np.array(crossing_points(p)).reshape(-1, 1))
    value, error, _ = integrate(LogRatio(q, components(p), level).weighted, panels, mean.size)
    rows = zip(q.table[0, 0].tolist(), mean.tolist(), std.tolist())
    tails = np.array([log_ratio_tail((Part(1.0, *row),), target, REACH) for row in rows])
    return value[0], error[0] + tails
