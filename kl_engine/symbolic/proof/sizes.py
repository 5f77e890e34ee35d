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
    diag,
    eye,
)
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from kl_engine.symbolic.proof.check import Check, Outcome, Pair, require
from kl_engine.symbolic.proof.notation import sigma_p, sigma_q

n = Symbol("n", integer=True, positive=True)
i, j = Symbol("i", integer=True, positive=True), Symbol("j", integer=True, positive=True)
_SIGNED = ("mu", "z", "delta")  # the names that may be negative


@dataclass(frozen=True, kw_only=True)
class Sizes(Check):
    """The same law at each of several sizes: all must hold. Nothing is claimed to be proved for other sizes.

    covariance: "general" (Cholesky), "diagonal", "isotropic" or "factorised" (p general, q diagonal).
    simplex: names of weights that sum to 1.
    """

    inner: Check
    sizes: tuple[int, ...] = (1, 2, 3)
    covariance: str = "general"
    simplex: tuple[str, ...] = ()

    @property
    def cites(self) -> tuple[Relational, ...]:
        return self.inner.cites

    def run(self, before: Relational | None, after: Relational) -> Outcome:
        outcomes = []
        for size in self.sizes:
            make = Explicit(size, self.covariance, self.simplex)
            outcomes.append(make.field(self.inner).run(before if before is None else make(before), make(after)))
            if not outcomes[-1].ok:
                break  # refused already; the larger sizes cost most
        sizes = ", ".join(str(size) for size in self.sizes)
        how = f"For n = {sizes}, with {self.covariance} symbols: {outcomes[-1].how}"
        return Outcome(all(o.ok for o in outcomes), max(o.residual for o in outcomes), how)

    def left(self, before: Relational | None) -> Expr | None:
        return self.inner.left(before)

    def pairs(self, before: Relational | None, after: Relational) -> list[Pair]:
        return self.inner.pairs(before, after)

    @property
    def words(self) -> str:
        return self.inner.words


@dataclass(frozen=True)
class Explicit:
    """Writes a formula out at one size. Calling it on an expression or equation gives the explicit one."""

    size: int
    covariance: str = "general"
    simplex: tuple[str, ...] = ()

    def __call__(self, expression: Basic) -> Basic | Matrix:
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
        explicit = self(content)
        return explicit.as_immutable() if isinstance(explicit, MatrixBase) else explicit

    def _rebuild(self, expression: Basic) -> Basic | Matrix:
        if isinstance(expression, Identity):
            return eye(self.size)
        parts = [self(argument) for argument in expression.args]
        if isinstance(expression, Trace):
            return parts[0].trace()
        if isinstance(expression, Determinant):
            return determinant(parts[0])
        if isinstance(expression, Inverse):
            return inverse(parts[0])
        if isinstance(expression, MatPow):
            return parts[0] ** int(parts[1])
        if isinstance(expression, Transpose):
            return parts[0].T
        if isinstance(expression, MatrixElement):
            place = int(parts[1]), int(parts[2])
            inside = all(0 <= k < size for k, size in zip(place, parts[0].shape, strict=True))
            require(inside, "there is no entry of that index")
            return parts[0][place]
        if isinstance(expression, Relational):
            return expression.func(*parts, evaluate=False)
        if isinstance(expression, MatMul | MatAdd):
            return _fold(expression, parts)
        return expression.func(*parts)

    def _sum(self, expression: Sum) -> Expr:
        ((index, low, high),) = expression.limits
        first, last = int(self(low)), int(self(high))
        return sum((self(expression.function.subs(index, k)) for k in range(first, last + 1)), 0 * index)

    def _indexed(self, expression: Indexed) -> Expr:
        name, k = str(expression.base), int(self(expression.indices[0]))
        if name not in self.simplex:
            return component(name, k)
        # Positive numbers over their sum: weights of every kind, and SymPy knows their sign.
        shares = [component(name, j) for j in range(1, self.size + 1)]
        return shares[k - 1] / sum(shares)

    def _matrix(self, name: str, is_vector: bool) -> Matrix:
        if is_vector:
            return Matrix([component(name, k) for k in range(1, self.size + 1)])
        factor = self._factor(name)
        return factor if name.startswith("L") else factor * factor.T

    def _factor(self, name: str) -> Matrix:
        """The Cholesky factor of Sigma_p or Sigma_q: lower triangular, its diagonal positive."""
        role = name.rpartition("_")[2]
        if self.covariance == "isotropic":
            return {"p": sigma_p, "q": sigma_q}[role] * eye(self.size)
        if self.covariance == "diagonal" or (self.covariance == "factorised" and role == "q"):
            return diag(*(component(f"sigma_{role}", k) for k in range(1, self.size + 1)))
        return Matrix(self.size, self.size, lambda r, c: _cholesky_entry(r + 1, c + 1, role))


def component(name: str, k: int) -> Symbol:
    """The k-th component of a vector: mu_p -> mu_k_p."""
    stem, _, role = name.partition("_")
    return Symbol("_".join(part for part in (stem, str(k), role) if part), **_sign(stem))


def _sign(stem: str) -> dict[str, bool]:
    return {"real": True} if stem in _SIGNED else {"positive": True}


def _cholesky_entry(row: int, column: int, role: str) -> Expr:
    if column > row:
        return Symbol("l") * 0
    return Symbol(f"l_{row}{column}_{role}", **({"positive": True} if row == column else {"real": True}))


@lru_cache(maxsize=64)
def _determinant_of(matrix: ImmutableMatrix) -> Expr:
    return matrix.as_mutable().det(method="berkowitz").factor()


def determinant(matrix: Matrix) -> Expr:
    """The determinant, factored: of a product of Cholesky factors a square of positive symbols."""
    return _determinant_of(matrix.as_immutable())


def inverse(matrix: Matrix) -> Matrix:
    """Cramer's rule. The determinant of a product of Cholesky factors is a square of positive symbols."""
    return (matrix.adjugate() / determinant(matrix)).applyfunc(lambda entry: entry.expand())


def _fold(expression: MatMul | MatAdd, parts: list) -> Matrix:
    total = parts[0]
    for part in parts[1:]:
        total = total * part if isinstance(expression, MatMul) else total + part
    return total
