"""What a notebook shows: tables as HTML, of numbers with their margins and of whatever else has a face of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

MOST_ROWS = 20  # of a table; of a longer one the first, and how many more there are


def cell(value: object) -> str:
    """One value as HTML: as it shows itself, by HTML or by LaTeX; its text otherwise, escaped."""
    for face in ("_repr_html_", "_repr_latex_"):
        if hasattr(value, face):
            return getattr(value, face)()
    return escape(str(value))


def facts(rows: Mapping[str, object]) -> str:
    """A table of two columns: what it is, and its value."""
    cells = "".join(f"<tr><th>{escape(name)}</th><td>{cell(value)}</td></tr>" for name, value in rows.items())
    return f"<table>{cells}</table>"


def grid(columns: Mapping[str, Sequence[object]]) -> str:
    """A table with a line of names; of more than 20 rows the first 20."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    count = max(map(len, columns.values()), default=0)
    rows = zip(*(list(column[:MOST_ROWS]) for column in columns.values()))
    body = "".join("<tr>" + "".join(f"<td>{cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    more = f'<tr><td colspan="{len(columns)}">… and {count - MOST_ROWS} more</td></tr>' * (count > MOST_ROWS)
    return f"<table><tr>{head}</tr>{body}{more}</table>"
