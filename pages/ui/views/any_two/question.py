"""What the page asks: the divergence between two distributions, in both directions."""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine.distributions import expressions
from pages.ui.state.fields import Text

HELP = (
    "As SciPy has it: norm(0, 1), t(3), laplace(0, 2), gamma(2, scale=3), beta(2, 3), poisson(4) and so on; "
    "a mixture 0.3*norm(-2, 1) + 0.7*norm(2, 1); probabilities [0.2, 0.8]; "
    "multivariate_normal([0, 0], [[1, 0], [0, 2]])."
)
FIRST = Text("first", "p, the target", "laplace(0, 1)", expressions.LONGEST, 68, HELP)
SECOND = Text("second", "q, the approximation", "norm(0, 1.4142)", expressions.LONGEST, 68, HELP)
FIELDS = (FIRST, SECOND)

PRESETS = {
    "Laplace and Gaussian": ("laplace(0, 1)", "norm(0, 1.4142)"),
    "A heavy tail": ("t(3)", "norm(0, 1)"),
    "No expectation": ("cauchy(0, 1)", "norm(0, 1)"),
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
    """Two texts, each of which stands for a distribution."""

    first: str
    second: str

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
        return f"""from kl_engine import kl_divergence
from kl_engine.distributions.expressions import parse_distribution

p = parse_distribution({self.first!r})
q = parse_distribution({self.second!r})
print("D(p‖q) =", kl_divergence(p, q))  # nats
print("D(q‖p) =", kl_divergence(q, p))
"""
