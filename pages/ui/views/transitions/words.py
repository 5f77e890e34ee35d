"""What the diagram says, in a table and in sentences, each computed."""

from __future__ import annotations

from kl_engine.optima import StationaryPoints, Transition, Transitions
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import amount, normal, plain, stated
from pages.ui.say.optima import best_of
from pages.ui.views.transitions.scene import Scene


def events_table(found: Transitions, units: str) -> str:
    """Every transition: what it is, where, at which q and at what divergence."""
    if not found:
        return "Up to 30 times the wider component no stationary point is born or vanishes, and none takes the lead."
    reverse = glossary("reverse divergence", units, "D(q‖p)")
    apart, answer = glossary("separation", units), glossary("stationary point", units, "q")
    lines = [f"| transition | {apart} | {answer} | {reverse} |", "|---|---|---|---|"]
    for event in found:
        qs = " and ".join(normal(q) for q in event.branches)
        kind = glossary(event.kind, units)
        lines.append(f"| {kind} | **{plain(event.separation, decimals=8)}** | {qs} | {stated(event.value, units)} |")
    return "\n".join(lines)


def meaning(scene: Scene, units: str) -> list[str]:
    """Where the present p stands among the transitions, and what was there from the start."""
    found, separation = scene.found, scene.question.target.separation
    return [_here(scene.here, separation, units), _jumps(found, separation, units), *_start(found), *_doubt(found)]


def _here(points: StationaryPoints, separation: float, units: str) -> str:
    minima = [point for point in points if point.kind == "minimum"]
    count = "is one minimum" if len(minima) == 1 else f"are {len(minima)} minima"
    best = best_of(points)
    named = " and ".join(normal(point.q) for point in best)
    are = f"the best is {named}" if len(best) == 1 else f"the best, equally good, are {named}"
    return f"At separation {separation:g} there {count}; {are} at {amount(best[0].value, units)}."


def _jumps(found: Transitions, separation: float, units: str) -> str:
    ties = [event for event in found if event.kind == "tie"]
    if not ties:
        return "The best fit moves without a jump as the modes separate."
    passed = [tie for tie in ties if tie.separation <= separation]
    ahead = len(ties) - len(passed)
    listed = ", ".join(_tie(tie, units) for tie in ties)
    where = "it is still ahead" if ahead == len(ties) == 1 else "it is passed" if not ahead else f"{ahead} lie ahead"
    return f"The best fit jumps {listed}; here {where}."


def _tie(tie: Transition, units: str) -> str:
    before, after = tie.branches
    place = plain(tie.separation, decimals=4)
    return f"at **{place}** from {normal(before)} to {normal(after)} ({amount(tie.value, units)} each)"


def _start(found: Transitions) -> list[str]:
    minima = sum(point.kind == "minimum" for point in found.at_zero)
    return [f"Already at separation 0 there are {minima} minima."] if minima > 1 else []


def _doubt(found: Transitions) -> list[str]:
    return [] if found.complete else [f"The diagram may be incomplete: {found.message}."]
