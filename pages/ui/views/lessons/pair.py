"""p and q of a lesson in small, at the numbers that are set, where they can be drawn. It knows no Streamlit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine import Categorical, Gaussian, MultivariateGaussian
from kl_engine.distributions import Bernoulli, Beta, Exponential, Gamma, Geometric, Laplace, Poisson
from pages.ui.draw.pair import density_picture, mass_picture, plane_picture
from pages.ui.draw.specs import Picture
from pages.ui.views.lessons.lessons import NORMAL, OVALS
from pages.ui.views.lessons.question import Question

AXIS = 40  # px for the numbers of the vertical axis, as in the chart below
FAR, MOST = 4.0, 40  # std above the mean, and bars: how far whole numbers are drawn


class Family(NamedTuple):
    """What p and q are of: the names of their parameters, without the role, and the distribution at their values."""

    parameters: tuple[str, ...]
    at: Callable[..., object]


FAMILIES = {
    NORMAL: Family(("mu", "sigma"), Gaussian),
    "laplace": Family(("mu", "b"), Laplace),
    "exponential": Family(("lambda",), lambda rate: Exponential(1 / rate)),
    "gamma": Family(("a", "b"), lambda shape, rate: Gamma(shape, 1 / rate)),
    "beta": Family(("a", "b"), Beta),
    "bernoulli": Family(("theta",), Bernoulli),
    "categorical": Family(("theta_1", "theta_2", "theta_3"), lambda *probs: Categorical(probs)),
    "geometric": Family(("theta",), lambda prob: Geometric(prob, first=0)),  # the failures before a success
    "poisson": Family(("lambda",), Poisson),
    OVALS: Family(("mu", "Sigma"), lambda mean, cov: MultivariateGaussian(np.ravel(mean), cov)),
}


def laws(question: Question) -> tuple | None:
    """p and q at the numbers of the question; None where it is of no pair that can be drawn."""
    if question.is_about_a_mixture:
        return question.mixture()
    if not question.lesson.family:
        return None
    family, values = FAMILIES[question.lesson.family], question.put_in
    return tuple(family.at(*(values[f"{name}_{role}"] for name in family.parameters)) for role in "pq")


def picture(question: Question) -> Picture | None:
    """Both densities over x, both probabilities of each number, or the ovals of both in the plane."""
    both = laws(question)
    if both is None:
        return None
    p, q = both
    if isinstance(p, MultivariateGaussian):
        return plane_picture(p, q)
    if isinstance(p, Categorical):
        return mass_picture(("1", "2", "3"), p.probs, q.probs, AXIS, named=True)
    if hasattr(p, "log_pmf"):
        last = max(law.mean + FAR * law.std for law in both)
        k = np.arange(min(last, *(law.support[1] for law in both), MOST) + 1)
        return mass_picture([f"{i:g}" for i in k], *(np.exp(law.log_pmf(k)) for law in both), AXIS, named=True)
    return density_picture(p, q)
