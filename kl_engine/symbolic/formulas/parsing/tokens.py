r"""The pieces of a pasted text: names, numbers, texts in quotes, signs and ends of lines, each with its place.

One scanner for all that people paste: Python and its relatives, LaTeX, and mathematics in the signs of Unicode. What
is written in several ways comes out as one: \frac, \tfrac and \dfrac are `frac`, ² is ^ and 2, ‖ and \| are ||.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from kl_engine.symbolic.formulas.greek import (
    ACCENTS,
    BAR,
    GREEK_LETTERS,
    HALVES,
    LOWERED,
    RAISED,
    SIGNS,
    SPACES,
    accent,
    bare,
)
from kl_engine.symbolic.formulas.parsing.latex_words import Scan, command_tokens, is_command
from kl_engine.symbolic.formulas.refusals import MAX_LENGTH, MAX_TOKENS, Source, Span

MOST_LETTERS = 64
NAME, NUMBER, TEXT, SIGN, LINE, END = "name", "number", "text", "sign", "line", "end"


class Syntax(StrEnum):
    """How a text is written: as code, in LaTeX, or as on paper, with products that have no sign."""

    PYTHON = "python"
    LATEX = "latex"
    PAPER = "paper"


class Token(NamedTuple):
    """One piece. space: whether white space stands before it. style: "run" for letters side by side in LaTeX."""

    kind: str
    value: str
    at: Span
    space: bool = False
    style: str = ""

    def is_sign(self, *signs: str) -> bool:
        return self.kind == SIGN and self.value in signs

    def is_name(self, *names: str) -> bool:
        return self.kind == NAME and (self.value in names if names else True)


_NUMBER = re.compile(r"(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z]))?")
_DIGITS = re.compile(r"\d+")
_SUFFIX = re.compile(r"(?:f0|f)(?![A-Za-z0-9_])")  # of a number in Julia or in C
_PRIVATE = re.compile(r"_([A-Za-z][A-Za-z0-9]*)(?!__)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_GLUED = re.compile(r"(log|ln)(?=[\u03b1-\u03c9])")
_RAISED = re.compile(r"(?<![A-Za-z])(?:log|ln)[\u03b1-\u03c9]\w*\s*(?:\.?\^|\*\*)")
_JULIA = re.compile(r"\s\.[-+*/^]\s|[A-Za-z]\.\(|\.\^|@\.")
_STRING = re.compile(r"[rbfu]?(?:\"\"\"(?P<a>.*?)\"\"\"|'''(?P<b>.*?)'''|\"(?P<c>[^\"\n]*)\"|'(?P<d>[^'\n]*)')", re.S)
_SIGN = re.compile(
    r"\|\||\*\*|=>|::|@\.|\.\*|\./|\.\+|\.-|\.\^|\+=|-=|\*=|/=|:=|->|<-|==|!=|<=|>=|<<|>>|%\*%|//|\.'|[-+*/^_()\[\]{}.,|=:;~<>'@!?&%$]"
)
_SAME = {"**": "^", ".*": ".*", "./": "/", ".+": "+", ".-": "-", ".^": "^", "%*%": "@", ".'": "'", "::": "."}
_CODE = re.compile(
    r"\*|[A-Za-z0-9_)\]]\.[A-Za-z]|^\s*(?:def|return|import|from|lambda|const|let|double|float)\b|\w ?[-+*/]="
    r"|\bif\b.+\belse\b",
    re.M,
)


_DIVIDES = re.compile(r"[A-Za-z0-9)\]]\\[A-Za-z(]")


_ASIDES = re.compile(r"[rR]?\"\"\".*?\"\"\"|[rR]?'''.*?'''|(?<!\\)#[^\n]*", re.S)


def guessed_syntax(text: str) -> Syntax:
    """LaTeX with a command or a brace, code with a star or a dotted name, and else as on paper."""
    if re.search(r"^\s*(?:def|return|import|from|class)\b|\w\s*[-+*/]?=[^=]", text, re.M):
        text = _ASIDES.sub("", text)  # what stands in comments and in docstrings may be in LaTeX
    continued = re.sub(r"\\[ \t]*\n", "\n", text)
    if _DIVIDES.search(continued) and not any(map(is_command, re.findall(r"\\([A-Za-z]+)", continued))):
        return Syntax.PYTHON  # A\B, as in MATLAB and Julia
    if re.search(r"\\[A-Za-z|{}\\,;:!\[\]()]", continued) or re.search(r"[_^]\s?\{", text):
        return Syntax.LATEX
    return Syntax.PYTHON if _CODE.search(text) else Syntax.PAPER


def tokens_of(source: Source, syntax: Syntax) -> list[Token]:
    """The pieces of the text, and an END. Raises the source's error for a character that is on no list."""
    text = source.text
    if len(text) > MAX_LENGTH:
        raise source.whole(f"The text has {len(text)} characters: shorten it to at most {MAX_LENGTH}.")
    scan = _Scanner(source, syntax)
    while scan.place < len(text):
        scan.step()
        if len(scan.found) > MAX_TOKENS:
            advice = f"use at most {MAX_TOKENS} names, numbers and signs"
            raise source.error("The text is too long from", advice, scan.found[-1].at)
    found = _unbraced(scan.found) if syntax is Syntax.LATEX else scan.found
    return [*found, Token(END, "", (len(text), len(text)))]


def _unbraced(tokens: list[Token]) -> list[Token]:
    r"""Without the braces that take the space away around a sign, as in 1{-}\epsilon."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        alone = place + 2 < len(tokens) and tokens[place].is_sign("{") and tokens[place + 2].is_sign("}")
        raised = found and found[-1].is_sign("^", "_")
        if (
            tokens[place].is_sign("{")
            and tokens[place + 1 : place + 2]
            and tokens[place + 1].is_sign("}")
            and not raised
        ):
            place += 2  # = {}& sets the space around a sign
            continue
        if alone and not raised and tokens[place + 1].is_sign("+", "-", "=", ",", "<", ">"):
            found.append(tokens[place + 1])
            place += 3
        else:
            found.append(tokens[place])
            place += 1
    return found


class _Scanner(Scan):
    """A place in the text, and the tokens found so far."""

    def __init__(self, source: Source, syntax: Syntax) -> None:
        self.source, self.text, self.syntax = source, source.text, syntax
        self.place, self.found, self.space = 0, [], False
        self.skipped: dict[int, int] = {}  # labels of braces: where they begin, and where they end

    def add(self, kind: str, value: str, end: int, style: str = "") -> None:
        self.found.append(Token(kind, value, (self.place, end), self.space, style))
        self.space = False

    def step(self) -> None:
        """The piece that begins here."""
        self.place = self.skipped.get(self.place, self.place)
        if self.place >= len(self.text):
            return
        sign = self.text[self.place]
        if sign.isspace() or sign in SPACES:
            self.white(sign)
        elif sign == "\\":
            self.backslash()
        elif sign == "#" or self.comment():
            end = self.text.find("\n", self.place)
            self.place = len(self.text) if end < 0 else end
        elif (string := self.string()) is not None:
            self.add(TEXT, next((part for part in string.groups() if part is not None), ""), string.end())
            self.place = string.end()
        elif number := self.digits().match(self.text, self.place):
            self.number(number)
        elif sign == "_" and (private := self.private()):
            self.letters(private[1] if self.is_alone(private[1]) else f"{private[1]}own", private.end())
        elif glued := self.identifier():
            self.letters(glued[1], glued.end(1))
            self.add(SIGN, "_", glued.end(1))
        elif name := _NAME.match(self.text, self.place):
            style = "run" if self.syntax is Syntax.LATEX and len(name[0]) > 1 else ""
            self.letters(name[0], name.end(), style)
        else:
            self.other(sign)

    def private(self) -> re.Match | None:
        """A name of code that begins with an underscore, such as _kl; None for a subscript and for a dunder."""
        last = self.found[-1] if self.found else None
        glued = last and not self.space and (last.kind in (NAME, NUMBER) or last.is_sign(")", "]", "}", "_", "."))
        found = None if glued or self.syntax is not Syntax.PYTHON else _PRIVATE.match(self.text, self.place)
        given = found and re.search(rf"(?<![A-Za-z0-9_]){found[0]}\w*\s*(?:=(?!=)|\()", self.text)
        return found if given else None  # one that the text gives a value, or calls

    def identifier(self) -> re.Match | None:
        """The log of logσ .^ 2 in Julia, where it is part of a name: on paper log σ² is the log of a square."""
        found = _GLUED.match(self.text, self.place) if self.syntax is Syntax.PYTHON else None
        return found if found and _JULIA.search(self.text) and _RAISED.search(self.text) else None

    def is_alone(self, name: str) -> bool:
        """Whether the name without its underscore stands nowhere else in the text."""
        return not re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9])", self.text)

    def white(self, sign: str) -> None:
        if sign == "\n" and self.syntax is not Syntax.LATEX:
            self.add(LINE, "", self.place + 1)
        self.space = True
        self.place += 1

    def backslash(self) -> None:
        """A command of LaTeX; in code the end of a line that goes on, or Julia's and MATLAB's left division."""
        if self.syntax is Syntax.LATEX:
            command_tokens(self)
            return
        ahead = re.compile(r"\\[ \t]*\r?\n|\\\s*\Z").match(self.text, self.place)
        if ahead:
            self.place, self.space = ahead.end(), True
        else:
            self.add(SIGN, "\\", self.place + 1)
            self.place += 1

    def comment(self) -> bool:
        """Whether a comment of LaTeX, or of the relatives of C, begins here."""
        if self.syntax is Syntax.LATEX:
            return self.text[self.place] == "%"
        if self.text.startswith("//", self.place):
            return bool(re.search(r"[;{]|\b(?:const|let|var|double|float)\b", self.text))
        matlab = self.text[self.place] == "%" and self.space and "#" not in self.text
        return matlab and bool(re.search(r"[\w)\]]\.[*/^]|;", self.text))

    def string(self) -> re.Match | None:
        """A text in quotes; a ' right after a name, a number or a bracket is a prime or a transpose."""
        if self.syntax is Syntax.LATEX and self.text[self.place] in "'\"":
            return None
        last = self.found[-1] if self.found else None
        after = last and not self.space and (last.kind in (NAME, NUMBER) or last.is_sign(")", "]", "}", "'"))
        if self.text[self.place] == "'" and after:
            return None
        return _STRING.match(self.text, self.place)

    def number(self, found: re.Match) -> None:
        digits, end = found[0], found.end()
        if digits.endswith(".") and re.match(r"[*/^+-]", self.text[end : end + 1] or " ") and self.is_dotted(end):
            digits, end = digits[:-1], end - 1  # 2.*x is 2 .* x
        if digits.endswith(".") and self.syntax is Syntax.LATEX:
            digits, end = digits[:-1], end - 1  # a full stop
        self.add(NUMBER, digits, end)
        suffix = _SUFFIX.match(self.text, end)
        self.place = suffix.end() if suffix else end

    def digits(self) -> re.Pattern:
        """A number; after an underscore an index, of which a point is not a part."""
        is_index = self.found and self.found[-1].is_sign("_") and not self.space
        return _DIGITS if is_index else _NUMBER

    def is_dotted(self, place: int) -> bool:
        """Whether the point before this sign belongs to the sign, as in MATLAB and Julia."""
        return bool(re.search(r"[A-Za-z)\]]\.[*/^]|[A-Za-z)]\s\.[-+*/^]", self.text))

    def letters(self, name: str, end: int, style: str = "") -> None:
        """A name of ASCII letters and digits, perhaps with an accent."""
        if len(name) > MOST_LETTERS:
            advice = f"use at most {MOST_LETTERS} letters in one word"
            raise self.source.error("The name", advice, (self.place, end))
        if end < len(self.text) and self.text[end] in ACCENTS:
            self.add(NAME, f"{name}_{accent(self.text[end])}", end + 1)
            end += 1
        else:
            self.add(NAME, name, end, style)
        self.place = end

    def other(self, sign: str) -> None:
        """A Greek letter, a sign of Unicode, or a plain sign."""
        letter, word = bare(sign)
        if letter in GREEK_LETTERS or word and letter.isascii() and letter.isalpha():
            self.greek(GREEK_LETTERS.get(letter, letter) + (f"_{word}" if word else ""))
        elif sign in HALVES:
            above, below = HALVES[sign].split("/")
            for kind, value in ((SIGN, "("), (NUMBER, above), (SIGN, "/"), (NUMBER, below), (SIGN, ")")):
                self.add(kind, value, self.place + 1)
            self.place += 1
        elif sign in RAISED or sign in LOWERED:
            self.script(RAISED if sign in RAISED else LOWERED)
        elif sign in "∑∫∏𝔼𝐄∂∞":
            self.add(
                NAME,
                {"∑": "sum", "∫": "int", "∏": "prod", "∂": "partial", "∞": "infty"}.get(sign, "𝔼"),
                self.place + 1,
                "sign",
            )
            self.place += 1
        elif sign in SIGNS:
            self.add(SIGN, SIGNS[sign], self.place + 1)
            self.place += 1
        elif found := _SIGN.match(self.text, self.place):
            self.plain(found)
        else:
            advice = (
                "use letters, digits and the signs + - * / ^ ( ) [ ] { } , | _ = only, such as mu for a Greek letter"
            )
            raise self.source.error("The character", advice, (self.place, self.place + 1))

    def plain(self, found: re.Match) -> None:
        sign, end = found[0], found.end()
        if (
            sign in "$&"
            and self.syntax is not Syntax.PYTHON
            or sign in "$"
            or self.syntax is Syntax.LATEX
            and sign == "~"
            and not self.in_subscript()
            or sign == "@."
        ):
            self.space = True
        elif sign == "::":  # std::log
            self.found = self.found[:-1]
        elif sign == "''":
            self.add(SIGN, "'", end)
        else:
            self.add(SIGN, _SAME.get(sign, sign), end)
        self.place = end

    def in_subscript(self) -> bool:
        """Whether the brace that is open here stands below something, as in E_{x ~ p}."""
        depth = 0
        for i in range(len(self.found) - 1, 0, -1):
            depth += self.found[i].is_sign("}") - self.found[i].is_sign("{")
            if depth < 0:
                return self.found[i - 1].is_sign("_")
        return False

    def greek(self, name: str) -> None:
        """A Greek letter is a name of its own; what is glued to it, as in σ1 and μq, is its index."""
        end = self.place + 1
        if end < len(self.text) and self.text[end] in ACCENTS:
            name, end = f"{name}_{accent(self.text[end])}", end + 1
        index = re.compile(r"[0-9]+|[a-z]+").match(self.text, end)
        words = ("log", "ln", "exp", "tr", "det", "sqrt", "d", "x", "dx", "dz", "for", "if", "in")
        if index and index[0] not in words and not name.startswith("Sigma_") or index and index[0].isdigit():
            name, end = f"{name}_{index[0]}", index.end()
        self.add(NAME, name, end)
        self.place = end

    def script(self, table: dict[str, str]) -> None:
        """Raised or lowered signs: a power, or an index."""
        end = self.place
        while end < len(self.text) and self.text[end] in table:
            end += 1
        raised = "".join(table[sign] for sign in self.text[self.place : end])
        self.add(SIGN, "^" if table is RAISED else "_", end)
        self.add(SIGN, "{", end)
        for piece in re.findall(r"\d+|[A-Za-z]+|[-+]", raised):
            kind = NUMBER if piece.isdigit() else SIGN if piece in "-+" else NAME
            self.add(kind, piece, end)
        self.add(SIGN, "}", end)
        self.place = end


__all__ = ["BAR", "END", "LINE", "NAME", "NUMBER", "SIGN", "TEXT", "Syntax", "Token", "guessed_syntax", "tokens_of"]
