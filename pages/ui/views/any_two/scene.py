"""Everything the page shows of one question: engine results and nothing drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine import Estimate, jensen_shannon, kl_divergence, total_variation
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import CountDistribution
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LineDistribution
from pages.ui.cache.kept import kept
from pages.ui.views.any_two.question import Question

POINTS = 401
SHARE = 1e-4  # of the mass, beyond which a density is not drawn
MOST_BARS = 60
WIDEST = 12.0  # times the narrower one's range: a heavy tail does not set the axis alone


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
    refusal: str = ""

    @property
    def kind(self) -> str:
        """What is drawn: "line", "bars" or "" for nothing."""
        if all(isinstance(d, (Gaussian, GaussianMixture, LineDistribution)) for d in (self.p, self.q)):
            return "line"
        return "bars" if all(isinstance(d, (Categorical, CountDistribution)) for d in (self.p, self.q)) else ""


@kept(256)
def answered(question: Question) -> Scene:
    """Both directions. What cannot be read or compared becomes a `refusal`, and the page still stands."""
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
    return Scene(question, p, q, forward, reverse, *others)


def grid(scene: Scene) -> np.ndarray:
    """The places at which both are drawn."""
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
        low, high = d.support
        reach = 6 * d.std + 3
        return max(low, math.floor(d.mean - reach)), min(high, math.ceil(d.mean + reach))
    if isinstance(d, (Gaussian, GaussianMixture)):
        return float((d.means - 4 * d.stds).min()), float((d.means + 4 * d.stds).max())
    low, high = (float(d.quantile(u)) for u in (SHARE, 1 - SHARE))
    return (d.support[0] if math.isfinite(d.support[0]) else low), (
        d.support[1] if math.isfinite(d.support[1]) else high
    )


def log_masses(d: object, x: np.ndarray) -> np.ndarray:
    """The log density or the log probability at each place; −inf where there is none."""
    if isinstance(d, Categorical):
        k = x.astype(int)
        inside = (k >= 0) & (k < d.probs.size)
        return np.where(inside, d.log_prob[np.clip(k, 0, d.probs.size - 1)], -np.inf)
    return d.log_pmf(x) if isinstance(d, CountDistribution) else d.log_pdf(x)
