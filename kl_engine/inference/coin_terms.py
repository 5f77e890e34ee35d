"""The terms of the free energy of a coin with a Beta prior: closed forms in log Γ and its derivative."""

from __future__ import annotations

from kl_engine.distributions.beta import Beta, log_beta
from kl_engine.divergences.unit.beta import cross_entropy, entropy, expected_log_likelihood, kl_divergence
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.rounding import GAMMA_ROUNDING
from kl_engine.inference.free_terms import FreeTerms
from kl_engine.inference.models import BetaModel


def coin_terms(model: BetaModel, q: Beta, x: tuple[int, int]) -> FreeTerms:
    """Every term; the surprisal is −log B(a + heads, b + tails)/B(a, b)."""
    prior, posterior = model.prior, Beta(model.a + x[0], model.b + x[1])
    accuracy = expected_log_likelihood(q, *x)
    (before, size), (after, other_size) = (log_beta(p.a, p.b) for p in (prior, posterior))
    error = GAMMA_ROUNDING * (size + other_size)
    surprisal = Estimate(before - after, error, Certainty.EXACT, "closed form: log B(prior)/B(posterior)")
    return FreeTerms(
        energy=cross_entropy(q, prior) - accuracy,
        entropy=entropy(q),
        complexity=kl_divergence(q, prior),
        accuracy=accuracy,
        divergence=kl_divergence(q, posterior),
        surprisal=surprisal,
    )
