"""How far from its components a density is integrated, and a bound of what is left out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from kl_engine.estimates.checks import refuse
from kl_engine.estimates.rounding import LOG_ROOT_TAU, ROOT_TAU
from kl_engine.quadrature.crossings import Part, highest

REACH = 9.0  # std on either side of each component: mass 2e-19 is left out
WIDE_REACH = 12.0  # where D is small: mass 4e-33
RESOLVED = 2.0  # spacings of doubles at the mean: from there on panel edges fall where they should
PANEL = 4.5  # std; the 15-point Gauss rule on φ(z) z² over such a panel is right to 1e-15


@lru_cache(maxsize=8)
def marks(reach: float) -> list[float]:
    """Panel edges over the standard Gaussian."""
    return np.linspace(-reach, reach, 2 * math.ceil(reach / PANEL) + 1).tolist()


def support_points(parts: Sequence[Part], reach: float) -> list[float]:
    """Panel edges over every component, to `reach` std on either side.

    Raises ValueError where a component is so narrow, so far from 0, that no two doubles lie within its std: the panels
    would not see it.
    """
    for part in parts:
        if part.std < RESOLVED * math.ulp(part.mean):
            raise refuse("stds", f"at least {RESOLVED:g} spacings of doubles at a mean of {part.mean:g}", part.std)
    return [part.mean + mark * part.std for part in parts for mark in marks(reach)]


MARKS = np.array(marks(REACH))[:, None]  # the same for rows of Gaussians: mean + MARKS * std


def mass_beyond(reach: float) -> float:
    """∫ φ over |z| > reach."""
    return _beyond(reach)[0]


def second_beyond(reach: float) -> float:
    """∫ z² φ over |z| > reach."""
    return _beyond(reach)[1]


@lru_cache(maxsize=8)
def _beyond(reach: float) -> tuple[float, float]:
    """∫ φ and ∫ z² φ over |z| > reach."""
    mass = math.erfc(reach / math.sqrt(2))
    return mass, mass + 2 * reach * math.exp(-0.5 * reach * reach) / ROOT_TAU


def log_ratio_tail(a: Sequence[Part], b: Sequence[Part], reach: float) -> float:
    """An upper bound of ∫ a |log a − log b| outside the support edges of `a`.

    There |z| > reach for every component of `a`. A log density is at most the largest of its components' heights plus
    log K, and at least any one component (the widest is taken): a parabola, whose integral against each component of
    `a` is closed.
    """
    mass, second = _beyond(reach)
    widest = max(b, key=lambda part: part.std)
    constant = highest(a) + highest(b) + abs(widest.height) + math.log(len(a) * len(b))
    total = 0.0
    for part in a:
        growth = (part.std + abs(part.mean - widest.mean) / reach) / widest.std
        total += part.weight * ((constant + abs(part.height)) * mass + 0.5 * (1 + growth * growth) * second)
    return total


def log_ratio_tails(
    places: np.ndarray, heights: np.ndarray, means: np.ndarray, stds: np.ndarray, reach: float
) -> np.ndarray:
    """`log_ratio_tail` for many `a`: one Gaussian each, rows (mean, std); the components of `b` are (K, rows or 1)."""
    mass, second = _beyond(reach)
    mean, std = places.T
    own = -np.log(std) - LOG_ROOT_TAU
    height, middle, width = np.take_along_axis(np.array([heights, means, stds]), stds.argmax(axis=0)[None, None], 1)[
        :, 0
    ]
    constant = np.maximum(0, own) + np.maximum(0, heights.max(axis=0)) + np.abs(height) + math.log(len(heights))
    growth = (std + np.abs(mean - middle) / reach) / width
    return (constant + np.abs(own)) * mass + 0.5 * (1 + growth * growth) * second
