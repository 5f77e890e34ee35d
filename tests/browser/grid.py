"""Typing into a table that is edited in place: Streamlit draws it on a canvas, and opens an editor over one cell."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, TimeoutError, expect

ROW, FIRST = 35, 52  # px: the height of a row, and the middle of the first one
MARKS = 40  # px: the width of the column in which rows are marked
TRIES, TRY = 20, 1_000  # ms: so long for each thing that a key or a click does
EDITOR = ".gdg-input"
# Tables to type in are fields of the page, which have keys; those that only show numbers have none.
TABLES = "[data-testid=stMain] [class*=st-key-] > [data-testid=stFullScreenFrame] [data-testid=stDataFrame]"
NUMBER = "cells => cells.findIndex((cell) => /^[-−]?[\\d./]+$/.test(cell.textContent))"


def type_into(page: Page, column: int, row: int, text: str, table: Locator | None = None) -> None:
    """Type into a cell, of the first table if none is given: not before the editor over it takes keys."""
    table = table or page.locator("[data-testid=stDataFrame]").first
    editor = page.locator(EDITOR)
    table.scroll_into_view_if_needed()
    _open_editor(page, table, column, row)
    expect(editor).to_be_focused()
    editor.fill(text)
    expect(editor).to_have_value(text)
    editor.press("Enter")
    expect(editor).to_have_count(0)


def _open_editor(page: Page, table: Locator, column: int, row: int) -> None:
    """Open the editor over a cell: from the first of its row, a cell at a time, as a grid that is busy loses keys."""
    table.locator("[data-testid^=glide-cell-]").first.wait_for(state="attached")
    # A table whose rows can be taken out has a column before the first, in which they are marked.
    marked = 0 if table.locator("[data-testid=glide-cell-0-0]").count() else 1
    for _ in range(TRIES):  # the grid takes keys some time after it is drawn
        grid = table.locator("canvas").first.bounding_box()
        page.mouse.click(grid["x"] + 20 + MARKS * marked, grid["y"] + FIRST + ROW * row)
        try:
            for at in range(column + 1):
                if at:
                    page.keyboard.press("ArrowRight")
                chosen = f"[data-testid=glide-cell-{at + marked}-{row}][aria-selected=true]"
                table.locator(chosen).wait_for(state="attached", timeout=TRY)
            page.keyboard.press("Enter")
            page.locator(EDITOR).wait_for(timeout=TRY)
            return
        except TimeoutError:
            page.keyboard.press("Escape")  # a click on a cell that is chosen already would open its editor


def first_number(table: Locator) -> int:
    """The first column of a table that has a number in its first row; -1 if none has."""
    return table.locator("tbody tr").first.locator("td").evaluate_all(NUMBER)
