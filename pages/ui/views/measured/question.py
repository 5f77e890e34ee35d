"""What the page asks: which pairs are measured."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice
from pages.ui.views.measured.tables import SETS, Pair

SET = Choice("pairs", "Pairs", {key: title for key, (title, _) in SETS.items()}, begins_with="line")
FIELDS = (SET,)
SEED = 1
DRAWS = 10_000


@dataclass(frozen=True)
class Question:
    """One set of pairs, by its key."""

    key: str

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of the set."""
        return SETS[self.key][1]

    def to_python(self) -> str:
        """A few lines that compute our number and the sampled one of every pair."""
        lines = [f"    ({pair.p}, {pair.q}),  # {pair.name}: {pair.truth}, {pair.known}" for pair in self.pairs]
        names = "Gaussian, GaussianMixture, MultivariateGaussian, MultivariateGaussianMixture"
        return f"""from kl_engine import {names}, kl_divergence, monte_carlo_kl
from kl_engine.distributions import Cauchy, Gamma, Laplace

pairs = [
{chr(10).join(lines)}
]
for p, q in pairs:
    print("D(p‖q) =", kl_divergence(p, q))  # nats
    print("sampled:", monte_carlo_kl(p, q, draws={DRAWS}, rng={SEED}))
"""
