"""log p and its derivatives around one q: what is read for many q's that lie close together.

A flow asks for the expectations under a hundred q's, one after the other, and a picture for those of all the q's on
the way. While q moves by less than its std, panels of its own for each would tell the same log p again.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import ROOT_TAU
from kl_engine.quadrature.panels import RULE, Components, Panels, responsibilities
from kl_engine.quadrature.truncation import REACH

RULES = RULE.weights.T / ROOT_TAU  # Kronrod's, whose sums are taken, and Gauss's, which it is compared with


class Expected(NamedTuple):
    """Expectations under R q's, each (R,)."""

    value: np.ndarray  # E log p
    gap: np.ndarray  # by how much the two rules differ, panel by panel
    size: np.ndarray  # E |log p|


class Window:
    """log p, s (log p)′ and s² (log p)″ at the nodes of panels around N(mean, s²); a node is its distance in s."""

    REACH = 12.0  # s on either side of the mean
    PANEL = 3.4  # the same: the longest panel
    MARKS = np.linspace(-REACH, REACH, 1 + round(2 * REACH / PANEL))[:, None]
    NARROWEST = 0.75  # of s: over a panel of a narrower q the rules would no longer be right to all digits

    def __init__(self, parts: Components, inner: np.ndarray, mean: float, std: float) -> None:
        self.mean, self.std = mean, std
        panels = Panels.of_rows(mean + self.MARKS * std, inner)
        self.log_p, self.slope, self.curve = log_derivatives(panels, parts, np.array([std]))
        self.nodes = ((panels.left - mean + panels.half)[:, None] + panels.half[:, None] * RULE.nodes) / std
        self.weights, self.gauss = RULES[:, None] * (panels.half[:, None] / std)

    @cached_property
    def columns(self) -> np.ndarray:
        """(panels, nodes, 3): what `expected` sums."""
        columns = (
            self.weights * self.log_p,
            (self.weights - self.gauss) * self.log_p,
            self.weights * np.abs(self.log_p),
        )
        return np.stack(columns, axis=-1)

    @cached_property
    def rows(self) -> np.ndarray:
        """(2, panels · nodes): what `velocity` sums."""
        return np.array([self.weights * self.slope, self.weights * self.curve]).reshape(2, -1)

    def sees(self, mean: np.ndarray | float, std: np.ndarray | float):
        """Whether the expectations under N(mean, std²) may be read from it: to REACH std it must hold every node."""
        return (std > self.NARROWEST * self.std) & (abs(mean - self.mean) + REACH * std < self.REACH * self.std)

    def velocity(self, mean: float, std: float) -> tuple[float, float]:
        """E σ (log p)′, and ½ (1 + E σ² (log p)″)."""
        ratio = std / self.std
        z = self.nodes.ravel() - (mean - self.mean) / self.std
        z *= z
        z *= -0.5 / (ratio * ratio)
        slope, curve = (self.rows @ np.exp(z, out=z)).tolist()
        return slope, 0.5 * (1 + ratio * curve)

    def expected(self, mean: np.ndarray, std: np.ndarray) -> Expected:
        """E log p under each N(mean[i], std[i]²)."""
        ratio = std / self.std
        z = (self.nodes[:, None] - ((mean - self.mean) / self.std)[:, None]) / ratio[:, None]  # (panels, R, nodes)
        z *= z
        z *= -0.5
        value, gap, size = np.moveaxis(np.exp(z, out=z) @ self.columns, -1, 0) / ratio
        return Expected(value.sum(axis=0), np.abs(gap).sum(axis=0), size.sum(axis=0))


def log_derivatives(panels: Panels, parts: Components, std: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log p, std (log p)′ and std² (log p)″ at the nodes; `std` is a number for each panel, or one for all."""
    u, table = panels.standardised(parts)
    square = u * u
    log_p, share = responsibilities(np.subtract(table[0][..., None], square, out=square))
    sharpness = std / table[2]  # σ over √2 s_k
    u *= (-2 * sharpness)[..., None]
    slope = np.add.reduce(share * u)
    u -= slope
    u *= u
    u -= 2 * (sharpness * sharpness)[..., None]
    u *= share
    return log_p, slope, np.add.reduce(u)
