"""All of the laws: every verb × every pair of kinds × all examples × all options, where the suite takes a few."""

from __future__ import annotations

from itertools import product

from kl_engine.divergences import registry
from tests.bench.table import Row, show
from tests.laws.families import FAMILIES
from tests.laws.laws import complaints
from tests.laws.test_registry import PAIRED


def broken() -> list[Row]:
    """How often a law is broken, a verb a row."""
    rows = []
    for verb in PAIRED:
        said = [
            each
            for first, second in product(registry.kinds(), repeat=2)
            for a, b in product(FAMILIES[first.name].examples, FAMILIES[second.name].examples)
            for options in verb.options
            for each in complaints(verb, a, b, **options)
        ]
        rows.append(Row(f"{verb.name}: laws broken", len(said), (0, 0), said[0][:200] if said else ""))
    return rows


if __name__ == "__main__":
    show("Laws of divergences", broken())
