"""What stands under the title of the glossary, and its index."""

from __future__ import annotations

from pages.ui.glossary import TERMS
from pages.ui.glossary.term import Term
from pages.ui.say.plain_text import quoted

UNITS = {
    "nats": "Divergences are shown in nats: log is the natural logarithm.",
    "bits": "Divergences are shown in bits: one bit is log 2 = 0.693 nats.",
}


def lead(found: list[Term], text: str, units: str) -> list[str]:
    """How many terms there are, or are found; and in which units the numbers of the other pages are."""
    count = f"{len(found)} of {len(TERMS)} terms"
    what = f"**{len(TERMS)} terms**: p is the target, q the approximation."
    if text:
        what = (
            f"**{count} mention{'s' * (len(found) == 1)} “{quoted(text)}”.**"
            if found
            else (f"**No term mentions “{quoted(text)}”**: try a part of the word.")
        )
    return [what, UNITS[units]]


def index(found: list[Term]) -> str:
    """A link to each of these terms, from A to Z."""
    by_name = sorted(found, key=lambda each: each.name.casefold())
    return " · ".join(f"[{each.name}](#{each.anchor})" for each in by_name)
