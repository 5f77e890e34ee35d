"""What the maps show, in numbers and in a sentence, each computed."""

from __future__ import annotations

from kl_engine import Direction
from kl_engine.optima import StationaryPoints, same
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, amount, bell, in_brief, normal, stated, three
from pages.ui.say.optima import best_of
from pages.ui.views.landscape.scene import FIRST_LEVEL, Scene


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: how many valleys each map has, and where the start leads."""
    return [_valleys(scene, direction, units) for direction in Direction]


def _valleys(scene: Scene, direction: Direction, units: str) -> str:
    points = scene.relief.points[direction]
    minima = [point for point in points if point.kind == "minimum"]
    q, value = scene.ends[direction][1]
    cost = in_brief(value, units)
    name = f"**{str(direction).capitalize()} has {_count(len(minima), points.complete)}**"
    if not any(same(point.q, q) for point in minima):
        return f"{name}: you get as far as {bell(q)}, at {cost}."
    if len(minima) == 1:
        return f"{name}: you end at {bell(q)}, at {cost}."
    best = best_of(points)
    if any(same(point.q, q) for point in best):
        deepest = "the deepest" if len(best) == 1 else "one of the deepest"
        return f"{name}: you end in {deepest}, at {cost}."
    return f"{name}: you end at {cost}, the deepest is {three(best[0].value.value / NATS_IN[units])}."


def _count(minima: int, complete: bool) -> str:
    found = "" if complete else "at least "
    return f"{found}one valley" if minima == 1 else f"{found}{minima} valleys"


def key(units: str, basins: bool) -> str:
    """How the maps are to be read, with the borders of the `basins` on the reverse one or without."""
    borders = "Dotted lines separate the basins, each of which leads to a minimum of its own. " if basins else ""
    levels = ", ".join(f"{factor * FIRST_LEVEL / NATS_IN[units]:.2g}" for factor in (1, 2, 4))
    return (
        f"The fuller the colour, the lower. Contours at {levels} … {units} above the lowest value. Rings mark the best "
        f"{glossary('stationary point', units)}, dots minima, crosses saddles. {borders}Drag the diamond, "
        "click elsewhere, or move it with the arrow keys."
    )


def course(scene: Scene, direction: Direction, units: str) -> str:
    """A table of where the flow begins and ends, with the divergence at both."""
    flow = glossary("natural-gradient flow", units, "flow")
    rows = zip(("start", f"the {flow} ends at"), scene.ends[direction])
    lines = [f"| {name} | {normal(q, 4)} | {stated(value, units)} |" for name, (q, value) in rows]
    name = "D(p‖q)" if direction is Direction.FORWARD else "D(q‖p)"
    head = f"| | {glossary('approximation', units, 'q')} | {glossary(f'{direction} divergence', units, name)} |"
    return "\n".join([head, "|---|---|---|", *lines])


def answers(points: StationaryPoints, units: str) -> str:
    """Every stationary point of a map, best first."""
    if len(points) == 1 and points.complete:
        return "One stationary point: every start leads there."
    if len(points) == 1:
        return f"One stationary point was found. {points.message}."
    minima = [f"{normal(point.q)} at {amount(point.value, units)}" for point in points if point.kind == "minimum"]
    unstable = len(points) - len(minima)
    count = f"{len(minima)} minima and {unstable} unstable point{'s' * (unstable > 1)} between them"
    return f"{count}: {'; '.join(minima)}." + ("" if points.complete else f" {points.message}")
