"""A derivation made ready to be shown: LaTeX and words, with the outcome of every check."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.cache.long_work import long

SHORT = 90  # characters of LaTeX of a left side whose room may stay blank


@dataclass(frozen=True)
class Line:
    """One step: its formula, why it follows, the law, and how it was checked; `place` tells it from all others.

    A left side that the line above has too is left out of the formula, its room kept: so the lines are aligned at their
    signs. The statement has both sides, for a step that is shown alone.
    """

    place: str
    formula: str
    statement: str
    reason: str
    law: str
    passed: bool
    how: str


@dataclass(frozen=True)
class Proof:
    """A derivation with its checks; `python` is empty where there is no closed form."""

    name: str
    title: str
    setting: tuple[str, ...]  # what its symbols stand for
    lines: tuple[Line, ...]
    passed: bool  # every step, and the claim
    residual: str
    document: str
    markdown: str
    python: str


@long(128, "Deriving and checking every step …")
def proved(name: str) -> Proof:
    """Build a derivation, check every step, and put it into words and LaTeX.

    SymPy's import once, then a few tenths of a second for each derivation.
    """
    from kl_engine.symbolic import DERIVATIONS, latex
    from kl_engine.symbolic.proof.writing.introduction import introduction
    from kl_engine.symbolic.proof.writing.typeset import words

    derivation = DERIVATIONS[name]
    verification = derivation.verify()
    statements = [(latex(step.expression.lhs), latex(step.statement)) for step in derivation.steps]
    lines = tuple(
        Line(f"{name} {number}", formula, statement, words(step.why), step.law, outcome.ok, outcome.how)
        for number, (formula, (_, statement), step, outcome) in enumerate(
            zip(_aligned(statements), statements, derivation.steps, verification.checks), 1
        )
    )
    closed = any(form is not None for form in (derivation.forward, derivation.reverse, derivation.formula))
    return Proof(
        name,
        derivation.title,
        tuple(map(words, introduction(derivation.setting))),
        lines,
        verification.ok,
        f"{float(verification.residual):.0e}",
        derivation.to_latex(),
        derivation.to_markdown(),
        derivation.to_python() if closed else "",
    )


@long(64, "Asking SymPy …")
def spoken(name: str) -> tuple[str, ...]:
    """To each step of a derivation what SymPy says itself, as in a Python session; empty where it is not asked."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.proof.own_words import own_words

    derivation = DERIVATIONS[name]
    found = (own_words(derivation, index) for index in range(len(derivation.steps)))
    return tuple(words.text if words is not None and words.agrees else "" for words in found)


def _aligned(statements: list[tuple[str, str]]) -> list[str]:
    """Each statement, given after its left side, with that side blank where the line above has the same."""
    shown, above = [], ""
    for left, statement in statements:
        again = left == above and len(left) <= SHORT and statement.startswith(left)
        shown.append(rf"\phantom{{{left}}}{statement[len(left) :]}" if again else statement)
        above = left
    return shown
