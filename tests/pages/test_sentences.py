"""The texts of the pages are speech and no telegraph: phrases that were, and stay away.

Each entry is a pattern, not a sentence: where a text that a person may read has it, the text is to be rewritten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pages.ui.views.api.tables import SPACES, entries_of
from tests.serving import ROOT

TELEGRAPH = {
    (
        r"(?i)\b(?:nats|bits|loss|digits?|parameters?|numbers?|one) an? "
        r"(?:point|symbol|parameter|draw|outcome|example)\b"
    ): "per",
    r"\bworth naming\b": "say how much: less than 0.5 %",
    r"\bby either end's\b|\bof degree\b(?! \d)": "say what changes",
    r"\b(?:is|are) charged\b": "costs",
    r"\bgood direction\b|\bbad direction\b": "forward, reverse",
    r"\bstands? under the expectation\b": "which distribution is averaged over",
    r"\bno further\b|\bevery further\b": "the next",
    r"\btaken? for independent\b": "treated as independent",
    r"\bthe usual figure\b": "whose figure it is",
    r"\bis passed\b|\bstill ahead\b": "before the jump, past the jump",
    r"\bsame maze\b": "drop it",
    r"(?i)\b(?:bits|nats) in all\b": "in total",
    r"\bweights count by their ratios\b": "are scaled to sum to 1",
    r"\btogether they are enough\b": "tight: within 0.8 %",
    r"\bneither promised\b": "no guarantee",
    r"(?<![Tt]here )\b(?:is|are) no (?:number|text|table|symbol|distance|distribution|divergence|proof|whole)\b": (
        "is not a"
    ),
    r"\b(?:slope|gradient|derivative|[Dd]ifferentiated?|curvature)s?(?: taken)? by (?:the|its|one)\b": (
        "in, with respect to"
    ),
    r"\btakes? (?:it|the [\w ]+) off\b": "subtracts",
    r"\btold (?:with|in) |\bcan be told[,.]": "described by, given in",
    r", for (?:no|single|the [\w ]+ of \w+ counts)\b": "because",
    r"\bthe one\b[^.]{0,40}\bthe other\b(?! m)": "one … the other",
    r"\bparted by\b|\bread as divided\b": "separated by; each number is divided by",
    r"\bspeaks? of “": "mentions",
    r"\bthe surprise\b|\bsurprise $": "surprisal, as in the glossary",
    r"\b[Aa]s \w+ has it\b": "as … writes it",
    r"\bstands? (?:at|in the centre|on it|away|between|first)\b": "is at, lies, comes first",
    r"\banother (?:one|number)[:,]? (?:is )?another\b": "another seed gives another sample",
    r"\bmore than it need be\b": "above its minimum",
    r"\b(?:Asked|Meant) is\b|\band two are asked\b": "what is predicted; are required",
    r"\bserves best\b|\bheeds?\b|\bshuns?\b|\bwished? for\b": "does best, notices, avoids, preferred",
    r"\b(?:[Tt]he \w+|Put|[Tt]he \w+ of the [\w ]+) put in\.": "is substituted",
    r"\bkept from its start\b": "held at its start value",
    r"\b[Nn]othing in it depends on a\b|\bnot settled by\b": "this contains no …; too close to call",
    r"^How: |\blog of it$": "Method: …; name what it is of",
}
# What an older link or Python had still stands in these.
OLD_NAMES = {"kept from its start"}


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every piece of text of the pages, of the glossary and of the engine, with its place; docstrings are not shown.

    What a proof says where a step of it does not hold is left out: no page has such a step.
    """
    files = (path for folder in ("pages", "kl_engine") for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(
        (f"{path.relative_to(ROOT)}:{line}", text)
        for path in (ROOT / "app.py", *files)
        if "proof" not in path.parts
        for line, text in _texts_of(path)
        if text not in OLD_NAMES
    )


def _texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file that are no docstrings, each with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        if is_text and not node.value.startswith("<style>"):
            yield node.lineno, node.value


@pytest.mark.parametrize("pattern", TELEGRAPH)
def test_no_text_of_the_pages_is_a_telegraph(pattern):
    found = [f"{place}: {text}" for place, text in texts() if re.search(pattern, text)]
    assert not found, f"better: {TELEGRAPH[pattern]}\n" + "\n".join(found)


def documented() -> Iterator[tuple[str, str]]:
    """What the page *API* shows of every public name and of its methods, without the examples."""
    for space in SPACES:
        for entry in entries_of(space):
            yield entry.full_name, " ".join((entry.summary, *entry.rest))
            yield from ((f"{entry.full_name}.{name}", line) for name, line in entry.methods)


@pytest.mark.parametrize("pattern", TELEGRAPH)
def test_no_docstring_of_a_public_name_is_a_telegraph(pattern):
    found = [f"{place}: {text}" for place, text in documented() if re.search(pattern, text)]
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
