"""What the view says of a scene: its two columns, the words of the codes, and sentences computed from the numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from kl_engine import Direction, Estimate
from pages.ui.glossary import links
from pages.ui.glossary.links import glossary
from pages.ui.say.key import written
from pages.ui.say.numbers import NATS_IN, amount, in_brief, plain, stated, three
from pages.ui.say.plain_text import escaped
from pages.ui.views.code_lengths.scene import Costs, Measured, Scene

CODES = ("Shannon", "Huffman")  # whose words are columns of the table
CLAMPS = (1e-16, 1e-8)  # what other programs put in place of a 0
WHO = {Direction.FORWARD: ("p", "q"), Direction.REVERSE: ("q", "p")}  # whose data, whose code
HEAD = "{name} &ensp; ${formula}$"
FORMULA = r"D({0}\,\|\,{1})=\sum {0}\log\frac{{{0}}}{{{1}}}"


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: what the wrong code costs in either direction, and why it may be no code."""
    return [_lead(scene, direction, units) for direction in Direction]


def _lead(scene: Scene, direction: Direction, units: str) -> str:
    (a, b), costs = WHO[direction], scene.costs(direction)
    if math.isinf(costs.divergence.value):
        return f"**The code for {b} cannot write all data from {a}**: D({a}‖{b}) = ∞."
    if not costs.terms.any():
        return f"**The code for {b} wastes nothing on data from {a}**: D({a}‖{b}) = 0."
    return f"**Data from {a} in the code for {b}** take {in_brief(costs.divergence, units)} more per symbol."


def card(scene: Scene, direction: Direction, units: str) -> str:
    """One direction: what every code for `b` costs on data from `a`, and what of that is above the entropy."""
    costs, (a, b) = scene.costs(direction), WHO[direction]
    name = written(direction.value, direction.value.title())
    entropy, cross = (glossary(term, units) for term in ("entropy", "cross entropy"))
    lines = [
        f"| data from {a} | {units} | above H({a}) |",
        "|---|---|---|",
        f"| {entropy} H({a}) | {_short(costs.entropy, units)} | |",
        f"| {cross} | {_short(costs.cross, units)} | {_short(costs.divergence, units)} |",
    ]
    for coding in costs.codes:
        term = glossary(f"{coding.code.name} code", units)
        lines.append(f"| {term} for {b} | {_short(coding.length, units)} | {_short(coding.excess, units)} |")
    return (
        f"{HEAD.format(name=name, formula=FORMULA.format(a, b))}  \n"
        f"{stated(costs.divergence, units, bold=True)}\n\n" + "\n".join(lines)
    )


def word_table(scene: Scene) -> pd.DataFrame:
    """One row per symbol: probabilities, ideal digits and words in the codes for p and for q."""
    table = pd.DataFrame({"symbol": list(scene.question.names)})
    for name, costs in (
        ("q", scene.forward),
        ("p", scene.reverse),
    ):  # forward uses the code for q
        table[name] = costs.b.probs
        with_zero = [-x / math.log(2) for x in costs.b.log_prob.tolist()]
        table[f"ideal for {name}"] = [f"{plain(x + 0.0, decimals=3)}" for x in with_zero]
        for coding in costs.codes:
            words = ["no word" if word is None else word or "(empty)" for word in coding.code.words]
            table[f"{coding.code.name} for {name}"] = words
    return table


def word_meanings() -> dict[str, str]:
    """What each column of the table means, to be said on hover."""
    told = {}
    for name in ("q", "p"):
        told[name] = f"The probability of the symbol under {name}."
        told[f"ideal for {name}"] = f"−log₂ {name}: the bits that the best code for {name} spends on the symbol."
        for code in CODES:
            told[f"{code} for {name}"] = links.meaning(f"{code} code")
    return told


def meaning(scene: Scene, units: str) -> list[str]:
    """Who pays where, in either direction; what swapping does; what a detour costs."""
    sentences = [_direction(scene, direction, units) for direction in Direction]
    sentences += [said for direction in Direction if (said := _other_codes(scene, direction, units))]
    return [*sentences, _asymmetry(scene, units), _detour(scene, units)]


def _other_codes(scene: Scene, direction: Direction, units: str) -> str:
    """Where other codes, as short for b as Huffman's, cost a otherwise: by how much."""
    (a, b), (least, most) = WHO[direction], scene.costs(direction).others
    if math.isinf(least.value) or most.value - least.value <= least.error + most.error:
        return ""
    this = scene.costs(direction).codes[1].length
    return (
        f"**Huffman's code for {b} is not unique**: others are as short for {b} and cost {a} from "
        f"{_short(least, units)} to {_short(most, units)} {units} per symbol; the one shown, {_short(this, units)}."
    )


def run_words(scene: Scene, direction: Direction, measured: Measured, units: str) -> str:
    """How far the measured excess is from D, in one line."""
    costs, b, names = scene.costs(direction), WHO[direction][1], scene.question.names
    run, scale = measured.run, NATS_IN[units]
    if run.stopped is not None:
        symbol = escaped(names[int(run.symbols[run.stopped])])
        back = "; everything before it is decoded without loss" if measured.decoded and run.stopped else ""
        place = f"symbol {run.stopped + 1:,} of the sample"
        return f"The code for {b} stops at {place}, **{symbol}**, for which it has no word{back}."
    count = f"{len(run.symbols):,}"
    end = f"{plain(run.excess[-1] / scale, decimals=4)} {units}"
    if measured.band is None:
        return (
            f"By chance none of these {count} symbols is one that {b} excludes, so the sample does not show that D = ∞."
        )
    low, high = measured.band
    half = f"{plain((high[-1] - low[-1]) / 2 / scale, decimals=4)}"
    back = "decoded without loss" if measured.decoded else "**the code does not decode**"
    return f"After {count} symbols: {end} per symbol (D = {amount(costs.divergence, units)}, band ± {half}); {back}."


def _direction(scene: Scene, direction: Direction, units: str) -> str:
    """Who pays for the wrong code, and who gives back."""
    (a, b), costs, names = WHO[direction], scene.costs(direction), scene.question.names
    name, terms, scale = f"D({a}‖{b})", costs.terms, NATS_IN[units]
    if math.isinf(costs.divergence.value):
        guilty = np.nonzero(np.isinf(terms))[0]
        symbols = ", ".join(f"**{escaped(names[k])}**" for k in guilty)
        swap = ", ".join(f"{x:.0e} gives {plain(_clamped(costs, x) / scale, decimals=2)} {units}" for x in CLAMPS)
        return (
            f"**{name} = ∞** because of {symbols}: {b} gives probability 0 to what {a} may send, so its code has no "
            f"word for it. With a small number in place of the 0, that number would decide the answer: {swap}."
        )
    if not terms.any():
        return f"**{name} = 0**: the code for {b} is as short for {a} as a code can be."
    most, least = int(np.argmax(terms)), int(np.argmin(terms))
    text = f"**{name}**: symbol **{escaped(names[most])}** costs most ({three(terms[most] / scale)} {units})"
    if terms[least] < 0:
        text += f"; **{escaped(names[least])}** gives {three(-terms[least] / scale)} back"
    return f"{text}. Single terms may be negative, the sum never is."


def _clamped(costs: Costs, floor: float) -> float:
    """The sum with every 0 of b replaced by `floor`: the mistake, for show."""
    used = costs.a.probs > 0
    a, b = costs.a.probs[used], np.maximum(costs.b.probs[used], floor)
    return math.fsum(a * (np.log(a) - np.log(b)))


def _asymmetry(scene: Scene, units: str) -> str:
    """Whether swapping the two can be seen here."""
    forward, reverse = scene.forward.divergence, scene.reverse.divergence
    if scene.forward.a == scene.forward.b:
        return "**p and q are the same**: there is nothing to pay in either direction."
    if math.isinf(forward.value) and math.isinf(reverse.value):
        return "**Both directions are ∞**: each distribution excludes something that the other may send."
    if math.isinf(forward.value) or math.isinf(reverse.value):
        finite, name = (reverse, "D(q‖p)") if math.isinf(forward.value) else (forward, "D(p‖q)")
        return f"**Asymmetry**: one direction is ∞; {name} stays finite, at {amount(finite, units)}."
    gap = forward.value - reverse.value
    if abs(gap) <= forward.error + reverse.error:
        return (
            f"**The directions agree**: D(p‖q) = D(q‖p) = {amount(forward, units)}, although p and q differ. "
            "An example like this cannot show whether two arguments were swapped."
        )
    more, less = ("D(p‖q)", "D(q‖p)") if gap > 0 else ("D(q‖p)", "D(p‖q)")
    return f"**Asymmetry**: {more} is {plain(abs(gap) / NATS_IN[units], decimals=6)} {units} more than {less}."


def _detour(scene: Scene, units: str) -> str:
    """Whether the way through r is shorter than the direct one."""
    detour, own_r = scene.detour, scene.question.r is not None
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
            f"The {triangle} fails: D is not a distance."
        )
    holds = "The triangle inequality holds for this r" + ("." if own_r else ": the three are too close to tell.")
    return f"**Detour** through {third}: {parts}, and D(p‖q) = {amount(detour.direct, units)}. {holds}"


def _sum(first: float, second: float, units: str) -> str:
    scale = NATS_IN[units]
    parts = [plain(x / scale, decimals=6) for x in (first, second, first + second)]
    return f"{parts[0]} + {parts[1]} = {parts[2]} {units}"


def _short(estimate: Estimate, units: str) -> str:
    scale = NATS_IN[units]
    return plain(estimate.value / scale, estimate.error / scale, decimals=4)


def excess_note(units: str) -> str:
    """What the curves of the samples show."""
    return (
        f"The curves show {glossary('arithmetic coder', units, 'arithmetic coders')} at work on one sample. The "
        f"excess is how much longer the code built for the other distribution is than the one built for its own, in "
        f"{units} per symbol. The band is two standard errors around D, plus two bits to end the code."
    )
