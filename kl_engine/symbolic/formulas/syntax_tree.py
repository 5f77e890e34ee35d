"""A formula that somebody typed, as a tree of allow-listed operations, and the limits within which it is accepted.

They are what bounds the time of all later work: a tree cannot hold a power tower, a number of thousands of digits, or
more nodes than MAX_NODES.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from kl_engine.symbolic.formulas.refusals import MAX_DEPTH, MAX_LENGTH, FormulaError, Source, Span, Unreadable

MAX_NODES = 400
MAX_SYMBOLS = 12
MAX_NAME = 32
MAX_EXPONENT = 8
MAX_DEGREE = 64  # in all symbols together, if everything were multiplied out
MAX_DIGITS = 1000  # of any exact number that can arise
ARGUMENTS = {"add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1}
FUNCTIONS = ("log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "square", "abs", "lgamma", "digamma", "norm")
OVER_COORDINATES = ("sum", "mean")  # of one coordinate they are what is summed; see `Node.over_two`
MATRIX = {"matmul": 2, "transpose": 1, "trace": 1, "det": 1, "logdet": 1, "inverse": 1, "cholesky": 1, "diagonal": 1}
ARGUMENTS |= dict.fromkeys((*FUNCTIONS, *OVER_COORDINATES), 1) | {"pi": 0} | MATRIX

# Letters, then parts joined by single underscores: no dunder, no leading underscore.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Node:
    """One node. operation: a key of ARGUMENTS, or "number" (value: a Fraction) or "name" (value: a str).

    at: where it stands in the text. depth, degree, digits: bounds that the limits are about. elementwise: of a
    product, that it is one of each entry with each, as * is in NumPy.
    """

    operation: str
    arguments: tuple["Node", ...] = ()
    value: Fraction | str | None = None
    at: Span = (0, 0)
    depth: int = 1
    degree: int = 0
    digits: int = 1
    elementwise: bool = False

    def holds(self, *operations: str) -> bool:
        """Whether one of the operations is anywhere in the tree."""
        return self.operation in operations or any(argument.holds(*operations) for argument in self.arguments)

    def walk(self) -> Iterator["Node"]:
        """It and all that it is made of."""
        yield self
        for argument in self.arguments:
            yield from argument.walk()

    def over_two(self) -> "Node":
        """The tree with two equal coordinates, where a sum is twice what is summed. Sums in a sum run over others."""
        if self.operation in ("sum", "norm"):
            twice = Node("mul", (Node("number", value=Fraction(2), at=self.at), *self.arguments), at=self.at)
            if self.operation == "sum":
                return twice
            square = Node("square", self.arguments, at=self.at)
            return Node("sqrt", (replace(twice, arguments=(twice.arguments[0], square)),), at=self.at)
        return replace(self, arguments=tuple(argument.over_two() for argument in self.arguments))

    def without_sums(self) -> "Node":
        """The tree with what is summed in place of each sum."""
        arguments = tuple(argument.without_sums() for argument in self.arguments)
        return arguments[0] if self.operation == "sum" else replace(self, arguments=arguments)

    def names(self) -> tuple[str, ...]:
        """The names in the tree, each once, in their order."""
        own = (self.value,) if self.operation == "name" else ()
        return tuple(dict.fromkeys((*own, *(name for part in self.arguments for name in part.names()))))


class Builder:
    """Makes the nodes of one tree and refuses what exceeds a limit or is on no list."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.symbols: dict[str, Span] = {}
        self.notes: list[str] = []  # how a piece with two readings was read
        self._nodes = 0

    def error(self, what: str, advice: str, at: Span) -> Unreadable:
        """The error for a piece of the text: what is wrong with it, and what to do instead."""
        return self.source.error(what, advice, at)

    def note(self, words: str) -> None:
        """Something a person should know of how the text was read."""
        if words not in self.notes:
            self.notes.append(words)

    def number(self, value: Fraction, at: Span) -> Node:
        """A number, taken as the exact fraction that is written: 0.1 is 1/10."""
        return self._admit(Node("number", value=value, at=at, digits=len(f"{value.numerator}{value.denominator}")))

    def name(self, name: str, at: Span) -> Node:
        """A symbol."""
        if len(name) > MAX_NAME or not _NAME.fullmatch(name):
            advice = f"use letters, digits and single underscores, a letter first, at most {MAX_NAME} in all"
            raise self.error("The name", advice, at)
        self.symbols.setdefault(name, at)
        if len(self.symbols) > MAX_SYMBOLS:
            raise self.error("Too many symbols, from", f"use at most {MAX_SYMBOLS} different ones", at)
        return self._admit(Node("name", value=name, at=at, degree=1))

    def apply(self, operation: str, *arguments: Node, at: Span, elementwise: bool = False) -> Node:
        """An operation of the list on nodes already made."""
        if ARGUMENTS.get(operation) != len(arguments):
            raise self.error(f"The operation {operation} in", "it takes another number of arguments", at)
        if operation == "pow":
            return self._power(*arguments, at=at)
        sums = sum if operation in ("mul", "div", "matmul") else max
        squares = 2 if operation == "square" else 1
        return self._admit(
            Node(
                operation,
                arguments,
                at=at,
                depth=1 + max((a.depth for a in arguments), default=0),
                degree=sums([0, *(a.degree for a in arguments)]) * squares,
                digits=sum((a.digits for a in arguments), 1) * squares,
                elementwise=elementwise,
            )
        )

    def _power(self, base: Node, exponent: Node, at: Span) -> Node:
        power = constant(exponent)
        if power is None:
            advice = f"use a number between -{MAX_EXPONENT} and {MAX_EXPONENT}, or exp(...)"
            raise self.error("The exponent", advice, exponent.at)
        if abs(power) > MAX_EXPONENT or power.denominator > MAX_EXPONENT:
            advice = f"it must lie within +-{MAX_EXPONENT}, with a denominator of at most {MAX_EXPONENT}"
            raise self.error("The exponent", advice, exponent.at)
        times = max(1, -(-abs(power.numerator) // power.denominator))
        exponent = Node("number", value=power, at=exponent.at)
        depth = 1 + base.depth
        return self._admit(Node("pow", (base, exponent), None, at, depth, base.degree * times, base.digits * times))

    def _admit(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.error("The formula is too long from", f"use at most {MAX_NODES} signs and symbols", node.at)
        if node.depth > MAX_DEPTH:
            raise self.error("Nested too deeply:", f"nest at most {MAX_DEPTH} operations", node.at)
        if node.degree > MAX_DEGREE:
            raise self.error("The power is too high in", f"keep the total degree to {MAX_DEGREE}", node.at)
        if node.digits > MAX_DIGITS:
            raise self.error("The numbers are too long in", "use shorter numbers and lower powers", node.at)
        return node


_FOLD = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else None,
    "neg": lambda a: -a,
}


def constant(node: Node) -> Fraction | None:
    """The exact value of a tree of numbers and + - * / alone; None for any other, and for a division by 0."""
    if node.operation == "number":
        return node.value
    parts = [constant(argument) for argument in node.arguments]
    if node.operation not in _FOLD or None in parts:
        return None
    return _FOLD[node.operation](*parts)


__all__ = ["MAX_LENGTH", "Builder", "FormulaError", "Node", "Span", "constant"]
