"""The free energy view in a browser: the descent moves q and the terms, and everything fits the first screen."""

from __future__ import annotations

import pytest

from tests.browser.stage import rest, settle, until

NUMBERS = ".st-key-stage svg g.mark-text text"
Q = ".st-key-stage [data-testid=stVegaLiteChart] svg g.mark-line path"


def terms(page) -> list[float]:
    """The numbers beside the six bars."""
    texts = page.locator(NUMBERS).all_text_contents()
    return [float(text.replace("−", "-")) for text in texts if "." in text][-6:]


@pytest.mark.parametrize(
    ("story", "first", "last"), [("Conjugate Gaussian", 0.276, 0.0), ("Food size", 0.679, 0.027), ("Coin", 3.660, 0.0)]
)
def test_the_descent_closes_the_gap_or_leaves_what_no_gaussian_can(walk, address, story, first, last):
    page = walk(f"{address}/free_energy?story={story.replace(' ', '+')}")
    settle(page)
    page.get_by_role("slider", name="Frame").press("Home")  # before the player is there the charts show the end
    until(page, lambda: terms(page)[-1] == pytest.approx(first, abs=2e-3))
    rest(page)
    curves = page.locator(Q).evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    start = terms(page)
    assert start[-1] == pytest.approx(first, abs=2e-3)
    page.get_by_role("slider", name="Frame").press("End")
    until(page, lambda: terms(page)[-1] == pytest.approx(last, abs=2e-3))
    rest(page)
    end = terms(page)
    assert end[-1] == pytest.approx(last, abs=2e-3) and end[-2] == start[-2]  # the surprisal stays
    assert all(sum(form) == pytest.approx(sum(end[-2:]), abs=3e-3) for form in (end[:2], end[2:4]))
    moved = page.locator(Q).evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    assert moved[:3] == curves[:3] and moved[-1] != curves[-1]  # prior, likelihood and posterior stay; q moves


def test_the_belief_in_a_finite_state_has_the_colour_of_the_reverse_role(walk, address):
    page = walk(f"{address}/free_energy?story=Frog+or+apple")
    rest(page)
    bars = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg g.mark-rect path[stroke-dasharray='2,5']")
    bars.first.wait_for(timeout=30_000)
    colours = bars.evaluate_all("bars => bars.map(bar => [bar.getAttribute('fill'), bar.getAttribute('stroke')])")
    assert colours == [["#2563eb", "#2563eb"]] * 2
    assert page.locator("[data-testid=stVegaLiteChart] g.mark-group.role-legend").count() == 0


def test_the_first_screen_holds_controls_columns_and_player(walk, address):
    page = walk(f"{address}/free_energy?story=Food+size")
    settle(page)
    assert page.get_by_role("button", name="Play").bounding_box()["y"] < 860
    assert all(box["y"] + box["height"] < 900 for box in map(_box, page.locator("[data-testid=stVegaLiteChart]").all()))


def test_on_a_narrow_screen_the_plot_comes_first(walk, address):
    page = walk(f"{address}/free_energy", width=390, height=844)
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for(timeout=30_000)
    rest(page)  # laid out, and not only drawn
    plot = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert plot["y"] < 600 and plot["y"] < page.get_by_role("slider", name="Prior of frog").bounding_box()["y"]


def _box(locator) -> dict:
    return locator.bounding_box()
