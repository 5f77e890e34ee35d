"""Text that a person typed, made harmless in Markdown."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~&])")


LONGEST_QUOTE = 40  # characters


def quoted(text: str) -> str:
    """The text, harmless and no longer than a message can bear."""
    return escaped(text[:LONGEST_QUOTE]) + "…" * (len(text) > LONGEST_QUOTE)


def escaped(text: str) -> str:
    """The text with every sign of Markdown (and so of HTML, LaTeX and Streamlit's own) shown as itself."""
    return SPECIAL.sub(r"\\\1", text)
