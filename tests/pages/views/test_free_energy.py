"""The free energy view: what it says of each story, what its charts draw, and what comes of bad links."""

from __future__ import annotations

import math
import re
from functools import partial

import altair as alt
import numpy as np
import pytest

from kl_engine import Gaussian
from kl_engine.inference import (
    BernoulliModel,
    GaussianModel,
    PoissonModel,
    alpha_bound,
    confidence,
    expectation_propagation,
    free_energy,
    importance_bound,
    laplace_approximation,
    moment_matched_posterior,
    posterior,
)
from pages.ui.state.number_lists import numbers_of
from pages.ui.views.free_energy import charts, takeaway
from pages.ui.views.free_energy import words as told
from pages.ui.views.free_energy.question import DIRECTIONS, SPLIT, Question
from pages.ui.views.free_energy.scene import (
    EP,
    FORWARD,
    FRAMES,
    LAPLACE,
    REVERSE,
    NamedFits,
    answered,
    bounds_of,
    fits_of,
)
from pages.ui.views.free_energy.stories import COIN, FINITE, LINE, STORIES
from tests.pages.drawn import evaluated, layers
from tests.pages.opening import visit, words
from tests.pages.reading import estimates, says

open_page = partial(visit, "pages/free_energy.py")
TITLES = {key: story.title for key, story in STORIES.items()}


def question_of(key: str, **more) -> Question:
    """The question of a story as it is opened."""
    story = STORIES[key]
    values = tuple(slider.default for slider in story.sliders)
    seen = numbers_of(story.seen, whole=story.family != LINE)
    return Question(key, values, story.link if story.family == LINE else "", seen=seen, **more)


FOUND = {key: answered(question_of(key)) for key in STORIES}


SEEN = [*((key, "Terms") for key in STORIES), ("modes", "Constant"), ("modes", "Directions")]
SEEN += [(key, view) for key in ("ones", "counts", "frog", "coin") for view in ("Fits", "Bounds")]
SEEN += [(key, view) for key in ("frog", "coin") for view in ("Constant", "Directions")]


@pytest.mark.parametrize(("key", "view"), SEEN)
def test_every_story_and_every_view(key, view):
    app = open_page(story=TITLES[key], view=view)
    assert not app.exception and not app.warning and not app.error
    shown = FOUND[key].at_start
    for estimate in (shown.value, shown.surprisal, shown.divergence):
        assert says(words(app), estimate.value, 1e-6)


def test_the_worked_answers_stand_on_the_page():
    assert says(words(open_page(story="Food size", q_is="fitted")), 3.263585, 1e-9)
    assert says(words(open_page(story="Food size")), 1.5675, 1e-9)
    assert says(words(open_page(story="Two states")), 0.916291, 1e-9)
    assert says(words(open_page(story="Coin", q_is="fitted")), 6.977748, 1e-9)


def test_the_page_says_where_a_classic_cannot_tell_the_directions_apart():
    jumps, stays = words(open_page(story="Frog or apple")), words(open_page(story="Frog or apple", outcome="stays"))
    assert "“jumps” cannot tell the directions apart" in jumps and "“stays” can." in jumps
    assert "On “stays” the directions differ" in stays
    assert says(stays, 0.049796, 1e-9) and says(stays, 0.080808, 1e-9)


def test_the_gap_closes_for_conjugate_models_only():
    assert "this q is the posterior" in words(open_page(story="Conjugate Gaussian", q_is="fitted"))
    assert "Minimising F closes the gap" in words(open_page(story="Coin"))
    assert "Minimising F leaves 0.026828 nats" in words(open_page(story="Food size"))


def test_confidence_is_computed():
    assert "0.883 times as wide" in words(open_page(story="Food size", q_is="fitted"))
    assert "not over-confident" in words(open_page(story="Food size"))  # as set it is wider than the posterior
    assert "holds 93.18 % of the posterior: over-confident" in words(open_page(story="Food size", q_is="fitted"))


def test_a_negative_free_energy_is_called_right():
    app = open_page(story="Conjugate Gaussian", prior_std="0.1", noise="0.1", x="0", q_mean="0", q_is="fitted")
    assert "F is negative" in words(app) and "this one exceeds 1" in words(app)
    assert "F is negative" not in words(open_page(story="Conjugate Gaussian"))


def test_the_big_number_is_of_the_q_that_is_drawn():
    for key, which in (("modes", "q, the reverse fit,"), ("coin", "the fitted q")):
        text = words(open_page(story=STORIES[key].title, view="Directions"))
        assert f"F of {which} = " in text and "F of your q" not in text
    scene = FOUND["modes"]
    fits = fits_of(scene.question)
    _, terms = told.drawn(scene, "directions", fits)
    assert terms.value == fits[REVERSE].terms.value


def test_units():
    app = open_page(story="Two states", units="bits")
    assert says(words(app), 0.916290731874155 / math.log(2), 1e-6)


def test_choosing_a_story_sets_its_controls():
    app = open_page(story="Food size", x="4")
    assert app.session_state["link"] == "z²" and app.session_state["x"] == 4
    app.button_group(key="story").set_value("sign").run()
    assert not app.exception
    assert {key: app.session_state[key] for key in STORIES["sign"].settings()} == STORIES["sign"].settings()


def test_what_the_model_excludes_is_infinite_on_the_page():
    app = open_page(story="Two states", seen_1="0")
    assert not app.exception and "**F is ∞**" in words(app)
    impossible = open_page(story="Two states", seen_1="0", seen_2="0")
    assert not impossible.exception and "“outcome 1” has probability 0" in impossible.error[0].value
    stuck = open_page(story="Two states", seen_1="0", q_1="1")
    assert not stuck.exception and "“outcome 1” rules out" in stuck.error[0].value


def test_a_change_to_what_cannot_be_shown_can_be_undone():
    app = open_page(story="Two states", seen_2="0")
    app.slider(key="seen_1").set_value(0.0).run()
    assert "probability 0" in app.error[0].value
    app.button(key="undo_pages/free_energy.py").click().run()
    assert not app.error and not app.exception and app.session_state["seen_1"] == 0.8


def test_a_probability_too_small_for_a_double_is_not_shown_as_0():
    far = words(open_page(story="Conjugate Gaussian", prior_mean="-5", prior_std="0.1", noise="0.1", x="10"))
    assert "| Z = p(x) | exp(−5623.962927) |" in far
    near = words(open_page(story="Conjugate Gaussian", prior_mean="-5", x="3"))
    assert re.search(r"Z = p\(x\) \| \d\.\d+e-\d+ \|", near)


def test_other_minima_of_f_are_named():
    text = words(open_page(story="Two modes"))
    assert "none of them lower: N(−2.803, 1²)" in text and "The start of q decides which one is found." in text


def test_a_tie_of_the_highest_points_is_said():
    assert "(MAP) is 1.3693 (as high at −1.3693)" in words(open_page(story="Hidden sign"))
    assert "as high at" not in words(open_page(story="Hidden sign", prior_mean="0.1"))


def test_the_energy_stands_first_in_the_formula_of_energy_less_entropy():
    for family, joint in ((FINITE, r"\pi_{i} \ell_{i}"), (LINE, "prior")):
        first, second = told.forms(family)[0].split("+")
        assert first.startswith("-") and joint in first and joint not in second


@pytest.mark.parametrize("text", ["nan", "1e308", "", "9" * 1000, "<script>", "5;--"])
def test_no_text_in_the_address_stops_the_page(text):
    keys = ("x", "link", "view", "q_is", "prior_std", "outcome", "story")
    for bad in (keys[:-1], keys[-1:]):
        app = open_page(**{"story": "Food size", **dict.fromkeys(bad, text)})
        assert not app.exception and app.title[0].value == "Free energy"


@pytest.mark.parametrize("fitted", [False, True])
@pytest.mark.parametrize("key", STORIES)
def test_the_python_code_reproduces_the_numbers(key, fitted, capsys):
    question = question_of(key, fitted=fitted)
    exec(compile(question.to_python(), "<page>", "exec"), {})
    printed = [estimates(line)[0] for line in capsys.readouterr().out.splitlines() if "F = " in line]
    scene = answered(question)
    assert printed == pytest.approx([scene.terms.value.value, scene.at_fit.value.value], abs=1e-12)


def test_the_python_of_the_page_is_that_of_its_question():
    app = open_page(story=TITLES["modes"], q_is="fitted", x="1")
    values = tuple(app.session_state[slider.key] for slider in STORIES["modes"].sliders)
    assert app.code[0].value.endswith(Question("modes", values, "z", fitted=True).to_python().strip())


@pytest.mark.parametrize("key", STORIES)
def test_the_bars_are_the_terms_and_each_pair_ends_at_f(key):
    found = FOUND[key]
    table = charts.path_data(charts.term_columns(found, 1.0))
    assert len(table) == FRAMES
    for row, terms in ((0, found.at_start), (-1, found.at_fit)):
        now = table.iloc[row]
        for name in ("energy", "entropy", "complexity", "surprisal", "divergence", "value"):
            assert now[name] == pytest.approx(getattr(terms, name).value, abs=1e-9), name
        assert now["inaccuracy"] == pytest.approx(-terms.accuracy.value, abs=1e-9)
        starts = [evaluated(text, table.iloc[:1], now) for text in charts.STARTS]
        ends = [evaluated(text, table.iloc[:1], now) for text in charts.ENDS]
        assert ends[1::2] == [now["value"]] * 3 and starts[1::2] == ends[::2]
        sizes = [evaluated(text, table.iloc[:1], now) for text in charts.SIZES]
        assert np.subtract(ends, starts) == pytest.approx(sizes, abs=1e-9)
    assert (np.diff(table["value"]) <= 1e-9).all()


@pytest.mark.parametrize("key", ["food", "modes", "coin"])
def test_the_curves_are_the_densities(key):
    found = FOUND[key]
    table, ends = charts.curve_data(found)
    z = table["z"].to_numpy()
    for name, density in (("prior", found.model.prior), ("posterior", found.posterior)):
        assert table[name].to_numpy() == pytest.approx(density.pdf(z), rel=1e-12)
    assert ends["left"] == z[0] and ends["right"] == z[-1]
    assert np.trapezoid(table["posterior"], z) == pytest.approx(1, abs=5e-3)


def test_the_belief_of_a_coin_is_drawn_as_its_density():
    found = FOUND["coin"]
    now = charts.path_data(charts.belief_columns(found, True, found.start)).iloc[0]
    line = next(layer for layer in layers(charts.coin_spec()) if layer.get("data") == {"name": "grid"})
    points = charts.chance_grid()
    step = next(step for step in line["transform"] if step["as"] == "y")
    assert evaluated(step["calculate"], points, now) == pytest.approx(found.start.pdf(points["t"]), rel=1e-9)


def test_a_belief_on_the_line_is_drawn_from_end_to_end():
    found = FOUND["modes"]
    _, ends = charts.curve_data(found)
    now = charts.path_data(charts.belief_columns(found, True, found.start) | ends).iloc[0]
    line = next(layer for layer in layers(charts.line_spec()) if layer.get("data") == {"name": "grid"})
    points = charts.bell_grid()
    for step in line["transform"]:
        points = points.assign(**{step["as"]: evaluated(step["calculate"], points, now)})
    z, drawn = points["z"].to_numpy(), points["y"].to_numpy()
    assert drawn == pytest.approx(found.start.pdf(z), rel=1e-9)
    assert z.min() <= ends["left"] + 1e-9 and ends["right"] <= z.max() + 1e-9


def test_the_constant_is_one():
    found = FOUND["modes"]
    q = Gaussian(2, 0.7)
    moved = [free_energy(found.model, Gaussian(mean, q.std), found.x) for mean in (-3, 0, 4)]
    assert [term.value.value - term.divergence.value for term in moved] == pytest.approx(
        [found.at_start.surprisal.value] * 3, abs=1e-12
    )


@pytest.mark.parametrize("family", [FINITE, LINE, COIN])
def test_specs_are_valid_and_constant(family):
    spec = {FINITE: charts.bars_spec, LINE: charts.line_spec, COIN: charts.coin_spec}[family]
    for made in (spec, charts.fits_spec, charts.split_spec, charts.constant_spec):
        alt.Chart.from_dict({key: value for key, value in made().items() if key != "config"}, validate=True)
        assert made() is made()


def test_the_forward_fit_is_the_wider_on_two_modes():
    found = FOUND["modes"]
    fits = fits_of(found.question)
    forward, reverse = fits[FORWARD], fits[REVERSE]
    assert forward.q.std == pytest.approx(found.posterior.std) and reverse.q == found.fit.q
    assert reverse.q.std < 0.5 * forward.q.std
    assert forward.forward.value < forward.terms.divergence.value
    assert fits_of(FOUND["coin"].question).rows == ()


def test_the_plot_shows_the_q_that_is_asked_about():
    found, fitted = FOUND["food"], answered(question_of("food", fitted=True))
    for scene, view, q in ((found, "constant", found.start), (fitted, "constant", found.fit.q)):
        row = charts.densities(scene, view, NamedFits()).data["path"].iloc[0]
        assert (row["q_mean"], row["q_std"]) == (q.mean, q.std)
    rows = charts.densities(found, SPLIT, NamedFits()).data["path"]
    assert (rows["q_mean"][0], rows["q_mean"][FRAMES - 1]) == pytest.approx((found.start.mean, found.fit.q.mean))
    fits = fits_of(found.question)
    drawn = charts.densities(found, DIRECTIONS, fits).data
    row, curves = drawn["path"].iloc[0], drawn["curves"]
    assert (row["q_mean"], row["f_mean"]) == (found.fit.q.mean, fits[FORWARD].q.mean)
    for name in (EP, LAPLACE):
        assert curves[name].to_numpy() == pytest.approx(fits[name].q.pdf(curves["z"].to_numpy()), rel=1e-12)


@pytest.mark.parametrize("key", [key for key in STORIES if key not in ("modes", "ones", "counts")])
def test_the_numbers_put_in_are_those_of_the_page(key):
    what, latex = takeaway.numbers_put_in(question_of(key))
    assert what and f"{FOUND[key].model.prior.probs[0] if STORIES[key].family == FINITE else 2:g}" in latex


def test_in_bits_the_numbers_are_put_in_to_give_bits():
    shown = words(open_page(units="bits"))
    assert "in bits, with your numbers in place of the symbols" in shown and r"\frac{1}{\log 2}\left[" in shown
    assert "nats" not in shown


def test_three_fits_of_one_posterior_say_how_sure_they_are():
    app = open_page(story="Ones and zeros", view="Fits", seen="1, 1, 1, 0")
    model, x = BernoulliModel(Gaussian(0, 2)), [1, 1, 1, 0]
    told = words(app)
    for q in (expectation_propagation(model, x).q, laplace_approximation(model, x), moment_matched_posterior(model, x)):
        measured = confidence(model, q, x)
        assert f"{100 * measured.coverage.value:.2f} %" in told and f"{measured.std_ratio.value:.2f}" in told
    assert "EP" in told and "Laplace" in told


def test_a_propagation_that_does_not_converge_is_said_and_not_drawn():
    app = open_page(story="Hidden sign", view="Fits", x="-1", seen="0.3, 0.5, 2")
    assert not app.exception and "No EP here" in words(app) and "no cavity for x = " in words(app)


def test_a_propagation_about_one_mode_says_so():
    app = open_page(story="Hidden sign", view="Fits", x="4", seen="3, 5")
    assert not app.exception and "EP keeps to one mode" in words(app) and "No EP here" not in words(app)


def test_bounds_beside_f():
    app = open_page(story="Counts", view="Bounds", seen="2, 0, 1")
    model, x, q = PoissonModel(Gaussian(0, 1.5)), [2, 0, 1], Gaussian(0.4, 0.8)
    for bound in (importance_bound(model, q, x, 5), importance_bound(model, q, x, 50), alpha_bound(model, q, x, 0.5)):
        assert says(words(app), bound.value, 1e-4)
    assert says(words(app), posterior(model, x).log_evidence.value, 1e-4)
    found = bounds_of(question_of("counts"))
    assert (np.diff([bound.value for bound in found.draws.values()]) > 0).all()
    orders = [bound.value for bound in found.orders.values() if math.isfinite(bound.value)]
    assert len(orders) > 4 and (np.diff(orders) < 0).all()


@pytest.mark.parametrize(
    ("story", "seen", "fault"),
    [
        ("Ones and zeros", "1, 2", "“2” is not 0 or 1"),
        ("Ones and zeros", "", "type at least one observation"),
        ("Ones and zeros", "1; 0.5", "“0.5” is not a whole number"),
        ("Counts", "3 -1", "“-1” is not from 0 to 10000"),
        ("Counts", "3 many", "“many” is not a number such as"),
        ("Counts", " ".join(["1"] * 150), "these are 150 numbers; at most 100 are read"),
        ("Food size", "2, 1e5", "“100000” is not from −1000 to 1000"),
    ],
)
def test_what_is_no_observation_is_named(story, seen, fault):
    app = open_page(story=story, seen=seen)
    assert not app.exception and fault in app.error[0].value and app.session_state["question"] is None


def test_further_observations_are_part_of_the_data():
    app = open_page(story="Food size", seen="3.1; 1/2 −0.4")
    terms = free_energy(GaussianModel(Gaussian(3, 1), [0, 0, 1], 1.0), Gaussian(1.2, 0.6), (2, 3.1, 0.5, -0.4))
    assert says(words(app), terms.value.value, 1e-6) and says(words(app), terms.surprisal.value, 1e-6)
    assert app.session_state["question"].seen == (3.1, 0.5, -0.4)
