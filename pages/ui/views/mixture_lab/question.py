"""What the mixture lab asks: every Gaussian that either direction can settle on, for a target built by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.draw.fits.fits_stage import INTEGRANDS, FitsStage
from pages.ui.say.numbers import NATS_IN
from pages.ui.state import mixture, session
from pages.ui.state.fields import Choice
from pages.ui.state.mixture import LIMITS, Mixture, P, Q
from pages.ui.state.two_modes import Start

FREE, HELD = "free", "held"
STD_OF_Q = Choice(
    "std_of_q", "Std of q", {FREE: "fitted", HELD: "held at its start value"}, was={"kept from its start": HELD}
)
STAGE = FitsStage("lab_stage", Path(__file__).parent)
FIELDS = (*mixture.FIELDS, STD_OF_Q, INTEGRANDS)


@dataclass(frozen=True)
class Question:
    """A target, where q starts, and whether q keeps the std of its start."""

    target: Mixture
    start: Start
    held: bool

    @property
    def fixed_std(self) -> float | None:
        """The std that q is held at, if any."""
        return self.start.std if self.held else None

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        held = f", families.Gaussian(std={self.start.std!r})" if self.held else ""
        return f"""from kl_engine import Gaussian, GaussianMixture, families, fit
from kl_engine.optima import stationary_points

p = {self.target.to_python()}
print("forward fit", fit(p, "forward"{held}).q)
for point in stationary_points(p, "reverse"{held}):
    print(point.kind, point.q, point.value, point.eigenvalues)  # nats
print("from the start:", fit(p, "reverse"{held}, start={self.start.to_python()}).q)
"""


def pictured(question: Question, units: str) -> dict[str, object]:
    """What the stage is told before the engine is there: all that is set, and within which limits."""
    start = question.start
    return {
        "token": repr(question),
        "state": {"p": [list(row) for row in question.target.rows], "q": [start.mean, start.std]},
        "holds": question.held,
        "limits": LIMITS,
        "most": P.most,
        "integrands": INTEGRANDS.value,
        "units": units,
        "scale": NATS_IN[units],
    }


def take() -> None:
    """Something was changed on the stage: it is set. What a browser sends is checked like anything typed."""
    try:
        session.put({name: _checked(name, value) for name, value in STAGE.taken().items()})
    except (TypeError, KeyError, ValueError) as fault:
        st.warning(f"The stage was left as it was: {fault}.")


def _checked(name: str, value: object) -> object:
    """The value of a field within its limits; ValueError, TypeError or KeyError where it is nothing of it."""
    if name == INTEGRANDS.key:
        if not isinstance(value, bool):
            raise ValueError(f"{name} is on or off")
        return value
    return {P.key: P, Q.key: Q}[name].checked(value)
