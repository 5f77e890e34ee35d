"""The Derive section in a browser: what is picked is in the address, and the address opens it again."""

from __future__ import annotations

import pytest

from tests.browser.stage import IDLE


def pick(page, label: str, option: str) -> None:
    """Choose from a select box."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.parametrize(
    ("path", "label", "option"),
    [
        ("closed_forms", "Subject", "Gamma"),
        ("stationarity", "Subject", "A mixture"),
        ("explore_formula", "Formula", "Laplace"),
    ],
)
def test_a_link_opens_the_same_lesson_in_a_fresh_browser(visit, address, path, label, option):
    page = visit(f"{address}/{path}")
    page.wait_for_function(IDLE, timeout=30_000)
    pick(page, label, option)
    page.wait_for_function("() => location.search !== ''", timeout=10_000)
    link = page.evaluate("location.href")
    fresh = visit(link)
    fresh.wait_for_function(IDLE, timeout=30_000)
    assert fresh.get_by_role("combobox", name=label).input_value() == option
    assert fresh.get_by_role("alert").count() == 0
    assert fresh.evaluate("location.href") == link
