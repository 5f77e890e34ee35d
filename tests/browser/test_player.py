"""The player's speed and scrubber do what they say."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.stage import curves, divergences, quiet, settle, until

WAIT = 500  # ms, the same for every speed
OUTPUT = ".st-key-fits_place .place"


@pytest.fixture
def home(visit, address) -> Page:
    """The home page, drawn."""
    page = visit(f"{address}/?separation=8&mean=1.5")
    settle(page)
    return page


def progress(page: Page) -> float:
    """How far the motion has come, in percent."""
    return float(page.locator(OUTPUT).text_content().split("%")[0].split()[-1])


def played(page: Page, speed: str) -> float:
    """How far the motion has come after the wait, from its beginning, at a speed."""
    page.get_by_role("slider", name="Frame").press("Home")
    page.get_by_role("slider", name="Animation speed").fill(speed)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(WAIT)
    return progress(page)


def test_a_greater_speed_goes_further_in_the_same_time(home):
    slow = played(home, "-2")
    home.get_by_role("button", name="Pause").click()
    fast = played(home, "2")
    assert slow > 0 and fast > 3 * slow


def test_a_change_of_speed_while_it_plays_is_taken_at_once(home):
    home.get_by_role("slider", name="Animation speed").fill("-2")
    home.get_by_role("button", name="Play").click()
    home.wait_for_timeout(WAIT)
    slow = progress(home)
    home.get_by_role("slider", name="Animation speed").fill("2")
    home.wait_for_timeout(WAIT)
    assert progress(home) - slow > 3 * slow > 0


def test_the_scrubber_sets_the_frame(home):
    scrubber, end, ends = home.get_by_role("slider", name="Frame"), curves(home), divergences(home)
    scrubber.press("Home")
    until(home, lambda: progress(home) == 0 and curves(home) != end, seconds=1)
    quiet(home, 400)
    assert progress(home) == 0
    target, forward, reverse = curves(home)
    assert forward == reverse != end[1] and target == end[0]  # both begin with the same q
    assert set(divergences(home)).isdisjoint(ends)
    scrubber.fill("100")
    until(home, lambda: progress(home) == 50 and curves(home) != [target, forward, reverse], seconds=1)
    quiet(home, 400)
    assert progress(home) == 50
    assert len({tuple(end), tuple(curves(home)), (target, forward, reverse)}) == 3
    scrubber.press("End")
    until(home, lambda: curves(home) == end, seconds=1)
    quiet(home, 400)
    assert curves(home) == end and divergences(home) == ends
