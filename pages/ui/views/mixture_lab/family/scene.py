"""What is found of one family: its shape as numbers, both fits or why there is none, and where the start leads."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from kl_engine import Direction, Estimate, Gaussian, Solution, families, fit, moment_match
from kl_engine.estimates.floats import ieee
from kl_engine.optima import StationaryPoint, same, stationary_points
from pages.ui.cache.kept import kept
from pages.ui.say.assessment import Scored, scored_fit
from pages.ui.say.no_fit import NoFit, why_no_fit
from pages.ui.state.law import Law
from pages.ui.state.two_modes import Start
from pages.ui.views.mixture_lab.family.question import Question

HALF = 600  # points to either side of the middle
FARTHEST = 9.0  # the points lie at sinh(t) widths from the middle, t up to this: as far as 4,000 widths
EDGES = 10.0 ** -np.arange(0, 10, 0.25)  # of a width, before an end of the support
DRAWS = 40
QUARTER = 0.6744897501960817  # std: as far from the mean lies a quarter of a Gaussian
TOO_EXTREME = "The numbers of this p are too extreme for it to be drawn: take less extreme ones."
FLAT = 1e-9  # nats: a density that varies by less has no mode


@dataclass(frozen=True)
class Shape:
    """A density as numbers: places and log density, in units of its width about its middle; draws; its one mode."""

    middle: float
    width: float
    places: tuple[float, ...]
    logs: tuple[float, ...]  # of the density per unit of width; −∞ where it is 0
    draws: tuple[float, ...]  # equally likely, in the same units
    whole: bool  # whether the support is the whole line
    mode: float | None  # on the line; None where there is not one highest place with falling sides


class Led(NamedTuple):
    """Where the search from the start of q ends, and what that costs; `reason` says how it ended."""

    q: Gaussian
    value: Estimate
    converged: bool
    reason: str


@dataclass(frozen=True)
class Scene:
    """Both fits, scored, or why one does not exist; the reverse minima found, best first; where the start leads."""

    question: Question
    shape: Shape
    forward: Scored | None
    reverse: Scored | None
    no_forward: NoFit | None
    no_reverse: NoFit | None
    matched: Gaussian | None  # the q of p's own mean and std, where forward has a fit
    points: tuple[StationaryPoint, ...]  # of D(q‖p)
    complete: bool  # whether it is proved that there are no others
    led: Led | None

    def leads_to(self, q: Gaussian) -> bool:
        """Whether the start ends at this q."""
        return self.led is not None and same(self.led.q, q)


@kept(256)
def shape_of(law: Law) -> Shape:
    """The density as numbers. ValueError, saying what may be written, where the text is no distribution here."""
    try:
        return _shape(law.p)
    except ArithmeticError:
        raise ValueError(TOO_EXTREME) from None


def _shape(p) -> Shape:
    middle, width = (p.mean, QUARTER * p.std) if isinstance(p, Gaussian) else map(float, p.typical)
    low, high = (-math.inf, math.inf) if isinstance(p, Gaussian) else p.support
    places = np.sinh(np.linspace(-FARTHEST, FARTHEST, 2 * HALF + 1))
    ends = [(low - middle) / width, (high - middle) / width]
    places = np.concatenate([places, [(x - middle) / width for x in getattr(p, "bends", ())]])
    for end, inwards in zip(ends, (1, -1)):
        if math.isfinite(end):
            places = np.concatenate([places, end + inwards * EDGES])
    places = np.unique(places[(places >= ends[0]) & (places <= ends[1])])
    logs = _logs(p, middle + width * places) + math.log(width)
    inner = np.isfinite(logs)
    places, logs = places[inner], logs[inner]
    if places.size < 3:
        raise ValueError(TOO_EXTREME)
    shares = (np.arange(DRAWS) + 0.5) / DRAWS
    draws = (_quantiles(p, shares) - middle) / width
    whole = math.isinf(low) and math.isinf(high)
    mode = _mode(p, middle + width * places, logs)
    return Shape(middle, width, *(tuple(map(float, part)) for part in (places, logs, draws)), whole, mode)


@ieee
def _logs(p, x: np.ndarray) -> np.ndarray:
    return p.log_pdf(x)


@ieee
def _quantiles(p, shares: np.ndarray) -> np.ndarray:
    if isinstance(p, Gaussian):
        from scipy.special import ndtri

        return p.mean + p.std * ndtri(shares)
    return np.array([float(p.quantile(share)) for share in shares])


def _mode(p, x: np.ndarray, logs: np.ndarray) -> float | None:
    """The highest place, where the density rises up to it and falls after it, and is finite there."""
    from scipy.optimize import minimize_scalar

    highest = np.flatnonzero(logs == logs.max())  # several, where the top is flat to the last digit
    top = int(highest[highest.size // 2])
    steps = np.diff(logs)
    if logs.max() - logs.min() < FLAT or (steps[:top] < -FLAT).any() or (steps[top:] > FLAT).any():
        return None
    if top in (0, x.size - 1):
        end = p.support[0 if top == 0 else 1]
        return float(end) if np.isfinite(_logs(p, np.array([end]))).all() else None
    found = minimize_scalar(lambda at: -float(_logs(p, at)), bounds=(x[top - 1], x[top + 1]), options={"xatol": 1e-12})
    # A kink lies at one of the places.
    return float(x[top] if _logs(p, x[top]) >= -found.fun else found.x)


@kept(256)
def answered(question: Question) -> Scene:
    """All there is to find, found where p stands at 0 with width 1: no divergence knows of the place and the width."""
    law, loc, scale = question.target.standard
    start = Start((question.start.mean - loc) / scale, question.start.std / scale)
    found = _found(Question(law, start, question.held))

    def back(part):
        """A fit, or what holds one, at its own place."""
        if isinstance(part, Gaussian):
            return Gaussian(loc + scale * part.mean, scale * part.std)
        return part._replace(q=back(part.q)) if isinstance(part, Led) else part and replace(part, q=back(part.q))

    none = [why and why_no_fit(question.target.p, direction, why) for direction, why in zip(Direction, found.refused)]
    fits = (back(found.forward), back(found.reverse), *none, back(found.matched))
    points = tuple(back(point) for point in found.points)
    return Scene(question, shape_of(question.target), *fits, points, found.complete, back(found.led))


class Found(NamedTuple):
    """What is found of a question as it is asked, and what the engine says of a direction that has no fit."""

    forward: Scored | None
    reverse: Scored | None
    refused: tuple[str | None, str | None]
    matched: Gaussian | None
    points: tuple[StationaryPoint, ...]
    complete: bool
    led: Led | None


@kept(256)
def _found(question: Question) -> Found:
    p, family = question.target.p, families.Gaussian(question.fixed_std)
    forward, no_forward = _tried(lambda: _forward(p, family))
    found, no_reverse = _tried(lambda: _reverse(p, family))
    reverse, points, complete = found or (None, (), False)
    led, _ = _tried(lambda: _led(fit(p, Direction.REVERSE, family, question.start.q)))
    matched = forward and (moment_match(p) if question.held else forward.q)
    return Found(forward, reverse, (no_forward, no_reverse), matched, points, complete, led)


def _tried(find: Callable) -> tuple:
    """What `find` finds; or None, and why there is none."""
    try:
        return find(), None
    except ValueError as refused:
        return None, str(refused)
    except ArithmeticError:
        return None, "its numbers are beyond those that a computer holds"


def _forward(p, family: families.Gaussian) -> Scored:
    return scored_fit(p, fit(p, Direction.FORWARD, family), Direction.FORWARD)


def _reverse(p, family: families.Gaussian) -> tuple[Scored, tuple[StationaryPoint, ...], bool]:
    points = stationary_points(p, Direction.REVERSE, family)
    if not points:
        raise ValueError("the search found no q at which D(q‖p) is stationary")
    return scored_fit(p, points[0], Direction.REVERSE), tuple(points), points.complete


def _led(end: Solution) -> Led:
    return Led(end.q, end.value, end.converged, end.reason)
