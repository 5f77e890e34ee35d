"""Closed forms of a Gaussian that stand inside an objective, as the lines of a VAE do, read as what they are.

With L = log σ², ½ Σ (μ² + exp L − 1 − L) is D(N(μ, σ²)‖N(0, 1)), ½ (M − L + σ²/τ² + (μ − ν)²/τ² − 1), where M is
log τ², is D(N(μ, σ²)‖N(ν, τ²)), and ½ (L + (x − m)²/exp L) is −log N(x; m, σ²) up to a constant. Each is known by the
ratios of its coefficients, whatever stands before it.
"""

from __future__ import annotations

import itertools
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
_WIDTH = re.compile(r"(?i)(?:\w+[._])?(?:std\w*|sigma|scale|sd|s)\d?(?:_\w+)?")
_PARAMETER = re.compile(
    r"(?i)(?:(?P<before>\w+)[._])?(?:mu|means?|loc|m|log_?var(?:iance)?|logv|lv|log_?std|log_?sigma|log_?scale"
    r"|var(?:iance)?|v|std(?:dev)?|sigma|scale|sd|s)(?:_?2(?=_))?_?(?P<after>q|p|\d|(?<=_)\w+)?"
)
_BETWEEN = re.compile(r"(?i)(?:\w+[._])?(?:mu|mean|loc)_?(?:q|p|\d|old|new|prior|post\w*)?")
_OWNERS = {"1": "p", "2": "q", "0": "p", "old": "pi_old", "new": "pi"}


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
    """A Gaussian's divergence from N(0, 1) or another, or its negative log likelihood, in what stands at one sample."""
    spreads = list(_spreads(point))
    for inner, outer in itertools.permutations(spreads, 2):
        if (found := _between(point, inner, outer)) is not None:
            return found
    for spread in spreads:
        for found in (_divergence(point, spread), _likelihood(point, spread)):
            if found is not None:
                return found
    return None


def is_like_closed(point: Pointwise) -> bool:
    """Whether means and widths stand in it as in a closed form, which, as it is not read, is a wrong one."""
    spreads = {_owner(spread.log[0][0].name) for spread in _spreads(point)} - {None}
    means = {_owner(atom.name) for atom in point.atoms() if _BETWEEN.fullmatch(atom.name)}
    squared = any(len(m) == 1 and m[0][1] == 2 and _BETWEEN.fullmatch(m[0][0].name) for m in point.terms)
    alone = squared and any(spread.value and len(point.terms) in (3, 4) for spread in _spreads(point))
    return len(spreads) == 2 and means == spreads or alone and len(spreads) == 1


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
    bare = re.escape(name)
    scaled = rf"(?:{times}\*? ?{bare}|{bare}\*? ?{times})" if times > 1 else bare
    pattern = rf"exp\({sign}{scaled}\)"
    for atom in point.atoms():
        if not atom.is_log and re.fullmatch(pattern, atom.name):
            return ((atom, 1),)
        if times > 1 and not sign and atom.name == f"exp({name})":
            return ((atom, 2),)
    for atom in point.atoms():
        if sign and not atom.is_log and re.fullmatch(rf"exp\({scaled}\)", atom.name):
            return ((atom, -1),)
        if sign and times > 1 and not atom.is_log and atom.name == f"exp({name})":
            return ((atom, -2),)
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


def _between(point: Pointwise, inner: _Spread, outer: _Spread) -> Piece | None:
    """a (M − L + σ²/τ² + (μ − ν)²/τ² − 1): 2a times the divergence of N(μ, σ²) from N(ν, τ²)."""
    square = _square(point, outer)
    if square is None:
        return None
    a, over, means = square
    ratio = _ratio(point, inner, outer)
    others = {m: c for m, c in over.items() if m != ratio}
    owners = tuple(_owner(spread.log[0][0].name) for spread in (inner, outer))
    if (
        len(others) != 3
        or ratio not in point.terms
        or point.terms[ratio] != a
        or point.terms.get(inner.log) != -a * Coefficient.number(inner.share)
        or None in owners
        or len(set(owners)) != 2
        or {_owner(atom.name) for atom in means} != set(owners)
    ):
        return None
    used = {inner.log, outer.log, ratio, *others}
    if point.terms.get(()) == -a:
        used.add(())
    alone = "1" if "0" not in owners else "0"
    first, second = (_density(owner, alone, owners) for owner in owners)
    form = divergence(first, second).scaled(a * Coefficient.number(2))
    note = f"{_text(used)} is read as the divergence of one Gaussian from another, D({first}‖{second})"
    return Piece(form, _without(point, used), note)


def _density(owner: str, alone: str, owners: tuple[str, ...]) -> str:
    """What the distribution is called whose parameters end, or begin, like this."""
    if "0" in owners and owner == "1":
        return "q"
    if not owner:
        other = next(name for name in owners if name)
        return {"old": "pi", "q": "p", "p": "q"}.get(other, "q")
    return _OWNERS.get(owner, owner)


def _owner(name: str) -> str | None:
    """What a parameter's name says of whose it is: "q" of mu_q, "old" of old_std, nothing of std."""
    found = _PARAMETER.fullmatch(name)
    return None if found is None else (found["after"] or found["before"] or "").lower()


def _ratio(point: Pointwise, inner: _Spread, outer: _Spread) -> Monomial:
    """σ²/τ² as it stands in the text."""
    names = [spread.log[0][0].name for spread in (inner, outer)]
    for monomial in point.terms:
        if len(monomial) == 1 and monomial[0] == (Atom(f"exp({names[0]}−{names[1]})"), 1):
            return monomial
        if inner.value and outer.inverse and set(monomial) == {*inner.value, *outer.inverse}:
            return monomial
    return ()


def _likelihood(point: Pointwise, spread: _Spread) -> Piece | None:
    """a (L + (x − m)²/σ²): 2a times −log N(x; m, σ²)."""
    square = _square(point, spread)
    if square is None:
        return None
    a, over, names = square
    if len(over) != 3 or all(_BETWEEN.fullmatch(atom.name) for atom in names):
        return None
    form = (-Form.expectation("data", "model")).scaled(a * Coefficient.number(2))
    note = "it is read as the negative log likelihood of a Gaussian model at the data"
    return Piece(form, _without(point, {spread.log, *over}), note)


def _square(point: Pointwise, spread: _Spread) -> tuple[Coefficient, dict[Monomial, Coefficient], set[Atom]] | None:
    """a of a L, all that is divided by σ², and the two names of a (x − m)²/σ² among it; None if it is not there."""
    log = point.terms.get(spread.log)
    if log is None or not spread.inverse:
        return None
    ((inverse, power),) = spread.inverse
    a = log * Coefficient.number(spread.share).reciprocal()
    over = {m: c for m, c in point.terms.items() if (inverse, power) in m and len(m) in (2, 3)}
    bare = {tuple(pair for pair in m if pair != (inverse, power)): c for m, c in over.items()}
    crossed = [m for m, c in bare.items() if len(m) == 2 and c == -a * Coefficient.number(2)]
    if len(crossed) != 1 or any(bare.get(((atom, 2),)) != a for atom, _ in crossed[0]):
        return None
    return a, over, {atom for atom, _ in crossed[0]}


def _without(point: Pointwise, used: set[Monomial]) -> Pointwise:
    return Pointwise({m: c for m, c in point.terms.items() if m not in used}, point.small)


def _text(used: set[Monomial]) -> str:
    names = sorted({str(atom) for m in used for atom, _ in m})
    return f"the closed form in {', '.join(names)}"


__all__ = ["STANDARD", "Piece", "closed_piece", "is_like_closed"]
