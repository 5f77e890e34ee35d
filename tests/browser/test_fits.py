"""Browser and engine find the same optima, one by one, over random targets (the bench takes 200)."""

from __future__ import annotations

import math

import pytest

from tests.browser.fits import difference, farthest, mixtures, two_modes


@pytest.fixture(scope="module")
def blank(browser):
    """An empty page."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("targets", [two_modes, mixtures])
def test_the_optima_of_the_browser_are_those_of_the_engine(blank, targets):
    assert farthest(blank, targets(40, seed=1)) < 1e-6


def test_an_optimum_that_only_one_of_them_has_is_seen():
    parts, forward = [[0.5, 4.0, 1.0], [0.5, -4.0, 1.0]], [0.0, math.sqrt(17), 0.7235528602]
    assert math.isinf(difference((parts, None), {"forward": forward, "minima": [[4.0, 1.0, 0.69]]}))
