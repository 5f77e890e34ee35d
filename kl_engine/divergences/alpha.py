"""The α-divergences between Gaussians and their mixtures, from reverse KL (α = 0) to forward KL (α = 1) and beyond."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from kl_engine.distributions.gaussian import Mixture, is_gaussian, mixture
from kl_engine.divergences import closed_forms
from kl_engine.divergences.line import kl_divergence
from kl_engine.divergences.tilting import bells, divergence_reason, excess, series, tilted_support
from kl_engine.estimates.checks import finite
from kl_engine.estimates.estimate import Estimate
from kl_engine.quadrature.crossings import parts_of
from kl_engine.quadrature.expect import AtNodes, expect
from kl_engine.quadrature.truncation import WIDE_REACH, log_ratio_tail, mass_beyond

NEAR = 0.5  # of |r| and |α r|: below it the integrand is summed as a series, in which nothing cancels


def alpha_divergence(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """D_α(p, q) = (1 − ∫ p^α q^(1−α)) / (α (1−α)) >= 0, for any real α; at α = 1 D(p‖q), at α = 0 D(q‖p), in nats.

    At ½ it is 4 (1 − ∫ √(p q)), four times the squared Hellinger distance; D_α(p, q) = D_{1−α}(q, p). Outside [0, 1] it
    may be inf: the method then says why. Closed form between Gaussians, quadrature otherwise. Source: T. Minka,
    Divergence measures and message passing, MSR-TR-2005-173. Raises ValueError for a bad argument, OverflowError when
    the value is finite but beyond the largest double.
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
    return _by_quadrature(p, q, alpha)


def _by_quadrature(p: Mixture, q: Mixture, alpha: float) -> Estimate:
    """∫ (α p + (1−α) q − p^α q^(1−α)) / (α (1−α)), never negative, for α <= ½."""
    first, second = parts_of(p), parts_of(q)
    support, inner, left_out = [], [], 2 * (mass_beyond(WIDE_REACH) + log_ratio_tail(second, first, WIDE_REACH))
    if alpha < 0:
        support, beyond = tilted_support(first, second, alpha, math.log(-alpha) + math.log1p(-alpha))
        inner = [edge for bell in bells(first, second, alpha) for edge in bell.edges(WIDE_REACH)]
        left_out += beyond
    integrand = partial(_integrand, alpha=alpha)
    return expect(integrand, p, q, left_out=left_out, support=support, inner=inner, reach=WIDE_REACH)


def _integrand(log_p: np.ndarray, log_q: np.ndarray, alpha: float) -> AtNodes:
    """The integrand of `_by_quadrature` at the nodes."""
    p, q, ratio = np.exp(log_p), np.exp(log_q), log_p - log_q
    raised = excess(log_q, ratio, alpha)
    steep = max(1, abs(alpha))
    small = steep * np.abs(ratio) < NEAR
    r = np.where(small, ratio, 0.0)
    values = np.where(small, q * series(r, alpha), (p - q - raised) / (1 - alpha))
    # In log p it grows as (p − p^α q^(1−α))/(1−α), in log q as what was raised.
    rise = np.where(small, q * (np.expm1(r) - np.expm1(alpha * r)), p - q - alpha * raised)
    slope_p = steep * np.abs(rise) / (1 - alpha)
    slope_q = np.where(small, slope_p + steep * values, steep * np.abs(raised))
    return AtNodes(values, slope_p, slope_q, np.where(small, 0.0, p + q))
