"""The main jobs by keyboard alone: a preset, a slider, the animation, another page, a handle, the units."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.stage import curves, handle, rest, settle, until
from tests.pages.reading import numbers

MOST_TABS = 60
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at.textContent.length > 80) return ''; // a region that scrolls, not a control
  return `${at.getAttribute('aria-label') ?? ''} ${at.textContent ?? ''}`;
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the control that is called so has the focus."""
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED).strip().startswith(words):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} is not reached by Tab")


def press(page: Page, key: str, times: int = 1) -> None:
    """Press a key, and wait for the page."""
    for _ in range(times):
        page.keyboard.press(key)
    rest(page)


def reverse_value(page: Page) -> float:
    """D(q‖p) of the reverse fit, as its card has it."""
    return numbers(page.locator(".kl-card.reverse .number b").inner_text())[0]


def test_from_a_preset_to_the_fit_and_its_animation(walk, address):
    page = walk(address, anew=True)
    settle(page)
    tab_to(page, "Far modes")  # a group has one stop, and arrows within it
    page.keyboard.press("ArrowRight")
    press(page, "Enter")
    assert reverse_value(page) == 0.227
    tab_to(page, "Right peak of p")
    press(page, "ArrowLeft", times=4)
    assert "separation=3.8" in page.url and reverse_value(page) < 0.227
    tab_to(page, "Separation of the modes")
    press(page, "ArrowLeft", times=4)
    assert "separation=3.6" in page.url
    page.get_by_role("radio", name="Unequal").focus()
    tab_to(page, "One step back")
    before = curves(page)
    page.keyboard.press("Enter")
    assert until(page, lambda: curves(page) != before, seconds=1)


def test_from_page_to_page_to_a_handle(walk, address):
    page = walk(address, anew=True)
    settle(page)
    tab_to(page, "Mixture lab")
    page.keyboard.press("Enter")
    handle(page, "Peak of component 1").first.wait_for(timeout=30_000)
    rest(page)
    tab_to(page, "Peak of component 1 of p")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**p=0.5%2C-2.*", timeout=10_000)
    rest(page)
    assert "p=0.5%2C-2.5%2C1" not in page.url


def test_the_units(walk, address):
    page = walk(address, anew=True)
    settle(page)
    tab_to(page, "nats")  # a group has one stop, and arrows within it
    page.keyboard.press("ArrowRight")
    press(page, "Enter")
    assert "units=bits" in page.url and "bits" in page.locator(".kl-card").first.inner_text()
