"""The glossary: its search, its index, and that nothing of it is left out."""

from __future__ import annotations

import re

import pytest

from pages.ui.glossary import SECTIONS, TERMS
from pages.ui.views.glossary import words
from pages.ui.views.glossary.question import matching
from tests.pages.opening import visit


def test_every_term_stands_once_and_in_the_index():
    app = visit("pages/glossary.py")
    assert sorted(each.value for each in app.subheader) == sorted(term.name for term in TERMS)
    index = next(each.value for each in app.markdown if each.value.count("](#") > 5)
    assert re.findall(r"\(#([^)]+)\)", index) == [
        term.anchor for term in sorted(TERMS, key=lambda term: term.name.casefold())
    ]


def test_a_search_finds_by_name_and_by_meaning_whatever_the_case():
    found = {term.name for section in matching("MODE").values() for term in section}
    assert "Reverse divergence" in found and "Entropy" not in found
    app = visit("pages/glossary.py", term="MODE")
    assert {each.value for each in app.subheader} == found and f"{len(found)} of {len(TERMS)} terms" in app.markdown[
        0
    ].value


@pytest.mark.parametrize("text", ["zebra", "*[x](y)*", "<b>", "$x$", "|", "\\", "q" * 30])
def test_what_is_not_found_is_said_and_harmless(text):
    app = visit("pages/glossary.py", term=text)
    assert not app.exception and not app.subheader
    assert "No term mentions" in app.markdown[0].value and "[x](y)" not in app.markdown[0].value


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_asked_shows_everything(text):
    assert {name: tuple(terms) for name, terms in matching(text).items()} == SECTIONS


def test_it_says_which_units_are_shown():
    assert "in nats" in words.lead(list(TERMS), "", "nats")[1] and "in bits" in words.lead(list(TERMS), "", "bits")[1]
