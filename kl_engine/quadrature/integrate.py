"""The one integrator: composite Gauss-Kronrod on panels that follow the problem, refined until its error is small."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.rounding import ROUNDING
from kl_engine.quadrature.panels import RULE, Panels

RELATIVE_GOAL = 1e-10  # of the Gauss rule; the Kronrod rule, whose value is returned, is then at rounding
PATIENCE = 6  # rounds without a halving of the gap: then it is rounding that the integrand did not state
ROUNDS = 24  # of halving; what is left unresolved after them stands in the error
MOST_PANELS = 200_000
VALUE_AND_GAP = np.column_stack([RULE.weights[:, 0], RULE.weights[:, 0] - RULE.weights[:, 1]])


class Integral(NamedTuple):
    """Integrals (channels, rows), a bound of the error of each, and how many panels they took."""

    value: np.ndarray
    error: np.ndarray
    panels: int


def integrate(integrand: Callable[[Panels], np.ndarray], panels: Panels, rows: int = 1) -> Integral:
    """∫ f over the panels of each row.

    `integrand(panels)` gives (channels + 1, panels, nodes): the values of each channel, and last the scale of their
    rounding (each value is wrong by at most 8ε times it). The error is the difference of the two rules, panel by panel,
    plus that rounding. Panels whose rules differ by more than their share of the goal are halved and done again.
    """
    settled, count = 0.0, 0
    least, waited = np.inf, 0
    for _ in range(ROUNDS):
        parts = integrand(panels) @ VALUE_AND_GAP  # (channels + 1, panels, 2)
        np.abs(parts[..., 1], out=parts[..., 1])
        count += panels.half.size
        total = settled + _by_row(parts, panels, rows)
        value, gap, noise = total[:-1, :, 0], total[:-1, :, 1], ROUNDING * total[-1, :, 0]
        goal = RELATIVE_GOAL * np.abs(value) + noise
        missed = gap > goal
        if not missed.any() or count > MOST_PANELS:
            break
        excess = float((gap[missed] / goal[missed]).max())
        least, waited = (excess, 0) if excess < 0.5 * least else (least, waited + 1)
        if waited > PATIENCE:
            break
        share = 0.5 * goal / np.maximum(1, np.bincount(panels.owner, minlength=rows))
        coarse = ((panels.half * parts[:-1, :, 1] > share[:, panels.owner]) & missed[:, panels.owner]).any(axis=0)
        fine = panels.chosen(~coarse)
        settled = settled + _by_row(parts[:, ~coarse], fine, rows)
        panels = panels.chosen(coarse).halved()
    return Integral(value, gap + noise, count)


def _by_row(parts: np.ndarray, panels: Panels, rows: int) -> np.ndarray:
    """Scale (channels, panels, 2) by the panels' half lengths and sum it into (channels, rows, 2)."""
    if rows == 1:
        return (panels.half @ parts)[:, None]
    scaled = panels.half[:, None] * parts
    first = np.concatenate([[0], np.flatnonzero(np.diff(panels.owner)) + 1])
    if panels.owner.size and np.array_equal(
        panels.owner[first], np.arange(rows)
    ):  # row after row, as before any panel is halved: one pass
        return np.add.reduceat(scaled, first, axis=1)
    sums = [[np.bincount(panels.owner, part[:, i], rows) for i in (0, 1)] for part in scaled]
    return np.array(sums).swapaxes(1, 2)
