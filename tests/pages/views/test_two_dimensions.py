"""The view in two dimensions: what it says of its presets, what it refuses, what it gives to take away."""

from __future__ import annotations

import io
import re
from functools import partial

import altair as alt
import numpy as np
import pandas as pd
import pytest

from kl_engine import forward_kl, reverse_kl
from pages.ui.state.plane import CLASSIC, PLANE, PRESETS, PlaneTarget
from pages.ui.views.two_dimensions import charts, takeaway
from pages.ui.views.two_dimensions import words as wording
from pages.ui.views.two_dimensions.scene import fits_of
from tests.pages.opening import press, visit, words
from tests.pages.reading import says

PAGE = "pages/two_dimensions.py"
open_page = partial(visit, PAGE)


def test_the_bimodal_classic_beside_its_usual_figure():
    text = words(open_page())
    for number in (0.165606, 0.200711, 0.7686, 0.7606, 0.2738):
        assert says(text, number), number
    assert "None of them is an optimum" in text and "spreads over p" in text
    assert "hand-drawn figure" not in words(open_page(plane="1,0,0,1,0,1"))


def test_the_correlated_classic():
    app = press(open_page(), "Correlated, mean field")
    text = words(app)
    assert app.session_state["covariance"] == app.query_params["covariance"] == "diagonal"
    for number in (0.830366, 0.19, 1.0):
        assert says(text, number)
    assert "the cost cannot tell the directions apart" in text


def test_far_apart_it_settles_on_one():
    text = words(press(open_page(), "Far apart"))
    assert re.search(r"settles on component [12] alone", text) and says(text, 0.6931)
    assert "Other local optima" in text


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_in_every_family(name):
    for family in ("full", "diagonal", "isotropic"):
        found = fits_of(PlaneTarget(PRESETS[name][0]), family)
        assert found.reverse.fit.converged and np.sum(found.shares) == pytest.approx(1)
        assert all("nan" not in sentence for sentence in wording.meaning(found, "bits"))


def test_undo_and_coming_back():
    app = press(open_page(), "Far apart")
    rows = app.session_state["p"]
    app.switch_page("app.py").run()
    app.query_params.clear()
    app.switch_page(PAGE).run()
    assert app.session_state["p"] == rows == PRESETS["Far apart"][0]
    press(app, "Undo")
    assert app.session_state["p"] == CLASSIC and not app.exception


@pytest.mark.parametrize(
    "text", ["", "nan", "1,2", "1,0,0,1,2,1", "1,0,0,-1,0,1", "<b>", "9" * 2000, ";".join(["1"] * 99)]
)
def test_no_text_in_the_address_stops_the_page(text):
    app = open_page(plane=text, covariance="round", correlation="x")
    assert not app.exception and app.title[0].value == "Two dimensions"


@pytest.mark.parametrize(
    "rows, fault",
    [
        ([], f"1 to {PLANE.most} components"),
        ([[1, 0, 0, 1, 0]], "component 1 needs weight, mean x"),
        ([[1, 0, 0, 1, 2, 1]], "covariance of component 1 must be positive definite.*eigenvalue -1"),
        ([[1, 0, 0, 1, 0.9999, 1]], "correlation beyond"),
        ([[1, 0, 0, 1, 0, 1], [1, 0, None, 1, 0, 1]], "mean y of component 2 must be -100 to 100, and is nothing"),
        ([[-1, 0, 0, 1, 0, 1]], "weight of component 1"),
    ],
)
def test_refusals(rows, fault):
    with pytest.raises(ValueError, match=fault):
        PLANE.checked(rows)


def test_the_text_of_the_address_is_read_back():
    for rows, _ in PRESETS.values():
        assert PLANE.read(PLANE.text(rows)) == (rows, "")


def test_bits_are_nats_over_log_2():
    assert "0.289565 bits" in words(open_page(units="bits"))  # 0.200711 / log 2


def test_the_cost_of_mean_field():
    text = words(open_page())
    assert says(text, 2.266788) and says(text, 0.722397)
    assert "both are the mutual information, as always in two dimensions" in words(open_page(dimension=2))
    assert says(words(open_page(dimension=3)), 0.346574) and says(words(open_page(dimension=3)), 0.261624)
    data = charts.cost_data(np.array([2.0, 10.0]), [(0.5, 2), (0.5, 10)], 10.0, np.log(2))
    here = data["here"].set_index("role")["value"]
    assert here["forward fit"] == pytest.approx(2.266788266 / np.log(2))
    assert here["reverse fit"] == pytest.approx(0.722396737 / np.log(2))
    alt.LayerChart.from_dict({**charts.cost_spec("x", "bits"), "datasets": {}})


@pytest.mark.parametrize(("correlation", "dimension"), [(0.0, 2), (0.5, 10), (0.98, 30), (0.0, 30), (0.98, 2)])
def test_both_costs_are_named_at_their_curves(correlation, dimension):
    data = charts.cost_data(np.arange(2.0, 31.0), [(correlation, n) for n in range(2, 31)], dimension, 1.0)
    labels, curve = data["labels"], data["curve"]
    assert dict(zip(labels["role"], labels["words"])) == {"forward fit": "forward", "reverse fit": "reverse"}
    assert labels["value"].between(0, charts.HEADROOM * curve["value"].max() or 1.0).all()
    assert "labels" in str(charts.cost_spec("x", "nats"))


def test_the_python_code_reproduces_the_numbers(capsys):
    for name in ("Bimodal", "Correlated, mean field"):
        app = press(open_page(), name)
        exec(compile(app.code[0].value, "<page>", "exec"), {})
        values = re.findall(r"([\d.e-]+) ±", capsys.readouterr().out)
        assert len(values) == 6
        assert all(f"{float(value):.6f} nats" in words(app) for value in values)


def test_the_tables_and_latex_hold_what_the_engine_says():
    rows, family = PRESETS["Far apart"]
    found, p = fits_of(PlaneTarget(rows), family), PlaneTarget(rows).p
    table = pd.read_csv(io.StringIO(takeaway.fits_table(found).to_csv(index=False)))
    assert table["direction"].tolist() == ["forward", *["reverse"] * len(found.optima)]
    assert table["kl_nats"][0] == pytest.approx(forward_kl(p, found.forward.q).value)
    assert table["kl_nats"][1] == pytest.approx(reverse_kl(p, found.reverse.q).value)
    assert table.loc[0, ["var_x", "cov_xy", "var_y"]].tolist() == pytest.approx([6.75, 6.25, 7.25])
    assert "6.75 & 6.25" in takeaway.latex(found)
