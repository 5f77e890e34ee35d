"""What the page asks: the divergence between two distributions, in both directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.data import read_table
from kl_engine.distributions import expressions
from pages.ui.state.fields import Text

HELP = (
    "As SciPy writes it: norm(0, 1), t(3), laplace(0, 2), gamma(2, scale=3), poisson(4), zipf(2.5) and so on; or by a "
    "class, with its arguments named: Gamma(2, rate=3); a mixture 0.9*norm(0, 1) + 0.1*t(2); probabilities [0.2, 0.8], "
    "or counts([3, 5, 2]); multivariate_normal([0, 0], [[1, 0], [0, 2]])."
)
FIRST = Text("first", "p, the target", "laplace(0, 1)", expressions.LONGEST, 68, HELP)
SECOND = Text("second", "q, the approximation", "norm(0, 1.4142)", expressions.LONGEST, 68, HELP)
LONGEST_SAMPLES = 8000  # characters, so that a link still holds them: some 400 rows of two columns
SAMPLES_HELP = (
    "Two columns of numbers, copied from a spreadsheet: the first is a sample of p, the second of q. They take the "
    "place of the two distributions above, and of D there is then a confidence interval, or a refusal in words."
)
SAMPLES = Text("samples", "Or paste two columns: a sample of each", "", LONGEST_SAMPLES, 68, SAMPLES_HELP)
FIELDS = (FIRST, SECOND, SAMPLES)

PRESETS = {
    "Laplace and Gaussian": ("laplace(0, 1)", "norm(0, 1.4142)"),
    "Heavy tails": ("t(2.2)", "norm(0, 1)"),
    "No expectation": ("cauchy(0, 1)", "norm(0, 1)"),
    "One skewed mode": ("gumbel_r(0, 1)", "norm(0, 1)"),
    "A steep side": ("skewnorm(20, 0, 3)", "norm(1, 1.5)"),
    "Two Gaussians": ("norm(5, 3)", "norm(10, 4)"),
    "Two mixtures": ("0.5*norm(-2, 1) + 0.5*norm(2, 1)", "0.3*norm(-1, 1) + 0.7*norm(3, 2)"),
    "Singular ends": ("beta(0.5, 0.5)", "uniform(0, 1)"),
    "Counts": ("binom(10, 0.3)", "poisson(3)"),
    "Probabilities": ("[0.36, 0.48, 0.16]", "[1/3, 1/3, 1/3]"),
    "In the plane": (
        "multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]])",
        "multivariate_normal([0, 0], [[1, 0], [0, 1]])",
    ),
}


@dataclass(frozen=True)
class Question:
    """Two texts, each of which stands for a distribution; or two columns of numbers, a sample of each."""

    first: str
    second: str
    samples: str = ""

    def columns(self) -> tuple[np.ndarray, np.ndarray]:
        """The first two columns that were pasted. ValueError, saying what there is, where there are no two."""
        found = read_table(self.samples.encode()).columns
        if len(found) < 2:
            raise ValueError(f"two columns of numbers are needed, and {len(found)} can be read")
        return found[0].values, found[1].values

    def distributions(self) -> tuple[object, object]:
        """Both, read. ExpressionError (a ValueError) for a text that is none, naming which."""
        found = []
        for name, text in (("p", self.first), ("q", self.second)):
            try:
                found.append(expressions.parse_distribution(text))
            except expressions.ExpressionError as refused:
                raise expressions.ExpressionError(f"{name}: {refused}") from None
        return found[0], found[1]

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        if self.samples.strip():
            return f"""import kl_engine as kl

x, y = (column.values for column in kl.data.read_table({self.samples.encode()!r}).columns[:2])
for name, pair in {{"D(p‖q)": (x, y), "D(q‖p)": (y, x)}}.items():  # nats
    try:
        print(name, "=", kl.kl_from_samples(*pair))
    except kl.divergences.Refused as refused:
        print(name, "has no interval:", refused)
"""
        return f"""from kl_engine import kl_divergence
from kl_engine.distributions.expressions import parse_distribution

p = parse_distribution({self.first!r})
q = parse_distribution({self.second!r})
print("D(p‖q) =", kl_divergence(p, q))  # nats
print("D(q‖p) =", kl_divergence(q, p))
"""
