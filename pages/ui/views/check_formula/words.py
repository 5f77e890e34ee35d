"""The answer in words: its headline, the formula and its canonical form, how it is known, and numbers."""

from __future__ import annotations

import math
from itertools import combinations

from pages.ui.glossary.links import glossary
from pages.ui.say.display_math import breakable
from pages.ui.say.numbers import MOST_DECIMALS, NATS_IN, plain, three
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


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: what it is, and what it gives at one point beside both directions."""
    number, forward, reverse = values(scene, units)
    first = f"✗ {NO_VALUE}" if _is_undefined(scene) else headline(scene)
    value = "It has no value" if number is None else f"It gives {three(number)}"
    both = f"D(p‖q) is {three(forward)} and D(q‖p) {three(reverse)} {units}"
    return [f"**{first}**", f"{value} at the values in the table; {both}."]


def values(scene: Scene, units: str) -> tuple[float | None, float, float]:
    """The formula and both directions at one point, in the unit of the page; the formula None where it has no value."""
    found = scene.check.comparison
    own = NATS_IN[own_unit(scene)]
    number = None if found.value is None else found.value * own / NATS_IN[units]
    return number, found.forward / NATS_IN[units], found.reverse / NATS_IN[units]


def own_unit(scene: Scene) -> str:
    """The unit in which the formula is written: bits with logarithms to the base 2 or a division by log 2."""
    match, tree = scene.check.match, scene.check.formula.tree
    in_bits = tree.holds("log2") and not tree.holds("log") or bool(match and "in bits" in match.note)
    return "bits" if in_bits else "nats"


def where_undefined(scene: Scene) -> str:
    """At which values it has none, of a formula without a value where the divergence has one; else empty."""
    return escaped(scene.check.headline) if _is_undefined(scene) else ""


def _is_undefined(scene: Scene) -> bool:
    return str(scene.check.verdict) == "undefined"


def canonical_forms(scene: Scene) -> str:
    """The textbook form of what it is, or both forms."""
    from kl_engine.symbolic.recognise.sayings.formula_export import canonical

    return "\n\n".join(f"$$\n{breakable(form)}\n$$" for form in canonical(scene.check))


def numbers(scene: Scene, units: str) -> str:
    """The formula beside both directions at one point."""
    from kl_engine.symbolic.formulas.symbol_names import spoken

    comparison = scene.check.comparison
    place = ", ".join(f"{escaped(spoken(name))} = {value:g}" for name, value in comparison.symbols)
    number, first, second = values(scene, units)
    decimals = _telling_decimals([first, second, *([] if number is None else [number])])
    value = "no value" if number is None else plain(number, decimals=decimals)
    own = own_unit(scene)
    written = number is not None and own != units
    as_written = f" (as written {plain(comparison.value, decimals=decimals)}, in {own})" if written else ""
    forward = glossary("forward divergence", units, "D(p‖q)")
    reverse = glossary("reverse divergence", units, "D(q‖p)")
    rows = [
        f"| at {place} | |",
        "|---|---|",
        f"| the formula{as_written} | **{value}** |",
        f"| {forward}, in {units} | {plain(first, decimals=decimals)} |",
        f"| {reverse}, in {units} | {plain(second, decimals=decimals)} |",
    ]
    return "\n".join(rows)


def _telling_decimals(numbers: list[float]) -> int:
    """As many decimals as are shown elsewhere, or more, so that what differs is seen to differ."""
    apart = [abs(a - b) for a, b in combinations(numbers, 2) if abs(a - b) > ROUNDING * max(1.0, abs(a), abs(b))]
    least = min(apart, default=1.0)
    return max(MOST_DECIMALS, math.ceil(-math.log10(least)) + 1)
