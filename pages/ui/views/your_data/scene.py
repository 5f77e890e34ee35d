"""What the view shows of a question: computed in pieces, each kept between reruns, so that progress can be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kl_engine import (
    Estimate,
    Gaussian,
    GaussianMixture,
    disagreement,
    families,
    fit,
    forward_kl,
    kl_from_samples,
    reverse_kl,
)
from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import (
    Score,
    data_bits,
    kernel_bits,
    kernel_scores,
    mixture_bits,
    repeated_folds,
)
from kl_engine.data.held_out import HeldOut, held_out
from kl_engine.data.kernel_density import bandwidth_grid, kernel_density, kernel_log_densities
from kl_engine.data.likelihood import LikelihoodFit, NotFitted, likelihood_fits
from kl_engine.data.points import PointsFit, points_fits
from kl_engine.data.selection import Selection, select
from kl_engine.data.standard_errors import StandardErrors, standard_errors
from kl_engine.distributions.gaussian import Mixture
from kl_engine.divergences import Disagreement
from kl_engine.divergences.disagreement import THRESHOLD
from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.views.your_data.question import FOLDS, MOST_COMPONENTS, REPEATS, Question, Sample

DRAWS = 4000
MOST_IN_PLANE = 4
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


@kept(32)
def fits_of(sample: Sample) -> list[LikelihoodFit | NotFitted]:
    """Maximum likelihood of every size."""
    return likelihood_fits(Empirical.of(sample.values), MOST_COMPONENTS)


@kept(32)
def partitions_of(sample: Sample) -> tuple:
    """The parts that are left out in turn, of each partition."""
    return repeated_folds(sample.values.size, FOLDS, REPEATS, sample.seed)


@kept(16)
def held_out_of(sample: Sample) -> HeldOut:
    """Every size on points left out."""
    return held_out(sample.values, partitions_of(sample), fits_of(sample))


def sizes_of(sample: Sample) -> list[Size]:
    """Every size: its fit, its score, its bits, or why there is none."""
    data, found = Empirical.of(sample.values), []
    for k, (best, score) in enumerate(zip(fits_of(sample), held_out_of(sample).scores), 1):
        if isinstance(best, NotFitted):
            found.append(Size(k, None, None, (np.inf, np.inf), best.reason))
            continue
        bits = data_bits(data, best.q), mixture_bits(data, k)
        judged = isinstance(score, Score)
        found.append(Size(k, best, score if judged else None, bits, "" if judged else score.reason))
    return found


@kept(12)
def kernel_study(sample: Sample) -> Kernels | None:
    """Kernel densities over three powers of ten of the bandwidth, cross-validated; None where a part is one value."""
    x = sample.values
    data = Empirical.of(x)
    bandwidths = bandwidth_grid(data)
    try:
        scores = kernel_scores(x, partitions_of(sample), bandwidths)
    except ValueError:
        return None
    bits = [(data_bits(data, kernel_density(data, width)), kernel_bits(data, width)) for width in bandwidths]
    return Kernels(bandwidths, scores, bits)


@kept(32)
def mode_score(sample: Sample, components: int) -> Score | None:
    """One Gaussian by the reverse divergence to mixtures of so many components, on the parts of the first partition."""
    x, parts = sample.values, partitions_of(sample)[0]
    fitted = held_out_of(sample).fitted
    if not fitted:
        return None
    losses = np.empty(x.size)
    try:
        for part, q in zip(parts, fitted[components - 1]):
            losses[part] = -fit(q, "reverse").q.log_pdf(x[part])
        whole = fit(fits_of(sample)[components - 1].q, "reverse").q
    except (ValueError, RuntimeError):
        return None
    return Score(-float(np.mean(whole.log_pdf(x))), losses)


@kept(64)
def errors_of(sample: Sample, components: int) -> StandardErrors:
    """The standard errors of the parameters of that size."""
    return standard_errors(Empirical.of(sample.values), fits_of(sample)[components - 1].q)


@long(256, "Fitting the other direction …")
def both_directions(sample: Sample, reference: int, components: int) -> Directions:
    """Both directions from the maximum-likelihood fit of `reference` components, to as many as `components`."""
    fits = fits_of(sample)
    return directions(fits[reference - 1].q, fits[components - 1].q)


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
    return kernel_failures(sample.values, fits_of(sample)[reference - 1].q, bandwidth, sample.seed)


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


def reference_of(sizes: list[Size]) -> Size:
    """The mixture that stands for the truth: the simplest size within one standard error of the best of them."""
    if not any(size.score for size in sizes):
        return sizes[0]
    return sizes[select([size.score for size in sizes]).taken]


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
        """The mixture that stands for the truth where one is needed."""
        return reference_of(self.sizes)

    @property
    def shortest(self) -> Size:
        """The mixture of the shortest description."""
        return shortest_size(self.sizes)

    def best_kernel(self) -> int:
        """The place of the bandwidth of least held-out loss."""
        return min(range(len(self.kernels.scores)), key=lambda i: self.kernels.scores[i].held_out)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to stand for the data: its score, what it invents and misses, and its bits, where they are known.

    `reason` says why it was not judged; `components` is 0 where it is no mixture of maximum likelihood.
    """

    key: str
    components: int
    score: Score | None
    failures: tuple | None
    bits: float | None
    reason: str = ""


def candidates(study: Study) -> list[Candidate]:
    """Mean, mode, every size, a smoothing kernel, memory, from simple to complex; those too that were not judged.

    What is invented and missed is against the reference: of the reference itself there is nothing to say.
    """
    several, found = study.reference.components > 1, []
    for size in study.sizes:
        bits = sum(size.bits) if size.fit else None
        failures = tuple(study.single.failures[0]) if size.components == 1 and several else None
        key = MEAN if size.components == 1 else SEVERAL
        found.append(Candidate(key, size.components, size.score, failures, bits, size.reason))
        if size.components == 1 and study.mode and several:
            found.append(Candidate(MODE, 0, study.mode, tuple(study.single.failures[1]), None))
    if study.kernels:
        best = study.best_kernel()
        found.append(Candidate(SMOOTHED, 0, study.kernels.scores[best], None, sum(study.kernels.bits[best])))
        failures, bits = study.memory_failures, sum(study.kernels.bits[-1])
        found.append(Candidate(MEMORY, 0, study.kernels.scores[-1], failures, bits))
    return found


@dataclass(frozen=True, eq=False)
class Verdict:
    """All candidates, which of them is taken, and whether that is settled.

    It is where held-out losses settle it and, of a mixture, the description length speaks for the same size.
    """

    found: list[Candidate]
    selection: Selection
    shortest: int  # components of the shortest description

    @property
    def taken(self) -> Candidate:
        """The candidate taken."""
        return self.found[self.selection.taken]

    @property
    def agrees(self) -> bool:
        """Whether the description length speaks for the same size; a kernel has none."""
        return self.taken.components in (0, self.shortest)

    @property
    def settled(self) -> bool:
        """Whether it may be said plainly."""
        return self.selection.settled and self.agrees


def verdict_of(study: Study) -> Verdict | None:
    """The simplest candidate within one standard error of the best; None where none could be judged."""
    found = candidates(study)
    if not any(candidate.score for candidate in found):
        return None
    return Verdict(found, select([candidate.score for candidate in found]), study.shortest.components)


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


@long(16, "Comparing the two …")
def compared(first: Sample, second: Sample) -> tuple[Estimate | str, Estimate | str]:
    """D(a‖b) and D(b‖a) from the samples, each with its interval, or why there is none."""
    found = []
    for a, b in ((first, second), (second, first)):
        try:
            found.append(kl_from_samples(a.values, b.values))
        except ValueError as refused:
            found.append(str(refused))
    return tuple(found)


@long(16, "Fitting the points in the plane …")
def plane_of(first: Sample, second: Sample) -> list[PointsFit | NotFitted] | str:
    """Gaussians of full covariance fitted to the pairs as points, sizes 1 to 4; or why there are none."""
    try:
        return points_fits(np.column_stack([first.values, second.values]), MOST_IN_PLANE)
    except ValueError as refused:
        return str(refused)


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
    best = fits_of(question.sample)[question.components - 1]
    kernel = kernel_density(Empirical.of(question.sample.values), question.bandwidth)
    return Fits(kernel, None if isinstance(best, NotFitted) else best.q)


def answered(question: Question, show: Callable[[float, str], object] = lambda share, what: None) -> Scene:
    """The scene; `show` is told how far the study is, and what comes next."""
    show(0.0, f"Fitting 1 to {MOST_COMPONENTS} Gaussians")
    fits = first_fits(question)
    study = study_of(question.sample, show)
    if fits.forward is None:
        return Scene(question, study, fits, None)
    pair = both_directions(question.sample, study.reference.components, question.components)
    return Scene(question, study, Fits(fits.kernel, fits.forward, pair.reverse), pair)


def study_of(sample: Sample, show: Callable[[float, str], object]) -> Study:
    """The study, piece by piece; `show` is told the share done and what is next."""
    show(0.2, f"Fitting them {REPEATS} times without each of {FOLDS} parts")
    sizes = sizes_of(sample)
    reference = reference_of(sizes).components
    show(0.7, "Kernel densities of 13 bandwidths")
    kernels = kernel_study(sample)
    show(0.9, "The other direction")
    mode = mode_score(sample, reference)
    single = both_directions(sample, reference, 1)
    memory = memory_failures(sample, reference, float(kernels.bandwidths[-1])) if kernels else None
    return Study(sample.values.size, sizes, kernels, mode, single, memory)
