"""Ways to spoil a derivation: what a slip of the pen, or of a program, would do to it.

A formula is spoiled in itself; a step in its hypotheses; a derivation in its setting, which becomes another one under
its lines, and in its laws, which are exchanged between steps.
"""

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
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Ne,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from kl_engine.symbolic import Derivation
from kl_engine.symbolic.proof.laws import AnyLaw, Gaussian
from kl_engine.symbolic.proof.notation import exchange_roles, mu_q
from kl_engine.symbolic.proof.setting import Setting


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
    if not isinstance(quantity, (MatrixBase, MatrixExpr)):
        yield "1 added", quantity + 1
    yield "the other direction", quantity.replace(_is_divergence, _other_direction)
    for inside in quantity.atoms(AppliedUndef):
        for label, arguments in _changed(inside.args):
            yield f"{inside}, {label}", quantity.xreplace({inside: inside.func(*arguments)})
    if isinstance(quantity, (Derivative, Integral, Limit, Subs)):
        yield "without its operator", quantity.args[0]
    if isinstance(quantity, Derivative):
        yield "differentiated again", Derivative(quantity, quantity.variables[0])


_OTHER = {"D_forward": "D_reverse", "D_reverse": "D_forward"}


def _is_divergence(expression: Expr) -> bool:
    return isinstance(expression, AppliedUndef) and expression.func.__name__ in _OTHER


def _other_direction(divergence: Expr) -> Expr:
    name = _OTHER[divergence.func.__name__]
    return Function(name, real=True, signature=divergence.func.signature)(*divergence.args)


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
    """The formula with one slip in it."""
    for index, (label, wrong) in enumerate(_sums(expression)):
        if index < 8:
            yield label, wrong
    yield "all terms negated", -expression
    if not isinstance(expression, (MatrixBase, MatrixExpr)):
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
    yield from _moved_limits(expression)


def _moved_limits(expression: Expr) -> Iterator[tuple[str, Expr]]:
    """Sums whose limits are no whole numbers, or others; indices likewise."""
    for total in sorted(expression.atoms(Sum), key=str):
        ((index, low, high),) = total.limits
        for wrong in (low + Rational(1, 100), low + Rational(9, 10), low + 1):
            yield f"sum from {wrong}", expression.xreplace({total: Sum(total.function, (index, wrong, high))})
        if high is not S.Infinity:
            for wrong in (high + Rational(1, 2), high - 1):
                yield f"sum to {wrong}", expression.xreplace({total: Sum(total.function, (index, low, wrong))})
    for entry in sorted(expression.atoms(Indexed), key=str):
        wrong = entry.base[entry.indices[0] + Rational(2, 3)]
        yield f"{entry} at two thirds more", expression.xreplace({entry: wrong})


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
    """Whether the symbol names a list, or what is differentiated by: there no square of it can stand."""
    by = {s for slope in expression.atoms(Derivative) for s in slope.variables}
    return symbol in by or any(base.label == symbol for base in expression.atoms(IndexedBase))


def with_step(derivation: Derivation, index: int, relation: Relational) -> Derivation:
    """The derivation with one step's expression replaced; everything else as it was."""
    return with_changed(derivation, index, expression=relation)


def with_changed(derivation: Derivation, index: int, **changes: object) -> Derivation:
    """The derivation with one step changed."""
    step = replace(derivation.steps[index], **changes)
    return replace(derivation, steps=(*derivation.steps[:index], step, *derivation.steps[index + 1 :]))


def other_hypotheses(derivation: Derivation, index: int) -> Iterator[tuple[str, Derivation]]:
    """The step with a hypothesis dropped, or with one that it does not need."""
    under = derivation.steps[index].under
    for k in range(len(under)):
        yield f"without {under[k]}", with_changed(derivation, index, under=(*under[:k], *under[k + 1 :]))
    known = {h for step in derivation.steps for h in step.under} | {Eq(mu_q, S.Zero, evaluate=False)}
    for extra in known - set(under):
        yield f"with {extra}", with_changed(derivation, index, under=(*under, extra))


def other_settings(setting: Setting) -> Iterator[tuple[str, Setting]]:
    """The setting in which one density, abbreviation or quantity means something else."""
    for k, (density, law) in enumerate(setting.laws):
        if isinstance(law, (Gaussian, AnyLaw)):
            others = {
                "width": replace(law, std=Rational(9, 10) * law.std) if isinstance(law, Gaussian) else None,
                "mean": replace(law, mean=law.mean + 1) if isinstance(law, Gaussian) else None,
                "moments": replace(law, mean=law.std, std=law.mean) if isinstance(law, AnyLaw) else None,
            }
            for what, other in others.items():
                if other is not None:
                    laws = (*setting.laws[:k], (density, other), *setting.laws[k + 1 :])
                    yield f"another {what} of {density}", replace(setting, laws=laws)
    for field in ("definitions", "quantities"):
        pairs = getattr(setting, field)
        for k, (name, meaning) in enumerate(pairs):
            changed = (*pairs[:k], (name, Rational(9, 10) * meaning), *pairs[k + 1 :])
            yield f"another {name}", replace(setting, **{field: changed})
    for k, roles in enumerate(setting.divergences):
        turned = replace(roles, target=roles.approximation, approximation=roles.target)
        divergences = (*setting.divergences[:k], turned, *setting.divergences[k + 1 :])
        yield "p and q exchanged", replace(setting, divergences=divergences)
