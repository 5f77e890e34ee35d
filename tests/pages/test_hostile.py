"""A short run of what nobody should send (see `tests.load.hostile`): the page stands and says what it did not use."""

from __future__ import annotations

import random

import pytest

from kl_engine.objectives.text_limits import MAX_LENGTH
from pages.ui.frame.shell import PAGES
from tests.load.hostile import Tally, attack, look, open_page
from tests.load.hostile_checks import injected
from tests.load.hostile_values import refuse_values
from tests.sweeps import WHOLE

GOOD = ["0.5,-2.5,1;0.5,2.5,1", "2,1", "1,0,0,1,0,1", "a~1/2~1/4~_b~1/2~3/4~", "E_q[log q - log p]", "bits", "7.5"]
CASES = 8 if WHOLE else 4  # of a page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_nothing_in_an_address_or_in_a_box_stops_a_page_or_becomes_markup(page):
    place, _ = look(page, {})
    tally, rng = Tally(), random.Random(page.title)
    for _ in range(CASES):
        attack(place, rng, GOOD, tally)
    # Here the first run of anything may be slow: how long one takes is for the long run to say.
    assert [fault for fault in tally.faults if "s of CPU" not in fault] == []
    assert tally.cases == CASES and "units" in place.keys


def test_what_components_and_tables_send_is_used_as_checked_or_refused():
    assert list(refuse_values(random.Random(0), 150)) == []


@pytest.mark.parametrize("query", [{"units": "x", "separation": "y"}, {"units": "x", "motion": "z", "std": "nan"}])
def test_everything_wrong_in_a_link_is_said_and_not_only_the_last(query):
    app = open_page(PAGES[0], query)
    said = " ".join(warning.value for warning in app.warning)
    assert all(key in said for key in query)
    app.number_input(key="mean").set_value(3.0).run()
    assert not app.warning  # once


@pytest.mark.parametrize(
    ("script", "key", "text", "used"),
    [
        ("infer_then_act", "noise", "0", 0.005),
        ("free_energy", "noise", "0", 0.1),
        ("transitions", "right", "0.19", 0.2),
    ],
)
def test_what_is_out_of_range_by_less_than_a_step_is_said_too(script, key, text, used):
    page = next(page for page in PAGES if page.script == f"pages/{script}.py")
    app = open_page(page, {key: text, **({"story": "Conjugate Gaussian"} if script == "free_energy" else {})})
    assert any(f"{key} must be" in warning.value for warning in app.warning)
    assert app.session_state[key] == used


def test_a_text_that_is_too_long_is_cut_and_that_is_said():
    page = next(page for page in PAGES if page.script == "pages/check_formula.py")
    app = open_page(page, {"formula": "1+" * 5000})
    assert any(f"formula is longer than {MAX_LENGTH} characters" in warning.value for warning in app.warning)
    assert len(app.text_area(key="formula").value) == MAX_LENGTH


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_every_number_control_says_its_range(page):
    _, app = look(page, {})
    for control in (*app.slider, *app.number_input):
        assert f"{control.min:g} to {control.max:g}" in control.help, control.label
    assert injected(app) == []


def test_what_would_be_markup_is_seen():
    def script():
        import streamlit as st

        st.markdown("![zq7x](http://zq7x.example/a.png)")
        st.markdown("<b>zq7x</b>", unsafe_allow_html=True)
        st.caption("see http://zq7x.example")
        st.warning(r"\<b\>zq7x and `http://zq7x.example` and \!\[zq7x\]\(http\://zq7x\.example\)")

    from streamlit.testing.v1 import AppTest

    found = injected(AppTest.from_function(script).run())
    assert len(found) == 3 and not any("warning" in what for what in found)
