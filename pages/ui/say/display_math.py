"""Formulas for a narrow column: where a long one may go on in a next line, and the terms of a sum with their signs."""

from __future__ import annotations

import re

LONG = 120  # characters of LaTeX within brackets, about half a column
SYMBOL = re.compile(r"(?<![\w$])([A-Za-zα-ω])([0-9₀-₉ₓ]*)((?:_\w+?)*)(?!\w)")  # a letter alone, and its indices
# A brace, a bracket that grows, or a sign between two terms, so after what ends one.
BRACE_OR_SIGN = re.compile(r"(?<!\\)[{}]|\\(?:left|right)(?![A-Za-z])|(?<=[\w})\]]) [+-] ")
OPENED, CLOSED = ("{", r"\left"), ("}", r"\right")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₓ", "0123456789x")
OPENING, CLOSING = (r"\left[", r"\left("), (r"\right]", r"\right)")


def breakable(latex: str) -> str:
    r"""The formula with long brackets opened: between \left and \right a renderer breaks no line, between \biggl and
    \biggr it does. Only outside all braces; within a fraction or a root nothing breaks anyway."""
    braces, place, open_brackets, pieces = 0, 0, [], list(latex)
    while place < len(latex):
        if latex.startswith(OPENING, place):
            open_brackets.append((place, braces))
            place += len(OPENING[0])
        elif latex.startswith(CLOSING, place):
            start, outside = open_brackets.pop()
            if outside == 0 and place - start > LONG:
                _resize(pieces, start, r"\biggl", len(r"\left"))
                _resize(pieces, place, r"\biggr", len(r"\right"))
            place += len(CLOSING[0])
        else:
            braces += {"{": 1, "}": -1}.get(latex[place], 0) if latex[place - 1 : place] != "\\" else 0
            place += 1
    return _before_signs("".join(pieces))


def _before_signs(latex: str) -> str:
    """The formula with its lines broken before a sign between two terms, not after it.

    Within braces, and between brackets that grow, nothing breaks.
    """
    parts, place, braces = [], 0, 0
    for found in BRACE_OR_SIGN.finditer(latex):
        if found[0] in OPENED or found[0] in CLOSED:
            braces += 1 if found[0] in OPENED else -1
        elif not braces:
            parts += [latex[place : found.start()], rf" \allowbreak {found[0].strip()} \nobreak "]
            place = found.end()
    return "".join([*parts, latex[place:]])


def in_math(label: str) -> str:
    """A label with its symbols set as such: `σ1 of p` as `$σ_{1}$ of $p$`, `θ_2_p` as `$θ_{2,p}$`; words stay."""
    return SYMBOL.sub(_set, label)


def _set(found: re.Match[str]) -> str:
    letter, digits, index = found.groups()
    below = [part for part in (digits.translate(LOWERED), *index.split("_")) if part]
    return f"${letter}_{{{','.join(below)}}}$" if below else f"${letter}$"


def signed_terms(terms: list[str]) -> list[str]:
    """The terms of a sum, each after its sign."""
    return [term if term.startswith("-") or i == 0 else f"+{term}" for i, term in enumerate(terms)]


def _resize(pieces: list[str], place: int, command: str, length: int) -> None:
    pieces[place : place + length] = [command, *[""] * (length - 1)]
