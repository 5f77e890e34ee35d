"""A derivation as a LaTeX article that compiles as it stands, aligned at its signs of equality, and as Markdown.

`Derivation` calls this module and is not imported by it.
"""

import re
from collections.abc import Iterator

from sympy import Add, Expr
from sympy.core.relational import Relational

from kl_engine.symbolic.proof.statement import Statement
from kl_engine.symbolic.proof.writing.introduction import introduction
from kl_engine.symbolic.proof.writing.printer import Printer
from kl_engine.symbolic.proof.writing.terms import ordered_terms, signed
from kl_engine.symbolic.proof.writing.typeset import conditions, latex, text, words

_LINE = 52  # signs that fit on the right of a sign of equality
# What is still too wide after it was broken is made smaller, as a whole.
_FIT = (
    r"\newcommand{\fit}[1]{\resizebox{\ifdim\width>0.75\linewidth 0.75\linewidth\else\width\fi}{!}"
    r"{$\displaystyle #1$}}"
)
_FRACTION = re.compile(r"\\d?frac\{([^{}]*)\}\{([^{}]*)\}")
_GROUP = re.compile(r"(?<!\\frac)(?<!\})\{([^{}]*)\}")


def document(derivation) -> str:
    """A complete article of a `Derivation`: its setting, the claims, then every step with its law and reason."""
    lines = [
        r"\documentclass{article}",
        r"\usepackage{amsmath,amssymb,graphicx}",
        r"\allowdisplaybreaks",
        r"\renewcommand{\labelitemi}{$\bullet$}",  # of the fonts that every installation has
        _FIT,
        r"\begin{document}",
        rf"\section*{{{text(derivation.title)}}}",
        *_setting(derivation),
        *(rf"\[ {_one_line(claim)} \]" for claim in (*derivation.also, derivation.claim)),
        r"\begin{align*}",
        " \\\\\n".join(_step(k, step) for k, step in enumerate(derivation.steps, start=1)),
        r"\end{align*}",
        r"\end{document}",
    ]
    return "\n".join(lines) + "\n"


def markdown(derivation) -> str:
    """A `Derivation` as Markdown: its setting, the claims, then every step with its law and reason."""
    told = [f"- {words(part)}" for part in introduction(derivation.setting)]
    claims = [f"$$\n{latex(claim)}\n$$" for claim in (*derivation.also, derivation.claim)]
    steps = [
        f"{k}. {words(step.why)} *({step.law})*\n\n   $$\n   {latex(step.statement)}\n   $$"
        for k, step in enumerate(derivation.steps, start=1)
    ]
    return "\n\n".join([f"## {derivation.title}", *(["\n".join(told)] if told else []), *claims, *steps]) + "\n"


def _setting(derivation) -> list[str]:
    told = [text(words(part)) for part in introduction(derivation.setting)]
    if not told:
        return []
    return [r"\begin{itemize}", *(rf"\item {sentence}" for sentence in told), r"\end{itemize}"]


def _step(number: int, step) -> str:
    said = f"{number}. {text(words(step.why))} \\emph{{({text(step.law)})}}"
    return rf"\intertext{{{said}}}" + "\n" + _aligned(step.statement)


def _aligned(statement: Statement) -> str:
    """A statement with its left side before the sign, its right side after it, its hypotheses on a line below."""
    relation = statement.relation
    left, sign = latex(relation.lhs), _sign(relation)
    rows = list(_rows(relation.rhs))
    held = conditions(statement.under)
    if held:
        rows.append(rf"\text{{{held[0]}}} {held[1]}")
    if _width(left) > _LINE // 2:  # a long left side stands on a line of its own
        first, *others = rows
        return rf"& \fit{{{left}}} \\" + "\n" + _under(rf"{sign} {first}", others)
    return f"{left} " + _under(f"{sign} {rows[0]}", rows[1:])


def _under(first: str, others: list[str]) -> str:
    lines = [rf"& \fit{{{first}}}", *(rf"& \fit{{\quad {row}}}" for row in others)]
    return " \\\\\n".join(lines)


def _sign(relation: Relational) -> str:
    """= or >= or another one, as the printer writes it."""
    return latex(relation)[len(latex(relation.lhs)) :].split()[0]


def _one_line(statement: Statement) -> str:
    whole = latex(statement)
    return whole if _width(whole) <= _LINE else rf"\fit{{{whole}}}"


def _rows(expression: Expr) -> Iterator[str]:
    """The terms of a sum, as many on a line as fit."""
    row = ""
    for term in _terms(expression):
        if row and _width(row + term) > _LINE:
            yield row
            row = ""
        row = f"{row} {term}" if row else term
    yield row


def _terms(expression: Expr) -> Iterator[str]:
    """Each term with its sign; the first one without a plus."""
    if not isinstance(expression, Add):
        yield latex(expression)
        return
    for index, term in enumerate(ordered_terms(expression)):
        negative, bare = signed(term)
        shown = Printer().doprint(bare)
        shown = rf"\left({shown}\right)" if isinstance(bare, Add) else shown
        yield f"- {shown}" if negative else shown if index == 0 else f"+ {shown}"


def _width(source: str) -> int:
    """About how many signs stand side by side: a fraction is as wide as the longer of its parts."""
    old = ""
    while old != source:
        old = source
        source = _GROUP.sub(r"\1", _FRACTION.sub(lambda parts: max(parts.groups(), key=len), source))
    named = re.sub(r"\\(?:left|right|mathbb|displaystyle|,|;|\s)", "", source).replace(r"\log", "log")
    return len(re.sub(r"[\s_^&]", "", re.sub(r"\\[a-zA-Z]+\*?", "x", named)))
