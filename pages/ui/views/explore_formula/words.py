"""One closed form in words, as a person has changed it: what is left of it, its derivative, its minimum, its value."""

from __future__ import annotations

from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.say.display_math import breakable
from pages.ui.say.key import DASHED, DOTTED
from pages.ui.say.numbers import NATS_IN, three
from pages.ui.say.plain_text import escaped
from pages.ui.views.explore_formula.scene import Explored, Scene

ROLES = {"D(p‖q)": FORWARD, "D(q‖p)": REVERSE}
HEADS = {FORWARD: f":red[{DASHED} **Forward** {{0}}]", REVERSE: f":blue[{DOTTED} **Reverse** {{0}}]"}
FEW = 2  # settings that are named under the title
CAPTION, TEXT, WHOLE = "caption", "text", "whole"

Parts = list[
    tuple[str, str]
]  # what is said, each as a TEXT or, smaller, as a CAPTION; WHOLE is a formula with all digits


def unit_of(scene: Scene, units: str) -> str:
    """The unit of the values; nothing where the form is no expected logarithm."""
    return units if scene.question.lesson.in_units else ""


def lead(scene: Scene, units: str) -> list[str]:
    """The two sentences under the title: which symbols are still free, and what was found of what is asked."""
    found = [explored.found for explored in scene.explored]
    if not all(found):
        return ["**What is typed does not fit the formula**: the message below says why."]
    left, every = found[0].left, len(found[0].form.parameters)
    free = len(left.parameters)
    named = ", ".join(map(brief, left.steps)) if len(left.steps) <= FEW else f"{len(left.steps)} symbols set"
    set_to = f"**With {named}**, " if left is not found[0].form else ""
    count = "no symbol is" if not free else f"{free} of {every} symbols are" if free > 1 else f"1 of {every} symbols is"
    text = f"{set_to}{count} free." if set_to else f"**All {every} symbols are free.**"
    return [text, _found(scene, units)]


def _found(scene: Scene, units: str) -> str:
    """The values of the forms, or where their derivatives are 0; or what may be asked next."""
    unit = unit_of(scene, units)
    known = [(explored.form.label, explored.found) for explored in scene.explored]
    if all(found.value for _, found in known):
        told = (f"{escaped(label)} is {three(found.value.value / NATS_IN.get(unit, 1.0))}" for label, found in known)
        return f"In numbers, {' and '.join(told)}{f' {unit}' if unit else ''}."
    if any(found.slope for _, found in known):
        told = (f"{escaped(label)} at {_places(len(found.stationarity.solutions))}" for label, found in known)
        return f"The derivative is 0: of {', of '.join(told)}."
    return "Type a value for a symbol, or choose one to solve for."


def _places(count: int) -> str:
    return "no place found" if not count else "one place" if count == 1 else f"{count} places"


def head(explored: Explored) -> str:
    """The form as it was, below its name in the style of its role."""
    label = explored.form.label
    name = HEADS[ROLES[label]].format(escaped(label)) if label in ROLES else f"**{escaped(label)}**"
    return f"{name}\n\n$$\n{breakable(explored.form.latex)}\n$$"


def told(explored: Explored, unit: str) -> Parts:
    """Everything that was asked of a form, in order."""
    from kl_engine.symbolic.explore.exploration import ties

    found, parts = explored.found, []
    if found.form.ties:
        parts.append((CAPTION, f"The probabilities sum to 1: {', '.join(map(escaped, ties(found.form)))}."))
    if found.left is not found.form:
        parts += _formula(found.left.expression, f"With {', '.join(map(brief, found.left.steps))}:\n\n")
    if found.slope:
        parts += _slope(found)
    if found.no_value:
        parts.append((CAPTION, brief(found.no_value)))
    if found.value:
        number = f"{found.value.value / NATS_IN.get(unit, 1.0):.15g}"
        parts.append((TEXT, f"In numbers: **{number}** {unit}"))
    return parts


def _slope(found) -> Parts:
    """The derivative of an `Exploration`, and where it is 0."""
    from kl_engine.symbolic.explore.exploration import known
    from kl_engine.symbolic.formulas.symbol_names import spoken
    from kl_engine.symbolic.proof.writing.typeset import latex

    by = found.stationarity.by
    parts = _formula(found.slope.expression, f"Its derivative with respect to {escaped(spoken(by))}:\n\n")
    parts.append((TEXT, escaped(found.stationarity.words)))
    for solution in found.stationarity.solutions:
        parts += _formula(solution.value, left_side=f"{latex(by)} = ")
        parts.append((CAPTION, escaped(known(solution))))
    return parts


def brief(words: str) -> str:
    """A sentence of the engine's, harmless in Markdown, its long fractions by their first digits."""
    from kl_engine.symbolic.proof.writing.first_digits import in_first_digits

    return escaped(in_first_digits(words))


def _formula(expression, before: str = "", left_side: str = "") -> Parts:
    """An expression of SymPy's to be read; where digits of it are cut off, all of them too."""
    from kl_engine.symbolic.proof.writing.shortened import shortened
    from kl_engine.symbolic.proof.writing.typeset import latex

    shown = shortened(expression)
    parts = [(TEXT, f"{before}$$\n{left_side}{breakable(shown.latex)}\n$$")]
    return parts if shown.is_whole else [*parts, (WHOLE, f"$$\n{left_side}{breakable(latex(expression))}\n$$")]
