"""Families over whole numbers: log mass, support, moments, and a bound of what lies beyond a number."""

from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.counts.derived import Shifted, Tabulated
from kl_engine.distributions.counts.families import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson
from kl_engine.distributions.counts.laws import COUNT_LAWS, ScipyCounts
from kl_engine.distributions.counts.mixture import CountMixture

__all__ = [
    "COUNT_LAWS",
    "Bernoulli",
    "Binomial",
    "CountDistribution",
    "CountMixture",
    "Geometric",
    "NegativeBinomial",
    "Poisson",
    "ScipyCounts",
    "Shifted",
    "Tabulated",
]
