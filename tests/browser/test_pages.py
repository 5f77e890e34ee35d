"""Every page, in both themes, wide and narrow, by its own address: no fault, and nothing in anyone's way."""

from __future__ import annotations

import pytest

from tests.browser.stage import rest, settle
from tests.serving import serve

STAGED = (  # Claims has tests of its own
    *("", "mixture_lab", "landscape", "transitions", "two_dimensions", "alpha_dial", "free_energy"),
)
PICTURED = ("any_two", "classic_exercise", "objective_check", "your_data")  # embedded, their first picture alone
PAIRED = ("code_lengths", "estimators")  # embedded, p and q in small, and the picture that is about them
PLANE = "multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]])", "multivariate_normal([0, 0], [[1, 0], [0, 1]])"
UNPICTURED = ("check_formula", "explore_formula", f"any_two?first={PLANE[0]}&second={PLANE[1]}")


def test_a_deep_link_on_a_fresh_server_shows_the_page_and_no_dialog(visit):
    with serve() as fresh:
        page = visit(f"{fresh}/glossary")
        page.get_by_role("link", name="One target, two best fits").wait_for(timeout=30_000)
        rest(page)
        assert page.locator("h1").first.inner_text() == "Glossary"
        assert page.get_by_role("dialog").count() == 0
        assert page.get_by_role("link", name="One target, two best fits").count() == 1
        page.context.close()  # before its server stops: what it then asks for would be a fault


def test_the_first_screen_of_the_home_page_needs_no_scrolling(walk, address):
    page = walk(address, anew=True)
    settle(page)
    bottoms = page.locator(".kl-card").evaluate_all("cards => cards.map(card => card.getBoundingClientRect().bottom)")
    assert len(bottoms) == 2 and max(bottoms) <= 900
    assert page.locator(".st-key-cards").evaluate("cards => cards.getBoundingClientRect().bottom") <= 900
    foot = page.locator(".st-key-foot")  # and what is at the foot of the sidebar is seen on a low screen too
    assert foot.evaluate("foot => foot.getBoundingClientRect().bottom") <= 900
    page.set_viewport_size({"width": 1280, "height": 720})
    assert foot.evaluate("foot => foot.getBoundingClientRect().bottom") <= 720


def test_each_pill_of_home_has_a_picture_of_its_own(walk, address):
    page = walk(f"{address}/?separation=8")
    settle(page)
    drawn = page.locator(".st-key-preset button").evaluate_all(
        "pills => pills.map((pill) => getComputedStyle(pill, '::before').backgroundImage)"
    )
    assert len(set(drawn)) == 4 and all("data:image/svg" in picture for picture in drawn)


def test_on_a_narrow_screen_the_chart_comes_before_the_controls(walk, address):
    page = walk(f"{address}/?separation=8", width=390, height=844)
    settle(page)
    chart = page.locator(".st-key-fits_place svg").first.bounding_box()
    slider = page.get_by_role("slider", name="Separation of the modes").bounding_box()
    assert chart["y"] + chart["height"] <= slider["y"] < chart["y"] + chart["height"] + 120


def embedded(walk, address, script):
    """The page in a frame of 640 by 480 px, all of which is seen without scrolling."""
    page = walk(f"{address}/{script}{'&' if '?' in script else '?'}embed=true", width=640, height=480)
    rest(page)
    room = "main => [main.scrollHeight - main.clientHeight, main.scrollWidth - main.clientWidth]"
    assert page.locator("[data-testid=stMain]").evaluate(room) == [0, 0]
    assert not page.locator("[data-testid=stSidebar], [data-testid=stHeader], h1").filter(visible=True).count()
    return page


@pytest.mark.parametrize("script", (*STAGED, *PICTURED))
def test_embedded_the_stage_needs_no_scrolling(walk, address, script):
    page = embedded(walk, address, script)
    pictures = page.locator("svg[data-picture], [data-picture] svg, svg.marks").filter(visible=True)
    picture = pictures.first.bounding_box()
    assert picture["height"] > 150 and picture["y"] + picture["height"] <= 480


@pytest.mark.parametrize("script", PAIRED)
def test_embedded_the_picture_stands_under_p_and_q(walk, address, script):
    pictures = embedded(walk, address, script).locator("svg.marks").filter(visible=True)
    pair, *others = (pictures.nth(i).bounding_box() for i in range(pictures.count()))
    assert len({picture["y"] for picture in others}) == 1  # one row: of the terms, or of the bounds both ways
    for picture in others:
        assert picture["y"] >= pair["y"] + pair["height"] and picture["height"] > 100
        assert picture["y"] + picture["height"] <= 480


@pytest.mark.parametrize("script", UNPICTURED)
def test_embedded_a_page_without_a_picture_is_what_it_says(walk, address, script):
    page = embedded(walk, address, script)
    said = page.locator(".st-key-opening p").bounding_box()
    assert said["height"] > 40 and said["y"] + said["height"] <= 480  # both sentences


@pytest.mark.parametrize("script", STAGED)
def test_presented_the_stage_stands_alone(walk, address, script):
    page = walk(f"{address}/{script}?present=true")
    rest(page)
    assert page.evaluate("location.search").count("present=true") == 1
    assert not page.locator("[data-testid=stSidebar], table").filter(visible=True).count()
    right = page.locator("[data-testid=stMain] :is(svg.marks, [data-picture])").evaluate_all(
        "pictures => Math.max(...pictures.map(picture => picture.getBoundingClientRect().right))"
    )
    assert 1000 < right <= 1280
    page.get_by_text("Present", exact=True).click()
    page.get_by_role("link", name="Glossary").wait_for(timeout=10_000)


def test_units_hold_from_page_to_page_and_in_a_fresh_session(walk, address):
    page = walk(f"{address}/?separation=8")
    settle(page)
    page.get_by_text("bits", exact=True).click()
    page.wait_for_function("() => location.search.includes('units=bits')", timeout=10_000)
    page.get_by_role("link", name="Glossary").click()
    page.get_by_role("heading", name="Glossary").wait_for()
    page.wait_for_function("() => location.search.includes('units=bits')", timeout=10_000)
    fresh = walk(page.evaluate("location.href"), anew=True)
    assert fresh.get_by_role("radio", name="bits").is_checked()


def test_a_term_is_linked_from_where_it_is_used(walk, address):
    page = walk(f"{address}/?units=bits")
    settle(page)
    target = page.get_by_role("link", name="invents").first.get_attribute("href")
    assert target == "glossary?units=bits#hallucinated"
    glossary = walk(f"{address}/{target}", anew=True)
    rest(glossary)
    assert glossary.locator("#hallucinated").count() == 1


def test_a_number_says_on_hover_what_it_is(walk, address):
    page = walk(f"{address}/?separation=8")
    settle(page)
    page.get_by_role("button", name="All digits").first.click()
    row = page.locator("tr", has=page.get_by_role("link", name="misses")).first
    row.locator("td").last.hover()
    hint = page.get_by_role("tooltip").filter(has_text="p exceeds q")
    hint.wait_for()


def test_a_term_says_what_it_means_on_focus_and_escape_takes_it_away(walk, address):
    page = walk(f"{address}/?separation=8")
    settle(page)
    term, hint = page.get_by_role("link", name="invents").first, page.locator("#kl-hint")
    term.focus()
    hint.wait_for()
    assert "q exceeds p" in hint.inner_text() and term.get_attribute("aria-describedby") == "kl-hint"
    page.keyboard.press("Escape")
    hint.wait_for(state="hidden")
    assert term.get_attribute("aria-describedby") is None


def test_a_tap_on_a_term_says_what_it_means_and_leaves_the_page_open(visit, address):
    page = visit(address, width=390, height=844, has_touch=True, is_mobile=True)
    settle(page)
    page.get_by_role("link", name="invents").first.tap()
    hint = page.locator("#kl-hint")
    hint.wait_for()
    assert "q exceeds p" in hint.inner_text() and len(page.context.pages) == 1
    assert hint.get_by_role("link", name="Glossary").get_attribute("href").endswith("glossary#hallucinated")
    box = hint.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator("h1").first.tap()
    hint.wait_for(state="hidden")
