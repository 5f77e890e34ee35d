"""Why a Gaussian cannot be fitted to some p at all, and why a divergence from or to one is infinite, in words."""

from __future__ import annotations

import math
from typing import NamedTuple

from kl_engine import Direction, Estimate


class NoFit(NamedTuple):
    """Why there is no fit: in a few words, and in a whole sentence."""

    short: str
    whole: str


def why_no_fit(p: object, direction: Direction, refused: str) -> NoFit:
    """Why there is no fit in this direction; `refused` is what the engine said."""
    if direction is Direction.FORWARD and "no forward fit exists" in refused:
        short = f"p has no {'mean' if 'no mean' in refused else 'variance'}"
        return NoFit(short, f"{short}, so that D(p‖q) is infinite for every Gaussian q.")
    if direction is Direction.REVERSE and "outside the support" in refused:
        where = f"p is 0 {_outside(*p.support)}, where"
        return NoFit(f"{where} q has mass", f"{where} every Gaussian q has mass, so that D(q‖p) is infinite for all.")
    return NoFit("none can be computed here", f"{refused[:1].upper()}{refused[1:]}.")


def _outside(low: float, high: float) -> str:
    """Where a p of this support is 0."""
    first, last = (f"{end:.6g}".replace("-", "−") for end in (low, high))
    if math.isinf(high):
        return f"below {first}"
    return f"above {last}" if math.isinf(low) else f"outside ({first}, {last})"


def why_infinite(estimate: Estimate) -> str:
    """Why a divergence from or to a Gaussian q is infinite, in a few words."""
    if estimate.reason.startswith("support"):
        return "q has mass where p has none"
    if estimate.reason.startswith("tails"):
        return "q falls too fast for the tail of p"
    return estimate.reason
