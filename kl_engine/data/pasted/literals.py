"""Lists as programming languages write and print them: Python, NumPy, R, Julia, MATLAB, JSON, Mathematica.

A text is statements `name = value`; a value is a cell, a list in any brackets (parted by commas, semicolons or spaces),
a dictionary, or a call that only wraps one, as `np.array([…])` or `c(…)`. Nothing is run: any other call is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kl_engine.data.pasted.cells import is_missing, is_number, plain

DEEPEST = 5
MOST_TOKENS = 5_000_000
# What wraps a list, what wraps a number, and what takes the items of a list as its arguments.
LISTS = frozenset(
    ["array", "asarray", "matrix", "mat", "tensor", "Tensor", "as_tensor", "Series", "DataFrame", "Index"]
)
LISTS |= {"vector", "Vector", "deque", "Array", "frozenset", "DeviceArray", "Variable", "constant", "numeric"}
LISTS |= {"as.numeric", "as.vector"}
NUMBERS = frozenset(["float", "double", "longdouble", "int", "Decimal", "str", "String", "Number"])
NUMBERS |= {f"{kind}{bits}" for kind in ("float", "int", "uint") for bits in (8, 16, 32, 64)}
SEVERAL = frozenset(["c", "list", "tuple", "set", "vector", "Vector", "data.frame", "tibble", "cbind"])
TYPES = r"(?:(?:(?:var|let|const|auto|val|my|static|final|double|float|int|long|(?:std::)?vector<\w+>|List<\w+>)\s+)+)"
DECLARED = re.compile(rf"^\s*{TYPES}(?=[\w$@])|(?<=\w)\s?\[\]|(?<=vec)!|[$@](?=\w)", re.MULTILINE)
START = re.compile(r"""\s*(?:["']?\w[\w.]*["']?\s*(?:<-|[:=]{1,2})\s*)?(?:[\w.]+(?:::\w+)?)?[\[({]""")
_TURNED = re.compile(r"([^\[\];]*\[[^\[\];]*\])(?:\.?'|\.T)(\s*;?\s*)")  # a row or a column turned: the same list
PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.(?=\s)|julia>|(?:In|Out)\s?\[\d+\]:|>(?=\s))[ \t]?", re.MULTILINE)
R_PLACE = re.compile(r"^\s*\[\d+\][ \t]+(?=\S)", re.MULTILINE)
TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign><-|[\[\](){},;:=])|(?P<more>\.\.\.|…)"""
    r"""|(?P<word>[^\s\[\](){},;:="']+)|(?P<odd>.))""",
    re.DOTALL,
)
FLAT = re.compile(  # one list without another in it: read at once
    r"""\s*(?:(?P<name>\w[\w.]*)\s*(?:<-|=)\s*)?(?:(?P<call>[\w.]+)\()?(?P<open>[\[({])(?P<items>[^\[\](){}"':=;…]*)[\])}]"""
    r"""(?P<end>\)?)\s*;?\s*"""
)
_PAIRS = re.compile(r"\s*[+-]?\d+,\d+(?:,\s+[+-]?\d+,\d+)+\s*")  # 1,5, 2,5: each comma without a space is another one
_HALVES = re.compile(r"\s*[+-]?\d+,\d+(?:\s*;\s*[+-]?\d+,\d+)+\s*;?\s*")  # 1,5; 2,5: decimals, or two columns
_SUFFIX = re.compile(r"(?<=[\d.])(?:[LlFfDdUu]|f0|[uif]\d\d)$")  # of a type: 2L, 1.5f, 3i32
CLOSING = {"[": "]", "(": ")", "{": "}"}


class NoList(Exception):
    """The text is not a list of a programming language; a table may still be in it."""


@dataclass
class Cells:
    """What was read: columns of cells by name, and what was left out of the text, in words."""

    names: list[str] = field(default_factory=list)
    columns: list[list[str]] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)

    def add(self, name: str, cells: list[str]) -> None:
        """One more column."""
        self.names.append(name)
        self.columns.append(cells)


@dataclass(frozen=True)
class _Call:
    name: str
    items: list
    named: list


def looks_like_lists(text: str) -> bool:
    """Whether the text begins as such a list does; numbers in brackets, one per line, are negative ones."""
    head = DECLARED.sub("", text[:2000])
    if all(is_number(plain(line)) for line in head.splitlines()[:-1] or [head]):
        return False
    return bool(PROMPT.match(head) or START.match(head))


def read_lists(text: str) -> Cells:
    """The columns of a text of lists. Raises NoList where it is none, ValueError where it cannot be used."""
    prompted = bool(PROMPT.match(text))
    text = PROMPT.sub("", DECLARED.sub("", text))
    if turned := _TURNED.fullmatch(text):
        text = "".join(turned.groups())
    if R_PLACE.search(text) and (prompted or R_PLACE.match(text)) and (printed := _printed_by_r(text)):
        return printed
    if _HALVES.fullmatch(text.strip().removeprefix("[").removesuffix("]")):
        raise ValueError(
            "Its commas are decimal marks or separate two columns: write [1.5; 2.5] for the former, [1 5; 2 5] for "
            "the latter."
        )
    if (flat := _flat(text)) is not None:
        return flat
    read = _Reader(text).statements()
    if len(read) > 1 and any(not name and isinstance(value, str | _Call) for name, value in read) and not prompted:
        raise NoList
    statements = [(name, _value(value)) for name, value in read]
    if all(isinstance(value, str) for _, value in statements):
        raise NoList
    found = Cells()
    if len(statements) > 1 and all(
        not name and (_is_row(value) or isinstance(value, dict)) for name, value in statements
    ):
        statements = [("", [value for _, value in statements])]
    for name, value in statements:
        _unfold(name, value, found)
    return found


def _printed_by_r(text: str) -> Cells | None:
    """The vectors that R has printed, each from its [1] on; the lines that were typed between them are named.

    None where a line that was printed has a comma: then its numbers are not parted by spaces alone.
    """
    found, typed, last = Cells(), [], ""
    for line in filter(str.strip, text.splitlines()):
        if not R_PLACE.match(line):
            last = line.strip()
            typed.append(last)
            continue
        if "," in line:
            return None
        if line.split("]")[0].strip() == "[1" or not found.columns:
            found.add(last if last.isidentifier() else "", [])
            last = ""
        found.columns[-1] += R_PLACE.sub("", line).split()
    if typed:
        found.asides.append(f"{len(typed)} line{'s' * (len(typed) > 1)} typed ({typed[0][:20]})")
    return found


def _flat(text: str) -> Cells | None:
    """The cells of one list without another in it, quickly; None where it is anything else."""
    found = FLAT.fullmatch(text)
    if not found or bool(found["call"]) != bool(found["end"]) or ".." in found["items"]:
        return None
    if found["call"] and found["call"].split(".")[-1] not in LISTS:
        return None
    parted = "," in found["items"]
    if _PAIRS.fullmatch(found["items"]):
        raise ValueError("Are some of its commas decimal marks? Write these as points: [1.5, 2.5].")
    items = [item.strip() for item in found["items"].split("," if parted else None)]
    if parted and any(len(item.split()) != 1 for item in items[:-1]):
        return None
    return Cells([found["name"] or ""], [[_cell(item) for item in items if item]])


def _is_row(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value)


class _Reader:
    """Recursive descent over the tokens: lists become lists, dictionaries dicts, everything else texts."""

    def __init__(self, text: str) -> None:
        self.tokens = [(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)) for found in _scan(text)]
        self.text, self.at = text, 0

    def peek(self, ahead: int = 0) -> str | None:
        """The next sign, without taking it; None for a string, a word, the end."""
        place = self.at + ahead
        return self.tokens[place][1] if place < len(self.tokens) and self.tokens[place][0] == "sign" else None

    def kind(self, ahead: int = 0) -> str:
        """The kind of the next token; empty at the end."""
        place = self.at + ahead
        return self.tokens[place][0] if place < len(self.tokens) else ""

    def opens(self, ahead: int) -> bool:
        """Whether what comes there is a list, a dictionary, a call, or a value alone in its statement."""
        return self.kind(ahead) not in ("word", "string") or self.peek(ahead + 1) != ":"

    def take(self) -> str:
        """The next token, taken."""
        self.at += 1
        return self.tokens[self.at - 1][1]

    def statements(self) -> list[tuple[str, object]]:
        """All of them: (name, value)."""
        found = []
        while self.at < len(self.tokens):
            name = ""
            if self.kind() in ("word", "string") and self.peek(1) in ("=", "<-", ":") and self.opens(2):
                name = self.take().strip("\"'$")
                while self.peek() in ("=", "<-", ":"):
                    self.take()
            found.append((name, self.value(0)))
            while self.peek() in (";", ","):
                self.take()
        return found

    def value(self, depth: int) -> object:
        """A cell, a list, a dictionary, or a call."""
        if depth > DEEPEST:
            raise ValueError(f"It holds lists in lists, more than {DEEPEST} deep: paste one list of numbers.")
        if self.kind() == "more":
            raise ValueError("Its middle is left out (…): print all of the numbers, and paste them.")
        if self.kind() in ("word", "string"):
            text = self.take()
            if self.peek() == "(" and not is_number(plain(text)):
                return self.called(text, depth)
            return text
        if self.peek() in CLOSING:
            return self.items(CLOSING[self.take()], depth + 1)
        raise NoList

    def called(self, name: str, depth: int) -> _Call:
        """The call of a function of this name."""
        self.take()
        named: list = []
        items = self.items(")", depth + 1, named)
        return _Call(name, items if isinstance(items, list) else [items], named)

    def items(self, end: str, depth: int, named: list | None = None) -> object:
        """What stands before the bracket that closes; rows where semicolons part it, a dict where it has keys."""
        rows, pairs, row = [], [], []
        while self.peek() != end:
            if self.at >= len(self.tokens):
                raise NoList
            if self.peek() in (",", ";"):
                if self.take() == ";":
                    rows, row = [*rows, row], []
                continue
            item = self.value(depth)
            if self.peek() in (":", "=") and isinstance(item, str):
                sign = self.take()
                (named if named is not None and sign == "=" else pairs).append((item.strip("\"'"), self.value(depth)))
            else:
                row.append(item)
        self.take()
        if pairs and (row or rows):
            raise NoList
        if pairs:
            return dict(pairs)
        return [*rows, row] if rows and row else rows[0] if len(rows) == 1 and not row else rows or row


def _scan(text: str):
    """The tokens of a text, as matches."""
    at, end = 0, len(text.rstrip())
    for _ in range(MOST_TOKENS):
        if at >= end:
            return
        found = TOKEN.match(text, at)
        if found.lastgroup == "odd":
            raise NoList
        yield found
        at = found.end()
    raise ValueError("It is too long for a list: save the numbers to a file, one per line.")


def _value(item: object, inside: bool = False) -> object:
    """A value without its calls: those that wrap a list or a number are what they wrap; others in a list are texts."""
    if isinstance(item, list):
        return [_value(each, inside=True) for each in item]
    if isinstance(item, dict):
        return {key: _value(each, inside=True) for key, each in item.items()}
    if not isinstance(item, _Call):
        return item
    last = re.split(r"::|(?<!^data)(?<!^as)\.", item.name)[-1]
    items = [_value(each, inside=True) for each in item.items]
    named = [(key, _value(value, inside=True)) for key, value in item.named]
    if last in SEVERAL and named and not items:
        return dict(named)
    if last in SEVERAL and items and (last == "c" or len(items) > 1 or not isinstance(items[0], (list, dict))):
        return [part for each in items for part in (each if last == "c" and isinstance(each, list) else [each])]
    if last in LISTS and items and isinstance(items[0], (list, dict)):
        return items[0]
    if last in NUMBERS and len(items) == 1 and isinstance(items[0], str):
        return items[0].strip("\"'")
    if not items and not named and last in LISTS:
        return []
    if inside:
        return f"{item.name}(…)"
    raise ValueError(f"It calls {item.name[:40]}(…), and nothing pasted here is run: paste the numbers that it gives.")


def _unfold(name: str, value: object, found: Cells) -> None:
    """Columns of a value: a list is one, a list of rows a table, a dictionary one for each key."""
    if isinstance(value, dict):
        _unfold_dict(name, value, found)
    elif not isinstance(value, list):
        found.asides.append(f"{name or 'a value'}: {value[:20]}, no list")
    elif value and all(isinstance(item, dict) for item in value):
        keys = dict.fromkeys(key for item in value for key in item)
        for key in keys:
            found.add(_name(name, key), [_cell(item.get(key, "")) for item in value])
    elif any(isinstance(item, (list, dict)) for item in value):
        _unfold_rows(name, value, found)
    else:
        found.add(name, [_cell(item) for item in value])


def _unfold_dict(name: str, value: dict, found: Cells) -> None:
    alone = {key: item for key, item in value.items() if isinstance(item, str)}
    if len(alone) == len(value):  # labels and numbers, as a pandas Series has them
        found.add(name, [_cell(item) for item in value.values()])
        found.asides.append(f"{len(value)} labels ({', '.join(list(value)[:3])}{', …' * (len(value) > 3)})")
        return
    for key, item in value.items():
        _unfold(_name(name, key), item, found)


def _unfold_rows(name: str, value: list, found: Cells) -> None:
    """Rows of cells, as of a table; a row of one, or rows of one each, are one column."""
    rows = [row if isinstance(row, list) else [row] for row in value]
    if len(rows) == 1:
        _unfold(name, rows[0], found)
        return
    if any(isinstance(cell, (list, dict)) for row in rows for cell in row):
        raise ValueError("It holds lists in lists in lists: paste one row or one table of them.")
    names = [plain(cell) for cell in rows[0]]
    header = all(names) and not any(is_number(cell) or is_missing(cell) for cell in names)
    for i in range(max(map(len, rows))):
        cells = [_cell(row[i]) if i < len(row) else "" for row in rows[header:]]
        several = max(map(len, rows)) > 1
        label = names[i] if header and i < len(names) else (f"{name} {i + 1}".strip() if name and several else name)
        found.add(label, cells)


def _name(outer: str, inner: str) -> str:
    return f"{outer}.{inner}" if outer else inner


def _cell(item: object) -> str:
    return _SUFFIX.sub("", item) if isinstance(item, str) else "a list"
