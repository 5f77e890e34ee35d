"""Links to the terms of the glossary, and what a link to another page carries along."""

from __future__ import annotations

from html import escape

from pages.ui.glossary import NAMED

UNITS = "units"  # the plain session key, and the name in the URL


def glossary(name: str, units: str, words: str | None = None) -> str:
    """A Markdown link to a term of the glossary that says on hover what it means.

    It is relative, so that it holds wherever the app is mounted.
    """
    term = NAMED[name.lower()]
    query = "" if units == "nats" else f"?{UNITS}={units}"
    return f'[{words or name}](glossary{query}#{term.anchor} "{term.meaning}")'


def term_link(name: str, units: str, words: str) -> str:
    """The same link as HTML, for what Markdown cannot draw."""
    term = NAMED[name.lower()]
    query = "" if units == "nats" else f"?{UNITS}={units}"
    return f'<a href="glossary{query}#{term.anchor}" title="{escape(term.meaning)}">{escape(words)}</a>'


def meaning(name: str) -> str:
    """What a term of the glossary means, for a place that cannot link to it."""
    return NAMED[name.lower()].meaning


def shared(units: str) -> dict[str, str]:
    """What a link to another page carries along."""
    return {} if units == "nats" else {UNITS: units}
