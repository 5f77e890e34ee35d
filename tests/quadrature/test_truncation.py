"""What is left out of an integral is less than the bound that is added to its error."""

from __future__ import annotations

import numpy as np
import pytest

from kl_engine.quadrature.crossings import parts_of
from kl_engine.quadrature.truncation import log_ratio_tail, mass_beyond, support_points
from tests.cases import CASES, over


@over(CASES)
@pytest.mark.parametrize("reach", [3, 4.5, 6])
def test_the_bound_of_the_tail_holds(case, reach):
    for a, b in ((case.p, case.q), (case.q, case.p)):
        ends = support_points(parts_of(a), reach)
        left_out = _outside(a, b, min(ends), max(ends))
        assert left_out <= log_ratio_tail(parts_of(a), parts_of(b), reach)


def _outside(a, b, low: float, high: float) -> float:
    """∫ a |log a − log b| below `low` and above `high`, by the trapezoid rule."""
    total = 0.0
    for edge, sign in ((low, -1), (high, 1)):
        x = edge + sign * np.linspace(0, 12, 40_001) * a.stds.max()
        values = a.pdf(x) * np.abs(a.log_pdf(x) - b.log_pdf(x))
        total += np.trapezoid(values, dx=abs(x[1] - x[0]))
    return total


def test_mass_beyond():
    assert mass_beyond(3) == pytest.approx(0.0026997960632601866, rel=1e-14)
    assert mass_beyond(9) < 2.3e-19
