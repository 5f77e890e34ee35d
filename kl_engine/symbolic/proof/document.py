"""A derivation as a LaTeX article that compiles as it stands, its long formulas broken over lines.

`Derivation` calls this module and is not imported by it.
"""

import re
from collections.abc import Iterator

from sympy import Add, Expr
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.typeset import Printer, latex, text

_LINE = 44  # signs that fit on a line
# What is still too wide after it was broken is made smaller, as a whole.
_FIT = r"\newcommand{\fit}[1]{\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{$\displaystyle #1$}}"
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_GROUP = re.compile(r"(?<!\\frac)(?<!\})\{([^{}]*)\}")


def document(derivation) -> str:
    """A complete article of a `Derivation`: the claim, then every step with its law and reason."""
    lines = [
        r"\documentclass{article}",
        r"\usepackage{amsmath,amssymb,graphicx}",
        _FIT,
        r"\begin{document}",
        rf"\section*{{{text(derivation.title)}}}",
        _display(derivation.claim),
        r"\begin{enumerate}",
        *(_item(step) for step in derivation.steps),
        r"\end{enumerate}",
        r"\end{document}",
    ]
    return "\n".join(lines) + "\n"


def _item(step) -> str:
    return rf"\item \emph{{{text(step.law)}.}} {text(step.reason)}" + "\n" + _display(step.expression)


def _display(relation: Relational) -> str:
    whole = latex(relation)
    if _width(whole) <= _LINE:
        return rf"\[ {whole} \]"
    left = latex(relation.lhs)
    sign = whole[len(left) :].split()[0]  # as the printer writes =, >= and the others
    start = f"{left} &" if _width(left) <= _LINE // 3 else f"&{_lines(relation.lhs)} \\\\\n&"
    return f"\\[ \\fit{{\\begin{{aligned}} {start}{sign} {_lines(relation.rhs)} \\end{{aligned}}}} \\]"


def _lines(expression: Expr) -> str:
    return " \\\\\n&\\quad ".join(_rows(expression))


def _rows(expression: Expr) -> Iterator[str]:
    """The terms of a sum, as many on a line as fit."""
    row = ""
    for term in _terms(expression):
        if row and _width(row + term) > _LINE - 8:
            yield row
            row = ""
        row = f"{row} {term}" if row else term
    yield row


def _terms(expression: Expr) -> Iterator[str]:
    """Each term with its sign; the first one without a plus."""
    terms = Printer()._as_ordered_terms(expression) if isinstance(expression, Add) else [expression]
    for index, shown in enumerate(map(latex, terms)):
        yield shown if index == 0 or shown.startswith("-") else f"+ {shown}"


def _width(source: str) -> int:
    """About how many signs stand side by side: a fraction is as wide as the longer of its parts."""
    old = ""
    while old != source:
        old = source
        source = _GROUP.sub(r"\1", _FRACTION.sub(lambda parts: max(parts.groups(), key=len), source))
    named = re.sub(r"\\(?:left|right|mathbb|displaystyle|,|;|\s)", "", source).replace(r"\log", "log")
    return len(re.sub(r"[\s_^&]", "", re.sub(r"\\[a-zA-Z]+\*?", "x", named)))
