"""Claims for any dimension or any number of components, proved size by size with general symbols.

A formula is written once, with matrices and sums. For each size n every matrix becomes an explicit one of symbols
(a covariance by its Cholesky factor, so that it is any positive definite matrix) and every sum its terms.
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache

from sympy import (
    Basic,
    Determinant,
    Expr,
    Identity,
    ImmutableMatrix,
    Indexed,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixBase,
    MatrixSymbol,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    diag,
    eye,
    zeros,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic.proof.notation import i, n, quantity, sigma_p, sigma_q
from kl_engine.symbolic.proof.work import require

_SIGNED = ("mu", "m", "z", "x", "delta")  # the names that may be negative


@dataclass(frozen=True)
class Explicit:
    """Writes a formula out at one size. Calling it on an expression or equation gives the explicit one."""

    size: int
    covariance: str = "general"
    simplex: tuple[str, ...] = ()

    def __call__(self, expression: Basic) -> Basic | Matrix:
        return _written_out(self, expression)

    def _write(self, expression: Basic) -> Basic | Matrix:
        if isinstance(expression, Sum):
            return self._sum(expression)
        if isinstance(expression, Indexed):
            return self._indexed(expression)
        if isinstance(expression, MatrixSymbol):
            require(expression.shape in ((n, 1), (n, n)), "a vector or a matrix has another shape than it should")
            return self._matrix(expression.name, expression.shape[1] == 1)
        if expression == n:
            return Integer(self.size)
        if not expression.args:
            return expression
        return self._rebuild(expression)

    def field(self, content: object) -> object:
        """A check, or a field of one: expressions in it are written out too."""
        if is_dataclass(content):
            return replace(content, **{f.name: self.field(getattr(content, f.name)) for f in fields(content)})
        if isinstance(content, tuple):
            return tuple(self.field(part) for part in content)
        if not isinstance(content, Basic):
            return content
        return _immutable(self(content))

    def each(self, pairs: tuple[tuple[Basic, Basic], ...]) -> tuple[tuple[Basic, Basic], ...]:
        """Definitions, written out: one that is of any index i (r_i = ...) is one for each."""
        found = []
        for name, meaning in pairs:
            places = range(1, self.size + 1) if i in name.free_symbols else (i,)
            found += [(self.field(name.subs(i, k)), self.field(meaning.subs(i, k))) for k in places]
        return tuple(found)

    def _rebuild(self, expression: Basic) -> Basic | Matrix:
        if isinstance(expression, Identity):
            return eye(self.size)
        if isinstance(expression, ZeroMatrix):
            return zeros(*(_whole(self(side)) for side in expression.shape))
        parts = [self(argument) for argument in expression.args]
        if isinstance(expression, Trace):
            return parts[0].trace()
        if isinstance(expression, Determinant):
            return determinant(parts[0])
        if isinstance(expression, Inverse):
            return inverse(parts[0])
        if isinstance(expression, MatPow):
            return parts[0] ** _whole(parts[1])
        if isinstance(expression, Transpose):
            return parts[0].T
        if isinstance(expression, MatrixElement):
            place = _whole(parts[1]), _whole(parts[2])
            inside = all(0 <= k < size for k, size in zip(place, parts[0].shape, strict=True))
            require(inside, "there is no entry of that index")
            return parts[0][place]
        if isinstance(expression, Relational):
            return expression.func(*parts, evaluate=False)
        if isinstance(expression, MatMul | MatAdd):
            return _fold(expression, parts)
        if (write := getattr(expression.func, "written_out", None)) is not None:
            return write(*parts)
        if (signature := getattr(expression.func, "signature", None)) is not None:
            return quantity(expression.func.__name__, *map(self._argument, signature)).func(*map(_immutable, parts))
        return expression.func(*parts)

    def _argument(self, name: Basic) -> Basic:
        return _immutable(self(name))

    def _sum(self, expression: Sum) -> Expr:
        ((index, low, high),) = expression.limits
        first, last = _whole(self(low)), _whole(self(high))
        return sum((self(expression.function.subs(index, k)) for k in range(first, last + 1)), 0 * index)

    def _indexed(self, expression: Indexed) -> Expr:
        name, k = str(expression.base), _whole(self(expression.indices[0]))
        require(1 <= k <= self.size, f"there is no entry {k}")
        if name not in self.simplex:
            return component(name, k)
        # Positive numbers over their sum: weights of every kind, and SymPy knows their sign.
        shares = [component(name, j) for j in range(1, self.size + 1)]
        return shares[k - 1] / sum(shares)

    def _matrix(self, name: str, is_vector: bool) -> Matrix:
        if is_vector:
            return Matrix([component(name, k) for k in range(1, self.size + 1)])
        if self.covariance == "symmetric":
            return Matrix(self.size, self.size, lambda r, c: _symmetric_entry(name, r + 1, c + 1))
        factor = self._factor(name)
        return factor if name.startswith("L") else factor * factor.T

    def _factor(self, name: str) -> Matrix:
        """The Cholesky factor of Sigma_p or Sigma_q: lower triangular, its diagonal positive."""
        role = name.rpartition("_")[2]
        if self.covariance == "isotropic":
            return {"p": sigma_p, "q": sigma_q}[role] * eye(self.size)
        if self.covariance == "diagonal" or (self.covariance == "factorised" and role == "q"):
            return diag(*(component(f"sigma_{role}", k) for k in range(1, self.size + 1)))
        letter = "k" if name.startswith("Lambda") else "l"  # a precision is a matrix of its own
        return Matrix(self.size, self.size, lambda r, c: _cholesky_entry(letter, r + 1, c + 1, role))


def _whole(number: Expr) -> int:
    """An index or a limit of a sum as a whole number; anything else is refused."""
    require(number.is_Integer is True, f"an index or a limit of a sum is no whole number: {number}")
    return int(number)


def _immutable(part: object) -> object:
    return part.as_immutable() if isinstance(part, MatrixBase) else part


@lru_cache(maxsize=4096)
def _written_out(make: Explicit, expression: Basic) -> Basic | ImmutableMatrix:
    return _immutable(make._write(expression))


def component(name: str, k: int) -> Symbol:
    """The k-th component of a vector: mu_p -> mu_k_p."""
    stem, _, role = name.partition("_")
    return Symbol("_".join(part for part in (stem, str(k), role) if part), **_sign(stem))


def _sign(stem: str) -> dict[str, bool]:
    return {"real": True} if stem in _SIGNED else {"positive": True}


def _cholesky_entry(letter: str, row: int, column: int, role: str) -> Expr:
    if column > row:
        return Symbol(letter) * 0
    return Symbol(f"{letter}_{row}{column}_{role}", **({"positive": True} if row == column else {"real": True}))


def _symmetric_entry(name: str, row: int, column: int) -> Symbol:
    stem, _, role = name.partition("_")
    return Symbol(
        f"{stem}_{min(row, column)}{max(row, column)}_{role}",
        **({"positive": True} if row == column else {"real": True}),
    )


@lru_cache(maxsize=64)
def _determinant_of(matrix: ImmutableMatrix) -> Expr:
    return matrix.as_mutable().det(method="berkowitz").factor()


def determinant(matrix: Matrix) -> Expr:
    """The determinant, factored: of a product of Cholesky factors a square of positive symbols."""
    known = _INVERSES.get(matrix.as_immutable())
    if known is not None and _operations(known) < _operations(matrix):
        return 1 / _determinant_of(known)
    return _determinant_of(matrix.as_immutable())


def _operations(matrix: MatrixBase) -> int:
    return sum(entry.count_ops() for entry in matrix)


def inverse(matrix: Matrix) -> Matrix:
    """Cramer's rule. The determinant of a product of Cholesky factors is a square of positive symbols."""
    known = _INVERSES.get(matrix.as_immutable())
    if known is not None:
        return known.as_mutable()
    found = matrix.adjugate() / determinant(matrix)
    if len(_INVERSES) > _MOST_INVERSES:
        _INVERSES.clear()
    _INVERSES[matrix.as_immutable()] = found.as_immutable()
    _INVERSES[found.as_immutable()] = matrix.as_immutable()
    return found


_MOST_INVERSES = 200
_INVERSES: dict[ImmutableMatrix, ImmutableMatrix] = {}  # and the inverse of an inverse is the matrix


def _fold(expression: MatMul | MatAdd, parts: list) -> Matrix:
    total = parts[0]
    for part in parts[1:]:
        total = total * part if isinstance(expression, MatMul) else total + part
    return total
