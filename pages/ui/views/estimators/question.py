"""What the estimators page asks: what every bound, approximation and sample says of one pair."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pages.ui.state.fields import Slider
from pages.ui.state.sliders import MEAN, STD, TARGET
from pages.ui.state.two_modes import Start, Target

DRAWS = 100_000  # in the longest sample
Q = (
    replace(MEAN, label="Mean of q", help="Where the approximation lies."),
    replace(STD, label="Std of q", help="How wide the approximation is."),
)
SEED = Slider("seed", "Sample", 0.0, 99.0, 1.0, 0.0, "The seed of the draws; another seed gives another sample.")
FIELDS = (*TARGET, *Q, SEED)


@dataclass(frozen=True)
class Question:
    """A target, an approximation of it, and the seed of the samples."""

    target: Target
    approximation: Start
    seed: int

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        return f"""import numpy as np
from kl_engine import Gaussian, GaussianMixture, kl_bounds, kl_divergence
from kl_engine.divergences import estimator_facts

p = {self.target.to_python()}
q = {self.approximation.to_python()}
for a, b in ((p, q), (q, p)):
    print(kl_divergence(a, b))  # nats
    for bound in kl_bounds(a, b, draws={DRAWS}, rng={self.seed}):
        print(" ", bound.name, bound.kind, bound.estimate, bound.source)
for k in estimator_facts(p, q):  # its variance is k.variance; as a loss, the gradient in the mean and the std of q
    print(k.name, k.mean, np.asarray(k.in_loss), k.pulls)
"""
