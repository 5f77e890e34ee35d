"""What the page says: every number in it is a result, put into the template of the claim."""

from __future__ import annotations

import math
from string import Formatter

from kl_engine import Estimate
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, fine, known_to, plain, share, stated
from pages.ui.views.claims.argument.claim import AT, COUNT, DIVERGENCE, EDGE, NAME, SHARE, Claim, Number, Results
from pages.ui.views.claims.argument.routes import ROUTES, Stop
from pages.ui.views.claims.argument.verdicts import FALSE, HOLDS, WHEN, Verdict
from pages.ui.views.claims.scene import Scene, measured

BY_SIGN = {"D(p‖q)": "Forward divergence", "D(q‖p)": "Reverse divergence"}
SIGNS = {HOLDS: "●", WHEN: "◐", FALSE: "○"}
NOT_YET = "Does it hold? The verdict comes with the answer."
TRYING = "Trying it along the dial …"
DIGITS = 3  # of a number in a sentence
LEAST = 1e-3  # what is smaller is written with its power of ten


def filled(template: str, claim: Claim, results: Results, at: float, units: str, edge: float | None = None) -> str:
    """The text with its numbers."""
    parts = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(text)
        if name == AT:
            parts.append(plain(at, decimals=claim.dial.decimals))
        elif name == EDGE:
            parts.append(f"**{edge}**" if claim.counts else f"**{short(edge)}**")
        elif name is not None:
            parts.append(said(results[name], claim.kinds[name], units))
    return "".join(parts)


def said(result: object, kind: str, units: str) -> str:
    """A result with three digits, as it stands in a sentence."""
    if kind == NAME:
        return str(result)
    number, error = (result.value, result.error) if isinstance(result, Estimate) else (float(result), 0.0)
    if kind == COUNT:
        return f"{number:.0f}"
    if kind == SHARE:
        return f"{plain(100 * number, 100 * error, decimals=1)} %"
    if kind == DIVERGENCE:
        return f"{fine(number / NATS_IN[units], error / NATS_IN[units], DIGITS)} {units}"
    return three_digits(number, error)


def short(edge: float) -> str:
    """An edge, to four digits."""
    return f"{edge:#.4g}".rstrip(".").replace("-", "−")


def three_digits(number: float, error: float = 0.0) -> str:
    """A plain number with three digits: 4.00, −36.0, 0.0123."""
    if not math.isfinite(number) or number == 0 or abs(number) >= 10**DIGITS or abs(number) < LEAST:
        return fine(number, error, DIGITS if abs(number) < LEAST else 0)
    return plain(number, error, DIGITS - 1 - math.floor(math.log10(abs(number))))


def lead(scene: Scene) -> str:
    """The sentence under the title: which claim is tried, where the dial stands, and whether it holds there."""
    at = plain(scene.question.at, decimals=scene.claim.dial.decimals)
    holds = "holds" if scene.holds else "does not hold"
    return f"**“{scene.claim.title.rstrip('.?')}” {holds}** with the dial at {at}."


def verdict(claim: Claim, found: Verdict, holds: bool, units: str) -> str:
    """The verdict over the whole dial, and how far it reaches; `holds` says whether it holds where one looks."""
    if found.kind == HOLDS:
        tail = "and there is a proof" if claim.proof else "which is not a proof"
        return f"**Holds**, everywhere on this dial, {tail}."
    if found.kind == WHEN:
        return f"**Holds when** {where(claim, found)}."
    spans = f" Along this dial it holds when {where(claim, found)}." if found.edges else ""
    if not holds:
        return f"**False as stated**: what you see is a counterexample.{spans}"
    against = filled(claim.unseen, claim, measured(claim.key, found.against), found.against, units)
    place = plain(found.against, decimals=claim.dial.decimals)
    return f"**False as stated.**{spans} A counterexample is at {place}: {lowered(against)}"


def in_short(claim: Claim, found: Verdict) -> str:
    """The verdict as it stands in the table of all."""
    bare = {HOLDS: "**Holds** everywhere on its dial.", WHEN: f"**Holds when** {where(claim, found)}."}
    if found.kind in bare:
        return bare[found.kind]
    return f"**False as stated**; holds when {where(claim, found)}." if found.edges else "**False as stated.**"


def shown_at(claim: Claim, found: Verdict) -> float:
    """The state of the dial that the table opens: one against the claim, or else the one that it opens on."""
    return claim.dial.default if found.against is None or found.kind == WHEN else found.against


def state_in_short(claim: Claim, found: Verdict, at: float) -> str:
    """What the table says of that state."""
    return f"{'Against it' if found.against == at else 'See it'} at {plain(at, decimals=claim.dial.decimals)}"


def where(claim: Claim, found: Verdict) -> str:
    """Where along the dial the claim holds, in words."""
    ends = [None, *found.edges, None]
    spans = [(ends[i], ends[i + 1]) for i in range(len(ends) - 1) if found.is_true(i)]
    return f"{claim.subject} {' or '.join(_span(claim, low, high) for low, high in spans)}"


def _span(claim: Claim, low: float | None, high: float | None) -> str:
    """One stretch of the dial in words; of counts, its first and its last."""
    if claim.counts:
        low, high = low and math.ceil(low), high and math.floor(high)
    sides = [(template, edge) for template, edge in ((claim.above, low), (claim.below, high)) if edge is not None]
    return " and ".join(filled(template, claim, {}, 0.0, "nats", edge) for template, edge in sides)


def here(scene: Scene, units: str) -> str:
    """What the present state shows."""
    template = scene.claim.seen if scene.holds else scene.claim.unseen
    return filled(template, scene.claim, scene.results, scene.question.at, units)


def step(route: str, place: int) -> str:
    """Where one is on a route."""
    stops = ROUTES[route].stops
    return f"{place + 1} of {len(stops)} · {stops[place].bridge}"


def asked(scene: Scene, stop: Stop, is_answered: bool, units: str) -> str:
    """The question of a stop and, where the dial answers it, what then is to be said."""
    state = (scene.claim, scene.results, scene.question.at, units)
    asks = f"**Your turn.** {filled(stop.asks, *state)}"
    if not is_answered:
        return asks
    return f"{asks}  \n:green-badge[that is it] {filled(stop.reply, *state)}"


def why(scene: Scene, units: str) -> str:
    """The reason, in two sentences."""
    return filled(scene.claim.why, scene.claim, scene.results, scene.question.at, units)


def scope(scene: Scene, units: str) -> str:
    """What it is tried on."""
    return filled(scene.claim.scope, scene.claim, scene.results, scene.question.at, units)


def ground(scene: Scene, units: str, told: bool) -> str:
    """What a verdict stands on: what is tried, who says the sentence, and, where there is no proof, what there is."""
    lines = [f"Tried on: {scope(scene, units)}", f"Said in: {'; '.join(scene.claim.sources)}."]
    if told and scene.claim.unproved:
        filled_in = filled(scene.claim.unproved, scene.claim, scene.results, scene.question.at, units)
        lines.append(f"Computed, not proved: {filled_in}")
    return "  \n".join(lines)


def numbers(scene: Scene, units: str) -> str:
    """All results of the present state, with their errors."""
    rows = [
        (_label(number, units), _exact(scene.results[number.key], number.kind, units)) for number in scene.claim.numbers
    ]
    return "\n".join(["| here | |", "|:--|:--|", *(f"| {label} | {value} |" for label, value in rows)])


def _label(number: Number, units: str) -> str:
    """What a number is called, with its term in the glossary."""
    by_sign = [term for sign, term in BY_SIGN.items() if sign in number.label]
    term = number.term or next(iter(by_sign), "Kullback-Leibler divergence" if number.kind == DIVERGENCE else "")
    return glossary(term, units, number.label) if term else number.label


def _exact(result: object, kind: str, units: str) -> str:
    """A result with all digits that are known, and its error where it has one."""
    if kind == NAME:
        return str(result)
    if not isinstance(result, Estimate):
        return _number(float(result), kind, units)
    if kind == SHARE:
        return f"{share(result)} :small[{known_to(result, 0.01, ' %')}]"
    if kind == DIVERGENCE:
        return stated(result, units)
    return f"{fine(result.value, result.error)} :small[{known_to(result)}]"


def _number(number: float, kind: str, units: str) -> str:
    if kind == SHARE:
        return f"{plain(100 * number, decimals=2)} %"
    if kind == COUNT:
        return f"{number:.0f}"
    return f"{fine(number / NATS_IN[units], 0.0)} {units}" if kind == DIVERGENCE else fine(number, 0.0)


def lowered(sentence: str) -> str:
    """The sentence with a small first letter, unless it begins with a symbol."""
    first = sentence.split(" ", 1)[0]
    return sentence[0].lower() + sentence[1:] if first.isalpha() and first[1:].islower() else sentence


def sign(found: Verdict) -> str:
    """A full, half or empty moon: holds, holds when, false as stated."""
    return SIGNS[found.kind]
