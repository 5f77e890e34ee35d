"""The examples in the docstrings of public names run as they stand, and say what the engine says."""

from __future__ import annotations

import doctest
import importlib
import inspect
import math
import pkgutil
import re
from pathlib import Path

import pytest

import kl_engine
from tests.laws.public import public

NUMBER = re.compile(r"[-+]?\d+\.\d+(?:e[-+]?\d+)?")


class Checker(doctest.OutputChecker):
    """Numbers with decimals may differ in their last digits, which are the machine's."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether the text is the same and every number the same to 1e-9."""
        texts = [NUMBER.sub("#", text).split() for text in (want, got)]
        pairs = zip(*(map(float, NUMBER.findall(text)) for text in (want, got)))
        same = texts[0] == texts[1] and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs)
        return same or super().check_output(want, got, optionflags)


def failures(value: object, name: str, names: dict[str, object]) -> int:
    """How many examples of its docstring say otherwise, run with nothing but these names."""
    text, file = inspect.getdoc(value) or "", inspect.getsourcefile(value)
    example = doctest.DocTestParser().get_doctest(text, dict(names), name, file, 0)
    return doctest.DocTestRunner(Checker(), optionflags=doctest.ELLIPSIS).run(example).failed


@pytest.mark.parametrize("name", sorted(public()))
def test_examples_run_as_they_stand_in_an_empty_interpreter(name):
    assert failures(public()[name], name, {}) == 0


def parts() -> dict[str, object]:
    """Every function and class of the engine that has an example and is not public, and the methods that have one."""
    known, found = {id(value) for value in public().values()}, {}
    for module in pkgutil.walk_packages(kl_engine.__path__, "kl_engine."):
        held = importlib.import_module(module.name)
        for name, value in {"": held, **vars(held)}.items():
            home = getattr(value, "__module__", module.name)
            for label, each in {"": value, **(vars(value) if inspect.isclass(value) else {})}.items():
                each = getattr(each, "func", getattr(each, "fget", getattr(each, "__func__", each)))
                here = home == module.name and callable(each) and id(each) not in known
                if here and ">>>" in (inspect.getdoc(each) or ""):
                    found[f"{module.name}.{name}.{label}".strip(".")] = each
    return found


def test_every_other_example_says_what_the_engine_says():
    wrong = [
        name
        for name, value in parts().items()
        if failures(value, name, {**vars(kl_engine.distributions), **vars(inspect.getmodule(value))})
    ]
    assert not wrong
    assert failures(kl_engine, "kl_engine", {}) == 0


NOTEBOOKS = Path(kl_engine.__file__).parent.parent / ".github" / "NOTEBOOKS.md"
BLOCKS = re.findall(r"^## (.+?)$.*?^```pycon\n(.*?)^```", NOTEBOOKS.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("title", "block"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_a_notebook_says_what_the_engine_says(title, block):
    examples = doctest.DocTestParser().get_doctest(block, {}, title, str(NOTEBOOKS), 0)
    assert doctest.DocTestRunner(Checker()).run(examples).failed == 0


def test_there_are_four_notebooks():
    assert len(BLOCKS) == 4


def test_a_wrong_example_is_seen():
    def half(x):
        """>>> 1 / 2
        0.25
        """

    assert failures(half, "half", {}) == 1
