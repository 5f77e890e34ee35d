"""What the buttons and links of the home page do: compared with the session's state, not with what is shown."""

from __future__ import annotations

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from kl_engine.optima import transitions
from pages.ui.frame.shell import PAGES
from pages.ui.state.presets import PRESETS
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.home import stage
from pages.ui.views.home.question import Question
from pages.ui.views.home.scene import fit_scene
from pages.ui.views.home.words import other_optima
from tests.pages.opening import control, press, visit, words

open_home = partial(visit, "app.py")
UNEQUAL = {"separation": 6.0, "weight": 0.7, "right": 0.6, "left": 1.4, "mean": -1.0, "std": 2.0}


def state(app: AppTest) -> dict[str, float]:
    """What the sliders are set to."""
    return {key: app.session_state[key] for key in UNEQUAL}


def test_undo_takes_back_one_change_after_another():
    app = open_home(**UNEQUAL)
    assert next(button for button in app.button if button.label == "Undo").disabled
    control(app, "separation").set_value(7.5).run()
    press(app, "Far modes: locks")
    assert state(app) == PRESETS["Far modes: locks"]
    press(app, "Undo")
    assert state(app) == {**UNEQUAL, "separation": 7.5}
    press(app, "Undo")
    assert state(app) == UNEQUAL
    assert control(app, "separation").value == 6.0
    assert next(button for button in app.button if button.label == "Undo").disabled


@pytest.mark.parametrize("which", [0, 1])
def test_start_near_leads_to_the_optimum_that_it_names(which):
    app = open_home(**UNEQUAL)
    target = Target(6.0, 0.7, 0.6, 1.4)
    other = other_optima(fit_scene(Question(target, Start(-1.0, 2.0))))[which]
    press(app, next(b.label for b in app.button if b.key == f"start_near_{which}"))
    now = state(app)
    assert now["mean"] == pytest.approx(other.q.mean, abs=0.051)
    assert now["std"] == pytest.approx(other.q.std, abs=0.051)
    assert {key: now[key] for key in ("separation", "weight", "right", "left")} == {
        key: UNEQUAL[key] for key in ("separation", "weight", "right", "left")
    }
    led = fit_scene(Question(target, Start(now["mean"], now["std"]))).reverse.q
    assert (led.mean, led.std) == pytest.approx((other.q.mean, other.q.std), abs=1e-5)


def test_the_sweep_is_of_the_widths_that_are_set():
    (tie,) = (found.separation for found in transitions(0.4, (0.8, 1.2)) if found.kind == "tie")
    (mirrored,) = (found.separation for found in transitions(0.4, (1.2, 0.8)) if found.kind == "tie")
    said = words(open_home(motion="sweep", weight=0.4, right=0.8, left=1.2))
    assert f"{tie:.4f}" in said and f"{mirrored:.4f}" not in said


def test_a_flow_without_an_end_is_said_and_the_controls_stay(monkeypatch):
    def endless(*_):
        raise RuntimeError("it has no end")

    monkeypatch.setattr(stage, "answered", endless)
    app = open_home(**UNEQUAL)
    assert [error.value for error in app.error] == ["No fit from here: it has no end."]
    assert len(app.number_input) == 6 and not app.exception


@pytest.mark.parametrize("script", [page.script for page in PAGES])
@pytest.mark.parametrize(("units", "carried"), [("bits", "units=bits"), ("nats", "")])
def test_every_link_of_the_navigation_carries_the_units(script, units, carried):
    app = open_home(units=units)
    if script != "app.py":
        app.query_params["units"] = units
        app.switch_page(script).run()
    links = app.get("page_link")
    assert len(links) >= len(PAGES)  # a page points to others once more
    assert all(link.proto.query_string.endswith(carried) for link in links)
    navigation = app.sidebar.get("page_link")
    assert [link.proto.query_string for link in navigation] == [carried] * len(PAGES)


@pytest.mark.parametrize("planted", [{"seperation": 9.0}, {"separation": 90.0}, {"weight": 0.512}], ids=repr)
def test_a_preset_of_no_field_or_of_a_value_that_cannot_be_set_is_refused(planted, monkeypatch):
    monkeypatch.setitem(PRESETS, "Planted", {**UNEQUAL, **planted})
    app = open_home()
    assert app.exception or app.error
