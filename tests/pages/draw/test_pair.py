"""p and q in small: what the two pictures are handed, and that their specs are valid."""

from __future__ import annotations

import altair as alt
import numpy as np
import pytest

from kl_engine import Gaussian, GaussianMixture, MultivariateGaussian
from kl_engine.distributions import Beta, Gamma
from pages.ui.draw.pair import NARROW, PLOT, Q, density_picture, mass_picture, plane_picture
from pages.ui.draw.peak_labels import LETTER, LINE
from pages.ui.draw.theme import REVERSE, TARGET

P = GaussianMixture([0.3, 0.7], [-4, 2], [0.2, 1.5])


@pytest.mark.parametrize("q", [Gaussian(1, 2), Gaussian(50, 0.01), Gaussian(-4, 30)])
def test_the_curves_are_the_densities_narrow_ones_too(q):
    picture = density_picture(P, q)
    for who, density in ((TARGET, P), (Q, q)):
        rows = picture.data["pair"][picture.data["pair"]["who"] == who]
        x, value = rows["x"].to_numpy(), rows["value"].to_numpy()
        assert value == pytest.approx(np.exp(density.log_pdf(x)))
        assert np.trapezoid(value, x) == pytest.approx(1, abs=2e-3)


def test_the_bars_are_the_probabilities_and_the_first_says_whose():
    rows = mass_picture(("a", "b", "c"), (0.5, 0.5, 0.0), (0.2, 0.3, 0.5), 40).data["pair"]
    assert rows[rows["who"] == TARGET]["value"].tolist() == [0.5, 0.5, 0.0]
    assert rows[rows["who"] == Q]["value"].tolist() == [0.2, 0.3, 0.5]
    assert rows["name"].tolist() == ["p", "", "", "q", "", ""]


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Gaussian(0, 1), Gaussian(0, 1)),
        (Gaussian(0, 1), Gaussian(0.1, 1.05)),
        (Gaussian(0, 1), Gaussian(0.5, 2)),
        (P, Gaussian(1, 2)),
        (P, Gaussian(50, 0.01)),
        (GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), Gaussian(2, 1)),
        (Beta(0.3, 2), Beta(0.6, 0.5)),
        (Beta(0.1, 0.1), Beta(0.1, 0.1)),
        (Gamma(0.1, 1), Gamma(0.5, 10)),
        (Gamma(5, 0.2), Gamma(0.1, 10)),
    ],
)
def test_what_is_infinite_is_cut_and_both_names_can_be_read(p, q):
    data = density_picture(p, q).data
    pair, names = data["pair"], data["names"].set_index("who")[["x", "value", "top"]]
    assert np.isfinite(pair[["x", "value"]].to_numpy()).all()
    scale = np.array([NARROW / np.ptp(pair["x"]), PLOT / names["top"].iloc[0]])  # px of x and of a density
    apart = np.abs((names.loc[TARGET] - names.loc[Q])[["x", "value"]].to_numpy() * scale)
    assert apart[0] >= LETTER or apart[1] >= LINE
    for who, law in ((TARGET, p), (Q, q)):
        rows, name = pair[pair["who"] == who], names.loc[who]
        at = np.abs((rows[["x", "value"]] - name[["x", "value"]]) * scale)
        assert (at.max(axis=1) <= 2 * LINE).any()  # beside its own curve, and upon none
        for _, line in pair.groupby("who"):
            met = np.interp(name["x"] + np.linspace(-0.5, 0.5, 9) * LETTER / scale[0], line["x"], line["value"])
            assert (np.abs(met - name["value"]) * scale[1] >= 5).all()  # half the height of a letter
        low = rows["value"] < rows["value"].max()  # what is not cut is the density
        assert rows["value"][low].to_numpy() == pytest.approx(np.exp(law.log_pdf(rows["x"][low].to_numpy())))


def test_a_fitted_q_is_drawn_in_its_role():
    for role in (Q, REVERSE):
        layers = str(density_picture(P, Gaussian(0, 1), role).spec["layer"])
        assert (f"'datum': '{REVERSE}'" in layers) == ("currentColor" not in layers) == (role == REVERSE)


@pytest.mark.parametrize("cov", [[[1, 0], [0, 1]], [[1, 0.95], [0.95, 1]], [[25, 0], [0, 0.01]]])
def test_the_ellipses_hold_95_percent_and_are_in_sight(cov):
    laws = MultivariateGaussian([0, 0], cov), MultivariateGaussian([4, 4], [[1, 0], [0, 1]])
    data = plane_picture(*laws).data
    frame = data["frame"].iloc[0]
    for who, law in zip((TARGET, Q), laws):
        xy = data["pair"][data["pair"]["who"] == who][["x", "y"]].to_numpy() - law.mean
        square = np.einsum("ni,ij,nj->n", xy, np.linalg.inv(law.cov), xy)
        assert square == pytest.approx(5.991465)  # the quantile of chi-squared with two degrees of freedom
        assert (np.abs(xy[:, 1] + law.mean[1] - frame["y"]) < frame["reach"]).all()
        assert (np.abs(xy[:, 0] + law.mean[0] - frame["x"]) < 3 * frame["reach"]).all()
    alt.LayerChart.from_dict({**plane_picture(*laws).spec, "datasets": {}})


@pytest.mark.parametrize(
    "spec",
    [
        density_picture(P, Gaussian(0, 1)).spec,
        density_picture(P, Gaussian(0, 1), REVERSE).spec,
        mass_picture("ab", (1, 0), (0, 1), 40).spec,
        mass_picture("ab", (1, 0), (0, 1), 40, named=True).spec,
    ],
)
def test_the_specs_are_valid(spec):
    alt.LayerChart.from_dict(spec)
