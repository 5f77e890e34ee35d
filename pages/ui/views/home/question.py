"""What the home page asks: which Gaussian fits this target best in each direction, and by which motion it is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.draw.fits.fits_stage import INTEGRANDS, FitsStage
from pages.ui.say.numbers import NATS_IN
from pages.ui.state import session
from pages.ui.state.fields import Choice, Slider, Toggle
from pages.ui.state.sliders import START, TARGET
from pages.ui.state.two_modes import Start, Target

FIT, SWEEP = "fit", "sweep"
MOTION = Choice("motion", "Motion", {FIT: "fit", SWEEP: "sweep"})
STAGE = FitsStage("fits_stage", Path(__file__).parent)
FIELDS = (*TARGET, *START, MOTION, INTEGRANDS)


@dataclass(frozen=True)
class Question:
    """A target and the start of both fits; without a start, the best fits as the modes of the target move apart."""

    target: Target
    start: Start | None

    @classmethod
    def of(cls, motion: str, target: list[float], start: list[float]) -> Question:
        """The question of these controls; a sweep has no start."""
        return cls(Target(*target), Start(*start) if motion == FIT else None)

    @property
    def sweeping(self) -> bool:
        """Whether it is about all separations."""
        return self.start is None

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        begin = "" if self.sweeping else f", start={self.start.to_python()}"
        return f"""from kl_engine import Gaussian, GaussianMixture, disagreement, fit, forward_kl, reverse_kl

p = {self.target.to_python()}
for direction in ("forward", "reverse"):
    found = fit(p, direction{begin})
    q = found.q
    print(direction, q, found.reason)
    print("  D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
    print("  hallucinated, missed:", *disagreement(p, q))
"""


def pictured(token: str, units: str, opening: bool) -> dict[str, object]:
    """What the stage is told before the engine is there: all that is set, and within which limits."""
    numbers = (*TARGET, *START)
    return {
        "token": token,
        "state": {slider.key: slider.value for slider in numbers},
        "limits": {slider.key: (slider.low, slider.high, slider.step) for slider in numbers},
        "motion": MOTION.value,
        "integrands": INTEGRANDS.value,
        "units": units,
        "scale": NATS_IN[units],
        "opening": opening,
    }


def take() -> None:
    """Something was changed on the stage: it is set. What a browser sends is checked like anything typed."""
    try:
        session.put({name: _checked(name, value) for name, value in STAGE.taken().items()})
    except (TypeError, KeyError, ValueError):
        st.warning("The stage sent something that cannot be set, so it was left as it was.")


def _checked(name: str, value: object) -> object:
    """The value of a field, moved to what is allowed; ValueError, TypeError or KeyError where it is nothing of it."""
    field = {field.key: field for field in FIELDS}[name]
    if isinstance(field, Slider):
        if math.isnan(number := float(value)):
            raise ValueError(name)
        return field.nearest(number)
    allowed = field.titles if isinstance(field, Choice) else (True, False)
    if value not in allowed or isinstance(field, Toggle) and not isinstance(value, bool):
        raise ValueError(name)
    return value
