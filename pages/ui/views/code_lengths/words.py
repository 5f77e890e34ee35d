"""What the numbers of the view mean, computed from them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, amount, plain
from pages.ui.say.plain_text import escaped
from pages.ui.views.code_lengths.scene import Costs, Measured, Scene

CLAMPS = (1e-16, 1e-8)  # what other programs put in place of a 0
FORWARD, REVERSE = ("p", "q"), ("q", "p")


def meaning(names: Sequence[str], scene: Scene, own_r: bool, units: str) -> list[str]:
    """Who pays where, in either direction; what swapping does; what a detour costs."""
    sentences = [_direction(names, scene.forward, FORWARD, units), _direction(names, scene.reverse, REVERSE, units)]
    return [*sentences, _asymmetry(scene, units), _detour(scene, own_r, units)]


def run_words(names: Sequence[str], costs: Costs, measured: Measured, who: tuple[str, str], units: str) -> str:
    """How far the measured excess is from D, in one line."""
    a, b = who
    run, scale = measured.run, NATS_IN[units]
    if run.stopped is not None:
        symbol = escaped(names[int(run.symbols[run.stopped])])
        back = "; what came before is decoded as it was" if measured.decoded and run.stopped else ""
        place = f"symbol {run.stopped + 1:,} of the sample"
        return f"The code for {b} stops at {place}, **{symbol}**, for which it has no word{back}."
    count = f"{len(run.symbols):,}"
    end = f"{plain(run.excess[-1] / scale, decimals=4)} {units}"
    if measured.band is None:
        return f"None of these {count} symbols happens to be one that {b} excludes: the sample does not see that D = ∞."
    low, high = measured.band
    half = f"{plain((high[-1] - low[-1]) / 2 / scale, decimals=4)}"
    back = f"all {count} symbols come back from the code" if measured.decoded else "**the code does not decode**"
    return f"After {count} symbols: {end} a symbol, D = {amount(costs.divergence, units)}, band ± {half}; {back}."


def _direction(names: Sequence[str], costs: Costs, who: tuple[str, str], units: str) -> str:
    """Who pays for the wrong code, and who gives back."""
    a, b = who
    name, terms, scale = f"D({a}‖{b})", costs.terms, NATS_IN[units]
    if math.isinf(costs.divergence.value):
        guilty = np.nonzero(np.isinf(terms))[0]
        symbols = ", ".join(f"**{escaped(names[k])}**" for k in guilty)
        swap = ", ".join(f"{x:.0e} gives {plain(_clamped(costs, x) / scale, decimals=2)} {units}" for x in CLAMPS)
        return (
            f"**{name} = ∞** because of {symbols}: {b} gives 0 to what {a} may send, so its code has no word for it. "
            f"A small number in place of the 0 would choose the answer: {swap}."
        )
    if not terms.any():
        return f"**{name} = 0**: the code for {b} is the code for {a}."
    most, least = int(np.argmax(terms)), int(np.argmin(terms))
    text = f"**{name}**: most is paid at **{escaped(names[most])}**, {plain(terms[most] / scale, decimals=4)} {units}"
    if terms[least] < 0:
        text += f"; **{escaped(names[least])}** gives {plain(-terms[least] / scale, decimals=4)} back"
    return f"{text}. Only the sum cannot be negative."


def _clamped(costs: Costs, floor: float) -> float:
    """The sum with every 0 of b replaced by `floor`: the mistake, for show."""
    used = costs.a.probs > 0
    a, b = costs.a.probs[used], np.maximum(costs.b.probs[used], floor)
    return math.fsum(a * (np.log(a) - np.log(b)))


def _asymmetry(scene: Scene, units: str) -> str:
    """Whether swapping the two can be seen here."""
    forward, reverse = scene.forward.divergence, scene.reverse.divergence
    if scene.forward.a == scene.forward.b:
        return "**p and q are the same**: nothing to pay in either direction."
    if math.isinf(forward.value) and math.isinf(reverse.value):
        return "**Both directions are ∞**: each excludes what the other may send."
    if math.isinf(forward.value) or math.isinf(reverse.value):
        finite, name = (reverse, "D(q‖p)") if math.isinf(forward.value) else (forward, "D(p‖q)")
        return f"**Asymmetry**: one direction is ∞; {name} stays finite, at {amount(finite, units)}."
    gap = forward.value - reverse.value
    if abs(gap) <= forward.error + reverse.error:
        return (
            f"**Direction-blind**: D(p‖q) = D(q‖p) = {amount(forward, units)} although p and q differ. "
            "An example like this cannot show that two arguments were swapped."
        )
    more, less = ("D(p‖q)", "D(q‖p)") if gap > 0 else ("D(q‖p)", "D(p‖q)")
    return f"**Asymmetry**: {more} is {plain(abs(gap) / NATS_IN[units], decimals=6)} {units} more than {less}."


def _detour(scene: Scene, own_r: bool, units: str) -> str:
    """Whether the way through r is shorter than the direct one."""
    detour = scene.detour
    third = "your r" if own_r else "the middle r = ½p + ½q"
    whole = detour.first.value + detour.second.value
    error = detour.first.error + detour.second.error + detour.direct.error
    triangle = glossary("triangle inequality", units)
    if math.isinf(detour.direct.value) and math.isinf(whole):
        return f"**Detour** through {third}: ∞ either way."
    parts = f"D(p‖r) + D(r‖q) = {_sum(detour.first.value, detour.second.value, units)}"
    if detour.direct.value - whole > error:
        return (
            f"**Detour** through {third}: {parts}, less than D(p‖q) = {amount(detour.direct, units)}. "
            f"The {triangle} fails: D is no distance."
        )
    holds = "The triangle inequality holds for this r" + ("." if own_r else ", as the three are too close to tell.")
    return f"**Detour** through {third}: {parts}, and D(p‖q) = {amount(detour.direct, units)}. {holds}"


def _sum(first: float, second: float, units: str) -> str:
    scale = NATS_IN[units]
    parts = [plain(x / scale, decimals=6) for x in (first, second, first + second)]
    return f"{parts[0]} + {parts[1]} = {parts[2]} {units}"
