"""The target on the line that a person builds by its components, and where q starts: the same on all pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streamlit.delta_generator import DeltaGenerator

from pages.ui.state.components import Components, Numbers, Rows, normalised
from pages.ui.state.pills import preset_row
from pages.ui.state.two_modes import Start

if TYPE_CHECKING:
    from kl_engine import GaussianMixture

MEANS = (-1e4, 1e4)
STDS = (1e-3, 1e3)
LIMITS = {"weight": (1e-12, 1e12), "mean": MEANS, "std": STDS}  # of the weights as typed, only the ratios count


@dataclass(frozen=True)
class Mixture:
    """The components of p as they were typed or dragged: weight, mean, std."""

    rows: Rows

    @property
    def p(self) -> GaussianMixture:
        """The mixture; its weights are divided by their sum."""
        from kl_engine import GaussianMixture

        return GaussianMixture(normalised(self.rows), *list(zip(*self.rows))[1:])

    def to_python(self) -> str:
        """The call of the engine that makes p."""
        _, means, stds = zip(*self.rows)
        return f"GaussianMixture({normalised(self.rows)}, {list(means)}, {list(stds)})"


TWO_ANSWERS = ((0.5, -2.5, 1.0), (0.5, 2.5, 1.0))

P = Components("p", LIMITS, 12, TWO_ANSWERS, shared=True)
Q = Numbers("q", "the start of q", {"mean": MEANS, "std": STDS}, (2.0, 1.0), shared=True)
FIELDS = (P, Q)

# The named targets, each with its start of q. To add one, add an entry.
EXAMPLES: dict[str, tuple[Mixture, Start]] = {
    "Two answers": (Mixture(TWO_ANSWERS), Start(2.0, 1.0)),
    "Unequal": (Mixture(((0.3, -3.0, 1.4), (0.7, 3.0, 0.6))), Start(0.0, 2.0)),
    "Three modes": (Mixture(((0.3, -5.0, 0.7), (0.3, 0.0, 1.0), (0.4, 4.0, 0.5))), Start(1.0, 1.0)),
    "Comb": (Mixture(tuple((0.2, 3.0 * k, 0.5) for k in range(-2, 3))), Start(1.0, 1.0)),
    "Spike on a slab": (Mixture(((0.1, 1.0, 0.1), (0.9, 0.0, 2.0))), Start(0.0, 1.0)),
}


def draw_examples() -> DeltaGenerator:
    """A row of pills, one an example; the row, for what else belongs there."""
    examples = {name: {P.key: p.rows, Q.key: (start.mean, start.std)} for name, (p, start) in EXAMPLES.items()}
    return preset_row(examples)
