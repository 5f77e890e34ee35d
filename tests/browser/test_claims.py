"""Claims in a browser: the verdict under the hand, presented, in a frame, and taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.stage import messages_since, requests_from_now, rest

DIAL = "Mode separation"
BADGE, SAID = ".claim .badge", ".claim .here span"
LATE = "easel => easel.insertAdjacentHTML('beforeend', '<div style=\"flex: none; height: 12px\"></div>')"


def open_claim(walk, address: str, query: str, **size: int):
    """The page at this state, once its picture stands and it has what it shows under the hand."""
    page = walk(f"{address}/claims?{query}", **size)
    page.locator(".claim .picture path, .claim .picture rect").first.wait_for(state="attached", timeout=30_000)
    rest(page)
    return page


def holds(page) -> bool:
    """Whether the stage says that the claim holds where the dial stands."""
    return page.locator(BADGE).inner_text() == "holds here"


def scrolls(page) -> list[int]:
    """By how many pixels the page is higher than its window, and wider."""
    room = "main => [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth]"
    return page.locator("[data-testid=stMain]").evaluate(room)


def test_while_the_dial_is_held_picture_verdict_and_number_follow_and_nothing_is_asked_of_python(walk, address):
    page = open_claim(walk, address, "claim=locks&at=8")
    box = page.get_by_role("slider", name=DIAL).bounding_box()

    def to(value: float) -> None:
        page.mouse.move(box["x"] + 12 + (value / 10) * (box["width"] - 24), box["y"] + 24)

    def picture() -> str:
        return page.locator(".claim .drawn path.reverse").get_attribute("d")

    requests_from_now(page)
    to(8)
    page.mouse.down()
    seen = []
    drawn = [picture()]
    for value, truth in ((6.5, True), (5.75, True), (5.6, False), (5.65, True), (3.0, False)):
        to(value)
        page.get_by_text(f"{value:.2f}", exact=True).wait_for(timeout=10_000)
        assert holds(page) is truth
        seen.append(page.locator(SAID).all_inner_texts())
        drawn.append(picture())
    assert len({str(said) for said in seen}) == len(seen) and len(set(drawn)) == len(drawn)
    assert "5.600" in page.locator(".claim .verdict").inner_text()
    assert messages_since(page) == 0 and "at=8" in page.url
    page.mouse.up()
    rest(page)
    assert "at=3" in page.url and not holds(page)
    assert page.locator(SAID).all_inner_texts() == seen[-1]  # Python's own is what was shown


def test_the_keys_move_the_dial_by_its_steps(walk, address):
    page = open_claim(walk, address, "claim=locks&at=5.65")
    assert holds(page)
    page.get_by_role("slider", name=DIAL).press("ArrowLeft")
    page.wait_for_function("() => location.search.includes('at=5.6')", timeout=10_000)
    rest(page)
    assert not holds(page)
    page.get_by_role("button", name=f"{DIAL}: more").click()
    rest(page)
    assert holds(page)


@pytest.mark.parametrize("claim", ["locks", "three-forms", "collapse"])
def test_embedded_it_needs_no_scrolling(walk, address, claim):
    """The first, and the two with the longest texts."""
    page = open_claim(walk, address, f"claim={claim}&embed=true", width=640, height=480)
    assert scrolls(page) == [0, 0]
    dial = page.locator(".claim .strip").bounding_box()
    assert dial["y"] + dial["height"] <= 480 and page.locator(".claim .picture").bounding_box()["height"] >= 120
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    page.locator(".st-key-easel").evaluate(LATE)  # nor when something comes after all else, as on a slow machine
    rest(page)
    assert scrolls(page) == [0, 0]


@pytest.mark.parametrize("claim", ["locks", "three-forms", "collapse"])
def test_presented_it_needs_no_scrolling(walk, address, claim):
    page = open_claim(walk, address, f"claim={claim}&present=true", width=1280, height=720)
    assert scrolls(page) == [0, 0]
    assert page.locator(".claim .picture").bounding_box()["height"] >= 150


def test_presented_the_claim_stands_alone_and_larger(walk, address):
    page = open_claim(walk, address, "claim=locks&at=8")
    plain = page.locator("h2").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    page.get_by_text("Present", exact=True).click()
    page.locator("[data-testid=stSidebar]").wait_for(state="hidden", timeout=10_000)
    assert page.locator("h2").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") > 1.2 * plain
    page.get_by_text("Present", exact=True).click()
    page.get_by_role("link", name="Glossary").wait_for(timeout=10_000)


def test_the_picture_is_taken_away(walk, address):
    page = open_claim(walk, address, "claim=locks&at=8")
    page.get_by_text("Take it away").click()
    rest(page)
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"Picture as {kind}").click()
        assert taken.value.suggested_filename == f"kl-lab-claims-locks.{kind.lower()}"
        assert Path(taken.value.path()).read_bytes().startswith(begins)
