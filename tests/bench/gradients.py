"""Derivatives of D by every parameter of all reference pairs, beside integrals of 34 digits: many minutes.

python -m tests.bench.gradients [every so many of the pairs]
"""

from __future__ import annotations

import sys

import mpmath as mp

from kl_engine import kl_gradient
from tests.bench.table import Row, show
from tests.precise import DIGITS, gradient
from tests.reference import mixture_pairs

NAMES = ("weights", "means", "stds")


def gradients(step: int = 1) -> list[Row]:
    """The largest true error, in stated ones and relative to the derivative, or to 1 where that is less."""
    reach, miss, count = 0.0, 0.0, 0
    for pair in mixture_pairs()[::step]:
        for wrt in "ab":
            found, truths = kl_gradient(pair.p, pair.q, wrt), gradient(pair.p, pair.q, wrt)
            for name, part in found.parts.items():
                row = next(i for i, each in enumerate(NAMES) if each.startswith(name))
                for value, error, truth in zip(part.value.tolist(), part.error.tolist(), truths[row]):
                    with mp.workdps(DIGITS):
                        off = abs(mp.mpf(value) - truth)
                        reach = max(reach, float(off / error) if error else float(mp.sign(off)))
                        miss, count = max(miss, float(off / max(1, abs(truth)))), count + 1
    return [
        Row("largest error / reported error", reach, (0, 1), f"{count} derivatives"),
        Row("largest error / 1e-9 of the derivative, or of 1", miss / 1e-9, (0, 1)),
    ]


if __name__ == "__main__":
    show("Derivatives of D by the parameters of both mixtures", gradients(*map(int, sys.argv[1:])))
