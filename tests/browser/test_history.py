"""The browser's history: one entry a page, and Back restores the page as it was left, address and controls alike."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.stage import rest

APART, WIDTH = "Separation of the modes", "Width of the left peak of p"  # of the stage of the home page


def query(page: Page) -> dict[str, str]:
    """What the address says."""
    return {key: texts[0] for key, texts in parse_qs(urlsplit(page.url).query).items()}


def slider(page: Page, label: str):
    """A slider by its label."""
    return page.get_by_role("slider", name=label)


def test_what_is_set_on_a_page_makes_no_entry_of_its_own(visit, address):
    page = visit(address)
    length = page.evaluate("history.length")
    rest(page)
    expect(page).to_have_url(re.compile("separation=8&"))
    for name, separation in (("Near modes: covers", "4"), ("Far modes: locks", "8"), ("Unequal", "6")):
        page.get_by_role("radio", name=name, exact=True).click()
        expect(page).to_have_url(re.compile(f"separation={separation}&"))
    slider(page, APART).press("ArrowRight")
    expect(page).to_have_url(re.compile("separation=6.05&"))
    page.get_by_text("bits", exact=True).click()
    expect(page).to_have_url(re.compile("units=bits"))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile("separation=6&"))
    assert page.evaluate("history.length") == length


def test_back_restores_the_page_as_it_was_left(visit, address):
    page = visit(f"{address}/?separation=7.25&weight=0.3")
    slider(page, WIDTH).press("ArrowLeft")  # its left end goes outwards
    expect(page).to_have_url(re.compile("left=1.05&"))
    left = query(page)
    page.get_by_role("link", name="Stationarity").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stationarity")
    expect(page).to_have_url(re.compile("stationarity.*separation=7.25"), timeout=30_000)  # the page stands
    rest(page)  # a key that comes while a page is being opened may be lost
    slider(page, "Mode separation").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("separation=7.2(&|$)"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("One target, two best fits")
    expect(slider(page, APART)).to_have_value("7.25")
    expect(slider(page, WIDTH)).to_have_attribute("aria-valuetext", "std 1.05")
    assert query(page) == left
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stationarity")
    expect(slider(page, "Mode separation").first).to_have_value("7.2")
    page.go_back()
    expect(slider(page, WIDTH)).to_have_attribute("aria-valuetext", "std 1.05")
    page.go_back()
    assert page.url == "about:blank"
