"""Which of the optima found are the answer: one, or several that are equally good."""

from __future__ import annotations

from collections.abc import Sequence

from kl_engine.optima import StationaryPoint


def best_of(points: Sequence[StationaryPoint]) -> list[StationaryPoint]:
    """The minima that the best one does not beat by more than both errors; `points` are best first."""
    minima = [point for point in points if point.kind == "minimum"] or [points[0]]
    first = minima[0].value
    return [each for each in minima if each.value.value - first.value <= each.value.error + first.error]
