"""What is set: from the address, from memory, by callbacks, undone, and back in the address."""

from __future__ import annotations

from functools import partial

import pytest

from pages.ui.state.fields import Slider
from tests.pages.opening import control, press, visit

HOME, DIAL, TRIALS = "app.py", "pages/alpha_dial.py", "pages/estimators.py"
open_home = partial(visit, HOME)


def go(app, script: str, **query: object):
    """To another page, by a link with this query."""
    app.query_params.clear()
    app.query_params.update({key: str(value) for key, value in query.items()})
    return app.switch_page(script).run()


def separations(app) -> tuple[float, float, str]:
    """What the control shows, what the question holds, what the address says: they are to be one."""
    return (
        control(app, "separation").value,
        app.session_state["question"].target.separation,
        app.query_params["separation"],
    )


def test_the_address_that_opened_the_app_stays_as_it_came_until_something_is_set():
    app = open_home(separation=7.25)
    assert app.query_params == {"separation": "7.25"}  # the browser would make a new entry of it
    control(app, "weight").set_value(0.3).run()
    assert (app.query_params["separation"], app.query_params["weight"]) == ("7.25", "0.3")


def test_control_question_and_address_agree_wherever_the_value_comes_from():
    app = open_home(separation=7.25).run()
    assert separations(app) == (7.25, 7.25, "7.25")
    control(app, "separation").set_value(3.0).run()
    assert separations(app) == (3.0, 3.0, "3")
    assert separations(press(app, "Far modes: locks")) == (8.0, 8.0, "8")
    assert separations(press(app, "Undo")) == (3.0, 3.0, "3")
    assert separations(go(app, DIAL)) == (3.0, 3.0, "3")  # shared by the pages
    assert separations(go(app, TRIALS, separation=4, weight=0.3)) == (4.0, 4.0, "4")
    assert separations(go(app, HOME)) == (4.0, 4.0, "4")
    assert separations(go(app, HOME, separation=9)) == (9.0, 9.0, "9")


def test_back_is_an_address_that_says_everything():
    app = open_home(separation=6, weight=0.7, motion="sweep").run()
    left = dict(app.query_params)
    app = go(app, DIAL, separation=2, weight=0.1, alpha=0.25)
    app = go(app, HOME, **left)  # as Back does
    assert app.query_params == left and app.session_state["weight"] == 0.7 and app.session_state["motion"] == "sweep"
    app = go(app, DIAL)
    assert app.session_state["weight"] == 0.7 and app.session_state["alpha"] == 0.25


def test_an_address_that_says_anything_of_a_page_says_everything():
    app = open_home(separation=6, weight=0.7)
    app = go(app, HOME, weight=0.4)
    assert (app.session_state["separation"], app.session_state["weight"]) == (5.0, 0.4)
    assert go(app, HOME, units="bits").session_state["weight"] == 0.4


def test_a_run_with_an_address_of_a_moment_ago_is_no_new_opening():
    app = open_home(separation=6)
    before = dict(app.query_params)
    control(app, "separation").set_value(7.0).run()
    app.query_params.clear()
    app.query_params.update(before)  # the browser had not yet heard of the new one
    control(app, "weight").set_value(0.6).run()
    assert (app.session_state["separation"], app.query_params["separation"]) == (7.0, "7")


def test_what_a_link_has_wrong_is_said_once():
    app = open_home(separation="abc", motion="<b>", units="feet")  # read in two places, said in one
    (warning,) = [warning.value for warning in app.warning]
    assert "separation must be a number from 0 to 10, so 8 is used" in warning and "motion must be one of" in warning
    assert "units must be one of" in warning
    assert not app.run().warning


def test_units_are_the_same_on_all_pages_and_are_not_undone():
    app = open_home(units="bits")
    control(app, "separation").set_value(7.0).run()
    app.button_group(key="units").set_value("nats").run()
    assert "units" not in app.query_params
    app = press(app, "Undo")
    assert app.session_state["units"] == "nats" and app.session_state["separation"] == 8.0
    app.button_group(key="units").set_value("bits").run()
    app = go(app, DIAL)
    assert app.session_state["units"] == "bits" and app.query_params["units"] == "bits"


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(-3.0, 0.0, 0.25), (0.0, 10.0, 0.05), (0.005, 0.5, 0.005), (1.0, 8.0, 1.0), (0.02, 0.98, 0.01)],
)
def test_the_nearest_value_lies_on_a_step_whatever_the_step(low, high, step):
    slider = Slider("x", "x", low, high, step, low, "x.")
    for k in range(round((high - low) / step)):
        assert slider.nearest(low + (k + 0.3) * step) == pytest.approx(low + k * step)
        value = slider.nearest(low + k * step)
        assert slider.read(slider.text(value)) == (value, "")
