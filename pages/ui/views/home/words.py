"""What the two fits of this target do, in sentences that are computed from the scene, never fixed ones."""

from __future__ import annotations

import math

from kl_engine import Gaussian, Solution
from kl_engine.divergences import missed_by_component
from kl_engine.optima import Tie, same
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import LOG, NATS_IN, amount, normal, part, plain, share, three
from pages.ui.state.two_modes import Target
from pages.ui.views.home.scene import SWEEP_END, Scene

HARDLY = 0.005  # a mass below half a percent is not worth a sentence
APART = 0.05  # relative: within it of −log w the components count as far apart, and the price as paid in full
WITHIN = 1.5  # std of q from its mean: nearer than that a mode is seen to be under it
NARROW = 1.5  # times the width of a mode: a q no wider is seen to sit on it
COVERS, TAKES, LEANS, BETWEEN = "covers", "takes", "leans", "between"


def lead(scene: Scene) -> list[str]:
    """The two sentences under the title: what a person sees each fit do."""
    return [_lead_forward(scene), _lead_reverse(scene)]


def _lead_forward(scene: Scene) -> str:
    q, failures = scene.forward.q, scene.forward.failures
    if not _has_two_peaks(scene.target):
        text = "Forward copies p's mean and width"
    elif all(abs(mean - q.mean) <= WITHIN * q.std for mean in scene.target.p.means):
        text = "Forward spreads over both modes"
    else:
        text = "Forward stretches to both modes"
    if failures.hallucinated.value > HARDLY:
        return f"**{text}**: {part(failures.hallucinated)} of it falls where p is near 0."
    if failures.missed.value > HARDLY:
        return f"**{text}**, and is too flat for {part(failures.missed)} of p."
    return f"**{text}**, and little is lost."


def _lead_reverse(scene: Scene) -> str:
    if not scene.fits[1].converged:
        return "**The reverse search did not end at a minimum** from this start."
    missed = scene.reverse.failures.missed
    lost = f"misses {'half' if abs(missed.value - 0.5) < HARDLY else part(missed)} of p"
    stance, side = stance_of(scene.target, scene.reverse.q)
    if not _has_two_peaks(scene.target):
        text = "**Reverse does much the same**" if stance == COVERS else "**Reverse keeps to a narrower part of p**"
        text += f", and {lost}." if missed.value > HARDLY else "."
    elif stance == COVERS:
        text = "**Reverse covers both modes**" + (f", and {lost}." if missed.value > HARDLY else " too.")
    elif stance == BETWEEN:
        text = f"**Reverse sits between the modes** and {lost}."
    else:
        does = "takes" if stance == TAKES else "leans to"
        text = f"**Reverse {does} the {side} mode** and {lost}."
    return text if at_best(scene) else f"{text[:-1].replace(' and misses', ', misses')}; a better one exists."


def at_best(scene: Scene) -> bool:
    """Whether no reverse minimum that was found is better than the one shown."""
    best, shown = scene.optima[0], scene.reverse.reverse
    return same(best.q, scene.reverse.q) or shown.value - best.value.value <= shown.error + best.value.error


def boundary(target: Target, ties: tuple[Tie, ...], shown_is_best: bool) -> str:
    """Where the best reverse fit is of another kind, for these weights and widths; empty where that is nowhere."""
    if not ties:
        return ""
    tie = min(ties, key=lambda tie: abs(tie.separation - target.separation))
    subject = "it" if shown_is_best else "the best one"
    below = target.separation >= tie.separation
    there = Target(tie.separation, target.weight, target.right, target.left)
    stance, side = stance_of(there, tie.before if below else tie.after)
    does = {COVERS: "cover both modes", TAKES: f"take the {side} mode", LEANS: f"lie mostly on the {side} mode"}
    if math.isclose(target.weight, 0.5) and target.right == target.left:
        does |= {TAKES: "take one of the modes", LEANS: "lie mostly on one mode"}
    place = f"{'Below' if below else 'Above'} {three(tie.separation)} apart"
    return f"{place} {subject} would {does.get(stance, 'sit between the modes')}."


def stance_of(target: Target, q: Gaussian) -> tuple[str, str]:
    """How q stands to the two modes, as a person looking at the picture would say it, and to which side ("" for none).

    It covers both if it misses less than half of each. One of which it misses more is left out: then q takes the other
    if it is about as wide as that mode and centred on it, and otherwise leans towards it.
    """
    p = target.p
    left_out = [mass.value > 0.5 * weight for mass, weight in zip(missed_by_component(p, q), p.weights)]
    if not any(left_out):
        return COVERS, ""
    if all(left_out):
        return BETWEEN, ""
    held = left_out.index(False)
    on_it = abs(q.mean - p.means[held]) <= p.stds[held] and q.std <= NARROW * p.stds[held]
    return (TAKES if on_it else LEANS), ("right", "left")[held]


def _has_two_peaks(target: Target) -> bool:
    """Whether p has a valley between the means of its components."""
    import numpy as np

    p, half = target.p, target.separation / 2
    height = p.log_pdf(np.linspace(-half, half, 201))
    rising = np.diff(height) > 0
    return bool((~rising[:-1] & rising[1:]).any())


def meaning(scene: Scene, units: str) -> list[str]:
    """The account in full: what each fit is, what it costs, and what else the reverse fit could have been."""
    told = [_forward(scene, units), _reverse(scene, units), *_alternatives(scene, units)]
    return [*told, _jumps(scene, units)] if scene.question.sweeping else told


def _jumps(scene: Scene, units: str) -> str:
    """Where the best reverse fit jumps as the separation grows."""
    if not scene.ties:
        return f"From separation 0 to {SWEEP_END:g} the best reverse fit moves without a jump."
    jumps = [
        f"at separation **{plain(tie.separation, decimals=4)}**, where {normal(tie.before)} and {normal(tie.after)} "
        f"{glossary('tie', units)} at {amount(tie.value, units)}"
        for tie in scene.ties
    ]
    return f"The best reverse fit jumps {', and '.join(jumps)}. There is no fit in between."


def _forward(scene: Scene, units: str) -> str:
    scored = scene.forward
    invented, missed = scored.failures.hallucinated, scored.failures.missed
    failures = [
        f"{share(invented)} of its mass lies where p has almost nothing" if invented.value > HARDLY else "",
        f"{share(missed)} of p is hardly covered" if missed.value > HARDLY else "",
    ]
    text = ", and ".join(filter(None, failures)) or "it invents and misses less than 0.5 %"
    moments = glossary("moment match", units, "p's mean and std")
    cost = f"It costs {amount(scored.forward, units)}; {text}."
    return f"**The forward fit** copies {moments}, whatever the start: {normal(scored.q)}. {cost}"


def _reverse(scene: Scene, units: str) -> str:
    scored, target = scene.reverse, scene.target
    search = scene.fits[1]
    if not search.converged:
        return f"**The reverse search did not end at a local minimum**: {search.reason}."
    cost = f"{normal(scored.q)}, at {amount(scored.reverse, units)}"
    missed = scored.failures.missed
    lost = f"It misses {share(missed)} of p." if missed.value > HARDLY else "It misses less than 0.5 % of p."
    stance, side = stance_of(target, scored.q)
    if stance == BETWEEN:
        return f"**The reverse fit** misses most of both components: {cost}. {lost}"
    if stance == COVERS:
        return f"**The reverse fit** {glossary('locked and covering', units, 'covers')} p: {cost}. {lost}"
    if stance == LEANS:
        return f"**The reverse fit** lies mostly on {_component(scene, side)}: {cost}. {lost}"
    locked = glossary("locked and covering", units, "locked")
    text = f"**The reverse fit** is {locked} on {_component(scene, side)}: {cost}. {lost}"
    weight = target.weight if side == "right" else 1 - target.weight
    price = -math.log(weight)
    if abs(scored.reverse.value - price) > APART * price:
        return text
    shown = plain(price / NATS_IN[units], decimals=4)
    return f"{text} Ignoring the rest of p costs about −{LOG[units]} {weight:.2f} = {shown} {units}."


def _component(scene: Scene, side: str) -> str:
    """How a component is called: by its side or, where both have one centre, by its width."""
    target = scene.target
    return f"the {side} component" if target.separation else f"the component of width {getattr(target, side):g}"


def _alternatives(scene: Scene, units: str) -> list[str]:
    others = other_optima(scene)
    if not others:
        return [f"No other local minimum was found from {_starts()}."]
    best = scene.optima[0]
    listed = "; ".join(f"{normal(other.q)} at {amount(other.value, units)}" for other in others)
    if at_best(scene):
        rank = "Of the local minima found, none is better than this one"
    else:
        gain = f"{plain((scene.reverse.reverse.value - best.value.value) / NATS_IN[units])} {units}"
        rank = f"**You are in a local minimum.** A better one, {normal(best.q)}, saves {gain}"
    return [f"{rank}. Other local minima, found from {_starts()}: {listed}."]


def other_optima(scene: Scene) -> list[Solution]:
    """The reverse optima found that are not the one shown."""
    return [other for other in scene.optima if not same(other.q, scene.reverse.q)]


def _starts() -> str:
    return "three starts (each component, and the moments of p)"
