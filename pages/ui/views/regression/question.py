"""What the page on a line through data is asked: points, how noisy they are, and how wide the prior is."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.components import Components, Rows
from pages.ui.state.fields import Slider

LIMITS = {"x": (-100.0, 100.0), "y": (-100.0, 100.0)}
FIRST = ((1.0, 1.6), (1.8, 1.4), (2.6, 2.7), (3.4, 2.5), (4.2, 3.4))
DATA = Components("data", LIMITS, 12, FIRST, width=68, of="the data", each="point")
NOISE = Slider("noise", "Noise std", 0.1, 3.0, 0.1, 0.6, "The std of y about the line.")
PRIOR = Slider("prior", "Prior std", 0.5, 20.0, 0.5, 5.0, "Of slope and of intercept: independent, with mean 0.")
FIELDS = (DATA, NOISE, PRIOR)

# The named samples. To add one, add an entry.
PRESETS: dict[str, Rows] = {
    "To one side": FIRST,
    "Centred": ((-2.0, -1.1), (-1.0, -0.9), (0.0, 0.4), (1.0, 0.6), (2.0, 1.3)),
    "Far away": ((8.0, 3.1), (8.6, 3.6), (9.2, 3.4), (9.8, 4.2)),
    "One point": ((2.0, 1.5),),
    "Two clusters": ((-3.0, 2.2), (-2.8, 1.8), (-2.6, 2.1), (3.6, -0.6), (3.8, -0.1), (4.0, -0.5)),
}


@dataclass(frozen=True)
class Question:
    """Points (x, y), the std of their noise, and the std of the prior of slope and of intercept."""

    rows: Rows
    noise: float
    prior: float

    @property
    def x(self) -> list[float]:
        """Where something was observed."""
        return [x for x, _ in self.rows]

    @property
    def y(self) -> list[float]:
        """What was observed there."""
        return [y for _, y in self.rows]

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        return f"""from kl_engine import MultivariateGaussian, forward_kl, reverse_kl
from kl_engine.inference import (
    RegressionModel, marginal_line, mean_field_line, predictive, propagated_line, regression_evidence,
    regression_posterior,
)

model = RegressionModel(MultivariateGaussian([0, 0], {self.prior!r} ** 2), {self.noise!r})  # of slope and intercept
x, y = {self.x}, {self.y}
p = regression_posterior(model, x, y)
print("posterior", p, "log p(y) =", regression_evidence(model, x, y))  # nats
propagated = propagated_line(model, x, y)
print("EP", propagated.status, propagated.reason)
products = {{"mean field": mean_field_line(model, x, y), "EP": propagated.q, "marginals": marginal_line(model, x, y)}}
for name, q in products.items():
    print(name, q)
    print("  D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))
for name, q in {{"exact": p, **products}}.items():
    print(name, "predicts y with std", predictive(q, model.noise_std, [0.0, sum(x) / len(x)]).std, "at 0 and mean x")
"""
