"""The reference data under tests/reference_data: mixture pairs with KL to 20+ digits, and worked cases."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from kl_engine import GaussianMixture

DATA = Path(__file__).parent / "reference_data"


class Pair(NamedTuple):
    """Two mixtures and the two divergences between them, exact to the digits of the reference."""

    name: str
    kind: str
    p: GaussianMixture
    q: GaussianMixture
    forward: Fraction
    reverse: Fraction


def mixture_pairs() -> tuple[Pair, ...]:
    """The 240 pairs, computed in 70-digit ball arithmetic."""
    return tuple(
        Pair(
            case["id"],
            case["kind"],
            GaussianMixture(**case["p"]),
            GaussianMixture(**case["q"]),
            Fraction(case["kl_pq"]),
            Fraction(case["kl_qp"]),
        )
        for case in _load("mixture_pairs.json")["cases"]
    )


def worked_cases(prefix: str) -> tuple[dict, ...]:
    """The worked cases whose id starts so."""
    found = tuple(case for case in _load("worked_cases.json") if case["id"].startswith(prefix))
    if not found:
        raise LookupError(f"no worked case starts with {prefix!r}")
    return found


def worked_case(name: str) -> dict:
    """One worked case by its id."""
    return {case["id"]: case for case in worked_cases(name)}[name]


def _load(name: str):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def spellings(name: str) -> list[tuple[str, str]]:
    """(text, expected) of a set of formulas or objectives as people write them."""
    cases = _load(f"{name}.json")["cases"]
    return [(case["text"], case["expected"]) for case in cases]
