"""The home page as a person sees it: dragged, played, stepped, set, linked."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.stage import (
    STAGE,
    centre,
    curves,
    divergences,
    handle,
    messages_since,
    points,
    requests_from_now,
    rest,
    settle,
    step,
    summit,
    until,
)

CARDS = ".kl-card .number b"


@pytest.fixture
def home(walk, visit, address):
    """The home page in a fresh browser, drawn, with the numbers of the engine."""

    def open_home(query: str = "?separation=8", **options):
        page = (visit if options else walk)(f"{address}/{query}", **options)
        settle(page)
        return page

    return open_home


def setting(page: Page) -> dict[str, str]:
    """What the address says."""
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def becomes(page: Page, **wanted: str) -> bool:
    """Whether the address comes to say this."""
    return until(page, lambda: wanted.items() <= setting(page).items())


def progress(page: Page) -> int:
    """How far the motion has come, in percent."""
    return int(page.locator(f"{STAGE} .place").text_content().split("%")[0].split()[-1])


def test_the_stage_shows_the_numbers_of_the_cards(home):
    page = home("?separation=4&mean=1.5")
    assert divergences(page) == ["D(p‖q) = 0.172 nats", "D(q‖p) = 0.227 nats"]
    assert page.locator(f"{STAGE} .labels text").all_text_contents()[:2] == ["forward 0.172", "reverse 0.227"]
    assert page.locator(CARDS).all_inner_texts() == ["0.172 nats", "0.227 nats"]
    page.get_by_role("button", name="All digits").last.click()
    assert "0.226508 nats" in page.locator("[data-testid=stPopoverBody] table").inner_text()


def test_while_a_peak_is_held_everything_follows_and_nothing_is_sent(home):
    page = home()
    (x, y), asked = centre(page, "Right peak of p"), requests_from_now(page)
    page.mouse.move(x, y)
    page.mouse.down()
    seen = []
    for by in range(1, 7):
        before = curves(page)
        page.mouse.move(x - 12 * by, y)
        assert until(page, lambda before=before: curves(page) != before, seconds=1)
        rows = page.locator(f"{STAGE} .lanes .stems").evaluate_all("rows => rows.map(row => row.getAttribute('d'))")
        others = page.locator(f"{STAGE} .curves .other").evaluate_all("all => all.map(one => one.getAttribute('d'))")
        seen.append((*curves(page), *divergences(page), *rows, *others[:1]))
    assert [len(set(column)) >= 5 for column in zip(*seen)] == [True] * 8
    assert messages_since(page) == 0 and asked == []
    live, middle = divergences(page), page.locator(f"{STAGE} svg").first.bounding_box()
    sides = [centre(page, f"{side} peak of p")[0] - middle["x"] - middle["width"] / 2 for side in ("Left", "Right")]
    assert abs(sum(sides)) < 1 and sides[1] == pytest.approx(x - 72 - middle["x"] - middle["width"] / 2, abs=1.5)
    page.mouse.up()
    rest(page)
    assert messages_since(page) >= 1
    assert 4 < float(setting(page)["separation"]) < 8 and setting(page)["weight"] == "0.5"
    settle(page)
    for held, said, card in zip(live, divergences(page), page.locator(CARDS).all_inner_texts()):
        number, engine = (float(text.split(" = ")[1].split()[0]) for text in (held, said))
        assert abs(number - engine) < 0.02  # the state was brought to the nearest step of its fields
        assert card == said.split(" = ")[1]


def test_up_and_down_is_the_weight_and_the_wings_are_the_widths(home):
    page = home()
    x, y = centre(page, "Right peak of p")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=4)
    page.mouse.up()
    assert until(page, lambda: float(setting(page)["weight"]) > 0.55)
    box = handle(page, "Width of the right peak of p").locator("path").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + 5, steps=4)
    page.mouse.up()
    assert until(page, lambda: float(setting(page)["right"]) > 1.3)
    assert setting(page)["left"] == "1"


def test_every_handle_goes_by_keys(home):
    page = home()
    for name, key, changed in (
        ("Right peak of p", "ArrowRight", {"separation": "8.05"}),
        ("Left peak of p", "ArrowUp", {"weight": "0.49"}),
        ("Width of the left peak", "ArrowLeft", {"left": "1.05"}),
        ("Start of q: mean", "ArrowRight", {"mean": "2.1"}),
        ("Start of q: std", "ArrowRight", {"std": "1.1"}),
    ):
        handle(page, name).press(key)
        assert becomes(page, **changed), name


def test_no_press_of_a_key_is_lost(home):
    page = home("?separation=5")
    page.get_by_role("slider", name="Separation of the modes").focus()
    for i in range(40):
        page.keyboard.press("ArrowRight")
        if i % 8 == 0:  # here the server is heard from in between
            rest(page)
    assert becomes(page, separation="7")


def test_number_fields_set_the_same_values(home):
    page = home()
    page.get_by_role("button", name="Exact values").click()
    field = page.get_by_role("spinbutton", name="Mode separation")
    field.fill("6.35")
    field.press("Enter")
    assert becomes(page, separation="6.35")
    settle(page)
    assert page.get_by_role("slider", name="Separation of the modes").input_value() == "6.35"


def test_play_moves_the_curves_and_sends_nothing(home):
    page = home()
    sent = requests_from_now(page)
    page.get_by_role("button", name="Play").click()
    seen = []

    def moved() -> bool:
        seen.append((*curves(page), *divergences(page)))
        return all(len(set(column)) >= 6 for column in list(zip(*seen))[1:])

    assert until(page, moved)
    target, forward, reverse, *_ = zip(*seen)
    assert len(set(target)) == 1
    assert min(len(points(curve)) for curve in (*forward, *reverse)) >= 40
    assert messages_since(page) == 0 and sent == []


def test_play_ends_where_the_fits_are_and_pause_holds(home):
    page = home()
    end = curves(page)
    speed = page.get_by_role("slider", name="Animation speed")
    speed.fill("-2")  # 13 s to the end: a slow machine still finds it under way
    page.get_by_role("button", name="Play").click()
    assert until(page, lambda: 0 < progress(page) < 100)
    page.get_by_role("button", name="Pause").click()
    rest(page)
    held = curves(page)
    assert held != end and curves(page) == held and 0 < progress(page) < 100
    speed.fill("2")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Play").wait_for(timeout=10_000)  # it is "Pause" while it plays
    settle(page)
    assert curves(page) == end


def test_one_step_back_and_on(home):
    page = home()
    end = curves(page)
    step(page, "One step back")
    assert curves(page) != end
    step(page, "One step on")
    assert curves(page) == end


def test_the_numbers_beside_the_stage_step_back_while_another_frame_is_shown(home):
    page = home()
    opacity = "() => Number(getComputedStyle(document.querySelector('.st-key-cards')).opacity)"
    assert page.evaluate(opacity) == 1
    step(page, "One step back", 3)
    assert until(page, lambda: page.evaluate(opacity) < 0.5)
    step(page, "One step on", 3)
    assert until(page, lambda: page.evaluate(opacity) == 1)


def test_reduced_motion_shows_the_end_and_steps_by_hand(home):
    page = home("", reduced_motion="reduce")
    assert page.get_by_role("button", name="Play").is_disabled() and progress(page) == 100
    end = curves(page)
    step(page, "One step back", 3)
    assert curves(page) != end


def test_it_runs_by_itself_once_where_the_address_says_nothing(visit, address):
    page = visit(address)
    page.locator(f"{STAGE} .breathing").wait_for(timeout=30_000)  # which it does once both fits have run
    assert progress(page) == 100 and setting(page)["separation"] == "8"
    page.goto(address)
    settle(page)
    page.goto(f"{address}/?separation=8")
    settle(page)
    assert page.locator(f"{STAGE} .breathing").count() == 0 and progress(page) == 100
    linked = visit(f"{address}/?weight=0.5")
    settle(linked)
    assert linked.evaluate("sessionStorage.getItem('klLabSeen')") is None
    assert setting(linked)["separation"] == "5"  # as addresses meant it that left it out


def test_the_sweep_jumps_between_5_60_and_5_65(home):
    page = home("?motion=sweep&separation=5.6")
    _, forward, reverse = curves(page)
    assert abs(summit(reverse) - summit(forward)) < 3  # 5.60: it covers, centred as the forward fit
    step(page, "One step on")
    assert "5.65" in page.locator(f"{STAGE} .place").text_content()
    _, forward, reverse = curves(page)
    assert summit(reverse) - summit(forward) > 50  # 5.65: it is on the right mode
    assert "5.6002" in page.locator("[data-testid=stMain]").inner_text()


def test_the_sentence_on_the_boundary_fills_in(home):
    page = home()
    lead = page.locator(".st-key-opening")
    assert until(page, lambda: "Below 5.60 apart it would cover both modes." in lead.inner_text())


def test_a_link_opens_the_same_state_in_a_fresh_browser(home, visit):
    page = home()
    page.get_by_role("radio", name="Unequal").click()
    page.get_by_text("bits", exact=True).click()
    page.get_by_text("area", exact=True).click()
    assert becomes(page, integrands="true", separation="6", units="bits")
    settle(page)
    fresh = visit(page.evaluate("location.href"))
    settle(fresh)
    assert divergences(fresh) == divergences(page)
    assert "bits" in divergences(fresh)[0]
    assert curves(fresh) == curves(page)
    assert fresh.locator(".kl-card").all_inner_texts() == page.locator(".kl-card").all_inner_texts()
    assert fresh.locator(f"{STAGE} .lanes .area").count() == 4


def test_a_faulty_link_says_what_was_used_instead(home):
    page = home("?separation=abc&weight=7&mean=-2.34&motion=%3Cb%3E")
    notice = page.get_by_role("alert").inner_text()
    assert "separation must be a number from 0 to 10, so 8 is used" in notice
    assert "weight must be 0.02 to 0.98, so 0.98 is used" in notice
    assert "motion must be one of fit, sweep" in notice
    assert page.evaluate("location.search") == (
        "?separation=8&weight=0.98&right=1&left=1&mean=-2.3&std=1&motion=fit&integrands=false"
    )


def test_what_was_set_is_there_after_a_look_at_the_glossary(home):
    page = home()
    page.get_by_role("radio", name="Near modes: covers").click()
    assert becomes(page, separation="4")
    settle(page)
    shown = divergences(page)
    page.get_by_role("link", name="Glossary").click()
    page.get_by_role("heading", name="Glossary").wait_for()
    page.get_by_role("link", name="One target, two best fits").click()
    page.get_by_role("heading", name="One target, two best fits").wait_for()
    settle(page)
    assert divergences(page) == shown
    assert becomes(page, separation="4")
