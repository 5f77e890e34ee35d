"""What each direction makes of one family, in sentences that are computed: it may have no fit at all."""

from __future__ import annotations

import math

from kl_engine import Estimate, Gaussian
from pages.ui.glossary.links import glossary
from pages.ui.say.no_fit import why_infinite
from pages.ui.say.numbers import NATS_IN, bell, found_at, in_brief, normal, plain, stated, three
from pages.ui.say.optima import best_of
from pages.ui.say.plain_text import escaped
from pages.ui.views.mixture_lab.family.scene import Scene
from pages.ui.views.mixture_lab.words import eigenvalues, failures

SEEN = 0.03  # stds of a fit: a shift by less cannot be seen in the picture
LINE = 70  # characters, which one reads at a glance
ALIKE = 0.01  # relative: widths that differ by less are called the same


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: where each fit comes to rest, and what it costs."""
    return [_lead_forward(scene, units), _lead_reverse(scene, units)]


def _lead_forward(scene: Scene, units: str) -> str:
    if scene.forward is None:
        return f"**Forward has no fit**: {escaped(scene.no_forward.short)}."
    takes = "p's mean" if scene.question.held else "p's mean and std"
    return _line(f"**Forward takes {takes}**", scene.forward.q, scene.forward.forward, units)


def _lead_reverse(scene: Scene, units: str) -> str:
    if scene.reverse is None:
        return f"**Reverse has no fit**: {escaped(scene.no_reverse.short)}."
    minima = sum(point.kind == "minimum" for point in scene.points)
    does = stance(scene) if minima < 2 else f"has {'' if scene.complete else 'at least '}{minima} resting places"
    return _line(f"**Reverse {does}**", scene.reverse.q, scene.reverse.reverse, units)


def _line(says: str, q: Gaussian, value: Estimate, units: str) -> str:
    """What a fit does, the fit and what it costs; without the fit where the line would be longer than one reads."""
    at = f"at {in_brief(value, units)}."
    line = f"{says}: {bell(q)}, {at}"
    return line if len(line.replace("**", "")) <= LINE else f"{says}, {at}"


def stance(scene: Scene) -> str:
    """What the reverse fit does beside the forward one, as a person looking at the picture would say it."""
    gaps = gaps_of(scene)
    if scene.forward is None:
        return "stays with the mode" if gaps and gaps[1] < SEEN * scene.reverse.q.std else "has a fit"
    forward, reverse = scene.forward.q, scene.reverse.q
    narrower = 1 - reverse.std / forward.std
    seen = SEEN * max(forward.std, reverse.std)
    if gaps and abs(gaps[0] - gaps[1]) >= seen:
        return "leans to the mode" if gaps[1] < gaps[0] else "lies further from the mode"
    shift = reverse.mean - forward.mean
    if abs(narrower) < ALIKE and abs(shift) < seen:
        return "does the same"
    sits = "keeps that mean" if abs(shift) < seen else f"lies to the {'left' if shift < 0 else 'right'}"
    sits = "sits on the mode" if gaps and max(gaps) < seen else sits
    if abs(narrower) < ALIKE:
        return sits
    return f"{sits}, {100 * abs(narrower):.0f} % {'narrower' if narrower > 0 else 'wider'}"


def gaps_of(scene: Scene) -> tuple[float | None, float] | None:
    """How far the forward mean (None for no fit) and the reverse one lie from the mode of p; None without either."""
    if scene.shape.mode is None or scene.reverse is None:
        return None
    forward, reverse = (
        found_at(abs(fit.q.mean - scene.shape.mode), fit.q.std) if fit else None
        for fit in (scene.forward, scene.reverse)
    )
    return forward, reverse


def points_table(scene: Scene, units: str) -> str:
    """Every stationary point that was found: fit, divergence, kind, eigenvalues, and to which the start leads."""
    answer = glossary("stationary point", units, "q")
    reverse, hessian = glossary("reverse divergence", units, "D(q‖p)"), glossary("Hessian", units, "eigenvalues")
    lines = [f"| {answer} | {reverse} | kind | {hessian} |", "|---|---|---|---|"]
    best = best_of(scene.points)
    for point in scene.points:
        name, value = normal(point.q, 4), stated(point.value, units)
        name, value = (f"**{text}**" if point in best else text for text in (name, value))
        kind = f"{point.kind}, best" if point in best else point.kind
        led = " ← your start" if scene.leads_to(point.q) else ""
        lines.append(f"| {name} | {value} | {kind} | {eigenvalues(point)}{led} |")
    return "\n".join(lines)


def meaning(scene: Scene, units: str) -> list[str]:
    """What this family makes of each direction, what lies behind it, and where the start leads."""
    told = [
        _forward(scene, units),
        _reverse(scene, units),
        _mode(scene),
        _tail(scene),
        *_infinite(scene),
        _start(scene, units),
    ]
    return [sentence for sentence in told if sentence]


def _forward(scene: Scene, units: str) -> str:
    if scene.forward is None:
        return f"**Forward** has no fit: {escaped(scene.no_forward.whole)}"
    q, lost = scene.forward.q, scene.forward.failures
    seeks = glossary("forward divergence", units, "mean-seeking")
    takes = "mean of p, its std being held" if scene.question.held else "mean and the std of p"
    return f"**Forward** is {seeks}: its fit, {normal(q)}, has the {takes}.{failures(lost.hallucinated, lost.missed)}"


def _reverse(scene: Scene, units: str) -> str:
    if scene.reverse is None:
        return f"**Reverse** has no fit: {escaped(scene.no_reverse.whole)}"
    q, found = scene.reverse.q, sum(point.kind == "minimum" for point in scene.points)
    count = "one minimum" if found == 1 else f"{found} minima"
    proof = "" if scene.complete else ", from many starts; that there is no other is not proved"
    text = f"**Reverse** has {count}{proof}. The best is {normal(q)}."
    if scene.forward and not scene.question.held and abs(scene.forward.q.std / q.std - 1) >= ALIKE:
        return f"{text} The forward fit is {three(scene.forward.q.std / q.std)} times as wide."
    return text


def _mode(scene: Scene) -> str:
    """How far each fit lies from the mode, and whether that is what its direction is known for."""
    gaps, mode = gaps_of(scene), scene.shape.mode
    if gaps is None:
        return ""
    forward, reverse = gaps
    at = f"The mode of p is at {plain(mode, decimals=3)}."
    if forward is None:
        sits = reverse < SEEN * scene.reverse.q.std
        return f"{at} The reverse fit {'sits on it' if sits else f'lies {reverse:.3g} from it'}."
    seen = SEEN * max(scene.forward.q.std, scene.reverse.q.std)
    if max(gaps) < seen:
        return f"{at} Both fits sit on it."
    text = f"{at} The forward fit lies {forward:.3g} from it, the reverse fit {reverse:.3g}:"
    if reverse <= forward - seen:
        return f"{text} of the two, reverse is the one that seeks the mode."
    if forward <= reverse - seen:
        return f"{text} “mode-seeking” is the wrong word here. Reverse avoids the places where p is next to nothing."
    return f"{text} neither seeks the mode more than the other."


def _tail(scene: Scene) -> str:
    """What a tail that falls like a power does to each direction."""
    p, forward, reverse = scene.question.target.p, scene.forward, scene.reverse
    ends = () if isinstance(p, Gaussian) else zip(p.ends or (), p.support)
    powers = [end.power for end, place in ends if math.isinf(place) and math.isfinite(end.power)]
    if not powers or reverse is None:
        return ""
    falls = f"Far out p falls only like $|x|^{{-{min(powers) + 1:.3g}}}$"
    if forward is None:
        slow = "too slowly for D(p‖q), which weighs that tail by p"
        return f"{falls}: {slow}. D(q‖p) weighs it by q, which has next to none there."
    if scene.question.held or forward.q.std < (1 + ALIKE) * reverse.q.std:
        return ""
    return f"{falls}. Forward weighs that tail by p, and widens for it; reverse weighs it by q, and hardly notices it."


def _infinite(scene: Scene) -> list[str]:
    """Where a fit, measured the other way, costs without bound, and why."""
    measured = (("forward", "D(q‖p)", scene.forward and scene.forward.reverse),)
    measured += (("reverse", "D(p‖q)", scene.reverse and scene.reverse.forward),)
    return [
        f"Of the {role} fit {name} is infinite: {why_infinite(estimate)}."
        for role, name, estimate in measured
        if estimate is not None and math.isinf(estimate.value)
    ]


def _start(scene: Scene, units: str) -> str:
    led = scene.led
    if scene.reverse is None or led is None:
        return ""
    if not led.converged:
        return f"From your start the search did not end at a minimum: {escaped(led.reason)}."
    loss = led.value.value - scene.reverse.reverse.value
    if scene.leads_to(scene.reverse.q) or loss <= led.value.error + scene.reverse.reverse.error:
        return ""
    return (
        f"Your start leads to {normal(led.q)}, which costs {plain(loss / NATS_IN[units])} {units} more than the best."
    )
