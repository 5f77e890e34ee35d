"""p and q in small: what the two pictures are handed, and that their specs are valid."""

from __future__ import annotations

import altair as alt
import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture
from pages.ui.draw.pair import Q, density_picture, mass_picture
from pages.ui.draw.theme import TARGET

P = GaussianMixture([0.3, 0.7], [-4, 2], [0.2, 1.5])


@pytest.mark.parametrize("q", [Gaussian(1, 2), Gaussian(50, 0.01), Gaussian(-4, 30)])
def test_the_curves_are_the_densities_narrow_ones_too(q):
    picture = density_picture(P, q)
    for who, density in ((TARGET, P), (Q, q)):
        rows = picture.data["pair"][picture.data["pair"]["who"] == who]
        x, value = rows["x"].to_numpy(), rows["value"].to_numpy()
        assert value == pytest.approx(np.exp(density.log_pdf(x)))
        assert np.trapezoid(value, x) == pytest.approx(1, abs=2e-3)
        name = picture.data["names"].set_index("who").loc[who]
        assert name["value"] == value.max() and name["x"] == x[value.argmax()]


def test_the_bars_are_the_probabilities_and_the_first_says_whose():
    rows = mass_picture(("a", "b", "c"), (0.5, 0.5, 0.0), (0.2, 0.3, 0.5), 40).data["pair"]
    assert rows[rows["who"] == TARGET]["value"].tolist() == [0.5, 0.5, 0.0]
    assert rows[rows["who"] == Q]["value"].tolist() == [0.2, 0.3, 0.5]
    assert rows["name"].tolist() == ["p", "", "", "q", "", ""]


@pytest.mark.parametrize("spec", [density_picture(P, Gaussian(0, 1)).spec, mass_picture("ab", (1, 0), (0, 1), 40).spec])
def test_the_specs_are_valid(spec):
    alt.LayerChart.from_dict(spec)
