"""A syntax tree as a NumPy expression: the formula as it was read, with nothing evaluated and nothing rearranged."""

from dataclasses import replace
from fractions import Fraction
from keyword import iskeyword

from kl_engine.symbolic.formulas.syntax_tree import Node

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)  # how tightly a form holds together
_SIGNS = {"add": (" + ", _SUM), "sub": (" - ", _SUM), "mul": (" * ", _PRODUCT), "div": (" / ", _PRODUCT)}
_SIGNS |= {"matmul": (" @ ", _PRODUCT)}


_SPELLED = {"lgamma": "scipy.special.gammaln", "digamma": "scipy.special.digamma", "det": "numpy.linalg.det"}
_SPELLED |= {"trace": "numpy.trace", "inverse": "numpy.linalg.inv", "norm": "numpy.linalg.norm"}
_SPELLED |= {"cholesky": "numpy.linalg.cholesky", "diagonal": "numpy.diag"}


def tree_python(node: Node, arrays: frozenset[str] = frozenset()) -> str:
    """The source text of the formula. arrays: the names of vectors and matrices, whose products are written @."""
    return _written(_products(node, arrays))[0] if arrays else _written(node)[0]


def _products(node: Node, arrays: frozenset[str]) -> Node:
    """The tree with every product of two arrays as one of matrices."""
    parts = tuple(_products(part, arrays) for part in node.arguments)
    both = node.operation == "mul" and not node.elementwise and all(_is_array(part, arrays) for part in parts)
    return replace(node, operation="matmul" if both else node.operation, arguments=parts)


def _is_array(node: Node, arrays: frozenset[str]) -> bool:
    if node.operation == "name":
        return node.value in arrays
    if node.operation in ("trace", "det", "logdet", "sum", "mean", "norm", "log", "abs"):
        return False
    inside = [_is_array(part, arrays) for part in node.arguments]
    if node.operation == "matmul":  # v^T M v is a number
        return not (_is_vector(node.arguments[0]) and _is_vector(node.arguments[1]))
    return any(inside)


def _is_vector(node: Node) -> bool:
    """Whether it has one axis: a mean, a difference of means, or a matrix times one."""
    if node.operation == "name":
        return not node.value[0].isupper() and not node.value.startswith(("cov", "prec", "Sigma"))
    if node.operation == "inverse":
        return False
    if node.operation in ("matmul", "mul"):
        return any(_is_vector(part) for part in node.arguments)
    return bool(node.arguments) and all(_is_vector(part) for part in node.arguments)


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
    if operation == "transpose":
        return f"{_within(parts[0], _ATOM)}.T", _ATOM
    if operation == "logdet":
        return f"numpy.log(numpy.linalg.det({tree_python(parts[0])}))", _ATOM
    if operation in _SPELLED:
        return f"{_SPELLED[operation]}({tree_python(parts[0])})", _ATOM
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
