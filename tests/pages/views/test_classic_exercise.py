"""The classic exercise on the two directions: its numbers on the page, and what is typed or pasted into its table."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from pages.ui.state.typed_table import packed, unpacked
from pages.ui.views.classic_exercise import charts, takeaway, words
from pages.ui.views.classic_exercise.presets import PRESETS
from pages.ui.views.classic_exercise.question import JOINT, Question, pasted, read
from pages.ui.views.classic_exercise.scene import answered
from tests.pages.opening import press, visit
from tests.pages.opening import words as said

open_page = partial(visit, "pages/classic_exercise.py")
EIGHTHS = (("1/8", "1/8"), ("1/4", "1/2"))


def scene_of(rows):
    return answered.__wrapped__(read(rows)[0])


def test_the_classic_exercise_is_on_its_page():
    text = said(open_page())
    assert "**Forward multiplies the marginals**: 62 % of it falls where p has 0." in text
    assert "**Reverse has three minima**: one of 0.693 nats, and two of 1.39 nats." in text
    assert "The start decides which one is found" in text
    assert "| Reverse fit 1 | ∞ nats | 0.693147 nats" in text and "| Reverse fit 3 | ∞ nats | 1.386294 nats" in text
    assert "x = 1 or 2 or y = 1 or 2" in text and "1.039721 nats" in text
    assert "block that holds 50.00 % of p" in text and "nothing is left to pay inside it" in text


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_drawn_and_what_is_said_of_it_is_what_its_numbers_are(name):
    scene = scene_of(unpacked(PRESETS[name].packed))
    told = " ".join(words.lead(scene, "nats"))
    assert ("are independent here" in told) == scene.is_product == (name == "Independent")
    for fit in (scene.forward, *scene.minima):
        picture = charts.fit_chart(scene, fit)
        cells = picture.data["cells"]
        assert cells["value"].sum() == pytest.approx(1)
        assert cells.loc[cells["invented"], "value"].sum() == pytest.approx(fit.invents.value)
        assert math.isinf(fit.reverse.value) == (fit.invents.value > 0)
        assert math.isinf(fit.forward.value) == (fit.misses.value > 0)
    values = [fit.reverse.value for fit in scene.minima]
    assert values == pytest.approx(sorted(values), abs=1e-11)
    assert len(takeaway.fits_table(scene)) == 1 + len(scene.minima)
    assert takeaway.cells_table(scene)["q_forward"].sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(8))
def test_the_parts_of_the_best_fit_add_up_whatever_the_table(seed):
    rng = np.random.default_rng(seed)
    shape = rng.integers(2, 6, 2)
    table = rng.dirichlet(np.ones(shape.prod())).reshape(shape) * (rng.random(shape) < 0.7)
    if not table.any():
        table[0, 0] = 1
    scene = scene_of(tuple(tuple(repr(float(x)) for x in row) for row in table))
    every = {f"{k}" for fit in scene.minima for k in fit.from_rows}
    assert every <= {str(i + 1) for i in range(shape[0]) if table[i].any()}
    for fit in scene.minima:
        assert -math.log(1 - fit.misses.value) <= fit.reverse.value + 1e-9
    assert words.lead(scene, "bits") and words.meaning(scene, "bits") is not None


def test_a_table_with_thousands_of_minima_says_how_many_it_draws():
    rows = tuple(tuple("0" if i == k else "1" for k in range(6)) for i in range(6))
    scene = scene_of(rows)
    assert len(scene.minima) == 2**6 - 2
    assert (
        words.left_out(scene, 7)
        == "The best 7 of 62 reverse fits are drawn; the table that can be saved has all of them."
    )
    assert words.fit_table(scene, "nats").count("\n") == 2 + words.MOST_ROWS


@pytest.mark.parametrize(
    "text",
    [
        "1/8 1/8\n1/4 1/2",
        "1/8, 1/8\n1/4, 1/2",
        "1/8\t1/8\n1/4\t1/2\n",
        "1/8; 1/8\n1/4; 1/2",
        "[[1/8, 1/8], [1/4, 1/2]]",
        "np.array([[1/8, 1/8],\n          [1/4, 1/2]])",
        "array([[1/8, 1/8], [1/4, 1/2]], dtype=float32)",
        "torch.tensor([[1/8,1/8],[1/4,1/2]])",
        "((1/8, 1/8), (1/4, 1/2))",
        "{{1/8, 1/8}, {1/4, 1/2}}",
        "1 / 8 1 / 8\n1 / 4 1 / 2",
        r"\begin{pmatrix} \frac{1}{8} & \frac18 \\ \tfrac{1}{4} & \frac12 \end{pmatrix}",
        r"\left[\begin{array} 1/8 & 1/8 \\ 1/4 & 1/2 \end{array}\right]",
        "| 1/8 | 1/8 |\n| 1/4 | 1/2 |",
        "[1/8 1/8; 1/4 1/2]",
        "[1/8, 1/8; 1/4, 1/2]",
    ],
)
def test_a_pasted_table_is_read_as_it_was_written(text):
    assert pasted(text) == EIGHTHS


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("0,125 0,125\n0,25 0,5", (("0.125", "0.125"), ("0.25", "0.5"))),
        ("0,125;0,125\n0,25;0,5", (("0.125", "0.125"), ("0.25", "0.5"))),
        ("0,125\t0,125\n0,25\t0,5", (("0.125", "0.125"), ("0.25", "0.5"))),
        ("1,2\n3,4", (("1", "2"), ("3", "4"))),
        ("12 3\n4 50", (("12", "3"), ("4", "50"))),
        ("[[1.25e-01 0.000e+00]\n [5.0e-01 3.75e-01]]", (("1.25e-01", "0.000e+00"), ("5.0e-01", "3.75e-01"))),
        ("1\t\t2\n3\t4\t5", (("1", "", "2"), ("3", "4", "5"))),
        ("0.5", (("0.5",),)),
    ],
)
def test_so_are_decimals_counts_and_empty_cells(text, cells):
    assert pasted(text) == cells


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a b\nc d", "“a” is not a number"),
        ("1 2\n3", "rows differ in length"),
        ("\n".join(["1 " * 13] * 2), "at most 12 × 12"),
        ("1 -2\n3 4", "is below 0"),
        ("[[]]", "no number"),
        ("nan 1\n1 1", "is not a number"),
        ("<b>1</b> 2", "is not a number"),
        ("1/0 1", "divides by 0"),
    ],
)
def test_what_is_no_table_is_refused_and_the_reason_is_said(text, why):
    with pytest.raises(ValueError) as refused:
        pasted(text)
    assert why in str(refused.value).replace("\\", "")


def test_the_reason_stands_below_the_box_and_the_table_as_it_was():
    app = open_page()
    told = said(app)
    app.text_area(key="joint_paste").set_value("1 2\n3").run()
    assert not app.exception and "rows differ in length" in app.error[0].value and told in said(app)


def test_a_pasted_table_goes_into_the_table_and_into_the_address():
    app = open_page()
    app.text_area(key="joint_paste").set_value("0.4 0.1\n0.1 0.4").run()
    app = press(app, "Put it into the table")
    assert app.session_state["question"] == Question(((0.4, 0.1), (0.1, 0.4)))
    assert app.query_params["joint"] == packed((("0.4", "0.1"), ("0.1", "0.4")))
    press(app, "One column more")
    assert len(app.session_state["question"].joint[0]) == 3
    press(press(app, "One fewer"), "Undo")
    assert len(app.session_state["question"].joint[0]) == 3


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((("0", ""), ("", "0")), "adds up to 0"),
        ((("", ""),), "empty"),
        ((("1", "x"),), "Row 1, column 2"),
        ((("1",),) * 13, "13 rows"),
    ],
)
def test_a_table_that_is_no_distribution_is_refused(rows, why):
    with pytest.raises(ValueError, match=why):
        read(rows)


@pytest.mark.parametrize("text", ["", "1~2_3", "~".join("1" * 13), "1~" + "9" * 30, "x" * 9000, "_", "~"])
def test_no_text_in_the_address_stops_the_page(text):
    assert not open_page(joint=text).exception
    assert JOINT.read(text)[0] in (text, JOINT.default)


def test_counts_are_divided_by_their_sum_and_that_is_said():
    assert "The table adds up to 22: each number is divided by it." in said(
        open_page(joint=PRESETS["A staircase of zeros"].packed)
    )
