"""Any two distributions as people write them: numbers, reasons, pictures, and refusals in a sentence."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

import kl_engine as kl
from kl_engine.symbolic import DERIVATIONS
from pages.ui.views.any_two import charts, takeaway, words
from pages.ui.views.any_two.question import PRESETS, Question
from pages.ui.views.any_two.scene import PROOFS, answered
from pages.ui.views.lessons.lessons import CLOSED_FORMS
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
        if math.isfinite(estimate.value) and name not in ("Singular ends", "Heavy tails", "No expectation"):
            assert area == pytest.approx(estimate.value, rel=0.06)  # the ends that are not drawn hold a few percent
    assert [set(picture.data) for picture in charts.pictures(scene)] == [
        {dataset, "labels"} for dataset in ("curves", "logs", "integrands")
    ]
    for picture, dataset in zip(charts.pictures(scene), ("curves", "logs", "integrands")):
        assert set(picture.data["labels"]["role"]) == set(picture.data[dataset]["role"])
        assert np.isfinite(picture.data["labels"][["x", "value"]].to_numpy()).all()


def test_numbers_are_told_at_whole_places_and_by_their_dots():
    scene = answered(Question("[0.36, 0.48, 0.16]", "counts([3, 5, 2])"))
    assert "filled dots" in words.key(scene) and "filled dots" in charts.pictures(scene)[0].alt
    told = str(charts.density_spec(True))
    assert (
        "'tickMinStep': 1" in told and "'format': 'd'" in told and "tickMinStep" not in str(charts.density_spec(False))
    )


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
        ("nonsense(1)", "not a family known here"),
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


def test_a_closed_form_that_is_proved_is_linked_to_its_proof():
    """Every family whose divergence Closed forms derives, and no pair of two families or without a closed form."""
    lessons = {proof.lesson for proof in PROOFS.values()}
    general = {"bregman", "family_stationarity"}
    derived = {*DERIVATIONS.subjects["Exponential families"]} - general
    assert derived <= lessons and {"gaussians", "multivariate"} <= lessons <= CLOSED_FORMS.keys()
    for first, second in OF_ONE_FAMILY:
        scene = answered(Question(first, second))
        assert scene.forward.certainty == kl.Certainty.EXACT and type(scene.p) in PROOFS
        assert scene.proof and CLOSED_FORMS[scene.proof.lesson].title in words.proof(scene), first
    assert {type(answered(Question(*pair)).p) for pair in OF_ONE_FAMILY} == PROOFS.keys()
    for pair in (("norm(0, 1)", "laplace(0, 1)"), ("cauchy(0, 1)", "cauchy(1, 2)"), PRESETS["Two mixtures"]):
        assert answered(Question(*pair)).proof is None


OF_ONE_FAMILY = [
    ("norm(0, 1)", "norm(1, 2)"),
    ("lognorm(1)", "lognorm(2)"),
    PRESETS["In the plane"],
    ("bernoulli(0.2)", "bernoulli(0.4)"),
    ("binom(5, 0.2)", "binom(5, 0.4)"),
    PRESETS["Probabilities"],
    ("geom(0.2)", "geom(0.4)"),
    ("nbinom(3, 0.2)", "nbinom(3, 0.4)"),
    ("poisson(2)", "poisson(3)"),
    ("expon(0, 1)", "expon(0, 2)"),
    ("gamma(2)", "gamma(3)"),
    ("beta(2, 3)", "beta(3, 3)"),
    ("dirichlet([1, 2])", "dirichlet([2, 2])"),
    ("laplace(0, 1)", "laplace(1, 2)"),
]


def test_the_link_stands_on_the_page():
    app = open_page(first="laplace(0, 1)", second="laplace(1, 2)")
    (link,) = [link.proto for link in app.get("page_link") if "derived step by step: Laplace" in link.proto.label]
    assert not app.exception and "lesson=laplace" in link.query_string


@pytest.mark.parametrize(
    ("p", "sentence"),
    [
        ("t(2.2)", "is 2.48 times as wide as the reverse fit. Both sit at the mode of p."),
        ("gumbel_r(0, 1)", "The reverse fit is nearer to the mode of p: 0.5 from it, the other 0.58."),
        ("0.5*norm(0, 1) + 0.5*expon()", "The reverse fit is nearer to the mode of p: 0.46 from it, the other 0.5."),
        ("skewnorm(20, 0, 3)", "The forward fit is nearer to the mode of p"),
        ("0.5*norm(-2, 1) + 0.5*norm(2, 1)", "is 1"),
        ("norm(1, 2)", "nearly the same"),
    ],
)
def test_what_the_fits_have_of_p_is_said_as_it_is(p, sentence):
    assert sentence in words.fits_compared(answered(Question(p, "norm(0, 1)")))


@pytest.mark.parametrize(
    ("p", "q", "told"),
    [
        ("gumbel_r(0, 1)", "norm(0, 1)", "the closed form"),
        ("gumbel_r(1, 2)", "gumbel_r(0, 1)", "the closed form"),
        ("norm(0, 1)", "pareto(2)", "inf, which is right"),
        ("moyal(0, 1)", "norm(0, 1)", "nothing, as torch has no moyal"),
        ("zipf(2)", "poisson(3)", "nothing, as torch has no zipf"),
        ("triang(0.3)", "beta(2, 3)", "nothing, as torch has no family for p"),
        ("norm(0, 1)", "skewnorm(3)", "nothing, as torch has no family for q"),
        ("weibull_min(2)", "gamma(2)", "NotImplementedError"),
        ("nbinom(3, 0.5)", "poisson(3)", "NotImplementedError"),
        ("t(3)", "norm(0, 1)", "NotImplementedError"),
    ],
)
def test_what_torch_does_with_a_law_of_scipy(p, q, told):
    assert told in takeaway.elsewhere(Question(p, q))[-1].returns
