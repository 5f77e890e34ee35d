r"""Typed text to a formula: the one door through which text from outside comes in.

It never reaches `eval`, `sympify` or `parse_expr`: a parser of ours makes a tree of allow-listed operations, within the
limits of `syntax_tree`, and SymPy is given the tree. Nothing here knows what the formula is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import mpmath
from sympy import Expr, Symbol

from kl_engine.symbolic.formulas.claims import Claim
from kl_engine.symbolic.formulas.latex_grammar import latex_tree
from kl_engine.symbolic.formulas.operations import Undefined, evaluate_constants, to_sympy
from kl_engine.symbolic.formulas.pasted import Syntax, set_aside
from kl_engine.symbolic.formulas.python_grammar import python_tree
from kl_engine.symbolic.formulas.source_text import SourceText
from kl_engine.symbolic.formulas.syntax_tree import Builder, FormulaError, Node, constant
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD


@dataclass(frozen=True)
class Formula:
    """An accepted text: its tree, and the names in it in the order of their first appearance.

    claim: what its left side says it is, if there is one. notes: how it was read where it has two readings, in words.
    """

    source: SourceText
    syntax: Syntax
    tree: Node
    names: tuple[str, ...]
    claim: Claim | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.source.text

    def expression(self, meaning: Mapping[str, Expr] | None = None) -> Expr:
        """The SymPy expression, each name a real symbol or what `meaning` puts in its place.

        It is as written, nothing in it evaluated. What evaluates it (`doit`, `subs`, `simplify`) has no bound on its
        effort; `normal_form` has.
        """
        symbols = {name: Symbol(name, real=True) for name in self.names}
        return to_sympy(self.tree, symbols | dict(meaning or {}))


def parse_formula(text: str, syntax: Syntax | str | None = None) -> Formula:
    """Read a formula. Without a syntax: LaTeX with a backslash or a brace, paper with Greek letters and no code in it.

    Raises FormulaError with the offending piece, its position and what to do.
    """
    pasted = set_aside(text, syntax)
    builder = Builder(pasted.source)
    tree = python_tree(builder) if pasted.syntax is Syntax.PYTHON else latex_tree(builder)
    try:
        with mpmath.workdps(DIGITS + GUARD):
            evaluate_constants(tree)
    except Undefined as undefined:
        raise builder.error("No value:", f"{undefined.reason}, so correct it", undefined.node.at) from None
    notes = (*pasted.notes, *builder.notes)
    return Formula(pasted.source, pasted.syntax, tree, tuple(builder.symbols), pasted.claim, notes)


def parse_number(text: str) -> Fraction:
    """An exact number, such as 3, -1/2 or 0.25. Raises FormulaError if the text is anything else."""
    value = constant(parse_formula(text, Syntax.PYTHON).tree)
    if value is None:
        raise FormulaError(f"{text!r} is not a plain number: type one such as 2, -1/2 or 0.25.")
    return value
