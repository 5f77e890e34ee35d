"""What the α dial says: a table of the best q here and at both ends, and sentences computed from the target."""

from __future__ import annotations

import math
from dataclasses import replace

from kl_engine import Estimate, Solution
from pages.ui.glossary.links import glossary
from pages.ui.say.assessment import Scored
from pages.ui.say.key import written
from pages.ui.say.numbers import NATS_IN, amount, bell, fine, known_to, normal, part, plain, share, stated
from pages.ui.views.alpha_dial.scene import BEYOND, Dial, Scene

SYMBOL = r"$D_\alpha$"
HARDLY = 0.005  # a mass below half a percent is not worth a sentence


def lead(scene: Scene) -> list[str]:
    """The two sentences under the title: how the best fit goes from one end to the other, and what it is here."""
    dial, q, (invented, missed) = scene.dial, scene.scored.q, _failures(scene.scored)
    if dial.jumps:
        places = " and ".join(f"α = {plain(jump.alpha, decimals=3)}" for jump in dial.jumps)
        times = "once, at" if len(dial.jumps) == 1 else f"{len(dial.jumps)} times, at"
        course = f"**From reverse to forward the best fit jumps {times} {places}.**"
    elif _is_gaussian(dial):
        course = "**p is itself a Gaussian**: at every α it is its own best fit."
    else:
        course = "**From reverse to forward the best fit moves without a jump.**"
    here = f"At α = {scene.question.alpha:g} it is {bell(q)}"
    return [course, f"{here}, inventing {part(invented)} and missing {part(missed)}."]


def _is_gaussian(dial: Dial) -> bool:
    """Whether the forward fit is p itself."""
    last = dial.ends[1]
    return last.forward.value <= last.forward.error


def table(scene: Scene, units: str) -> str:
    """The best q here beside the reverse and the forward fit, each with its divergences and failures."""
    reverse, forward = scene.dial.ends
    columns = (reverse, scene.scored, forward)
    best = f"**best at α = {scene.question.alpha:g}**"
    names = (written("reverse", "reverse, α = 0"), best, written("forward", "forward, α = 1"))
    lines = ["| | " + " | ".join(names) + " |", "|---|---|---|---|"]
    rows = (
        (glossary("approximation", units, "fit"), lambda scored: normal(scored.q, 4)),
        (glossary("reverse divergence", units, "D(q‖p)"), lambda scored: amount(scored.reverse, units)),
        (glossary("forward divergence", units, "D(p‖q)"), lambda scored: amount(scored.forward, units)),
        (glossary("hallucinated", units, "invents"), lambda scored: share(scored.failures.hallucinated)),
        (glossary("missed", units, "misses"), lambda scored: share(scored.failures.missed)),
    )
    lines += [f"| {name} | " + " | ".join(cell(scored) for scored in columns) + " |" for name, cell in rows]
    return "\n".join(lines)


def accuracy(scene: Scene, units: str) -> str:
    """How far the numbers of the table may be wrong at most."""
    columns = (*scene.dial.ends, scene.scored)
    nats = _worst([estimate for scored in columns for estimate in (scored.forward, scored.reverse)])
    mass = _worst([estimate for scored in columns for estimate in scored.failures])
    bound = glossary("error bound", units, "at most")
    said = known_to(nats, NATS_IN[units], f" {units}"), known_to(mass, 0.01, " %")
    return f"Divergences are known to {said[0]} {bound}, masses to {said[1]}."


def _worst(estimates: list[Estimate]) -> Estimate:
    """The one of largest error, with the weakest certainty of all."""
    return replace(max(estimates, key=lambda each: each.error), certainty=min(each.certainty for each in estimates))


def value_line(scene: Scene, units: str) -> str:
    """D_α of the best q: in units at the ends, where it is a Kullback-Leibler divergence, a pure number between."""
    value, alpha = scene.value, scene.question.alpha
    name = f"$D_{{{alpha:g}}}(p,q)$"
    if alpha in (0, 1):
        return f"{name} = {stated(value, units, bold=True)}"
    return f"{name} = **{fine(value.value, value.error)}** :small[{known_to(value)}]"


def meaning(scene: Scene, units: str) -> list[str]:
    """What turning the dial does for this target, and what the present α costs by either end's measure."""
    return [_jumps(scene.dial), _price(scene, units), *_others(scene), _beyond(scene.dial)]


def _jumps(dial: Dial) -> str:
    if not dial.jumps:
        first, last = dial.ends
        if _is_gaussian(dial):
            return f"**p is itself a Gaussian**: {normal(last.q)} is the best fit for every α."
        return (
            f"**From α = 0 to 1 the best fit moves without a jump**, from {normal(first.q)} to {normal(last.q)}: for "
            "this p changing α shifts the fit smoothly."
        )
    places = [
        f"at **α = {plain(jump.alpha, decimals=4)}** from {normal(jump.before)} to {normal(jump.after)}, which are "
        f"equally good there, with {SYMBOL} = {fine(jump.value.value, jump.value.error)}"
        for jump in dial.jumps
    ]
    times = "once" if len(places) == 1 else f"{len(places)} times"
    return f"**As α grows from 0 to 1 the best fit jumps {times}**: {'; '.join(places)}. There is no fit in between."


def _price(scene: Scene, units: str) -> str:
    """How much more than its least each end's divergence is."""
    reverse, forward = scene.dial.ends
    over = [
        f"D(q‖p) is {_more(scene.scored.reverse, reverse.reverse, units)}",
        f"D(p‖q) is {_more(scene.scored.forward, forward.forward, units)}",
    ]
    masses = [
        f"{name} {share(mass)}"
        for name, mass in zip(("invents", "misses"), _failures(scene.scored))
        if mass.value > HARDLY
    ]
    failures = " and ".join(masses) if masses else "invents and misses less than 0.5 %"
    here = f"At α = {scene.question.alpha:g} the best fit is {normal(scene.scored.q)}, which {failures}"
    return f"{here}. {' and '.join(over)}."


def _failures(scored: Scored) -> tuple[Estimate, Estimate]:
    return scored.failures.hallucinated, scored.failures.missed


def _more(value: Estimate, least: Estimate, units: str) -> str:
    gap, error = value.value - least.value, value.error + least.error
    if gap <= error:
        return "as small as it can be"
    return f"{fine(gap / NATS_IN[units], error / NATS_IN[units], 4)} {units} above its minimum"


def _others(scene: Scene) -> list[str]:
    if not scene.others:
        return []
    listed = "; ".join(f"{normal(fit.q)} with {fine(fit.value.value, fit.value.error, 4)}" for fit in scene.others)
    return [f"At this α there are other local optima: {listed}."]


def _beyond(dial: Dial) -> str:
    told = "; ".join(f"at α = {alpha:g}".replace("-", "−") + _told(fit) for alpha, fit in zip(BEYOND, dial.beyond))
    return f"Beyond the two ends, {told}."


def _told(fit: Solution) -> str:
    if fit.converged and math.isfinite(fit.value.value):
        return f" the best fit is {normal(fit.q)}, with {SYMBOL} = {fine(fit.value.value, fit.value.error, 4)}"
    return f" the search ended at {normal(fit.q)}: {fit.reason}"
