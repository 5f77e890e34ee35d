"""The player's speed and scrubber do what they say."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.stage import curves, divergences, rest, settle, until

RATE, LAST = 60, 200  # frames a second at speed 1; the last frame
SAMPLES = 12
# The time and the frame of each picture that the browser paints from now on, until there are enough or it has ended.
WATCHED = """([scrubber, samples, last]) => new Promise((done) => {
  const seen = [];
  const look = (now) => {
    seen.push([now, Number(scrubber.value)]);
    if (seen.length >= samples || Number(scrubber.value) >= last) done(seen);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
OUTPUT = ".st-key-fits_place .place"


@pytest.fixture
def home(walk, address) -> Page:
    """The home page, drawn."""
    page = walk(f"{address}/?separation=8&mean=1.5")
    settle(page)
    return page


def progress(page: Page) -> float:
    """How far the motion has come, in percent."""
    return float(page.locator(OUTPUT).text_content().split("%")[0].split()[-1])


def keeps_to(page: Page, speed: float) -> bool:
    """Whether the frames go by at a speed: each picture has the frame of its own time, on a slow machine too."""
    scrubber = page.get_by_role("slider", name="Frame").element_handle()
    (began, first), *later = page.evaluate(WATCHED, [scrubber, SAMPLES, LAST])
    due = [min(first + RATE * speed * (now - began) / 1000, LAST) for now, _ in later]
    return bool(later) and all(abs(frame - at) <= 1.01 for (_, frame), at in zip(later, due))


@pytest.mark.parametrize("octave", [-2, 2])
def test_the_frames_keep_to_the_speed(home, octave):
    home.get_by_role("slider", name="Animation speed").fill(str(octave))
    home.get_by_role("button", name="Play").click()
    assert keeps_to(home, 2.0**octave)


def test_a_change_of_speed_while_it_plays_is_taken_at_once(home):
    speed = home.get_by_role("slider", name="Animation speed")
    speed.fill("-2")
    home.get_by_role("button", name="Play").click()
    assert keeps_to(home, 0.25)
    speed.fill("2")
    assert keeps_to(home, 4)


def test_the_scrubber_sets_the_frame(home):
    scrubber, end, ends = home.get_by_role("slider", name="Frame"), curves(home), divergences(home)
    scrubber.press("Home")
    until(home, lambda: progress(home) == 0 and curves(home) != end, seconds=1)
    rest(home)
    assert progress(home) == 0
    target, forward, reverse = curves(home)
    assert forward == reverse != end[1] and target == end[0]  # both begin with the same q
    assert set(divergences(home)).isdisjoint(ends)
    scrubber.fill("100")
    until(home, lambda: progress(home) == 50 and curves(home) != [target, forward, reverse], seconds=1)
    rest(home)
    assert progress(home) == 50
    assert len({tuple(end), tuple(curves(home)), (target, forward, reverse)}) == 3
    scrubber.press("End")
    until(home, lambda: curves(home) == end, seconds=1)
    rest(home)
    assert curves(home) == end and divergences(home) == ends
