"""The words of a LaTeX formula: commands of a list, letters, digits and signs, each with its place in the text."""

import re
from dataclasses import dataclass

from kl_engine.symbolic.formulas.source_text import Span
from kl_engine.symbolic.formulas.syntax_tree import MATRIX_ADVICE, MATRIX_WORDS, Builder

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta kappa lambda mu nu xi rho varrho sigma varsigma "
    "tau phi varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega"
)
GREEK = frozenset(_GREEK.split())
FUNCTIONS = {"log": "log", "ln": "log", "exp": "exp"}
FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"))
TEXT = frozenset(("mathrm", "text", "textrm", "mathit", "mathbf", "operatorname", "textnormal"))
_ALSO_TEXT = frozenset(("boldsymbol", "bm", "mathsf", "mathbb", "mathcal"))
TIMES = frozenset(("cdot", "times", "ast"))
SUMS = frozenset(("sum",))
_BARS = frozenset(("vert", "lvert", "rvert", "Vert", "lVert", "rVert"))  # a norm, of one number, is its absolute value
_SPACING = "left right big Big bigl bigr Bigl Bigr bigg Bigg biggl biggr Biggl Biggr displaystyle textstyle quad qquad "
_SPACING += "limits nolimits nonumber notag"
_IGNORED = frozenset(_SPACING.split())
_KNOWN = GREEK | FUNCTIONS.keys() | FRACTIONS | TEXT | TIMES | SUMS | {"sqrt", "pi"}
_PIECE = re.compile(r"\\[A-Za-z]+|\\[,;:! ]|\\\{|\\\}|\\\||\\.?|[A-Za-z0-9]|[-+*/^_(){}\[\].,|=]|\s+|.", re.DOTALL)
_SIGN = re.compile(r"[A-Za-z0-9]|[-+*/^_(){}\[\].,|=]")


@dataclass(frozen=True, slots=True)
class Token:
    """kind: "command" (text without the backslash), "letter", "digit", "sign" or "end"."""

    kind: str
    text: str
    at: Span

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def is_command(self, *names: str) -> bool:
        return self.kind == "command" and self.text in names


def tokens(builder: Builder) -> list[Token]:
    """The tokens of the builder's text, one "end" last. Spacing and sizes of brackets are left out."""
    found = [token for match in _PIECE.finditer(builder.text) if (token := _token(builder, match)) is not None]
    end = len(builder.text)
    return [*found, Token("end", "", (end, end))]


def _token(builder: Builder, match: re.Match) -> Token | None:
    piece, at = match.group(), match.span()
    if piece.isspace() or piece in (r"\,", r"\;", r"\:", r"\!", r"\ ", "~"):
        return None
    if piece in (r"\{", r"\}"):
        return Token("sign", "(" if piece == r"\{" else ")", at)
    if piece == r"\|":
        return Token("sign", "|", at)
    if piece.startswith("\\"):
        return _command(builder, piece, at)
    if not _SIGN.fullmatch(piece):
        raise builder.error("The character", "use letters, digits, + - * / ^ _ and brackets only", at)
    if piece in "[]" or not piece.isalnum():
        return Token("sign", piece, at)
    return Token("digit" if piece.isdigit() else "letter", piece, at)


def _command(builder: Builder, piece: str, at: Span) -> Token | None:
    name = piece[1:]
    if name in _IGNORED:
        return None
    if name in _BARS:
        return Token("sign", "|", at)
    if name in _ALSO_TEXT:
        return Token("command", "mathrm", at)
    if name in MATRIX_WORDS:
        raise builder.error("The command", MATRIX_ADVICE, at)
    if name not in _KNOWN:
        advice = r"use \frac, \sqrt, \log, \ln, \exp, \cdot, \mathrm and Greek letters"
        raise builder.error("Unknown command", advice, at)
    return Token("command", name, at)
