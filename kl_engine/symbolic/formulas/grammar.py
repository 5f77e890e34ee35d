r"""Typed text to a formula: the one door through which text from outside comes in.

It never reaches `eval`, `sympify` or `parse_expr`: `statements` reads what the text says, `arithmetic` makes a tree of
allow-listed operations of it, within the limits of `syntax_tree`, and SymPy is given the tree. Nothing here knows what
the formula is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import mpmath
from sympy import Expr, Symbol

from kl_engine.symbolic.formulas.arithmetic import is_matrix, tree_of
from kl_engine.symbolic.formulas.claims import Claim, claim_of
from kl_engine.symbolic.formulas.operations import Undefined, evaluate_constants, to_sympy
from kl_engine.symbolic.formulas.parsing.phrases import Phrase
from kl_engine.symbolic.formulas.parsing.statements import Program, read_text
from kl_engine.symbolic.formulas.parsing.tokens import Syntax
from kl_engine.symbolic.formulas.refusals import FormulaError, Source
from kl_engine.symbolic.formulas.syntax_tree import Builder, Node, constant
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD


@dataclass(frozen=True)
class Formula:
    """An accepted text: its tree, and the names in it in the order of their first appearance.

    claim: what its left side says it is, if there is one. notes: how it was read where it has two readings, in words.
    factors: the names that multiply the whole, as written, 1/n for a divisor n. set_aside: what is added to it and is
    no part of it, such as a reconstruction loss.
    """

    source: Source
    syntax: Syntax
    tree: Node
    names: tuple[str, ...]
    claim: Claim | None = None
    notes: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()

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
    """Read a formula. Without a syntax: LaTeX with a command or a brace, code with a star or a dotted name, else paper.

    Of several lines it is what comes out in the end, with what they assign put in. Raises FormulaError with the
    offending piece, its position and what to do.
    """
    program = read_text(text, syntax)
    return formula_of(program, program.results[0])


def formula_of(
    program: Program,
    phrase: Phrase,
    taken: Callable[[Phrase], bool] = lambda bound: True,
    factors: tuple[str, ...] = (),
    set_aside: tuple[str, ...] = (),
) -> Formula:
    """The formula that a phrase of a program is; `taken` as in `tree_of`."""
    builder = Builder(program.source)
    tree = tree_of(phrase, builder, program.syntax, taken)
    try:
        with mpmath.workdps(DIGITS + GUARD):
            evaluate_constants(tree)
    except Undefined as undefined:
        raise builder.error("No value:", f"{undefined.reason}, so correct it", undefined.node.at) from None
    if tree.holds("matmul", "transpose") and not tree.holds("trace", "det", "logdet", "inverse", "cholesky"):
        tree = _of_vectors(tree)
    notes = (*program.notes, *builder.notes)
    if program.loose and tree.holds("sum"):
        notes += ("A sum is taken to reach over all terms with its index.",)
        tree = tree.without_sums()
    claim, chain = _claim(program)
    notes += ("Only what stands after the last equals sign is read.",) if chain else ()
    return Formula(program.source, program.syntax, tree, tuple(builder.symbols), claim, notes, factors, set_aside)


def _of_vectors(node: Node) -> Node:
    """The tree with products of two vectors, mu @ mu, as sums over their entries; unchanged where a matrix is named."""
    if any(part.operation in ("matmul", "transpose") and any(map(is_matrix, part.walk())) for part in node.walk()):
        return node
    turned = any(part.operation == "transpose" for part in node.arguments)
    bare = (part.arguments[0] if part.operation == "transpose" else part for part in node.arguments)
    arguments = tuple(map(_of_vectors, bare if turned and node.operation in ("mul", "matmul") else node.arguments))
    if node.operation != "matmul" and not (turned and node.operation == "mul"):
        return replace(node, arguments=arguments)
    product = replace(node, operation="mul", arguments=arguments, elementwise=True)
    return replace(node, operation="sum", arguments=(product,))


def _claim(program: Program) -> tuple[Claim | None, bool]:
    """What the left side says, and whether there are several equals signs."""
    sides = [program.source.piece(span) for span in program.left]
    claims = [claim for side in sides[:1] if (claim := claim_of(side))]
    return (claims[0] if claims else None), len(sides) > 1


def parse_number(text: str) -> Fraction:
    """An exact number, such as 3, -1/2 or 0.25. Raises FormulaError if the text is anything else."""
    value = constant(parse_formula(text, Syntax.PYTHON).tree)
    if value is None:
        raise FormulaError(f"{text!r} is not a plain number: type one such as 2, -1/2 or 0.25.")
    return value
