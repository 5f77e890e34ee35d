"""The stage of a line through data: the fits follow the hand, Python hears at the end, and both say the same."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from pages.ui.views.regression.question import DATA, FIRST, PRESETS, Question
from pages.ui.views.regression.scene import EP, MARGINALS, MEAN_FIELD, answered
from tests.browser.stage import rest, until

STAGE = ".st-key-line_stage"
DOTS = f"{STAGE} .handles .dot"
BAND = f"{STAGE} figure:first-child path.band"


@pytest.fixture
def stage(walk, address):
    """The page at an address."""

    def opened(query: str = "") -> Page:
        page = walk(f"{address}/regression{query}")
        page.locator(DOTS).first.wait_for(timeout=30_000)
        rest(page)
        return page

    return opened


def rows(page: Page) -> tuple:
    """The points, as the link has them."""
    return DATA.parse(parse_qs(urlsplit(page.url).query)["data"][0])


def told(page: Page) -> dict:
    """The fits that the browser has drawn."""
    return json.loads(page.locator(f"{STAGE} .line").get_attribute("data-told"))


def check(page: Page, data: tuple) -> None:
    """The fits of the browser are those of the engine."""
    scene, found = answered(Question(data, 0.6, 5.0)), told(page)
    fits = {"exact": scene.posterior, "reverse": scene[MEAN_FIELD].q, "propagated": scene[EP].q}
    for name, q in {**fits, "forward": scene[MARGINALS].q}.items():
        (a, b), (_, d) = q.cov.tolist()
        scale = np.sqrt(np.diagonal(scene.posterior.cov))
        assert np.abs(found[name]["mean"] - q.mean).max() < 1e-6 * scale.max(), name
        assert found[name]["cov"] == pytest.approx([a, b, d], rel=1e-6, abs=1e-9), name


@pytest.mark.parametrize("name", ["Far away", "Two clusters"])
def test_the_browser_and_the_engine_have_the_same_fits(stage, name):
    check(stage(f"?data={DATA.text(PRESETS[name])}"), PRESETS[name])


def test_the_fits_follow_the_hand_and_python_hears_at_the_end(stage):
    page, sent = stage(), []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", lambda frame: sent.append(frame))
    drawn = page.locator(BAND)
    pictures = {drawn.get_attribute("d")}
    box = page.locator(DOTS).nth(2).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + 3 * step, y - 5 * step)
        assert until(page, lambda: drawn.get_attribute("d") not in pictures)
        pictures.add(drawn.get_attribute("d"))
    assert len(pictures) == 9 and not sent
    held = told(page)
    page.mouse.up()
    rest(page)
    moved = rows(page)
    assert sent and moved[:2] == FIRST[:2] and moved[2][1] > FIRST[2][1] and moved[2][0] > FIRST[2][0]
    check(page, moved)
    assert told(page)["exact"]["mean"] == pytest.approx(held["exact"]["mean"], abs=1e-9)


def test_keys_and_buttons_do_the_same(stage):
    page = stage()
    page.get_by_role("slider", name="Point 1").press("Shift+ArrowUp")
    assert until(page, lambda: rows(page)[0][1] > FIRST[0][1])
    page.get_by_role("button", name="+ point").click()
    assert until(page, lambda: len(rows(page)) == len(FIRST) + 1)
    rest(page)
    page.get_by_role("button", name="− point").click()
    assert until(page, lambda: len(rows(page)) == len(FIRST))
