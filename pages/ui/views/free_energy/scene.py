"""Everything the free energy view shows of one state: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import (
    BeliefPath,
    Beta,
    BetaModel,
    Categorical,
    CategoricalModel,
    Estimate,
    Fit,
    FreeEnergy,
    Gaussian,
    GaussianMixture,
    GaussianModel,
    Path,
    forward_divergence,
    free_energy,
    free_energy_flow,
    free_energy_optima,
    minimise_free_energy,
    moment_matched_posterior,
    posterior,
)
from pages.ui.views.free_energy.stories import COIN, FINITE, LINE, LINKS

FRAMES = 121
ROOM_FOR_NAMES = 0.3  # of the way between q and the far end of the posterior


@dataclass(frozen=True)
class Situation:
    """A model, its data, the belief as set and as fitted from there, and the descent between the two."""

    family: str
    model: object
    x: object
    start: object
    fit: Fit
    descent: Path | BeliefPath
    at_start: FreeEnergy
    at_fit: FreeEnergy
    posterior: object
    optima: tuple[Fit, ...]  # of a model on the line: every minimum found, best first

    def shown(self, fitted: bool) -> FreeEnergy:
        """The terms of the belief as fitted or as set."""
        return self.at_fit if fitted else self.at_start

    def belief(self, fitted: bool) -> object:
        """The belief as fitted or as set."""
        return self.fit.q if fitted else self.start

    @property
    def exact(self) -> bool:
        """Whether q's family holds the posterior."""
        return self.family != LINE or isinstance(self.posterior, Gaussian)


def situation(family: str, link: str, outcome: int, values: tuple[float, ...]) -> Situation:
    """The state that the controls say; ValueError where x has probability 0, RuntimeError where no descent ends."""
    model, x, start = MAKERS[family](link, outcome, *values)
    target = posterior(model, x)
    fit = minimise_free_energy(model, x, start)
    return Situation(
        family,
        model,
        x,
        start,
        fit,
        free_energy_flow(model, x, start, FRAMES),
        free_energy(model, start, x),
        free_energy(model, fit.q, x),
        target,
        free_energy_optima(model, x) if family == LINE else (),
    )


def _finite(_: str, outcome: int, prior: float, first: float, second: float, q: float) -> tuple:
    likelihood = [[first, second], [1 - first, 1 - second]]
    return CategoricalModel([prior, 1 - prior], likelihood), outcome, Categorical([q, 1 - q])


def _line(
    link: str, _: int, mean: float, std: float, gap: float, noise: float, x: float, q: float, width: float
) -> tuple:
    prior = GaussianMixture([0.5, 0.5], [mean - gap / 2, mean + gap / 2], [std, std]) if gap else Gaussian(mean, std)
    return GaussianModel(prior, LINKS[link], noise), x, Gaussian(q, width)


def _coin(_: str, __: int, a: float, b: float, heads: float, tails: float, q_a: float, q_b: float) -> tuple:
    return BetaModel(a, b), (int(heads), int(tails)), Beta(q_a, q_b)


MAKERS = {FINITE: _finite, LINE: _line, COIN: _coin}


def along_mean(found: Situation, q: object, points: int = 49) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of q's mean (its spread as it is), with F and D(q‖posterior) at each, in nats."""
    places, beliefs = _moved(found, q, points)
    terms = [free_energy(found.model, belief, found.x) for belief in beliefs]
    return places, *(np.array([getattr(term, name).value for term in terms]) for name in ("value", "divergence"))


def _moved(found: Situation, q: object, points: int) -> tuple[np.ndarray, list]:
    """The belief moved through its range."""
    if isinstance(q, Categorical):
        places = np.linspace(0, 1, points)
        return places, [Categorical([place, 1 - place]) for place in places]
    if isinstance(q, Beta):
        places, total = np.linspace(0.02, 0.98, points), q.a + q.b
        return places, [Beta(place * total, (1 - place) * total) for place in places]
    centre, reach = found.posterior.mean, 2.5 * found.posterior.std
    room = ROOM_FOR_NAMES * (abs(q.mean - centre) + reach)  # on either side of q
    places = np.linspace(min(centre - reach, q.mean - room), max(centre + reach, q.mean + room), points)
    return places, [Gaussian(place, q.std) for place in places]


def forward_fit(found: Situation) -> tuple[object, FreeEnergy, Estimate]:
    """The forward fit of the posterior in q's family, its free energy, and D(posterior‖it)."""
    q = moment_matched_posterior(found.model, found.x) if found.family == LINE else found.posterior
    return q, free_energy(found.model, q, found.x), forward_divergence(found.model, q, found.x)
