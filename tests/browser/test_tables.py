"""Tables edited in place: what is typed into a cell counts at once, is in the address, and can be taken back."""

from __future__ import annotations

from urllib.parse import unquote

from playwright.sync_api import Page

from tests.browser.grid import type_into
from tests.browser.stage import rest


def table_of(page: Page) -> str:
    """The table in the address."""
    return unquote(unquote(page.evaluate("location.search")))


def test_a_cell_is_edited_normalised_and_taken_back(walk, address):
    page = walk(f"{address}/code_lengths")
    page.locator("[data-testid=stVegaLiteChart] svg g.mark-rect path").first.wait_for(state="attached", timeout=30_000)
    rest(page)
    type_into(page, 1, 0, "3/4")
    page.get_by_text("p adds up to 1.25").wait_for(timeout=15_000)
    assert "a~3/4~1/8" in table_of(page)
    page.get_by_role("button", name="Write the normalised numbers").click()
    page.get_by_text("p adds up to 1.25").wait_for(state="detached", timeout=15_000)
    page.wait_for_function("() => location.search.includes('0.6')", timeout=15_000)
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("p adds up to 1.25").wait_for(timeout=15_000)
    assert "a~3/4~1/8" in table_of(page)
    again = walk(page.evaluate("location.href"), anew=True)
    again.get_by_text("p adds up to 1.25").wait_for(timeout=15_000)
