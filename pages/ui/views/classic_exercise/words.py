"""What the view says of a scene: sentences computed from the numbers, and the table of the fits."""

from __future__ import annotations

import math

from kl_engine import Categorical
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import LOG, NATS_IN, brief, in_brief, part, plain, stated, three
from pages.ui.views.classic_exercise.scene import FORWARD, Fit, Scene

MOST_FACTORS = 4  # states of a variable whose factor is written out
MOST_ROWS = 12  # of the table of fits
SAME = 1e-9  # relative: two values nearer than that are one
COUNTS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def lead(scene: Scene, units: str) -> list[str]:
    """What this state shows, in a sentence or two each: the forward direction, then the reverse one."""
    if scene.is_product:
        return ["x and y are independent here: both directions give p itself, and D is 0."]
    return [_forward(scene, units), *_reverse(scene, units)]


def _forward(scene: Scene, units: str) -> str:
    fit, does = scene.forward, "**Forward multiplies the marginals**"
    if fit.invents.value:
        return f"{does}: {part(fit.invents)} of it falls where p has 0."
    told = glossary("mutual information", units)
    return f"{does} and loses the {told}, {in_brief(fit.forward, units)}."


def _reverse(scene: Scene, units: str) -> list[str]:
    best, last, count = scene.minima[0], scene.minima[-1], len(scene.minima)
    if count == 1:
        said = f"**Reverse has one minimum**, {in_brief(best.reverse, units)}, from every start"
        return [f"{said}{_lost(best)}.", *_spread(scene, units)]
    many = COUNTS.get(count, f"{count:,}")
    if last.reverse.value - best.reverse.value <= SAME * last.reverse.value:
        said = f"**Reverse has {many} minima** of {in_brief(best.reverse, units)} each"
    elif count == 2 or _alike(scene.minima[1:]):
        first, rest = (in_brief(each.reverse, units) for each in (best, last))
        others = COUNTS.get(count - 1, f"{count - 1:,}")
        said = f"**Reverse has {many} minima**: one of {first}, and {others} of {rest}"
    else:
        low = three(best.reverse.value / NATS_IN[units])
        said = f"**Reverse has {many} minima**, from {low} to {in_brief(last.reverse, units)}"
    return [f"{said}.", f"The start decides which one is found{_lost(best, 'the best')}."]


def _alike(fits: tuple[Fit, ...]) -> bool:
    return fits[-1].reverse.value - fits[0].reverse.value <= SAME * fits[-1].reverse.value


def _spread(scene: Scene, units: str) -> list[str]:
    """Whether the reverse fit is spread less than the marginals, by its entropy."""
    reverse, forward = scene.minima[0].entropy, scene.forward.entropy
    gap = reverse.value - forward.value
    if abs(gap) <= 1e-6 + reverse.error + forward.error:
        return []
    word = "narrower" if gap < 0 else "wider"
    entropies = f"entropy {three(reverse.value / NATS_IN[units])} against {in_brief(forward, units)}"
    return [f"It is {word} than the marginals: {entropies}."]


def _lost(fit: Fit, who: str = "") -> str:
    return f"; {who or 'it'} misses {part(fit.misses)} of p" if fit.misses.value else ""


def head(fit: Fit) -> str:
    """How a fit is called."""
    return "The forward fit" if fit.name == FORWARD else f"Reverse fit {fit.name}"


def caption(scene: Scene, fit: Fit, units: str) -> str:
    """Under the picture of a fit: the number that it minimises, the other one, and its two factors."""
    own, other = (fit.forward, fit.reverse) if fit is scene.forward else (fit.reverse, fit.forward)
    names = ("D(p‖q)", "D(q‖p)") if fit is scene.forward else ("D(q‖p)", "D(p‖q)")
    lines = [f"**{names[0]} = {in_brief(own, units)}**, {names[1]} = {in_brief(other, units)}"]
    if max(fit.rows.probs.size, fit.columns.probs.size) <= MOST_FACTORS:
        lines.append(f"q(x) = {_factor(fit.rows)}, q(y) = {_factor(fit.columns)}")
    if fit is not scene.forward:
        lines.append(f"Reached from {starts(fit)}")
    return "  \n".join(lines)


def _factor(factor: Categorical) -> str:
    return f"({', '.join(brief(x) for x in factor.probs.tolist())})"


def starts(fit: Fit) -> str:
    """From which states, with all mass on one of them, coordinate ascent leads to this fit."""
    sides = [_listed("x", fit.from_rows), _listed("y", fit.from_columns)]
    return " or ".join(filter(None, sides)) or "nowhere but in its own block"


def _listed(variable: str, states: tuple[int, ...]) -> str:
    if not states:
        return ""
    return f"{variable} = {', '.join(map(str, states[:-1]))}{' or ' if len(states) > 1 else ''}{states[-1]}"


def fit_table(scene: Scene, units: str) -> str:
    """The fits with every digit: both divergences, what each invents and misses, and where it is reached from."""
    forward, reverse = (
        glossary(f"{name} divergence", units, sign) for name, sign in (("forward", "D(p‖q)"), ("reverse", "D(q‖p)"))
    )
    ends = glossary("coordinate ascent", units, "reached from")
    invents, misses = glossary("hallucinated", units, "invents"), glossary("missed", units, "misses")
    lines = [f"| q | {forward} | {reverse} | {invents} | {misses} | {ends} |", "|:--|:--|:--|:--|:--|:--|"]
    for fit in (scene.forward, *scene.minima[:MOST_ROWS]):
        cells = stated(fit.forward, units), stated(fit.reverse, units), part(fit.invents), part(fit.misses)
        start = "" if fit is scene.forward else starts(fit)
        lines.append(f"| {head(fit)} | {' | '.join(cells)} | {start} |")
    return "\n".join(lines)


def meaning(scene: Scene, units: str) -> list[str]:
    """What the numbers mean: why forward is the marginals, what a block costs, what zeros forbid, what saddles are."""
    if scene.is_product:
        return []
    said = [_why_forward(scene, units)]
    said += [_block(scene, units)] if scene.minima[0].misses.value else []
    if math.isinf(scene.forward.reverse.value):
        said.append(
            "**Zeros forbid**: D(q‖p) is ∞ as soon as q puts mass on a cell where p is 0. So a reverse fit keeps to a "
            "block of rows and columns without a 0, and ascent never leaves the one that it is in."
        )
    if scene.saddles:
        values = " and ".join(sorted({in_brief(each, units) for each in scene.saddles})[:3])
        said.append(
            f"**Between the minima** a start that favours none of them rests on a saddle, at {values}: the smallest "
            "push leads away."
        )
    return said


def _why_forward(scene: Scene, units: str) -> str:
    fit = scene.forward
    marginals = glossary("marginal", units, "marginals")
    told = glossary("mutual information", units)
    return (
        "**Forward** asks each factor only for what p says about its own variable, so it has one answer: the "
        f"{marginals}. What is lost is how x and y go together, their {told}, {stated(fit.forward, units)}."
    )


def _block(scene: Scene, units: str) -> str:
    """D(q‖p) of the best fit in two parts: the mass that p has in its block, and what is left inside."""
    best = scene.minima[0]
    inside = 1 - best.misses.value
    first, whole = -math.log(inside), best.reverse.value
    scale = NATS_IN[units]
    rest = plain((whole - first) / scale, best.reverse.error / scale, 6)
    left = "and nothing is left to pay inside it" if whole - first <= 1e-9 else f"and {rest} {units} are paid inside it"
    return (
        f"**The best reverse fit** keeps to a block that holds {plain(100 * inside, 1e-9, 2)} % of p. Keeping to it "
        f"costs −{LOG[units]} {brief(inside)} = {plain(first / scale, 1e-12, 6)} {units}, {left}."
    )


def left_out(scene: Scene, shown: int) -> str:
    """What is said where there are more minima than pictures."""
    count = len(scene.minima)
    if count <= shown:
        return ""
    return f"The best {shown} of {count:,} reverse fits are drawn; the table that can be saved has all of them."
