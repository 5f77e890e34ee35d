"""What is taken away: LaTeX that compiles as it stands, Python that runs."""

import ast
import math
import re

import numpy as np
import pytest
from sympy import Function, Symbol

from kl_engine import Gaussian, forward_kl, reverse_kl
from kl_engine.symbolic import DERIVATIONS, Derivation, latex
from kl_engine.symbolic.proof.notation import p_of_x, q_of_x
from kl_engine.symbolic.proof.numeric import numeric_function
from kl_engine.symbolic.proof.writing.introduction import introduction
from kl_engine.symbolic.proof.writing.typeset import text

NAMES = tuple(DERIVATIONS)


@pytest.mark.parametrize("name", NAMES)
def test_latex_is_a_whole_document(name):
    source = DERIVATIONS[name].to_latex()
    assert source.isascii()
    assert source.startswith(r"\documentclass") and source.endswith("\\end{document}\n")
    assert source.count(r"\[") - source.count(r"\\[") == source.count(r"\]")
    assert source.count(r"\left") - source.count(r"\leftarrow") == source.count(r"\right")
    assert source.count(r"\intertext{") == len(DERIVATIONS[name].steps)
    assert source.count(r"\item ") == len(introduction(DERIVATIONS[name].setting))


PREAMBLE = r"""
renewcommand labelitemi bullet
documentclass usepackage allowdisplaybreaks newcommand resizebox ifdim width linewidth else fi displaystyle fit begin
end section item emph intertext text
"""
GREEK = "alpha beta delta ell epsilon eta kappa lambda mu nu pi psi rho sigma theta Gamma Lambda Sigma"
FORMULAS = r"""
left right frac dfrac partial lim min substack infty int limits sum log exp sqrt cosh tanh det operatorname mathbb nabla
ldots to quad qquad geq leq le top mathcal
"""
KNOWN = {*PREAMBLE.split(), *GREEK.split(), *FORMULAS.split()}  # of LaTeX, amsmath, amssymb and graphicx
PACKAGES = r"\usepackage{amsmath,amssymb,graphicx}"


@pytest.mark.parametrize("name", NAMES)
def test_latex_uses_known_commands_alone(name):
    source = DERIVATIONS[name].to_latex()
    assert set(re.findall(r"\\usepackage.*", source)) == {PACKAGES}
    assert set(re.findall(r"\\([A-Za-z]+)", source)) <= KNOWN
    assert set(re.findall(r"\\([^A-Za-z])", source)) <= set("\\[](),;!{}|_% \n")


@pytest.mark.parametrize("name", NAMES)
def test_latex_groups_close_in_the_order_they_opened(name):
    source = re.sub(r"\\[{}]", "", DERIVATIONS[name].to_latex())
    opens = re.compile(
        r"\\begin{(\w+)}|\\end{(\w+)}|(\\left)(?![a-z])|(\\right)(?![a-z])|(\\\[(?!\d))|(\\\])|({)|(})|(\$)"
    )
    stack = []
    for found in opens.finditer(source):
        begun, ended, left, right, display, closed, brace, unbrace, dollar = found.groups()
        if begun or left or display or brace or (dollar and stack[-1:] != ["$"]):
            stack.append(begun or found.group())
        else:
            expected = ended or {r"\right": r"\left", r"\]": r"\[", "}": "{", "$": "$"}[found.group()]
            assert stack.pop() == expected, source[: found.end()][-200:]
    assert stack == []


@pytest.mark.parametrize("name", NAMES)
def test_latex_delimiters_pair_within_a_line(name):
    for line in re.split(r"\n|\\\\\\\\", DERIVATIONS[name].to_latex()):
        if "matrix" not in line:  # its rows stand between one pair of delimiters
            assert len(re.findall(r"\\left(?![a-z])", line)) == len(re.findall(r"\\right(?![a-z])", line))


def test_long_formulas_are_broken_at_their_terms():
    source = DERIVATIONS["dirichlet"].to_latex()
    assert r"D(q \,\|\, p) & \fit{= " in source
    assert "\\\\\n& \\fit{\\quad - " in source and "\\\\\n& \\fit{\\quad + " in source


@pytest.mark.parametrize("name", NAMES)
def test_latex_has_no_double_scripts(name):
    for step in DERIVATIONS[name].steps:
        assert not re.search(r"_\{[^{}]*\}_|\^\{[^{}]*\}\^|Dummy|Subs|MutableDense|Indexed", latex(step.expression))


def test_latex_names():
    forward = DERIVATIONS["gaussian_forward"].claim
    assert latex(forward).startswith(r"D(p \,\|\, q) = ")
    assert r"\sigma_{q}" in latex(forward)
    assert latex(DERIVATIONS["mean_field_forward"].claim.relation).endswith(r"(\Sigma_{p})_{nn}")
    assert r"\mathbb{E}_{q}" in latex(DERIVATIONS["reverse_stationarity"].claim)
    assert latex(p_of_x / q_of_x) == r"\frac{p(x)}{q(x)}"


def test_words_are_escaped_outside_formulas():
    assert text("50 % of $x_1$ & more_") == r"50 \% of $x_1$ \& more\_"


EXPORTED = [
    name
    for name in NAMES
    if any(
        form is not None for form in (DERIVATIONS[name].forward, DERIVATIONS[name].reverse, DERIVATIONS[name].formula)
    )
]


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(EXPORTED)))
def test_without_a_closed_form_there_is_no_function(name):
    with pytest.raises(ValueError, match="no closed form"):
        DERIVATIONS[name].to_python()


@pytest.mark.parametrize("name", EXPORTED)
def test_python_is_a_documented_function(name):
    derivation = DERIVATIONS[name]
    tree = ast.parse(derivation.to_python())
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert function.name == name
    parameters = [argument.arg for argument in function.args.args]
    assert parameters == [s.name for s in derivation.parameters]
    words = ast.get_docstring(function)
    assert "in nats" in words or name in ("mixture_moments", "tails_power")
    assert all(
        parameter in words.replace("_k_", "_1_") or _numbered(parameter) in words for parameter in parameters
    ) or ("Means are vectors" in words)
    imported = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"numpy", "scipy.special"}


def _numbered(parameter):
    """theta_2_p is described as theta_k_p."""
    return re.sub(r"_\d_", "_k_", parameter)


def test_the_unit_of_an_alpha_divergence():
    source = DERIVATIONS["alpha_divergence"].to_python()
    assert "a number without a unit" in source
    assert "it is the limit, in nats: D(p||q) at 1, D(q||p) at 0" in source


def test_a_formula_must_say_what_it_is():
    poisson = DERIVATIONS["poisson"]
    with pytest.raises(ValueError, match="meaning must say"):
        Derivation("Nameless", poisson.setting, poisson.claim, poisson.steps, formula=poisson.claim.rhs)


def exported(name):
    """The function that `to_python` writes, run as its reader would run it."""
    namespace = {}
    exec(DERIVATIONS[name].to_python(), namespace)
    return namespace[name]


def by_sum(p, q):
    """D over finitely many outcomes, from its definition, outcome by outcome."""
    terms = ((math.inf if b == 0 else a * math.log(a / b)) for a, b in zip(p, q, strict=True) if a > 0)
    return sum(terms)


@pytest.mark.parametrize(
    ("p", "q"), ((0.3, 0.0), (0.3, 1.0), (0.0, 0.3), (1.0, 0.3), (0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0, 1))
)
def test_bernoulli_with_certain_outcomes(p, q):
    with np.errstate(all="raise"):
        value = exported("bernoulli")(p, q)
    assert value == pytest.approx(by_sum((p, 1 - p), (q, 1 - q)), abs=1e-15)


@pytest.mark.parametrize(
    ("p", "q"),
    (
        ((0.0, 0.5, 0.5), (0.2, 0.3, 0.5)),
        ((0.2, 0.3, 0.5), (0.0, 0.5, 0.5)),
        ((0.0, 0.5, 0.5), (0.0, 0.1, 0.9)),
        ((0.0, 0.0, 1.0), (0.25, 0.25, 0.5)),
        ((0.0, 0.0, 1.0), (1.0, 0.0, 0.0)),
    ),
)
def test_categorical_with_impossible_outcomes(p, q):
    with np.errstate(all="raise"):
        value = exported("categorical")(*p, *q)
    assert value == pytest.approx(by_sum(p, q), abs=1e-15)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    (
        ("geometric", (1.0, 0.25), math.log(4)),  # p is certain: -log of what q gives to 0
        ("geometric", (0.25, 1.0), math.inf),
        ("geometric", (1, 1), 0.0),
        ("poisson", (0.0, 2.5), 2.5),
        ("poisson", (2.5, 0.0), math.inf),
        ("poisson", (0, 0), 0.0),
    ),
)
def test_other_families_at_the_ends_of_their_parameters(name, arguments, expected):
    with np.errstate(all="raise"):
        assert exported(name)(*arguments) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(("name", "end"), (("mean_field_cost", -1.0), ("mean_field_cost", 1), ("locking_cost", 0.0)))
def test_costs_without_bound(name, end):
    with np.errstate(divide="ignore"):
        assert exported(name)(end) == math.inf


def test_alpha_divergence_at_its_ends_is_the_divergence():
    p, q = Gaussian(0.3, 1.2), Gaussian(-0.5, 2.0)
    arguments, function = (0.3, 1.2, -0.5, 2.0), exported("alpha_divergence")
    for end in (1, 1.0):
        assert function(end, *arguments) == pytest.approx(forward_kl(p, q).value, rel=1e-14)
    for end in (0, 0.0):
        assert function(end, *arguments) == pytest.approx(reverse_kl(p, q).value, rel=1e-14)
    assert function(1, 0, 1, 0, 2) == pytest.approx(0.3181471805599453, abs=1e-15)
    grid = np.linspace(-30, 30, 60_001)
    between = (1 - np.sum(p.pdf(grid) ** 0.3 * q.pdf(grid) ** 0.7) / 1000) / 0.21
    with np.errstate(all="raise"):
        values = function(np.array([0.0, 0.3, 1.0]), *arguments)
    assert values == pytest.approx([reverse_kl(p, q).value, between, forward_kl(p, q).value], rel=1e-10)


@pytest.mark.parametrize("name", ("bernoulli", "categorical", "poisson"))
def test_the_pages_function_has_the_same_limits(name):
    derivation = DERIVATIONS[name]
    ends = {"bernoulli": (0.3, 0), "categorical": (0, 0.5, 0.5, 0, 0.1, 0.9), "poisson": (0, 2)}[name]
    function = numeric_function(derivation.parameters, derivation.forward)
    assert function(*ends) == pytest.approx(exported(name)(*ends))


def test_a_name_with_digits_and_an_unknown_function_print():
    assert latex(Function("f")(Symbol("x"))) == "f(x)"
