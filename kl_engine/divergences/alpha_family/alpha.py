"""The α-divergences between Gaussians and their mixtures, from reverse KL (α = 0) to forward KL (α = 1) and beyond."""

from __future__ import annotations

from kl_engine.distributions.gaussian import Mixture, is_gaussian, mixture
from kl_engine.divergences import closed_forms
from kl_engine.divergences.alpha_family.tilting import divergence_reason
from kl_engine.divergences.line import estimate_of, kl_divergence
from kl_engine.estimates.checks import finite
from kl_engine.estimates.estimate import Estimate
from kl_engine.quadrature.crossings import parts_of
from kl_engine.quadrature.proved import tilted
from kl_engine.quadrature.proved.table import table_of


def alpha_divergence(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """D_α(p, q) = (1 − ∫ p^α q^(1−α)) / (α (1−α)) >= 0, for any real α; at α = 1 D(p‖q), at α = 0 D(q‖p), in nats.

    At ½ it is 4 (1 − ∫ √(p q)), four times the squared Hellinger distance; D_α(p, q) = D_{1−α}(q, p). Outside [0, 1] it
    may be inf: the method then says why. Closed form between Gaussians, quadrature with a proved error otherwise.
    Source: T. Minka, Divergence measures and message passing, MSR-TR-2005-173. Raises ValueError for a bad argument,
    OverflowError when the value is finite but beyond the largest double.
    """
    p, q, alpha = mixture("p", p), mixture("q", q), finite("alpha", alpha)
    if alpha > 0.5:  # the mirrored form keeps its digits there; 1 − α loses none
        p, q, alpha = q, p, 1 - alpha
    if alpha == 0:
        return kl_divergence(q, p)
    reason = divergence_reason(parts_of(p), parts_of(q), alpha)
    if reason:
        return Estimate.infinite(f"at α = {alpha:g} of (p, q) or {1 - alpha:g} of (q, p): {reason}")
    if is_gaussian(p) and is_gaussian(q):
        return closed_forms.alpha_divergence(p, q, alpha)
    return estimate_of(tilted.solve(table_of(p, q)[0], alpha))
