"""Formulas for a narrow column: where a long one may go on in a next line, and the terms of a sum with their signs."""

from __future__ import annotations

LONG = 120  # characters of LaTeX within brackets, about half a column
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
    return "".join(pieces)


def signed_terms(terms: list[str]) -> list[str]:
    """The terms of a sum, each after its sign."""
    return [term if term.startswith("-") or i == 0 else f"+{term}" for i, term in enumerate(terms)]


def _resize(pieces: list[str], place: int, command: str, length: int) -> None:
    pieces[place : place + length] = [command, *[""] * (length - 1)]
