"""Ways to spoil a formula: what a slip of the pen, or of a program, would do to it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from sympy import (
    Add,
    Derivative,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    Indexed,
    IndexedBase,
    Integral,
    Le,
    Limit,
    Lt,
    MatrixBase,
    MatrixSymbol,
    Mul,
    Ne,
    Symbol,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from kl_engine.symbolic import Derivation
from kl_engine.symbolic.proof.notation import exchange_roles


def corrupted(relation: Relational) -> Iterator[tuple[str, Relational]]:
    """The relation spoiled in one way at a time: its right side, its left side, or the sign between them."""
    sides = (("right", spoiled(relation.rhs)), ("left", renamed(relation.lhs)))
    if not isinstance(relation, Eq):  # an inequality says its formula on the left
        sides = (*sides, ("left", spoiled(relation.lhs)))
    for side, wrong_ones in sides:
        for label, wrong in wrong_ones:
            if side == "right" and wrong != relation.rhs:
                yield f"right side: {label}", relation.func(relation.lhs, wrong, evaluate=False)
            elif side == "left" and wrong != relation.lhs:
                yield f"left side: {label}", relation.func(wrong, relation.rhs, evaluate=False)
    for kind in {Eq, Ge, Gt, Le, Lt, Ne} - {relation.func}:
        yield kind.__name__, kind(*relation.args, evaluate=False)


def renamed(quantity: Expr) -> Iterator[tuple[str, Expr]]:
    """The left side as another quantity: a factor, a sign, the other direction, other arguments."""
    yield "negated", -quantity
    yield "doubled", 2 * quantity
    if not isinstance(quantity, MatrixBase):
        yield "1 added", quantity + 1
    yield (
        "the other direction",
        quantity.replace(_is_divergence, lambda f: Function(_OTHER[f.func.__name__], real=True)(*f.args)),
    )
    for inside in quantity.atoms(AppliedUndef):
        for label, arguments in _changed(inside.args):
            yield f"{inside}, {label}", quantity.xreplace({inside: inside.func(*arguments)})
    if isinstance(quantity, (Derivative, Integral, Limit)):
        yield "without its operator", quantity.args[0]
    if isinstance(quantity, Derivative):
        yield "differentiated again", Derivative(quantity, quantity.variables[0])


_OTHER = {"D_forward": "D_reverse", "D_reverse": "D_forward"}


def _is_divergence(expression: Expr) -> bool:
    return isinstance(expression, AppliedUndef) and expression.func.__name__ in _OTHER


def _changed(arguments: tuple) -> Iterator[tuple[str, tuple]]:
    """Arguments of a quantity: two exchanged, one changed, one missing."""
    for k, (one, other) in enumerate(pairwise(arguments)):
        if one != other:
            yield f"{one} and {other} exchanged", (*arguments[:k], other, one, *arguments[k + 2 :])
    for k, argument in enumerate(arguments):
        if isinstance(argument, Expr) and not isinstance(argument, AppliedUndef):
            yield f"{argument} doubled", (*arguments[:k], 2 * argument, *arguments[k + 1 :])
    if len(arguments) > 1:
        yield "the last left out", arguments[:-1]


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
