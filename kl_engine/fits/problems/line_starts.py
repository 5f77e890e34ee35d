"""Where a search over q begins beside any p on the line, and where the panels of an expectation under q are cut."""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.line.base import LineDistribution
from kl_engine.estimates.floats import ieee

DOUBLINGS = 2.0 ** np.arange(-1, 12)  # cuts about the middle of p, in its width
GRID = np.linspace(-20, 20, 2001)  # where modes of p are looked for, in its width


@ieee
def modes_of(p: LineDistribution) -> list[tuple[float, float]]:
    """The local maxima of log p on a grid about its middle, each with the std of the bell there."""
    middle, width = p.typical
    x = middle + width * GRID
    logs = p.log_pdf(x)
    step = x[1] - x[0]
    found = []
    for i in np.flatnonzero((logs[1:-1] >= logs[:-2]) & (logs[1:-1] > logs[2:])) + 1:
        bend = -(logs[i - 1] - 2 * logs[i] + logs[i + 1]) / step**2
        found.append((float(x[i]), float(np.clip(bend**-0.5, step, 4 * width)) if bend > 0 else width))
    return found
