"""The examples in the docstrings of public names say what the engine says."""

from __future__ import annotations

import doctest
import inspect
import math
import re

import pytest

import kl_engine as kl

SPACES = ("acting", "coding", "data", "distributions", "divergences", "families", "inference", "objectives", "optima")


def public() -> dict[str, object]:
    """Every public function and class, at the top and in the namespaces."""
    found = {name: getattr(kl, name) for name in kl.__all__}
    for space in SPACES:
        held = getattr(kl, space)
        found |= {f"{space}.{name}": getattr(held, name) for name in getattr(held, "__all__", ())}
    return {name: value for name, value in found.items() if inspect.isclass(value) or inspect.isfunction(value)}


NUMBER = re.compile(r"[-+]?\d+\.\d+(?:e[-+]?\d+)?")


class Checker(doctest.OutputChecker):
    """Numbers with decimals may differ in their last digits, which are the machine's."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether the text is the same and every number the same to 1e-9."""
        want, got = (re.sub(r"np\.float64\(([^)]*)\)", r"\1", text) for text in (want, got))
        texts = [NUMBER.sub("#", text).split() for text in (want, got)]
        pairs = zip(*(map(float, NUMBER.findall(text)) for text in (want, got)))
        same = texts[0] == texts[1] and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs)
        return same or super().check_output(want, got, optionflags)


WITH_EXAMPLES = {name: value for name, value in public().items() if ">>>" in (inspect.getdoc(value) or "")}


@pytest.mark.parametrize("name", sorted(WITH_EXAMPLES))
def test_examples_say_what_the_engine_says(name):
    value = WITH_EXAMPLES[name]
    (example,) = [each for each in doctest.DocTestFinder(recurse=False).find(value, name) if each.examples]
    example.globs.update({"kl": kl, "kl_engine": kl} | vars(kl.distributions) | vars(inspect.getmodule(value)))
    assert doctest.DocTestRunner(Checker(), optionflags=doctest.ELLIPSIS).run(example).failed == 0


def test_every_divergence_has_an_example():
    verbs = [name for name, value in public().items() if inspect.getmodule(value).__name__.endswith(".verbs")]
    assert len(verbs) == 12 and set(verbs) <= set(WITH_EXAMPLES)
