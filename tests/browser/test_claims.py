"""Claims in a browser: the verdict under the hand, presented, in a frame, and taken away."""

from __future__ import annotations

from pathlib import Path

from tests.browser.stage import rest

DIAL = "Mode separation"


def open_claim(visit, address: str, query: str, **size: int):
    """The page at this state, once its picture stands."""
    page = visit(f"{address}/claims?{query}", **size)
    page.locator(".st-key-picture_of_claim svg.marks").wait_for(timeout=30_000)
    return page


def test_the_verdict_flips_under_the_hand(visit, address):
    page = open_claim(visit, address, "claim=locks&at=5.65")
    page.get_by_text("holds here", exact=True).wait_for()
    page.get_by_role("slider", name=DIAL).press("ArrowLeft")
    page.get_by_text("does not hold here").wait_for(timeout=10_000)
    page.wait_for_function("() => location.search.includes('at=5.6')", timeout=10_000)
    page.get_by_role("slider", name=DIAL).press("ArrowRight")
    page.get_by_text("holds here", exact=True).wait_for(timeout=10_000)


def test_embedded_it_needs_no_scrolling_and_has_no_sidebar(visit, address):
    page = open_claim(visit, address, "claim=locks&at=8&embed=true", width=640, height=480)
    dial = page.get_by_role("slider", name=DIAL).bounding_box()
    assert dial["y"] + dial["height"] <= 480
    assert not page.locator("[data-testid=stSidebar]").is_visible()


def test_presented_the_claim_stands_alone_and_larger(visit, address):
    page = open_claim(visit, address, "claim=locks&at=8")
    plain = page.locator("h2").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    page.get_by_text("Present", exact=True).click()
    page.locator("[data-testid=stSidebar]").wait_for(state="hidden", timeout=10_000)
    assert page.locator("h2").first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") > 1.2 * plain
    assert page.get_by_role("slider", name=DIAL).bounding_box()["y"] < 900
    page.get_by_text("Present", exact=True).click()
    page.get_by_role("link", name="Glossary").wait_for(timeout=10_000)


def test_the_picture_is_taken_away(visit, address):
    page = open_claim(visit, address, "claim=locks&at=8")
    page.get_by_text("Take it away").click()
    rest(page)
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=f"Picture as {kind}").click()
        assert taken.value.suggested_filename == f"kl-lab-claims-locks.{kind.lower()}"
        assert Path(taken.value.path()).read_bytes().startswith(begins)
