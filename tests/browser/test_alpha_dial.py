"""The α dial in a real browser: the bar moves the best q, with no word to the server."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.stage import LABELS, messages_since, points, requests_from_now, rest, settle, until

THICK = ".st-key-stage [data-testid=stVegaLiteChart] svg g.mark-line path[stroke-width='3']"


def best_q(page: Page) -> list[tuple[float, float]]:
    """The points of the thick line, in pixels."""
    return points(page.locator(THICK).first.get_attribute("d"))


def width(curve: list[tuple[float, float]]) -> float:
    """How wide a drawn bell is at half its height, in pixels; its line runs on to both ends of the axis."""
    heights = [y for _, y in curve]
    inside = [x for x, y in curve if y < (min(heights) + max(heights)) / 2]
    return max(inside) - min(inside)


def place(page: Page) -> float:
    """α as the picture says it."""
    said = page.locator(LABELS).filter(has_text="α =").first.text_content()
    return float(re.search(r"α = ([\d.]+)", said)[1])


def test_the_bar_turns_the_dial(walk, address):
    page = walk(f"{address}/alpha_dial?separation=8&alpha=0.3")
    settle(page)
    before = best_q(page)
    assert place(page) == 0.3 and len(before) > 40
    sent = requests_from_now(page)
    page.locator(".player .frame").evaluate("bar => { bar.value = 160; bar.dispatchEvent(new Event('input')); }")
    assert until(page, lambda: place(page) == 0.8, seconds=1)
    rest(page)
    after = best_q(page)
    assert place(page) == 0.8 and messages_since(page) == 0 and sent == []
    # Beyond the jump it covers both modes: lower, and over more of the line.
    assert min(y for _, y in after) > min(y for _, y in before) + 20
    assert width(after) > 2 * width(before)
    for _ in range(2):
        page.get_by_role("button", name="One step on").click()
    until(page, lambda: place(page) == 0.81, seconds=1)
    rest(page)
    assert place(page) == 0.81


def test_both_new_pages_need_no_scrolling_for_chart_and_numbers(walk, address):
    page = walk(f"{address}/alpha_dial")
    settle(page)
    assert page.locator("table").first.bounding_box()["y"] + page.locator("table").first.bounding_box()["height"] <= 900
    page = walk(f"{address}/estimators")
    page.locator("[data-testid=stVegaLiteChart] svg").nth(4).wait_for(timeout=30_000)
    charts = page.locator("[data-testid=stVegaLiteChart]").evaluate_all(
        "charts => charts.map(chart => chart.getBoundingClientRect().bottom)"
    )
    assert len(charts) >= 5 and max(charts[:5]) <= 900  # what is sampled in a loss has a picture of its own, below
