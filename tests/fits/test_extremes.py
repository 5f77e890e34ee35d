"""A fit of whatever p from whatever start has a status; it raises nothing but a refusal in words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kl_engine import Alpha, Gaussian, GaussianMixture, Status, families, fit
from kl_engine.fits.descent import settled
from kl_engine.fits.directions import ReverseObjective
from kl_engine.optima import stationary_points
from tests.cases import two_modes

BUMP = GaussianMixture([1 - 1e-12 - 1e-16, 1e-12, 1e-16], [0, 0, 0], [1e-6, 1, 3e-4])


def drawn(seed: int) -> tuple[GaussianMixture, Gaussian, families.Gaussian | None]:
    """Nested scales over 20 decades, weights down to 1e-60, means up to 1e8 apart; any start; a std held or not."""
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 6))
    weights = 10 ** rng.uniform(*[(-60, 0), (-15, 0), (-1, 0)][seed % 3], k)
    stds = 10 ** rng.uniform(*[(-10, 10), (-7, 1), (-2, 2)][seed % 3], k)
    means = [np.zeros(k), rng.normal(0, 1, k) * stds.max(), rng.normal(0, 10 ** rng.uniform(0, 8), k)][seed % 3]
    p = GaussianMixture(weights / weights.sum(), means, stds)
    mean = p.mean + p.std * rng.normal() * 10 ** rng.uniform(-2, 4)
    start = Gaussian(float(mean), float(p.std * 10 ** rng.uniform(-6, 4)))
    held = families.Gaussian(float(p.std * 10 ** rng.uniform(-3, 2))) if seed % 4 == 0 else None
    return p, start, held


@pytest.mark.parametrize("seed", range(12))
def test_every_fit_has_a_status(seed):
    p, start, family = drawn(seed)
    for objective in ("forward", "reverse", Alpha(0.5)):
        for begin in (start, None):
            found = fit(p, objective, family=family, start=begin)
            assert isinstance(found.status, Status) and found.reason
            assert math.isfinite(found.value.value) and len(found.trace) >= 1


def test_a_start_beside_a_buried_bump_has_an_end():
    found = fit(BUMP, "reverse", start=Gaussian(0, 1))
    assert found.status in (Status.CONVERGED, Status.STOPPED) and found.value.value < 28
    assert stationary_points(BUMP)[0].value.value <= found.value.value + found.value.error


@pytest.mark.parametrize("place", [(math.nan, math.nan), (1e300, 1e-10), (0.0, 0.0), (math.inf, 1.0)])
def test_a_hopeless_place_is_not_stationary_and_raises_nothing(place):
    objective = ReverseObjective.of(two_modes(5))
    with np.errstate(all="ignore"):
        _, _, found = settled(objective, np.array(place))
    assert not found
