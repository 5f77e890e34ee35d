"""Expressions, statements, reasons and words as LaTeX, in ASCII only."""

from sympy import Expr, Symbol
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.reason import Reason
from kl_engine.symbolic.proof.statement import Statement
from kl_engine.symbolic.proof.writing.printer import Printer

_ESCAPES = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}"}
_ESCAPES |= {"^": r"\^{}", "~": r"\~{}", "<": r"$<$", ">": r"$>$"}


def latex(what: Expr | Relational | Statement) -> str:
    r"""One expression, one relation, or a statement with the hypotheses under which it holds.

    `what` is of SymPy. Raises TypeError for other things. Source: SymPy's printer, with the signs of this field.

    >>> import kl_engine as kl
    >>> from sympy import Symbol
    >>> kl.symbolic.latex(Symbol("sigma_q") ** 2 / 2)
    '\\frac{\\sigma_{q}^{2}}{2}'
    """
    if isinstance(what, Statement):
        held = conditions(what.under)
        return latex(what.relation) + (rf" \qquad \text{{{held[0]}}} {held[1]}" if held else "")
    return Printer().doprint(what)


def conditions(under: tuple[Relational, ...]) -> tuple[str, str] | None:
    """The word that introduces hypotheses, and the hypotheses; None where there are none."""
    return ("where ", r",\; ".join(map(latex, under))) if under else None


def latex_with(expression: Expr, values: dict[Symbol, object]) -> str:
    """The expression with numbers (or matrices, as lists of rows) where its symbols stand, and nothing computed."""
    names = {symbol: _number(value) for symbol, value in values.items()}
    return Printer({"symbol_names": names, "mul_symbol": "dot"}).doprint(expression)


def _number(value: object) -> str:
    if isinstance(value, list):
        rows = r" \\ ".join(" & ".join(f"{entry:g}" for entry in row) for row in value)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return f"{value:g}" if value >= 0 else f"({value:g})"


def words(reason: Reason) -> str:
    """A reason with its formulas between dollar signs."""
    parts = reason.words.split("{}")
    formulas = [f"${latex(formula)}$" for formula in reason.formulas]
    return "".join(a + b for a, b in zip(parts, [*formulas, ""], strict=True))


def text(said: str) -> str:
    """Words for LaTeX: special signs escaped, what stands between dollar signs kept."""
    parts = said.split("$")
    outside = ["".join(_ESCAPES.get(sign, sign) for sign in part) for part in parts[::2]]
    inside = [f"${part}$" for part in parts[1::2]]
    return "".join(a + b for a, b in zip(outside, [*inside, ""], strict=True))
