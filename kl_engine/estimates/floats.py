"""Floating-point numbers as IEEE 754 has them, whatever a notebook has told NumPy to warn of or to raise.

e^−800 is 0 and e^800 is inf: densities are made of such numbers, and what overflows or has no value is told by the
result, or refused. So `np.seterr(all="raise")` is a person's own affair, and every public function that computes is
`ieee`.
"""

from __future__ import annotations

import numpy as np

ieee = np.errstate(all="ignore")  # a decorator: each call enters it anew, in its own thread
