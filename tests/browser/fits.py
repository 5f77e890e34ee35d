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
  return all.map(([parts, std]) => {
    const [mean, spread] = moments(parts);
    const forward = [mean, std ?? spread];
    return { minima: reverseMinima(parts, std), forward: [...forward, forwardKl(parts, forward)] };
  });
}"""
Parts = list[list[float]]
Target = tuple[Parts, float | None]  # and the std that q is held at, if it is


def two_modes(count: int, seed: int) -> list[Target]:
    """Random targets within the limits of the home page: weights, separations and widths, some at their ends."""
    rng = random.Random(seed)

    def width() -> float:
        return rng.choice([rng.uniform(0.2, 4), 0.2 * 20 ** rng.random(), 1.0, 0.2, 4.0])

    def one() -> Target:
        weight, half = rng.choice([0.5, 0.02, rng.uniform(0.02, 0.98)]), rng.choice([0.0, 5.0, rng.uniform(0, 5)])
        return [[weight, half, width()], [1 - weight, -half, width()]], None

    return [one() for _ in range(count)]


def mixtures(count: int, seed: int) -> list[Target]:
    """Random targets of the lab: two to four components, some of them in one place; every third q has a std to keep."""
    rng = random.Random(seed)

    def one(i: int) -> Target:
        crowded = rng.random() < 0.2
        rows = [
            (
                rng.choice([1.0, rng.uniform(0.05, 1)]),
                rng.choice([-4.0, 0.0, 4.0]) if crowded else rng.uniform(-6, 6),
                rng.choice([rng.uniform(0.2, 4), 0.2 * 20 ** rng.random(), 1.0]),
            )
            for _ in range(rng.choice([2, 3, 4]))
        ]
        total = sum(weight for weight, _, _ in rows)
        return [[w / total, m, s] for w, m, s in rows], None if i % 3 else rng.choice([0.3, 0.7, 1.0, 2.0])

    return [one(i) for i in range(count)]


def farthest(page: Page, targets: list[Target]) -> float:
    """By how much the browser's fits and their divergences differ from the engine's, one by one, at most; infinite
    where one of them has a minimum that the other has not."""
    found = page.evaluate(FOUND.replace("SOURCES", SOURCES), targets)
    return max(difference(target, each) for target, each in zip(targets, found))


def difference(target: Target, found: dict) -> float:
    """The same of one target, and of what the browser found."""
    parts, std = target
    p, family = kl.GaussianMixture(*zip(*parts)), kl.families.Gaussian(std)
    forward = kl.fit(p, "forward", family)
    minima = [point for point in kl.optima.stationary_points(p, "reverse", family) if point.kind == "minimum"]
    apart = np.abs(np.subtract(found["forward"], [forward.q.mean, forward.q.std, forward.value.value])).max()
    ours = sorted(((x.q.mean, x.q.std, x.value.value) for x in minima), key=_place)
    theirs = sorted(map(tuple, found["minima"]), key=_place)
    if len(ours) != len(theirs):
        return np.inf
    return max(apart, np.abs(np.subtract(ours, theirs)).max())


def _place(minimum: tuple[float, ...]) -> tuple[float, float]:
    """Mean, then std; a mean of 0 by rounding is 0."""
    return round(minimum[0], 5), minimum[1]
