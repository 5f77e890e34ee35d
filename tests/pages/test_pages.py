"""Every page run by Streamlit's own test harness: no exception, and what it says."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from pages.ui.frame import shell
from pages.ui.frame.shell import PAGES
from pages.ui.glossary import TERMS
from pages.ui.state.presets import PRESETS
from tests.pages.opening import press, visit, words
from tests.pages.reading import estimates

open_home = partial(visit, "app.py")
SECONDS = 30
WITHOUT_PICTURE = {"pages/explore_formula.py", "pages/check_formula.py", "pages/glossary.py", "pages/api.py"}


@pytest.mark.parametrize("script", [page.script for page in PAGES])
def test_it_runs_and_lets_its_picture_be_painted_once(script, monkeypatch):
    pauses = []
    monkeypatch.setattr(shell, "time", SimpleNamespace(sleep=pauses.append))
    app = open_home()
    if script != "app.py":
        pauses.clear()
        app.switch_page(script).run()
    assert not app.exception
    assert len(pauses) == (script not in WITHOUT_PICTURE)
    assert app.title[0].value == next(page.title for page in PAGES if page.script == script)
    app.toggle(key="present").set_value(True).run()
    assert not app.exception and app.query_params["present"] in ("true", ["true"])
    assert len(pauses) == (script not in WITHOUT_PICTURE)  # what a person does there is answered at once


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_its_controls(name):
    app = open_home()
    press(app, name)
    assert not app.exception
    assert {key: app.session_state[key] for key in PRESETS[name]} == PRESETS[name]


def test_the_text_follows_the_target():
    covering, locked = open_home(separation="4", mean="1.5"), open_home(separation="8", mean="1.5")
    assert "Reverse covers both modes" in words(covering) and "No other local minimum" in words(covering)
    assert "Reverse takes the right mode** and misses half of p." in words(locked) and "0.693053 nats" in words(locked)


def test_two_answers_at_separation_5():
    from_aside, from_the_centre = open_home(separation="5", mean="2"), open_home(separation="5", mean="0")
    assert "a better one exists" in words(from_aside)
    assert "A better one, N(0, 2.391²), saves 0.185401 nats" in words(from_aside)
    assert "none is better than this one" in words(from_the_centre)


def test_the_sweep_prints_its_tie_or_that_there_is_none():
    assert "5.6002" in words(open_home(motion="sweep"))
    assert "moves without a jump" in words(open_home(motion="sweep", left="4"))


def test_bits_are_nats_over_log_2():
    assert "0.226508 nats" in words(open_home(separation="4"))
    assert "0.326782 bits" in words(open_home(separation="4", units="bits"))


@pytest.mark.parametrize("motion", ["fit", "sweep"])
def test_the_python_code_reproduces_the_numbers(motion, capsys):
    app = open_home(separation="6", weight="0.7", right="0.6", left="1.4", mean="-1", std="2", motion=motion)
    exec(compile(app.code[0].value, "<page>", "exec"), {})
    printed = capsys.readouterr().out
    values = estimates(printed)
    shown = words(app)
    assert len(values) == 8
    for value in (values[0], values[1], values[4], values[5]):
        assert f"{value:.6f} nats" in shown


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e308", "", "9" * 10_000, "<script>", "１", "5;--"])
@pytest.mark.parametrize("key", ["separation", "std", "motion", "integrands", "units"])
def test_no_text_in_the_address_stops_the_page(key, text):
    app = open_home(**{key: text})
    assert not app.exception
    assert app.title[0].value == "One target, two best fits"


def test_every_term_has_its_own_anchor():
    anchors = [term.anchor for term in TERMS]
    assert len(set(anchors)) == len(anchors)


def test_every_meaning_can_stand_in_a_link_of_a_table():
    assert not [term.name for term in TERMS if set(term.meaning) & set('"|\\\n')]


def test_what_is_set_on_one_page_holds_on_the_next():
    app = open_home(mean="9.5", separation="7.35")
    for script in ("pages/stationarity.py", "app.py"):
        app.query_params.clear()  # as a link of the navigation does
        app.switch_page(script).run()
        assert not app.exception
        assert (app.session_state["mean"], app.session_state["separation"]) == (9.5, 7.35)
