"""Every lesson of the Derive section runs, and its numbers are those of the engine."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from kl_engine import Gaussian, kl_divergence
from kl_engine.symbolic import DERIVATIONS
from pages.ui.form_panel import closed_forms
from pages.ui.lessons import CLOSED_FORMS, FORMS, STATIONARITY
from pages.ui.theme import FORWARD, REVERSE
from tests.serving import ROOT

LESSONS = [("closed_forms", key) for key in CLOSED_FORMS] + [("stationarity", key) for key in STATIONARITY]


def open_lesson(page: str, key: str, **query: str) -> AppTest:
    """A lesson, run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page(f"pages/{page}.py")
    for name, value in {"lesson": key, **query}.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize(("page", "key"), LESSONS)
def test_it_shows_every_step_and_none_fails(page, key):
    app = open_lesson(page, key)
    assert not app.exception
    lesson = {"closed_forms": CLOSED_FORMS, "stationarity": STATIONARITY}[page][key]
    laws = [expander.label for expander in app.expander if expander.label[0] in "✓✗"]
    assert len(laws) == sum(len(DERIVATIONS[name].steps) for name in lesson.names)
    assert all(label.startswith("✓") for label in laws)


def test_every_derivation_is_on_a_page():
    shown = {name for lesson in (*CLOSED_FORMS.values(), *STATIONARITY.values()) for name in lesson.names}
    assert shown == set(DERIVATIONS)


def test_the_numbers_put_in_are_the_engines():
    values = {"mu_p": 0.3, "sigma_p": 0.7, "mu_q": -1.0, "sigma_q": 2.5}
    p, q = Gaussian(0.3, 0.7), Gaussian(-1.0, 2.5)
    forms = closed_forms(CLOSED_FORMS["gaussians"])
    assert forms[FORWARD].value(values) == pytest.approx(kl_divergence(p, q).value, abs=1e-13)
    assert forms[REVERSE].value(values) == pytest.approx(kl_divergence(q, p).value, abs=1e-13)
    app = open_lesson("closed_forms", "gaussians", **{key: str(value) for key, value in values.items()})
    text = "\n".join(element.value for element in app.markdown)
    assert f"{kl_divergence(p, q).value:.6f} nats" in text and f"{kl_divergence(q, p).value:.6f} nats" in text


@pytest.mark.parametrize("key", [key for key, lesson in CLOSED_FORMS.items() if lesson.panel == FORMS])
def test_two_columns_are_two_directions(key):
    lesson = CLOSED_FORMS[key]
    forms = closed_forms(lesson)
    values = lesson.complete({slider.key: slider.default for slider in lesson.sliders})
    if set(forms) == {FORWARD, REVERSE} and key != "equal_widths":
        assert forms[FORWARD].value(values) != pytest.approx(forms[REVERSE].value(values), rel=1e-3)


def test_one_step_at_a_time():
    app = open_lesson("closed_forms", "gaussians", pace="one")
    assert len([expander for expander in app.expander if expander.label.startswith("✓")]) == 2
    next(button for button in app.button if button.label == "Next step").click().run()
    assert len([expander for expander in app.expander if expander.label.startswith("✓")]) == 4
