"""The Python of a claim: the source of the very function that measures it, with the imports that this needs."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable

OURS = ("kl_engine", "numpy", "math")  # what such a function may rest on


def python_of(measure: Callable, at: float) -> str:
    """A program that prints every result of `measure` at one state of the dial."""
    module = sys.modules[measure.__module__]
    tree, text = ast.parse(inspect.getsource(module)), inspect.getsource(module)
    parts, names = [], {measure.__name__}
    for node in reversed(tree.body):  # what is used is defined above where it is used
        if names & _bound(node) and not isinstance(node, ast.Import | ast.ImportFrom):
            parts.insert(0, ast.get_source_segment(text, node))
            names |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    lines = [line for node in tree.body if (line := _imported(node, names))]
    call = f'for name, value in {measure.__name__}({at!r}).items():\n    print(name, "=", value)  # divergences in nats'
    return "\n".join([*lines, "", "", "\n\n\n".join(parts), "", "", call, ""])


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement of a module binds."""
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return set()


def _imported(node: ast.stmt, names: set[str]) -> str:
    """The import of those names that are used, if it is of a package that a person has."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return ""
    used = [alias for alias in node.names if (alias.asname or alias.name) in names]
    origin = node.module if isinstance(node, ast.ImportFrom) else (used[0].name if used else "")
    if not used or origin.split(".")[0] not in OURS:
        return ""
    listed = ", ".join(alias.name + (f" as {alias.asname}" if alias.asname else "") for alias in used)
    return f"from {origin} import {listed}" if isinstance(node, ast.ImportFrom) else f"import {listed}"
