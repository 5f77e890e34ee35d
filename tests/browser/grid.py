"""Typing into a table that is edited in place: Streamlit draws it on a canvas, and opens an editor over one cell."""

from __future__ import annotations

from playwright.sync_api import Page, TimeoutError, expect

ROW, FIRST = 35, 52  # px: the height of a row, and the middle of the first one
TRIES = 10


def type_into(page: Page, x: float, row: int, text: str) -> None:
    """Type into the cell of the first table at x px from its left edge: not before the editor over it takes keys."""
    editor = page.locator(".gdg-input")
    for _ in range(TRIES):  # the grid takes keys some time after it is drawn
        grid = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
        page.mouse.click(grid["x"] + x, grid["y"] + FIRST + ROW * row)
        page.keyboard.press("Enter")
        try:
            editor.wait_for(timeout=2_000)
            break
        except TimeoutError:
            continue
    expect(editor).to_be_focused()
    editor.fill(text)
    expect(editor).to_have_value(text)
    editor.press("Enter")
    expect(editor).to_have_count(0)
