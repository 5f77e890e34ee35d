"""What is taken away: LaTeX that compiles as it stands, Python that runs."""

import ast
import re

import pytest
from sympy import Function, Symbol

from kl_engine.symbolic import DERIVATIONS, latex
from kl_engine.symbolic.notation import p_of_x, q_of_x
from kl_engine.symbolic.typeset import text

NAMES = tuple(DERIVATIONS)


@pytest.mark.parametrize("name", NAMES)
def test_latex_is_a_whole_document(name):
    source = DERIVATIONS[name].to_latex()
    assert source.isascii()
    assert source.startswith(r"\documentclass") and source.endswith("\\end{document}\n")
    begun, ended = (re.findall(rf"\\{word}{{(\w+)}}", source) for word in ("begin", "end"))
    assert sorted(begun) == sorted(ended)
    assert source.count(r"\[") - source.count(r"\\[") == source.count(r"\]")
    assert source.count(r"\left") - source.count(r"\leftarrow") == source.count(r"\right")
    assert source.count(r"\item ") == len(DERIVATIONS[name].steps)


@pytest.mark.parametrize("name", NAMES)
def test_latex_braces_match_in_every_formula(name):
    for step in DERIVATIONS[name].steps:
        depth = 0
        for sign in re.sub(r"\\[{}]", "", latex(step.expression)):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0


@pytest.mark.parametrize("name", NAMES)
def test_latex_has_no_double_scripts(name):
    for step in DERIVATIONS[name].steps:
        assert not re.search(r"_\{[^{}]*\}_|\^\{[^{}]*\}\^|Dummy|Subs|MutableDense|Indexed", latex(step.expression))


def test_latex_names():
    forward = DERIVATIONS["gaussian_forward"].claim
    assert latex(forward).startswith(r"D(p \,\|\, q) = ")
    assert r"\sigma_{q}" in latex(forward)
    assert latex(DERIVATIONS["mean_field_forward"].claim).endswith(r"_{n,n}")
    assert r"\mathbb{E}_{q}" in latex(DERIVATIONS["reverse_stationarity"].claim)
    assert latex(p_of_x / q_of_x) == r"\frac{p(x)}{q(x)}"


def test_words_are_escaped_outside_formulas():
    assert text("50 % of $x_1$ & more_") == r"50 \% of $x_1$ \& more\_"


@pytest.mark.parametrize("name", NAMES)
def test_python_is_a_documented_function(name):
    derivation = DERIVATIONS[name]
    if derivation.forward is None and derivation.reverse is None and derivation.formula is None:
        with pytest.raises(ValueError, match="no closed form"):
            derivation.to_python()
        return
    tree = ast.parse(derivation.to_python())
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert function.name == name
    assert [argument.arg for argument in function.args.args] == [s.name for s in derivation.parameters]
    assert "in nats" in ast.get_docstring(function)
    imported = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"numpy", "scipy.special"}


def test_a_name_with_digits_and_an_unknown_function_print():
    assert latex(Function("f")(Symbol("x"))) == "f(x)"
