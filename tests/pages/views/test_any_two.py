"""Any two distributions as people write them: numbers, reasons, pictures, and refusals in a sentence."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from pages.ui.views.any_two import charts, takeaway, words
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
    assert (
        all(line.rstrip("*").endswith(".") for line in words.lead(scene, "nats"))
        and len(words.column(scene.forward, "bits")) == 2
    )


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
    ("first", "second", "proofs"),
    [
        ("cauchy(0, 1)", "norm(0, 1)", 1),
        ("cauchy(0, 1)", "laplace(0, 1)", 1),
        ("norm(0, 1)", "uniform(0, 1)", 0),  # infinite by its support
        ("norm(0, 1)", "t(3)", 0),
    ],
)
def test_where_the_tails_decide_the_proof_of_it_is_one_step_away(first, second, proofs):
    app = open_page(first=first, second=second)
    links = [link.proto for link in app.get("page_link") if "tail" in link.proto.label]
    assert not app.exception and len(links) == proofs
    assert all("lesson=tails" in link.query_string and "closed_forms" in link.page for link in links)


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


def test_the_gaussian_fits_stand_in_their_directions_or_say_why_there_is_none():
    scene = answered(Question("laplace(0, 1)", "norm(0, 1)"))
    forward, reverse = scene.fits
    assert forward.q.std == pytest.approx(math.sqrt(2)) and reverse.q.std == pytest.approx(math.sqrt(math.pi / 2))
    roles = set(charts.pictures(scene)[0].data["curves"]["role"])
    assert len(roles) == 4 and "std 1.41421" in words.fitted(forward, "nats")
    forward, reverse = answered(Question("cauchy(0, 1)", "norm(0, 1)")).fits
    assert "p has no mean" in words.fitted(forward, "nats") and reverse.value.value == pytest.approx(0.18275830867)
    forward, reverse = answered(Question("gamma(2)", "norm(0, 1)")).fits
    assert forward.q and "D(q‖p) is infinite" in words.fitted(reverse, "nats").replace("\\", "")
    assert answered(Question("poisson(3)", "poisson(4)")).fits == ()


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("laplace(0, 1)", "norm(0, 1.4142)", "where D is 0.0723649"),
        ("norm(5, 3)", "norm(10, 4)", "0.850182, which is right"),
        ("t(3)", "norm(0, 1)", "NotImplementedError"),
        ("[0.36, 0.48, 0.16]", "[1/3, 1/3, 1/3]", "the mean over the symbols, which is no KL"),
        ("[0.5, 0.5]", "[1, 0]", "inf, which is right"),
    ],
)
def test_what_other_libraries_return_is_computed(first, second, said):
    assert said in takeaway.listed(takeaway.elsewhere(Question(first, second)))


def pasted(n: int = 200, decimals: int = 4) -> str:
    """Two columns, as a spreadsheet copies them."""
    rng = np.random.default_rng(0)
    rows = zip(np.round(rng.normal(0, 1, n), decimals), np.round(rng.normal(1, 1.5, n), decimals))
    return "\n".join(f"{x}\t{y}" for x, y in rows)


def test_two_pasted_columns_have_an_interval_and_a_picture():
    scene = answered(Question("t(3)", "norm(0, 1)", pasted()))
    assert abs(scene.forward.value - 0.34991) < scene.forward.error and scene.kind == "samples"
    assert len(charts.pictures(scene)) == 1 and not takeaway.elsewhere(scene.question)
    app = open_page(samples=pasted(100))
    assert not app.exception and "95 % confidence" in said(app) and "Histograms of 100 points" in said(app)


def test_one_direction_may_have_an_interval_and_the_other_none():
    rng = np.random.default_rng(1)
    rows = zip(rng.normal(0, 0.2, 150).round(6), rng.normal(0, 1, 150).round(6))
    app = open_page(samples="\n".join(f"{x}\t{y}" for x, y in rows))
    text = said(app).replace("\\", "")
    assert not app.exception and not app.error
    assert "D(q‖p) has no interval" in text and "next to no y" in text and "lies between" in text


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        ("1\n2\n3", "two columns"),
        ("1\t2\n3\t4", "at least 40 points"),
        (pasted(200, 1), "repeat others"),
        ("a\tb", "no number"),
    ],
)
def test_columns_that_have_no_answer_say_so(samples, sentence):
    app = open_page(samples=samples)
    shown = said(app) + " ".join(error.value for error in app.error)
    assert not app.exception and sentence in shown.replace("\\", "")
