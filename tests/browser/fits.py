"""The fits that the browser finds for itself while a hand moves a target, beside those of the engine."""

from __future__ import annotations

import random

import numpy as np
from playwright.sync_api import Page

import kl_engine as kl
from pages.ui.draw.component import SHARED
from pages.ui.draw.fits import fits_stage

SOURCES = "\n".join(
    file.read_text("utf-8") for file in (SHARED / "bell_curves.js", fits_stage.HERE / "mixture_fits.js")
)
FOUND = """(all) => {
  SOURCES
  return all.map((parts) => {
    const forward = moments(parts);
    return { minima: reverseMinima(parts), forward: [...forward, forwardKl(parts, forward)] };
  });
}"""
Parts = list[list[float]]


def targets(count: int, seed: int) -> list[Parts]:
    """Random targets within the limits of the home page: weights, separations and widths, some at their ends."""
    rng = random.Random(seed)

    def width() -> float:
        return rng.choice([rng.uniform(0.2, 4), 0.2 * 20 ** rng.random(), 1.0, 0.2, 4.0])

    def one() -> Parts:
        weight, half = rng.choice([0.5, 0.02, rng.uniform(0.02, 0.98)]), rng.choice([0.0, 5.0, rng.uniform(0, 5)])
        return [[weight, half, width()], [1 - weight, -half, width()]]

    return [one() for _ in range(count)]


def farthest(page: Page, targets: list[Parts]) -> float:
    """By how much the browser's fits and their divergences differ from the engine's, one by one, at most; infinite
    where one of them has a minimum that the other has not."""
    found = page.evaluate(FOUND.replace("SOURCES", SOURCES), targets)
    return max(difference(parts, each) for parts, each in zip(targets, found))


def difference(parts: Parts, found: dict) -> float:
    """The same of one target, and of what the browser found."""
    p = kl.GaussianMixture(*zip(*parts))
    forward = kl.fit(p, "forward")
    minima = [point for point in kl.optima.stationary_points(p, "reverse") if point.kind == "minimum"]
    apart = np.abs(np.subtract(found["forward"], [forward.q.mean, forward.q.std, forward.value.value])).max()
    ours = sorted(((x.q.mean, x.q.std, x.value.value) for x in minima), key=_place)
    theirs = sorted(map(tuple, found["minima"]), key=_place)
    if len(ours) != len(theirs):
        return np.inf
    return max(apart, np.abs(np.subtract(ours, theirs)).max())


def _place(minimum: tuple[float, ...]) -> tuple[float, float]:
    """Mean, then std; a mean of 0 by rounding is 0."""
    return round(minimum[0], 5), minimum[1]
