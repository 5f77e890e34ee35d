"""What the docstring of a public name says: equation, shapes, units, errors, source, and one example."""

from __future__ import annotations

import dataclasses
import inspect
import re
from enum import EnumMeta

import numpy as np

from tests.laws.public import public

EQUATION = re.compile(r" [=≥≤∝~→] |[∫Σ∏∂]|argm[ai][xn]")
SHAPE = re.compile(r"\(\w*,[^()]*\)|\([\w. ]+, [\w. ,+…]+\)|\bshape|sequence|length|many numbers|\[x, z1, z2\]")
UNIT = re.compile(r"\b(nats?|units?|in bits)\b")
ERRORS = re.compile(r"Raises `?(?:kl\.)?(?:\w+\.)?[A-Z]\w+|ValueError otherwise")
MAKER = re.compile(r"(?:Made|Raised) by ((?:`kl\.[\w.]+`(?:, | and )?)+)")
SOURCE = re.compile(r"Source: \w")
EXAMPLE = re.compile(r"^>>> .+\n(?:(?:>>>|\.\.\.) .*\n)*(?!>>>)\S", re.MULTILINE)  # with something that it prints

# No numbers come in or go out, or all of them are the reader's.
NO_NUMBERS = {
    "distributions.ExpressionError": "an error",
    "objectives.ObjectiveError": "an error",
    "symbolic.FormulaError": "an error",
    "data.LeftOut": "counts",
    "data.Reading": "says how a text is read",
    "symbolic.Check": "compares expressions",
    "symbolic.Verdict": "words",
    "symbolic.latex": "writes",
    "Direction": "two words",
    "Status": "words",
    "inference.PropagationStatus": "words",
    "distributions.parse_distribution": "a text comes in, and its numbers stay as they are",
    "distributions.to_scipy": "its numbers stay as they are",
}
# What it is cannot be said as an equation: it reads, chooses or holds.
NO_EQUATION = {
    "as_distribution": "reads what other libraries hold",
    "data.read_table": "reads a file",
    "Certainty": "a kind",
    "symbolic.Check": "a law of its own each",
    "symbolic.Statement": "holds a relation",
    "symbolic.latex": "writes",
    "acting.FiniteModel": "holds tables",
    "acting.t_maze": "makes a world",
    "kl_bounds": "each bound has its own",
    "families.Gaussian": "names a family",
    "optima.same": "compares",
    "inference.GaussianPair": "holds numbers",
    "inference.FactorModel": "holds tables",
    "distributions.Density": "the equation is the reader's",
}


def prose(value: object) -> str:
    """The docstring without its examples."""
    return (inspect.getdoc(value) or "").partition(">>>")[0]


def is_record(value: object) -> bool:
    """Whether it is made by the engine, and said to be."""
    return inspect.isclass(value) and bool(MAKER.search(" ".join(prose(value).split())))


def arguments(value: object) -> list[str]:
    """The arguments of a function, or the fields of a class that a person fills in."""
    if isinstance(value, EnumMeta):
        return []
    if hasattr(value, "_fields"):
        return list(value._fields)
    if inspect.isclass(value) and issubclass(value, np.ndarray):  # what an array is made with is not for a reader
        return []
    if inspect.isclass(value) and issubclass(value, tuple):  # a listing is a tuple that tells more
        return list(inspect.get_annotations(value))
    if dataclasses.is_dataclass(value):
        return [field.name for field in dataclasses.fields(value)]
    try:
        found = inspect.signature(value).parameters.values()
    except ValueError:  # an exception has none
        return []
    return [each.name for each in found if each.kind is not each.VAR_KEYWORD and each.name not in ("args", "self")]


def array_like(value: object) -> bool:
    """Whether an argument or a field of it is said to be an array."""
    if hasattr(value, "__dataclass_fields__"):
        return any("ndarray" in str(field.type) for field in dataclasses.fields(value))
    if inspect.isfunction(value):
        kinds = [each.annotation for each in inspect.signature(value).parameters.values()]
        return any("ndarray" in str(kind) for kind in [*kinds, inspect.signature(value).return_annotation])
    return False


def missing(name: str, value: object) -> list[str]:
    """What a docstring leaves out."""
    text, record = " ".join(prose(value).split()), is_record(value)
    found = [f"argument {each}" for each in arguments(value) if not re.search(rf"\b{each}\b", text)]
    if not EXAMPLE.search(inspect.getdoc(value) or ""):
        found.append("example")
    if not record and name not in NO_EQUATION | NO_NUMBERS and not EQUATION.search(text):
        found.append("equation")
    if array_like(value) and not SHAPE.search(text):
        found.append("shapes")
    if name not in NO_NUMBERS and not UNIT.search(text):
        found.append("units")
    if arguments(value) and not record and not ERRORS.search(text):
        found.append("errors")
    if not record and not SOURCE.search(text):
        found.append("source")
    return found


def test_every_public_name_says_what_it_is():
    left_out = {name: found for name, value in public().items() if (found := missing(name, value))}
    assert not left_out


def test_what_makes_a_record_is_public():
    names = {f"kl.{name}" for name in public()}
    makers = {
        name: set(re.findall(r"`([\w.]+)`", made[1]))
        for name, value in public().items()
        if (made := MAKER.search(" ".join(prose(value).split())))
    }
    assert len(makers) > 30
    assert not {name: made - names for name, made in makers.items() if made - names}


def test_an_exception_is_a_public_name_that_needs_it():
    held = public()
    assert not {name for name in NO_EQUATION if EQUATION.search(prose(held[name]))}
    assert not {name for name in NO_NUMBERS if UNIT.search(prose(held[name]))}


def test_a_docstring_that_leaves_things_out_is_seen():
    def made_up(x: float, grid: list) -> float:
        """Something of x.

        >>> 1
        """

    assert missing("made_up", made_up) == ["argument grid", "example", "equation", "units", "errors", "source"]
