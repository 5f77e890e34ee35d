"""Numbers as text: in the chosen unit, with no more digits than their error allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the shell stands before the engine is there
    from kl_engine import Certainty, Estimate, Gaussian

NATS_IN = {"nats": 1.0, "bits": math.log(2)}  # one bit is log 2 nats
LOG = {"nats": "log", "bits": "log₂"}  # the logarithm of which a number in these units is
TEX_LOG = {"nats": r"\log", "bits": r"\log_2"}
MOST_DECIMALS = 6
MANTISSA = 3  # decimals of a number written as 1.234e-05
TINY, HUGE = 1e-3, 1e9  # beyond these a divergence is written so
FOUND = 1e-9  # of a width: to how much of it a search finds a place


def plain(number: float, error: float = 0.0, decimals: int = MOST_DECIMALS) -> str:
    """`number` with at most `decimals` decimals, fewer where `error` makes them meaningless."""
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    known = _known_decimals(error)
    if number and (known < 0 or abs(number) >= HUGE):
        return _scientific(number, known)
    text = f"{number:.{min(decimals, max(0, known))}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def fine(number: float, error: float, decimals: int = MOST_DECIMALS) -> str:
    """The same, and a number too small for these decimals as 1.234e-05, as far as its digits are known."""
    known = _known_decimals(error)
    if 0 < abs(number) < TINY and abs(number) > 10 * error:
        return _scientific(number, known)
    return plain(number, error, decimals)


def _known_decimals(error: float) -> int:
    """How many decimals an error leaves."""
    return 15 if error <= 0 else math.floor(-math.log10(2) - math.log10(error))


def _scientific(number: float, known: int) -> str:
    """1.234e-05, rounded to the last digit that is known; 0 where that is beyond the first."""
    leading = math.floor(math.log10(abs(number)))
    significant = known + leading
    if significant < 0:  # what is known begins above the first digit: either one unit there, or none
        is_one = significant == -1 and abs(number) > 5 * 10.0**leading
        return f"{'−' * (number < 0)}1e{-known:+03d}" if is_one else "0"
    return f"{number:.{min(MANTISSA, significant)}e}".replace("-", "−", number < 0)


def three(number: float, error: float = 0.0) -> str:
    """`number` with three digits, for what is read in passing: 0.724, 4.12, 31.4, 1230; fewer where `error` asks."""
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    size = abs(number)
    decimals = 3 if size < 0.9995 else 2 if size < 9.995 else 1 if size < 99.95 else 0
    if decimals:
        return plain(number, error, decimals)
    return f"{float(f'{number:.3g}'):g}".replace("-", "−")


def brief(number: float) -> str:
    """The same without zeros at its end: 4.12, 2.5, 0."""
    return _without_zeros(three(number))


def _without_zeros(text: str) -> str:
    """A decimal number without the zeros at its end."""
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def in_brief(estimate: Estimate, units: str) -> str:
    """A divergence in its unit, with three digits: `0.481 nats`."""
    scale = NATS_IN[units]
    return f"{three(estimate.value / scale, estimate.error / scale)} {units}"


def part(estimate: Estimate) -> str:
    """A probability as a percentage that is read in passing: 40 %, 0.6 %, 0 %."""
    percent = 100 * estimate.value
    return f"{plain(percent, 100 * estimate.error, 1 if 0.05 <= percent < 0.95 else 0)} %"


def found_at(place: float, width: float) -> float:
    """Where something of this width lies, as it was found: 0, and not 9.2e-25, where it is not told from 0."""
    return 0.0 if abs(place) < FOUND * width else place


def bell(q: Gaussian) -> str:
    """`N(μ, σ²)` with three digits: N(2.39, 1.14²)."""
    return f"N({brief(q.mean)}, {brief(q.std)}²)"


def amount(estimate: Estimate, units: str) -> str:
    """A divergence in its unit: `0.481062 nats`."""
    scale = NATS_IN[units]
    return f"{fine(estimate.value / scale, estimate.error / scale)} {units}"


def margin(error: float, certainty: Certainty, unit: str = "") -> str:
    """An error of this kind, rounded up, in its unit: `± 2e-13` of a bound, `95 %: ± 0.002` of a confidence interval.

    What two rules differ by, which is no bound, is marked: `± 2e-13 (est.)`.
    """
    from kl_engine.estimates.estimate import margin

    return margin(error, certainty, unit)


def stated(estimate: Estimate, units: str, bold: bool = False) -> str:
    """A divergence and, smaller, its error, in Markdown; where it is infinite there is none."""
    value, error = amount(estimate, units), known_to(estimate, NATS_IN[units])
    shown = f"**{value}**" if bold else value
    return f"{shown} :small[{error}]" if error else shown


def known_to(estimate: Estimate, scale: float = 1.0, unit: str = "") -> str:
    """The error of an estimate and its kind, for the value over `scale`; nothing where it is infinite."""
    return "" if math.isinf(estimate.value) else margin(estimate.error / scale, estimate.certainty, unit)


def share(estimate: Estimate) -> str:
    """A probability as a percentage."""
    return f"{plain(100 * estimate.value, 100 * estimate.error, decimals=2)} %"


def normal(q: Gaussian, decimals: int = 3) -> str:
    """`N(μ, σ²)` with the std written out, without zeros at its ends: N(2.386, 1.136²), N(0, 2.391²)."""
    mean, std = (_without_zeros(plain(number, decimals=decimals)) for number in (q.mean, q.std))
    return f"N({mean}, {std}²)"
