"""Typing into a table that is edited in place: Streamlit draws it on a canvas, and opens an editor over one cell."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, TimeoutError, expect

ROW, FIRST = 35, 52  # px: the height of a row, and the middle of the first one
MARKS = 40  # px: the width of the column in which rows are marked
TRIES = 20
# Tables to type in are fields of the page, which have keys; those that only show numbers have none.
TABLES = "[data-testid=stMain] [class*=st-key-] > [data-testid=stFullScreenFrame] [data-testid=stDataFrame]"
NUMBER = "cells => cells.findIndex((cell) => /^[-−]?[\\d./]+$/.test(cell.textContent))"


def type_into(page: Page, column: int, row: int, text: str, table: Locator | None = None) -> None:
    """Type into a cell, of the first table if none is given: not before the editor over it takes keys."""
    table = table or page.locator("[data-testid=stDataFrame]").first
    editor = page.locator(".gdg-input")
    # A table whose rows can be taken out has a column before the first, in which they are marked.
    left = 20 if table.locator("[data-testid=glide-cell-0-0]").count() else 20 + MARKS
    table.scroll_into_view_if_needed()
    for _ in range(TRIES):  # the grid takes keys some time after it is drawn
        grid = table.locator("canvas").first.bounding_box()
        page.mouse.click(grid["x"] + left, grid["y"] + FIRST + ROW * row)
        for _ in range(column):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        try:
            editor.wait_for(timeout=1_000)
            break
        except TimeoutError:
            continue
    expect(editor).to_be_focused()
    editor.fill(text)
    expect(editor).to_have_value(text)
    editor.press("Enter")
    expect(editor).to_have_count(0)


def first_number(table: Locator) -> int:
    """The first column of a table that has a number in its first row; -1 if none has."""
    return table.locator("tbody tr").first.locator("td").evaluate_all(NUMBER)
