"""What is found of one family: its shape as numbers, both fits or why there is none, and where the start leads."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from kl_engine import Direction, Estimate, Gaussian, Solution, families, fit, moment_match
from kl_engine.estimates.checks import ArgumentError
from kl_engine.estimates.floats import ieee
from kl_engine.optima import StationaryPoint, same, stationary_points
from kl_engine.quadrature.general import Unsettled
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
QUARTER = NormalDist().inv_cdf(0.75)  # std: as far from the mean lies a quarter of a Gaussian
NOTHING = -1e4  # the log of a density that is 0 between two places where it is not, as it is drawn
BESIDE = 1e-6  # of its place, how far to either side of a jump the density is told
TOO_EXTREME = "The numbers of this p are too extreme to draw: take less extreme ones."
FLAT = 1e-9  # nats: a density that varies by less has no mode


@dataclass(frozen=True)
class Shape:
    """A density as numbers: places and log density, in units of its width about its middle; draws; its one mode."""

    middle: float
    width: float
    places: tuple[float, ...]
    logs: tuple[float, ...]  # of the density per unit of width
    draws: tuple[float, ...]  # equally likely, in the same units
    whole: bool  # whether the support is the whole line
    mode: float | None  # on the line; None where there is not one highest place with falling sides


class NotFound(Exception):
    """A search that ended with nothing."""


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


@ieee
def _shape(p) -> Shape:
    middle, width = (p.mean, QUARTER * p.std) if isinstance(p, Gaussian) else map(float, p.typical)
    low, high = (-math.inf, math.inf) if isinstance(p, Gaussian) else p.support
    places = _places((low - middle) / width, (high - middle) / width, *_breaks(p, middle, width))
    logs = _logs(p, middle + width * places) + math.log(width)
    known = np.flatnonzero(np.isfinite(logs))
    if known.size < 3:
        raise ValueError(TOO_EXTREME)
    inner = slice(known[0], known[-1] + 1)
    places, logs = places[inner], np.where(np.isfinite(logs[inner]), logs[inner], NOTHING)
    whole = math.isinf(low) and math.isinf(high) and not getattr(p, "gaps", ())
    mode = _mode(p, middle + width * places, logs)
    draws = _draws(p, places, logs, middle, width)
    if not (np.isfinite(draws).all() and places[0] <= np.median(draws) <= places[-1]):
        raise ValueError(TOO_EXTREME)  # most of it lies beyond what is drawn
    return Shape(middle, width, *(tuple(map(float, part)) for part in (places, logs, draws)), whole, mode)


def _breaks(p, middle: float, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the density bends, and where it jumps, in units of its width about its middle."""
    return tuple((np.array(getattr(p, name, ())) - middle) / width for name in ("bends", "breaks"))


def _places(low: float, high: float, bends: np.ndarray, jumps: np.ndarray) -> np.ndarray:
    """Where the density is told: ever wider steps to either side, and closer beside an end, a bend and a jump."""
    far = np.sinh(np.linspace(-FARTHEST, FARTHEST, 2 * HALF + 1))
    ends = [end + inwards * EDGES for end, inwards in ((low, 1), (high, -1)) if math.isfinite(end)]
    beside = [jump + side * BESIDE * max(1.0, abs(jump)) for jump in jumps for side in (-1, 1)]
    places = np.unique(np.concatenate([far, bends, beside, *ends]))
    return places[(places >= low) & (places <= high)]


@ieee
def _logs(p, x: np.ndarray) -> np.ndarray:
    return p.log_pdf(x)


def _draws(p, places: np.ndarray, logs: np.ndarray, middle: float, width: float) -> np.ndarray:
    """Equally likely draws; of a p without quantiles by the areas between the places."""
    shares = (np.arange(DRAWS) + 0.5) / DRAWS
    if isinstance(p, Gaussian):
        from scipy.special import ndtri

        return ndtri(shares) / QUARTER
    try:
        return (np.array([float(p.quantile(share)) for share in shares]) - middle) / width
    except TypeError:
        areas = np.diff(places) * (np.exp(logs[1:]) + np.exp(logs[:-1])) / 2
        below = np.concatenate([[0.0], np.cumsum(areas)])
        return np.interp(shares * below[-1], below, places)


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
    """What `find` finds; or None, and why there is none. A fault of the engine passes through: it is no answer."""
    try:
        return find(), None
    except (ArgumentError, Unsettled, NotFound) as refused:
        return None, str(refused)
    except OverflowError:
        return None, "its numbers are beyond those that a computer holds"


def _forward(p, family: families.Gaussian) -> Scored:
    return scored_fit(p, fit(p, Direction.FORWARD, family), Direction.FORWARD)


def _reverse(p, family: families.Gaussian) -> tuple[Scored, tuple[StationaryPoint, ...], bool]:
    points = stationary_points(p, Direction.REVERSE, family)
    if not points:
        raise NotFound("the search found no q at which D(q‖p) is stationary")
    return scored_fit(p, points[0], Direction.REVERSE), tuple(points), points.complete


def _led(end: Solution) -> Led:
    return Led(end.q, end.value, end.converged, end.reason)
