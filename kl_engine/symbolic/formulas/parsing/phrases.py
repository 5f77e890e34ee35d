"""What a pasted text says, as a tree that no subject has looked at yet: names, calls, sums, expectations, operations.

Both readers start here: `arithmetic` makes numbers of it, `kl_engine.objectives` expectations of logarithms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from kl_engine.symbolic.formulas.refusals import Span

OPERATIONS = ("add", "sub", "mul", "div", "pow", "matmul", "neg", "transpose")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One node.

    kind: "number", "name", "text", "call" (its function first, then its arguments), "attribute" (of what; value: its
    name), "index" (of what, then the places), "add", "sub", "mul", "div", "pow", "matmul", "solve", "neg",
    "transpose", "bars" (value: | or ||), "expectation" (under what ..., then of what), "sum" and "integral" (of what;
    value: the names that run), "bound" (what a name was given as; value: the name), "if" (then, otherwise),
    "relation", "tuple", "generator" (of what, for which names, in what), "quantifier" (value: min, argmax, ...),
    "limit" (of which name, to what, then of what).

    separators: what divides the arguments of a call. keywords: the names of its last arguments, those given as
    name=value. bracket: what opens its arguments, or "(" around an operation in brackets. style: see `Token`.
    parameters: of the body of a function that the text defines, the names that it is a function of.
    """

    kind: str
    at: Span
    parts: tuple[Phrase, ...] = ()
    value: str | Fraction | tuple[str, ...] | None = None
    separators: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    bracket: str = ""
    style: str = ""
    parameters: tuple[str, ...] = ()

    def is_name(self, *names: str) -> bool:
        """Whether it is a plain name: one of these, if any are given."""
        return self.kind == "name" and (not names or self.value in names)

    def is_number(self, value: int | None = None) -> bool:
        """Whether it is a number: this one, if one is given."""
        return self.kind == "number" and (value is None or self.value == value)

    def walk(self) -> Iterator[Phrase]:
        """It and all that it is made of."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def positional(self) -> tuple[Phrase, ...]:
        """The arguments of a call that have no keyword."""
        return self.parts[1 : len(self.parts) - len(self.keywords)]

    def options(self) -> dict[str, Phrase]:
        """The arguments of a call that have a keyword."""
        return dict(zip(self.keywords, self.parts[len(self.parts) - len(self.keywords) :], strict=True))


def applied(body: Phrase, arguments: dict[str, Phrase]) -> Phrase:
    """The body of a function with its parameters given."""
    if body.kind == "name" and body.value in arguments:
        return arguments[str(body.value)]
    if not body.parts:
        return body
    parts = tuple(applied(part, arguments) for part in body.parts)
    return body if all(a is b for a, b in zip(parts, body.parts)) else replace(body, parts=parts)


def number(value: Fraction | int, at: Span) -> Phrase:
    """A number."""
    return Phrase("number", at, value=Fraction(value))


def path_of(phrase: Phrase) -> tuple[str, ...]:
    """The names of a dotted path, such as torch.nn.functional; empty for anything else."""
    if phrase.kind == "name":
        return (phrase.value,)
    if phrase.kind == "attribute":
        before = path_of(phrase.parts[0])
        return (*before, phrase.value) if before else ()
    return ()
