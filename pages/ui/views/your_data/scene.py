"""What is computed about a set of numbers: in pieces, each kept between reruns, so that progress can be shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Disagreement,
    Estimate,
    Gaussian,
    GaussianMixture,
    disagreement,
    forward_kl,
    mixture_fit,
    reverse_kl,
    reverse_optima,
)
from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import (
    Score,
    cross_validated,
    data_bits,
    folds,
    kernel_bits,
    kernel_scores,
    mixture_bits,
)
from kl_engine.data.kernel_density import bandwidth_grid, kernel_density, kernel_log_densities
from kl_engine.data.likelihood import LikelihoodFit, likelihood_fit
from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences.disagreement import THRESHOLD

MOST_POINTS = 1500  # the cross-validated kernel densities cost their square
MOST_COMPONENTS = 8
FOLDS = 5
FEWEST = 10
DRAWS = 4000
LARGEST = 1e100  # beyond, squares overflow


@dataclass(frozen=True, eq=False)
class Size:
    """Maximum likelihood with so many components; `reason` says why there is none, or no held-out score."""

    components: int
    fit: LikelihoodFit | None
    score: Score | None
    bits: tuple[float, float]  # for the data, for the parameters
    reason: str


@dataclass(frozen=True, eq=False)
class Kernels:
    """Kernel densities from wide to narrow: bandwidths, their scores, and the bits of each as a code."""

    bandwidths: np.ndarray
    scores: list[Score]
    bits: list[tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Directions:
    """q of K components, fitted to the reference in each direction, with its divergences and failures."""

    forward: Mixture
    reverse: Mixture
    divergences: tuple[tuple[Estimate, Estimate], tuple[Estimate, Estimate]]  # of each q: D(p‖q), D(q‖p)
    failures: tuple[Disagreement, Disagreement]


def refusal(x: np.ndarray) -> str:
    """Why nothing can be fitted to these numbers; empty when something can."""
    if x.size < FEWEST:
        return f"There are {x.size} numbers; at least {FEWEST} are needed to leave some out and judge by them."
    if np.abs(x).max() > LARGEST:
        return f"The largest number is {np.abs(x).max():g}: rescale the data, squares of it cannot be computed."
    if np.unique(x).size == 1:
        return (
            f"All {x.size} numbers are {x[0]:g}. The likelihood of a Gaussian there has no bound as its std goes to 0, "
            "so there is nothing to fit: this is memory without anything to generalise."
        )
    if np.unique(x).size < 4 or Empirical.of(x).std < 1e-12 * np.abs(x).max():
        return f"There are only {np.unique(x).size} different numbers, or they differ by rounding only: no density."
    return ""


def size_study(x: np.ndarray, components: int, seed: int) -> Size:
    """Maximum likelihood with so many components, cross-validated."""
    data = Empirical.of(x)
    try:
        fit = likelihood_fit(data, components)
    except (ValueError, RuntimeError) as reason:
        return Size(components, None, None, (np.inf, np.inf), str(reason))
    bits = data_bits(data, fit.q), mixture_bits(data, components)
    try:
        score = cross_validated(x, folds(x.size, FOLDS, seed), lambda part: likelihood_fit(part, components).q)
    except (ValueError, RuntimeError) as reason:
        return Size(components, fit, None, bits, f"without a part of the data: {reason}")
    return Size(components, fit, score, bits, "")


def kernel_study(x: np.ndarray, seed: int) -> Kernels | None:
    """Kernel densities over three powers of ten of the bandwidth, cross-validated; None where a part is one value."""
    data = Empirical.of(x)
    bandwidths = bandwidth_grid(data)
    try:
        scores = kernel_scores(x, folds(x.size, FOLDS, seed), bandwidths)
    except ValueError:
        return None
    bits = [(data_bits(data, kernel_density(data, width)), kernel_bits(data, width)) for width in bandwidths]
    return Kernels(bandwidths, scores, bits)


def mode_score(x: np.ndarray, components: int, seed: int) -> Score | None:
    """One Gaussian by the reverse divergence to a mixture of so many components, cross-validated."""

    def fitted(part: Empirical) -> Gaussian:
        return reverse_optima(likelihood_fit(part, components).q)[0].q

    try:
        return cross_validated(x, folds(x.size, FOLDS, seed), fitted)
    except (ValueError, RuntimeError):
        return None


def directions(reference: Mixture, likelihood: Mixture) -> Directions:
    """Both directions from the reference, with as many components as the maximum-likelihood q has.

    The reverse search starts from that q; with one component it tries every documented start. With as many components
    as the reference or more, the reference itself is the answer to both.
    """
    components = likelihood.weights.size
    if components >= reference.weights.size:
        forward = reverse = reference
    elif components == 1:
        forward, reverse = Gaussian(reference.mean, reference.std), reverse_optima(reference)[0].q
    else:
        start = GaussianMixture(likelihood.weights, likelihood.means, likelihood.stds)
        forward, reverse = (mixture_fit(reference, way, components, start).q for way in ("forward", "reverse"))
    both = (forward, reverse)
    divergences = tuple((forward_kl(reference, q), reverse_kl(reference, q)) for q in both)
    return Directions(forward, reverse, divergences, tuple(disagreement(reference, q) for q in both))


@dataclass(frozen=True, slots=True)
class Sampled:
    """A probability found by drawing: the share, and its standard error."""

    share: float
    deviation: float


def kernel_failures(x: np.ndarray, reference: Mixture, bandwidth: float, seed: int) -> tuple[Sampled, Sampled]:
    """What the kernel density of all the points invents and misses of the reference, by 4,000 seeded draws each."""
    data, rng = Empirical.of(x), np.random.default_rng(seed)
    shares = []
    for drawn_from_kernel in (True, False):
        source = kernel_density(data, bandwidth) if drawn_from_kernel else reference
        places = source.sample(DRAWS, rng)
        ratio = kernel_log_densities(data, places, np.array([bandwidth]))[0] - reference.log_pdf(places)
        share = float(np.mean((ratio if drawn_from_kernel else -ratio) > THRESHOLD))
        shares.append(Sampled(share, float(np.sqrt(max(share * (1 - share), 1 / DRAWS) / DRAWS))))
    return tuple(shares)


def best_size(sizes: list[Size]) -> Size:
    """The number of components with the least held-out loss: the reference. One Gaussian always has a fit."""
    scored = [size for size in sizes if size.score]
    return min(scored, key=lambda size: size.score.held_out) if scored else sizes[0]


def shortest_size(sizes: list[Size]) -> Size:
    """The number of components with the shortest description."""
    return min(sizes, key=lambda size: sum(size.bits))
