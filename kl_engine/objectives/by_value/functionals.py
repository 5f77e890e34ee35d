"""Divergences that are known by their values: each is computed on a few pairs of distributions and held against a text.

A text that is a·V(p, q) + b, with the same a and b on every pair that is tried, is said to be V. Source: F. Liese and
I. Vajda, On divergences and informations in statistics and information theory, IEEE Trans. Inf. Theory 52 (2006).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kl_engine.objectives.by_value.evaluation import OUTCOMES, Unclear, Values
from kl_engine.symbolic.formulas.parsing.phrases import Phrase

PAIRS = 7
TOLERANCE = 1e-8  # relative to the spread of the values
LIMIT_TOLERANCE = 1e-5  # of a limit, which is taken from a finite distance
_SHARES = (
    Fraction(1, 2),
    Fraction(1, 4),
    Fraction(3, 4),
    Fraction(1, 10),
    Fraction(9, 10),
    Fraction(1, 5),
    Fraction(4, 5),
)
_ORDERS = (Fraction(1, 2), Fraction(2), Fraction(-1), Fraction(3), Fraction(-2), Fraction(3, 2), Fraction(-1, 2))
_JS = (
    "the Jensen-Shannon divergence: each of the two is held against their mean, half and half; it is symmetric, "
    "finite at every zero and at most log 2, and neither direction of D"
)
_SKEW = (
    "a Jensen-Shannon divergence with unequal weights: each of the two is held against one mixture of both; it is"
    " finite at every zero, and neither direction of D"
)
_TO_MIXTURE = (
    "a divergence to a mixture that holds both: finite at every zero of either, and neither direction of D between the "
    "two"
)
_FROM_MIXTURE = (
    "a divergence from a mixture of both to one of them: finite at the zeros of the other, and neither direction "
    "of D between the two"
)
_HELLINGER = (
    "the Hellinger distance of {p} and {q}: no expectation of a log ratio; it is symmetric and bounded, so "
    "neither direction of D, each of which is at least Σ (√{p} − √{q})²"
)
_AFFINITY = (
    "the Bhattacharyya distance of {p} and {q}, −log Σ √({p} {q}) up to a factor: it is symmetric, so neither "
    "direction of D, each of which is at least twice it"
)
_CHI = (
    "the χ² divergence Σ ({p} − {q})²/{q}: no expectation of a log ratio, so neither direction of D; D({p}‖{q}) "
    "is at most log(1 + χ²), and both are infinite where {q} is 0 and {p} is not"
)
_TOTAL = (
    "the total variation distance of {p} and {q}: no expectation of a log ratio, so neither direction of D; it is"
    " at most √(D/2) of either (Pinsker)"
)
_SQUARES = (
    "a sum of squared differences of {p} and {q}: no log ratio of distributions; where {p} holds data and {q} is "
    "the mean of a Gaussian of a given width, or the other way round, it is the cross entropy of that model, "
    "which is forward"
)
_TRIANGLE = "the triangular discrimination of {p} and {q}: no expectation of a log ratio, so neither direction of D"
_ALPHA = (
    "one of the family of Σ {p}^α {q}^(1−α), to which Rényi's, Tsallis's, Amari's and the power divergences "
    "belong: neither direction of D, but with the factors of its definition it has both as limits, D({p}‖{q}) at "
    "α → 1 and D({q}‖{p}) at α → 0"
)


@dataclass(frozen=True)
class Known:
    """What a text is known as. direction: "forward" for D(first‖second), "reverse", "both", or "" for `words`.

    factor: its number before the divergence, where that is a plain fraction. nearer: whether it is small where the two
    are near, as written.
    """

    first: str
    second: str
    direction: str
    words: str
    factor: Fraction | None
    nearer: bool


def known_by_value(text: str, phrase: Phrase) -> Known | None:
    """What a phrase is, by its values; None where it is of no known kind, or no functional of two distributions."""
    numbers = frozenset(_numbers(phrase))
    tolerance = LIMIT_TOLERANCE if any(part.kind == "limit" for part in phrase.walk()) else TOLERANCE
    tables = []
    for seed in (1, 2):
        table = _table(text, phrase, numbers, seed)
        if table is None:
            return None
        tables.append(table)
    for key in tables[0].candidates:
        fits = [_fit(table.values, table.candidates[key], tolerance) for table in tables if key in table.candidates]
        if len(fits) == 2 and None not in fits and fits[0] * fits[1] > 0:
            return _known(tables[0].names, key, fits)
    return None


@dataclass
class _Table:
    """The values of a text on each pair, and of each candidate."""

    names: tuple[str, str]
    values: np.ndarray
    candidates: dict[tuple[str, str], np.ndarray]


def _numbers(phrase: Phrase) -> Iterator[str]:
    """The names that stand in exponents, or that a limit is taken in."""
    for part in phrase.walk():
        exponents = part.parts[1:2] if part.kind == "pow" else part.parts[:1] if part.kind == "limit" else ()
        if part.kind == "call" and part.parts[0].kind in ("name", "attribute"):
            exponents = part.parts[-1:] if part.parts[0].value in ("pow", "power") else ()
        for exponent in exponents:
            yield from (str(name.value) for name in exponent.walk() if name.kind == "name")


def _table(text: str, phrase: Phrase, numbers: frozenset[str], seed: int) -> _Table | None:
    """The text on `PAIRS` pairs, with the same named numbers throughout."""
    rng = np.random.default_rng(seed)
    scalars: dict[str, float] = {}
    values, rows, names = [], [], ()
    for _ in range(PAIRS):
        found = Values(text, lambda: rng.dirichlet(np.full(OUTCOMES, 2.0)), lambda: rng.uniform(0.15, 0.85), numbers)
        found.scalars = dict(scalars)
        try:
            with np.errstate(all="ignore"):
                value = np.sum(found.of(phrase))  # what is left without its sum is one number an outcome
        except Unclear:
            return None
        if not np.isfinite(value) or len(found.arrays) != 2:
            return None
        scalars |= found.scalars
        names = tuple(found.arrays)
        values.append(float(value))
        rows.append(dict(_candidates(*found.arrays.values(), scalars, numbers)))
    keys = [key for key in rows[0] if all(key in row for row in rows)]
    return _Table(names, np.array(values), {key: np.array([row[key] for row in rows]) for key in keys})


def _candidates(p, q, scalars: dict[str, float], numbers: frozenset[str]) -> Iterator[tuple[tuple[str, str], float]]:
    """Every divergence that is known, by its kind and its parameter."""

    def kl(a, b):
        return float(np.sum(a * np.log(a / b)))

    yield ("forward", ""), kl(p, q)
    yield ("reverse", ""), kl(q, p)
    yield ("both", ""), kl(p, q) + kl(q, p)
    root = float(np.sum(np.sqrt(p * q)))
    yield (_HELLINGER, "squared"), 1 - root
    yield (_HELLINGER, "root"), (1 - root) ** 0.5
    yield (_AFFINITY, ""), -np.log(root)
    yield (_TOTAL, ""), float(np.sum(np.abs(p - q)))
    yield (_CHI, ""), float(np.sum((p - q) ** 2 / q))
    yield (_CHI, "turned"), float(np.sum((p - q) ** 2 / p))
    yield (_TRIANGLE, ""), float(np.sum((p - q) ** 2 / (p + q)))
    yield (_SQUARES, ""), float(np.sum((p - q) ** 2))
    yield (_SQUARES, "root"), float(np.sum((p - q) ** 2)) ** 0.5
    shares = {str(share): float(share) for share in _SHARES} | scalars
    shares |= {f"1-{name}": 1 - value for name, value in scalars.items()}
    for name, w in ((n, w) for n, w in shares.items() if 0 < w < 1):
        m = w * p + (1 - w) * q
        whole = w * kl(p, m) + (1 - w) * kl(q, m)
        yield (_JS if name == "1/2" else _SKEW, name), whole
        yield (_JS if name == "1/2" else _SKEW, f"root {name}"), whole**0.5
        for one, other in (("p", p), ("q", q)):
            yield (_TO_MIXTURE, f"{one} {name}"), kl(other, m)
            yield (_FROM_MIXTURE, f"{one} {name}"), kl(m, other)
    for name, order in _orders(scalars, numbers):
        power = float(np.sum(p**order * q ** (1 - order)))
        if order not in (0, 1):
            turned = 1 if order * (order - 1) > 0 else -1
            yield (_ALPHA, name), turned * power
            yield (_ALPHA, f"log {name}"), turned * np.log(power)


def _orders(scalars: dict[str, float], numbers: frozenset[str]) -> Iterator[tuple[str, float]]:
    """The orders α that a text may have: plain numbers, and those of the names in its exponents."""
    yield from ((str(order), float(order)) for order in _ORDERS)
    for name in numbers & set(scalars):
        a = scalars[name]
        for label, order in (
            ("a", a),
            ("1-a", 1 - a),
            ("1+a", 1 + a),
            ("-a", -a),
            ("+", (1 + a) / 2),
            ("-", (1 - a) / 2),
        ):
            yield f"{name} {label}", order


def _fit(values: np.ndarray, candidate: np.ndarray, tolerance: float) -> float | None:
    """a, where the values are a·V + b on every pair; None where they are not."""
    spread = np.ptp(candidate)
    if not np.all(np.isfinite(candidate)) or spread < 1e-9:
        return None
    centred = candidate - candidate.mean()
    a = float(centred @ values / (centred @ centred))
    b = values.mean() - a * candidate.mean()
    scale = abs(a) * spread
    return float(a) if scale > 1e-9 and np.max(np.abs(a * candidate + b - values)) < tolerance * scale else None


def _known(names: tuple[str, str], key: tuple[str, str], fits: list[float]) -> Known:
    kind, parameter = key
    first, second = names if parameter != "turned" else names[::-1]
    near = Fraction(fits[0]).limit_denominator(1000)
    plain = all(abs(fit - near) < 1e-6 * abs(fit) for fit in fits)
    direction = kind if kind in ("forward", "reverse", "both") else ""
    words = "" if direction else kind.format(p=first, q=second)
    return Known(names[0], names[1], direction, words, near if plain else None, fits[0] > 0)


__all__ = ["Known", "known_by_value"]
