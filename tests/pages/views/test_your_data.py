"""Generalise or memorise: what the page says of data of its own, of a paste, and of what is no data."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from kl_engine import Gaussian, GaussianMixture
from kl_engine.data.generalisation import Score
from pages.ui.views.your_data import charts
from pages.ui.views.your_data import words as texts
from pages.ui.views.your_data.datasets import DATASETS
from pages.ui.views.your_data.question import DATA, Numbers, Question, Sample, refusal
from pages.ui.views.your_data.scene import (
    Fits,
    Kernels,
    Scene,
    Size,
    Study,
    answered,
    directions,
    kernel_failures,
    memory_begins,
    sizes_of,
    verdict_of,
)
from tests.pages.opening import visit, words

open_page = partial(visit, "pages/your_data.py")


def pasted(text: str) -> AppTest:
    """The page with a text pasted."""
    app = open_page(data=DATA.titles["mine"])
    app.text_area(key="data_paste").set_value(text).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("faithful", "**waiting time: two Gaussians are enough.** On points left out they beat"),
        ("one", "**x: one Gaussian, N(−0.165, 1.06²), is enough.** Nothing larger does better"),
        ("two", "**x: two Gaussians are enough.** On points left out they beat"),
        ("heavy", "x: too close to call. The simplest that is not distinguishably worse is two Gaussians."),
    ],
)
def test_the_answer_for_each_dataset(data, answer):
    app = open_page(data=DATASETS[data].title)
    assert not app.exception and not app.error
    text = words(app)
    assert answer in text and "that is memorising" in text and "1 Gaussian (the mean): forward" in text


def test_the_mode_misses_a_mode_of_two():
    assert "30.99 % of the data's mass missed" in words(open_page(data=DATASETS["two"].title))


def test_my_own_numbers_and_what_was_left_out():
    numbers = GaussianMixture.two_modes(8, 0.5).sample(60, np.random.default_rng(0))
    app = pasted("value\n" + "\n".join(f"{x:.4f}" for x in numbers) + "\nNA\nabc\ninf")
    captions = "\n".join(element.value for element in app.caption)
    left_out = "value: 1 missing; value: 1 infinite; value: 1 no number (such as abc); 60 numbers are used"
    assert left_out in captions.replace("\\", "")
    assert "value: two Gaussians are enough" in words(app) and "not in the address" in captions
    assert not any("value" in "".join(values) for values in app.query_params.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("red\ngreen", "There is no number in it"),
        ("3\n" * 40, "All 40 numbers are 3"),
        ("1\n2\n3", "There are 3 numbers; at least 10"),
        ("1e200\n" + "\n".join(map(str, range(20))), "rescale"),
        ("1\n2\n" * 20, "only 2 different numbers"),
        ("PK\x03\x04", "Excel"),
    ],
)
def test_what_cannot_be_fitted_is_said(text, said):
    app = pasted(text)
    assert said in app.error[0].value.replace("\\", "") and not words(app).count("left out,")


def test_two_readings_are_asked_and_nothing_is_analysed_before_the_answer():
    x = np.random.default_rng(0).integers(1000, 9999, 40)
    app = pasted("\n".join(f"{number:,}" for number in x))
    (radio,) = app.radio
    shown = [option.replace("\\", "") for option in radio.options]
    assert "ways. Which is meant?" in radio.label.replace("\\", "") and radio.value is None
    assert "nothing is analysed before" in app.info[0].value
    assert f"{x[0]}, " in shown[0] and f"{x[0] / 1000:.12g}, " in shown[1] and "thousands" in shown[0]
    app = radio.set_value(radio.options[1]).run()
    assert app.session_state["question"].numbers.values.tolist() == (x / 1000).tolist()
    assert "Reading(separator='', decimal=','" in "".join(app.session_state["question"].numbers.to_python()) or x.size
    app = app.radio[0].set_value(app.radio[0].options[0]).run()
    assert app.session_state["question"].numbers.values.tolist() == x.tolist()


def test_a_column_that_counts_rows_is_not_taken_first_and_is_said_to_count():
    x = np.random.default_rng(0).normal(size=30)
    app = pasted("id;height\n" + "\n".join(f"{i};{value:.3f}" for i, value in enumerate(x)).replace(".", ","))
    assert app.session_state["question"].numbers.name == "height"
    box = next(each for each in app.selectbox if each.label == "Column")
    assert box.options == ["1: id (counts rows)", "2: height", "all 2 columns as one"]
    app = box.set_value("1: id (counts rows)").run()
    assert any("id counts rows" in element.value for element in app.caption)


def test_two_columns_are_compared_both_ways_and_fitted_in_the_plane():
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 1, 150), rng.normal(1, 1.5, 150)
    app = pasted("a;b\n" + "\n".join(f"{u:.6f};{v:.6f}" for u, v in zip(x, y)))
    assert "The two compared" not in words(app)
    box = next(each for each in app.selectbox if each.label == "Compare with")
    app = box.set_value("2: b").run()
    question = app.session_state["question"]
    assert not app.exception and question.other.name == "b" and question.paired
    text = words(app)
    assert "- D(a‖b): " in text and "- D(b‖a): " in text and "95 %: ±" in text
    assert "As points in the plane, BIC takes one Gaussian" in text
    exec(compile(question.to_python(), "<page>", "exec"), space := {})
    assert np.array_equal(space["y"], np.round(y, 6))


def test_two_files_are_compared_both_ways_and_are_no_points_of_a_plane():
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 1, 150), rng.normal(1, 1.5, 150)
    app = pasted("\n".join(f"{u:.6f}" for u in x))
    app = next(each for each in app.selectbox if each.label == "Compare with").set_value("a second file").run()
    assert not app.exception and app.session_state["question"].other is None and "The two compared" not in words(app)
    app = app.text_area(key="other_paste").set_value("note;b\n" + "\n".join(f"{v:.6f};{v:.6f}" for v in y)).run()
    question = app.session_state["question"]
    assert not app.exception and not question.paired and question.other.values.tolist() == np.round(y, 6).tolist()
    text = words(app)
    name = question.numbers.name
    assert f"- D({name}‖note): " in text and f"- D(note‖{name}): " in text and "95 %: ±" in text
    assert "As points in the plane" not in text
    assert any(element.value.startswith("The second: 150 rows") for element in app.caption)
    assert 'read_table(Path("second.csv")' in question.other.__class__.of(
        np.arange(600.0), file="second.csv"
    ).to_python("y")
    exec(compile(question.to_python(), "<page>", "exec"), space := {})
    assert np.array_equal(space["y"], np.round(y, 6))
    app.switch_page("pages/glossary.py").run()
    app.query_params.clear()
    app.switch_page("pages/your_data.py").run()
    assert not app.exception and app.session_state["question"] == question


def test_a_second_file_that_may_be_read_in_two_ways_is_asked_about_and_one_that_is_none_is_refused():
    x = np.random.default_rng(0).normal(size=40)
    app = pasted("\n".join(f"{u:.6f}" for u in x))
    app = next(each for each in app.selectbox if each.label == "Compare with").set_value("a second file").run()
    app = app.text_area(key="other_paste").set_value("\n".join(f"{k},{k + 100}" for k in range(1, 30))).run()
    assert not app.exception and app.radio and app.session_state["question"].other is None
    app = app.radio[0].set_value(app.radio[0].options[0]).run()
    assert app.session_state["question"].other is not None
    app = app.text_area(key="other_paste").set_value("no number here").run()
    assert not app.exception and app.error and app.session_state["question"].other is None
    app = app.text_area(key="other_paste").set_value("\n".join(f"{u:.6f}" for u in x)).run()  # the same numbers again
    assert not app.exception and app.session_state["question"].other.name.endswith(", second")


def test_own_numbers_survive_leaving_the_page_with_all_that_was_answered():
    x = np.random.default_rng(0).integers(1000, 9999, 40)
    app = pasted("a;b\n" + "\n".join(f"{number:,};{number + 1:,}" for number in x))
    app = app.radio[0].set_value(app.radio[0].options[0]).run()
    app = next(each for each in app.selectbox if each.label == "Column").set_value("2: b").run()
    question = app.session_state["question"]
    app.switch_page("pages/glossary.py").run()
    app.query_params.clear()
    app.switch_page("pages/your_data.py").run()
    assert not app.exception and app.session_state["question"] == question
    assert any("Kept from before" in element.value for element in app.caption)
    assert question.numbers.values.tolist() == (x + 1).tolist() and app.radio[0].value


def test_nothing_yet_is_no_error():
    app = open_page(data=DATA.titles["mine"])
    assert not app.exception and not app.error and "paste at least ten" in app.info[0].value


def test_many_numbers_are_drawn_from_and_it_is_said(monkeypatch):
    monkeypatch.setattr("pages.ui.views.your_data.question.MOST_POINTS", 80)
    x = np.round(np.random.default_rng(0).normal(size=200), 2)
    app = pasted("\n".join(map(str, x)))
    assert any("80 of 200 numbers, drawn with seed 0" in element.value for element in app.caption)


def test_ties_in_every_part_are_survived():
    for x in (np.repeat(np.arange(5.0), 4), np.array([0.0] * 30 + [1.0, 2.0, 3.0]), np.arange(12.0)):
        assert not refusal(x)
        app = pasted("\n".join(map(str, x)))
        assert not app.error


def test_the_address_keeps_the_settings():
    app = open_page(data=DATASETS["one"].title, components="3", bandwidth="-2", seed="7")
    assert {key: app.session_state[key] for key in ("components", "bandwidth", "seed")} == {
        "components": 3.0,
        "bandwidth": -2.0,
        "seed": 7.0,
    }
    app.session_state["units"] = "bits"
    assert "bits per point" in words(app.run())


def question_of(data: str, components: int = 2, power: float = -1.0, seed: int = 0) -> Question:
    """A question about one of the datasets."""
    return Question(Numbers.of(DATASETS[data].numbers(), DATASETS[data].python), components, power, seed)


@pytest.mark.parametrize("data", DATASETS)
def test_the_python_code_reproduces_the_numbers(data, capsys):
    question = question_of(data)
    exec(compile(question.to_python(), "<page>", "exec"), space := {})
    assert space["x"].tolist() == question.sample.values.tolist()
    printed, scene = capsys.readouterr().out, answered(question)
    for size in scene.study.sizes[:2]:
        assert f"left out: {size.score.held_out} ± {size.score.deviation}" in printed and str(size.fit.q) in printed
    nearest = int(np.argmin(abs(np.log(scene.study.kernels.bandwidths / question.bandwidth))))
    score = scene.study.kernels.scores[nearest]
    assert space["kernel"].held_out == pytest.approx(score.held_out, rel=1e-9)


def test_the_python_of_the_page_is_that_of_its_question():
    app = open_page(data="faithful", components="2", bandwidth="-2", seed="3")
    assert app.code[0].value.endswith(question_of("faithful", 2, -2.0, 3).to_python().strip())


def test_the_python_of_numbers_of_ones_own_has_them_or_names_their_file(tmp_path, monkeypatch):
    few, many = np.linspace(0, 1, 40) ** 3, np.random.default_rng(0).normal(size=2000)
    exec(compile(Question(Numbers.of(few), 1, -1.0, 0).to_python(), "<page>", "exec"), space := {})
    assert space["x"].tolist() == few.tolist()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "numbers.csv").write_text("a,b\n" + "\n".join(f"0,{x!r}" for x in many.tolist()))
    question = Question(Numbers.of(many, column=1), 1, -1.0, 7)
    exec(compile(question.to_python(), "<page>", "exec"), space := {})
    assert space["x"].tolist() == question.sample.values.tolist() and space["x"].size == 1500


def test_every_setting_makes_another_question_and_another_python():
    question = question_of("one")
    others = [question_of("two"), question_of("one", 3), question_of("one", 2, -2.0), question_of("one", 2, -1.0, 1)]
    assert len({question, *others}) == len({each.to_python() for each in (question, *others)}) == 5
    assert question_of("one") == question and hash(question_of("one")) == hash(question)


def test_one_gaussian_against_a_reference_in_both_directions():
    reference = GaussianMixture.two_modes(8, 0.7)
    found = directions(reference, Gaussian(0, 1))
    assert (found.forward.mean, found.forward.std) == pytest.approx((reference.mean, reference.std))
    assert found.reverse.mean == pytest.approx(4, abs=0.01)
    assert found.failures[1].missed.value == pytest.approx(0.3, abs=0.01)
    assert directions(reference, reference).divergences[0][0].value == 0


def test_memory_invents_and_misses_by_drawing():
    x = np.sort(np.random.default_rng(1).normal(size=60))
    wide, narrow = (kernel_failures(x, Gaussian(0, 1), width, 0) for width in (0.3, 1e-3))
    assert wide[0].share < 0.05 and narrow[1].share > 0.5
    assert narrow[1].deviation < 0.01


def test_a_score_that_is_missing_does_not_win():
    sample = Sample(np.array([0.0] * 30 + [1.0, 2.0, 3.0]).tobytes(), 0)
    sizes = sizes_of(sample)
    assert sizes[1].score is None and "repeated values" in sizes[1].reason
    study = Study(33, sizes, None, None, None, None)
    verdict = verdict_of(replace(study, single=directions(sizes[0].fit.q, sizes[0].fit.q)))
    assert verdict.taken.components == 1 and not verdict.settled and verdict.selection.unjudged == (1,)


def asked_of(x, components: int = 2) -> Scene:
    """The scene of these numbers."""
    return answered(Question(Numbers.of(np.asarray(x, float), name="x"), components, -1.0, 0))


def test_nothing_is_claimed_over_sizes_that_were_not_judged_and_they_are_rows_of_their_own():
    scene = asked_of([*np.random.default_rng(3).normal(size=100), *[10.0] * 10])
    table, said = texts.table(scene, "nats"), "\n".join(texts.verdict(scene, "nats"))
    assert "| 2 Gaussians | not judged: every run narrowed on repeated values (10, 10 times) |" in table
    assert "Nothing is claimed about what was not judged" in said and "**" not in said and "too close to call" in said
    losses = charts.loss_charts(scene, "nats")[0].data["costs"]
    assert losses[losses["series"] == charts.HELD_OUT]["value"].isna()[1]  # the line stops there


def test_outliers_do_not_settle_that_one_gaussian_is_enough():
    scene = asked_of([*np.random.default_rng(3).normal(50, 3, size=120), 999, -999, 999])
    said = "\n".join(texts.verdict(scene, "nats"))
    assert "too close to call" in said and "The two ways to judge disagree" in said and "0.00 % of it" not in said
    assert "% " not in texts.table(scene, "nats").split("\n")[2]  # no q is compared with itself


def test_the_parameters_are_shown_with_errors_and_open_in_the_mixture_lab():
    app = open_page(data=DATASETS["two"].title, components="2")
    assert "| 1 | 0.31 :small[± 0.03] | −3.84 :small[± 0.09] | 0.85 :small[± 0.06] |" in words(app)
    link = next(each.proto for each in app.get("page_link") if "Open this fit" in each.proto.label)
    assert "mixture_lab" in link.page and "p=" in link.query_string
    text = parse_qs(link.query_string)["p"][0]
    lab = visit("pages/mixture_lab.py", p=text)
    assert not lab.warning and lab.session_state["question"].target.p.means == pytest.approx([-3.84, 4.0], abs=0.01)


def test_the_histogram_and_the_curves_have_mass_one():
    x = DATASETS["faithful"].numbers()
    fits = Fits(Gaussian(x.mean(), 2 * x.std()), Gaussian(x.mean(), x.std()))
    data = charts.density_chart(question_of("faithful"), fits).data
    bars = data["bars"]
    assert (bars["density"] * (bars["right"] - bars["left"])).sum() == pytest.approx(1)
    curve = data["curves"][data["curves"]["role"] == "forward fit"].sort_values("x")
    assert np.trapezoid(curve["density"], curve["x"]) == pytest.approx(0.98, abs=0.02)


def test_the_cost_chart_marks_the_least_and_cuts_what_is_high():
    x, values = np.arange(1.0, 5), np.array([3.0, 2.0, 2.5, np.inf])
    found = charts.cost_chart("components", x, {charts.HELD_OUT: values}, 2, 4.0).data
    assert found["best"].to_dict("list") == {"x": [2.0], "value": [2.0]}
    assert isinstance(found["costs"], pd.DataFrame) and found["costs"]["value"].isna().sum() == 1
    assert found["frame"]["top"][0] == 4.0


def test_memory_begins_where_every_narrower_kernel_is_worse_than_one_gaussian():
    one = Score(0.0, np.ones(9))
    kernels = Kernels(
        np.array([1.0, 0.1, 0.01]), [Score(0.0, np.full(9, loss)) for loss in (0.5, 0.8, 3.0)], [(1, 1)] * 3
    )
    study = Study(9, [Size(1, None, one, (1.0, 1.0), "")], kernels, None, None, None)
    assert memory_begins(study) == 0.01
    dip = Kernels(kernels.bandwidths, [Score(0.0, np.full(9, loss)) for loss in (2.0, 3.0, 0.5)], kernels.bits)
    assert memory_begins(replace(study, kernels=dip)) is None
