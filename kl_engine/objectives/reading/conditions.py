"""What an objective is subject to: a divergence that is held below a bound, read as a penalty with its multiplier.

max E_q[r] subject to D(q‖p) ≤ ε has the stationary points of E_q[r] − η D(q‖p), where η is set by ε. (Lagrange)
"""

from __future__ import annotations

from kl_engine.objectives.algebra.canonical_form import Form
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.reading.arguments import compact
from kl_engine.objectives.reading.walk import Walk
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.symbolic.formulas.parsing.phrases import Phrase

_MULTIPLIERS = ("eta", "lambda", "nu", "kappa", "zeta", "xi", "multiplier")
_ABOVE = (">", ">=")


def penalties(walk: Walk, form: Form) -> Form:
    """The penalties that the conditions of a text come to. ObjectiveError where nobody says what is made large."""
    total = Form()
    if len(walk.program.conditions) > len(_MULTIPLIERS):
        raise ObjectiveError(f"Too many conditions: an objective may have {len(_MULTIPLIERS)} of them.")
    for condition in walk.program.conditions:
        total += _penalty(walk, form + total, condition)
    return total


def _penalty(walk: Walk, form: Form, condition: Phrase) -> Form:
    """The multiplier times what is held below or above a bound; nothing for a condition without an expectation."""
    held = condition.parts[0] if condition.kind == "relation" else condition
    sign = -1 if condition.kind == "relation" and condition.value in _ABOVE else 1
    try:
        inside = walk.value(held).form
    except ObjectiveError:
        inside = Form()
    written = compact(walk.text, held)
    if held.kind == "call" and "||" in held.separators:
        written = written.replace("|", "‖", 1)
    if not inside.terms:
        walk.note(f"the condition on {written} is set aside")
        return Form()
    if walk.maximised is None:
        raise ObjectiveError("An objective with a condition: say in front whether it is to be min or max.")
    taken = {*form.scalars(), *form.densities()}
    name = next(name for name in (*_MULTIPLIERS, *(f"multiplier_{i}" for i in range(8))) if name not in taken)
    walk.note(f"the condition on {written} is read as a penalty, with the multiplier {name} that its bound sets")
    return inside.scaled(Coefficient.name(name) * Coefficient.number(-sign if walk.maximised else sign))


__all__ = ["penalties"]
