"""Numbers as text: in the chosen unit, with no more digits than their error allows."""

from __future__ import annotations

import math

from kl_engine import Estimate, Gaussian

NATS_IN = {"nats": 1.0, "bits": math.log(2)}  # one bit is log 2 nats
MOST_DECIMALS = 6


def plain(number: float, error: float = 0.0, decimals: int = MOST_DECIMALS) -> str:
    """`number` with at most `decimals` decimals, fewer where `error` makes them meaningless."""
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    known = MOST_DECIMALS if error <= 0 else math.floor(-math.log10(2 * error))
    if known < 0 or abs(number) >= 1e9:
        significant = known + math.ceil(math.log10(abs(number) or 1)) if error > 0 else MOST_DECIMALS + 1
        return f"{number:.{max(0, min(MOST_DECIMALS, significant - 1))}e}"
    text = f"{number:.{min(decimals, known)}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def amount(estimate: Estimate, units: str) -> str:
    """A divergence in its unit: `0.481062 nats`."""
    scale = NATS_IN[units]
    return f"{plain(estimate.value / scale, estimate.error / scale)} {units}"


def margin(error: float) -> str:
    """An error bound: `± 2e-13`."""
    return f"± {error:.0e}"


def share(estimate: Estimate) -> str:
    """A probability as a percentage."""
    return f"{plain(100 * estimate.value, 100 * estimate.error, decimals=2)} %"


def normal(q: Gaussian, decimals: int = 3) -> str:
    """`N(μ, σ²)` with the std written out: N(2.386, 1.136²)."""
    return f"N({plain(q.mean, decimals=decimals)}, {plain(q.std, decimals=decimals)}²)"
