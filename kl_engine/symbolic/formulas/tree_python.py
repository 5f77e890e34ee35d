"""A syntax tree as a NumPy expression: the formula as it was read, with nothing evaluated and nothing rearranged."""

from fractions import Fraction
from keyword import iskeyword

from kl_engine.symbolic.formulas.syntax_tree import Node

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)  # how tightly a form holds together
_SIGNS = {"add": (" + ", _SUM), "sub": (" - ", _SUM), "mul": (" * ", _PRODUCT), "div": (" / ", _PRODUCT)}


def tree_python(node: Node) -> str:
    """The source text of the formula."""
    return _written(node)[0]


def parameter(name: str) -> str:
    """A symbol as the name of a parameter: lambda, a word of Python's own, becomes lambda_."""
    return f"{name}_" if iskeyword(name) or name == "numpy" else name


def _written(node: Node) -> tuple[str, int]:
    operation, parts = node.operation, node.arguments
    if operation == "number":
        return _number(node.value)
    if operation == "name":
        return parameter(node.value), _ATOM
    if operation == "pi":
        return "numpy.pi", _ATOM
    if operation in _SIGNS:
        sign, tightness = _SIGNS[operation]
        return f"{_within(parts[0], tightness)}{sign}{_within(parts[1], tightness + 1)}", tightness
    if operation == "neg":
        return f"-{_within(parts[0], _SIGN)}", _SIGN
    if operation == "pow":
        return f"{_within(parts[0], _ATOM)} ** {_within(parts[1], _ATOM)}", _POWER
    return f"numpy.{operation}({tree_python(parts[0])})", _ATOM


def _number(value: Fraction) -> tuple[str, int]:
    if value.denominator == 1:
        return f"{value.numerator}.0" if abs(value) < 10**15 else f"{float(value)!r}", _ATOM if value >= 0 else _SIGN
    short = repr(float(value))
    if Fraction(short) == value:
        return short, _ATOM if value > 0 else _SIGN
    return f"{value.numerator} / {value.denominator}", _PRODUCT


def _within(node: Node, least: int) -> str:
    """In brackets, unless it holds together at least so tightly."""
    text, tightness = _written(node)
    return text if tightness >= least else f"({text})"
