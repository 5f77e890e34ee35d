"""Rows of a table that say how q stands to p: both divergences, and the mass that q invents and misses."""

from __future__ import annotations

from kl_engine import Direction, Estimate
from kl_engine.divergences import Disagreement
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import known_to, share, stated


def divergence_rows(forward: Estimate, reverse: Estimate, units: str, own: Direction | None = None) -> list[str]:
    """D(p‖q) and D(q‖p) with their errors; the one that q minimises, `own`, in bold."""
    named = ((Direction.FORWARD, "D(p‖q)", forward), (Direction.REVERSE, "D(q‖p)", reverse))
    return [
        f"| {glossary(f'{direction} divergence', units, name)} | {stated(estimate, units, bold=direction is own)} |"
        for direction, name, estimate in named
    ]


def failure_rows(failures: Disagreement, units: str) -> list[str]:
    """The mass that q invents and that it misses, with their errors."""
    named = (("hallucinated", "invents", failures.hallucinated), ("missed", "misses", failures.missed))
    errors = [known_to(estimate, 0.01, " %") for *_, estimate in named]
    return [
        f"| {glossary(term, units, name)} | {share(estimate)} :small[{error}] |"
        for (term, name, estimate), error in zip(named, errors)
    ]
