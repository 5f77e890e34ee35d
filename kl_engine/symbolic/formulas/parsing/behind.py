r"""What stands behind a formula and is no part of it: definitions, the law of samples, and conditions.

r − 1 − log r, r = p(x)/q(x), x ~ q is three things; \max_q E_q[f] \text{ s.t. } KL(q‖p) \le \epsilon is two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kl_engine.symbolic.formulas.parsing.cursor import OPENING
from kl_engine.symbolic.formulas.parsing.tokens import NAME, NUMBER, SIGN, TEXT, Syntax, Token
from kl_engine.symbolic.formulas.parsing.word_lists import words

Line = list[Token]
MOST_BEHIND = 8  # definitions, laws and conditions behind one formula
_FAMILIES = words(
    "N Normal Gaussian Cat Categorical Bernoulli Bern Beta Gamma Dir Dirichlet Laplace Exp Poisson Uniform U"
)
_INTRODUCES = ("where", "with", "for", "and", "let", "given", "when")
# What a minimum is subject to is a condition of it, and no part of what is minimised.
_CONDITION = re.compile(
    r",\s*(?:\\q?quad|\\[,;: ]|\s|~)*\\(?:text|textrm|mbox)\{\s*"
    r"(?:with|where|for|if|when|iff|since|because|and)\s[^}]*\}"
    r"(?!\s*[A-Za-z\\{}]+\s*=\s*(?:\\frac|\\tfrac|0\.5|½|\())|"
    r"(?:[,;]\s*)?(?:\\q?quad|\\[,;: ]|\s|~)*(?:\\(?:text|mathrm|textrm|operatorname|mbox)\{\s*)?"
    r"(?P<subject>(?<![A-Za-z])(?:s\.\s?t\.|subject\s+to\b|such\s+that\b))\s*\}?\s*:?"
)


@dataclass
class Parted:
    """A line without what stands behind it. definitions: lines of their own. laws: what samples are drawn from."""

    main: Line
    definitions: list[Line] = field(default_factory=list)
    laws: list[Line] = field(default_factory=list)


def without_condition(tokens: list[Token], text: str, syntax: Syntax) -> tuple[list[Token], list[Line]]:
    """The tokens before "s.t." and the like, and those of each condition behind it."""
    found = _CONDITION.search(text)
    code = syntax is Syntax.PYTHON and ("\n" in text.strip() or "#" in text)
    if not found or code or found.start() == 0 or syntax is Syntax.PYTHON and not found["subject"]:
        return tokens, []
    kept = [token for token in tokens[:-1] if token.at[0] < found.start()]
    behind = [token for token in tokens[:-1] if token.at[0] >= found.end()]
    if found["subject"]:
        return [*kept, tokens[-1]], [piece for piece in _pieces(behind) if piece]
    comma = Token(SIGN, ",", (found.start(), found.start() + 1))
    whole = parted([*kept, comma, *behind])
    told = whole.definitions or whole.laws or len(whole.main) < len(kept) + 1 + len(behind)
    return [*kept, *([comma, *behind] if told else []), tokens[-1]], []


def parted(line: Line) -> Parted:
    """A line cut at its commas, where a definition of a name in it, or the law of a sample, stands behind one."""
    pieces = _pieces(line)
    found = Parted(pieces[0])
    if len(pieces) == 1 or len(pieces[0]) < 3:
        return Parted(line)
    said = False
    for piece in pieces[1:]:
        bare = _without_introduction(piece)
        mark = _symbol_end(bare)
        if mark and len(bare) > mark + 1 and bare[mark].is_sign("~", "∼"):
            found.laws.append(bare[mark + 1 :])
        elif mark and len(bare) > mark + 2 and bare[mark].is_sign("=", ":=") and bare[mark + 1].is_name(*_FAMILIES):
            said = True  # q = N(μ, σ²) says of what family q is, and is no value of it
        elif mark and len(bare) > mark + 1 and bare[mark].is_sign("=", ":=") and _occurs(bare[:mark], line, bare):
            found.definitions.insert(0, bare)
        else:
            return Parted(line)
    count = len(found.definitions) + len(found.laws)
    return found if 0 < count <= MOST_BEHIND or said and not count else Parted(line)


def _pieces(line: Line) -> list[Line]:
    """A line cut at its commas and semicolons, and before "where", "with" and "for"."""
    depth, found = 0, [[]]
    for token in line:
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
        if depth == 0 and token.is_sign(",", ";"):
            found.append([])
            continue
        if depth == 0 and token.is_name("where", "with") and found[-1]:
            found.append([])
        found[-1].append(token)
    return [piece for piece in found if piece] or [line]


def _without_introduction(piece: Line) -> Line:
    while piece and (piece[0].is_name(*_INTRODUCES) or piece[0].kind == TEXT):
        piece = piece[1:]
    while piece and piece[-1].is_sign(".", ",", ";"):
        piece = piece[:-1]
    return piece


def _symbol_end(piece: Line) -> int:
    """The place after the name with its subscripts at the beginning; 0 where none stands there."""
    place = 0
    if piece and piece[0].kind == "accent":
        place = 1
        if len(piece) > 3 and piece[1].is_sign("{"):
            place = 2
    if len(piece) <= place or piece[place].kind != NAME:
        return 0
    place += 1
    while place < len(piece) and not piece[place].is_sign("=", ":=", "~", "∼"):
        if not (piece[place].kind in (NAME, NUMBER) or piece[place].is_sign("_", "{", "}", "(", ")", ".", "...", "^")):
            return 0
        place += 1
    return place if place < len(piece) else 0


def _occurs(symbol: Line, line: Line, definition: Line) -> bool:
    """Whether the name that is defined stands in the line outside its own definition."""
    word = next(token.value for token in symbol if token.kind == NAME)
    places = {token.at for token in definition}
    return any(token.is_name(word) for token in line if token.at not in places)


__all__ = ["Parted", "parted", "without_condition"]
