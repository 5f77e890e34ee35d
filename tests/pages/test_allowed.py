"""What may be typed is said at the control, and what a number of a table means is said with its column."""

from __future__ import annotations

import json
import re

import pytest

from pages.ui.frame.shell import PAGES
from pages.ui.views.infer_then_act.tables import TITLES
from tests.pages.opening import visit


def column_helps(frame) -> dict[str, str | None]:
    """What each column of a table says on hover."""
    configured = json.loads(frame.proto.columns)
    return {name: configured.get(name, {}).get("help") for name in frame.value.columns}


@pytest.mark.parametrize("table", TITLES.values())
def test_every_column_of_the_maze_says_what_it_holds(table):
    frames = visit("pages/infer_then_act.py", table=table).dataframe
    assert len(frames) == 4
    for frame in frames:
        helps = column_helps(frame)
        assert all(list(helps.values())[1:]), helps


def test_every_column_of_the_codes_says_what_it_holds():
    editor, words = visit("pages/code_lengths.py").dataframe
    assert all(column_helps(editor).values())
    assert all(list(column_helps(words).values())[1:])


@pytest.mark.parametrize(
    ("script", "query"),
    [
        ("pages/explore_formula.py", {}),
        ("pages/check_formula.py", {}),
        ("pages/objective_check.py", {}),
        ("pages/your_data.py", {"data": "My own numbers"}),
    ],
)
def test_every_text_box_says_what_it_takes(script, query):
    app = visit(script, **query)
    boxes = [*app.text_input, *app.text_area]
    assert boxes and all(box.help for box in boxes)


def unexplained(text: str) -> list[str]:
    """The numbers in the tables of a Markdown text whose cell, column and row all link to no term."""
    found, head, above = [], [], []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if cells and set(line) <= set("|-: "):
            head = above
        elif len(cells) == len(head):
            for i, cell in list(enumerate(cells))[1:]:
                linked = any("](glossary" in place for place in (cell, head[i], cells[0]))
                if re.search(r"\d", cell) and not linked and head[i] != "source":
                    found.append(f"{cells[0]}: {cell}")
        above = cells
    return found


@pytest.mark.parametrize("script", [page.script for page in PAGES if page.script != "pages/objective_check.py"])
def test_every_number_of_a_table_belongs_to_a_term(script):
    found = [number for element in visit(script).markdown for number in unexplained(element.value)]
    assert [number for number in found if not number.startswith("the formula: ")] == []


@pytest.mark.parametrize("story", ["ones", "counts", "coin", "frog"])
@pytest.mark.parametrize("view", ["directions", "bounds"])
def test_every_number_of_the_fits_and_bounds_belongs_to_a_term(story, view):
    app = visit("pages/free_energy.py", story=story, view=view)
    assert [number for element in app.markdown for number in unexplained(element.value)] == []
