"""What each of five ways says of every pair, and how far that is from the truth."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

import kl_engine as kl
from kl_engine.distributions import Cauchy, Gamma, Laplace
from pages.ui.cache.stoppable import stoppable
from pages.ui.views.measured.question import DRAWS, SEED, Question
from pages.ui.views.measured.tables import Pair

OURS, QUAD, CUBATURE, TORCH, SAMPLED = "KL Lab", "SciPy quad", "SciPy cubature", "torch's closed form", "Monte Carlo"
MOST_PIECES = 20_000  # of a cubature
CLOSE = 1e-3  # relative to the truth: what says nothing of its error counts as right so near
ONE = np.float32(1)


@dataclass(frozen=True)
class Said:
    """What one way says: its value and the error that it states, in nats (nan where it says none), and in its words."""

    way: str
    value: float
    error: float
    words: str


@dataclass(frozen=True)
class Row:
    """One pair with all that is said of it."""

    pair: Pair
    ours: kl.Estimate
    said: tuple[Said, ...]

    @cached_property
    def truth(self) -> float:
        """As a double."""
        return float(self.pair.truth)

    def off(self, said: Said) -> float:
        """The distance from the truth in nats, taken with all of its 20 digits; nan where nothing is said."""
        if math.isnan(said.value):
            return math.nan
        if math.isinf(said.value) or math.isinf(self.truth):
            return 0.0 if said.value == self.truth else math.inf
        return float(abs(Fraction(said.value) - Fraction(self.pair.truth)))

    def holds(self, said: Said) -> bool | None:
        """Whether the truth is as near as is said; None where nothing is said."""
        if math.isnan(said.value):
            return None
        allowed = CLOSE * abs(self.truth) if math.isnan(said.error) else said.error
        return self.off(said) <= allowed


@dataclass(frozen=True)
class Scene:
    """The rows of a question."""

    question: Question
    rows: tuple[Row, ...]


def answered(question: Question) -> Scene | None:
    """The scene of a question; None while its work is stopped."""
    rows = measured(question)
    return None if rows is None else Scene(question, rows)


@stoppable(8, "Asking SciPy, a sample and ourselves …")
def measured(question: Question, progress: Callable[[float], object]) -> tuple[Row, ...]:
    """All rows: at most some seconds, as every rule has a bound on its pieces."""
    rows = []
    for k, pair in enumerate(question.pairs):
        progress(k / len(question.pairs))
        rows.append(_row(pair))
    return tuple(rows)


MAKERS = {
    **{name: getattr(kl, name) for name in ("Gaussian", "GaussianMixture")},
    **{name: getattr(kl, name) for name in ("MultivariateGaussian", "MultivariateGaussianMixture")},
    "Laplace": Laplace,
    "Gamma": Gamma,
    "Cauchy": Cauchy,
}


def made(text: str) -> object:
    """The distribution of a text of `tables`: a name and numbers, read as JSON."""
    name, _, arguments = text.partition("(")
    return MAKERS[name](*json.loads(f"[{arguments.removesuffix(')')}]"))


def _row(pair: Pair) -> Row:
    p, q = made(pair.p), made(pair.q)
    ours = kl.kl_divergence(p, q)
    sampled = kl.monte_carlo_kl(p, q, draws=DRAWS, rng=SEED)
    said = [Said(OURS, ours.value, ours.error, str(ours.certainty))]
    said.append(_by_cubature(p, q) if hasattr(p, "dimension") else _by_quad(p, q))
    said.append(_by_torch(p, q))
    said.append(Said(SAMPLED, sampled.value, sampled.error, f"95 % interval, {DRAWS:,} draws"))
    return Row(pair, ours, tuple(said))


def _by_quad(p, q) -> Said:
    """`quad` over p log(p/q) from −∞ to ∞, written as most people write it: with densities."""
    from scipy.integrate import quad
    from scipy.special import rel_entr

    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        value, error = quad(lambda x: float(rel_entr(np.exp(p.log_pdf(x)), np.exp(q.log_pdf(x)))), -np.inf, np.inf)
    return Said(QUAD, value, error if math.isfinite(value) else 0.0, "warns" if caught else "no warning")


def _by_cubature(p, q) -> Said:
    """`cubature` over p (log p − log q) on the whole plane, with logarithms that do not underflow."""
    from scipy.integrate import cubature

    def integrand(x: np.ndarray) -> np.ndarray:
        log_p = p.log_pdf(x)
        return np.exp(log_p) * (log_p - q.log_pdf(x))

    found = cubature(
        integrand, [-np.inf] * 2, [np.inf] * 2, rtol=1e-8, atol=1e-10, max_subdivisions=MOST_PIECES, rule="gk21"
    )
    return Said(CUBATURE, float(found.estimate), float(found.error), found.status.replace("_", " "))


def _by_torch(p, q) -> Said:
    """The closed form that torch registers for the pair, in the 32 bits that torch takes unless told otherwise."""
    form = TORCH_FORMS.get((type(p).__name__, type(q).__name__))
    if form is None:
        return Said(TORCH, math.nan, math.nan, "NotImplementedError")
    return Said(TORCH, float(form(p, q)), math.nan, "float32, no error stated")


def _normals(p, q) -> np.float32:
    ratio = (np.float32(p.std) / np.float32(q.std)) ** 2
    shift = ((np.float32(p.mean) - np.float32(q.mean)) / np.float32(q.std)) ** 2
    return np.float32(0.5) * (ratio + shift - ONE - np.log(ratio))


def _laplace_normal(p, q) -> np.float32:
    ratio = np.float32(p.scale) ** 2 / np.float32(q.std) ** 2
    shift = (np.float32(p.loc) - np.float32(q.mean)) ** 2 / (2 * np.float32(q.std) ** 2)
    return -np.float32(0.5) * np.log(2 * ratio / np.float32(np.pi)) + ratio + shift - ONE


def _gammas(p, q) -> np.float32:
    from scipy.special import digamma, gammaln

    a, b, s, t = (np.float32(x) for x in (p.shape, q.shape, 1 / p.scale, 1 / q.scale))
    return b * np.log(s / t) + gammaln(b) - gammaln(a) + (a - b) * digamma(a) + (t - s) * (a / s)


# torch.distributions.kl, version 2: the pairs of the tables for which it has a formula, and that formula.
TORCH_FORMS = {
    ("Gaussian", "Gaussian"): _normals,
    ("Laplace", "Gaussian"): _laplace_normal,
    ("Gamma", "Gamma"): _gammas,
}
