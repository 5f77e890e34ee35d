"""The pieces of a typed objective: names, numbers, texts in quotes and signs, in Python or in LaTeX."""

from __future__ import annotations

import re
from typing import NamedTuple

from kl_engine.objectives.text_limits import MAX_LENGTH, MAX_NAME, MAX_TOKENS, ObjectiveError, Span

NAME, NUMBER, TEXT, SIGN, END = "name", "number", "text", "sign", "end"
BAR = "||"  # what divides the two arguments of a divergence

# LaTeX commands by what they stand for; a space is nothing at all.
_SPACING = ("left", "right", "middle", "big", "Big", "bigl", "bigr", "quad", "displaystyle", "limits", "bigg", "Bigg")
_STYLES = ("mathbb", "mathrm", "mathcal", "mathbf", "operatorname", "text", "textrm", "textbf", "mathit", "mathsf")
_SIGNS = {"|": BAR, "Vert": BAR, "parallel": BAR, "mid": "|", "vert": "|", "cdot": "*", "times": "*", "sim": "~"}
_SIGNS |= {"{": "[", "}": "]", "lbrace": "[", "rbrace": "]", "lbrack": "[", "rbrack": "]", "lVert": BAR, "rVert": BAR}
_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "eta", "theta", "kappa", "lambda", "mu", "nu")
_GREEK += ("xi", "pi", "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega", "Theta", "Phi", "Pi", "Psi")
_WORDS = {name: name for name in (*_GREEK, "log", "frac", "exp", "sum")} | {
    "ln": "log",
    "dfrac": "frac",
    "tfrac": "frac",
}
_LETTERS = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta"}
_LETTERS |= {"λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi"}
_LETTERS |= {"ψ": "psi", "ω": "omega", "𝔼": "E"}
_OTHER = {"‖": BAR, "∥": BAR, "∣": "|", "−": "-", "–": "-", "·": "*", "×": "*", "∼": "~"}

_PIECE = re.compile(
    rf"\\(?:{'|'.join(_STYLES)})\s*\{{\s*(?P<styled>[A-Za-z][A-Za-z0-9]*)\s*\}}"
    r"|(?P<space>\s+|\\[,;:!> ]|\$|&)"
    r"|(?P<command>\\(?:[A-Za-z]+|[|{}]))"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)"
    r"|(?P<number>\d{1,12}(?:\.\d{0,12})?(?:[eE][+-]?\d{1,2})?|\.\d{1,12})"
    r"|(?P<text>\"[A-Za-z_ ]{0,24}\"|'[A-Za-z_ ]{0,24}')"
    r"|(?P<sign>\|\||[-+*/()\[\]{},;|=~._^])"
)


class Token(NamedTuple):
    """One piece: its kind, what it says, and where it stands."""

    kind: str
    value: str
    at: Span


def tokens_of(text: str) -> list[Token]:
    """The pieces of the text, and an END. Raises ObjectiveError for a character or a command that is on no list."""
    if not text.strip():
        raise ObjectiveError("The objective is empty: type one, for example KL(q||p).")
    if len(text) > MAX_LENGTH:
        raise ObjectiveError(f"The objective has {len(text)} characters: shorten it to at most {MAX_LENGTH}.")
    found, place = [], 0
    while place < len(text):
        token, place = _token(text, place)
        if token:
            found.append(token)
        if len(found) > MAX_TOKENS:
            advice = f"use at most {MAX_TOKENS} names, numbers and signs"
            raise ObjectiveError.of(text, "The objective is too long from", advice, found[-1].at)
    return [*found, Token(END, "", (len(text), len(text)))]


def _token(text: str, place: int) -> tuple[Token | None, int]:
    """The piece that begins at `place`, if it says anything, and where the next one begins."""
    character = text[place]
    if character in _LETTERS or character in _OTHER:
        kind = NAME if character in _LETTERS else SIGN
        value = _LETTERS.get(character) or _OTHER[character]
        return Token(kind, value, (place, place + 1)), place + 1
    piece = _PIECE.match(text, place)
    if piece is None:
        advice = "use letters, digits and the signs + - * / ( ) [ ] { } , | _ = only"
        raise ObjectiveError.of(text, "The character", advice, (place, place + 1))
    kind, value, at = piece.lastgroup, piece.group(), piece.span()
    if kind == "space":
        return None, at[1]
    if kind == "styled":  # \\mathrm{KL}: the braces are not the author's
        return Token(NAME, piece["styled"], at), at[1]
    if kind == "command":
        return _command(text, value[1:], at), at[1]
    if len(value) > MAX_NAME:
        raise ObjectiveError.of(text, "The name", f"use at most {MAX_NAME} characters", at)
    return Token(kind, value[1:-1] if kind == TEXT else value, at), at[1]


def _command(text: str, command: str, at: Span) -> Token | None:
    if command in _SPACING or command in _STYLES:
        return None
    if command in _SIGNS:
        return Token(SIGN, _SIGNS[command], at)
    if command in _WORDS:
        return Token(NAME, _WORDS[command], at)
    raise ObjectiveError.of(
        text, "Unknown LaTeX command", "use \\log, \\frac, \\mathbb, \\mathrm or a Greek letter", at
    )
