"""What the estimators page says: the exact value, which bounds tell it, which numbers are not to be trusted here."""

from __future__ import annotations

import math

import numpy as np

from kl_engine import Certainty, Direction, Estimate
from kl_engine.divergences import Bound
from pages.ui.glossary.links import glossary
from pages.ui.say.key import written
from pages.ui.say.numbers import MOST_DECIMALS, NATS_IN, fine, in_brief, margin, plain, stated, three
from pages.ui.views.estimators.scene import CLOSE, LOWER, UPPER, Scene, Trial

GRADIENT_OF = {"neither": "nothing", "reverse": ":blue[D(q‖p)]", "forward": ":red[D(p‖q)]"}
ALIKE, OPPOSED = 0.9, -0.9  # cosine of the angle between two gradients
AT_REST = 1e-6  # of a gradient, against the larger one

HEADS = {
    Direction.FORWARD: written("forward", "Forward") + r" &ensp; $D(p\,\|\,q)$",
    Direction.REVERSE: written("reverse", "Reverse") + r" &ensp; $D(q\,\|\,p)$",
}
BY_CHANCE = 1.7  # half widths: a sample that has met all that matters is further off once in a thousand times
NAMES = {Direction.FORWARD: "D(p‖q)", Direction.REVERSE: "D(q‖p)"}


def head(trial: Trial, units: str) -> str:
    """The direction and its exact value."""
    return f"{HEADS[trial.direction]} = {stated(trial.exact, units, bold=True)}"


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: each exact value, and what one knows of it by bounds and by a sample."""
    return [_lead(trial, units) for trial in scene.trials]


def _lead(trial: Trial, units: str) -> str:
    low, high = (three(trial.best(kind).estimate.value / NATS_IN[units]) for kind in (LOWER, UPPER))
    bounds = f"bounds {low}" if low == high else f"bounds {low}–{high}"
    sample = f"sample {_interval(trial, NATS_IN[units])}"
    return f"**{NAMES[trial.direction]} is {in_brief(trial.exact, units)}** ({bounds}, {sample})."


def _interval(trial: Trial, scale: float) -> str:
    """What the whole sample says: its mean, and half of its confidence interval with two digits."""
    last = trial.run.estimate()
    value, reach = last.value / scale, last.error / scale
    decimals = max(0, 1 - math.floor(math.log10(reach)))
    if decimals > MOST_DECIMALS:
        return f"{fine(value, reach)} {margin(reach, Certainty.EXACT)}"
    return f"{plain(value, decimals=decimals)} ± {plain(reach, decimals=decimals)}"


def meaning(scene: Scene, units: str) -> list[str]:
    """One paragraph for each direction."""
    return [" ".join((_bracket(t, units), _approximations(t, units), _sample(t, units))) for t in scene.trials]


def _bracket(trial: Trial, units: str) -> str:
    """How well the closed forms alone would pin the value."""
    low, high = (trial.best(kind) for kind in (LOWER, UPPER))
    width = high.estimate.value - low.estimate.value
    name, bound = NAMES[trial.direction], glossary("bound", units, "bounds")
    told = (
        f"**{name}**: the best {bound} put it between {_value(low.estimate, units)} ({low.name}) and "
        f"{_value(high.estimate, units)} ({high.name})"
    )
    if width <= low.estimate.error + high.estimate.error:
        return f"**{name}**: {low.name} and {high.name} meet, so that these {bound} are the exact value here."
    if width <= 2 * CLOSE * abs(trial.exact.value):
        return f"{told}: tight, within {100 * width / abs(trial.exact.value):.2g} %."
    if low.estimate.value <= 0:
        return f"{told}. The lower bound says only that a divergence is not negative."
    return f"{told}, which are {plain(width / NATS_IN[units], decimals=3)} {units} apart."


def _approximations(trial: Trial, units: str) -> str:
    """Which approximations are close, which are not, and which are impossible."""
    found = [bound for bound in trial.finite if bound.kind == "approximation"]
    close = [bound.name for bound in found if trial.is_close(bound)]
    negative = [b.name for b in found if b.estimate.value < -b.estimate.error]
    off = [b for b in found if not trial.is_close(b) and b.name not in negative]
    parts = []
    if close:
        parts.append(f"{_listed(close)} {'are' if len(close) > 1 else 'is'} within {100 * CLOSE:g} %")
    if off:
        parts.append(", ".join(f"{bound.name} is {_off(trial, bound)}" for bound in off))
    if negative:
        parts.append(f"{_listed(negative)} {'are' if len(negative) > 1 else 'is'} negative, which no divergence can be")
    return f"Of the approximations, {'; '.join(parts)}."


def _sample(trial: Trial, units: str) -> str:
    """Whether the sample's band holds the truth, and how long it took to come close."""
    last, error = trial.run.estimate(), glossary("standard error", units)
    miss = abs(last.value - trial.exact.value)
    shown = f"{_interval(trial, NATS_IN[units])} {units}"
    level = f"{100 * last.certainty.level:g} %"
    told = f"{trial.run.sizes[-1]:,} samples give {shown} ({level} interval, from the {error}); the exact value lies"
    if miss <= last.error:
        return f"{told} inside."
    if miss <= BY_CHANCE * last.error:
        return f"{told} **outside**, as happens with one such interval in twenty."
    return f"{told} **outside**: the samples have missed what matters."


def table(scene: Scene, units: str) -> str:
    """Every estimator in both directions, with its kind and its source."""
    forward = glossary("forward divergence", units, "D(p‖q)")
    reverse = glossary("reverse divergence", units, "D(q‖p)")
    head = f"| | kind | {forward}, {units} | kind | {reverse}, {units} | source |"
    lines = [head, "|---|---|---|---|---|---|"]
    for one, other in zip(*(trial.bounds for trial in scene.trials)):
        cells = [cell for bound in (one, other) for cell in (bound.kind, _number(bound, units))]
        lines.append(f"| {one.name} | {' | '.join(cells)} | :small[{one.source}] |")
    return "\n".join(lines)


def facts_table(scene: Scene, units: str) -> str:
    """k1, k2, k3 at one draw of q: mean, bias, spread, gradient as a loss, and whose gradient that is."""
    scale = NATS_IN[units]
    lines = [f"| | mean, {units} | bias | std | as a loss, (∂μ, ∂σ) | the gradient of |", "|---|---|---|---|---|---|"]
    for k in scene.facts:
        by = ", ".join(plain(part / scale, 0.0, 4) for part in np.asarray(k.in_loss))
        mean, bias = (plain(e.value / scale, e.error / scale, 4) for e in (k.mean, k.bias))
        std = "∞" if math.isinf(k.std) else _rough(k.std / scale)
        name = glossary("sampled estimators k1, k2, k3", units, f"**{k.name}**")
        lines.append(f"| {name} | {mean} | {bias} | {std} | ({by}) | {GRADIENT_OF[k.pulls]} |")
    return "\n".join(lines)


def _rough(number: float) -> str:
    """Three digits of it, or the whole number."""
    return f"{number:.3g}" if number < 1000 else f"{number:,.0f}"


def facts_meaning(scene: Scene, units: str) -> list[str]:
    """What that means on this p and this q: as a value, and as a loss."""
    return [_as_values(scene, units), _as_losses(scene)]


def _as_values(scene: Scene, units: str) -> str:
    k1, k2, k3 = scene.facts
    bias, exact = k2.bias.value, k1.mean.value
    if exact <= k1.mean.error + 1e-14:
        return "**As values** all three are 0 at every draw, because p and q are the same."
    off = f"{100 * abs(bias) / exact:.0f} % too {'high' if bias > 0 else 'low'}"
    if abs(bias) <= 10 * k2.bias.error + 1e-9 * exact:
        off = "right as well, to all the digits that are known,"
    known = f"**As values** k1 and k3 are right on average, and k2 is {off} here."
    if math.isinf(k3.variance.value):
        return f"{known} k3 has no variance to rely on: {k3.variance.reason}. Its sample means mislead."
    times = k3.std / k1.std
    if times < 1:
        return f"{known} k3 spreads least: its std is {times:.2f} times that of k1, and it is never negative."
    return f"{known} k3 is never negative, but its std is {_rough(times)} times that of k1: rare draws have a large r."


def _as_losses(scene: Scene) -> str:
    k2, k3 = (np.asarray(k.in_loss) for k in scene.facts[1:])
    sizes = float(np.hypot(*k2)), float(np.hypot(*k3))
    known = (
        "**As losses**, with the draws held fixed, k1 moves nothing on average, k2 follows D(q‖p), and k3 follows "
        "D(p‖q), the other direction"
    )
    if max(sizes) < 1e-12:
        return f"{known}; here all three are at rest."
    if min(sizes) < AT_REST * max(sizes):
        still, moving = ("k2", "k3") if sizes[0] < sizes[1] else ("k3", "k2")
        return f"{known}; here {still} is at rest and {moving} is not."
    cosine = float(k2 @ k3) / (sizes[0] * sizes[1])
    if cosine > ALIKE:
        return f"{known}; here they pull almost the same way."
    angle = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    how = "against one another" if cosine < OPPOSED else f"apart, {angle:.0f}° in (μ, σ)"
    return f"{known}; here they pull {how}."


def notes(scene: Scene) -> list[str]:
    """Why some of them say nothing here."""
    reasons = {f"{bound.name}: {bound.estimate.reason}" for trial in scene.trials for bound in trial.missing}
    return sorted(reasons)


def _number(bound: Bound, units: str) -> str:
    scale = NATS_IN[units]
    return fine(bound.estimate.value / scale, bound.estimate.error / scale)


def _value(estimate: Estimate, units: str) -> str:
    return f"{fine(estimate.value / NATS_IN[units], estimate.error / NATS_IN[units], 4)} {units}"


def _off(trial: Trial, bound: Bound) -> str:
    gap = trial.distance(bound)
    size = f"{100 * abs(gap) / trial.exact.value:.0f} %" if trial.exact.value > 10 * trial.exact.error else "all of it"
    return f"{size} {'above' if gap > 0 else 'below'}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
