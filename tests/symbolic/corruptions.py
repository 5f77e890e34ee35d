"""Ways to spoil a formula: what a slip of the pen, or of a program, would do to it."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Add, Eq, Expr, Indexed, IndexedBase, MatrixBase, MatrixSymbol, Mul, Symbol
from sympy.core.relational import Relational

from kl_engine.symbolic import Derivation
from kl_engine.symbolic.notation import exchange_roles


def corrupted(relation: Relational) -> Iterator[tuple[str, Relational]]:
    """The relation with its right side (or the left one of an inequality) spoiled in one way at a time."""
    on_right = isinstance(relation, Eq)
    side = relation.rhs if on_right else relation.lhs
    for label, wrong in spoiled(side):
        if wrong != side:
            sides = (relation.lhs, wrong) if on_right else (wrong, relation.rhs)
            yield label, relation.func(*sides, evaluate=False)


def spoiled(expression: Expr) -> Iterator[tuple[str, Expr]]:
    for index, (label, wrong) in enumerate(_sums(expression)):
        if index < 8:
            yield label, wrong
    yield "all terms negated", -expression
    if not isinstance(expression, MatrixBase):
        yield "1 added", expression + 1
    yield "p and q exchanged", exchange_roles(expression)
    for symbol in sorted(expression.atoms(Symbol), key=lambda s: s.name):
        if symbol.name.startswith(("sigma", "s_", "b_", "lambda")) and not _is_label(symbol, expression):
            yield f"{symbol} squared", expression.xreplace({symbol: symbol**2})
    for entry in sorted(expression.atoms(Indexed), key=str):
        if str(entry.base).startswith("sigma"):
            yield f"{entry} squared", expression.xreplace({entry: entry**2})
    for matrix in sorted(expression.atoms(MatrixSymbol), key=str):
        if matrix.name.startswith("Sigma"):
            yield f"{matrix} squared", expression.xreplace({matrix: matrix * matrix})


def _sums(expression: Expr) -> Iterator[tuple[str, Expr]]:
    """In each sum: a term dropped, a sign flipped, a term doubled."""
    if isinstance(expression, MatrixBase):
        for position, entry in enumerate(expression):
            for label, wrong in spoiled(entry) if entry != 0 else ():
                entries = [*expression[:position], wrong, *expression[position + 1 :]]
                yield label, expression.__class__(*expression.shape, entries)
        return
    # A sum with a number or the size alone may be an index, which is no part of the formula.
    sums = sorted((s for s in expression.atoms(Add) if str(s) not in ("n - 1", "i - 1")), key=lambda s: -s.count_ops())
    for total in sums:
        for term in total.args:
            yield f"{term} dropped", expression.xreplace({total: Add(*(a for a in total.args if a != term))})
            yield f"sign of {term} flipped", expression.xreplace({total: Add(*total.args, Mul(-2, term))})


def _is_label(symbol: Symbol, expression: Expr) -> bool:
    return any(base.label == symbol for base in expression.atoms(IndexedBase))


def with_step(derivation: Derivation, index: int, relation: Relational) -> Derivation:
    """The derivation with one step's expression replaced; everything else as it was."""
    step = replace(derivation.steps[index], expression=relation)
    return replace(derivation, steps=(*derivation.steps[:index], step, *derivation.steps[index + 1 :]))
