"""The branches of an if in a pasted text: one is read at a time, and what gives a constant is no branch to be read.

A text with an if is as many texts as there are ways through it. `Way` is one of them; the readers go through all, and
answer where they come to the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from kl_engine.symbolic.formulas.parsing.cursor import OPENING
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of
from kl_engine.symbolic.formulas.parsing.tokens import NAME, Token
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.refusals import Unreadable

MOST_WAYS = 8
FIRST_OF_EQUALS = "Of an if the first branch is read: the other one differs in the dimensions of its sums alone."
ONE_COMPUTES = "Of an if the branch that computes something is read: the other one gives a constant."
ALL_AGREE = "All branches of the if are read, and they come to the same."
SOME_ARE_READ = "Of an if the branches that can be read are read."
PASTE_ONE = "paste the branch that is meant, on its own"
Line = list[Token]
Answer = TypeVar("Answer")
_CONSTANT_CALLS = words(
    "zeros zeros_like tensor Tensor FloatTensor constant array asarray scalar_tensor new_zeros new_tensor"
)
_NUMBERS = r"[\[\](){}\s,.0-9eE+-]*(?:,\s*\w+\s*=[^()]*)?"
_CONSTANT = re.compile(
    r"\s*(?:return\s+|yield\s+)?(?:[\w.]+(?:\[[^\]]*\])?\s*(?::\s*[\w.]+\s*)?(?:<-|=)\s*)?"
    r"(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?f?|None|nil|null|NULL|True|False|nothing"
    rf"|(?:\w+\.)*(?:zeros|zeros_like|new_zeros|zero)\(.*\)|(?:\w+\.)*(?:{'|'.join(sorted(_CONSTANT_CALLS))})\({_NUMBERS}\))"
    r"(?:\.(?:to|cuda|cpu|float|type_as|requires_grad_|double|half|sum|mean)\([^()]*\))*\s*;?\s*"
)
_NOTHING = re.compile(
    r"\s*(?:pass|raise\b.*|print\b.*|continue|break|error\b.*|warn\w*\b.*|(?:\w+\.)?warn\w*\(.*|return)", re.S
)


@dataclass
class Way:
    """One way through the branches of a text: `taken` says which branch of the first, the second, … is read.

    counts: how many branches there were at each. Beyond what is said the first branch is taken.
    """

    taken: tuple[int, ...] = ()
    counts: list[int] = field(default_factory=list)

    def choose(self, count: int) -> int:
        """Which of so many branches is read."""
        place = len(self.counts)
        self.counts.append(count)
        return self.taken[place] if place < len(self.taken) else 0

    def next(self) -> Way | None:
        """The way after it; None after the last."""
        digits = [*self.taken, *[0] * len(self.counts)][: len(self.counts)]
        while digits:
            if digits[-1] + 1 < self.counts[len(digits) - 1]:
                return Way((*digits[:-1], digits[-1] + 1))
            digits.pop()
        return None


def column(text: str, token: Token) -> int:
    """How far from the beginning of its line a token stands."""
    return token.at[0] - text.rfind("\n", 0, token.at[0]) - 1


def colon(line: Line) -> int:
    """The place of the colon that ends the head of a block; 0 if there is none."""
    depth = 0
    for i, token in enumerate(line):
        depth += token.is_sign(*OPENING) - token.is_sign(*OPENING.values())
        if depth == 0 and token.is_sign(":"):
            return i
    return 0


def of_one_way(lines: list[Line], text: str, way: Way, note: Callable[[str], None]) -> list[Line]:
    """The statements with one branch of every if, and without its head where another was there to be taken."""
    kept: list[Line] = []
    place = 0
    while place < len(lines):
        if not lines[place][0].is_name("if") or lines[place][0].style == "sign":
            kept.append(lines[place])
            place += 1
            continue
        blocks, complete, place = _blocks(lines, place, text)
        kept += _taken(blocks, complete, text, way, note)
    return kept


@dataclass
class _Block:
    """A branch: its head, its statements as they stand, and those statements without the head."""

    head: Line
    whole: list[Line]
    inside: list[Line]

    def is_trivial(self, text: str) -> bool:
        """Whether it computes nothing: a constant, an error, a message."""
        pieces = (text[line[0].at[0] : line[-1].at[1]] for line in self.inside)
        return all(_CONSTANT.fullmatch(piece) or _NOTHING.fullmatch(piece) for piece in pieces)

    def returns(self) -> bool:
        return bool(self.inside) and self.inside[-1][0].is_name("return", "raise")


def _blocks(lines: list[Line], place: int, text: str) -> tuple[list[_Block], bool, int]:
    """The branches of the if at a place, whether one of them is always taken, and the place after them."""
    margin = column(text, lines[place][0])
    blocks: list[_Block] = []
    complete = False
    while place < len(lines) and not complete:
        head = lines[place]
        if blocks and not (head[0].is_name("else", "elif", "elseif") and column(text, head[0]) == margin):
            break
        complete = head[0].is_name("else") and not (len(head) > 1 and head[1].is_name("if"))
        mark = colon(head)
        first = [head[mark + 1 :]] if mark and len(head) > mark + 1 else []
        count = next((i for i, line in enumerate(lines[place + 1 :]) if column(text, line[0]) <= margin), None)
        end = len(lines) if count is None else place + 1 + count
        blocks.append(_Block(head, lines[place:end], first + lines[place + 1 : end]))
        place = end
    if not complete and blocks and all(block.returns() for block in blocks):
        rest = next((i for i, line in enumerate(lines[place:]) if column(text, line[0]) < margin), len(lines) - place)
        if rest:  # what follows an if that returns is its other branch
            blocks.append(_Block([], lines[place : place + rest], lines[place : place + rest]))
            return blocks, True, place + rest
    return blocks, complete, place


def _taken(blocks: list[_Block], complete: bool, text: str, way: Way, note: Callable[[str], None]) -> list[Line]:
    """The statements of the branch that is read."""
    telling = [block for block in blocks if not block.is_trivial(text)]
    if not telling:
        return [] if not complete else blocks[-1].inside
    different = _different(telling)
    if len(telling) < len(blocks):
        note(ONE_COMPUTES)
    elif complete and len(different) < len(blocks):
        note(FIRST_OF_EQUALS)
    elif not complete and len(blocks) == 1:  # the head is kept: its condition is taken to hold
        (block,) = blocks
        return [block.whole[0], *of_one_way(block.whole[1:], text, way, note)]
    block = different[way.choose(len(different)) if len(different) > 1 else 0]
    return of_one_way(block.inside, text, way, note)


def _different(blocks: list[_Block]) -> list[_Block]:
    """The branches, each once that says the same but for the dimensions of a sum."""
    found: list[_Block] = []
    for block in blocks:
        if all(_words_of(block.inside) != _words_of(other.inside) for other in found):
            found.append(block)
    return found


def _words_of(lines: list[Line]) -> list[str]:
    """What statements say, their names and their signs, without the options of their sums."""
    found: list[str] = []
    for line in lines:
        place = colon(line) + 1 if line and line[0].is_name("if", "elif", "else") else 0
        for token in line[place:]:
            if (
                token.kind == NAME
                and token.value not in ("dim", "axis", "keepdim", "return")
                or token.is_sign(*"+-*/^")
            ):
                found.append(token.value)
    return found


def is_constant(phrase: Phrase) -> bool:
    """Whether it is a number, None, or zeros: what the other branch of a value gives that is left out."""
    if phrase.kind == "neg":
        return is_constant(phrase.parts[0])
    if phrase.kind == "number" or phrase.is_name("None", "True", "False"):
        return True
    if phrase.kind != "call":
        return False
    name = path_of(phrase.parts[0])[-1:]
    if name in (("zeros",), ("zeros_like",), ("new_zeros",)):
        return True
    return name and name[0] in _CONSTANT_CALLS and all(map(_is_number_or_list, phrase.positional()))


def _is_number_or_list(phrase: Phrase) -> bool:
    return is_constant(phrase) or phrase.kind == "tuple" and all(map(_is_number_or_list, phrase.parts))


def agreed(
    read: Callable[[Way], Answer], refusal: type[Unreadable], alike: Callable[[Answer, Answer], bool], what: str
) -> tuple[Answer, str]:
    """The one answer of all ways through a text, and what is to be said of its branches: nothing where it has none.

    Raises `refusal`: that of the first way where none can be read; where there are too many ways; and where two ways
    come to a different `what`, that is, are not `alike`.
    """

    def on_one_way(way: Way) -> Answer | Unreadable:
        try:
            return read(way)
        except refusal as refused:
            return refused

    found = list(_ways(on_one_way))
    answers = [each for each in found if each is not None and not isinstance(each, refusal)]
    if not answers:
        raise next(each for each in found if isinstance(each, refusal))
    if len(found) == 1:
        return answers[0], ""
    if any(each is None for each in found):
        raise refusal(f"The text has too many branches of an if to read them all: {PASTE_ONE}.")
    if not all(alike(answers[0], other) for other in answers[1:]):
        raise refusal(f"Two branches of an if come to different {what}: {PASTE_ONE}.")
    return answers[0], ALL_AGREE if len(answers) == len(found) else SOME_ARE_READ


def _ways(read: Callable[[Way], object]) -> Iterator[object]:
    """What is read on each way through a text, the first one first; at most MOST_WAYS, then None for the rest."""
    way: Way | None = Way()
    for _ in range(MOST_WAYS):
        if way is None:
            return
        yield read(way)
        if math.prod(way.counts) > MOST_WAYS:
            break  # they would not all be read
        way = way.next()
    if way is not None:
        yield None


__all__ = ["ONE_COMPUTES", "PASTE_ONE", "Way", "agreed", "colon", "column", "is_constant", "of_one_way"]
