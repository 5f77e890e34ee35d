"""What the stage of one family is told: p as numbers, and the numbers of the engine for its fits."""

from __future__ import annotations

from kl_engine import Gaussian
from pages.ui.views.mixture_lab.family.scene import Scene, Shape

DIGITS = 7  # of a place and of a log density in the picture


def told(shape: Shape) -> dict[str, object]:
    """p: its places and logs, its draws and the place that stands for it, in units of its width about its middle.

    `whole` says whether its support is the whole line.
    """
    # Rounded, some places next to an end are one: each has one log, or the browser would divide by 0.
    logs = dict(zip(_short(shape.places), _short(shape.logs)))
    stands = 0.0 if shape.mode is None else (shape.mode - shape.middle) / shape.width
    return {
        "middle": shape.middle,
        "width": shape.width,
        "places": list(logs),
        "logs": list(logs.values()),
        "draws": _short(shape.draws),
        "stands": stands,
        "whole": shape.whole,
    }


def answer_of(scene: Scene) -> dict[str, object]:
    """Both fits or why there is none, the other minima, what is stationary and no minimum, where the start leads."""
    forward, reverse, led = scene.forward, scene.reverse, scene.led
    minima = [point for point in scene.points if point.kind == "minimum"]
    whys = (("forward", scene.no_forward), ("reverse", scene.no_reverse))
    best, *others = [[point.q.mean, point.q.std, point.value.value] for point in minima] or [None]
    return {
        "token": repr(scene.question),
        "forward": forward and [forward.q.mean, forward.q.std, forward.forward.value],
        "reverse": reverse and (best or [reverse.q.mean, reverse.q.std, reverse.reverse.value]),
        "others": others,
        "unstable": [[point.q.mean, point.q.std] for point in scene.points if point.kind != "minimum"],
        "led": _place(led.q) if led and led.converged and reverse else None,
        "matched": scene.matched and _place(scene.matched),
        "none": {role: none and none.short for role, none in whys},
    }


def _place(q: Gaussian) -> list[float]:
    return [q.mean, q.std]


def _short(numbers: tuple[float, ...]) -> list[float]:
    return [float(f"{number:.{DIGITS}g}") for number in numbers]
