"""A text to lines that may hold numbers, and the lines to rows of cells by a separator."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kl_engine.data.pasted.signs import HARD_SPACES

ONE, SPACE, SPACES, COMMA, COMMA_SPACE, SLASH, DASH = "", " ", "  ", ",", ", ", " / ", "- "
TAB, SEMICOLON, BAR, AMPERSAND = "\t", ";", "|", "&"
NAMES = {
    ONE: "line",
    SPACE: "space",
    SPACES: "spaces",
    COMMA: "comma",
    COMMA_SPACE: "comma and space",
    SLASH: "slash",
    DASH: "dash",
    TAB: "tab",
    SEMICOLON: "semicolon",
    BAR: "bar",
    AMPERSAND: "ampersand",
}
HARD = (TAB, SEMICOLON, BAR, AMPERSAND)  # these never stand in a number
MATHS = {"\\times": "\u00a0×\u00a0", "\\cdot": "\u00a0·\u00a0", "\\pm": "\u00a0±\u00a0"}
BOXES = str.maketrans(  # lines drawn about the cells of a table
    dict.fromkeys("│┃║┆┊", BAR) | dict.fromkeys("─━═┄┈╌", "-") | dict.fromkeys("┌┐└┘├┤┬┴┼╞╡╪╭╮╰╯╔╗╚╝╠╣╦╩╬╤╧╟╢┏┓┗┛", "+")
)
LONGEST_QUOTE = 20  # lines in one cell
_SAID = re.compile(r"sep=(.|\\t)$", re.IGNORECASE)
_RULE = re.compile(
    r"[|+\s:=-]*[|+=-]{2}[|+\s:=-]*|[ \t]*\\(?:(?:hline|toprule|midrule|bottomrule)|(?:begin|end)\{.*\}.*)[ \t]*"
)
_PANDAS = re.compile(r"(?:(?:Name|Freq|Length): .*)?dtype: \w+|Length: \d+.*|\[\d+ rows x \d+ columns\]|Name: .*")
_DOTS = re.compile(r"(?:\.\.+|…|⋮)(?:[\s,;|]+(?:\.\.+|…|⋮))*")
_COMMENTS = re.compile(r"#|//|[%!](?![ \t]*[\d.])")  # what a line of words begins with; % 5 may be a number
_LABEL = re.compile(r"\s*(?P<name>[^\W\d][^\d:=;,|\t]*?)\s*[:=]\s*(?=[-+.\d(])")  # before all numbers of a single line
_POWER = re.compile(r"(?<=\d) *([x×·*]) *(?=10 ?(?:\^|\*\*|[⁻⁺⁰¹²³⁴-⁹]))")
_COMMENT = re.compile(r"(?<=\d)[ \t]+(?:#|//)[ \t]*[^\W\d][^;|\t]*$")  # behind the numbers of a line
_PLUS_MINUS = re.compile(r"(?<=\S) *(±|\+/-) *(?=\S)")
_IN_BRACKETS = re.compile(r"(?<=[\w%.]) +(\((?:±|\+/-)?\s?(?:[\d.,]*\d\s?%?|[^\W\d]\w*\.?|n/a|-)\))")
_BRACKETED = re.compile(r"\([\d.,]*\d")
_NAMES_A_DOUBT = re.compile(
    r"\(\w+\.?\)|\b(?:sd|se|sem|std|stdev|err|errors?|s\.d\.|s\.e\.|uncertainty)\b", re.IGNORECASE
)
_BULLET = re.compile(r"\s*[*•‣·▪◦]\s+")
_SPLIT = {
    SPACE: re.compile(r"[ \t]+"),
    SPACES: re.compile(r"[ \t]{2,}|\t"),
    COMMA_SPACE: re.compile(r",\s+|,$"),
    SLASH: re.compile(r"\s+/\s+"),
    AMPERSAND: re.compile(r"\s*&\s*"),
}
_NOTED = frozenset("#%/!|+=-\\NFLd[.…⋮*•‣·▪◦ \t")  # what lines that hold no numbers, or bullets, may begin with


@dataclass
class Lines:
    """The lines that may hold cells, the separator that the text itself names, and what was left out, in words."""

    lines: list[str]
    said: str | None = None
    asides: list[str] = field(default_factory=list)
    heading: str | None = None  # a comment just above the table: it may name its columns


def lines_of(text: str) -> Lines:
    """The lines of a text that may hold cells. Raises ValueError where its middle has been left out."""
    if any(sign in text for sign in MATHS):
        text = _typeset(text)
    if "│" in text:
        text = text.translate(BOXES)
    lines = [line for line in text.splitlines() if line.strip()]
    found = Lines(lines)
    if lines and (said := _SAID.match(lines[0].strip(' \r\n"'))):
        found.said, lines = {"\\t": TAB}.get(said[1], said[1]), lines[1:]
    if text.count('"') > 1:
        lines = [line for line in _quoted(lines) if line.strip()]
    kept, comments, notes = [], [], 0
    for line in lines:
        if line[0] not in _NOTED:
            kept.append(line)
            continue
        inner = line.strip()
        if _DOTS.fullmatch(inner):
            raise ValueError("Its middle is left out (…): print all of the numbers, and paste them.")
        if _COMMENTS.match(inner) and not re.match(r"#(?:N/?A|DIV|VALUE|REF|NAME|NUM|NULL)\b", inner):
            comments.append(inner)
            found.heading = inner.lstrip("#%/! \t") if not kept else found.heading
        elif _RULE.fullmatch(inner) and not re.fullmatch(r"[-\s|]{1,3}", inner) or _PANDAS.fullmatch(inner):
            notes += 1
        else:
            kept.append(_BULLET.sub("", line, count=1))
    if any(sign in text for sign in (" #", "\t#", " //")):
        bare = [_COMMENT.sub("", line) for line in kept]
        comments += [line[len(without) :].strip() for line, without in zip(kept, bare) if line != without]
        kept = bare
    kept, label = _without_labels(kept)
    found.heading = found.heading or label
    found.lines = _with_their_doubts(kept, text)
    if comments:
        found.asides.append(f"{len(comments)} comment line{'s' * (len(comments) > 1)} ({comments[0][:30]})")
    if notes:
        found.asides.append(f"{notes} line{'s' * (notes > 1)} of rules or notes")
    return _unwrapped(found)


def _without_labels(lines: list[str]) -> tuple[list[str], str | None]:
    """Lines whose label is not a part of their first number: a single line without it, several with it as a cell."""
    if len(lines) == 1 and (label := _LABEL.match(lines[0])):
        return [lines[0][label.end() :]], label["name"]
    if lines and all(map(_LABEL.match, lines)) and all("," in line or ";" in line for line in lines):
        sign = SEMICOLON if all(SEMICOLON in line for line in lines) else COMMA
        return [_LABEL.sub(rf"\g<name>{sign} ", line, count=1) for line in lines], None
    return lines, None


def _typeset(text: str) -> str:
    """The signs of LaTeX in numbers as they are set: $1.5 \\times 10^{-3}$, 1.5 \\pm 0.1."""
    for sign, meant in MATHS.items():
        text = re.sub(rf" ?{re.escape(sign)} ?(?![a-z])", meant, text)
    return text.replace("$", "").replace("{", "").replace("}", "")


def _with_their_doubts(lines: list[str], text: str) -> list[str]:
    """Lines in which a power of ten, or an uncertainty, is of one cell with the number before it: by a hard space.

    ± says so by itself. A number in brackets may also be a negative one in a column of its own: where such columns
    have names of their own, or numbers in brackets stand elsewhere too.
    """
    if any(f"{sign}{space}10" in text for sign in "x×·*" for space in ("", " ")):
        lines = [_POWER.sub("\u00a0\\1\u00a0", line) for line in lines]
    if "±" in text or "+/-" in text:
        lines = [_PLUS_MINUS.sub("\u00a0\\1\u00a0", line) for line in lines]
    if " (" not in text:
        return lines
    body = lines[1:] if lines and not re.search(r"\d", lines[0]) else lines
    bracketed = [line for line in body if "(" in line]
    if not bracketed or any(_BRACKETED.search(_IN_BRACKETS.sub("", line)) for line in bracketed):
        return lines
    named = len(body) < len(lines) and len(lines[0].split()) == len(bracketed[0].split())
    if named and not _NAMES_A_DOUBT.search(lines[0]):
        return lines
    return [_IN_BRACKETS.sub("\u00a0\\1", line) for line in lines]


def _quoted(lines: list[str]) -> list[str]:
    """Lines within one pair of quotes joined; a quote that is not closed is taken as it stands."""
    found, i = [], 0
    while i < len(lines):
        line, end = lines[i], i + 1
        while line.count('"') % 2 and end < min(len(lines), i + LONGEST_QUOTE):
            line, end = f"{line}\n{lines[end]}", end + 1
        if line.count('"') % 2:
            line, end = lines[i].replace('"', ""), i + 1
        found.append(line)
        i = end
    return found


def _unwrapped(found: Lines) -> Lines:
    """One list written on several lines, each but the last ending in a separator, on one line."""
    *before, last = [line.strip() for line in found.lines] or [""]
    for sign in (COMMA, SEMICOLON):
        if before and not last.endswith(sign) and all(line.endswith(sign) for line in before):
            found.lines = [" ".join([*before, last])]
    return found


def rows(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The cells of each line. Raises ValueError where quotes make no sense."""
    try:
        if separator in (TAB, SEMICOLON, COMMA):
            yield from csv.reader(lines, delimiter=separator, skipinitialspace=separator != TAB)
        elif separator == BAR:
            bare = (line.strip().removeprefix(BAR).removesuffix(BAR) for line in lines)
            yield from csv.reader(bare, delimiter=BAR, skipinitialspace=True)
        elif separator == ONE:
            yield from ([line] for line in lines)
        elif separator == DASH:
            yield from ([line.strip().removeprefix("-").strip()] for line in lines)
        else:
            yield from _split(lines, separator)
    except csv.Error as error:
        raise ValueError(f"It cannot be read as a table ({error}): check its quotes.") from None


def _split(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    pattern = _SPLIT.get(separator) or re.compile(re.escape(separator))
    for line in lines:
        if separator == SPACE and line.isascii() and '"' not in line:
            yield line.split()
            continue
        bare = line.strip(" \t\r\n")
        if '"' in bare and separator in (SPACE, COMMA_SPACE):
            yield next(csv.reader([bare], delimiter=separator[0], skipinitialspace=True))
            continue
        if separator == AMPERSAND:
            bare = bare.removesuffix("\\hline").strip().removesuffix("\\\\").strip()
        yield [cell for cell in pattern.split(bare) if cell or separator not in (SPACE, SPACES)]


def soft_spaces(lines: list[str]) -> list[str]:
    """The lines with every kind of space as a plain one: where nothing else parts the columns."""
    return [line.translate(dict.fromkeys(map(ord, HARD_SPACES), " ")) for line in lines]
