"""The two maps in a browser: axes that can be read on a phone too."""

from __future__ import annotations

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
