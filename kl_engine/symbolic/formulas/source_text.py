"""A text as it was pasted, and what is read of it: signs of Unicode in the words of a grammar, each with its place."""

import re
from dataclasses import dataclass

Span = tuple[int, int]

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon "
    "phi chi psi omega"
)
GREEK_LETTERS = {chr(0x3B1 + place): name for place, name in enumerate(_GREEK_NAMES.split())}
GREEK_LETTERS |= {"µ": "mu", "Σ": "Sigma", "Δ": "Delta", "Λ": "Lambda", "Θ": "Theta", "ϕ": "phi", "Φ": "Phi"}
_SIGNS = dict.fromkeys("−–—‐‑﹣", "-") | dict.fromkeys("·⋅∙•×∗", "*") | dict.fromkeys("÷∕⁄", "/")
_SIGNS |= dict.fromkeys("\u00a0\u2009\u202f\u2002\u2003\u2005", " ") | {"’": "'", "‖": r"\|", "∥": r"\|"}
_HALVES = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3)}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ₚₐᵢⱼ", "0123456789paij", strict=True))
_WORD = r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*"
_PIECE = re.compile(rf"[{''.join(_RAISED)}]+|[{''.join(_LOWERED)}]+|{_WORD}|.", re.DOTALL)
_MATHEMATICAL_WORDS = ("log", "ln", "exp", "sqrt")


@dataclass(frozen=True)
class SourceText:
    """text: as it was pasted. read: what a grammar reads. origin: where its characters and its end came from."""

    text: str
    read: str
    origin: tuple[int, ...]

    def at(self, span: Span) -> Span:
        """A piece of what is read, as a place in the text."""
        start, end = span
        first = self.origin[min(start, len(self.read))]
        return (first, max(first, self.origin[end - 1] + 1)) if end > start else (first, first)

    def piece(self, span: Span) -> str:
        start, end = self.at(span)
        return self.text[start:end]


def for_python(text: str, kept: Span) -> SourceText:
    """The kept part in Python's signs: mu for μ, ** for ^ (which binds weaker than + there) and for ², on one line."""
    pieces = []
    for piece, place in _pieces(text, kept):
        if piece in GREEK_LETTERS:
            before = text[place - 1] if place else " "
            # σμ are two names, not one; the missing sign is then pointed out.
            name = GREEK_LETTERS[piece].replace("lambda", "lam")  # a word of Python's own
            written = (" " if before.isalpha() else "") + name
        elif piece in _HALVES:
            written = "({}/{})".format(*_HALVES[piece])
        elif piece[0] in _RAISED:
            written = f"**({_digits(piece, _RAISED)})"
        elif piece[0] in _LOWERED:
            written = f"_{_digits(piece, _LOWERED)}"
        else:
            written = {"^": "**", "√": "sqrt "}.get(piece, " " if piece.isspace() else _SIGNS.get(piece, piece))
        pieces.append((written, place))
    return _joined(text, pieces, kept)


def for_latex(text: str, kept: Span, words: bool) -> SourceText:
    r"""The kept part in LaTeX's signs: \mu for μ. With `words`, a word is a name or a function, as on paper."""
    pieces = []
    for piece, place in _pieces(text, kept):
        after = text[place + len(piece) : place + len(piece) + 2]
        if piece in GREEK_LETTERS:
            index = "_" if re.match(r"[0-9]|[pq](?![A-Za-z])", after) else " "
            written = f"\\{GREEK_LETTERS[piece]}{index}"
        elif piece in _HALVES:
            written = r"\frac{{{}}}{{{}}}".format(*_HALVES[piece])
        elif piece[0] in _RAISED:
            written = f"^{{{_digits(piece, _RAISED)}}}"
        elif piece[0] in _LOWERED:
            written = f"_{{{_digits(piece, _LOWERED)}}}"
        elif words and piece in _MATHEMATICAL_WORDS:
            written = f"\\{piece} "
        elif words and len(piece) > 1:
            written = rf"\mathrm{{{piece}}}"
        else:
            written = r"\sqrt " if piece == "√" else _SIGNS.get(piece, piece)
        pieces.append((written, place))
    return _joined(text, pieces, kept)


def _pieces(text: str, kept: Span) -> list[tuple[str, int]]:
    return [(match.group(), match.start()) for match in _PIECE.finditer(text, *kept)]


def _digits(piece: str, table: dict[str, str]) -> str:
    return "".join(table[sign] for sign in piece)


def _joined(text: str, pieces: list[tuple[str, int]], kept: Span) -> SourceText:
    while pieces and pieces[0][0].isspace():  # Python minds a space at the start
        pieces.pop(0)
    read, origin = [], []
    for written, place in pieces:
        read.append(written)
        # A word stays as it is, character by character; what is rewritten comes from one place.
        same = text[place : place + len(written)] == written
        origin += [place + (step if same else 0) for step in range(len(written))]
    return SourceText(text, "".join(read), (*origin, kept[1]))
