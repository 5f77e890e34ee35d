"""The names of curves: each at a summit of its own curve, none upon another."""

import numpy as np
import pandas as pd
import pytest

from kl_engine import GaussianMixture
from pages.ui.draw.peak_labels import BESIDE, LINE, label_layers, peak_labels

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


@pytest.mark.parametrize("p", TARGETS)
@pytest.mark.parametrize(("forward", "reverse"), FITS)
def test_every_name_stands_over_a_summit_of_its_curve_and_none_upon_another(p, forward, reverse):
    curves = curves_of(p.pdf(X), bell(*forward), bell(*reverse))
    top, height = 1.25 * curves["density"].max(), 250
    labels = peak_labels(curves, dict(zip(ROLES, "pfr")), height, top)
    assert sorted(labels["words"]) == ["f", "p", "r"]
    for _, label in labels.iterrows():
        own = curves[curves["role"] == label["role"]]
        there = float(np.interp(label["x"], own["x"], own["density"]))
        assert there >= 0.97 * own["density"].max() and label["density"] >= min(there, top - 1.3 * LINE * top / height)
    close = BESIDE * (X[-1] - X[0])
    for i, a in labels.iterrows():
        for j, b in labels.iterrows():
            if i < j and abs(a["x"] - b["x"]) < close:
                assert abs(a["density"] - b["density"]) >= LINE * top / height


def test_of_two_summits_the_one_that_is_free_bears_the_name():
    p = GaussianMixture.two_modes(8.0, 0.5)
    labels = peak_labels(curves_of(p.pdf(X), bell(0, 4.1), bell(4, 1)), {"target p": "p"}, 250, 0.5)
    assert labels["x"].iloc[0] in (pytest.approx(-4, abs=0.1), pytest.approx(4, abs=0.1))
    labels = peak_labels(curves_of(p.pdf(X), bell(0, 4.1), bell(4, 1)), dict(zip(ROLES, "pfr")), 250, 0.5)
    assert labels.set_index("role")["x"]["target p"] == pytest.approx(-4, abs=0.1)


def test_a_name_that_has_no_curve_is_left_out_and_a_role_has_its_colour():
    labels = peak_labels(curves_of(bell(0, 1)), dict(zip(ROLES, "pfr")), 250, 0.5)
    assert list(labels["role"]) == ["target p"]
    import altair as alt

    own, other = (layer.to_dict(validate=False) for layer in label_layers(alt.X("x:Q"), alt.Y("density:Q")))
    assert own["encoding"]["color"]["field"] == "role" and other["mark"]["color"] == "currentColor"
