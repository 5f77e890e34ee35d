"""The lab with one family as p: what is read, found, said, told to the stage, taken from it, and taken away."""

from __future__ import annotations

import json
import math
from functools import partial

import numpy as np
import pytest

from kl_engine import Direction, Gaussian, forward_kl, reverse_kl
from kl_engine.distributions.expressions import written
from pages.ui.draw.fits.fits_stage import FitsStage
from pages.ui.state.law import EXAMPLES, FAMILY, LAW, SHAPES, Law
from pages.ui.state.two_modes import Start
from pages.ui.views.mixture_lab.family import charts
from pages.ui.views.mixture_lab.family import question as asked
from pages.ui.views.mixture_lab.family import scene as scenes
from pages.ui.views.mixture_lab.family.question import Question
from pages.ui.views.mixture_lab.family.scene import answered, shape_of
from pages.ui.views.mixture_lab.family.takeaway import tables
from pages.ui.views.mixture_lab.family.words import lead, meaning, stance
from tests.pages.opening import press, visit, words
from tests.pages.openings import too_long, unknown
from tests.pages.reading import says

open_page = partial(visit, "pages/mixture_lab.py", p_is=FAMILY)
START = Start(2.0, 1.0)
LAWS = [
    *EXAMPLES.values(),
    "t(2)",
    "skewnorm(-4)",
    "beta(0.5, 0.5)",
    "gamma(0.4)",
    "norm(1, 2)",
    "0.9*t(3) + 0.1*norm(4, 1)",
    "0.5*uniform(0, 1) + 0.5*uniform(2, 1)",
]


def found(text: str, held: bool = False, start: Start = START):
    """The scene of a family."""
    return answered(Question(Law(text), start, held))


@pytest.mark.parametrize("name", ["Heavy tails", "No forward fit", "No reverse fit"])
def test_a_preset_is_what_the_page_then_shows(name):
    app = open_page(law="laplace(0, 1)")
    press(app, name)
    assert not app.exception and not app.warning and app.session_state["question"].target == Law(EXAMPLES[name])
    assert not too_long(app) and not unknown(app)
    fitted = found(EXAMPLES[name])
    for scored, own in ((fitted.forward, "forward"), (fitted.reverse, "reverse")):
        assert scored is None or says(words(app), getattr(scored, own).value, 1e-6)


def test_a_family_and_a_mixture_take_turns_and_each_comes_back_as_it_was():
    app = open_page(law="t(5)", q="1,2")
    for kind, text in (("mixture", None), ("family", "t(5)")):
        next(group for group in app.button_group if group.key == "p_is").set_value(kind).run()
        assert not app.exception and getattr(app.session_state["question"].target, "text", None) == text
    press(app, "Undo")
    assert "law" not in app.query_params and app.session_state["p_is"] == "mixture"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("poisson(3)", "continuous distribution on the line"),
        ("[0.5, 0.5]", "continuous distribution on the line"),
        ("0.5*norm(0, 1) + 0.5*norm(3, 1)", "This is a mixture of Gaussians"),
        ("multivariate_normal([0, 0], [[1, 0], [0, 1]])", "on the line"),
        ("t(3, 0, 1e9)", "scale must be 0.001 to 1000"),
        ("t(3, -1e9)", "loc must be -10000 to 10000"),
        ("t(-3)", "df"),
        ("pareto(1e-9)", "too extreme"),
        ("pareto(0.003)", "too extreme"),
        ("gamma(1e300)", "too extreme"),
        ("__import__('os')", "cannot be read"),
        ("<b>t</b>", "cannot be read"),
        ("", "Write a distribution"),
    ],
)
def test_what_is_no_p_here_is_refused_in_words(text, reason):
    with pytest.raises(ValueError, match=reason):
        shape_of(Law(text))


@pytest.mark.parametrize("text", ["poisson(3)", "<b>t</b>", "t(3, 0, 1e9)"])
def test_the_page_stands_where_there_is_no_p(text):
    app = open_page(law=text)
    assert not app.exception and len(app.error) == 1 and not app.code
    assert "<b>" not in app.error[0].value


@pytest.mark.parametrize("text", LAWS)
@pytest.mark.parametrize("held", [False, True])
def test_each_fit_is_one_and_what_has_none_says_why(text, held):
    scene = found(text, held)
    p, std = scene.question.target.p, START.std if held else None
    for scored, none, verb in (
        (scene.forward, scene.no_forward, forward_kl),
        (scene.reverse, scene.no_reverse, reverse_kl),
    ):
        assert (scored is None) != (none is None)
        if scored is None:
            assert math.isinf(verb(p, Gaussian(0.3, 1.7)).value) and none.short and none.whole.endswith(".")
            continue
        q, best = scored.q, verb(p, scored.q).value
        assert std is None or q.std == std
        beside = [Gaussian(q.mean + away * q.std, q.std) for away in (0.03, -0.03)]
        beside += [] if held else [Gaussian(q.mean, by * q.std) for by in (1.03, 0.97)]
        assert all(verb(p, other).value > best for other in beside)


@pytest.mark.parametrize(("text", "held"), [("t(3)", False), ("skewnorm(4)", True), ("expon(0, 1)", False)])
def test_a_p_that_is_moved_takes_its_fits_along(text, held):
    moved = Law(text).moved(-3.0, 0.25)
    here = found(text, held)
    there = found(moved.text, held, Start(-3 + 0.25 * START.mean, 0.25 * START.std))
    for name in ("forward", "reverse"):
        a, b = getattr(here, name), getattr(there, name)
        if a is not None:
            assert (b.q.mean, b.q.std) == pytest.approx((-3 + 0.25 * a.q.mean, 0.25 * a.q.std), rel=1e-9)
            assert (b.forward.value, b.reverse.value) == pytest.approx((a.forward.value, a.reverse.value), rel=1e-8)
            assert forward_kl(moved.p, b.q).value == pytest.approx(b.forward.value, rel=1e-8)
            assert reverse_kl(moved.p, b.q).value == pytest.approx(b.reverse.value, rel=1e-8)
    assert there.shape.mode == pytest.approx(-3 + 0.25 * here.shape.mode, abs=1e-8)


@pytest.mark.parametrize("text", LAWS)
def test_the_shape_that_is_drawn_is_that_of_p(text):
    shape, p = shape_of(Law(text)), Law(text).p
    told = json.loads(json.dumps(charts.told(shape)))
    x = shape.middle + shape.width * np.array(told["places"])
    assert (np.diff(told["places"]) > 0).all() and len(told["logs"]) == x.size
    assert np.isfinite(told["logs"]).all()
    inner = slice(x.size // 4, 3 * x.size // 4)
    drawn, truth = np.array(told["logs"])[inner], p.log_pdf(x[inner]) + math.log(shape.width)
    inside = np.isfinite(truth)
    assert drawn[inside] == pytest.approx(truth[inside], abs=1e-3, rel=1e-4) and (np.exp(drawn[~inside]) == 0).all()
    draws = shape.middle + shape.width * np.array(told["draws"])
    assert (np.diff(draws) > 0).all() and len(draws) == 40
    if shape.mode is not None:
        assert p.log_pdf(np.array([shape.mode]))[0] >= p.log_pdf(x).max() - 1e-9


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("gumbel_r(0, 1)", 0.0),
        ("gumbel_r(2, 3)", 2.0),
        ("laplace(1, 2)", 1.0),
        ("gamma(3)", 2.0),
        ("lognorm(1)", math.exp(-1)),
        ("expon(-1, 2)", -1.0),
        ("beta(2, 3)", 1 / 3),
        ("gennorm(8, 1, 2)", 1.0),
        ("beta(0.5, 0.5)", None),
        ("uniform(0, 1)", None),
        ("gamma(0.5)", None),
    ],
)
def test_the_mode_is_the_one_highest_place_or_none(text, mode):
    shape = shape_of(Law(text))
    assert shape.mode is None if mode is None else shape.mode == pytest.approx(mode, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "forward", "reverse"),
    [
        ("t(3)", "takes p's mean and std", "sits on the mode, 27 % narrower"),
        ("laplace(0, 1)", "takes p's mean and std", "sits on the mode, 11 % narrower"),
        ("gumbel_r(0, 1)", "takes p's mean and std", "leans to the mode"),
        ("gumbel_l(0, 1)", "takes p's mean and std", "leans to the mode"),
        ("skewnorm(20)", "takes p's mean and std", "lies further from the mode"),
        ("norm(2, 3)", "takes p's mean and std", "does the same"),
        ("t(2)", "p has no variance", "stays with the mode"),
        ("cauchy(0, 1)", "p has no mean", "stays with the mode"),
        ("expon(0, 1)", "takes p's mean and std", "p is 0 below 0, where q has mass"),
        ("beta(2, 3)", "takes p's mean and std", r"p is 0 outside \(0, 1\), where q has mass"),
    ],
)
def test_what_the_opening_says_is_what_the_numbers_say(text, forward, reverse):
    scene = found(text)
    first, second = lead(scene, "nats")
    assert max(len(line.replace("**", "")) for line in (first, second)) <= 70
    assert forward in first and reverse.replace("\\", "") in second.replace("\\", "")
    if scene.forward and scene.reverse:
        gaps = [abs(fitted.q.mean - scene.shape.mode) for fitted in (scene.forward, scene.reverse)]
        assert ("leans" in stance(scene)) == (gaps[1] < gaps[0] - 0.01)
        assert ("further" in stance(scene)) == (gaps[1] > gaps[0] + 0.01)


def test_the_sentences_say_what_is_infinite_and_why():
    heavy, bounded = (" ".join(meaning(found(text), "nats")) for text in ("cauchy(0, 1)", "expon(0, 1)"))
    assert "D(p‖q) is infinite for every Gaussian q" in heavy.replace("\\", "")
    assert "Of the reverse fit D(p‖q) is infinite: q falls too fast for the tail of p" in heavy
    assert "$|x|^{-2}$" in heavy and "D(q‖p) is infinite for all" in bounded.replace("\\", "")
    assert "Of the forward fit D(q‖p) is infinite: q has mass where p has none" in bounded


@pytest.mark.parametrize("text", LAWS)
def test_the_stage_is_told_what_the_page_says(text):
    scene = found(text)
    told = json.loads(json.dumps(charts.answer_of(scene)))
    assert told["token"] == repr(scene.question)
    for direction, scored in zip(Direction, (scene.forward, scene.reverse)):
        own = scored and getattr(scored, direction.value)
        assert told[direction.value] == (scored and [scored.q.mean, scored.q.std, own.value])
        assert bool(told["none"][direction.value]) == (scored is None)
    assert (told["led"] is None) == (scene.reverse is None)


@pytest.mark.parametrize(
    ("sent", "put"),
    [
        ({"place": [1, 2]}, {"law": "t(3, 1, 2)"}),
        ({"place": [1e9, 1e-9]}, {"law": "t(3, 10000, 0.001)"}),
        ({"q": [3, 1], "integrands": True}, {"q": (3.0, 1.0), "integrands": True}),
    ],
)
def test_what_the_stage_sends_is_set(monkeypatch, sent, put):
    monkeypatch.setattr(FitsStage, "taken", lambda stage: sent)
    monkeypatch.setattr("pages.ui.state.fields.st.session_state", {LAW.key: "t(3)"})
    held = {}
    monkeypatch.setattr(asked.session, "put", held.update)
    asked.take()
    assert held == put


@pytest.mark.parametrize(
    "sent",
    [{"place": [1]}, {"place": [0, 0]}, {"place": [float("nan"), 1]}, {"place": "12"}, {"place": None}, {"law": "t(4)"},
     {"q": [0, 1e9]}, {"integrands": 1}, {"p": [[1, 0, 1]]}],
)  # fmt: skip
def test_the_stage_is_not_believed_blindly(monkeypatch, sent):
    said = []
    monkeypatch.setattr(FitsStage, "taken", lambda stage: sent)
    monkeypatch.setattr("pages.ui.state.fields.st.session_state", {LAW.key: "t(3)"})
    monkeypatch.setattr(asked.st, "warning", said.append)
    monkeypatch.setattr(asked.session, "put", lambda values: pytest.fail("taken"))
    asked.take()
    assert len(said) == 1


@pytest.mark.parametrize(("name", "argument"), [("t", "df"), ("beta", "b")])
def test_a_slider_of_a_shape_writes_it_into_the_text(name, argument):
    others = [key for family, key in SHAPES if family == name]
    app = open_page(law=f"{name}({', '.join(['2'] * len(others))}, 0.5, 2)")
    slider = app.slider(key=f"law_{argument}")
    slider.set_value(slider.min + 10 * slider.step).run()
    assert not app.exception
    arguments = written(app.session_state["law"]).arguments
    assert arguments[argument] == pytest.approx(slider.min + 10 * slider.step)
    assert (arguments["loc"], arguments["scale"]) == (0.5, 2.0)
    assert app.slider(key=f"law_{argument}").value == arguments[argument]


@pytest.mark.parametrize(("name", "argument"), SHAPES)
def test_at_both_ends_of_a_slider_there_is_a_p(name, argument):
    for value in SHAPES[name, argument][1:3]:
        numbers = {key: value if key == argument else 2.0 for family, key in SHAPES if family == name}
        assert Law(f"{name}({', '.join(f'{key}={number}' for key, number in numbers.items())})").p is not None


@pytest.mark.parametrize(("text", "held"), [("t(3)", True), ("cauchy(0, 1)", False), ("beta(2, 3)", False)])
def test_what_is_taken_away_repeats_the_page(text, held, capsys):
    scene = found(text, held)
    exec(scene.question.to_python(), {})  # the code that the page offers
    printed = capsys.readouterr().out
    assert printed.count(" fit: ") == (scene.forward is None) + (scene.reverse is None)
    for scored in filter(None, (scene.forward, scene.reverse)):
        assert f"{scored.q.mean:.6g}"[:6] in printed
    for table in tables(scene).values():
        assert len(table())


def test_the_page_in_bits_is_short_and_true():
    app = open_page(law="gumbel_r(0, 1)", units="bits")
    assert says(words(app), found("gumbel_r(0, 1)").reverse.reverse.value / math.log(2), 1e-6)
    assert not too_long(app) and not unknown(app)


def test_a_fault_of_the_engine_is_not_said_to_be_a_missing_fit(monkeypatch):
    def broken(*_):
        raise ValueError("math domain error")

    monkeypatch.setattr(scenes, "_forward", broken)
    with pytest.raises(ValueError, match="math domain error"):
        answered(Question(Law("t(3.0625)"), START, False))  # of which nothing is kept
