"""The public divergences: one name each for every kind of distribution, answered by the table of pairs.

Of mixtures of three dimensions and more an integral may have to be sampled. `points` says how many points each Gaussian
that they come from gets in each of 16 replicates (a power of 2 from 64 to 131,072; 2,048 if none is said);
`target_error` until which half-width, in nats, they are doubled; `rng` is a seed or a generator (of one seed always the
same number). Mixtures that differ in two coordinates only need no sample: then these change nothing. Of pairs of other
kinds, which are exact or integrals, they are refused.
"""

from __future__ import annotations

import numpy as np

from kl_engine.divergences import pairs as pairs  # fills the table
from kl_engine.divergences.bounds.line import Bounds
from kl_engine.divergences.disagreement import Disagreement
from kl_engine.divergences.estimators.monte_carlo import DRAWS, ESTIMATORS
from kl_engine.divergences.registry import answer
from kl_engine.estimates.checks import finite, refuse
from kl_engine.estimates.estimate import Estimate


def entropy(a, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """H[a] = −E_a log a in nats, for any distribution of the engine (for a density it may be negative).

    EXACT for one Gaussian in any dimension, ½ log det 2πeΣ, for a Beta and for finitely many symbols; quadrature, or a
    sample with a confidence beyond the plane, for mixtures. Source: C. E. Shannon, Bell Syst. Tech. J. 27 (1948) 379.
    Raises ValueError when `a` is not a distribution.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.entropy(kl.Gaussian(0, 1)):.6f}"
    '1.418939'
    """
    return answer("entropy", {"a": a}, _wanted(points, target_error, rng))


def cross_entropy(a, b, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """H[a, b] = −E_a log b = H[a] + D(a‖b) in nats: the expectation is under the first argument.

    EXACT where `b` is one Gaussian (for any mixture `a`), a Beta beside a Beta, or finite. Infinite, with the reason,
    where `b` is 0 and `a` is not. Raises ValueError when an argument is not a distribution, or the two have no common
    measure (symbols beside a density). Source: T. Cover, J. Thomas, Elements of Information Theory (2006), 5.4.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.cross_entropy(kl.Gaussian(0, 1), kl.Gaussian(0, 2)):.6f}"
    '1.737086'
    """
    return answer("cross_entropy", {"a": a, "b": b}, _wanted(points, target_error, rng))


def kl_divergence(a, b, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """D(a‖b) = E_a [log a − log b] ≥ 0 in nats, the expectation under the first argument; 0 only where a = b.

    The Kullback-Leibler divergence (KL, relative entropy) of any two distributions; `.bits` of the answer is in bits.
    EXACT between two Gaussians, ½ (tr Σ_b⁻¹Σ_a − n − log det Σ_b⁻¹Σ_a + dᵀΣ_b⁻¹d), as in the KL term of a VAE, between
    Betas and between finite distributions; quadrature for mixtures on the line and in the plane, a sample with a
    confidence beyond it. Infinite, with the reason, where `b` excludes what `a` does not. Either argument may be a
    sequence of probabilities. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951) 79.

    `points`, `target_error` and `rng` are those of a sample (mixtures of three dimensions and more): the points of each
    Gaussian that they come from, the half-width in nats until which these are doubled, and a seed or a generator.
    Raises ValueError when an argument is not a distribution, when the two differ in dimension, and where something is
    asked of a sample but none is drawn; OverflowError beyond the largest double.

    >>> import kl_engine as kl
    >>> f"{kl.kl_divergence(kl.Gaussian(0, 1), kl.Gaussian(0, 2)):.6f}"
    '0.318147'
    >>> kl.kl_divergence([0.5, 0.5], [1.0, 0.0]).reason
    'the second argument is 0 at symbol 1 (counted from 0), the first is not'
    """
    return answer("kl_divergence", {"a": a, "b": b}, _wanted(points, target_error, rng))


def forward_kl(p, q, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """D(p‖q) = E_p [log p − log q] in nats: inclusive, mean-seeking; p is the target, q the approximation.

    It is `kl_divergence(p, q)`. Raises ValueError when an argument is not a distribution or the two differ in
    dimension, OverflowError beyond the largest double. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951)
    79.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.forward_kl(kl.Gaussian(0, 1), kl.Gaussian(0, 2)):.6f}"
    '0.318147'
    """
    return answer("kl_divergence", {"p": p, "q": q}, _wanted(points, target_error, rng))


def reverse_kl(p, q, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """D(q‖p) = E_q [log q − log p] in nats: exclusive, mode-seeking; p is the target, q the approximation.

    It is `kl_divergence(q, p)`. Raises ValueError when an argument is not a distribution or the two differ in
    dimension, OverflowError beyond the largest double. Source: S. Kullback, R. A. Leibler, Ann. Math. Stat. 22 (1951)
    79.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.reverse_kl(kl.Gaussian(0, 1), kl.Gaussian(0, 2)):.6f}"
    '0.806853'
    """
    return answer("kl_divergence", {"q": q, "p": p}, _wanted(points, target_error, rng))


def alpha_divergence(
    p, q, alpha: float, *, points: int | None = None, target_error: float | None = None, rng=None
) -> Estimate:
    """D_α(p, q) = (1 − ∫ p^α q^(1−α)) / (α (1−α)) ≥ 0 for any real `alpha`, written α (Minka's convention); no unit but
    at the ends.

    α = 1 is D(p‖q) and α = 0 D(q‖p), both in nats; α = ½ is 4 (1 − ∫ √(pq)), four times the squared Hellinger distance;
    α = 2 is ½ χ². D_α(p, q) = D_{1−α}(q, p). Amari's parameter is 2α − 1; Tsallis' relative entropy is α D_α; for
    Rényi's see `renyi_divergence`. Outside [0, 1] it may be infinite: the reason says why. EXACT between two Gaussians,
    Betas or finite distributions. Source: T. Minka, MSR-TR-2005-173. Raises ValueError for a bad argument,
    OverflowError beyond the largest double.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.alpha_divergence(kl.Gaussian(0, 1), kl.Gaussian(0, 2), 0.5):.6f}"
    '0.422291'
    """
    alpha, wanted = finite("alpha", alpha), _wanted(points, target_error, rng)
    if alpha in (0, 1):
        return (forward_kl if alpha else reverse_kl)(p, q, **wanted)
    return answer("alpha_divergence", {"p": p, "q": q}, wanted, alpha=alpha)


def renyi_divergence(
    p, q, alpha: float, *, points: int | None = None, target_error: float | None = None, rng=None
) -> Estimate:
    """R_α(p‖q) = log ∫ p^α q^(1−α) / (α − 1) ≥ 0 in nats, of order α = `alpha` ≥ 0 (Rényi's convention); it grows with
    α.

    α = 1 is D(p‖q); α = 0 is −log q(p > 0); α = ½ is twice the Bhattacharyya distance. From the α-divergence of
    `alpha_divergence`: R_α = log(1 − α (1−α) D_α)/(α − 1), and D_α = (1 − e^((α−1) R_α))/(α (1−α)). Above α = 1 it may
    be infinite: the reason says why. EXACT between two Gaussians, Betas or finite distributions. Source: T. van Erven,
    P. Harremoës, IEEE Trans. Inf. Theory 60 (2014) 3797. Raises ValueError for a bad argument, or α < 0.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.renyi_divergence(kl.Gaussian(0, 1), kl.Gaussian(1, 1), 3):.6f}"  # α (difference of the means)²/2
    '1.500000'
    """
    alpha, wanted = finite("alpha", alpha), _wanted(points, target_error, rng)
    if alpha < 0:
        raise refuse("alpha", "an order of at least 0 (alpha_divergence takes any)", alpha)
    if alpha == 1:
        return forward_kl(p, q, **wanted)
    return answer("renyi_divergence", {"p": p, "q": q}, wanted, alpha=alpha)


def jensen_shannon(p, q, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """JS(p, q) = ½ D(p‖m) + ½ D(q‖m) with m = ½ (p + q), in nats: symmetric, at most log 2, finite for every pair.

    It is the divergence, in nats: `scipy.spatial.distance.jensenshannon` gives its square root, a metric, in the root
    of the unit of its `base` (√`.value`, and √`.bits.value` with base=2). Source: J. Lin, IEEE Trans. Inf.
    Theory 37 (1991) 145. Raises ValueError when an argument is not a distribution or the two differ in dimension.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.jensen_shannon([0.5, 0.5], [1.0, 0.0]):.6f}"
    '0.215762'
    """
    return answer("jensen_shannon", {"p": p, "q": q}, _wanted(points, target_error, rng))


def total_variation(p, q, *, points: int | None = None, target_error: float | None = None, rng=None) -> Estimate:
    """TV(p, q) = ½ ∫ |p − q| = max |P(A) − Q(A)| over all events A: symmetric, between 0 and 1, without a unit.

    By Pinsker's inequality TV² ≤ ½ D(p‖q). Raises ValueError when an argument is not a distribution or the two differ
    in dimension. Source: A. Tsybakov, Introduction to Nonparametric Estimation (2009), 2.4.

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> f"{kl.total_variation(kl.Gaussian(0, 1), kl.Gaussian(1, 1)):.6f}"  # 2 Φ(½) − 1
    '0.382925'
    """
    return answer("total_variation", {"p": p, "q": q}, _wanted(points, target_error, rng))


def disagreement(p, q, *, points: int | None = None, target_error: float | None = None, rng=None) -> Disagreement:
    """The two failures of q as probabilities: hallucinated = Q{q > e² p}, missed = P{p > e² q}, each an Estimate
    without a unit.

    Mass that q invents where p has (next to) nothing, and mass of p that q ignores; e² = 7.39. Raises ValueError when
    an argument is not a distribution or the two differ in dimension. Source: a definition of KL Lab's own, that of
    likelihood ratios beyond e².

    `points`, `target_error` and `rng` are those of a sample, as in `kl_divergence`.

    >>> import kl_engine as kl
    >>> found = kl.disagreement(p=[0.9, 0.1, 0.0], q=[0.1, 0.1, 0.8])
    >>> f"{found.hallucinated:.1f} {found.missed:.1f}"
    '0.8 0.9'
    """
    return answer("disagreement", {"p": p, "q": q}, _wanted(points, target_error, rng))


def kl_bounds(a, b, draws: int = DRAWS, rng: int | np.random.Generator = 0) -> Bounds:
    """Every bound and approximation of D(a‖b) between Gaussian mixtures that is known here, in nats, with its source.

    Each `Bound` says whether it is a lower or an upper bound or an approximation, which promises neither. On the line
    and, of those that rest on closed forms of the components, in any dimension; `draws` and `rng` (a seed or a
    generator) are Monte Carlo's. The matched bound is inf where the two have different numbers of components. Raises
    ValueError for a bad argument, OverflowError when a divergence of components is beyond the largest double. Source:
    each bound names its own.

    >>> import kl_engine as kl
    >>> p = kl.GaussianMixture([0.5, 0.5], [-2, 2], [1, 1])
    >>> {bound.kind for bound in kl.kl_bounds(p, kl.Gaussian(0, 2))} == {"lower", "upper", "approximation"}
    True
    """
    return Bounds(answer("kl_bounds", {"a": a, "b": b}, draws=draws, rng=rng))


def monte_carlo_kl(a, b, estimator: str = "k1", draws: int = DRAWS, rng: int | np.random.Generator = 0) -> Estimate:
    """D(a‖b) in nats as a mean over draws x of a, with r = b(x)/a(x): a CONFIDENCE(0.95) interval.

    `estimator`: "k1" is −log r; "k2" ½ (log r)², which is biased, and its method says so; "k3" r − 1 − log r, never
    negative, of infinite variance where ∫ b²/a is infinite (its half width is then inf). The interval is right where
    the sample has seen what matters. `rng` is a seed or a generator; with `divergences.sampling_run` one sample is read
    at growing lengths. Source: J. Schulman (2020), joschu.net/blog/kl-approx. Raises ValueError for a bad argument.

    >>> import kl_engine as kl
    >>> found = kl.monte_carlo_kl(kl.Gaussian(0, 1), kl.Gaussian(0, 2), draws=1000, rng=1)
    >>> found.certainty, abs(found.value - 0.318147) < found.error
    (Certainty.CONFIDENCE(0.95), True)
    """
    if estimator not in ESTIMATORS:
        raise refuse("estimator", "one of k1, k2, k3", estimator)
    return answer("monte_carlo_kl", {"a": a, "b": b}, estimator=estimator, draws=draws, rng=rng)


def _wanted(points: int | None, target_error: float | None, rng: object) -> dict[str, object]:
    """What is asked of a sample, by the names of the arguments."""
    return {"points": points, "target_error": target_error, "rng": rng}
