"""Matrix formulas in numbers and in algebra: values for matrices of given entries, and a normal form that proves.

The algebra is that of words: tr(AB) = tr(BA) = tr(BᵀAᵀ), A⁻¹A = I, log det AB = log det A + log det B. Two formulas
with one normal form are equal for every dimension; the numbers are for n = 1, 2, 3, as the derivation is.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import mpmath
from mpmath import mpf

from kl_engine.symbolic.formulas.operations import Undefined
from kl_engine.symbolic.formulas.syntax_tree import Node, constant

Value = mpf | mpmath.matrix
_MOST_TERMS = 200


def matrix_value(node: Node, values: Mapping[str, Value]) -> Value:
    """The tree in numbers; Undefined where the shapes do not fit or there is no real value."""
    if node.operation == "name":
        return values[node.value]
    if node.operation == "number":
        return mpf(node.value.numerator) / node.value.denominator
    if node.operation == "pi":
        return +mpmath.pi
    parts = [matrix_value(argument, values) for argument in node.arguments]
    try:
        return _scalar(_OPERATIONS[node.operation](node, *parts))
    except (ValueError, ZeroDivisionError, KeyError) as failure:
        raise Undefined(node, str(failure) or "it divides by 0") from None


def _scalar(value: Value) -> Value:
    """A matrix of one entry is a number."""
    if isinstance(value, mpmath.matrix) and value.rows == value.cols == 1:
        return value[0, 0]
    if isinstance(value, mpmath.mpc):
        raise ValueError("it has no real value there")
    return value


def _is_matrix(value: Value) -> bool:
    return isinstance(value, mpmath.matrix)


def _sum(node: Node, a: Value, b: Value) -> Value:
    if _is_matrix(a) != _is_matrix(b):
        raise ValueError("it adds a number to a matrix or a vector")
    if _is_matrix(a) and (a.rows, a.cols) != (b.rows, b.cols):
        raise ValueError("it adds matrices of different shapes")
    return a + b if node.operation == "add" else a - b


def _product(node: Node, a: Value, b: Value) -> Value:
    if not (_is_matrix(a) and _is_matrix(b)):
        return a * b
    if node.elementwise:
        if (a.rows, a.cols) != (b.rows, b.cols):
            raise ValueError("it multiplies arrays of different shapes, entry by entry")
        return _entrywise(lambda i, j: a[i, j] * b[i, j], a)
    if a.cols == b.rows:
        return a * b
    if node.operation == "matmul" and a.rows == b.rows and a.cols == 1:  # an array of one axis stands for a row too
        return a.T * b
    raise ValueError("it multiplies matrices whose shapes do not fit")


def _entrywise(function, a: mpmath.matrix) -> mpmath.matrix:
    return mpmath.matrix([[function(i, j) for j in range(a.cols)] for i in range(a.rows)])


def _quotient(node: Node, a: Value, b: Value) -> Value:
    if not _is_matrix(b):
        if abs(b) < mpf(10) ** (12 - mpmath.mp.dps):
            raise ZeroDivisionError
        return a / b
    if _is_matrix(a) and (a.rows, a.cols) == (b.rows, b.cols) and a.cols == 1:
        return _entrywise(lambda i, j: a[i, j] / b[i, j], a)
    raise ValueError("it divides by a matrix")


def _power(node: Node, a: Value, b: Value) -> Value:
    if not _is_matrix(a):
        if a == 0 and b < 0:
            raise ZeroDivisionError
        return a**b
    if a.cols == 1:
        return _entrywise(lambda i, j: a[i, j] ** b, a)
    if b == -1 and a.rows == a.cols:
        return a**-1
    raise ValueError("it takes another power of a matrix than the inverse")


def _square_matrix(value: Value) -> mpmath.matrix:
    if not _is_matrix(value):
        return mpmath.matrix([[value]])
    if value.rows != value.cols:
        raise ValueError("it takes the trace or the determinant of what is no square matrix")
    return value


def _determinant(node: Node, a: Value) -> mpf:
    return mpmath.det(_square_matrix(a))


def _diagonal(node: Node, a: Value) -> Value:
    """The entries on the diagonal of a matrix; of a vector the matrix with them there."""
    if not _is_matrix(a):
        return a
    if a.cols == 1:
        return mpmath.diag(_entries(a))
    a = _square_matrix(a)
    return mpmath.matrix([a[i, i] for i in range(a.rows)])


def _log_determinant(node: Node, a: Value) -> mpf:
    return _positive_log(_determinant(node, a))


def _positive_log(a: Value) -> mpf:
    if _is_matrix(a):
        raise ValueError("it takes the logarithm of a matrix")
    if a <= 0:
        raise ValueError("it takes the logarithm of a number that is not positive")
    return mpmath.log(a)


def _trace(node: Node, a: Value) -> mpf:
    a = _square_matrix(a)
    return mpmath.fsum(a[i, i] for i in range(a.rows))


def _entries(value: Value) -> list[mpf]:
    return [value] if not _is_matrix(value) else [value[i, j] for i in range(value.rows) for j in range(value.cols)]


def _plain(function):
    """A function of numbers; of a vector entry by entry."""

    def of(node: Node, a: Value) -> Value:
        if not _is_matrix(a):
            return function(a)
        if a.cols != 1:
            raise ValueError("it takes a function of numbers of a matrix")
        return _entrywise(lambda i, j: function(a[i, j]), a)

    return of


_OPERATIONS = {
    "add": _sum,
    "sub": _sum,
    "mul": _product,
    "matmul": _product,
    "div": _quotient,
    "pow": _power,
    "neg": lambda node, a: -a,
    "transpose": lambda node, a: a.T if _is_matrix(a) else a,
    "trace": _trace,
    "det": _determinant,
    "logdet": _log_determinant,
    "inverse": lambda node, a: _square_matrix(a) ** -1,
    "cholesky": lambda node, a: mpmath.cholesky(_square_matrix(a)),
    "diagonal": _diagonal,
    "log": _plain(_positive_log),
    "log2": _plain(lambda a: _positive_log(a) / mpmath.log(2)),
    "exp": _plain(mpmath.exp),
    "sqrt": _plain(mpmath.sqrt),
    "square": lambda node, a: _entrywise(lambda i, j: a[i, j] ** 2, a) if _is_matrix(a) else a * a,
    "abs": lambda node, a: _determinant(node, a) if _is_matrix(a) and a.cols > 1 else _plain(abs)(node, a),
    "norm": lambda node, a: mpmath.sqrt(mpmath.fsum(entry * entry for entry in _entries(a))),
    "sum": lambda node, a: mpmath.fsum(_entries(a)),
    "mean": lambda node, a: mpmath.fsum(_entries(a)) / len(_entries(a)),
}

# Words: an atom is (name, kind, is inverted); kinds are "matrix" (symmetric), "factor" and "turned factor" (L and Lᵀ,
# where the matrix of that name is LLᵀ), "column" and "row".
Atom = tuple[str, str, bool]
Word = tuple[Atom, ...]
_SQUARE = ("matrix", "factor", "turned factor")
_PRODUCTS = (("factor", "turned factor", False), ("turned factor", "factor", True))  # LLᵀ, and L⁻ᵀL⁻¹
Sum = dict[Word, Fraction]
DIMENSION = ("#n",)


class NoWords(Exception):
    """The algebra of words does not reach this formula: nothing is known."""


class Algebra:
    """The normal form of one formula. kinds: of each name "matrix", "factor", "column", "number" or "dimension"."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds

    def number(self, node: Node) -> dict[tuple, Fraction]:
        """A number as a sum of traces of words, logarithms of determinants, the dimension, and 1 (the empty tuple)."""
        value = constant(node)
        if value is not None:
            return {(): value} if value else {}
        match node.operation:
            case "add" | "sub":
                return added(self.number(node.arguments[0]), self.number(node.arguments[1]), node.operation)
            case "neg":
                return times(self.number(node.arguments[0]), Fraction(-1))
            case "mul" | "div" if (scaled := self._scaled(node)) is not None:
                return scaled
            case "name" if self.kinds[node.value] == "dimension":
                return {DIMENSION: Fraction(1)}
            case "trace":
                return self.traces(self.words(node.arguments[0]))
            case "logdet":
                return self._log_determinant(node.arguments[0])
            case "log":
                return self._log(node.arguments[0])
            case "sum":
                return self._sum(node.arguments[0])
            case "pow" | "square" if node.arguments[0].operation == "norm" and _is_square(node):
                words = self.words(node.arguments[0].arguments[0])
                return self.traces(product_of(transposed(words), words))
        return self.traces(self.words(node))

    def _sum(self, node: Node) -> dict[tuple, Fraction]:
        """Σ over entries: of A∘B it is tr(ABᵀ), of the log of a factor's diagonal half of a log determinant."""
        if node.operation == "square" or node.operation == "pow" and constant(node.arguments[1]) == 2:
            words = self.words(node.arguments[0])
            return self.traces(product_of(words, transposed(words)))
        if node.operation == "mul" and node.elementwise and constant(node.arguments[0]) is None:
            first, second = map(self.words, node.arguments)
            return self.traces(product_of(first, transposed(second)))
        inside = node.arguments[0] if node.operation == "log" else node
        if inside is not node and inside.operation == "diagonal":
            return self._log_determinant_of_factor(self.words(inside.arguments[0]))
        raise NoWords

    def _log_determinant_of_factor(self, words: Sum) -> dict[tuple, Fraction]:
        """Σ log L_ii of a triangular L, half of log det LLᵀ."""
        if len(words) == 1:
            ((word, number),) = words.items()
            if number == 1 and len(word) == 1 and word[0][1] == "factor":
                return {("log det", word[0][0]): Fraction(-1 if word[0][2] else 1, 2)}
        raise NoWords

    def _scaled(self, node: Node) -> dict[tuple, Fraction] | None:
        """A number times a plain number; None where neither is one."""
        left, right = node.arguments
        factor = constant(right)
        if factor is not None and factor:
            return times(self.number(left), factor if node.operation == "mul" else 1 / factor)
        factor = constant(left)
        if factor is not None and node.operation == "mul":
            return times(self.number(right), factor)
        return None

    def _log(self, node: Node) -> dict[tuple, Fraction]:
        """log of products and quotients of determinants."""
        match node.operation:
            case "det":
                return self._log_determinant(node.arguments[0])
            case "abs":
                return self._log_determinant(node.arguments[0])
            case "mul" | "div":
                kind = "add" if node.operation == "mul" else "sub"
                return added(self._log(node.arguments[0]), self._log(node.arguments[1]), kind)
            case "pow":
                return times(self._log(node.arguments[0]), constant(node.arguments[1]) or Fraction(0))
            case "exp":
                return self.number(node.arguments[0])
        if constant(node) == 1:
            return {}
        raise NoWords

    def _log_determinant(self, node: Node) -> dict[tuple, Fraction]:
        words = self.words(node)
        if len(words) != 1:
            raise NoWords
        ((word, factor),) = words.items()
        if factor != 1 or any(kind not in _SQUARE for _, kind, _ in word):
            raise NoWords
        found: dict[tuple, Fraction] = {}
        for name, kind, inverted in word:
            key, share = ("log det", name), Fraction(1, 1 if kind == "matrix" else 2)
            found[key] = found.get(key, Fraction(0)) + (-share if inverted else share)
        return {key: number for key, number in found.items() if number}

    def words(self, node: Node) -> Sum:
        """A matrix or a vector as a sum of words."""
        match node.operation:
            case "name" if self.kinds[node.value] in ("matrix", "factor", "column"):
                return {((node.value, self.kinds[node.value], False),): Fraction(1)}
            case "add" | "sub":
                return added(self.words(node.arguments[0]), self.words(node.arguments[1]), node.operation)
            case "neg":
                return times(self.words(node.arguments[0]), Fraction(-1))
            case "transpose":
                return transposed(self.words(node.arguments[0]))
            case "cholesky" if node.arguments[0].operation == "name":
                (name,) = node.arguments
                if self.kinds[name.value] == "matrix":
                    return {((name.value, "factor", False),): Fraction(1)}
            case "inverse":
                return inverse(self.words(node.arguments[0]))
            case "pow" if constant(node.arguments[1]) == -1:
                return inverse(self.words(node.arguments[0]))
            case "mul" | "div" | "matmul":
                return self._product(node)
        raise NoWords

    def _product(self, node: Node) -> Sum:
        left, right = node.arguments
        factor = constant(right)
        if factor:
            return times(self.words(left), factor if node.operation != "div" else 1 / factor)
        factor = constant(left)
        if factor is not None and node.operation != "div":
            return times(self.words(right), factor)
        if node.operation == "div" or node.elementwise:
            raise NoWords
        first, second = self.words(left), self.words(right)
        if node.operation == "matmul" and _ends_in_column(first) and not _starts_with_row(second):
            first = transposed(first)
        return product_of(first, second)

    def traces(self, words: Sum) -> dict[tuple, Fraction]:
        found: dict[tuple, Fraction] = {}
        for word, number in words.items():
            key = _cycle(_shortened(word, cyclic=True))
            found[key] = found.get(key, Fraction(0)) + number
        return {key: number for key, number in found.items() if number}


def _is_square(node: Node) -> bool:
    return node.operation == "square" or constant(node.arguments[1]) == 2


def added(a: dict, b: dict, kind: str) -> dict:
    found = dict(a)
    for key, number in b.items():
        found[key] = found.get(key, Fraction(0)) + (number if kind == "add" else -number)
    if len(found) > _MOST_TERMS:
        raise NoWords
    return {key: number for key, number in found.items() if number}


def times(a: dict, factor: Fraction) -> dict:
    return {key: number * factor for key, number in a.items()} if factor else {}


def transposed(words: Sum) -> Sum:
    turned = {"column": "row", "row": "column", "matrix": "matrix"}
    turned |= {"factor": "turned factor", "turned factor": "factor"}
    return {tuple((n, turned[k], i) for n, k, i in reversed(word)): number for word, number in words.items()}


def inverse(words: Sum) -> Sum:
    if len(words) != 1:
        raise NoWords
    ((word, number),) = words.items()
    if any(kind not in _SQUARE for _, kind, _ in word):
        raise NoWords
    return {tuple((n, k, not i) for n, k, i in reversed(word)): 1 / number}


def product_of(a: Sum, b: Sum) -> Sum:
    found: Sum = {}
    if len(a) * len(b) > _MOST_TERMS:
        raise NoWords
    for first, x in a.items():
        for second, y in b.items():
            word = _shortened(first + second)
            found[word] = found.get(word, Fraction(0)) + x * y
    return {word: number for word, number in found.items() if number}


def _shortened(word: Word, cyclic: bool = False) -> Word:
    """Without a matrix beside its inverse, and with LLᵀ as one. cyclic: whether the last stands beside the first."""
    kept: list[Atom] = []
    for atom in word:
        merged = _merged(kept[-1], atom) if kept else None
        if merged is None:
            kept.append(atom)
        else:
            kept[-1:] = merged
    while cyclic and len(kept) > 1 and (merged := _merged(kept[-1], kept[0])) is not None:
        kept = [*merged, *kept[1:-1]]
    return tuple(kept) if tuple(kept) == word else _shortened(tuple(kept), cyclic)


def _merged(first: Atom, second: Atom) -> list[Atom] | None:
    """What two atoms side by side come to: nothing, or one; None where they stay two."""
    if first[:2] == second[:2] and first[2] is not second[2] and first[1] in _SQUARE:
        return []
    pair = (first[1], second[1], first[2])
    if first[0] == second[0] and first[2] is second[2] and pair in _PRODUCTS:
        return [(first[0], "matrix", first[2])]
    return None


def _cycle(word: Word) -> tuple:
    """The same for all rotations of a word under a trace, and for the word read backwards; n for the empty one."""
    if not word:
        return DIMENSION
    backwards = next(iter(transposed({word: Fraction(1)})))
    turns = [way[i:] + way[:i] for way in (word, backwards) for i in range(len(way))]
    return ("trace", min(turns))


def _ends_in_column(words: Sum) -> bool:
    return bool(words) and all(word and word[-1][1] == "column" for word in words)


def _starts_with_row(words: Sum) -> bool:
    return bool(words) and all(word and word[0][1] == "row" for word in words)
