r"""What surrounds a formula where it was copied from: dollars and brackets of LaTeX, a left side, a full stop.

They are set aside here, and the rest keeps its place in the text. The left side is never parsed as a formula: it is
compared with a few shapes, and any other is refused.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from kl_engine.symbolic.formulas.claims import Claim, claim_of
from kl_engine.symbolic.formulas.source_text import GREEK_LETTERS, SourceText, Span, for_latex, for_python
from kl_engine.symbolic.formulas.syntax_tree import MAX_LENGTH, FormulaError

_ENVIRONMENTS = "equation|align|aligned|gather|displaymath|math|split|multline"
_OPENING = re.compile(rf"\s*(?:\$\$?|\\\(|\\\[|\\begin\{{(?:{_ENVIRONMENTS})\*?\}}|return\b)")
_CLOSING = re.compile(rf"(?:\$\$?|\\\)|\\\]|\\end\{{(?:{_ENVIRONMENTS})\*?\}}|[.,;])\s*\Z")
_MOST_WRAPPERS = 6
_EQUALS = re.compile(r"(?<![=<>!:])(?::=|&?=|\\coloneqq|\\triangleq|\\equiv|≡|≔)(?!=)&?")


class Syntax(StrEnum):
    """How a formula is written: as code, in LaTeX, or as on paper, in signs of Unicode such as 2σ₂²."""

    PYTHON = "python"
    LATEX = "latex"
    PAPER = "paper"


@dataclass(frozen=True)
class Pasted:
    """What is to be read, how it is written, and what its left side says (None if it says nothing)."""

    source: SourceText
    syntax: Syntax
    claim: Claim | None
    notes: tuple[str, ...] = ()


def set_aside(text: str, syntax: Syntax | str | None = None) -> Pasted:
    """The formula in a text. FormulaError if the text is empty or too long, or its left side is no divergence."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"The formula has {len(text)} characters; shorten it to at most {MAX_LENGTH}.")
    kept = _unwrapped(text, (0, len(text)))
    left, kept = _right_side(text, kept)
    kept = _unwrapped(text, kept)
    if not text[slice(*kept)].strip():
        raise FormulaError("The formula is empty: type one, for example (m1 - m2)**2 / 2.")
    syntax = _guessed(text[slice(*kept)]) if syntax is None else Syntax(syntax)
    is_code, words = syntax is Syntax.PYTHON, syntax is Syntax.PAPER
    source = for_python(text, kept) if is_code else for_latex(text, kept, words)
    notes = ("Only what stands after the last equals sign is read.",) if len(left) > 1 else ()
    return Pasted(source, syntax, _claim(text, left), notes)


def _unwrapped(text: str, kept: Span) -> Span:
    """Without the signs around it, each as often as it is there."""
    start, end = kept
    for _ in range(_MOST_WRAPPERS):
        if opening := _OPENING.match(text, start, end):
            start = opening.end()
        if closing := _CLOSING.search(text[start:end]):
            end = start + closing.start()
    return start, end


def _right_side(text: str, kept: Span) -> tuple[list[Span], Span]:
    """What stands before each equals sign outside all brackets, and what stands after the last one."""
    left, start = [], kept[0]
    for sign in _EQUALS.finditer(text, *kept):
        before = re.sub(r"\\[{}]", "", text[kept[0] : sign.start()])
        if all(before.count(o) <= before.count(c) for o, c in ("()", "{}", "[]")):
            left.append((start, sign.start()))
            start = sign.end()
    return left, (start, kept[1])


def _claim(text: str, left: list[Span]) -> Claim | None:
    if not left:
        return None
    start, end = left[0]
    try:
        return claim_of(text[start:end])
    except ValueError:
        where = f"{text[start:end].strip()[:40]!r} at position {start + 1}"
        advice = (
            "write a divergence such as D(p||q) there, or leave out what stands before the equals sign and the sign"
        )
        raise FormulaError(f"Not the name of a divergence: {where}: {advice}.", (start, end)) from None


def _guessed(body: str) -> Syntax:
    if re.search(r"\\(?!\s)|[{}]", body):
        return Syntax.LATEX
    is_code = "*" in body or re.search(r"[A-Za-z]\.[A-Za-z]", body)
    return Syntax.PYTHON if is_code or GREEK_LETTERS.keys().isdisjoint(body) else Syntax.PAPER
