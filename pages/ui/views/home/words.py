"""What the two fits of this target mean, in sentences that are computed from the scene, never fixed ones."""

from __future__ import annotations

import math

from kl_engine import Solution
from kl_engine.optima import same
from pages.ui.glossary.links import glossary
from pages.ui.say.assessment import Scored
from pages.ui.say.numbers import NATS_IN, amount, normal, plain, share
from pages.ui.views.home.scene import SWEEP_END, Scene

HARDLY = 0.005  # a mass below half a percent is not worth a sentence
APART = 0.05  # relative: within it of −log w the components count as far apart, and the price as paid in full


def meaning(scene: Scene, units: str) -> list[str]:
    """What the two fits of this target do, and what they cost."""
    told = [_forward(scene.forward, units), _reverse(scene, units), *_alternatives(scene, units)]
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
    return f"The best reverse fit jumps {', and '.join(jumps)}. No frame is interpolated across it."


def _forward(scored: Scored, units: str) -> str:
    invented, missed = scored.failures.hallucinated, scored.failures.missed
    failures = [
        f"puts {share(invented)} of its mass where it exceeds p more than e²-fold" if invented.value > HARDLY else "",
        f"leaves {share(missed)} of p's mass all but uncovered" if missed.value > HARDLY else "",
    ]
    text = " and ".join(filter(None, failures)) or "neither invents nor misses mass worth naming"
    moments = glossary("moment match", units, "mean and the std of p")
    cost = f"it costs {amount(scored.forward, units)} and {text}"
    return f"**The forward fit** has the {moments}, {normal(scored.q)}, from every start; {cost}."


def _reverse(scene: Scene, units: str) -> str:
    scored, target = scene.reverse, scene.target
    search = scene.fits[1]
    if not search.converged:
        return f"**The reverse search did not end at a local minimum**: {search.reason}."
    cost = f"{normal(scored.q)} at {amount(scored.reverse, units)}"
    missed = scored.failures.missed
    sides = missed_sides(scene)
    if len(sides) == 2:
        return f"**The reverse fit** misses most of both components: {cost}; {share(missed)} of p is missed."
    if not sides:
        tail = f"though {share(missed)} of p is missed" if missed.value > HARDLY else "and misses no mass worth naming"
        return f"**The reverse fit** does not lock on one component: {cost}, {tail}."
    held = "left" if sides == ["right"] else "right"
    weight = target.weight if held == "right" else 1 - target.weight
    locked = glossary("locked and covering", units, "locked")
    text = f"**The reverse fit** is {locked} on {_component(scene, held)}: {cost}, and misses {share(missed)} of p."
    price = -math.log(weight)
    if abs(scored.reverse.value - price) > APART * price:
        return text
    shown = plain(price / NATS_IN[units], decimals=4)
    return f"{text} Locking on a far-off component of weight {weight:.2f} costs −log {weight:.2f} = {shown} {units}."


def missed_sides(scene: Scene) -> list[str]:
    """The components of p of which the reverse fit misses more than half."""
    target = scene.target
    weights = {"right": target.weight, "left": 1 - target.weight}
    return [side for (side, weight), mass in zip(weights.items(), scene.missed) if mass.value > 0.5 * weight]


def _component(scene: Scene, side: str) -> str:
    """How a component is called: by its side or, where both have one centre, by its width."""
    target = scene.target
    return f"the {side} component" if target.separation else f"the component of width {getattr(target, side):g}"


def _alternatives(scene: Scene, units: str) -> list[str]:
    others = other_optima(scene)
    if not others:
        return [f"No other local optimum was found from {_starts()}."]
    best = scene.optima[0]
    listed = "; ".join(f"{normal(other.q)} at {amount(other.value, units)}" for other in others)
    lead = scene.reverse.reverse.value - best.value.value
    if same(best.q, scene.reverse.q) or lead <= scene.reverse.reverse.error + best.value.error:
        rank = "Of the optima found, none is better than this one"
    else:
        gain = f"{plain(lead / NATS_IN[units])} {units}"
        rank = f"**This is not the best one**: {normal(best.q)} is better by {gain}"
    plural = "a start near one of them leads there" if len(others) > 1 else "a start near it leads there"
    return [f"{rank}. Other local optima, found from {_starts()}: {listed}; {plural}."]


def other_optima(scene: Scene) -> list[Solution]:
    """The reverse optima found that are not the one shown."""
    return [other for other in scene.optima if not same(other.q, scene.reverse.q)]


def _starts() -> str:
    return "three starts (each component, and the moments of p)"
