"""The table of divergences: which function answers which verb for which two kinds of distributions.

The kinds stand in `KINDS`, the verbs with their laws below them, then one row a pair. Rows for both orders of a pair
are needed only where the verb cannot be had from the other order.
"""

from __future__ import annotations

import math
from functools import partial

from kl_engine.distributions.beta import Beta
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import CountDistribution
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture, is_gaussian
from kl_engine.divergences import any_line, disagreement, line, same_family, singular, symmetric
from kl_engine.divergences.alpha_family import alpha, renyi
from kl_engine.divergences.alpha_family.tilting import divergence_reason
from kl_engine.divergences.bounds import line as line_bounds
from kl_engine.divergences.bounds import multivariate as space_bounds
from kl_engine.divergences.estimators.monte_carlo import monte_carlo_kl
from kl_engine.divergences.registry import (
    TABLE,
    VERBS,
    Kind,
    Refusal,
    swapped,
    swapped_alpha,
    swapped_sides,
    verb,
)
from kl_engine.divergences.space import expectations, f_divergences
from kl_engine.divergences.sums import counts, discrete
from kl_engine.divergences.unit import beta
from kl_engine.divergences.unit import interval as unit
from kl_engine.estimates.rounding import LOG_2
from kl_engine.quadrature.crossings import parts_of

FINE = 1e-12  # relative
KINKED = ("total_variation", "disagreement")  # their kinks defeat a cubature of the plane


def space_is_sampled(name: str, values: list) -> bool:
    """Whether a verb of multivariate Gaussians and mixtures has no closed form, and no cubature either."""
    if values[0].dimension < (2 if name in KINKED else 3):
        return False
    if name in (*KINKED, "jensen_shannon"):
        return True
    # −E_a log b is closed wherever b is, whatever a is.
    return not all(is_gaussian(value) for value in (values[-1:] if name == "cross_entropy" else values))


LINE = Kind("Gaussians on the line", (Gaussian, GaussianMixture))
FINITE = Kind("finitely many symbols", (Categorical,), "symbols", lambda a: a.probs.size)
UNIT = Kind("Betas", (Beta,))
SPACE = Kind(
    "multivariate Gaussians",
    (MultivariateGaussian, MultivariateGaussianMixture),
    "dimensions",
    lambda a: a.dimension,
    space_is_sampled,
)
CURVE = Kind("other families on the line", (LineDistribution,))
COUNT = Kind("families over whole numbers", (CountDistribution,))
SIMPLEX = Kind("Dirichlets", (Dirichlet,), "numbers", lambda a: a.concentration.size)
MASSES, DENSITIES = (FINITE, COUNT), (LINE, UNIT, SPACE, CURVE)

ORDERS = tuple({"alpha": order} for order in (-0.5, 0.0, 0.3, 0.5, 0.9, 1.0, 1.4))
verb("entropy", arguments=1)
verb("cross_entropy")
verb("kl_divergence", divergence=True)
verb("alpha_divergence", divergence=True, mirror=swapped_alpha, options=ORDERS)
verb("renyi_divergence", divergence=True, options=ORDERS[1:])
verb("jensen_shannon", divergence=True, mirror=swapped, most=LOG_2)
verb("total_variation", divergence=True, mirror=swapped, most=1.0)
verb("disagreement", mirror=swapped_sides, most=1.0)
verb("kl_bounds")
verb("monte_carlo_kl", options=({"estimator": "k1"}, {"estimator": "k3"}))


def no_common_measure(what: str) -> Refusal:
    """Of a pair that has no densities with respect to one measure."""
    return Refusal(f"a distribution of the same kind: {what} of symbols and of points have no common measure")


def of_one_line(what: str) -> Refusal:
    """Of one number beside several."""
    return Refusal(f"{what} of as many dimensions as the other has (a MultivariateGaussian may have one)")


SYMBOLS = Refusal("a distribution of the same kind: symbols are not numbers (those of Bernoulli and Binomial are)")
SINGULAR = {
    "kl_divergence": singular.kl_divergence,
    "alpha_divergence": singular.alpha_divergence,
    "renyi_divergence": singular.renyi_divergence,
    "jensen_shannon": singular.jensen_shannon,
    "total_variation": singular.total_variation,
    "disagreement": singular.disagreement,
    "monte_carlo_kl": lambda a, b, **_: singular.kl_divergence(a, b),
}
SIMPLICES = Refusal(
    "a distribution of another kind: of Dirichlets ask entropies, kl_divergence, and α or Rényi's of it"
)
SUM = Refusal("a mixture: of these the divergence itself is known, so ask kl_divergence, which needs no bound")


def line_is_wild(a, b) -> bool:
    """Whether ∫ b²/a is infinite."""
    return divergence_reason(parts_of(b), parts_of(a), 2.0) is not None


def finer_alpha(p, q, alpha):
    """By the logit of the chance, in which both ends are mild; on the line where q lies far off, or is narrow."""
    found = unit.alpha_divergence(p, q, alpha)
    if found.error <= FINE * found.value or math.isinf(found.value):
        return found
    return min(found, any_line.alpha_divergence(p, q, alpha), key=lambda each: each.error)


def alpha_from_line(p, q, alpha):
    """D_α(p, q) = D_{1−α}(q, p) below α = 1, and infinite from there on."""
    return unit.alpha_from_line(p, q, alpha) if alpha >= 1 else finer_alpha(q, p, 1 - alpha)


PAIRED = tuple(name for name, verb in VERBS.items() if verb.arguments == 2)
ROWS = {
    LINE: {
        "entropy": line.entropy,
        "cross_entropy": line.cross_entropy,
        "kl_divergence": line.kl_divergence,
        "alpha_divergence": alpha.alpha_divergence,
        "renyi_divergence": renyi.renyi_divergence,
        "jensen_shannon": symmetric.jensen_shannon,
        "total_variation": symmetric.total_variation,
        "disagreement": disagreement.disagreement,
        "kl_bounds": line_bounds.kl_bounds,
        "monte_carlo_kl": partial(monte_carlo_kl, wild=line_is_wild),
    },
    FINITE: {
        "entropy": discrete.entropy,
        "cross_entropy": discrete.cross_entropy,
        "kl_divergence": discrete.kl_divergence,
        "alpha_divergence": discrete.alpha_divergence,
        "renyi_divergence": discrete.renyi_divergence,
        "jensen_shannon": discrete.jensen_shannon,
        "total_variation": discrete.total_variation,
        "disagreement": discrete.disagreement,
        "kl_bounds": SUM,
        "monte_carlo_kl": discrete.monte_carlo_kl,
    },
    UNIT: {
        "entropy": beta.entropy,
        "cross_entropy": beta.cross_entropy,
        "kl_divergence": beta.kl_divergence,
        "alpha_divergence": beta.alpha_divergence,
        "renyi_divergence": beta.renyi_divergence,
        "jensen_shannon": unit.jensen_shannon,
        "total_variation": unit.total_variation,
        "disagreement": unit.disagreement,
        "kl_bounds": SUM,
        "monte_carlo_kl": partial(monte_carlo_kl, wild=beta.is_wild),
    },
    SPACE: {
        "entropy": expectations.entropy,
        "cross_entropy": expectations.cross_entropy,
        "kl_divergence": expectations.kl_divergence,
        "alpha_divergence": f_divergences.alpha_divergence,
        "renyi_divergence": f_divergences.renyi_divergence,
        "jensen_shannon": f_divergences.jensen_shannon,
        "total_variation": f_divergences.total_variation,
        "disagreement": f_divergences.disagreement,
        "kl_bounds": space_bounds.kl_bounds,
        "monte_carlo_kl": partial(monte_carlo_kl, wild=f_divergences.is_wild),
    },
}
ROWS[CURVE] = {
    "entropy": any_line.entropy,
    "cross_entropy": any_line.cross_entropy,
    "kl_divergence": lambda a, b: same_family.of(a, b) or any_line.kl_divergence(a, b),
    "alpha_divergence": any_line.alpha_divergence,
    "renyi_divergence": any_line.renyi_divergence,
    "jensen_shannon": any_line.jensen_shannon,
    "total_variation": any_line.total_variation,
    "disagreement": any_line.disagreement,
    "kl_bounds": SUM,
    "monte_carlo_kl": any_line.monte_carlo_kl,
}
ROWS[COUNT] = {
    "entropy": counts.entropy,
    "cross_entropy": counts.cross_entropy,
    "kl_divergence": lambda a, b: same_family.of(a, b) or counts.kl_divergence(a, b),
    "alpha_divergence": counts.alpha_divergence,
    "renyi_divergence": counts.renyi_divergence,
    "jensen_shannon": counts.jensen_shannon,
    "total_variation": counts.total_variation,
    "disagreement": counts.disagreement,
    "kl_bounds": SUM,
    "monte_carlo_kl": counts.monte_carlo_kl,
}
ROWS[SIMPLEX] = {
    **dict.fromkeys(ROWS[LINE], SIMPLICES),
    "entropy": same_family.dirichlet_entropy,
    "cross_entropy": same_family.dirichlet_cross_entropy,
    "kl_divergence": same_family.of,
    "alpha_divergence": same_family.dirichlet_alpha,
    "renyi_divergence": same_family.dirichlet_renyi,
    "monte_carlo_kl": monte_carlo_kl,
}
for kind, rows in ROWS.items():
    TABLE.update({(name, kind) if name == "entropy" else (name, kind, kind): found for name, found in rows.items()})

# A Beta beside a Gaussian mixture: quadrature on [0, 1], and infinite from the line to the interval.
TABLE.update(
    {
        ("cross_entropy", UNIT, LINE): beta.cross_entropy_to_line,
        ("cross_entropy", LINE, UNIT): unit.divergence_from_line,
        ("kl_divergence", UNIT, LINE): beta.divergence_to_line,
        ("kl_divergence", LINE, UNIT): unit.divergence_from_line,
        ("alpha_divergence", UNIT, LINE): finer_alpha,
        ("renyi_divergence", UNIT, LINE): unit.renyi_divergence,
        ("alpha_divergence", LINE, UNIT): alpha_from_line,
        ("renyi_divergence", LINE, UNIT): unit.renyi_from_line,
        ("jensen_shannon", UNIT, LINE): unit.jensen_shannon,
        ("total_variation", UNIT, LINE): any_line.total_variation,
        ("disagreement", UNIT, LINE): unit.disagreement,
        ("kl_bounds", UNIT, LINE): SUM,
        ("kl_bounds", LINE, UNIT): SUM,
        ("monte_carlo_kl", UNIT, LINE): partial(monte_carlo_kl, missed=unit.missed_by),
        ("monte_carlo_kl", LINE, UNIT): lambda a, b, **_: unit.divergence_from_line(a, b),
    }
)

# Any other family beside a mixture or a Beta.
for name, found in ROWS[CURVE].items():
    for other in (LINE, UNIT):
        for pair in ((CURVE, other), (other, CURVE)):
            TABLE[name, *pair] = any_line.kl_divergence if name == "kl_divergence" else found

# One coordinate written as a vector is the line's; anything else has no density beside a number.
for other in (LINE, UNIT, CURVE):
    for name in PAIRED:
        for pair in ((other, SPACE), (SPACE, other)):
            TABLE[name, *pair] = partial(f_divergences.in_one_dimension, name, of_one_line("a distribution"))

# Masses beside densities share no event; symbols are no numbers; a Dirichlet lives on a simplex of its own.
for mass in MASSES:
    for density in DENSITIES:
        for name in PAIRED:
            for pair in ((mass, density), (density, mass)):
                TABLE[name, *pair] = SINGULAR.get(name) or no_common_measure(name)
for other in (LINE, UNIT, SPACE, CURVE, FINITE, COUNT):
    for name in PAIRED:
        TABLE[name, SIMPLEX, other] = TABLE[name, other, SIMPLEX] = no_common_measure(name)
for name in PAIRED:
    TABLE[name, FINITE, COUNT] = TABLE[name, COUNT, FINITE] = SYMBOLS
