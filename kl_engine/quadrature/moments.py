"""Moments of any density on the line, its total mass, and a rule for expectations under it."""

from __future__ import annotations

import dataclasses
import math
from typing import NamedTuple

import numpy as np

from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.line.density import Density
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee
from kl_engine.quadrature.general import RULE, Integral, Pair, Unsettled, ending, first_panels, integrate, pieces_of

MASS_TOLERANCE = 1e-6  # by which the mass of a density that is said to be normalised may differ from 1
HALVINGS = 2  # of the first panels, for a rule that serves any smooth integrand
LARGEST = 1e12  # of a second moment in widths: beyond, it is the overflow of a log density that has ended it
FARTHEST = 1e100  # widths of p: beyond, a square overflows


class Moments(NamedTuple):
    """Mean and standard deviation, each with its error."""

    mean: float
    std: float
    mean_error: float
    std_error: float


class _Place(LineDistribution):
    """The place itself where a log density would be: what turns a density into its moments."""

    def __init__(self, d: LineDistribution) -> None:
        self.d, (self.middle, self.width) = d, d.typical

    @property
    def support(self) -> tuple[float, float]:
        return self.d.support

    @property
    def ends(self) -> tuple:
        return ()

    @property
    def typical(self) -> tuple[float, float]:
        return self.middle, self.width

    def log_pdf(self, x) -> np.ndarray:
        return (np.asarray(x, dtype=np.float64) - self.middle) / self.width


def moments(d: LineDistribution) -> Moments:
    """Mean and standard deviation of `d`: by its formula, else by quadrature.

    Raises ValueError, saying why, where one of them does not exist or is infinite.
    """
    if all(hasattr(d, name) for name in ("mean", "std")):
        found = Moments(float(d.mean), float(d.std), 0.0, 0.0)
        if not (math.isfinite(found.mean) and math.isfinite(found.std)):
            raise _without(d)
        return found
    if _slowest(d) <= 2:
        raise _without(d)
    place = _Place(d)
    try:
        mass, first, second = (_integral(d, place, k) for k in (0, 1, 2))
    except Unsettled as unsettled:
        raise _without(d) from unsettled
    if not second.value < LARGEST * mass.value:  # it grows until the log density overflows
        raise _without(d)
    mean = first.value / mass.value
    variance = second.value / mass.value - mean * mean
    errors = [each.error / mass.value for each in (first, second)]
    std = math.sqrt(variance)
    return Moments(
        place.middle + place.width * mean,
        place.width * std,
        place.width * errors[0],
        place.width * (errors[1] + 2 * abs(mean) * errors[0]) / (2 * std),
    )


@ieee
def log_mass(d: LineDistribution) -> tuple[float, float]:
    """log ∫ of a density that need not be normalised, and an estimate of its error.

    Raises ValueError where that is infinite, or does not settle.
    """
    top = float(np.max(d.log_pdf(_looked_at(d))))
    lifted = d if not isinstance(d, Density) else dataclasses.replace(d, log_constant=d.log_constant + top)
    try:
        found = _integral(lifted, lifted, 0)
    except Unsettled as unsettled:
        expected = f"a log density of finite total mass ({unsettled}; give its centre, width, bends or bounds)"
        raise refuse("p", expected, d) from None
    if not found.value > 0 or not math.isfinite(found.value):
        raise refuse("p", "a log density with mass about its centre", d)
    return (top if lifted is not d else 0.0) + math.log(found.value), found.error / found.value


@ieee
def normalised(d: Density) -> Density:
    """p = f/∫ f, where log f is the log density of `d`, known but for a constant: the mass ∫ f is taken by quadrature.

    Raises ValueError where the mass is infinite, or its integral does not settle. The constant log ∫ f is in nats.
    Source: the definition of a density; the rules are those of `kl_engine.quadrature`.

    >>> import numpy as np
    >>> import kl_engine as kl
    >>> p = kl.divergences.normalised(kl.distributions.Density(lambda x: -(x**4)))
    >>> f"{p.log_constant:.6f}"  # log of 2 Γ(5/4)
    '0.594875'
    """
    if not isinstance(d, Density):
        raise refuse("d", "a kl.distributions.Density, as every other family is normalised", d)
    return dataclasses.replace(d, log_constant=d.log_constant + log_mass(d)[0])


class Rule(NamedTuple):
    """Places and masses of sum 1: an expectation under a density is a sum over them."""

    x: np.ndarray
    masses: np.ndarray


@ieee
def rule_of(d: LineDistribution) -> Rule:
    """A rule for expectations under `d` of what grows no faster than a square; ValueError where it has no variance."""
    place = _Place(d)
    pair = Pair(d, place, pieces_of(d, place, d.support))
    try:
        ends = {i: ending(pair, i, _moment(2)) for i in (0, len(pair.pieces) - 1)}
    except Unsettled as unsettled:
        raise _without(d) from unsettled
    pieces = tuple(p._replace(last=ends[i].last) if i in ends else p for i, p in enumerate(pair.pieces))
    panels = first_panels(pieces)
    for _ in range(HALVINGS):
        panels = panels.halved()
    x, masses = [], []
    for i, piece in enumerate(pieces):
        mine = panels.piece == i
        u = (panels.left[mine] + panels.half[mine])[:, None] + panels.half[mine][:, None] * RULE.nodes
        logs, places, jacobian = pair._replace(pieces=pieces).logs(piece, u)
        x.append(place.middle + place.width * places)
        masses.append(np.exp(logs + jacobian) * panels.half[mine][:, None] * RULE.weights[:, 0])
    x, masses = (np.concatenate([part.ravel() for part in parts]) for parts in (x, masses))
    kept = (masses > 0) & (np.abs(x - place.middle) < FARTHEST * place.width)
    return Rule(x[kept], masses[kept] / masses[kept].sum())


def _moment(k: int):
    """p zᵏ, z the standardised place."""

    def integrand(log_p: np.ndarray, _: np.ndarray, raw: np.ndarray, z: np.ndarray):
        density = np.exp(log_p)
        values = np.where(density > 0, density * (z**k if k else 1.0), 0.0)
        return values, np.abs(values) * (2 + np.abs(np.where(np.isfinite(raw), raw, 0.0)))

    return integrand


@ieee
def _integral(d: LineDistribution, place: LineDistribution, k: int) -> Integral:
    return integrate(d, place, _moment(k), d.support)


def _looked_at(d: LineDistribution) -> np.ndarray:
    """Places about the middle, at which a log density may be largest."""
    middle, width = d.typical
    x = np.concatenate([middle + width * np.linspace(-8, 8, 129), d.bends])
    low, high = d.support
    return x[(x > low) & (x < high)]


def _slowest(d: LineDistribution) -> float:
    """The least power of a tail; inf where no end is infinite, or nothing is known of them."""
    return min((end.power for end, edge in zip(d.ends or (), d.support) if math.isinf(edge)), default=math.inf)


def _without(d: LineDistribution) -> ValueError:
    power = _slowest(d)
    what = "mean" if power <= 1 else "variance"
    why = f": its tails fall like a power of exponent {power + 1:g}" if math.isfinite(power) else ""
    return refuse("p", f"a distribution that has a mean and a variance, and this one has no {what}{why}", d)
