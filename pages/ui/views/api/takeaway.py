"""The examples as a script."""

from __future__ import annotations

import ast
import doctest

from pages.ui.views.api.tables import Entry


def script(entries: tuple[Entry, ...]) -> str:
    """The examples of these names, one after another: what a prompt would show is printed behind the name."""
    parts = [_lines(entry) for entry in entries if entry.example]
    return "\n\n".join(parts) + "\n" if parts else ""


def _lines(entry: Entry) -> str:
    lines = [f"# {entry.full_name}"]
    for example in doctest.DocTestParser().get_examples(entry.example):
        source = example.source.rstrip("\n")
        (part,) = ast.parse(source).body if len(ast.parse(source).body) == 1 else (None,)
        if isinstance(part, ast.Expr) and example.want:
            source = f'print("{entry.full_name} =", {ast.get_source_segment(source, part.value)})'
        lines.append(source)
    return "\n".join(lines)
