"""The texts of the pages are speech and no telegraph: phrases that were, and stay away.

Each entry is a pattern, not a sentence: where a text that a person may read has it, the text is to be rewritten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import ROOT

TELEGRAPH = {
    r"\b(?:nats|bits|loss|digits?|parameters?|number|one) an? (?:point|symbol|parameter|draw|outcome|example)\b": "per",
    r"\bworth naming\b": "say how much: less than 0.5 %",
    r"\bby either end's\b|\bof degree\b": "say what changes",
    r"\b(?:is|are) charged\b": "costs",
    r"\bgood direction\b|\bbad direction\b": "forward, reverse",
    r"\bstands? under the expectation\b": "which distribution is averaged over",
    r"\bno further\b|\bevery further\b": "the next",
    r"\btaken? for independent\b": "treated as independent",
    r"\bthe usual figure\b": "whose figure it is",
    r"\bis passed\b|\bstill ahead\b": "before the jump, past the jump",
    r"\bsame maze\b": "drop it",
    r"\bBits in all\b|\bnats in all\b": "in total",
    r"\bweights count by their ratios\b": "are scaled to sum to 1",
    r"\btogether they are enough\b": "tight: within 0.8 %",
    r"\bneither promised\b": "no guarantee",
}


def texts() -> Iterator[tuple[str, str]]:
    """Every piece of text in the pages and in the glossary, with its place; docstrings are not shown."""
    for path in [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]:
        tree = ast.parse(path.read_text("utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield f"{Path(path).relative_to(ROOT)}:{node.lineno}", node.value


@pytest.mark.parametrize("pattern", TELEGRAPH)
def test_no_text_of_the_pages_is_a_telegraph(pattern):
    found = [f"{place}: {text}" for place, text in texts() if re.search(pattern, text)]
    assert not found, f"better: {TELEGRAPH[pattern]}\n" + "\n".join(found)


def formatted() -> Iterator[tuple[str, str]]:
    """Every f-string of the pages that states something in the chosen units, its expressions as {…}, with its place."""
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and "units" in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}:
                parts = [part.value if isinstance(part, ast.Constant) else "{…}" for part in node.values]
                yield f"{path.relative_to(ROOT)}:{node.lineno}", "".join(parts)


def test_what_equals_a_number_of_units_has_the_logarithm_of_these_units():
    natural = re.compile(r"(?:\\|\b)log\b(?!_2)[^=.;]{1,60}(?<![<>:])=[ *]*\{…\}")
    found = [f"{place}: {text}" for place, text in formatted() if natural.search(text)]
    assert not found, "better: {LOG[units]}\n" + "\n".join(found)
