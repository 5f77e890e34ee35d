"""Divergences between two distributions: the public ones stand at the top of `kl_engine`, what belongs to them here."""

from kl_engine.divergences.bounds.line import Bound, entropy_bounds
from kl_engine.divergences.disagreement import Disagreement, missed_by_component
from kl_engine.divergences.estimators.estimator_facts import EstimatorFacts, estimator_facts
from kl_engine.divergences.estimators.monte_carlo import SamplingRun, sampling_run
from kl_engine.divergences.samples.reading import Refused
from kl_engine.divergences.sums.discrete import kl_terms
from kl_engine.quadrature.moments import normalised

__all__ = [
    "Bound",
    "Disagreement",
    "EstimatorFacts",
    "Refused",
    "SamplingRun",
    "entropy_bounds",
    "estimator_facts",
    "kl_terms",
    "missed_by_component",
    "normalised",
    "sampling_run",
]
