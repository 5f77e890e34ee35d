"""A syntax tree as LaTeX: the formula as it was read, with nothing evaluated and nothing rearranged."""

from dataclasses import replace
from fractions import Fraction

from sympy import Symbol

from kl_engine.symbolic.formulas.syntax_tree import OVER_COORDINATES, Node
from kl_engine.symbolic.proof.writing.typeset import latex

_SUM, _PRODUCT, _POWER, _ATOM = range(4)  # how tightly a form holds together
_FUNCTIONS = {"log": r"\log", "log2": r"\log_{2}", "log10": r"\log_{10}", "exp": r"\exp", "lgamma": r"\log\Gamma"}
_FUNCTIONS |= {"cholesky": r"\operatorname{chol}", "diagonal": r"\operatorname{diag}"}
_FUNCTIONS |= {"digamma": r"\psi", "trace": r"\operatorname{tr}", "det": r"\det", "logdet": r"\log\det"}


def tree_latex(node: Node) -> str:
    """The LaTeX of a formula."""
    return _typeset(node)[0]


def _typeset(node: Node) -> tuple[str, int]:
    """The LaTeX of a node, and how tightly it holds together."""
    operation, parts = node.operation, node.arguments
    if operation == "number":
        return _number(node.value)
    if operation == "name":
        return _name(node.value), _ATOM
    if operation == "pi":
        return r"\pi", _ATOM
    if operation in ("add", "sub"):
        sign = "+" if operation == "add" else "-"
        return f"{_within(parts[0], _SUM)} {sign} {_within(parts[1], _PRODUCT)}", _SUM
    if operation == "neg":
        return f"-{_within(parts[0], _PRODUCT)}", _SUM
    if operation == "mul" and parts[0].operation == "neg":
        positive = replace(node, arguments=(parts[0].arguments[0], parts[1]))
        return f"-{_within(positive, _PRODUCT)}", _SUM
    if operation == "matmul":
        return f"{_within(parts[0], _PRODUCT)} {_within(parts[1], _POWER)}", _PRODUCT
    if operation in ("transpose", "inverse"):
        mark = r"\top" if operation == "transpose" else "-1"
        return f"{_within(parts[0], _ATOM)}^{{{mark}}}", _POWER
    if operation == "mul" and node.elementwise and all(part.holds("inverse", "cholesky") for part in parts):
        return rf"{_within(parts[0], _PRODUCT)} \odot {_within(parts[1], _POWER)}", _PRODUCT
    if operation == "mul":
        dot = r" \cdot " if parts[1].operation == "number" else " "
        return f"{_within(parts[0], _PRODUCT)}{dot}{_within(parts[1], _POWER)}", _PRODUCT
    if operation == "div":
        return rf"\frac{{{tree_latex(parts[0])}}}{{{tree_latex(parts[1])}}}", _PRODUCT
    if operation in ("pow", "square"):
        exponent = tree_latex(parts[1]) if operation == "pow" else "2"
        return f"{_within(parts[0], _ATOM)}^{{{exponent}}}", _POWER
    return _function(operation, tree_latex(parts[0]))


def _function(operation: str, inside: str) -> tuple[str, int]:
    if operation == "sqrt":
        return rf"\sqrt{{{inside}}}", _ATOM
    if operation in ("abs", "norm"):
        bar = "|" if operation == "abs" else r"\|"
        return rf"\left{bar}{inside}\right{bar}", _ATOM
    if operation == "log1p":
        return rf"\log\left(1 + {inside}\right)", _POWER
    if operation in OVER_COORDINATES:
        sign = r"\sum" if operation == "sum" else r"\operatorname{mean}"
        return rf"{sign} \left({inside}\right)", _POWER
    if operation == "expm1":
        return rf"\exp\left({inside}\right) - 1", _SUM
    return rf"{_FUNCTIONS[operation]}\left({inside}\right)", _POWER


def _name(name: str) -> str:
    """As SymPy prints the symbol: Greek letters and indices; a word such as logvar upright."""
    text = latex(Symbol(name))
    is_word = "\\" not in text and name[:2].isalpha() and len(name) > 1
    return rf"\mathrm{{{name}}}".replace("_", r"\_") if is_word else text


def _number(value: Fraction) -> tuple[str, int]:
    sign = "-" if value < 0 else ""
    if value.denominator == 1:
        return str(value), _SUM if sign else _ATOM
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}", _SUM if sign else _PRODUCT


def _within(node: Node, least: int) -> str:
    """In brackets, unless it holds together at least so tightly."""
    text, tightness = _typeset(node)
    return text if tightness >= least else rf"\left({text}\right)"
