"""Every lesson of the Derive section runs, and its numbers are those of the engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from kl_engine import Direction, Gaussian, kl_divergence
from kl_engine.symbolic import DERIVATIONS, latex
from pages.ui.say.display_math import breakable
from pages.ui.views.closed_forms import question as closed
from pages.ui.views.lessons import charts, pair, words
from pages.ui.views.lessons.forms import closed_forms
from pages.ui.views.lessons.lessons import CLOSED_FORMS, EXPLORED, FORMS, MIXTURE, STATIONARITY
from pages.ui.views.lessons.proofs import proved
from pages.ui.views.lessons.question import LESSONS as BY_KEY
from pages.ui.views.lessons.question import Question, sliders_of
from pages.ui.views.lessons.scene import answered
from pages.ui.views.stationarity import question as stationary
from tests.pages.opening import press, visit

LESSONS = [("closed_forms", key) for key in CLOSED_FORMS] + [("stationarity", key) for key in STATIONARITY]


def open_lesson(page: str, key: str, **query: object) -> AppTest:
    """A lesson, run."""
    return visit(f"pages/{page}.py", lesson=key, **query)


def laws_of(app: AppTest) -> list[str]:
    """The law at the end of each line, with the sign of its check."""
    labels = [block.proto.popover.label for block in app.get("popover")]
    return [label for label in labels if label[0] in "✓✗"]


@pytest.mark.parametrize(("page", "key"), LESSONS)
def test_it_shows_every_step_and_none_fails(page, key):
    app = open_lesson(page, key)
    assert not app.exception
    lesson = {"closed_forms": CLOSED_FORMS, "stationarity": STATIONARITY}[page][key]
    laws = laws_of(app)
    assert len(laws) == sum(len(DERIVATIONS[name].steps) for name in lesson.names)
    assert all(label.startswith("✓") for label in laws)


def test_every_derivation_is_on_a_page():
    shown = {name for lesson in (*CLOSED_FORMS.values(), *STATIONARITY.values()) for name in lesson.names}
    assert shown == set(DERIVATIONS)


def test_the_numbers_put_in_are_the_engines():
    values = {"mu_p": 0.3, "sigma_p": 0.7, "mu_q": -1.0, "sigma_q": 2.5}
    p, q = Gaussian(0.3, 0.7), Gaussian(-1.0, 2.5)
    forms = closed_forms(CLOSED_FORMS["gaussians"])
    assert forms[Direction.FORWARD].value(values) == pytest.approx(kl_divergence(p, q).value, abs=1e-13)
    assert forms[Direction.REVERSE].value(values) == pytest.approx(kl_divergence(q, p).value, abs=1e-13)
    app = open_lesson("closed_forms", "gaussians", **values)
    text = "\n".join(element.value for element in app.markdown)
    assert f"{kl_divergence(p, q).value:.6f} nats" in text and f"{kl_divergence(q, p).value:.6f} nats" in text


@pytest.mark.parametrize("key", [key for key, lesson in CLOSED_FORMS.items() if lesson.panel == FORMS])
def test_two_columns_are_two_directions(key):
    lesson = CLOSED_FORMS[key]
    forms = closed_forms(lesson)
    values = lesson.complete({slider.key: slider.default for slider in lesson.sliders})
    if set(forms) == {Direction.FORWARD, Direction.REVERSE} and key != "equal_widths":
        assert forms[Direction.FORWARD].value(values) != pytest.approx(forms[Direction.REVERSE].value(values), rel=1e-3)


def test_one_step_at_a_time():
    app = open_lesson("closed_forms", "gaussians", pace="one")
    assert len(laws_of(app)) == 2
    press(app, "Next step")
    assert len(laws_of(app)) == 4


@pytest.mark.parametrize(("step", "before"), [("1", 0), ("4", 1), ("6", 1)])
def test_presented_each_derivation_is_its_step_below_the_one_before(step, before):
    """The last of the forward one, which has five, stays while the other goes on."""
    app = open_lesson("closed_forms", "gap", present="true", step=step)
    formulas = [block.value for block in app.markdown if block.value.startswith("$$")]
    derivations = [proved(name).lines for name in CLOSED_FORMS["gap"].names]
    ends = [min(int(step), len(lines)) for lines in derivations]
    expected = [line.statement for lines, end in zip(derivations, ends) for line in lines[end - 1 - before : end]]
    assert formulas[-len(expected) :] == [f"$$\n{breakable(formula)}\n$$" for formula in expected]
    assert shown(app) == f"step {step} of 6" and not laws_of(app)
    assert [button.proto.shortcut for button in app.button if button.label in ("Next step", "Back")] == [
        "space",
        "backspace",
    ]


def test_each_lesson_keeps_its_own_step_and_the_address_says_it():
    app = open_lesson("closed_forms", "gaussians", pace="one", step="3")
    assert shown(app) == "step 3 of 5"
    assert app.query_params["step"] in ("3", ["3"])
    app.selectbox(key="lesson").set_value("poisson").run()
    assert shown(app).startswith("step 1 of")
    assert "step" not in app.query_params
    press(app, "Next step")
    assert app.query_params["step"] in ("2", ["2"])
    app.selectbox(key="lesson").set_value("gaussians").run()
    assert shown(app) == "step 3 of 5"
    app.segmented_control(key="pace").set_value("all").run()
    assert "step" not in app.query_params
    app.segmented_control(key="pace").set_value("one").run()
    assert shown(app) == "step 3 of 5"


@pytest.mark.parametrize(("asked", "used"), [("99", 5), ("-3", 1), ("two", 1), ("2.4", 2)])
def test_a_step_of_the_address_is_checked(asked, used):
    app = open_lesson("closed_forms", "gaussians", pace="one", step=asked)
    assert shown(app) == f"step {used} of 5"
    assert asked == "2.4" or any("step" in warning.value for warning in app.warning)


def test_every_correction_of_a_link_is_told():
    """The subject is read before the sliders that depend on it, and these before the step."""
    app = open_lesson("closed_forms", "no such lesson", pace="one", mu_p="99", step="99")
    told = [warning.value for warning in app.warning]
    for note in ("lesson must be one of", "mu_p must be", "step must be"):
        assert sum(note in warning for warning in told) == 1
    assert not app.run().warning  # once


def test_the_dimension_is_a_number_too():
    app = open_lesson("closed_forms", "multivariate")
    numbers = [element.value.split("=", 2)[2] for element in app.markdown if "pmatrix" in element.value]
    assert len(numbers) == 2
    assert not any(r"\frac{n}{2}" in put_in for put_in in numbers)


def shown(app: AppTest) -> str:
    """What is said of the step."""
    return next(element.value for element in app.markdown if element.value.startswith("step "))


def test_roles_are_decided_by_name():
    lesson = CLOSED_FORMS["gaussians"]
    turned = closed_forms(replace(lesson, left=lesson.right, right=lesson.left))
    assert list(turned) == [Direction.FORWARD, Direction.REVERSE]
    assert turned == closed_forms(lesson)
    with pytest.raises(ValueError, match="one forward form"):
        closed_forms(replace(lesson, forms=("gaussian_forward", "poisson")))


@pytest.mark.parametrize(("mean", "std"), [(0.5, 1.0), (-3.0, 0.7), (2.0, 2.5)])
def test_dots_stand_where_the_condition_says(mean, std):
    best = answered(Question("gaussians", (0.3, std, mean, 2.0))).least
    assert best[Direction.FORWARD].at == pytest.approx(np.hypot(std, mean - 0.3), abs=1e-6)
    assert best[Direction.REVERSE].at == pytest.approx(std, abs=1e-6)
    assert best[Direction.FORWARD].is_inside


def test_curves_are_the_form_at_every_point():
    for key in ("gaussians", "categorical", "multivariate", "equal_widths", "dirichlet"):
        lesson = CLOSED_FORMS[key]
        values = {slider.key: slider.default for slider in lesson.sliders}
        x = np.array([0.11, 0.2, 0.4])
        for form in closed_forms(lesson).values():
            one = [form.value(lesson.complete({**values, lesson.axis: place})) for place in x]
            assert form.along(lesson, values, x) == pytest.approx(one, rel=1e-12)


def test_long_brackets_are_opened_and_short_ones_kept():
    long = " + ".join(rf"\frac{{x_{{{k}}}}}{{2}}" for k in range(12))
    broken = long.replace(" + ", r" \allowbreak + \nobreak ")  # a line begins with the sign
    assert breakable(r"= - x + \frac{a + b}{2}") == r"= - x \allowbreak + \nobreak \frac{a + b}{2}"
    assert breakable(rf"\mathbb{{E}}\left[{long}\right]^{{2}}") == rf"\mathbb{{E}}\biggl[{broken}\biggr]^{{2}}"
    for kept in (r"\left[x + y\right]", rf"\frac{{\left[{long}\right]}}{{2}}", rf"\log{{\left({long} \right)}}"):
        assert breakable(kept) == kept
    for name in DERIVATIONS:
        for step in DERIVATIONS[name].steps:
            opened = breakable(latex(step.expression))
            assert opened.count(r"\biggl") == opened.count(r"\biggr")
            assert opened.count(r"\left") == opened.count(r"\right")


def test_what_can_be_explored_is_said_by_its_entry():
    assert "categorical" in EXPLORED
    assert all(lesson.explored and lesson.panel == FORMS for lesson in EXPLORED.values())


def as_begun(key: str) -> Question:
    """The question of a lesson as it is opened."""
    return Question(key, tuple(slider.default for slider in sliders_of(BY_KEY[key])))


def test_each_lesson_has_a_key_of_its_own():
    assert not set(CLOSED_FORMS) & set(STATIONARITY) and set(BY_KEY) == {*CLOSED_FORMS, *STATIONARITY}
    assert (set(closed.LESSON.titles), set(stationary.LESSON.titles)) == (set(CLOSED_FORMS), set(STATIONARITY))


@pytest.mark.parametrize("key", BY_KEY)
def test_the_python_of_a_lesson_reproduces_its_numbers(key, capsys):
    question = as_begun(key)
    exec(compile(question.to_python(), "<page>", "exec"), {})
    printed, scene = capsys.readouterr().out, answered(question)
    if question.is_about_a_mixture:
        assert repr(scene.slope) in printed and repr(scene.curvature) in printed
        assert printed.count("least over the mean") == len(scene.optima)
        assert all(str(fit.value) in printed for fit in scene.optima)
    else:
        for name, form in scene.forms.items():
            assert f"{name} = {form.value(question.put_in)!r}\n" in printed


@pytest.mark.parametrize("key", BY_KEY)
def test_every_slider_makes_another_question_python_and_picture(key):
    question = as_begun(key)
    drawn, said = charts.curves(answered(question), "nats").data, words.columns(answered(question), "nats")
    for place, slider in enumerate(sliders_of(BY_KEY[key])):
        value = slider.nearest(question.values[place] + 3 * slider.step)
        moved = replace(question, values=(*question.values[:place], value, *question.values[place + 1 :]))
        assert moved != question and moved.to_python() != question.to_python()
        data = charts.curves(answered(moved), "nats").data
        assert any(not data[name].equals(drawn[name]) for name in drawn), slider.key
        assert words.columns(answered(moved), "nats") != said, slider.key


@pytest.mark.parametrize("key", BY_KEY)
def test_both_directions_are_named_at_their_curves(key):
    data = charts.curves(answered(as_begun(key)), "nats").data
    labels, now = data["labels"], data["now"].iloc[0]
    assert set(labels["role"]) == set(data["curve"]["role"]) & set(charts.NAMES)
    assert labels["value"].between(now["bottom"], now["top"]).all()
    assert labels["x"].between(data["curve"]["x"].min(), data["curve"]["x"].max()).all()


@pytest.mark.parametrize(
    ("page", "first", "then", "slider"),
    [("closed_forms", "gaussians", "poisson", "mu_p"), ("stationarity", "mixture", "locking", "mean")],
)
def test_undo_takes_back_one_change_after_another(page, first, then, slider):
    app = open_lesson(page, first)
    began, asked = app.slider(key=slider).value, app.session_state["question"]
    assert undo(app).disabled
    app.slider(key=slider).set_value(began + 0.5).run()
    app.selectbox(key="lesson").set_value(then).run()
    press(app, "Undo")
    assert (app.session_state["lesson"], app.slider(key=slider).value) == (first, began + 0.5)
    press(app, "Undo")
    assert (app.session_state["question"], undo(app).disabled) == (asked, True)


def undo(app: AppTest):
    """The button of that name."""
    return next(button for button in app.button if button.label == "Undo")


UNDRAWN = {"dirichlet"}  # over a triangle


def named_after_p_or_q(key: str) -> bool:
    """Whether a slider of the lesson sets p or q."""
    return any(slider.key.endswith(("_p", "_q")) for slider in BY_KEY[key].sliders)


@pytest.mark.parametrize("key", BY_KEY)
def test_p_and_q_are_drawn_where_the_sliders_set_them_and_follow(key):
    question = as_begun(key)
    drawn = pair.picture(question)
    assert (drawn is not None) == (question.is_about_a_mixture or named_after_p_or_q(key) and key not in UNDRAWN)
    if drawn is None:
        return
    assert set(drawn.data["pair"]["who"]) == {"target p", "q"}
    assert all(np.isfinite(table.select_dtypes("number").to_numpy()).all() for table in drawn.data.values())
    for place, slider in enumerate(sliders_of(BY_KEY[key])):
        value = slider.nearest(question.values[place] + 3 * slider.step)
        moved = replace(question, values=(*question.values[:place], value, *question.values[place + 1 :]))
        followed = any(not table.equals(drawn.data[name]) for name, table in pair.picture(moved).data.items())
        assert followed or slider.key == "alpha", slider.key  # α is of the divergence, not of p or q


@pytest.mark.parametrize("key", [key for key, lesson in BY_KEY.items() if lesson.family])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_distributions_drawn_are_those_of_the_closed_form(key, share):
    """At the corners too; where a lesson has another form than D, there is nothing to compare."""
    sliders = sliders_of(BY_KEY[key])
    ends = [slider.low + share * (slider.high - slider.low) for slider in sliders]
    of_p = [slider.key.endswith("_p") for slider in sliders]
    values = (s.nearest(end) if moved else s.default for s, end, moved in zip(sliders, ends, of_p))
    question = Question(key, tuple(values))
    p, q = pair.laws(question)
    for direction, form in closed_forms(BY_KEY[key]).items():
        if direction in (Direction.FORWARD, Direction.REVERSE):
            divergence = kl_divergence(p, q) if direction is Direction.FORWARD else kl_divergence(q, p)
            assert divergence.value == pytest.approx(form.value(question.put_in), rel=1e-7, abs=1e-9)
    assert all(
        np.isfinite(table.select_dtypes("number").to_numpy()).all() for table in pair.picture(question).data.values()
    )


def test_the_python_of_the_page_is_that_of_its_question():
    app = open_lesson("stationarity", "mixture", separation="6", weight="0.7", mean="1", std="2")
    assert app.session_state["question"] == Question("mixture", (6.0, 0.7, 1.0, 2.0))
    assert BY_KEY["mixture"].panel == MIXTURE
    assert app.code[0].value.endswith(app.session_state["question"].to_python().strip())
    app.slider(key="std").set_value(3.0).run()
    assert app.code[0].value.endswith(Question("mixture", (6.0, 0.7, 1.0, 3.0)).to_python().strip())


@pytest.mark.parametrize("name", ("gaussian_forward", "covering_minimum", "dirichlet"))
def test_lines_with_one_left_side_are_aligned_at_their_signs(name):
    steps, lines = DERIVATIONS[name].steps, proved(name).lines
    for above, step, line in zip(steps, steps[1:], lines[1:]):
        left = latex(step.expression.lhs)
        again = left == latex(above.expression.lhs)
        assert line.formula.startswith(rf"\phantom{{{left}}}" if again and len(left) < 90 else left)
        assert line.formula.removeprefix(r"\phantom{").startswith(left)  # nothing else is left out


def test_sympy_says_in_its_own_words_what_a_step_says_on_request_alone():
    assert not open_lesson("stationarity", "any").code or "solve(" not in str(open_lesson("stationarity", "any").code)
    app = open_lesson("stationarity", "any", own_words="true")
    said = [block.value for block in app.code if block.value.startswith(">>> ")]
    assert any("solve(" in text for text in said) and any("diff(" in text for text in said)
    assert all(text.endswith("\n0") for text in said)


def test_in_bits_each_equation_is_true_as_printed():
    scene = answered(as_begun("gaussians"))
    for text in words.columns(scene, "bits"):
        assert text.count(r"\frac{1}{\log 2} ") == 2 and " bits**" in text
    assert r"\log 2}" not in "".join(words.columns(scene, "nats"))
    assert any("nats" in caption.value for caption in open_lesson("closed_forms", "gaussians", units="bits").caption)


def test_the_next_step_stands_under_the_last_one_and_is_at_the_space_bar():
    app = open_lesson("closed_forms", "gaussians", pace="one", step="2")
    labels = [block.label for block in app.button]
    following = next(block for block in app.button if block.label == "Next step")
    assert following.proto.shortcut.lower() == "space" and labels.index("Next step") < labels.index("Back")
