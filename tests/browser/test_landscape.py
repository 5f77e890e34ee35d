"""The two maps in a browser: axes that can be read on a phone too."""

from __future__ import annotations

import pytest

from pages.ui.state.mixture import EXAMPLES
from tests.browser.stage import rest

ACROSS = "figures => figures.map(f => [...f.querySelectorAll('svg text[text-anchor=middle]')].map(t => t.textContent))"


@pytest.mark.parametrize("preset", EXAMPLES)
def test_each_axis_has_three_numbers_at_least_on_a_phone(walk, address, preset):
    page = walk(f"{address}/landscape", width=390)
    rest(page)
    page.get_by_role("radio", name=preset, exact=True).click()
    rest(page)
    across = page.locator("figure").evaluate_all(ACROSS)
    assert len(across) == 2 and all(len(numbers) >= 3 for numbers in across)
