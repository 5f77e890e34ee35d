"""What a phrase comes to in numbers, on given distributions over a few outcomes. No text is run: each node is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from kl_engine.objectives.reading.arguments import FIXING, called, logged_name, name_of, written_as
from kl_engine.objectives.reading.asides import NAMED
from kl_engine.objectives.reading.calls import CROSS, DIVERGENCES, is_divergence_name
from kl_engine.objectives.reading.walk import SCALARS, weighs
from kl_engine.symbolic.formulas.arithmetic import BINARY, CLAMPS, KEPT, MEANS, SUMS
from kl_engine.symbolic.formulas.parsing.phrases import Phrase

OUTCOMES = 5
STEP = 1e-3  # from where a limit is taken, on both sides
_ELEMENTWISE = {
    "log": np.log, "ln": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p, "exp": np.exp,
    "expm1": np.expm1, "sqrt": np.sqrt, "square": np.square, "abs": np.abs, "absolute": np.abs, "fabs": np.abs,
    "neg": np.negative, "negative": np.negative, "reciprocal": np.reciprocal, "rsqrt": lambda x: x**-0.5,
}  # fmt: skip
_OF_TWO = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "pow": np.power, "maximum": np.maximum,
    "minimum": np.minimum, "max": np.maximum, "min": np.minimum, "logaddexp": np.logaddexp,
    "xlogy": lambda x, y: x * np.log(y), "rel_entr": lambda x, y: x * np.log(x / y),
}  # fmt: skip
_NORMALISED = ("softmax", "log_softmax", "logsoftmax", "sigmoid")
_STACKS = ("stack", "vstack", "concatenate", "hstack")


class Unclear(Exception):
    """A phrase that has no value here."""


@dataclass
class Values:
    """Distributions by their names, and named numbers; a name that is met for the first time is one of the two.

    draw: makes the next distribution. number: makes the next named number. known: names that are numbers, whatever
    they look like, such as those in an exponent.
    """

    text: str
    draw: object
    number: object
    known: frozenset[str] = frozenset()
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)

    def of(self, phrase: Phrase) -> np.ndarray:
        """The value of a phrase: a number, or one for each outcome. Raises Unclear."""
        parts = phrase.parts
        match phrase.kind:
            case "number":
                return np.asarray(float(phrase.value))
            case "name" | "attribute" | "index":
                return self.leaf(phrase)
            case "bound":
                return self.bound(phrase)
            case "neg":
                return -self.of(parts[0])
            case "add" | "sub" | "mul" | "div" | "pow":
                return _OF_TWO[phrase.kind](self.of(parts[0]), self.of(parts[1]))
            case "matmul":
                return np.sum(self.of(parts[0]) * self.of(parts[1]))
            case "transpose" | "if":
                return self.of(parts[0])
            case "quantifier":
                return self.of(parts[-1])
            case "expectation" if len(parts) == 2:
                return np.sum(self.leaf(parts[0]) * self.of(parts[1]))
            case "integral" | "sum":
                return np.sum(self.of(parts[0]))
            case "bars":
                inside = self.of(parts[0])
                return _each(np.abs, inside) if phrase.value == "|" else np.sqrt(np.sum(inside**2))
            case "limit":
                return self.limit(phrase)
            case "call":
                return self.call(phrase)
        raise Unclear

    def bound(self, phrase: Phrase) -> np.ndarray:
        """What a name was given, where that has a value; else the name."""
        try:
            return self.of(phrase.parts[0])
        except Unclear:
            return self.named(str(phrase.value))

    def leaf(self, phrase: Phrase) -> np.ndarray:
        name = name_of(self.text, phrase)
        if not name:
            raise Unclear
        return self.named(self.renames.get(name, name))

    def named(self, name: str) -> np.ndarray:
        """A distribution, the log of one, or a number."""
        logged = logged_name(name)
        if name in self.known or name in SCALARS or weighs(name):
            if name not in self.scalars:
                self.scalars[name] = self.number()
            return np.asarray(self.scalars[name])
        if logged:
            return np.log(self.density(logged))
        return self.density(name)

    def density(self, name: str) -> np.ndarray:
        if _is_number(name):
            raise Unclear  # |KL(q‖p) − C| is no distance between two distributions
        name = next((n for n in self.arrays if _is_same(n, name)), name)
        if name not in self.arrays:
            if len(self.arrays) == 2:
                raise Unclear
            self.arrays[name] = self.draw()
        return self.arrays[name]

    def limit(self, phrase: Phrase) -> np.ndarray:
        """The limit in a name, from both sides."""
        name, target, body = phrase.parts
        if target.kind != "number" or any(part.kind == "limit" for part in body.walk()):
            raise Unclear  # a limit of limits would be taken from four times as many places with each
        kept, found = self.scalars.get(str(name.value)), []
        for step in (STEP, STEP / 2):
            sides = []
            for side in (step, -step):
                self.scalars[str(name.value)] = float(target.value) + side
                sides.append(self.of(body))
            found.append((sides[0] + sides[1]) / 2)
        if kept is not None:
            self.scalars[str(name.value)] = kept
        return (4 * found[1] - found[0]) / 3

    def call(self, phrase: Phrase) -> np.ndarray:
        """A function of the list, or a distribution with its arguments."""
        found = called(phrase)
        if found is None:
            raise Unclear
        name, arguments = found[0].rstrip("_"), found[2]
        if not arguments:
            raise Unclear
        first = arguments[0]
        if name in SUMS or name in MEANS:
            value = self.generated(first) if first.kind == "generator" else self.of(first)
            return np.sum(value) if name in SUMS else np.mean(value)
        if name in (*KEPT, *FIXING, *CLAMPS, "nan_to_num"):
            return self.of(first)
        if name in _NORMALISED:
            value = self.density(written_as(self.text, first).density)
            return np.log(value) if name.startswith("log") else value
        if name in _ELEMENTWISE and len(arguments) == 1:
            inside = self.of(first)
            return _each(np.abs, inside) if _ELEMENTWISE[name] is np.abs else _ELEMENTWISE[name](inside)
        if name == "norm" and len(arguments) <= 2:
            return self.norm(arguments)
        if name in ("where", "ifelse") and len(arguments) == 3:
            return self.of(arguments[2 if arguments[1].is_number(0) else 1])
        if name == "logsumexp":
            return self.log_sum(first)
        operation = BINARY.get(name, name)
        if len(arguments) == 2 and not phrase.keywords and (operation in _OF_TWO or operation == "matmul"):
            left, right = (self.of(argument) for argument in arguments)
            return np.sum(left * right) if operation == "matmul" else _OF_TWO[operation](left, right)
        if name == "kl_div":
            return self.kl_div(phrase, arguments)
        if phrase.parts[0].kind == "name" and not phrase.keywords:
            if len(arguments) == 1 and _is_factor(first):
                return self.leaf(phrase.parts[0]) * self.of(first)  # p [(p/q)^λ − 1] on paper
            if str(phrase.parts[0].value) in (*self.known, *SCALARS) and len(arguments) == 1:
                return self.leaf(phrase.parts[0]) * self.of(first)  # α(1 − α) on paper
            return self.leaf(phrase)
        raise Unclear

    def norm(self, arguments: list[Phrase]) -> np.ndarray:
        """The norm of order 2, or of the order that is given: 1 or 2."""
        order = arguments[1] if len(arguments) == 2 else None
        inside = self.of(arguments[0])
        if order is not None and order.is_number(1):
            return np.sum(np.abs(inside))
        if order is not None and not order.is_number(2):
            raise Unclear
        return np.sqrt(np.sum(inside**2))

    def generated(self, generator: Phrase) -> np.ndarray:
        """a * log(a / b) for a, b in zip(p, q)."""
        element, source, *targets = generator.parts
        found = called(source)
        lists = found[2] if found and found[0] == "zip" else [source]
        if len(lists) != len(targets):
            raise Unclear
        kept = dict(self.renames)
        self.renames |= {str(t.value): name_of(self.text, s) for t, s in zip(targets, lists, strict=True)}
        value = self.of(element)
        self.renames = kept
        return value

    def log_sum(self, phrase: Phrase) -> np.ndarray:
        """logsumexp(stack([a, b]), 0): the log of a mixture, outcome by outcome."""
        while phrase.kind == "bound":
            phrase = phrase.parts[0]
        found = called(phrase)
        parts = found[2][0] if found and found[0] in _STACKS and found[2] else None
        if parts is None or parts.kind != "tuple" or not parts.parts:
            raise Unclear
        return np.log(sum(np.exp(self.of(part)) for part in parts.parts))

    def kl_div(self, phrase: Phrase, arguments: list[Phrase]) -> np.ndarray:
        """torch's: target · (log target − input), summed unless the reduction is "none"."""
        options = phrase.options()
        plain = arguments[: len(arguments) - len(options)]
        if len(plain) != 2 or set(options) - {"reduction", "log_target"}:
            raise Unclear
        given, target = (self.of(part) for part in plain)
        logged = "log_target" in options and options["log_target"].is_name("True")
        logs = target if logged else np.log(target)
        value = np.exp(logs) * (logs - given)
        reduction = options["reduction"].value if "reduction" in options else "mean"
        if reduction not in ("none", "sum", "mean", "batchmean"):
            raise Unclear
        return value if reduction == "none" else np.sum(value)


def _is_factor(phrase: Phrase) -> bool:
    """Whether what stands in a bracket after a name is no argument of it but a factor: a sum of powers or ratios."""
    return phrase.kind in ("add", "sub") and any(part.kind in ("pow", "div") for part in phrase.walk())


_LOSSES = re.compile(r"(?i)(?:\w+_)?(?:loss|elbo|nelbo|entropy|nll|bce|mse|divergence)(?:_\w+)?")


def _is_number(name: str) -> bool:
    """Whether a name is that of a divergence, an entropy or a loss, which is one number and no distribution."""
    head = name.partition("(")[0]
    return (
        head in (*DIVERGENCES, *NAMED)
        or head in CROSS
        and "(" in name
        or is_divergence_name(head)
        or bool(_LOSSES.fullmatch(head))
    )


def _each(function, inside: np.ndarray) -> np.ndarray:
    """An absolute value outcome by outcome; of one number, whose sign a few pairs do not tell, it is Unclear."""
    if np.ndim(inside) == 0:
        raise Unclear
    return function(inside)


def _is_same(first: str, second: str) -> bool:
    """Whether q stands for q(z): one of the two is the other without its arguments."""
    return first == second or first.startswith(f"{second}(") or second.startswith(f"{first}(")


__all__ = ["OUTCOMES", "Unclear", "Values"]
