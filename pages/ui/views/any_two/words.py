"""What the page says of both directions: functions of the scene."""

from __future__ import annotations

import math

from kl_engine import Certainty, Direction, Estimate
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, fine, found_at, in_brief, stated
from pages.ui.say.plain_text import escaped
from pages.ui.views.any_two.scene import Fitted, Scene
from pages.ui.views.lessons.lessons import CLOSED_FORMS

SEEN = 0.03  # stds of the forward fit: what is less cannot be seen in the picture
ALIKE = 1.01  # ratio below which two directions are called alike


def lead(scene: Scene, units: str) -> list[str]:
    """What this state shows, in a sentence or two, with three digits."""
    forward, reverse = scene.forward, scene.reverse
    if scene.kind == "samples":
        return [
            f"**{sign} lies between {_between(each, units)}**, with 95 % confidence."
            if each
            else f"**{sign} has no interval** from these samples."
            for sign, each in (("D(p‖q)", forward), ("D(q‖p)", reverse))
        ]
    if math.isinf(forward.value) and math.isinf(reverse.value):
        return [
            "**Both directions are infinite.**",
            "Each distribution has mass, or a tail, where the other has too little.",
        ]
    if math.isinf(forward.value) or math.isinf(reverse.value):
        sign, finite = ("D(p‖q)", reverse) if math.isinf(forward.value) else ("D(q‖p)", forward)
        other = "D(q‖p)" if sign == "D(p‖q)" else "D(p‖q)"
        return [
            f"**{sign} is infinite, {other} is {in_brief(finite, units)}.**",
            "The direction decides whether there is a number at all.",
        ]
    if forward.value == reverse.value == 0:
        return ["**Both directions are 0**: p and q are the same distribution."]
    both = f"**D(p‖q) is {in_brief(forward, units)} and D(q‖p) is {in_brief(reverse, units)}.**"
    less, more = sorted((forward.value, reverse.value))
    if more < ALIKE * less:
        return [both, "For this pair the direction makes little difference."]
    larger, than = ("D(p‖q)", "D(q‖p)") if forward.value > reverse.value else ("D(q‖p)", "D(p‖q)")
    return [both, f"Here {larger} is larger than {than}."]


def _between(estimate: Estimate, units: str) -> str:
    """The ends of an interval; D is never below 0."""
    low, high = (max(0.0, estimate.value + sign * estimate.error) / NATS_IN[units] for sign in (-1, 1))
    return f"{low:.3g} and {high:.3g} {units}"


def column(estimate: Estimate, units: str) -> list[str]:
    """The number of one direction, how it is known, and where it is infinite, why."""
    if math.isinf(estimate.value):
        return ["**∞**", f"Why: {estimate.reason}."]
    if estimate.certainty.level is not None:
        middle = f"The middle is {estimate.value / NATS_IN[units]:.6g} ± {estimate.error / NATS_IN[units]:.3g} {units}."
        interval = f"**between {_between(estimate, units)}** :small[95 % confidence]"
        return [interval, f"{middle} Method: {estimate.method}."]
    return [stated(estimate, units, bold=True), f"Method: {estimate.method}. {_kind(estimate.certainty)}"]


def is_infinite_by_tails(estimate: Estimate) -> bool:
    """Whether it is infinite as the tails of one are too heavy for the other, and not by their supports."""
    return math.isinf(estimate.value) and estimate.reason.startswith("tails")


def fitted(each: Fitted, units: str) -> str:
    """The Gaussian fitted to p in one direction, what it costs, and whether there are others; or why there is none."""
    sign = "D(p‖q)" if each.direction is Direction.FORWARD else "D(q‖p)"
    if each.q is None:
        return f"**Gaussian fitted to p:** there is none, as {escaped(each.why_not)}"
    others = f" It is the best of {each.optima} local optima." if each.optima > 1 else ""
    mean = f"{found_at(each.q.mean, each.q.std):.6g}"
    mean = mean.replace("-", "−", each.q.mean < 0)
    return (
        f"**Gaussian fitted to p:** mean {mean}, std {each.q.std:.6g}, where {sign} is smallest, "
        f"{stated(each.value, units)}.{others}"
    )


def fits_compared(scene: Scene) -> str:
    """What the two fits have of p: how much wider the forward one is, and which of them is nearer to the mode."""
    if len(scene.fits) < 2 or not all(each.q for each in scene.fits):
        return ""
    forward, reverse = (each.q for each in scene.fits)
    ratio, mode = forward.std / reverse.std, scene.mode
    gaps = [found_at(abs(q.mean - mode), q.std) if mode is not None else 0.0 for q in (forward, reverse)]
    if ratio < ALIKE and 1 / ratio < ALIKE and abs(forward.mean - reverse.mean) < SEEN * forward.std:
        return "The two fits of p are nearly the same."
    wider = f"{ratio:.3g} times as wide as the reverse fit" if ratio >= ALIKE else "no wider than the reverse fit"
    first = f"The forward fit has the mean and the std of p, and is {wider}."
    if mode is None:
        return first
    if max(gaps) < SEEN * forward.std:
        return f"{first} Both sit at the mode of p."
    if abs(gaps[0] - gaps[1]) < SEEN * forward.std:
        return f"{first} Both lie about {gaps[0]:.2g} from the mode of p."
    nearer = "reverse" if gaps[1] < gaps[0] else "forward"
    return f"{first} The {nearer} fit is nearer to the mode of p: {min(gaps):.2g} from it, the other {max(gaps):.2g}."


def proof(scene: Scene) -> str:
    """The label of the link to the derivation of the closed form."""
    return f"The closed form, derived step by step: {CLOSED_FORMS[scene.proof.lesson].title}{scene.proof.note}"


def key(scene: Scene) -> str:
    """What is drawn with which line, or with which dots."""
    if scene.kind == "samples":
        return f"Histograms of {scene.p.values.size} points of p (solid) and {scene.q.values.size} of q (dash-dotted)."
    if scene.kind == "bars":
        return "p has filled dots, q hollow ones. The terms of D(p‖q) are dashed red, those of D(q‖p) dotted blue."
    fits = " The Gaussian fitted to p has the style of its direction." if any(each.q for each in scene.fits) else ""
    return f"p is solid, q dash-dotted. Forward, D(p‖q), is dashed red; reverse, D(q‖p), is dotted blue.{fits}"


def _kind(certainty: Certainty) -> str:
    """What the error is."""
    if certainty == Certainty.EXACT:
        return "The error is rounding alone."
    if certainty == Certainty.PROVED:
        return "The error is a bound that is proved."
    if certainty == Certainty.ESTIMATED:
        return "The error is an estimate: two rules were compared."
    return "The error is half of a confidence interval."


def table(scene: Scene, units: str) -> str:
    """The symmetric divergences of the same two."""
    rows = [
        ("Jensen-Shannon divergence", scene.jensen_shannon, True),
        ("Total variation", scene.total_variation, False),
    ]
    lines = ["| symmetric in p and q | |", "|:--|:--|"]
    for name, estimate, in_units in rows:
        if estimate is not None:
            value = stated(estimate, units) if in_units else fine(estimate.value, estimate.error)
            lines.append(f"| {glossary(name, units)} | {value} |")
    return "\n".join(lines) if len(lines) > 2 else ""
