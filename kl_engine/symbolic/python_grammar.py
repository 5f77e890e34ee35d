"""Formulas in the syntax of Python, NumPy and PyTorch, as a syntax tree.

Python's own parser makes the syntax tree and never runs it; each node is looked at, and what is not on a list here is
refused. Most of the language is refused before that, by its characters: no quotes, brackets, colons or equals signs.
"""

import ast
import re

from kl_engine.symbolic.syntax_tree import FUNCTIONS, Builder, FormulaError, Node, Span

_ALLOWED = re.compile(r"[A-Za-z0-9_+\-*/^().,\s]")
_MODULES = ("np", "numpy", "math", "torch", "sp", "sympy", "jnp", "tf")
_FUNCTIONS = {name: name for name in FUNCTIONS} | {"ln": "log", "fabs": "abs", "absolute": "abs"}
_METHODS = ("log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "square", "abs")  # as in x.exp()
_SUMS = ("sum", "mean", "nansum")
_BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
_PLAIN = "use letters, digits and + - * / ** ^ ( ) only, such as mu for a Greek letter"
_HINTS = {"=": "leave out what stands before the equals sign, and the sign", "[": "use plain names without an index"}


def python_tree(builder: Builder) -> Node:
    """The tree of the builder's text. FormulaError if anything in it is not on the lists above."""
    text = builder.text
    for place, character in enumerate(text):
        if not _ALLOWED.fullmatch(character):
            raise builder.error("The character", _HINTS.get(character, _PLAIN), (place, place + 1))
    source, origin = _python_source(text)
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        place = origin[min(max((error.offset or 1) - 1, 0), len(source))]
        raise builder.error("Cannot read on from", "check the signs and brackets there", (place, len(text))) from None
    except (ValueError, MemoryError, RecursionError):
        raise FormulaError("The formula is nested too deeply: write it with fewer brackets and signs.") from None
    return _Walk(builder, source, origin).node(tree, 0)


def _python_source(text: str) -> tuple[str, list[int]]:
    """The text with ^ as ** (Python's ^ binds weaker than +) on one line, and where each character came from."""
    pieces, origin = [], []
    for place, character in enumerate(text):
        piece = "**" if character == "^" else " " if character.isspace() else character
        pieces.append(piece)
        origin += [place] * len(piece)
    source = "".join(pieces)
    spaces = len(source) - len(source.lstrip())
    return source[spaces:], [*origin[spaces:], len(text)]


class _Walk:
    """From Python's nodes to ours, one kind at a time."""

    def __init__(self, builder: Builder, source: str, origin: list[int]) -> None:
        self.builder, self.source, self.origin = builder, source, origin

    def node(self, node: ast.expr, depth: int) -> Node:
        at = self.span(node)
        if depth > 100:  # far above what the builder accepts; it only keeps this recursion short
            raise self.builder.error("Nested too deeply:", "write it with fewer brackets and signs", at)
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return self.builder.number(self.source[node.col_offset : node.end_col_offset], at)
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
            case ast.Attribute(value=ast.Name(id=module), attr="pi" | "e" as name) if module in _MODULES:
                return self.name("pi", at) if name == "pi" else self.e(at)
            case ast.Call():
                return self.call(node, depth, at)
        raise self.builder.error("Not part of a formula:", _advice(node), at)

    def span(self, node: ast.expr) -> Span:
        return self.origin[node.col_offset], self.origin[node.end_col_offset - 1] + 1

    def name(self, name: str, at: Span) -> Node:
        if name == "pi":
            return self.builder.apply("pi", at=at)
        if name in _FUNCTIONS or name in _SUMS:
            raise self.builder.error("The function", "give its argument in brackets after it", at)
        return self.builder.name(name, at)

    def e(self, at: Span) -> Node:
        return self.builder.apply("exp", self.builder.number("1", at), at=at)

    def power(self, base: ast.expr, exponent: ast.expr, depth: int, at: Span) -> Node:
        """base ** exponent; a power of math.e is the exponential, and may have any exponent."""
        if isinstance(base, ast.Attribute) and base.attr == "e" and getattr(base.value, "id", None) in _MODULES:
            return self.builder.apply("exp", self.node(exponent, depth + 1), at=at)
        return self.builder.apply("pow", self.node(base, depth + 1), self.node(exponent, depth + 1), at=at)

    def call(self, node: ast.Call, depth: int, at: Span) -> Node:
        """A function of the list, called by its name, by module.name, or as a method of its first argument."""
        arguments = list(node.args)
        match node.func:
            case ast.Name(id=name):
                pass
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES:
                pass
            case ast.Attribute(value=first, attr=name) if name in (*_METHODS, "pow", *_SUMS):
                arguments.insert(0, first)
            case _:
                raise self.builder.error("Not a function of the list:", _advice(node), self.span(node.func))
        if name in _SUMS:
            raise self.builder.error("The call", "one dimension is checked, so leave out the sum or mean over them", at)
        if name not in (*_FUNCTIONS, "pow"):
            raise self.builder.error("Unknown function", _advice(node), self.span(node.func))
        expected = 2 if name == "pow" else 1
        if node.keywords or len(arguments) != expected or any(isinstance(a, ast.Starred) for a in arguments):
            raise self.builder.error("The call", f"{name} takes {expected} plain argument(s)", at)
        if name == "pow":
            return self.power(*arguments, depth, at)
        return self.builder.apply(_FUNCTIONS[name], self.node(arguments[0], depth + 1), at=at)


def _advice(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return "write a plain name, such as std_q for q.std"
    if isinstance(node, ast.Call):
        return f"use {', '.join(FUNCTIONS)} or pow"
    return "use numbers, names, + - * / ** and functions such as log(...)"
