"""The two maps in a browser: axes that can be read on a phone too."""

from __future__ import annotations

import re

from kl_engine import Gaussian, GaussianMixture, forward_kl, reverse_kl
from pages.ui.state.mixture import EXAMPLES
from tests.browser.stage import rest

ACROSS = "figures => figures.map(f => [...f.querySelectorAll('svg text[text-anchor=middle]')].map(t => t.textContent))"


def test_each_axis_has_three_numbers_at_least_on_a_phone(walk, address):
    page = walk(f"{address}/landscape", width=390)
    rest(page)
    found = {}
    for preset in EXAMPLES:
        page.get_by_role("radio", name=preset, exact=True).click()
        rest(page)
        found[preset] = [len(numbers) for numbers in page.locator("figure").evaluate_all(ACROSS)]
    assert all(len(across) == 2 and min(across) >= 3 for across in found.values()), found


WAYS = """maps => [...maps.querySelectorAll('figure')].map((figure) => {
  const line = figure.querySelector('.path').getAttribute('d').slice(1);
  const way = line.split('L').map((at) => at.split(',').map(Number));
  return [way[0], way[way.length - 1]];
})"""


def test_the_start_is_dragged_and_the_ways_down_follow_to_where_the_exact_ones_end(walk, address):
    page = walk(f"{address}/landscape", anew=True)
    rest(page)
    maps = page.locator(".maps")
    box = page.get_by_role("slider", name="Start of q").last.locator("path").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 3, y)
    page.mouse.down()
    page.evaluate("runs.sent = 0")
    page.mouse.move(x - 120, y - 30, steps=4)
    held = maps.evaluate(WAYS)
    assert page.evaluate("runs.sent") == 0  # nothing is sent while it is held
    moving = "document.documentElement.hasAttribute('data-kl-moving')"
    assert page.evaluate(moving)  # and what is said of the start before steps back
    page.mouse.up()
    rest(page)
    assert not page.evaluate(moving)
    exact = maps.evaluate(WAYS)
    for (start, end), (true_start, true_end) in zip(held, exact):
        assert start == true_start or max(abs(a - b) for a, b in zip(start, true_start)) < 1
        assert max(abs(a - b) for a, b in zip(end, true_end)) < 12  # px: by the values of the map, not by the formulas
    after = page.get_by_role("slider", name="Start of q").last.locator("path").bounding_box()
    moved = after["x"] - box["x"], after["y"] - box["y"]
    assert abs(moved[0] + 123) < 4 and abs(moved[1] + 30) < 4
    assert "q=" in page.url


def test_the_value_under_the_pointer_is_that_of_the_q_that_is_named(walk, address):
    page = walk(f"{address}/landscape")
    rest(page)
    p = GaussianMixture.two_modes(5)
    for figure, divergence in zip(page.locator("figure").all(), (forward_kl, reverse_kl)):
        box = figure.locator("svg").last.bounding_box()
        for across, down in ((0.31, 0.83), (0.67, 0.9), (0.83, 0.42), (0.52, 0.61)):
            page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
            mean, std, value = map(
                float, re.findall(r"-?[\d.]+", figure.locator("output").inner_text().replace("−", "-").replace("²", ""))
            )
            near = [
                divergence(p, Gaussian(mean + m, std + s)).value for m in (-5e-3, 0, 5e-3) for s in (-5e-3, 0, 5e-3)
            ]
            assert min(near) * 0.995 <= value <= max(near) * 1.005, (mean, std, value, near[4])
