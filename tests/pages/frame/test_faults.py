"""An engine call that raises: one plain message with the way on, a traceback for the server, and the other pages."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

import kl_engine.distributions.gaussian
from pages.ui.cache import kept
from pages.ui.frame import faults
from pages.ui.frame.shell import PAGES
from pages.ui.state.callbacks import WORDS
from pages.ui.views.check_formula import scene as check
from pages.ui.views.home import stage
from pages.ui.views.lessons import scene as lessons
from pages.ui.views.two_dimensions import scene as plane
from tests.pages.opening import control, press, visit

pytestmark = pytest.mark.explained
SECRET = "a name of the inside"


def fail(*arguments, **named):
    """What no page expects."""
    raise ZeroDivisionError(SECRET)


def broken(monkeypatch) -> None:
    """Let whatever the pages ask of the engine fail."""
    monkeypatch.setattr(kept.Results, "of", fail)
    for name in ("weights", "means"):
        monkeypatch.setattr(kl_engine.distributions.gaussian.Gaussian, name, property(fail))


def messages(app: AppTest) -> list[str]:
    """What is said of a fault."""
    return [error.value for error in app.error if error.value.startswith(faults.WORDS)]


@pytest.mark.parametrize("script", [page.script for page in PAGES if page.script != "pages/glossary.py"])
def test_a_page_says_it_once_in_plain_words_and_nothing_of_the_inside(script, monkeypatch, caplog):
    shell = "pages.ui.frame.shell.explain_in_place"
    monkeypatch.setattr(shell, fail) if script == "pages/closed_forms.py" else broken(monkeypatch)
    with caplog.at_level(logging.ERROR):
        app = visit(script)
    assert len(messages(app)) == 1 and not app.exception
    name = script.removeprefix("pages/").removesuffix(".py")
    assert f"({'.' if name == 'app' else name})" in messages(app)[0]
    shown = [element.value for element in (*app.markdown, *app.error, *app.warning, *app.caption)]
    assert not any(SECRET in text or "Traceback" in text for text in shown)
    assert any(record.exc_info and SECRET in str(record.exc_info[1]) for record in caplog.records)


def test_the_other_pages_stand_and_the_page_itself_once_it_can(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(stage, "answered", fail)
        app = visit("app.py")
        assert messages(app)
        app.switch_page("pages/mixture_lab.py").run()
        assert not messages(app) and not app.exception and app.title[0].value == "Mixture lab"
    app.switch_page("app.py").run()
    assert not messages(app) and not app.exception and app.title[0].value == "One target, two best fits"


def test_the_last_change_can_be_taken_back_from_the_message(monkeypatch):
    app = visit("app.py")
    true = stage.answered
    monkeypatch.setattr(stage, "answered", lambda asked: true(asked) if asked.target.separation == 8 else fail())
    control(app, "separation").set_value(7.5).run()
    assert messages(app)
    app.button(key="fault_undo_app.py").click().run()
    assert not messages(app) and control(app, "separation").value == 8.0


def test_a_part_of_a_page_that_runs_alone_says_it_too(monkeypatch):
    app = visit("pages/stationarity.py")
    assert not messages(app)
    with monkeypatch.context() as patch:
        patch.setattr(lessons, "expected_score", fail)
        control(app, "separation").set_value(6.0).run()
        assert len(messages(app)) == 1 and not app.exception
    taken_back = next(button for button in app.button if button.label == "Take back the last change")
    assert not taken_back.disabled
    taken_back.click().run()
    assert not messages(app) and control(app, "separation").value == 8.0


def test_a_change_that_was_not_remembered_yet_is_the_one_that_is_taken_back(monkeypatch):
    app = visit("pages/two_dimensions.py")
    app = press(app, "Far apart")
    right = app.session_state["p"]
    with monkeypatch.context() as patch:
        patch.setattr(plane, "answered", fail)
        app = press(app, "Cross")
        assert messages(app)
    app = press(app, "Take back the last change")
    assert not messages(app) and app.session_state["p"] == right


def test_a_page_without_a_change_offers_none_to_take_back(monkeypatch):
    monkeypatch.setattr(check, "answered", fail)
    app = visit("pages/check_formula.py")
    assert messages(app) and "Take" not in messages(app)[0]
    assert all(button.label != "Take back the last change" for button in app.button)


@pytest.mark.parametrize("stopped", ["pages/your_data.py", "pages/free_energy.py"])
def test_what_streamlit_raises_to_stop_or_to_rerun_is_no_fault(stopped):
    app = visit(stopped, data="My own numbers", view="nonsense")
    assert not messages(app) and not app.exception


def test_a_callback_that_raises_leaves_the_page_and_the_way_to_the_others(caplog):
    app = visit("app.py")
    control(app, "separation").set_value(7.5).run()
    session = app.session_state["kept_state"]
    session.past.clear()  # so that undo finds nothing to take back
    with caplog.at_level(logging.ERROR):
        app = press(app, "Undo")
    assert [error.value for error in app.error] == [WORDS] and not app.exception
    assert app.title[0].value == "One target, two best fits" and control(app, "separation").value == 7.5
    assert any(record.exc_info for record in caplog.records)
    assert not app.run().error
