"""The closed forms that a lesson shows in numbers, as functions of what is put in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine import Direction
from pages.ui.views.lessons.lessons import Lesson, Values

DIMENSIONS = 2  # of the lessons with matrices
FORMULA = "formula"  # a closed form that is neither direction
PROVED_AS = (Direction.FORWARD, Direction.REVERSE, FORMULA)  # also the fields of a `Derivation`


class Form(NamedTuple):
    """A closed form, the parameters it is a function of, and how it is had from `DERIVATIONS` in Python."""

    parameters: tuple
    expression: object
    derivation: str
    python: str

    @property
    def others(self) -> list:
        """The dimension n of a form of matrices, which is none of its parameters."""
        return [symbol for symbol in self.expression.free_symbols - {*self.parameters} if symbol.is_Symbol]

    def value(self, values: Values) -> float:
        """The form at the given parameters, in nats."""
        from kl_engine.symbolic.proof.numeric import numeric_function

        arguments = [np.asarray(values[parameter.name]) for parameter in self.parameters]
        extra = {symbol.name: DIMENSIONS for symbol in self.others}
        return float(numeric_function(self.parameters, self.expression)(*arguments, **extra))

    def along(self, lesson: Lesson, values: dict[str, float], x: np.ndarray) -> np.ndarray:
        """The form with the lesson's axis at each x: at once where its parameters are numbers, not matrices."""
        from kl_engine.symbolic.proof.numeric import numeric_function

        if all(parameter.is_Symbol for parameter in self.parameters):
            put_in = lesson.complete({**values, lesson.axis: x})
            arguments = [put_in[parameter.name] for parameter in self.parameters]
            return np.broadcast_to(numeric_function(self.parameters, self.expression)(*arguments), x.shape)
        rows = (lesson.complete({**values, lesson.axis: place}) for place in x.tolist())
        return np.array([self.value(row) for row in rows])


def closed_forms(lesson: Lesson) -> dict[str, Form]:
    """The closed forms that the lesson shows in numbers: by direction, or the one that is neither."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.proof.notation import exchange_roles

    found = {}
    derivations = {name: DERIVATIONS[name] for name in lesson.forms or lesson.names}
    for proved in PROVED_AS:  # forward stands at the left, whatever the order of the derivations
        forms = [
            Form(derivation.parameters, getattr(derivation, proved), name, f"DERIVATIONS[{name!r}].{proved}")
            for name, derivation in derivations.items()
            if getattr(derivation, proved) is not None
        ]
        if len(forms) > 1:
            raise ValueError(f"lesson {lesson.title!r}: expected one {proved} form, got {len(forms)}")
        if forms:
            found[proved] = forms[0]
    if Direction.FORWARD in found and Direction.REVERSE not in found:
        one = found.pop(Direction.FORWARD)
        exchanged = one._replace(expression=exchange_roles(one.expression), python=f"exchange_roles({one.python})")
        found = {Direction.FORWARD: one, Direction.REVERSE: exchanged} | found
    return found
