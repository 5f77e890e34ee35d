"""Damped Newton descent of any `Objective`, for many starts at once, and what its end is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.estimates.tolerances import (
    FLAT,
    FLOOR,
    LONGEST_STEP,
    MOST_ITERATIONS,
    NOISE,
    SHORTENED,
    SHORTEST,
    STATIONARY,
    SUFFICIENT,
)
from kl_engine.fits.objective import Objective, Terms
from kl_engine.fits.solution import Status

GRAIN = 2.0**-27  # of q's std: from so near a place one step of Newton's method mostly has all digits …
DIGITS, MOST_POLISHES = 1e-14, 5  # … and then the next one is shorter than this


class Descent(NamedTuple):
    """Where R descents ended, and how they came there."""

    places: np.ndarray
    terms: Terms
    sizes: np.ndarray  # (R,) of the step that would come next
    history: list[np.ndarray]  # the places after each iteration, the starts first

    @property
    def stationary(self) -> np.ndarray:
        """(R,) whether the gradient vanishes as far as its rounding lets one see."""
        return self.sizes < STATIONARY

    def way(self, row: int) -> np.ndarray:
        """The places of one row, without the iterations in which it stood still."""
        places = np.array([places[row] for places in self.history])
        moved = (np.diff(places, axis=0) != 0).any(axis=1)
        return places[np.concatenate([[True], moved])]


def descend(
    objective: Objective,
    starts: np.ndarray,
    until: float = STATIONARY,
    known: Terms | None = None,
    goes_on: Callable[[int], bool] = lambda rows: True,
) -> Descent:
    """Descend from each start to a stationary place, until a step is shorter than `until`.

    `known` are the terms at the starts, where they are known; `goes_on` is told, before each step, for how many places
    the objective is to be evaluated, and may end the descent there.

    The step is −|H|⁻¹ g, with the absolute eigenvalues of the Hessian, so that it goes down even where H is indefinite;
    it is cut to LONGEST_STEP and shortened until the value falls. A start at a saddle stays there.
    """
    places = np.array(starts, dtype=np.float64)
    terms = objective.terms(places) if known is None else known
    history = [places.copy()]
    steps, sizes = newton_steps(terms)
    lengths = np.ones(len(places))
    active = np.arange(len(places))
    for _ in range(MOST_ITERATIONS):
        active = active[(sizes[active] >= until) & (lengths[active] > SHORTEST)]
        if active.size == 0 or not goes_on(active.size):
            break
        moves = steps[active] * lengths[active, None]
        trial_places = objective.moved(places[active], moves)
        trial = objective.chosen(active).terms(trial_places)
        next_steps, next_sizes = newton_steps(trial)
        fell, useful = _progress(terms.chosen(active), trial, moves, sizes[active], next_sizes)
        kept = active[useful]
        places[kept], steps[kept], sizes[kept] = trial_places[useful], next_steps[useful], next_sizes[useful]
        for old, new in zip(terms, trial):
            old[kept] = new[useful]
        lengths[active] = np.where(useful, 1.0, np.where(fell, 0.0, SHORTENED * lengths[active]))
        history.append(places.copy())
    # So short a step squares what is left of the way: it is taken without another look.
    last = sizes < until
    if last.any():
        places[last] = objective.moved(places[last], steps[last])
    history.append(places.copy())
    return Descent(places, terms, sizes, history)


def _progress(here: Terms, there: Terms, moves: np.ndarray, sizes: np.ndarray, next_sizes: np.ndarray):
    """(R,) whether the value fell as promised, and whether the step is progress."""
    promised = np.einsum("ri,ri->r", here.gradient, moves)
    slack = NOISE * (1 + np.abs(here.value))
    fell = there.value <= here.value + SUFFICIENT * promised + slack
    # Once the values are at their rounding, only a shorter Newton step or a smaller gradient is progress.
    flatter = np.abs(there.gradient).max(axis=1) < 0.5 * np.abs(here.gradient).max(axis=1)
    return fell, fell & ((-promised > slack) | (next_sizes < 0.5 * sizes) | flatter)


def newton_steps(terms: Terms) -> tuple[np.ndarray, np.ndarray]:
    """−|H|⁻¹ g, cut to LONGEST_STEP, (R, P); and its size before the cut, (R,).

    Along a direction in which the gradient cannot be told from 0, by its rounding, there is no step.
    """
    values, vectors = np.linalg.eigh(terms.hessian)
    steepness = np.abs(values)
    steepness = np.maximum(steepness, FLOOR * steepness.max(axis=1, keepdims=True))
    along = (terms.gradient[:, None] @ vectors)[:, 0]
    along[np.abs(along) <= terms.rounding[:, None]] = 0.0
    steps = -(vectors @ (along / steepness)[..., None])[..., 0]
    sizes = np.abs(steps).max(axis=1)
    return steps * np.minimum(1, LONGEST_STEP / np.maximum(sizes, LONGEST_STEP))[:, None], sizes


def settled(objective: Objective, place: np.ndarray) -> tuple[np.ndarray, Terms, bool]:
    """A stationary place on the line with the digits that do not depend on the way there, its terms, and if it is one.

    Newton's method goes on from the nearest place of a lattice, one row at a time: so all ways to an optimum end in
    one set of digits.
    """
    return settled_from(objective, nearest_of_lattice(objective, place))


def nearest_of_lattice(objective: Objective, place: np.ndarray) -> tuple[float, float]:
    """The mean and the std from which all that end near a place go on; a std that is held stays as it is."""
    unit = GRAIN * np.exp2(np.rint(np.log2(place[1])))
    mean, std = (np.rint(place / unit) * unit).tolist()
    return mean, float(place[1]) if objective.held else std


def settled_from(objective: Objective, start: tuple[float, float]) -> tuple[np.ndarray, Terms, bool]:
    """The same, from a place of the lattice."""
    at = np.array(start)
    for _ in range(MOST_POLISHES):
        terms = objective.terms(at[None])
        steps, (size,) = newton_steps(terms)
        if size < DIGITS:
            break
        at = objective.moved(at[None], steps)[0]
    return at, terms, bool(np.isfinite(terms.value[0]) and size < STATIONARY)


def verdict(terms: Terms, stationary: bool, flat: str) -> tuple[Status, str]:
    """What the end of one descent (its terms, of one row) is, and why in words; `flat` says what a flat one is."""
    size = float(np.abs(terms.gradient).max())
    curvatures = terms.curvatures()[0]
    lowest, negligible = float(curvatures[0]), FLAT * float(np.abs(curvatures).max())
    if not stationary:
        return Status.STOPPED, f"not converged: the gradient is still {size:.1e}"
    if lowest < -negligible:
        return Status.SADDLE, f"stationary but no minimum (lowest curvature {lowest:.2g}): move the start off it"
    if lowest <= negligible:
        return Status.FLAT, f"stationary along a flat direction: {flat}"
    return Status.CONVERGED, f"a local minimum: gradient {size:.1e}, lowest curvature {lowest:.2g}"
