"""Which of the distributions of an objective is fitted: guessed from the names, or left to the person."""

from __future__ import annotations

import re
from typing import NamedTuple

_MODEL = re.compile(
    r"(q|Q|student|pi|policy|([A-Za-z]+_)?model|pred|y_pred|approx|learner|generator|input|logits)(?![a-z])"
)
_FIXED = re.compile(r"ref|old|data|teacher|target|true|prior|post|star|base|label")


class Guess(NamedTuple):
    """The distribution that is most likely fitted, and whether the names leave no other."""

    model: str
    certain: bool


def guess_model(densities: tuple[str, ...]) -> Guess:
    """The fitted one among these: q, student, pi, … Certain only where exactly one of them has such a name."""
    likely = [name for name in densities if _MODEL.match(name) and not _FIXED.search(name.partition("(")[0])]
    if len(densities) == 1:
        return Guess(densities[0], True)
    if len(likely) == 1:
        return Guess(likely[0], True)
    thetas = [name for name in densities if re.search(r"_(theta|phi|psi)\b", name)]
    if not likely and len(thetas) == 1:
        return Guess(thetas[0], True)
    return Guess((likely or list(densities[::-1]))[0], False)
