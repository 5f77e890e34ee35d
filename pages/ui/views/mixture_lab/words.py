"""What was found, in a table and in sentences, each computed."""

from __future__ import annotations

from kl_engine import Estimate
from kl_engine.optima import Basins, StationaryPoint
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, amount, bell, in_brief, normal, plain, share, stated, three
from pages.ui.say.optima import best_of
from pages.ui.views.mixture_lab.scene import Scene

HARDLY = 0.005  # a mass below half a percent is not worth a sentence
EIGENVALUE_DIGITS = 4


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: how many answers each direction has, and what they cost."""
    minima = [point for point in scene.points if point.kind == "minimum"]
    forward = f"**Forward has one answer**: {bell(scene.forward.q)}, at {in_brief(scene.forward.forward, units)}."
    cost = in_brief(scene.reverse.reverse, units)
    found = "" if scene.points.complete else "at least "
    if len(minima) == 1:
        return [forward, f"**Reverse has {found or 'also '}one**: {bell(scene.reverse.q)}, at {cost}."]
    yours = f", yours at {three(scene.led.value.value / NATS_IN[units])}" if _start(scene, units) else ""
    return [forward, f"**Reverse has {found}{len(minima)} resting places**, the best at {cost}{yours}."]


def points_table(scene: Scene, units: str, shares: list[float] | None) -> str:
    """Every stationary point: fit, divergence, kind, eigenvalues, and the share of starts that end there."""
    hessian = glossary("Hessian", units, "eigenvalues")
    answer = glossary("stationary point", units, "q")
    reverse, basin = glossary("reverse divergence", units, "D(q‖p)"), glossary("basin", units, "starts")
    lines = [f"| {answer} | {reverse} | kind | {hessian} | {basin} |", "|---|---|---|---|---|"]
    best = best_of(scene.points)
    for i, point in enumerate(scene.points):
        value = stated(point.value, units)
        led = " ← your start" if point.kind == "minimum" and scene.leads_to(point.q) else ""
        name, value = (f"**{text}**" if point in best else text for text in (normal(point.q, 4), value))
        part = _percent(shares[i]) if shares and point.kind == "minimum" else "–"
        kind = f"{point.kind}, best" if point in best else point.kind
        lines.append(f"| {name} | {value} | {kind} | {eigenvalues(point)} | {part}{led} |")
    return "\n".join(lines)


def starts(basins: Basins, units: str) -> str:
    """What the shares of the starts are shares of."""
    rows, columns = basins.index.shape
    flow = glossary("natural-gradient flow", units)
    grid = f"{rows * columns:,} starts on a grid"
    place = "over the map of the Landscape page" if rows > 1 else "over the reach of p, with the std held"
    lost = float((basins.index < 0).mean())
    left = f" {_percent(lost)} of them had not come to rest within the steps allowed." if lost else ""
    return f"Starts: the share of {grid} {place} from which the {flow} ends here.{left}"


def _percent(share: float) -> str:
    """A share of a count of starts, in whole per cent; what is more than none is not shown as none."""
    return "< 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def meaning(scene: Scene, units: str) -> list[str]:
    """What this target makes of each direction."""
    forward = f"**Forward** has one answer, whatever the start: {normal(scene.forward.q)}."
    lost = failures(scene.forward.failures.hallucinated, scene.forward.failures.missed)
    return [f"{forward}{lost}", _reverse(scene, units), *_start(scene, units)]


def _reverse(scene: Scene, units: str) -> str:
    minima = [point for point in scene.points if point.kind == "minimum"]
    others = len(scene.points) - len(minima)
    best = scene.reverse
    count = "one minimum" if len(minima) == 1 else f"{len(minima)} minima"
    between = "" if not others else f" with {others} unstable point{'s' if others > 1 else ''} between them"
    lost = [
        f"{k}" for k, (weight, mass) in enumerate(zip(scene.p.weights, scene.missed), 1) if mass.value > 0.5 * weight
    ]
    named = f"component{'s' if len(lost) > 1 else ''} {', '.join(lost)}"
    what = f"misses most of {named} ({share(best.failures.missed)} of p)" if lost else "misses no component"
    text = f"**Reverse** has {count}{between}. The best, {normal(best.q)} at {amount(best.reverse, units)}, {what}"
    if len(minima) > 1:
        gap = minima[1].value.value - minima[0].value.value
        error = minima[1].value.error + minima[0].value.error
        next_best = f"{normal(minima[1].q)}"
        text += (
            f"; {next_best} is equally good"
            if gap <= error
            else f"; the next, {next_best}, costs {plain(gap / NATS_IN[units], error)} {units} more"
        )
    return text + "." + ("" if scene.points.complete else f" {scene.points.message}")


def _start(scene: Scene, units: str) -> list[str]:
    led, best = scene.led, scene.points[0]
    if not led.converged:
        return [f"From your start the search did not end at a minimum: {led.reason}."]
    loss = led.value.value - best.value.value
    if scene.leads_to(best.q) or loss <= led.value.error + best.value.error:
        return []
    return [
        f"Your start leads to {normal(led.q)}, which costs {plain(loss / NATS_IN[units])} {units} more than the best."
    ]


def failures(hallucinated: Estimate, missed: Estimate) -> str:
    """What the forward fit invents and misses, as a sentence after a blank; empty where that is next to none."""
    parts = [
        f"{share(hallucinated)} of it lies where p has almost nothing" if hallucinated.value > HARDLY else "",
        f"it misses {share(missed)} of p" if missed.value > HARDLY else "",
    ]
    text = ", and ".join(filter(None, parts))
    return f" {text[0].upper()}{text[1:]}." if text else ""


def eigenvalues(point: StationaryPoint) -> str:
    """Those of the Hessian at a stationary point."""
    return ", ".join(plain(value, decimals=EIGENVALUE_DIGITS) for value in point.eigenvalues)
