"""What a text holds fixed: detach, stop_gradient, sg, and whatever is computed under no_grad.

A distribution that is held fixed has the values of q but not its gradient. Where both stand in one objective, it is the
gradient that says what is minimised, and with q̄ = sg(q) it follows from two lines:

    ∇ E_q̄[log q] = Σ q ∇log q = 0,        ∇ E_q[log q̄] = ∇ E_q[log q].

At samples of q, themselves held fixed, the gradient of a loss ℓ is E_q[g ∇log q] with g = ∂ℓ/∂log q. So g = f(x) is
that of E_q[f], a g without x has mean 0, and g = p/q is that of E_p[log q].
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kl_engine.objectives.algebra.aliases import namesakes, renamed
from kl_engine.objectives.algebra.canonical_form import Form, Term
from kl_engine.objectives.algebra.pointwise import Atom, Monomial, Pointwise

_MARK = "sg("
_BASELINE = re.compile(r"(?i)\w*baseline\w*")  # what depends on no action, by its definition


def held_name(name: str) -> str:
    """The name of a distribution that is held fixed: sg(q) for q."""
    return name if is_held(name) else f"{_MARK}{name})"


def is_held(name: str) -> bool:
    """Whether a name is that of a distribution that is held fixed."""
    return name.startswith(_MARK)


def own_name(name: str) -> str:
    """q for sg(q), and any other name as it is."""
    return name[len(_MARK) : -1] if is_held(name) else name


def written(atom: Atom) -> str:
    """The name of what an atom is of, marked where it is held fixed."""
    return held_name(atom.name) if atom.held else atom.name


class Settled(NamedTuple):
    """A form with the gradient of the one that was written.

    fixed: the distributions that are held fixed wherever they stand, and the marked names that are left. stilled: those
    of which a term has lost its gradient, as its weight is held fixed.
    """

    form: Form
    fixed: tuple[str, ...] = ()
    stilled: tuple[str, ...] = ()


def settled(form: Form) -> Settled:
    """The form by the two lines above; a distribution that is held fixed throughout goes by its own name."""
    held = [name for name in form.densities() if is_held(name)]
    if not held:
        return Settled(form)
    same = namesakes(renamed(form, {name: own_name(name) for name in held}))
    own = {name: same.get(own_name(name), own_name(name)) for name in held}
    form = renamed(form, same | {name: held_name(whole) for name, whole in own.items()})
    live = {name for name in form.densities() if not is_held(name)}
    throughout = {held_name(whole): whole for whole in own.values() if whole not in live}
    form = renamed(form, throughout)
    total, stilled = Form(constants=form.constants, others=form.others, mixtures=form.mixtures), []
    for term, coefficient in form.terms.items():
        if term.is_density and term.under == held_name(term.inside):
            stilled.append(term.inside)
            continue
        if term.is_density and term.inside == held_name(term.under):
            term = term._replace(inside=term.under)
        total += Form({term: coefficient})
    marked = (held_name(whole) for whole in own.values())
    return Settled(total, tuple(dict.fromkeys([*throughout.values(), *marked])), tuple(dict.fromkeys(stilled)))


def loosened(point: Pointwise) -> tuple[Pointwise, tuple[str, ...]]:
    """What stands at one sample, with what is held fixed throughout under its own name; and those names."""
    live = {atom.name for atom in point.atoms() if not atom.held}
    throughout = tuple(dict.fromkeys(atom.name for atom in point.atoms() if atom.held and atom.name not in live))
    return _with(point, lambda atom: atom._replace(held=False) if atom.name in throughout else atom), throughout


def moving(point: Pointwise) -> str:
    """The distribution that a sample's loss moves, where weights made of it are held fixed; empty where none is."""
    held = {atom.name for atom in point.atoms() if atom.held}
    logs = {atom.name for atom in point.atoms() if atom.held and atom.is_log}
    values = {atom.name for atom in point.atoms() if not atom.held and not atom.is_log}
    live = {atom.name for atom in point.atoms() if atom.is_log and not atom.held} & held
    found = live if logs else live - values
    return found.pop() if len(found) == 1 else ""


def at_samples(point: Pointwise, q: str) -> Form | None:
    """The form with the mean gradient of a loss at samples of q that are held fixed; None where it is no such form."""
    slope = _with(_slope(point, q), lambda atom: atom._replace(held=False))
    total = Form()
    for monomial, coefficient in slope.terms.items():
        form = _of_slope(monomial, q)
        if form is None:
            return None
        total += form.scaled(coefficient)
    return total


def reweighted(point: Pointwise) -> Form | None:
    """p/r · log q at samples of r: the mean of log q under p; None for anything else."""
    total = Form()
    for monomial, coefficient in point.terms.items():
        logs = [atom.name for atom, power in monomial if atom.is_log and power == 1]
        values = {power: atom.name for atom, power in monomial if not atom.is_log}
        if len(monomial) != 3 or len(logs) != 1 or set(values) != {1, -1} or logs[0] in values.values():
            return None
        total += Form({Term(values[1], logs[0]): coefficient})
    return total if point.terms else None


def _slope(point: Pointwise, q: str) -> Pointwise:
    """∂/∂log q, where q itself is exp(log q)."""
    total = Pointwise()
    for monomial, coefficient in point.terms.items():
        for place, (atom, power) in enumerate(monomial):
            if atom.name != q or atom.held:
                continue
            lower = Pointwise({monomial: coefficient})
            if atom.is_log:
                rest = (*monomial[:place], *([(atom, power - 1)] if power > 1 else []), *monomial[place + 1 :])
                lower = Pointwise({rest: coefficient})
            total += lower * Pointwise.number(power)
    return total


def _of_slope(monomial: Monomial, q: str) -> Form | None:
    """The form whose gradient is E_q[g ∇log q], for g of one term."""
    if not monomial:
        return Form()
    logs = [atom.name for atom, power in monomial if atom.is_log and power == 1]
    values = {atom.name: power for atom, power in monomial if not atom.is_log}
    if len(monomial) == 1 and values and _BASELINE.fullmatch(monomial[0][0].name):
        return Form()
    if len(monomial) == 1 and logs:
        return Form({Term(q, logs[0]): _ONE})
    if not logs and values.get(q) == -1 and len(values) == 2 and 1 in values.values():
        (other,) = (name for name in values if name != q)
        return Form({Term(other, q): _ONE})
    if len(monomial) == 1 and list(values.values()) == [1] and q not in values:
        return Form({Term(q, next(iter(values)), False): _ONE})
    return None


def _with(point: Pointwise, change) -> Pointwise:
    """The point with each atom changed."""
    total = Pointwise(small=point.small)
    for monomial, coefficient in point.terms.items():
        part = Pointwise.scalar(coefficient)
        for atom, power in monomial:
            new = change(atom)
            part = part * Pointwise({((new, power),): _ONE})
        total += part
    return total


_ONE = next(iter(Form.expectation("q", "q").terms.values()))

__all__ = [
    "Settled", "at_samples", "held_name", "is_held", "loosened", "moving", "own_name", "reweighted", "settled",
    "written",
]  # fmt: skip
