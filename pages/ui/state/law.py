"""The target on the line that is one family with its arguments, written as SciPy writes it: t(3), skewnorm(4).

The text is all that is set: what a slider or the stage changes is written into it. The engine is imported when p is
asked for: the controls of a page stand before that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.state.fields import Choice, Text
from pages.ui.state.mixture import MEANS, STDS

if TYPE_CHECKING:
    from kl_engine.distributions.expressions import Written

MIXTURE, FAMILY = "mixture", "family"
P_IS = Choice("p_is", "p is", {MIXTURE: "a mixture", FAMILY: "one family"}, quiet=True)
LONGEST = 200  # characters
# The named families; the first one stands beside the mixtures, too. To add one, add an entry.
EXAMPLES = {
    "Heavy tails": "t(3)",
    "Skewed": "gumbel_r(0, 1)",
    "Sharp peak": "laplace(0, 1)",
    "Steep side": "skewnorm(20)",
    "No forward fit": "cauchy(0, 1)",
    "No reverse fit": "expon(0, 1)",
}
FIRST = dict(list(EXAMPLES.items())[:1])
HELP = (
    "One family on the line, as SciPy writes it: t(3), laplace(0, 1), skewnorm(4), gumbel_r(0, 1), gamma(2, scale=3), "
    "and so on; the place and the width come last. A mixture of them, too: 0.9*t(3) + 0.1*expon(4, 1)."
)
LAW = Text("law", "p, as SciPy writes it", "t(3)", LONGEST, 68, HELP)


class Shape(NamedTuple):
    """A shape of a family that has a slider: what it is called there, where it begins and ends, and its step."""

    label: str
    low: float
    high: float
    step: float


# By the family and the name of its argument, as SciPy has them. To add one, add a line.
SHAPES: dict[tuple[str, str], Shape] = {
    ("t", "df"): Shape("Degrees of freedom, df", 0.5, 12.0, 0.1),
    ("skewnorm", "a"): Shape("Skewness, a", -20.0, 20.0, 0.5),
    ("gennorm", "beta"): Shape("Power of |x| in −log p, β", 0.6, 8.0, 0.1),
    ("gamma", "a"): Shape("Shape a", 0.3, 10.0, 0.1),
    ("beta", "a"): Shape("Shape a", 0.3, 8.0, 0.1),
    ("beta", "b"): Shape("Shape b", 0.3, 8.0, 0.1),
    ("lognorm", "s"): Shape("Std of log x, s", 0.05, 1.5, 0.05),
    ("weibull_min", "c"): Shape("Shape c", 0.5, 6.0, 0.1),
    ("pareto", "b"): Shape("Power of the tail, b", 0.5, 10.0, 0.1),
    ("chi2", "df"): Shape("Degrees of freedom, df", 1.0, 20.0, 0.5),
    ("invgauss", "mu"): Shape("Mean μ", 0.1, 4.0, 0.1),
}


@dataclass(frozen=True)
class Law:
    """One family on the line, as it was typed."""

    text: str

    @property
    def p(self):
        """The distribution. ValueError, saying what may be written, where the text is none on the line."""
        from kl_engine import Gaussian, GaussianMixture
        from kl_engine.distributions import parse_distribution
        from kl_engine.distributions.line.base import LineDistribution

        found = parse_distribution(self.text)
        if isinstance(found, GaussianMixture):
            raise ValueError("This is a mixture of Gaussians: choose “a mixture” above, and set it in the table.")
        if not isinstance(found, (Gaussian, LineDistribution)):
            raise ValueError("Here p must be a continuous distribution on the line; Any two takes all others.")
        for name, (low, high) in (("loc", MEANS), ("scale", STDS)) if (written := self.written) else ():
            if not low <= written.arguments[name] <= high:
                raise ValueError(f"Here {name} must be {low:g} to {high:g}, and is {written.arguments[name]:g}.")
        return found

    @property
    def written(self) -> Written | None:
        """The family and its arguments; None where the text is anything else."""
        from kl_engine.distributions.expressions import written

        return written(self.text)

    @property
    def standard(self) -> tuple[Law, float, float]:
        """The same with its place at 0 and its width 1, and both: where p = loc + scale · it."""
        if (written := self.written) is None:
            return self, 0.0, 1.0
        standard = Law(written.with_arguments(loc=0.0, scale=1.0).text)
        return standard, written.arguments["loc"], written.arguments["scale"]

    def moved(self, loc: float, scale: float) -> Law:
        """The same at another place and of another width."""
        loc, scale = (min(max(number, low), high) for number, (low, high) in ((loc, MEANS), (scale, STDS)))
        return Law(self.written.with_arguments(loc=loc, scale=scale).text)

    def to_python(self) -> str:
        """The call of the engine that makes p."""
        return f"parse_distribution({self.text!r})"


def opening(text: str) -> dict[str, str]:
    """What the address of the Mixture lab says to open on this family."""
    return {P_IS.key: FAMILY, LAW.key: text}


def draw_shapes(law: Law) -> None:
    """A slider for each shape that has one: what is set by it is written into the text."""
    try:
        written = law.written
    except ValueError:  # which is said where p would be drawn
        return
    for name, value in written.arguments.items() if written else ():
        shape = SHAPES.get((written.name, name))
        if shape and shape.low <= value <= shape.high:
            key = f"{LAW.key}_{name}"
            st.session_state[key] = value
            reshape = _reshape(written, name, key)
            st.slider(
                shape.label,
                shape.low,
                shape.high,
                step=shape.step,
                format="%g",
                key=key,
                help="p and its fits follow when you let go.",
                on_change=guarded(reshape),
            )


def _reshape(written: Written, name: str, key: str) -> Callable[[], None]:
    def reshape() -> None:
        session.put({LAW.key: written.with_arguments(**{name: st.session_state[key]}).text})

    return reshape
