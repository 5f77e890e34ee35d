"""The names of curves: each at a summit of its own curve, none upon another."""

import numpy as np
import pandas as pd
import pytest

from kl_engine import GaussianMixture
from pages.ui.draw.peak_labels import AIR, LETTER, LINE, WIDTH, label_layers, peak_labels

ROLES = ("target p", "forward fit", "reverse fit")
X = np.linspace(-12, 12, 401)
TARGETS = [GaussianMixture.two_modes(gap, weight) for gap, weight in ((0, 0.5), (2, 0.2), (5, 0.5), (8, 0.5))]
FITS = [((0.0, 1.0), (0.0, 1.0)), ((0.0, 4.1), (4.0, 1.0)), ((2.5, 1.1), (2.4, 1.0)), ((-4.0, 0.6), (9.0, 0.3))]


def curves_of(*densities) -> pd.DataFrame:
    """x, density, role of densities, in the order of the roles."""
    return pd.concat([pd.DataFrame({"x": X, "density": d, "role": role}) for role, d in zip(ROLES, densities)])


def bell(mean: float, std: float) -> np.ndarray:
    """The density of a Gaussian at the places drawn."""
    return np.exp(-0.5 * ((X - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


def boxes_of(labels: pd.DataFrame, top: float, height: int) -> list[tuple]:
    """Left, right, lower and upper edge of each name, in px."""
    x, y = WIDTH * (labels["x"] - X[0]) / np.ptp(X), height * labels["density"] / top
    half = LETTER * labels["words"].str.len() / 2
    return list(zip(x - half, x + half, y - LINE / 2, y + LINE / 2))


@pytest.mark.parametrize("p", TARGETS)
@pytest.mark.parametrize(("forward", "reverse"), FITS)
def test_every_name_stands_beside_its_curve_and_none_upon_another(p, forward, reverse):
    curves = curves_of(p.pdf(X), bell(*forward), bell(*reverse))
    top, height = 1.25 * curves["density"].max(), 250
    labels = peak_labels(curves, dict(zip(ROLES, ("p", "forward", "reverse"))), height, top)
    assert sorted(labels["words"]) == ["forward", "p", "reverse"]
    boxes = boxes_of(labels, top, height)
    for role, (left, right, low, high) in zip(labels["role"], boxes):
        own = curves[curves["role"] == role]
        x, y = WIDTH * (own["x"] - X[0]) / np.ptp(X), height * own["density"] / top
        near = np.hypot(np.maximum(0, np.maximum(left - x, x - right)), np.maximum(0, np.maximum(low - y, y - high)))
        assert near.min() <= 3 * LINE + AIR
        assert left >= 0 and right <= WIDTH and low >= 0 and high <= height
    for i, (left, right, low, high) in enumerate(boxes):
        for other in boxes[:i]:
            assert right <= other[0] or other[1] <= left or high <= other[2] or other[3] <= low


def test_a_name_crosses_no_curve_where_there_is_room():
    p = GaussianMixture.two_modes(8.0, 0.5)
    curves = curves_of(p.pdf(X), bell(0, 4.1), bell(4, 1))
    labels = peak_labels(curves, dict(zip(ROLES, ("p", "forward", "reverse"))), 250, 0.5)
    for left, right, low, high in boxes_of(labels, 0.5, 250):
        for role in ROLES:
            own = curves[curves["role"] == role]
            x, y = WIDTH * (own["x"] - X[0]) / np.ptp(X), 250 * own["density"] / 0.5
            assert not ((x > left) & (x < right) & (y > low) & (y < high)).any()
    assert labels.set_index("role")["x"]["target p"] == pytest.approx(-4, abs=0.1)  # the summit that is free


@pytest.mark.parametrize("fall", [1.0, 5.0, 40.0])
@pytest.mark.parametrize("points", [160, 2000])
def test_a_name_does_not_lie_on_a_curve_that_is_cut_at_the_top_and_falls_steeply(fall, points):
    """Between two places that a look takes, such a curve may pass the whole height of a name."""
    x = np.linspace(X[0] + 0.5, X[-1], points)
    curve = pd.DataFrame({"x": x, "role": ROLES[1], "density": 1.3 * np.exp(-fall * (x - x[0] - 0.3))})
    label = peak_labels(curve, {ROLES[1]: "forward"}, 190, 0.5).iloc[0]
    fine = np.linspace(x[0], x[-1], 20_000)  # the line as it is drawn, from place to place
    across, up = WIDTH * (fine - x[0]) / np.ptp(x), 190 * np.interp(fine, x, curve["density"]) / 0.5
    at = WIDTH * (label["x"] - x[0]) / np.ptp(x), 190 * label["density"] / 0.5
    half = LETTER * len("forward") / 2, LINE / 2
    assert not ((abs(across - at[0]) < half[0]) & (abs(up - at[1]) < half[1])).any()


@pytest.mark.parametrize("bottom", [-4.0, -1.0, 2.0])
def test_where_the_axis_begins_makes_no_difference(bottom):
    curves = curves_of(GaussianMixture.two_modes(5.0).pdf(X), bell(0, 2.7), bell(2.4, 1.1))
    words, top = dict(zip(ROLES, ("p", "forward", "reverse"))), 0.5
    there = peak_labels(curves.assign(density=curves["density"] + bottom), words, 250, top + bottom, bottom=bottom)
    here = peak_labels(curves, words, 250, top)
    assert there["density"].to_numpy() - bottom == pytest.approx(here["density"].to_numpy(), abs=1e-9)
    assert there["x"].to_numpy() == pytest.approx(here["x"].to_numpy())


def test_names_keep_within_a_narrow_chart():
    rising = curves_of(*(scale * (X + 12) for scale in (1.0, 0.5, 0.2)))
    labels = peak_labels(rising, dict(zip(ROLES, ("p", "forward", "reverse"))), 190, 26.0, width=200)
    half = LETTER * labels["words"].str.len() / 2 * np.ptp(X) / 200
    assert (labels["x"] - half >= X[0]).all() and (labels["x"] + half <= X[-1]).all()


def test_a_name_that_has_no_curve_is_left_out_and_a_role_has_its_colour():
    labels = peak_labels(curves_of(bell(0, 1)), dict(zip(ROLES, "pfr")), 250, 0.5)
    assert list(labels["role"]) == ["target p"]
    import altair as alt

    own, other = (layer.to_dict(validate=False) for layer in label_layers(alt.X("x:Q"), alt.Y("density:Q")))
    assert own["encoding"]["color"]["field"] == "role" and other["mark"]["color"] == "currentColor"
