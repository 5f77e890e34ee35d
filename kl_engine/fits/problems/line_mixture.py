"""Any p on the line, and a mixture of several Gaussians as q."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import GaussianMixture, Mixture
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.divergences.any_line import entropy, kl_divergence
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.fits.mixture import MixtureObjective
from kl_engine.fits.problems.line_starts import DOUBLINGS, modes_of
from kl_engine.fits.problems.mixture import MixtureProblem
from kl_engine.fits.problems.problem import Found, best_first
from kl_engine.quadrature.moments import rule_of
from kl_engine.quadrature.panels import RULE
from kl_engine.quadrature.truncation import REACH

FAR = 1e4  # widths of p
SCALES = (0.4, 1.0, 2.5)  # of the stds of starts


class Masses:
    """Places with masses, and log p there."""

    def __init__(self, x: np.ndarray, masses: np.ndarray, log_p: np.ndarray | None = None) -> None:
        self.x, self.masses, self.log_p = x, masses, log_p

    def standardised(self, q: GaussianMixture) -> np.ndarray:
        """(x − mean)/std for each component of `q`: (K, n)."""
        return (self.x - q.means[:, None]) / q.stds[:, None]


class AnyMixtureObjective(MixtureObjective):
    """The two directions between a mixture q and a p that is known by its log density."""

    @cached_property
    def own(self) -> float:
        """H[p], which no q changes."""
        return entropy(self.p).value

    @cached_property
    def _under_p(self) -> Masses:
        return Masses(*rule_of(self.p))

    @cached_property
    def _cuts(self) -> np.ndarray:
        middle, width = self.p.typical
        about = [middle - width * DOUBLINGS, [middle], middle + width * DOUBLINGS]
        return np.concatenate([*about, self.p.bends, self.p.breaks])

    @ieee
    def nodes(self, q: GaussianMixture) -> Masses:
        """A rule under p (forward), the same for every q; under q (reverse) on panels that follow both."""
        if self.forward:
            return self._under_p
        marks = np.linspace(-REACH, REACH, 10)
        own = (q.means[:, None] + q.stds[:, None] * marks).ravel()
        inner = self._cuts[(self._cuts > own.min()) & (self._cuts < own.max())]
        edges = np.unique(np.concatenate([own, inner]))
        half = np.diff(edges) / 2
        x = ((edges[:-1] + half)[:, None] + half[:, None] * RULE.nodes).ravel()
        masses = np.exp(q.log_pdf(x)) * (half[:, None] * RULE.weights[:, 0]).ravel()
        return Masses(x, masses, self.p.log_pdf(x))

    def curving(self, nodes: Masses) -> np.ndarray:
        """Those near p: far out z⁴ would cancel, of which the sum diverges under a t; Newton's method needs no more."""
        return np.where(np.abs(nodes.x) < FAR, nodes.masses, 0.0)

    def log_p(self, nodes: Masses) -> np.ndarray:
        """log p at the nodes of a rule under q."""
        return nodes.log_p

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The divergence, and its error, for every row."""
        qs = [GaussianMixture(*place.reshape(3, -1)) for place in places]
        found = [kl_divergence(*((self.p, q) if self.forward else (q, self.p))) for q in qs]
        return np.array([each.value for each in found]), np.array([each.error for each in found])


@dataclass(frozen=True)
class LineMixtureProblem(MixtureProblem):
    """Forward by EM over a rule for p and Newton's method; reverse by that alone. Places are in units of p's width."""

    flat = "a component repeats another or has no weight to speak of, and fewer would do"

    @cached_property
    def frame(self) -> tuple[float, float]:
        """The middle of p, and its width."""
        return tuple(map(float, self.p.typical))

    @cached_property
    def objective(self) -> AnyMixtureObjective:
        """What a search sees."""
        return AnyMixtureObjective(_Standard(self.p, *self.frame), self.aim, self.components)

    def exact(self, first: np.ndarray | None) -> None:
        """Never."""
        return None

    def search(self) -> tuple[list[Found], int]:
        """The distinct ends of starts that follow the mass of p, its modes, and one middle with several widths."""
        ends = self._ends([np.concatenate([q.weights, q.means, q.stds]) for q in self._begins()])
        found: list[Found] = []
        for row in best_first([float(end.terms.value[0]) for end in ends], range(len(ends))):
            if not any(self.same(self.q(ends[row].place), self.q(other.place)) for other in found):
                found.append(ends[row])
        return found, len(ends)

    def _begins(self) -> list[GaussianMixture]:
        """In units of p's width."""
        p, k = self.objective.p, self.components
        shares = np.full(k, 1 / k)
        spread = np.linspace(-1, 1, k)
        begins = [GaussianMixture(shares, reach * spread, np.full(k, size)) for reach in SCALES for size in (0.5, 1.2)]
        begins.append(GaussianMixture(shares, 0.01 * spread, 2.0 ** np.linspace(-1, 2, k)))
        modes = sorted(modes_of(p), key=lambda mode: -float(p.log_pdf(mode[0])))[:k]
        if len(modes) == k:
            begins.append(GaussianMixture(shares, *map(list, zip(*modes))))
        return begins

    def place(self, q: Mixture) -> np.ndarray:
        """Weights, means and stds, in the units of p."""
        middle, width = self.frame
        return np.concatenate([q.weights, (q.means - middle) / width, q.stds / width])

    def q(self, place: np.ndarray) -> GaussianMixture:
        """The mixture of a place."""
        middle, width = self.frame
        weights, means, stds = place.reshape(3, -1)
        return GaussianMixture(weights, middle + width * means, width * stds)

    def value(self, q: GaussianMixture) -> Estimate:
        """D(p‖q) or D(q‖p), in nats."""
        return kl_divergence(*((self.p, q) if self.aim is Direction.FORWARD else (q, self.p)))


class _Standard(LineDistribution):
    """p in units of its width about its middle."""

    def __init__(self, p: LineDistribution, middle: float, width: float) -> None:
        self.p, self.middle, self.width = p, middle, width

    @property
    def support(self) -> tuple[float, float]:
        return tuple((end - self.middle) / self.width for end in self.p.support)

    @property
    def ends(self):
        return self.p.ends

    @property
    def bends(self) -> tuple[float, ...]:
        return tuple((x - self.middle) / self.width for x in self.p.bends)

    @property
    def breaks(self) -> tuple[float, ...]:
        return tuple((x - self.middle) / self.width for x in self.p.breaks)

    @property
    def typical(self) -> tuple[float, float]:
        return 0.0, 1.0

    def log_pdf(self, x) -> np.ndarray:
        return self.p.log_pdf(self.middle + self.width * np.asarray(x, dtype=np.float64)) + np.log(self.width)

    def near_low(self, t) -> np.ndarray:
        return self.p.near_low(self.width * np.asarray(t, dtype=np.float64)) + np.log(self.width)

    def near_high(self, t) -> np.ndarray:
        return self.p.near_high(self.width * np.asarray(t, dtype=np.float64)) + np.log(self.width)
