"""What the page says of what was measured: functions of the scene."""

from __future__ import annotations

import math

from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, fine, stated
from pages.ui.views.measured.scene import CUBATURE, OURS, QUAD, Row, Said, Scene

VERDICTS = {True: "yes", False: "**no**", None: "–"}


def lead(scene: Scene) -> list[str]:
    """The two sentences under the title: how often each way kept its word on these pairs."""
    ours, every = sum(row.holds(row.said[0]) for row in scene.rows), len(scene.rows)
    rule = scene.rows[0].said[1].way
    broken = [row for row in scene.rows if not row.holds(row.said[1])]
    kept = f"for all {every}" if ours == every else f"for {ours} of {every}"
    worst = f"is wrong by more than it says on {len(broken)} of {every}" if broken else "stays within what it says"
    return [f"**The truth lies within the error that KL Lab states, {kept} pairs.**", f"{rule} {worst}."]


def table(row: Row, units: str) -> str:
    """What every way says of one pair."""
    scale = NATS_IN[units]
    truth = "∞" if math.isinf(row.truth) else f"{row.truth / scale:.12g} {units}"
    says = glossary("Forward divergence", units, "says")
    states, off = (glossary("Error bound", units, text) for text in ("states an error of", "is off by"))
    lines = [
        f"truth {truth} ({row.pair.known})",
        "",
        f"| method | {says} | {states} | {off} | keeps its word |",
    ]
    lines.append("|:--|--:|--:|--:|:-:|")
    for said in row.said:
        value = stated(row.ours, units) if said.way == OURS else _value(said, scale, units)
        stated_error = _size(said.error / scale) if math.isfinite(said.value) else "–"
        how = "" if said.way == OURS else f" :small[{said.words}]"
        cells = (f"{said.way}{how}", value, stated_error, _size(row.off(said) / scale), VERDICTS[row.holds(said)])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _value(said: Said, scale: float, units: str) -> str:
    return "–" if math.isnan(said.value) else f"{fine(said.value / scale, 0.0)} {units}"


def _size(error: float) -> str:
    """A size with two digits; a dash where there is none."""
    return "–" if math.isnan(error) else "∞" if math.isinf(error) else f"{error:.1e}" if error else "0"


def meaning(scene: Scene) -> list[str]:
    """Why a rule is wrong here, where one is."""
    found = []
    for row in scene.rows:
        rule = row.said[1]
        if row.holds(rule):
            continue
        if math.isinf(rule.value) and not math.isinf(row.truth):
            found.append(f"{row.pair.name}: the densities underflow to 0, so {rule.way} divides by 0 and answers ∞.")
        elif math.isinf(row.truth):
            found.append(f"{row.pair.name}: the integral diverges, and {rule.way} stops at a finite number.")
        elif rule.way in (QUAD, CUBATURE):
            kind = "says that it has converged" if rule.words == "converged" else f"gives {rule.words}"
            found.append(
                f"{row.pair.name}: {rule.way} {kind}, although its nodes miss a part of p or do not resolve it. That "
                "two rules agree proves nothing."
            )
    return found
