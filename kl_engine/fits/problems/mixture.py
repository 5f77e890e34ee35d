"""A mixture q of several Gaussians on the line, in either direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture
from kl_engine.divergences.line import kl_divergence
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.estimates.tolerances import SAME
from kl_engine.fits.descent import descend
from kl_engine.fits.expectation_maximisation import expectation_maximisation
from kl_engine.fits.mixture import MixtureObjective, mixture_at, place_of
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.problem import Found, Searched, best_first
from kl_engine.fits.problems.starts import mixture_starts

EM_STEPS, EM_TOLERANCE = 100, 1e-2  # EM comes near, slowly; Newton's method ends it


@dataclass(frozen=True)
class MixtureProblem(Searched):
    """Forward by EM on the population, whose expectations are quadratures, each step lowering D(p‖q); when no parameter
    moves by more than 1 %, or after 100 steps, Newton's method takes over. Reverse by that alone.

    Places are in units in which p has mean 0 and std 1.
    """

    flat = "a component repeats another or has no weight to speak of, and fewer would do"

    def __post_init__(self) -> None:
        if not isinstance(self.aim, Direction):
            raise refuse("objective", '"forward" or "reverse", as the family is a mixture', self.aim)

    @property
    def components(self) -> int:
        """The number of components of q."""
        return self.family.components

    @cached_property
    def objective(self) -> MixtureObjective:
        """What a search sees."""
        p = GaussianMixture(self.p.weights, (self.p.means - self.p.mean) / self.p.std, self.p.stds / self.p.std)
        return MixtureObjective(p, self.aim, self.components)

    def exact(self, first: np.ndarray | None) -> tuple[GaussianMixture, str] | None:
        """p itself, where q may have as many components and no start says otherwise; D is then 0.

        Its heaviest components are cut in two of equal mean and std as often as needed.
        """
        extra = self.components - self.p.weights.size
        if first is not None or extra < 0:
            return None
        weights, means, stds = (list(array) for array in (self.p.weights, self.p.means, self.p.stds))
        for _ in range(extra):
            heaviest = int(np.argmax(weights))
            weights[heaviest] /= 2
            for values in (weights, means, stds):
                values.append(values[heaviest])
        told = f"; {extra} of the components repeat others, for p has only {self.p.weights.size}" if extra else ""
        return GaussianMixture(weights, means, stds), f"exact: p itself{told}"

    def begin(self, start: object) -> np.ndarray:
        """The start, which has as many components as q."""
        if not isinstance(start, Gaussian | GaussianMixture) or start.weights.size != self.components:
            raise refuse("start", f"a mixture of {self.components} components, as many as asked for", start)
        return self.place(start)

    def led(self, first: np.ndarray) -> Found:
        """Where a start leads."""
        return self._ends([first])[0]

    def search(self) -> tuple[list[Found], int]:
        """The distinct ends of the merged runs and the chosen components of p (see `mixture_starts`)."""
        ends = self._ends([self.place(start) for start in mixture_starts(self.p, self.components)])
        found: list[Found] = []
        for row in best_first([float(end.terms.value[0]) for end in ends], range(len(ends))):
            if not any(self.same(self.q(ends[row].place), self.q(other.place)) for other in found):
                found.append(ends[row])
        return found, len(ends)

    def _ends(self, starts: Sequence[np.ndarray]) -> list[Found]:
        before = [[start] for start in starts]
        if self.objective.forward:
            ascents = (
                expectation_maximisation(self.objective.nodes, mixture_at(start), EM_STEPS, EM_TOLERANCE)
                for start in starts
            )
            before = [[place_of(q) for q in ascent.history] for ascent in ascents]
        descent = descend(self.objective, np.array([way[-1] for way in before]))
        found = [Found.of(descent, row) for row in range(len(starts))]
        ways = [np.array([*way[:-1], *each.way]) for way, each in zip(before, found)]
        return [each._replace(way=way, effort=f"after {len(way) - 1} steps") for each, way in zip(found, ways)]

    def place(self, q: Mixture) -> np.ndarray:
        """Weighted, means and stds, in the units of p."""
        means, stds = (q.means - self.p.mean) / self.p.std, q.stds / self.p.std
        return np.concatenate([q.weights, means, stds])

    def q(self, place: np.ndarray) -> GaussianMixture:
        """The mixture of a place."""
        q = mixture_at(place)
        return GaussianMixture(q.weights, self.p.mean + self.p.std * q.means, self.p.std * q.stds)

    def value(self, q: GaussianMixture) -> Estimate:
        """D(p‖q) or D(q‖p), in nats."""
        return kl_divergence(*((self.p, q) if self.objective.forward else (q, self.p)))

    def path(self, way: np.ndarray, value: Estimate | None = None) -> Path:
        """The mixtures, with the divergence at each."""
        qs = [self.q(place) for place in way]
        parameters = {name: np.array([getattr(q, name) for q in qs]) for name in ("weights", "means", "stds")}
        return Path.of(GaussianMixture, parameters, [self.value(q) for q in qs])

    def same(self, first: GaussianMixture, second: GaussianMixture) -> bool:
        """Whether two q's are one, whatever the order of their components: by the divergence between them."""
        return kl_divergence(first, second).value <= SAME**2
