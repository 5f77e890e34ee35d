"""What the stage of the home page is told: the numbers of the engine for the target, its fits and the motion."""

from __future__ import annotations

from kl_engine import Estimate, Gaussian
from kl_engine.optima import Path, same
from pages.ui.views.home.scene import FRAMES, SWEEP_END, Scene

Row = list[float]  # mean, std, divergence in nats


def answer_of(scene: Scene, token: str) -> dict[str, object]:
    """The answer to the state of this token: both fits, the other minima, and a row of each fit for every frame."""
    forward, reverse = scene.forward, scene.reverse
    others = [other for other in scene.optima if not same(other.q, reverse.q)]
    return {
        "token": token,
        "forward": _row(forward.q, forward.forward),
        "reverse": _row(reverse.q, reverse.reverse),
        "others": [_row(other.q, other.value) for other in others],
        "path": {
            "forward": _rows(scene.motion[0]),
            "reverse": _rows(scene.motion[1]),
            "rest": rest(scene),
            "to": SWEEP_END,
        },
    }


def rest(scene: Scene) -> int:
    """The frame that shows what the cards say: the last of a fit, of a sweep that of the separation that is set."""
    if not scene.question.sweeping:
        return FRAMES - 1
    return round(scene.target.separation / SWEEP_END * (FRAMES - 1))


def _row(q: Gaussian, value: Estimate) -> Row:
    return [q.mean, q.std, value.value]


def _rows(path: Path) -> list[Row]:
    return [list(row) for row in zip(path.mean.tolist(), path.std.tolist(), path.kl.tolist())]
