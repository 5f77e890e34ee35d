"""The fits of a posterior that is known by quadrature: its reverse fit is the belief of least free energy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.fits import families
from kl_engine.fits.paths import Path
from kl_engine.fits.problems.gaussian import GaussianProblem
from kl_engine.fits.problems.problem import Aim, problem_of
from kl_engine.fits.problems.starts import run_starts
from kl_engine.inference.gaussian_terms import divergence_from, surprisal_of
from kl_engine.inference.posterior_objective import PosteriorObjective
from kl_engine.inference.posteriors import NumericPosterior, modes_of

NEGLIGIBLE = 1e-12  # of the posterior mass: a mode below it is a start by itself, and in no run of neighbours


@dataclass(frozen=True)
class PosteriorProblem(GaussianProblem):
    """One Gaussian q for a posterior of a model of a number that is not conjugate."""

    known = Certainty.ESTIMATED  # its moments are integrals

    @cached_property
    def objective(self) -> PosteriorObjective:
        """What a search sees."""
        return PosteriorObjective(self.p.model, self.p.x, surprisal_of(self.p.model, self.p.x), self.std is not None)

    def is_gaussian(self) -> bool:
        """It is not: a Gaussian posterior is a `Gaussian`."""
        return False

    def starts(self) -> np.ndarray:
        """The bell at each mode of the posterior; the moments of each run of neighbouring modes, and of the whole."""
        modes = modes_of(self.p.model, self.p.x)
        masses = np.array([np.exp(mode.height - modes[0].height) * mode.std for mode in modes])
        kept = [i for i, mass in enumerate(masses) if mass > NEGLIGIBLE * masses.sum()]
        bells = np.array([(mode.z, mode.std) for mode in modes])
        runs = run_starts(GaussianMixture(masses[kept] / masses[kept].sum(), *bells[kept].T))
        found = [*bells.tolist(), *runs.tolist(), (self.p.mean, self.p.std)]
        starts = np.array(list(dict.fromkeys(map(tuple, found))))
        if self.std is not None:
            starts[:, 1] = self.std
        return starts

    def value(self, q: Gaussian) -> Estimate:
        """D(posterior‖q) or D(q‖posterior), in nats."""
        if self.aim is Direction.FORWARD:
            return self.p.kl_divergence(q)
        return divergence_from(self.p, q)

    def path(self, way: np.ndarray, value: Estimate | None = None) -> Path:
        """The Gaussians, with the divergence at each."""
        if self.aim is Direction.REVERSE:
            return super().path(way, value)
        return Path.of(Gaussian, Path.places(way), [self.value(self.q(place)) for place in way])


@problem_of.register(NumericPosterior)
def problem_of_a_posterior(p: NumericPosterior, aim: Aim, family: families.Family | None) -> PosteriorProblem:
    """A Gaussian q, in either direction."""
    if not isinstance(aim, Direction):
        raise refuse("objective", '"forward" or "reverse", as p is a posterior by quadrature', aim)
    return PosteriorProblem(p, aim, families.on_the_line(family))
