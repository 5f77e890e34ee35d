"""Families over whole numbers: log mass, support, moments, and a bound of what lies beyond a number."""

from kl_engine.distributions.counts.base import CountDistribution
from kl_engine.distributions.counts.families import Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson

__all__ = ["Bernoulli", "Binomial", "CountDistribution", "Geometric", "NegativeBinomial", "Poisson"]
