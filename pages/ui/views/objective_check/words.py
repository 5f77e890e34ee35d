"""What the view says: the canonical form, who stands under the expectation, what follows, and the library calls."""

from __future__ import annotations

import re

import numpy as np

from kl_engine.fits.weighted import Fate
from kl_engine.objectives.catalogue import Objective
from kl_engine.objectives.consequences import at_draws, forced, sampling, zeros
from kl_engine.objectives.libraries import formulas
from kl_engine.objectives.libraries.functions import CALLS
from kl_engine.objectives.reading.estimators import Sampled
from kl_engine.objectives.verdicts import BOTH, FORWARD, NEITHER, REVERSE, Verdict
from kl_engine.symbolic.proof.writing.first_digits import in_first_digits
from pages.ui.glossary.links import glossary
from pages.ui.say.key import written
from pages.ui.say.numbers import NATS_IN, amount, bell, normal, part, plain, share
from pages.ui.say.plain_text import escaped
from pages.ui.say.rows import divergence_rows, failure_rows
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check.library_table import EXAMPLES, P, Q
from pages.ui.views.objective_check.question import told_verdict
from pages.ui.views.objective_check.scene import Demonstration, Family, Scene, Stance

LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "epsilon": "ε", "eta": "η", "theta": "θ"}
LETTERS |= {"lambda": "λ", "lam": "λ", "mu": "μ", "pi": "π", "phi": "φ", "psi": "ψ", "tau": "τ", "omega": "ω"}
GREEK = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(LETTERS)})(?![A-Za-z0-9])")

DIRECTIONS = {
    FORWARD: written("forward", "forward"),
    REVERSE: written("reverse", "reverse"),
    BOTH: "**both directions at once**",
    NEITHER: "**neither direction**",
}
NO_MINIMUM = {
    Fate.COLLAPSE: "no minimum: q collapses",
    Fate.SPREAD: "no minimum: q spreads",
    Fate.FLIGHT: "no minimum: q flees",
    Fate.CONSTANT: "constant in q",
}


def typeset(text: str) -> str:
    """A text with names of the person's, harmless in Markdown: Greek letters as such, long fractions shortened."""
    return escaped(in_first_digits(GREEK.sub(lambda found: LETTERS[found[0]], text)))


def lead(scene: Scene) -> list[str]:
    """The sentences under the title: what is minimised, who is averaged over, and what becomes of q on this p."""
    if not scene.verdict.judged:
        return headline(scene.verdict)
    question = scene.question
    told = question.objective or told_verdict(question.reading)
    given = [] if told else [f"With {typeset(scene.verdict.model)} fitted, as the names do not say which one is:"]
    return [*given, *headline(scene.verdict), _in_brief(scene.shown, bool(scene.verdict.tilt))]


def lead_of_family(scene: Family) -> list[str]:
    """The same of a family between the two directions."""
    alpha, q = scene.question.alpha, scene.member.q
    return [
        "**A family between the two directions**, and not a sum of expectations of a log ratio.",
        f"At α = {alpha:g}, between reverse (0) and forward (1), the best q is {bell(q)}.",
    ]


def _in_brief(shown: Demonstration, tilted: bool) -> str:
    if shown.fate is not Fate.MINIMUM:
        return f"On this p it has no best q; the q drawn is {bell(shown.q)}."
    lost = (
        "" if tilted else f": it invents {part(shown.failures.hallucinated)} and misses {part(shown.failures.missed)}"
    )
    return f"On this p the best q is {bell(shown.q)}{lost}."


def headline(verdict: Verdict) -> list[str]:
    """The canonical form and its direction."""
    if not verdict.whole:
        return [f"**{typeset(verdict.headline)}**"]
    sign = "Maximising it minimises" if verdict.maximised else "It minimises"
    under = " and ".join(typeset(name) for name in verdict.expectations) or "nothing that depends on the fit"
    text = f"{DIRECTIONS[verdict.pull]}: the expectation is under **{under}**"
    if verdict.fate is not Fate.MINIMUM:
        text += f"; **{NO_MINIMUM[verdict.fate]}**"
        if verdict.turned_fate is not Fate.MINIMUM and verdict.turned_fate is not Fate.CONSTANT:
            text += f" (maximised instead: {NO_MINIMUM[verdict.turned_fate]})"
    return [f"**{sign} {typeset(verdict.canonical)}**", text + "."]


def consequences(verdict: Verdict, where: str = "", sampled: Sampled | None = None) -> str:
    """What is forced and where that is seen, what must be sampled, what zeros do, what may be dropped: as a table."""
    dropped = "; ".join(typeset(name) for name in verdict.dropped) or "nothing"
    needs, lines = (sampling(verdict), zeros(verdict)) if sampled is None else at_draws(sampled)
    rows = [("forces", forced(verdict)), *([("where", where)] if where else []), ("needs", needs)]
    rows += [("at a zero" if i == 0 else "", line) for i, line in enumerate(lines)]
    first, *lines = (f"| {name} | {typeset(text)} |" for name, text in rows)
    return "\n".join([first, "|---|---|", *lines, f"| constant | {dropped} |"])


def numbers(shown: Demonstration, units: str) -> str:
    """The q drawn: its parameters, both divergences, both failures."""
    lines = [f"| {'q' if shown.fate is Fate.MINIMUM else 'q drawn'} | {normal(shown.q)} |", "|---|---|"]
    lines += divergence_rows(shown.forward, shown.reverse, units)
    return "\n".join(lines + failure_rows(shown.failures, units))


def sentence(shown: Demonstration, units: str, tilted: bool = False) -> str:
    """What the numbers say, in words that hold for these numbers only; `tilted`: of a target made by a reward."""
    match shown.fate:
        case Fate.CONSTANT:
            return "Here: every q is as good as any other; the one drawn is only an example."
        case Fate.COLLAPSE:
            return f"Here: q at x = {shown.q.mean:.2f}, drawn on its way to std 0. There is no best q."
        case Fate.SPREAD:
            return "Here: q drawn on its way to an infinite std. There is no best q."
        case Fate.FLIGHT:
            return "Here: a narrow q beside p, drawn on its way: anywhere will do. There is no best q."
    if tilted:
        return f"Here: q = {normal(shown.q)} is the best fit of the target."
    sides = shown.sides
    invented = shown.failures.hallucinated
    term = glossary("locked and covering", units, "covers" if not sides else "is locked on")
    what = f"{term} both components"
    if len(sides) == 1:
        held = "left" if sides == ("right",) else "right"
        what = f"{term} the {held} component and misses {share(shown.failures.missed)} of p"
    elif sides:
        what = f"misses {share(shown.failures.missed)} of p, most of both components"
    tail = f", with {share(invented)} of its mass where p has next to none" if invented.value > 0.005 else ""
    many = f" ({shown.optima} local optima found; the best is shown)" if shown.optima > 1 else ""
    return f"Here: q = {normal(shown.q)} {what}{tail}{many}."


NOT_JUDGED = (
    "No best q is drawn: this view finds it for sums of expectations of a log ratio, and this is none, or has no "
    "gradient. The curve is the p of the sliders."
)
FINDING = "looking for where this holds …"
EVERYWHERE = "for every p: a q whose mean and variance are those of p is best"


def where_it_holds(found: tuple[Stance, ...], target: Target) -> str:
    """At which separations of the modes, with these weights and widths, the best fit covers and where it locks."""
    mirrored = target.right == target.left and target.weight == 0.5
    parts = []
    for stance, after in zip(found, [*found[1:], None]):
        does = _does(stance, mirrored)
        low, high = f"{stance.start:.2f}", f"{after.start:.2f}" if after else ""
        if after is None:
            parts.append(f"{does} above" if len(found) > 1 else f"{does} at every separation of the modes, up to 10")
        else:
            parts.append(f"{does} below a separation of {high}" if not parts else f"{does} from {low} to {high}")
    return f"with these weights and widths the best q {', '.join(parts)}"


def _does(stance: Stance, mirrored: bool) -> str:
    """Covers, locks on a side where it jumped there, leaves one out where it came to do so bit by bit."""
    if not stance.missed:
        return "covers both modes"
    if len(stance.missed) > 1:
        return "misses most of both"
    if not stance.jumps:
        return f"leaves out most of the {stance.missed[0]} mode"
    held = "left" if stance.missed == ("right",) else "right"
    return "locks on one mode" if mirrored else f"locks on the {held} mode"


def stands_for(verdict: Verdict) -> str:
    """What p of the picture is, where the objective has several targets or none that is a density."""
    if verdict.tilt:
        return (
            f" In the picture the gray line is what is given, its reward is highest at the right mode, and p is the "
            f"target t: what is given, times exp({verdict.tilt:.3g} r)."
        )
    if verdict.exact or not verdict.targets:
        return ""
    return f" In the picture p stands for {' and for '.join(typeset(name) for name in verdict.targets)}, normalised."


def of_the_entry(entry: Objective) -> tuple[str, str]:
    """What the catalogue says of an objective, and its source."""
    remark = f"{escaped(entry.remark)} Sampled in practice: {escaped(entry.sampled)}."
    return remark, f"Source: {escaped(entry.source)}."


def member_line(family: Family, units: str) -> str:
    """The member of a family that is drawn."""
    alpha, member = family.question.alpha, family.member
    return (
        f"At α = {alpha:g}, on the way from reverse (0) to forward (1): q = {normal(member.q)}, "
        f"$D_\\alpha$ = {amount(member.value, units)}. The Rényi bound of order {1 - alpha:g} has this maximiser."
    )


def values_table(units: str) -> str:
    """Each example with its value on p = (0.36, 0.48, 0.16), q = (⅓, ⅓, ⅓)."""
    scale = NATS_IN[units]
    forward, reverse = (float(formulas.rel_entr(*pair).sum()) for pair in ((P, Q), (Q, P)))
    known = {"D(p‖q)": forward, "D(q‖p)": reverse, "H[p, q]": forward - float(P @ np.log(P))}
    known |= {"D(p‖q) / 3": forward / 3}
    lines = [f"| call, with p = (0.36, 0.48, 0.16), q = (⅓, ⅓, ⅓) | {units} | which is |", "|---|---|---|"]
    for example in EXAMPLES:
        value = float(example.value(P, Q))
        what = next((name for name, number in known.items() if abs(number - value) < 1e-12), "not a divergence")
        lines.append(f"| `{example.text}` | {plain(value / scale, decimals=6)} | {what} |")
    return "\n".join(lines)


def traps_table() -> str:
    """Every function known: its arguments, the one under the expectation, and what to beware of."""
    lines = ["| function | arguments | under the expectation | beware |", "|---|---|---|---|"]
    for call in CALLS:
        spaces = {call.data: call.data_space, call.model: call.model_space}
        arguments = ", ".join(f"`{name}` ({spaces[name]})" for name in call.arguments)
        lines.append(f"| {call.title} | {arguments} | `{call.data}` | {call.trap} |")
    return "\n".join(lines)
