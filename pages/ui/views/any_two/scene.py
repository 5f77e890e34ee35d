"""Everything the page shows of one question: engine results and nothing drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from kl_engine import (
    Certainty,
    Direction,
    Estimate,
    families,
    fit,
    jensen_shannon,
    kl_divergence,
    kl_from_samples,
    total_variation,
)
from kl_engine.distributions import (
    Affine,
    Bernoulli,
    Beta,
    Binomial,
    Density,
    Dirichlet,
    Exponential,
    Gamma,
    Geometric,
    Laplace,
    LogNormal,
    Mixture,
    NegativeBinomial,
    Poisson,
)
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import CountDistribution
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.divergences import Refused
from kl_engine.estimates.checks import ArgumentError
from kl_engine.quadrature.general import Unsettled
from pages.ui.cache.kept import kept
from pages.ui.say.no_fit import why_no_fit
from pages.ui.views.any_two.question import Question

POINTS = 401
SHARE = 1e-4  # of the mass, beyond which a density is not drawn
MOST_BARS = 60
BINS = 30
WIDTHS = 8.0  # of a density without quantiles, to either side of its middle
WIDEST_TAIL = 1e6  # widths: of a density spread over all scales so much is drawn at most
BESIDE = 1e-9  # widths: on either side of a jump
WIDEST = 5.0  # times the narrower one's range: a heavy tail does not set the axis alone


class Proof(NamedTuple):
    """The lesson of Closed forms in which the form of a pair is derived, and how the pair is one of its kind."""

    lesson: str
    note: str = ""


# Two of one of these families have a closed form that is derived there.
PROOFS: dict[type, Proof] = {
    Gaussian: Proof("gaussians"),
    LogNormal: Proof("gaussians", ", of the logarithms, which are Gaussian"),
    MultivariateGaussian: Proof("multivariate"),
    Bernoulli: Proof("bernoulli"),
    Binomial: Proof("bernoulli", ", times the number of trials"),
    Categorical: Proof("categorical"),
    Geometric: Proof("geometric"),
    NegativeBinomial: Proof("geometric", ", times the number of successes"),
    Poisson: Proof("poisson"),
    Exponential: Proof("exponential"),
    Gamma: Proof("gamma"),
    Beta: Proof("beta"),
    Dirichlet: Proof("dirichlet"),
    Laplace: Proof("laplace"),
}


@dataclass(frozen=True)
class Sampled:
    """Points on the line."""

    values: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """The Gaussian fitted to p in one direction, its divergence, how many optima were found; or why there is none."""

    direction: Direction
    q: Gaussian | None = None
    value: Estimate | None = None
    optima: int = 0
    why_not: str = ""


@dataclass(frozen=True)
class Scene:
    """Both distributions, both directions, and what to draw of them; `refusal` says why there is no number."""

    question: Question
    p: object = None
    q: object = None
    forward: Estimate | None = None
    reverse: Estimate | None = None
    jensen_shannon: Estimate | None = None
    total_variation: Estimate | None = None
    fits: tuple[Fitted, ...] = ()  # of a Gaussian to p: forward, reverse
    refusal: str = ""
    no_interval: tuple[str, ...] = ()  # of samples, why a direction has none: forward, reverse

    @property
    def proof(self) -> Proof | None:
        """Where the closed form of the pair is derived; None where it has none, or none that is derived there."""
        found = PROOFS.get(type(self.p)) if type(self.p) is type(self.q) else None
        closed = self.forward is not None and self.forward.certainty == Certainty.EXACT
        return found if closed and not math.isinf(self.forward.value) else None

    @property
    def mode(self) -> float | None:
        """Where the density of p is highest, where it has one mode only, on the line."""
        x = grid(self)
        if isinstance(self.p, LineDistribution):  # a jump, too, or a kink
            beside = BESIDE * self.p.typical[1]
            x = np.union1d(x, [*self.p.bends, *(at + side * beside for at in self.p.breaks for side in (-1, 0, 1))])
        logs = log_masses(self.p, x)
        peaks = np.flatnonzero((logs[1:-1] > logs[:-2]) & (logs[1:-1] >= logs[2:])) + 1
        return float(x[peaks[0]]) if peaks.size == 1 else None

    @property
    def kind(self) -> str:
        """What is drawn: "line", "bars", "samples" or "" for nothing."""
        if isinstance(self.p, Sampled):
            return "samples"
        if all(isinstance(d, (Gaussian, GaussianMixture, LineDistribution)) for d in (self.p, self.q)):
            return "line"
        return "bars" if all(isinstance(d, (Categorical, CountDistribution)) for d in (self.p, self.q)) else ""


@kept(256)
def answered(question: Question) -> Scene:
    """Both directions. What cannot be read or compared becomes a `refusal`, and the page still stands."""
    if question.samples.strip():
        return _of_samples(question)
    try:
        p, q = question.distributions()
        forward, reverse = kl_divergence(p, q), kl_divergence(q, p)
    except (ValueError, ArithmeticError) as refused:
        return Scene(question, refusal=str(refused))
    others = []
    for verb in (jensen_shannon, total_variation):
        try:
            others.append(verb(p, q))
        except (ValueError, ArithmeticError):  # not every pair has one: the row is left out
            others.append(None)
    scene = Scene(question, p, q, forward, reverse, *others)
    return replace(scene, fits=tuple(_fitted(p, each) for each in Direction)) if scene.kind == "line" else scene


def _of_samples(question: Question) -> Scene:
    """Both directions from two samples."""
    found: list[Estimate | None] = []
    reasons: list[str] = []
    try:
        x, y = question.columns()
        for pair in ((x, y), (y, x)):
            try:
                found.append(kl_from_samples(*pair))
                reasons.append("")
            except Refused as refused:
                found.append(None)
                reasons.append(str(refused))
    except (ValueError, ArithmeticError) as refused:
        return Scene(question, refusal=str(refused))
    if not any(found):
        return Scene(question, refusal=reasons[0])
    return Scene(question, Sampled(x), Sampled(y), *found, no_interval=tuple(reasons))


def _fitted(p: object, direction: Direction) -> Fitted:
    """The best Gaussian of one direction."""
    try:
        found = fit(p, direction, families.Gaussian())
        return Fitted(direction, found.q, found.value, len(found.optima))
    except (ArgumentError, Unsettled, OverflowError) as refused:
        return Fitted(direction, why_not=why_no_fit(p, direction, str(refused)).whole)


def grid(scene: Scene) -> np.ndarray:
    """The places at which both are drawn; of samples the middles of bins, which both share."""
    if scene.kind == "samples":
        both = np.concatenate([scene.p.values, scene.q.values])
        edges = np.linspace(both.min(), both.max(), BINS + 1)
        return (edges[:-1] + edges[1:]) / 2
    if scene.kind == "bars":
        ends = [_ends(d) for d in (scene.p, scene.q)]
        low, high = min(end[0] for end in ends), max(end[1] for end in ends)
        return np.arange(low, min(high, low + MOST_BARS) + 1)
    ends = [_ends(d) for d in (scene.p, scene.q)]
    least = min(high - low for low, high in ends)
    middle = [(low + high) / 2 for low, high in ends]
    reach = [min((high - low) / 2, WIDEST * least / 2) for low, high in ends]
    low = min(m - r for m, r in zip(middle, reach))
    high = max(m + r for m, r in zip(middle, reach))
    narrow = [m + r * np.linspace(-1, 1, POINTS // 2) for m, r in zip(middle, reach)]
    return np.unique(np.concatenate([np.linspace(low, high, POINTS), *narrow]))


def _ends(d: object) -> tuple[float, float]:
    """Between which places nearly all of the mass lies."""
    if isinstance(d, Categorical):
        return 0, d.probs.size - 1
    if isinstance(d, CountDistribution):
        return _ends_of_counts(d)
    if isinstance(d, (Gaussian, GaussianMixture)):
        return float((d.means - 4 * d.stds).min()), float((d.means + 4 * d.stds).max())
    if isinstance(d, Mixture):
        found = [_ends(part) for part in d.parts]
        return min(low for low, _ in found), max(high for _, high in found)
    if isinstance(d, Affine):
        low, high = sorted(d.loc + d.scale * end for end in _ends(d.base))
    elif isinstance(d, Density):
        low, high = (d.centre + side * WIDTHS * d.width for side in (-1, 1))
        low, high = max(low, d.support[0]), min(high, d.support[1])
    else:
        middle, width = d.typical
        low, high = (float(d.quantile(u)) for u in (SHARE, 1 - SHARE))
        low, high = max(low, middle - WIDEST_TAIL * width), min(high, middle + WIDEST_TAIL * width)
    return (d.support[0] if math.isfinite(d.support[0]) else low), (
        d.support[1] if math.isfinite(d.support[1]) else high
    )


def _ends_of_counts(d: CountDistribution) -> tuple[float, float]:
    """Of a tail without moments as many numbers as are drawn."""
    low, high = d.support
    middle, reach = d.mean, 6 * d.std + 3
    if not math.isfinite(middle + reach):
        return low, min(high, low + MOST_BARS)
    return max(low, math.floor(middle - reach)), min(high, math.ceil(middle + reach))


def log_masses(d: object, x: np.ndarray) -> np.ndarray:
    """The log density or the log probability at each place; −inf where there is none."""
    if isinstance(d, Sampled):
        width = x[1] - x[0]
        counts = np.histogram(d.values, BINS, (x[0] - width / 2, x[-1] + width / 2))[0]
        return np.log(counts / (d.values.size * width))
    if isinstance(d, Categorical):
        k = x.astype(int)
        inside = (k >= 0) & (k < d.probs.size)
        return np.where(inside, d.log_prob[np.clip(k, 0, d.probs.size - 1)], -np.inf)
    return d.log_pmf(x) if isinstance(d, CountDistribution) else d.log_pdf(x)
