"""The stage of the mixture lab: dragged and by keys, in step with the table and the link, silent while held."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from pages.ui.state.mixture import P
from tests.browser.grid import type_into
from tests.browser.stage import (
    FITS,
    STAGE,
    centre,
    curves,
    divergences,
    handle,
    messages_since,
    points,
    requests_from_now,
    rest,
    until,
)
from tests.pages.reading import numbers

PEAK = "Peak of component {} of p"
WIDTH = "Width of component {} of p"


@pytest.fixture
def lab(walk, address) -> Page:
    """The lab with its first example."""
    page = walk(f"{address}/mixture_lab")
    rest(page)
    return page


def rows(page: Page) -> tuple:
    """The components of p, as the link has them."""
    return P.parse(parse_qs(urlsplit(page.url).query)["p"][0])


def drag(page: Page, name: str, dx: float, dy: float) -> None:
    """Drag a handle and let it go."""
    x, y = centre(page, name)
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (0.25, 0.5, 0.75, 1):
        page.mouse.move(x + part * dx, y + part * dy)
    page.mouse.up()
    rest(page)


def labels(page: Page) -> list[str]:
    """What is written at the peaks of the fits, but for those of other minima."""
    return page.locator(f"{STAGE} .labels :is(.forward-number, .reverse-number)").all_text_contents()


def test_while_a_peak_is_held_p_and_both_fits_follow_and_python_hears_of_it_at_the_end(lab):
    drawn, asked = [], requests_from_now(lab)
    x, y = centre(lab, PEAK.format(2))
    lab.mouse.move(x, y)
    lab.mouse.down()
    for step in range(1, 6):
        before = curves(lab)
        lab.mouse.move(x - 15 * step, y)
        assert until(lab, lambda before=before: curves(lab) != before, seconds=1)
        drawn.append((*curves(lab), *labels(lab), *divergences(lab)))
    assert [len(set(column)) for column in zip(*drawn)] == [5] * 7
    assert all(len(points(curve)) > 40 for frame in drawn for curve in frame[:3])
    assert messages_since(lab) == 0 and asked == []
    live = divergences(lab)
    lab.mouse.up()
    rest(lab)
    assert messages_since(lab) >= 1
    (_, left, _), (_, right, std) = rows(lab)
    assert left == -2.5 and 0.3 < right < 2.2 and std == 1
    assert divergences(lab) == live
    assert lab.locator(".kl-card .number b").all_inner_texts() == [number.split(" = ")[1] for number in live]
    table = lab.locator("[data-testid=stMarkdown] table").first.inner_text()
    assert numbers(table)[0] == pytest.approx((left + right) / 2, abs=1e-4)


def test_a_hand_that_holds_still_is_shown_every_minimum(walk, address):
    """One of the three peaks of a comb is carried onto another: their common fit was none before."""
    page = walk(f"{address}/mixture_lab?p=0.3,-6,0.5;0.3,-3,0.5;0.4,5,0.5&q=5,1")
    rest(page)
    x, y = centre(page, PEAK.format(1))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.9 * (centre(page, PEAK.format(2))[0] - x), y)
    page.wait_for_function("() => klLabFits.stage.sought > 10", polling="raf")  # every start has had its turn
    live = page.evaluate("klLabFits.stage.shown")
    page.mouse.up()
    rest(page)
    said = page.evaluate("klLabFits.stage.shown")
    assert len(said["others"]) == len(live["others"]) == 1
    for name in ("forward", "reverse"):
        assert live[name] == pytest.approx(said[name], abs=1e-6)
    assert live["others"][0] == pytest.approx(said["others"][0], abs=1e-6)


def test_up_and_down_is_the_height_and_the_arrows_are_the_width(lab):
    drag(lab, PEAK.format(1), 0, 60)
    (weight, mean, std), (other, _, _) = rows(lab)
    assert (mean, std) == (-2.5, 1) and 0.1 < weight < 0.45 and weight + other == pytest.approx(1)
    box = handle(lab, WIDTH.format(1)).locator("path").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.mouse.move(x, y)
    lab.mouse.down()
    lab.mouse.move(x + 50, y + 4, steps=4)
    lab.mouse.up()
    rest(lab)
    (after, mean, std), (_, _, same) = rows(lab)
    assert (after, mean, same) == (weight, -2.5, 1) and 1.2 < std < 3


def test_by_keys_alone(lab):
    handle(lab, PEAK.format(1)).focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "+"):
        lab.keyboard.press(key)
    handle(lab, WIDTH.format(1)).focus()
    lab.keyboard.press("ArrowRight")
    rest(lab)
    (weight, mean, std), _ = rows(lab)
    assert weight == pytest.approx(0.52) and mean < -2.5 and std == pytest.approx(1.05)
    lab.keyboard.press("Delete")
    rest(lab)
    assert [row[1:] for row in rows(lab)] == [(2.5, 1.0)]
    lab.get_by_role("button", name="+ component").click()
    rest(lab)
    assert len(rows(lab)) == 2
    lab.get_by_role("button", name="Undo").click()
    rest(lab)
    assert len(rows(lab)) == 1 and handle(lab, PEAK.format("")).count() == 0 and handle(lab, "Peak of").count() == 1


def test_the_start_of_q_is_a_handle_and_its_sign_stands_where_it_leads(lab):
    led = lab.locator(f"{STAGE} .labels text", has_text="◆")
    assert led.text_content() == "◆ or 0.666"
    drag(lab, "Start of q: mean", -(centre(lab, "Start of q: mean")[0] - centre(lab, PEAK.format(1))[0]) / 2, 0)
    assert led.text_content() == "◆ reverse 0.481"
    assert "← your start" in lab.locator("[data-testid=stMarkdown] table tr").nth(1).inner_text()


def test_a_std_that_q_keeps_is_kept_while_it_is_dragged(lab):
    lab.get_by_text("held at its start value").click()
    rest(lab)
    box = handle(lab, "Start of q: std").locator("path").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.mouse.move(x, y)
    lab.mouse.down()
    lab.mouse.move(x + 40, y, steps=4)
    live = lab.evaluate("new Promise(requestAnimationFrame).then(() => klLabFits.stage.shown)")
    std = lab.evaluate("klLabFits.stage.state.q[1]")
    assert std > 1.3 and live["forward"][1] == live["reverse"][1] == std
    lab.mouse.up()
    rest(lab)
    said = lab.evaluate("klLabFits.stage.shown")
    for name in ("forward", "reverse"):
        assert live[name] == pytest.approx(said[name], abs=1e-6)


def test_a_number_typed_into_the_table_moves_the_stage(lab):
    x, _ = centre(lab, PEAK.format(2))
    type_into(lab, 1, 1, "4")  # the mean of the second component
    rest(lab)
    assert rows(lab)[1] == (0.5, 4.0, 1.0)
    assert centre(lab, PEAK.format(2))[0] != x


def test_every_stationary_point_is_drawn(lab):
    assert lab.locator(f"{FITS} .reverse").count() == 3 and lab.locator(f"{FITS} .unstable.dot").count() == 2
