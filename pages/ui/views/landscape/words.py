"""What the maps show, in numbers and in a sentence, each computed."""

from __future__ import annotations

from kl_engine import Direction
from kl_engine.optima import StationaryPoints
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, amount, normal, stated
from pages.ui.views.landscape.scene import FIRST_LEVEL, Scene


def key(units: str, basins: bool) -> str:
    """How the maps are to be read, with the borders of the `basins` on the reverse one or without."""
    borders = "Dotted lines part the basins: the starts that lead to different points. " if basins else ""
    first = f"{FIRST_LEVEL / NATS_IN[units]:.2g}"
    return (
        f"Fuller colour is a lower divergence. The first line lies {first} {units} above the least value on the map, "
        f"every further one twice as far. Rings mark the best {glossary('stationary point', units)}, dots minima, "
        f"crosses saddles. {borders}Click, or move the diamond by the arrow keys, to start elsewhere."
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
