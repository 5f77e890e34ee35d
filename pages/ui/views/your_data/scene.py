"""What the view shows of a question: computed in pieces, each kept between reruns, so that progress can be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kl_engine import Estimate, Gaussian, GaussianMixture, disagreement, families, fit, forward_kl, reverse_kl
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
from kl_engine.divergences import Disagreement
from kl_engine.divergences.disagreement import THRESHOLD
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.views.your_data.question import FOLDS, MOST_COMPONENTS, Question, Sample

DRAWS = 4000
MEAN, MODE, SEVERAL, SMOOTHED, MEMORY = "mean", "mode", "several", "smoothed", "memory"


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


@kept(256)
def size_study(sample: Sample, components: int) -> Size:
    """Maximum likelihood with so many components, cross-validated."""
    x = sample.values
    data = Empirical.of(x)
    try:
        fit = likelihood_fit(data, components)
    except (ValueError, RuntimeError) as reason:
        return Size(components, None, None, (np.inf, np.inf), str(reason))
    bits = data_bits(data, fit.q), mixture_bits(data, components)
    try:
        score = cross_validated(x, folds(x.size, FOLDS, sample.seed), lambda part: likelihood_fit(part, components).q)
    except (ValueError, RuntimeError) as reason:
        return Size(components, fit, None, bits, f"without a part of the data: {reason}")
    return Size(components, fit, score, bits, "")


@kept(12)
def kernel_study(sample: Sample) -> Kernels | None:
    """Kernel densities over three powers of ten of the bandwidth, cross-validated; None where a part is one value."""
    x = sample.values
    data = Empirical.of(x)
    bandwidths = bandwidth_grid(data)
    try:
        scores = kernel_scores(x, folds(x.size, FOLDS, sample.seed), bandwidths)
    except ValueError:
        return None
    bits = [(data_bits(data, kernel_density(data, width)), kernel_bits(data, width)) for width in bandwidths]
    return Kernels(bandwidths, scores, bits)


@kept(32)
def mode_score(sample: Sample, components: int) -> Score | None:
    """One Gaussian by the reverse divergence to a mixture of so many components, cross-validated."""
    x = sample.values

    def fitted(part: Empirical) -> Gaussian:
        return fit(likelihood_fit(part, components).q, "reverse").q

    try:
        return cross_validated(x, folds(x.size, FOLDS, sample.seed), fitted)
    except (ValueError, RuntimeError):
        return None


@long(256, "Fitting the other direction …")
def both_directions(sample: Sample, reference: int, components: int) -> Directions:
    """Both directions from the maximum-likelihood fit of `reference` components, to as many as `components`."""
    data = Empirical.of(sample.values)
    return directions(likelihood_fit(data, reference).q, likelihood_fit(data, components).q)


def directions(reference: Mixture, likelihood: Mixture) -> Directions:
    """Both directions from the reference, with as many components as the maximum-likelihood q has.

    The reverse search starts from that q; with one component it tries every documented start. With as many components
    as the reference or more, the reference itself is the answer to both.
    """
    components = likelihood.weights.size
    if components >= reference.weights.size:
        forward = reverse = reference
    elif components == 1:
        forward, reverse = Gaussian(reference.mean, reference.std), fit(reference, "reverse").q
    else:
        start = GaussianMixture(likelihood.weights, likelihood.means, likelihood.stds)
        forward, reverse = (
            fit(reference, way, families.Mixture(components), start).q for way in ("forward", "reverse")
        )
    both = (forward, reverse)
    divergences = tuple((forward_kl(reference, q), reverse_kl(reference, q)) for q in both)
    return Directions(forward, reverse, divergences, tuple(disagreement(reference, q) for q in both))


@dataclass(frozen=True, slots=True)
class Sampled:
    """A probability found by drawing: the share, and its standard error."""

    share: float
    deviation: float


@kept(32)
def memory_failures(sample: Sample, reference: int, bandwidth: float) -> tuple[Sampled, Sampled]:
    """What the narrowest kernel density invents and misses of the maximum-likelihood fit of `reference` components."""
    x = sample.values
    return kernel_failures(x, likelihood_fit(Empirical.of(x), reference).q, bandwidth, sample.seed)


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


@dataclass(frozen=True, eq=False)
class Study:
    """What is known of a sample whatever q is asked about: how each size and each bandwidth does."""

    size: int  # of the points fitted
    sizes: list[Size]
    kernels: Kernels | None
    mode: Score | None
    single: Directions  # one Gaussian, both directions, against the reference
    memory_failures: tuple[Sampled, Sampled] | None

    @property
    def reference(self) -> Size:
        """The mixture of least held-out loss; it stands for the truth where one is needed."""
        return best_size(self.sizes)

    @property
    def shortest(self) -> Size:
        """The mixture of the shortest description."""
        return shortest_size(self.sizes)

    def best_kernel(self) -> int:
        """The place of the bandwidth of least held-out loss."""
        return min(range(len(self.kernels.scores)), key=lambda i: self.kernels.scores[i].held_out)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to stand for the data: its score, what it invents and misses, and its bits, where they are known."""

    key: str
    score: Score
    failures: tuple | None
    bits: float | None


def candidates(study: Study) -> list[Candidate]:
    """Mean, mode, several modes (where they do better than one), a smoothing kernel, memory; each that has a score."""
    one, reference = study.sizes[0], study.reference
    found = []
    if one.score:
        found.append(Candidate(MEAN, one.score, tuple(study.single.failures[0]), sum(one.bits)))
    if study.mode and reference.components > 1:
        found.append(Candidate(MODE, study.mode, tuple(study.single.failures[1]), None))
    if reference.components > 1:
        found.append(Candidate(SEVERAL, reference.score, None, sum(reference.bits)))
    if study.kernels:
        best = study.best_kernel()
        found.append(Candidate(SMOOTHED, study.kernels.scores[best], None, sum(study.kernels.bits[best])))
        failures, bits = study.memory_failures, sum(study.kernels.bits[-1])
        found.append(Candidate(MEMORY, study.kernels.scores[-1], failures, bits))
    return found


def winner(found: list[Candidate]) -> Candidate:
    """The candidate of least held-out loss; of a smoothing kernel and a mixture equally good, the mixture."""
    return min(found, key=lambda candidate: candidate.score.held_out)


def memory_begins(study: Study) -> float | None:
    """The widest bandwidth from which on down the kernel does worse on new points than one Gaussian; None if none."""
    if not study.kernels or not study.sizes[0].score:
        return None
    limit, begins = study.sizes[0].score.held_out, None
    for width, score in zip(study.kernels.bandwidths[::-1], study.kernels.scores[::-1]):  # from the narrowest
        if score.held_out <= limit:
            break
        begins = float(width)
    return begins


@dataclass(frozen=True)
class Fits:
    """The densities that are drawn: the kernel's, and each fit of so many components where there is one."""

    kernel: Mixture
    forward: Mixture | None = None
    reverse: Mixture | None = None


@dataclass(frozen=True, eq=False)
class Scene:
    """A study, the densities of the q that is asked about, and both directions to the reference of the study."""

    question: Question
    study: Study
    fits: Fits
    pair: Directions | None


def first_fits(question: Question) -> Fits:
    """The densities that need no reference: maximum likelihood and the kernel density."""
    size = size_study(question.sample, question.components)
    kernel = kernel_density(Empirical.of(question.sample.values), question.bandwidth)
    return Fits(kernel, size.fit.q if size.fit else None)


def answered(question: Question, show: Callable[[float, str], object] = lambda share, what: None) -> Scene:
    """The scene; `show` is told how far the study is, and what comes next."""
    study, fits = study_of(question.sample, show), first_fits(question)
    if fits.forward is None:
        return Scene(question, study, fits, None)
    pair = both_directions(question.sample, study.reference.components, question.components)
    return Scene(question, study, Fits(fits.kernel, fits.forward, pair.reverse), pair)


def study_of(sample: Sample, show: Callable[[float, str], object]) -> Study:
    """The study, piece by piece; `show` is told the share done and what is next."""
    steps, sizes = MOST_COMPONENTS + 2, []
    for k in range(1, MOST_COMPONENTS + 1):
        show((k - 1) / steps, f"Fitting {k} Gaussian{'s' * (k > 1)} to all the points and without each part")
        sizes.append(size_study(sample, k))
    reference = best_size(sizes).components
    show(MOST_COMPONENTS / steps, "Kernel densities of 13 bandwidths")
    kernels = kernel_study(sample)
    show((MOST_COMPONENTS + 1) / steps, "The other direction")
    mode = mode_score(sample, reference)
    single = both_directions(sample, reference, 1)
    memory = memory_failures(sample, reference, float(kernels.bandwidths[-1])) if kernels else None
    return Study(sample.values.size, sizes, kernels, mode, single, memory)
