"""What the stage of the lab is told: the numbers of the engine for the target, its fits and its stationary points."""

from __future__ import annotations

from pages.ui.views.mixture_lab.scene import Scene

Row = list[float]  # mean, std, divergence in nats


def answer_of(scene: Scene) -> dict[str, object]:
    """Both fits, the other minima, what is stationary and no minimum, and where the start leads."""
    forward, minima = scene.forward, [point for point in scene.points if point.kind == "minimum"]
    best, *others = [[point.q.mean, point.q.std, point.value.value] for point in minima]
    return {
        "token": repr(scene.question),
        "forward": [forward.q.mean, forward.q.std, forward.forward.value],
        "reverse": best,
        "others": others,
        "unstable": [[point.q.mean, point.q.std] for point in scene.points if point.kind != "minimum"],
        "led": [scene.led.q.mean, scene.led.q.std] if scene.led.converged else None,
    }
