"""The stage of the mixture lab: dragged and by keys, in step with the table and the link, silent while held."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from pages.ui.state.mixture import P
from tests.browser.grid import type_into
from tests.browser.stage import messages_since, points, requests_from_now, rest, until
from tests.pages.reading import numbers

DOTS = ".st-key-lab_stage .handles .component .dot"


@pytest.fixture
def lab(visit, address) -> Page:
    """The lab with its first example."""
    page = visit(f"{address}/mixture_lab")
    page.locator(DOTS).first.wait_for(timeout=30_000)
    rest(page)
    return page


def rows(page: Page) -> tuple:
    """The components of p, as the link has them."""
    return P.parse(parse_qs(urlsplit(page.url).query)["p"][0])


def centre(page: Page, k: int) -> tuple[float, float]:
    """Where the handle of a component is."""
    box = page.locator(DOTS).nth(k).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, k: int, dx: float, dy: float, shift: bool = False) -> None:
    """Drag a handle and let it go."""
    x, y = centre(page, k)
    page.mouse.move(x, y)
    if shift:
        page.keyboard.down("Shift")
    page.mouse.down()
    for part in (0.25, 0.5, 0.75, 1):
        page.mouse.move(x + part * dx, y + part * dy)
    page.mouse.up()
    if shift:
        page.keyboard.up("Shift")
    rest(page)


def test_a_handle_moves_p_and_the_forward_fit_and_python_hears_of_it_at_the_end(lab):
    drawn, asked = [], requests_from_now(lab)
    target = lab.locator(".st-key-lab_stage .curves .target")
    forward = lab.locator(".st-key-lab_stage .curves .forward")
    x, y = centre(lab, 1)
    lab.mouse.move(x, y)
    lab.mouse.down()
    for step in range(1, 6):
        before = target.get_attribute("d")
        lab.mouse.move(x - 15 * step, y)
        assert until(lab, lambda before=before: target.get_attribute("d") != before, seconds=0.5)
        drawn.append((target.get_attribute("d"), forward.get_attribute("d")))
    assert len(set(drawn)) == 5 and all(len(points(curve)) > 40 for pair in drawn for curve in pair)
    assert messages_since(lab) == 0 and asked == []
    lab.mouse.up()
    rest(lab)
    assert messages_since(lab) >= 1
    (_, left, _), (_, right, std) = rows(lab)
    assert left == -2.5 and 0.3 < right < 2.2 and std == 1
    fit = lab.locator(".st-key-lab_stage .key").inner_text()
    assert numbers(fit)[:1] == [pytest.approx((left + right) / 2, abs=1e-3)]
    table = lab.locator("[data-testid=stMarkdown] table").first.inner_text()
    assert numbers(table)[0] == pytest.approx((left + right) / 2, abs=1e-4)


def test_up_and_down_is_the_width_and_with_shift_the_weight(lab):
    drag(lab, 0, 0, 60)
    (weight, mean, std), _ = rows(lab)
    assert (weight, mean) == (0.5, -2.5) and 1.2 < std < 3
    drag(lab, 0, 0, 30, shift=True)
    (weight, mean, after), (other, _, _) = rows(lab)
    assert mean == -2.5 and after == std and 0.1 < weight < 0.45 and weight + other == pytest.approx(1)


def test_by_keys_alone(lab):
    lab.locator(".st-key-lab_stage .handles .component").first.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "+"):
        lab.keyboard.press(key)
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
    assert len(rows(lab)) == 1 and lab.locator(DOTS).count() == 1


def test_a_number_typed_into_the_table_moves_the_stage(lab):
    x, _ = centre(lab, 1)
    type_into(lab, 1, 1, "4")  # the mean of the second component
    rest(lab)
    assert rows(lab)[1] == (0.5, 4.0, 1.0)
    assert centre(lab, 1)[0] != x


def test_every_stationary_point_is_drawn(lab):
    curves = lab.locator(".st-key-lab_stage .curves")
    assert curves.locator(".reverse").count() == 3 and curves.locator(".saddle").count() == 2
