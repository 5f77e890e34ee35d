"""The stage of the plane: p follows the hand, Python hears of it at the end, keys do the same."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

from pages.ui.say.numbers import three
from pages.ui.state.plane import CLASSIC, PLANE
from tests.browser.stage import rest, until

STAGE = ".st-key-plane_stage"
DOTS = f"{STAGE} figure:first-child .handles .dot"
ENDS = f"{STAGE} figure:first-child .handles .end"
SVG = "{http://www.w3.org/2000/svg}"
TARGET = f"{STAGE} figure:first-child path.target"


@pytest.fixture
def plane(walk, address) -> Page:
    """The page with its first preset."""
    page = walk(f"{address}/two_dimensions")
    page.locator(DOTS).first.wait_for(timeout=30_000)
    rest(page)
    return page


def rows(page: Page) -> tuple:
    """The components of p, as the link has them."""
    return PLANE.parse(parse_qs(urlsplit(page.url).query)["p"][0])


def grab(page: Page, selector: str, k: int) -> tuple[float, float]:
    """Take hold of a handle; where it is."""
    box = page.locator(selector).nth(k).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def test_p_follows_the_hand_and_python_hears_of_it_at_the_end(plane):
    sent = []
    session = plane.context.new_cdp_session(plane)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", lambda frame: sent.append(frame))
    drawn = plane.locator(TARGET).first
    pictures = {drawn.get_attribute("d")}
    x, y = grab(plane, DOTS, 1)
    for step in range(1, 13):
        plane.mouse.move(x + 4 * step, y - 2 * step)
        assert until(plane, lambda: drawn.get_attribute("d") not in pictures, seconds=0.5)
        pictures.add(drawn.get_attribute("d"))
    assert len(pictures) == 13 and not sent
    assert plane.locator(f"{STAGE} .stale").count() > 0
    plane.mouse.up()
    rest(plane)
    (weight, left, *others), (_, right, up, *cov) = rows(plane)
    assert (weight, left, others) == (CLASSIC[0][0], CLASSIC[0][1], list(CLASSIC[0][2:]))
    assert right > CLASSIC[1][1] and up > CLASSIC[1][2] and cov == list(CLASSIC[1][3:])
    assert sent and plane.locator(f"{STAGE} .stale").count() == 0
    shown = plane.locator(f"{STAGE} figcaption").first.inner_text()
    # The table has six digits, of which the title has three.
    told = plane.locator("table").first.inner_text().split("D(p‖q)")[1].split()[0]
    assert three(0.165606) not in shown and shown.split("= ")[1] == f"{three(float(told))} nats"


def test_an_axis_turns_and_grows(plane):
    x, y = grab(plane, ENDS, 0)
    plane.mouse.move(x - 25, y, steps=4)
    plane.mouse.up()
    rest(plane)
    first, second = rows(plane)
    assert second == CLASSIC[1] and first[:3] == CLASSIC[0][:3]
    assert first[3:] != CLASSIC[0][3:] and first[3] * first[5] > first[4] ** 2


def test_keys_move_and_weigh(plane):
    plane.locator(f"{STAGE} figure:first-child .handles g").nth(3).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "+"):
        plane.keyboard.press(key)
    rest(plane)
    first, second = rows(plane)
    assert second[1] > CLASSIC[1][1] and second[2] > CLASSIC[1][2]
    assert second[0] == pytest.approx(0.52) and first[0] == pytest.approx(0.48)
    plane.keyboard.press("Delete")
    rest(plane)
    assert len(rows(plane)) == 1


def test_both_panels_are_saved_as_one_picture(plane):
    plane.get_by_text("Take it away").click()
    rest(plane)
    plane.get_by_label("Which picture").select_option("Both fits in the plane")
    with plane.expect_download() as waiting:
        plane.get_by_role("button", name="Picture as SVG").click()
    saved = waiting.value
    sheet = ElementTree.parse(saved.path()).getroot()
    assert saved.suggested_filename == "kl-lab-two_dimensions.svg" and sheet.tag == f"{SVG}svg"
    assert [text.text.split(":")[0] for text in sheet.findall(f"{SVG}text")] == ["Forward", "Reverse"]
    for panel, role in zip(sheet.findall(f"{SVG}svg"), ("forward", "reverse")):
        paths = panel.findall(f".//{SVG}path")
        assert sum(path.get("class") == "target" for path in paths) == 5
        fits = [path.get("style") for path in paths if path.get("class") == role]
        assert len(fits) == 2 and all("dasharray:" in style and "dasharray:none" not in style for style in fits)
        assert not panel.findall(f".//{SVG}circle")


def test_the_first_screen_needs_no_scrolling_and_on_a_phone_controls_are_under_the_picture(plane, walk, address):
    bottoms = plane.locator("table").evaluate_all("tables => tables.map(t => t.getBoundingClientRect().bottom)")
    assert max(bottoms) <= 900
    narrow = walk(f"{address}/two_dimensions", width=390, height=844)
    narrow.locator(DOTS).first.wait_for(timeout=30_000)
    rest(narrow)
    picture = narrow.locator(TARGET).first.bounding_box()["y"]
    preset, control = (narrow.get_by_role("radio", name=name).bounding_box()["y"] for name in ("Far apart", "a circle"))
    assert preset < picture < control  # as on every page
