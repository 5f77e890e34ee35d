"""Any two distributions as people write them: numbers, reasons, pictures, and refusals in a sentence."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from pages.ui.views.any_two import charts, words
from pages.ui.views.any_two.question import PRESETS, Question
from pages.ui.views.any_two.scene import answered
from tests.pages.opening import visit
from tests.pages.opening import words as said

open_page = partial(visit, "pages/any_two.py")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_numbers_in_both_directions_or_a_reason(name):
    scene = answered(Question(*PRESETS[name]))
    assert not scene.refusal
    for estimate in (scene.forward, scene.reverse):
        assert estimate.value > 0 and (estimate.reason or math.isfinite(estimate.value))
    assert words.headline(scene, "nats").endswith(".") and len(words.column(scene.forward, "bits")) == 2


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "In the plane"])
def test_what_is_drawn_is_what_the_numbers_say(name):
    scene = answered(Question(*PRESETS[name]))
    table = charts.table_of(scene)
    for column, estimate in (("p_log_p_over_q", scene.forward), ("q_log_q_over_p", scene.reverse)):
        drawn = table[column].to_numpy()
        area = drawn.sum() if scene.kind == "bars" else np.trapezoid(drawn, table["x"])
        if math.isfinite(estimate.value) and name not in ("Singular ends", "A heavy tail", "No expectation"):
            assert area == pytest.approx(estimate.value, rel=0.06)  # the ends that are not drawn hold a few percent
    assert [set(picture.data) for picture in charts.pictures(scene)] == [{"curves"}, {"logs"}, {"integrands"}]


def test_the_page_says_both_and_why_one_is_infinite():
    app = open_page(first="cauchy(0, 1)", second="norm(0, 1)")
    text = said(app)
    assert not app.exception and "D(p‖q) is infinite, D(q‖p) is 0.259 nats" in text
    assert "grows like x²" in text


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        ("nonsense(1)", "no family that is known here"),
        ("norm(0, -1)", "p: "),
        ("", "Write a distribution"),
        ("[0.5, 0.6]", "sum of 1"),
        ("__import__('os')", "p: "),
        ("[1/3, 1/3, 1/3]", "infinite"),
    ],
)
def test_a_text_that_is_no_distribution_is_refused_and_the_page_stands(first, sentence):
    app = open_page(first=first) if first else open_page()
    if not first:
        app.text_area[0].set_value("").run()
    shown = said(app) + " ".join(error.value for error in app.error)
    assert not app.exception and sentence in shown.replace("\\", "")
    app.text_area[0].set_value("t(4)").run()
    assert not app.error and "nats" in said(app)
