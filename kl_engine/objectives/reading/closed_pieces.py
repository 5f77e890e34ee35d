"""Closed forms of a Gaussian that stand inside an objective, as the lines of a VAE do, read as what they are.

With L = log σ², ½ Σ (μ² + exp L − 1 − L) is D(N(μ, σ²)‖N(0, 1)), and ½ (L + (x − m)²/exp L) is −log N(x; m, σ²) up to
a constant. Both are known by the ratios of their coefficients, whatever stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kl_engine.objectives.algebra.canonical_form import Form, divergence
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.algebra.pointwise import Atom, Monomial, Pointwise

STANDARD = "N(0, 1)"
_MEAN = re.compile(r"(?i)(?:\w+[._])?(?:mu|mean|means|loc|m)(?:_?\w+)?")
_LOG_VARIANCE = re.compile(
    r"(?i)(?:\w+[._])?(?:log_?var\w*|logv|lv|ln_?var|log_?variance|log_?sigma_?(?:2|sq|squared))(?:_\w+)?"
)
_LOG_WIDTH = re.compile(r"(?i)(?:\w+[._])?(?:log_?std\w*|log_?sigma|logstd|lsd|log_?scale|ln_?sigma)(?:_\w+)?")
_VARIANCE = re.compile(r"(?i)(?:\w+[._])?(?:var\w*|variance|sigma_?(?:2|sq|squared)|v)(?:_\w+)?")
_WIDTH = re.compile(r"(?i)(?:\w+[._])?(?:std\w*|sigma|scale|sd|s)(?:_\w+)?")


class Piece(NamedTuple):
    """What is found, what it is of, and what is left of the whole without it."""

    form: Form
    rest: Pointwise
    note: str


class _Spread(NamedTuple):
    """How a text writes σ²: the monomial of L with how often L it is, that of σ², and that of 1/σ²."""

    log: Monomial
    share: int  # 1 for L, 2 for log σ
    value: Monomial
    inverse: Monomial


def closed_piece(point: Pointwise) -> Piece | None:
    """A Gaussian's divergence from N(0, 1), or its negative log likelihood, in what stands at one sample."""
    for spread in _spreads(point):
        for found in (_divergence(point, spread), _likelihood(point, spread)):
            if found is not None:
                return found
    return None


def _spreads(point: Pointwise) -> Iterator[_Spread]:
    for atom in {a for a in point.atoms() if not a.held}:
        one = ((atom, 1),)
        if atom.is_log and _VARIANCE.fullmatch(atom.name):
            yield _Spread(one, 1, ((Atom(atom.name), 1),), ((Atom(atom.name), -1),))
        if atom.is_log and _WIDTH.fullmatch(atom.name):
            yield _Spread(one, 2, ((Atom(atom.name), 2),), ((Atom(atom.name), -2),))
        if not atom.is_log and _LOG_VARIANCE.fullmatch(atom.name):
            yield _Spread(one, 1, _exponential(point, atom.name, ""), _exponential(point, atom.name, "−"))
        if not atom.is_log and _LOG_WIDTH.fullmatch(atom.name):
            yield _Spread(one, 2, _exponential(point, atom.name, "", 2), _exponential(point, atom.name, "−", 2))


def _exponential(point: Pointwise, name: str, sign: str, times: int = 1) -> Monomial:
    """exp(L), exp(−L), or exp(2 log σ), as it stands in the text; exp(log σ)² too."""
    pattern = (
        rf"exp\({sign}(?:{times}\*? ?)?{re.escape(name)}(?:\*? ?{times})?\)"
        if times > 1
        else rf"exp\({sign}{re.escape(name)}\)"
    )
    for atom in point.atoms():
        if not atom.is_log and re.fullmatch(pattern, atom.name):
            return ((atom, 1),)
        if times > 1 and not sign and atom.name == f"exp({name})":
            return ((atom, 2),)
    return ()


def _divergence(point: Pointwise, spread: _Spread) -> Piece | None:
    """a (μ² + σ² − L): 2a times the divergence."""
    a = point.terms.get(spread.value) if spread.value else None
    log = point.terms.get(spread.log)
    if a is None or log is None or log != -a * Coefficient.number(spread.share):
        return None
    means = [
        m for m, c in point.terms.items() if len(m) == 1 and m[0][1] == 2 and c == a and _MEAN.fullmatch(m[0][0].name)
    ]
    if len(means) != 1:
        return None
    used = {means[0], spread.value, spread.log}
    constant = point.terms.get(())
    if constant is not None and constant in (-a, a * Coefficient.number(-1)):
        used.add(())
    form = divergence("q", STANDARD).scaled(a * Coefficient.number(2))
    return Piece(
        form, _without(point, used), f"{_text(used)} is read as the divergence of q = N(mean, var) from {STANDARD}"
    )


def _likelihood(point: Pointwise, spread: _Spread) -> Piece | None:
    """a (L + (x − m)²/σ²): 2a times −log N(x; m, σ²)."""
    log = point.terms.get(spread.log)
    if log is None or not spread.inverse:
        return None
    ((inverse, power),) = spread.inverse
    a = log * Coefficient.number(spread.share).reciprocal()
    over = {m: c for m, c in point.terms.items() if (inverse, power) in m and len(m) in (2, 3)}
    bare = {tuple(pair for pair in m if pair != (inverse, power)): c for m, c in over.items()}
    squares = [m for m, c in bare.items() if len(m) == 1 and m[0][1] == 2 and c == a]
    crossed = [m for m, c in bare.items() if len(m) == 2 and c == -a * Coefficient.number(2)]
    whole = len(squares) == 2 and len(crossed) == 1 and {atom for atom, _ in crossed[0]} == {m[0][0] for m in squares}
    if not whole or len(bare) != 3:
        return None
    form = (-Form.expectation("data", "model")).scaled(a * Coefficient.number(2))
    note = "it is read as the negative log likelihood of a Gaussian model at the data"
    return Piece(form, _without(point, {spread.log, *over}), note)


def _without(point: Pointwise, used: set[Monomial]) -> Pointwise:
    return Pointwise({m: c for m, c in point.terms.items() if m not in used}, point.small)


def _text(used: set[Monomial]) -> str:
    names = sorted({str(atom) for m in used for atom, _ in m})
    return f"the closed form in {', '.join(names)}"


__all__ = ["STANDARD", "Piece", "closed_piece"]
