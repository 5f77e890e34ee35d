"""The answer in words: its headline, the formula and its canonical form, how it is known, and numbers."""

from __future__ import annotations

import math
from itertools import combinations

from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import MOST_DECIMALS, plain, three
from pages.ui.say.plain_text import escaped
from pages.ui.views.check_formula.scene import Scene

SIGNS = {"neither": "✗", "undefined": "✗"}  # whatever else is right up to something, or not proved
NO_VALUE = "It has no value at some values where the divergence has one."
ROUNDING = 1e-13  # of a number of order 1, which is all that tells apart what is equal


def headline(scene: Scene) -> str:
    """What it is, after a check mark only for what is proved and is what it claims to be."""
    check = scene.check
    sign = "✗" if check.contradicts_claim else "✓" if check.is_right else SIGNS.get(str(check.verdict), "≈")
    return f"{sign} {escaped(check.headline)}"


def lead(scene: Scene) -> list[str]:
    """The two sentences under the title: what it is, and what it gives at one point beside both directions."""
    found = scene.check.comparison
    first = f"✗ {NO_VALUE}" if _is_undefined(scene) else headline(scene)
    value = "It has no value" if found.value is None else f"It gives {three(found.value)}"
    return [
        f"**{first}**",
        f"{value} at the values in the table; D(p‖q) is {three(found.forward)} and D(q‖p) {three(found.reverse)} nats.",
    ]


def where_undefined(scene: Scene) -> str:
    """At which values it has none, of a formula without a value where the divergence has one; else empty."""
    return escaped(scene.check.headline) if _is_undefined(scene) else ""


def _is_undefined(scene: Scene) -> bool:
    return str(scene.check.verdict) == "undefined"


def canonical_forms(scene: Scene) -> str:
    """The textbook form of what it is, or both forms."""
    from kl_engine.symbolic.recognise.sayings.formula_export import canonical

    return "\n\n".join(f"$$\n{form}\n$$" for form in canonical(scene.check))


def numbers(scene: Scene, units: str) -> str:
    """The formula beside both directions at one point."""
    from kl_engine.symbolic.formulas.symbol_names import spoken

    comparison = scene.check.comparison
    place = ", ".join(f"{escaped(spoken(name))} = {value:g}" for name, value in comparison.symbols)
    known = [comparison.forward, comparison.reverse, *([] if comparison.value is None else [comparison.value])]
    decimals = _telling_decimals(known)
    value = "no value" if comparison.value is None else plain(comparison.value, decimals=decimals)
    forward = glossary("forward divergence", units, "D(p‖q)")
    reverse = glossary("reverse divergence", units, "D(q‖p)")
    rows = [
        f"| at {place} | |",
        "|---|---|",
        f"| the formula | **{value}** |",
        f"| {forward}, in nats | {plain(comparison.forward, decimals=decimals)} |",
        f"| {reverse}, in nats | {plain(comparison.reverse, decimals=decimals)} |",
    ]
    return "\n".join(rows)


def _telling_decimals(numbers: list[float]) -> int:
    """As many decimals as are shown elsewhere, or more, so that what differs is seen to differ."""
    apart = [abs(a - b) for a, b in combinations(numbers, 2) if abs(a - b) > ROUNDING * max(1.0, abs(a), abs(b))]
    least = min(apart, default=1.0)
    return max(MOST_DECIMALS, math.ceil(-math.log10(least)) + 1)
