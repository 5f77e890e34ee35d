"""The home page as a person sees it: played, stepped, set, linked."""

from __future__ import annotations

import pytest

from tests.browser.stage import (
    curves,
    divergences,
    messages_since,
    points,
    quiet,
    requests_from_now,
    settle,
    step,
    summit,
    until,
)


@pytest.fixture
def home(visit, address):
    """The home page in a fresh browser, drawn."""

    def open_home(query: str = "", **options):
        page = visit(f"{address}/{query}", **options)
        settle(page)
        return page

    return open_home


def test_the_charts_show_the_numbers_of_the_cards(home):
    page = home("?separation=4&mean=1.5")
    assert divergences(page) == ["forward D(p‖q) = 0.1720 nats", "reverse D(q‖p) = 0.2265 nats"]
    text = page.locator("table").all_inner_texts()
    assert "0.171999 nats" in text[0] and "0.226508 nats" in text[1]


def test_play_moves_the_curves_and_sends_nothing(home):
    page = home()
    sent = requests_from_now(page)
    page.get_by_role("button", name="Play").click()
    seen = []
    for _ in range(12):
        page.wait_for_timeout(100)
        seen.append((*curves(page), *divergences(page)))
    target, forward, reverse, forward_text, reverse_text = zip(*seen)
    assert len(set(target)) == 1
    for moved in (forward, reverse, forward_text, reverse_text):
        assert len(set(moved)) >= 6
    assert min(len(points(curve)) for curve in (*forward, *reverse)) >= 40
    assert messages_since(page) == 0 and sent == []


def test_play_ends_where_the_fits_are_and_pause_holds(home):
    page = home()
    end = curves(page)
    speed = page.get_by_role("combobox", name="Animation speed")
    speed.select_option("0.25")  # 13 s to the end: a slow machine still finds it under way
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(1000)  # the last frame is still being drawn
    held = curves(page)
    page.wait_for_timeout(300)
    assert curves(page) == held != end
    speed.select_option("4")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Play").wait_for(timeout=10_000)  # it is "Pause" while it plays
    assert until(page, lambda: curves(page) == end)
    quiet(page)
    assert curves(page) == end  # and it stays there


def test_one_step_back_and_on(home):
    page = home()
    end = curves(page)
    step(page, "One step back")
    assert curves(page) != end
    step(page, "One step on")
    assert curves(page) == end


def test_reduced_motion_shows_the_end_and_steps_by_hand(home):
    page = home(reduced_motion="reduce")
    assert page.get_by_role("button", name="Play").is_disabled()
    end = curves(page)
    step(page, "One step back", 3)
    assert curves(page) != end


def test_the_sweep_jumps_between_5_60_and_5_65(home):
    page = home("?motion=sweep&separation=5.6")
    _, forward, reverse = curves(page)
    assert abs(summit(reverse) - summit(forward)) < 3  # 5.60: it covers, centred as the forward fit
    step(page, "One step on")
    assert "5.65" in page.locator(".st-key-stage output").inner_text()
    _, forward, reverse = curves(page)
    assert summit(reverse) - summit(forward) > 50  # 5.65: it is on the right mode
    assert "5.6002" in page.locator("[data-testid=stMain]").inner_text()


def test_a_slider_moves_everything_and_the_player_returns_to_the_end(home):
    page = home("?separation=8")
    step(page, "One step back", 5)
    before = curves(page)
    slider = page.get_by_role("slider", name="Mode separation")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => location.search.includes('7.95')", timeout=10_000)
    settle(page)
    assert curves(page) != before
    assert "100 %" in page.locator(".st-key-stage output").inner_text()
    assert divergences(page)[0].split(" = ")[1][:5] in page.locator("table").first.inner_text()


def test_a_link_opens_the_same_state_in_a_fresh_browser(home, visit):
    page = home()
    page.get_by_role("button", name="Unequal").click()
    page.get_by_text("bits", exact=True).click()
    page.get_by_text("Pointwise integrands").click()
    page.wait_for_function("() => location.search.includes('integrands')", timeout=10_000)
    settle(page)
    link = page.evaluate("location.href")
    fresh = visit(link)
    settle(fresh)
    assert divergences(fresh) == divergences(page)
    assert "bits" in divergences(fresh)[0]
    assert curves(fresh) == curves(page)
    assert fresh.locator("table").all_inner_texts() == page.locator("table").all_inner_texts()
    assert fresh.locator("[data-testid=stVegaLiteChart]").count() == 3


def test_a_faulty_link_says_what_was_used_instead(home):
    page = home("?separation=abc&weight=7&mean=-2.34&motion=%3Cb%3E")
    notice = page.get_by_role("alert").inner_text()
    assert "separation is no number from 0 to 10, so 5 is used" in notice
    assert "weight must be 0.02 to 0.98, so 0.98 is used" in notice
    assert "motion must be one of fit, sweep" in notice
    assert page.evaluate("location.search") == (
        "?separation=5&weight=0.98&right=1&left=1&mean=-2.3&std=1&motion=fit&integrands=false"
    )


def test_what_was_set_is_there_after_a_look_at_the_glossary(home):
    page = home()
    page.get_by_role("button", name="Locked").click()
    settle(page)
    shown = divergences(page)
    page.get_by_role("link", name="Glossary").click()
    page.get_by_role("heading", name="Glossary").wait_for()
    page.get_by_role("link", name="Two directions").click()
    page.get_by_role("heading", name="Two directions").wait_for()
    settle(page)
    assert divergences(page) == shown
    page.wait_for_function("() => location.search.includes('separation=8')", timeout=10_000)
