"""What is asked of one family: its best Gaussian in each direction, and where the search from a start ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.draw.fits.fits_stage import INTEGRANDS, FitsStage
from pages.ui.say.numbers import NATS_IN
from pages.ui.state import session
from pages.ui.state.law import LAW, Law
from pages.ui.state.mixture import LIMITS, Q
from pages.ui.views.mixture_lab import question as lab

STAGE = FitsStage("family_stage", Path(__file__).parent)
FIELDS = (LAW, Q, lab.STD_OF_Q, INTEGRANDS)


@dataclass(frozen=True)
class Question(lab.Question):
    """The question of the lab, of one family."""

    target: Law

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        std = f"std={self.start.std!r}" if self.held else ""
        return f"""from kl_engine import Gaussian, families, fit, kl_divergence
from kl_engine.distributions import parse_distribution
from kl_engine.optima import stationary_points

p = {self.target.to_python()}
family = families.Gaussian({std})
for direction in ("forward", "reverse"):
    try:
        points = stationary_points(p, direction, family)
    except ValueError as refused:
        print("no", direction, "fit:", refused)
        continue
    for point in points:
        q = point.q
        print(direction, point.kind, q, "D(p‖q) =", kl_divergence(p, q), "D(q‖p) =", kl_divergence(q, p))  # nats
    print("from the start:", fit(p, direction, family, start={self.start.to_python()}).q)
"""


def pictured(question: Question, told: dict[str, object], units: str) -> dict[str, object]:
    """What the stage is told: all that is set, within which limits, and p itself, `told` as numbers."""
    written, start = question.target.written, question.start
    place = [written.arguments["loc"], written.arguments["scale"]] if written else None
    return {
        "token": repr(question),
        "state": {"place": place, "q": [start.mean, start.std]},
        "law": told,
        "holds": question.held,
        "limits": LIMITS,
        "integrands": INTEGRANDS.value,
        "units": units,
        "scale": NATS_IN[units],
    }


def take() -> None:
    """Something was changed on the stage: it is set. What a browser sends is checked like anything typed."""
    try:
        session.put(dict(_checked(name, value) for name, value in STAGE.taken().items()))
    except (TypeError, KeyError, ValueError, AttributeError) as fault:
        st.warning(f"The stage was left as it was: {fault}.")


def _checked(name: str, value: object) -> tuple[str, object]:
    """A field, by key, and its value; ValueError, TypeError or KeyError where it is nothing of it."""
    if name == INTEGRANDS.key:
        if not isinstance(value, bool):
            raise ValueError(f"{name} is on or off")
        return name, value
    if name == "place":
        if not isinstance(value, list):
            raise TypeError("the place of p is two numbers")
        loc, scale = (float(number) for number in value)
        if not (math.isfinite(loc) and math.isfinite(scale) and scale > 0):
            raise ValueError("the place and the width of p must be numbers, and the width more than 0")
        return LAW.key, Law(LAW.value).moved(loc, scale).text
    if name != Q.key:
        raise KeyError(name)
    return name, Q.checked(value)
