"""The Derive section in a browser: what is picked is in the address, and the address opens it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kl_engine.symbolic import DERIVATIONS
from tests.browser.stage import rest
from tests.serving import serve


def pick(page, label: str, option: str) -> None:
    """Choose from a select box."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.parametrize(
    ("path", "label", "option"),
    [
        ("closed_forms", "Subject", "Gamma"),
        ("stationarity", "Subject", "A mixture"),
        ("explore_formula", "Formula", "Laplace"),
    ],
)
def test_a_link_opens_the_same_lesson_in_a_fresh_session(walk, address, path, label, option):
    page = walk(f"{address}/{path}")
    rest(page)
    before = page.evaluate("location.search")
    pick(page, label, option)
    page.wait_for_function("before => location.search !== before", arg=before, timeout=10_000)
    link = page.evaluate("location.href")
    fresh = walk(link, anew=True)
    rest(fresh)
    assert fresh.get_by_role("combobox", name=label).input_value() == option
    assert fresh.get_by_role("alert").count() == 0
    assert fresh.evaluate("location.href") == link


SHOWN = """() => [...document.querySelectorAll('.st-key-proofs .katex-display')].map(display => ({
    lines: new Set([...display.querySelectorAll('.katex-html > .base')].map(b => Math.round(
        b.getBoundingClientRect().bottom / 30))).size,
    hidden: display.scrollWidth - display.clientWidth,
    bar: `${getComputedStyle(display).overflowX} ${getComputedStyle(display).scrollbarWidth}`,
}))"""


def test_a_wide_formula_breaks_on_a_phone_and_shows_a_bar_where_it_cannot(walk, address):
    page = walk(f"{address}/closed_forms", width=390, height=844)
    rest(page)
    page.locator(".st-key-proofs .katex-display").nth(3).scroll_into_view_if_needed()
    rest(page)  # with another typeface the formulas are wider
    shown = page.evaluate(SHOWN)
    assert any(display["lines"] > 1 for display in shown)
    assert all(display["hidden"] <= 1 for display in shown)
    page.set_viewport_size({"width": 120, "height": 844})
    rest(page)
    hidden = [display for display in page.evaluate(SHOWN) if display["hidden"] > 1]
    assert hidden and all(display["bar"] == "auto thin" for display in hidden)


def test_the_step_is_in_the_address(walk, address):
    page = walk(f"{address}/closed_forms?pace=one+at+a+time&step=2")
    rest(page)
    page.get_by_role("button", name="Next step").click()
    page.wait_for_function("() => location.search.includes('step=3')", timeout=10_000)
    fresh = walk(page.evaluate("location.href"), anew=True)
    fresh.get_by_text("step 3 of 5").wait_for(timeout=30_000)


def test_undo_knows_of_a_slider_that_leaves_the_derivations_alone(walk, address):
    """The slider runs its panel alone, and Undo stands outside it: only a browser asks for a part of a page."""
    page = walk(f"{address}/closed_forms", anew=True)  # nothing set before can be undone
    rest(page)
    undo = page.get_by_role("button", name="Undo")
    slider = page.locator("[data-testid=stMain] [data-testid=stSlider] input[type=range]").first
    before = slider.input_value()
    assert undo.is_disabled()
    slider.press("ArrowRight")
    rest(page)
    assert slider.input_value() != before and undo.is_enabled()
    undo.click()
    rest(page)
    assert slider.input_value() == before and undo.is_disabled()


def test_every_formula_of_every_derivation_is_set_without_an_error(visit):
    """By the KaTeX of the app, in one page: a sign that it does not know is red there, and no Python sees it."""
    lines = sum(len(derivation.steps) for derivation in DERIVATIONS.values())
    with serve(Path(__file__).with_name("every_formula.py")) as address:
        page = visit(address)
        page.get_by_text(f"{lines} lines in all").wait_for(timeout=120_000)
        rest(page)
        set_so, refused = (page.locator(kind).count() for kind in (".katex-display", ".katex-error"))
        page.close()  # before its server is
    assert (set_so, refused) == (lines, 0)
