"""Which of the optima found are one, and which are the answer: one, or several that are equally good."""

from __future__ import annotations

from collections.abc import Sequence

from kl_engine import Gaussian, StationaryPoint

SAME = 1e-6  # two optima nearer than this, in std of the second, are one


def best_of(points: Sequence[StationaryPoint]) -> list[StationaryPoint]:
    """The minima that the best one does not beat by more than both errors; `points` are best first."""
    minima = [point for point in points if point.kind == "minimum"] or [points[0]]
    first = minima[0].value
    return [each for each in minima if each.value.value - first.value <= each.value.error + first.error]


def same(first: Gaussian, second: Gaussian) -> bool:
    """Whether two fits are one."""
    return max(abs(first.mean - second.mean), abs(first.std - second.std)) < SAME * second.std
