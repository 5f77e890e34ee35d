"""What the diagram says, in a table and in sentences, each computed."""

from __future__ import annotations

from kl_engine.optima import StationaryPoints, Transition, Transitions
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import amount, in_brief, normal, plain, stated, three
from pages.ui.say.optima import best_of
from pages.ui.views.transitions.scene import Scene


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: where the best fit jumps, and how the present p stands to that."""
    ties = [event.separation for event in scene.found if event.kind == "tie"]
    separation = scene.question.target.separation
    minima = sum(point.kind == "minimum" for point in scene.here)
    cost = in_brief(best_of(scene.here)[0].value, units)
    of_all = f"the best of {minima} minima" if minima > 1 else "the only minimum"
    if not ties:
        jumps, side = "**The best reverse fit moves without a jump** as the modes move apart.", ""
    else:
        places = " and ".join(filter(None, [", ".join(map(three, ties[:-1])), three(ties[-1])]))
        jumps = f"**The best reverse fit jumps where the modes are {places} apart.**"
        passed = sum(tie <= separation for tie in ties)
        one = "past the jump, " if passed else "before the jump, "
        side = one if len(ties) == 1 else f"past {passed} of {len(ties)} jumps, "
    return [jumps, f"At {separation:g} apart, {side}{of_all} costs {cost}."]


def events_table(found: Transitions, units: str) -> str:
    """Every transition: what it is, where, at which q and at what divergence."""
    if not found:
        return (
            "Up to a separation of 30 times the wider component, no stationary point appears or vanishes, and the best "
            "one stays the best."
        )
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
    are = f"the best is {named}" if len(best) == 1 else f"the best ones, equally good, are {named}"
    return f"At separation {separation:g} there {count}; {are} at {amount(best[0].value, units)}."


def _jumps(found: Transitions, separation: float, units: str) -> str:
    ties = [event for event in found if event.kind == "tie"]
    if not ties:
        return "The best fit moves without a jump as the modes separate."
    ahead = sum(tie.separation > separation for tie in ties)
    listed = ", and ".join(_tie(tie, units) for tie in ties)
    jumps = "the jump" if len(ties) == 1 else "all the jumps"
    before, past = f"you are still before {jumps}", f"you are past {jumps}"
    many = f"{ahead} of these {len(ties)} jumps {'is' if ahead == 1 else 'are'} yet to come"
    where = before if ahead == len(ties) else past if not ahead else many
    return f"The best fit jumps {listed}. At separation {separation:g} {where}."


def _tie(tie: Transition, units: str) -> str:
    before, after = tie.branches
    place = plain(tie.separation, decimals=4)
    return f"at **{place}** from {normal(before)} to {normal(after)}, where both cost {amount(tie.value, units)}"


def _start(found: Transitions) -> list[str]:
    minima = sum(point.kind == "minimum" for point in found.at_zero)
    return [f"Already at separation 0 there are {minima} minima."] if minima > 1 else []


def _doubt(found: Transitions) -> list[str]:
    return [] if found.complete else [f"The diagram may be incomplete: {found.message}."]
