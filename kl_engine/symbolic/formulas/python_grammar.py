"""Formulas in the syntax of Python, NumPy, PyTorch, TensorFlow and JAX, as a syntax tree.

Python's own parser makes the syntax tree and never runs it; each node is looked at, and what is not on a list here is
refused. Most of the language is refused before that, by its characters: no quotes, brackets or colons.
"""

import ast
import re

from kl_engine.symbolic.formulas.syntax_tree import (
    FUNCTIONS,
    MATRIX_ADVICE,
    MATRIX_WORDS,
    Builder,
    FormulaError,
    Node,
    Span,
)

_ALLOWED = re.compile(r"[A-Za-z0-9_+\-*/().,=\s]")
_MODULES = ("np", "numpy", "math", "torch", "sp", "sympy", "jnp", "tf", "K", "cmath", "scipy")
_MODULES += ("tf.math", "jax.numpy", "keras.backend", "tf.keras.backend", "torch.special", "th", "ops", "keras.ops")
_FUNCTIONS = {name: name for name in FUNCTIONS} | {"ln": "log", "fabs": "abs", "absolute": "abs"}
_METHODS = ("log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "square", "abs")  # as in x.exp()
_POWERS = ("pow", "power")
_OVER = {f"{before}{name}": name for name in ("sum", "mean") for before in ("", "nan", "reduce_")}
_DIMENSIONS = ("dim", "axis", "keepdim", "keepdims")  # which coordinates are summed: one is checked, so it says nothing
_BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
_PLAIN = "use letters, digits and + - * / ** ^ ( ) only, such as mu for a Greek letter"
_HINTS = {"[": "use plain names without an index", "@": MATRIX_ADVICE}
_EQUALS = "one equals sign at most, after the name of the divergence"


def python_tree(builder: Builder) -> Node:
    """The tree of the builder's text. FormulaError if anything in it is not on the lists above."""
    text = builder.text
    for place, character in enumerate(text):
        if not _ALLOWED.fullmatch(character):
            raise builder.error("The character", _HINTS.get(character, _PLAIN), (place, place + 1))
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        place = min(max((error.offset or 1) - 1, 0), len(text))
        advice = _EQUALS if "=" in text[place:] else "check the signs and brackets there, and write * for a product"
        raise builder.error("Cannot read on from", advice, (place, len(text))) from None
    except (ValueError, MemoryError, RecursionError):
        raise FormulaError("The formula is nested too deeply: write it with fewer brackets and signs.") from None
    return _Walk(builder).node(tree, 0)


class _Walk:
    """From Python's nodes to ours, one kind at a time."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def node(self, node: ast.expr, depth: int) -> Node:
        at = _span(node)
        if depth > 100:  # far above what the builder accepts; it only keeps this recursion short
            raise self.builder.error("Nested too deeply:", "write it with fewer brackets and signs", at)
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return self.builder.number(self.builder.text[node.col_offset : node.end_col_offset], at)
            case ast.Name(id=name):
                return self.name(name, at)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.builder.apply("neg", self.node(operand, depth + 1), at=at)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.node(operand, depth + 1)
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return self.power(left, right, depth, at)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                sides = self.node(left, depth + 1), self.node(right, depth + 1)
                return self.builder.apply(_BINARY[type(op)], *sides, at=at)
            case ast.Attribute(value=module, attr="pi" | "e" as name) if _dotted(module) in _MODULES:
                return self.name("pi", at) if name == "pi" else self.e(at)
            case ast.Call():
                return self.call(node, depth, at)
        raise self.builder.error("Not part of a formula:", _advice(node), at)

    def name(self, name: str, at: Span) -> Node:
        if name == "pi":
            return self.builder.apply("pi", at=at)
        if name in _FUNCTIONS or name in _OVER and name != "mean":  # as a name, mean is that of q
            raise self.builder.error("The function", "give its argument in brackets after it", at)
        return self.builder.name(name, at)

    def e(self, at: Span) -> Node:
        return self.builder.apply("exp", self.builder.number("1", at), at=at)

    def power(self, base: ast.expr, exponent: ast.expr, depth: int, at: Span) -> Node:
        """base ** exponent; a power of math.e is the exponential, and may have any exponent."""
        if isinstance(base, ast.Attribute) and base.attr == "e" and _dotted(base.value) in _MODULES:
            return self.builder.apply("exp", self.node(exponent, depth + 1), at=at)
        return self.builder.apply("pow", self.node(base, depth + 1), self.node(exponent, depth + 1), at=at)

    def call(self, node: ast.Call, depth: int, at: Span) -> Node:
        """A function of the list, called by its name, by module.name, or as a method of its first argument."""
        arguments, name = list(node.args), ""
        match node.func:
            case ast.Name(id=name):
                pass
            case ast.Attribute(value=module, attr=name) if _dotted(module) in _MODULES:
                pass
            case ast.Attribute(value=first, attr=name) if name in (*_METHODS, "pow", *_OVER):
                arguments.insert(0, first)
            case ast.Attribute(attr=name) if name not in MATRIX_WORDS:
                name = ""
        if name in MATRIX_WORDS:
            raise self.builder.error("The call", MATRIX_ADVICE, at)
        if not name:
            raise self.builder.error("Not a function of the list:", _advice(node), _span(node.func))
        if name in _OVER:
            return self.over_coordinates(name, arguments, node.keywords, depth, at)
        if name not in (*_FUNCTIONS, *_POWERS):
            raise self.builder.error("Unknown function", _advice(node), _span(node.func))
        expected = 2 if name in _POWERS else 1
        if node.keywords or len(arguments) != expected or any(isinstance(a, ast.Starred) for a in arguments):
            raise self.builder.error("The call", f"{name} takes {expected} plain argument(s)", at)
        if name in _POWERS:
            return self.power(*arguments, depth, at)
        return self.builder.apply(_FUNCTIONS[name], self.node(arguments[0], depth + 1), at=at)

    def over_coordinates(
        self, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], depth: int, at: Span
    ) -> Node:
        """A sum or mean, perhaps with its dimensions: sum(x), x.sum(-1), torch.sum(x, dim=1)."""
        which = [*arguments[1:], *(keyword.value for keyword in keywords)]
        known = all(keyword.arg in _DIMENSIONS for keyword in keywords) and all(map(_is_dimension, which))
        if not known or len(arguments) not in (1, 2) or isinstance(arguments[0], ast.Starred):
            raise self.builder.error("The call", f"{name} takes one formula, and at most dim or axis", at)
        return self.builder.apply(_OVER[name], self.node(arguments[0], depth + 1), at=at)


def _span(node: ast.expr) -> Span:
    return node.col_offset, node.end_col_offset


def _dotted(node: ast.expr) -> str:
    """The name of a module, such as tf.math; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def _is_dimension(node: ast.expr) -> bool:
    """A small number, True or False, or a few of them in brackets."""
    match node:
        case ast.Constant(value=int()):
            return True
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
            return True
        case ast.Tuple(elts=parts):
            return all(isinstance(part, ast.Constant | ast.UnaryOp) and _is_dimension(part) for part in parts)
    return False


def _advice(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return "write a plain name, such as std_q for q.std"
    if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name | ast.Attribute):
        return "write * for a product"
    if isinstance(node, ast.Call):
        return f"use {', '.join(FUNCTIONS)} or pow"
    return "use numbers, names, + - * / ** and functions such as log(...)"
