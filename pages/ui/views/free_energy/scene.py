"""Everything the free energy view shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine import Categorical, Direction, Estimate, Gaussian, Solution, fit
from kl_engine.distributions import Beta
from kl_engine.inference import (
    Confidence,
    FreeEnergy,
    alpha_bound,
    confidence,
    expectation_propagation,
    forward_divergence,
    free_energy,
    importance_bound,
    laplace_approximation,
    moment_matched_posterior,
    posterior,
)
from kl_engine.optima import Path, flow
from pages.ui.cache.kept import kept
from pages.ui.views.free_energy.question import Question

FRAMES = 121
PLACES = 49  # of q's mean, at which both curves are drawn
DRAWS = (1, 2, 5, 10, 20, 50, 100, 200)  # K of the importance-weighted bounds
ORDERS = (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)  # α of the others
FORWARD, REVERSE, EP, LAPLACE = "forward", "reverse", "EP", "Laplace"
ROOM_FOR_NAMES = 0.3  # of the way between q and the far end of the posterior


@dataclass(frozen=True, eq=False)
class Scene:
    """A model, its data, the belief as set and as fitted from there, and the descent between the two."""

    question: Question
    model: object
    x: object
    start: object
    fit: Solution
    descent: Path  # its values are D(q‖posterior)
    at_start: FreeEnergy
    at_fit: FreeEnergy
    posterior: object
    optima: tuple[Solution, ...]  # of a model on the line: every minimum found, best first

    @property
    def family(self) -> str:
        """The family of the model."""
        return self.question.family

    @property
    def terms(self) -> FreeEnergy:
        """The terms of the belief that is asked about: as fitted, or as set."""
        return self.at_fit if self.question.fitted else self.at_start

    @property
    def belief(self) -> object:
        """The belief that is asked about."""
        return self.fit.q if self.question.fitted else self.start

    @property
    def falling(self) -> np.ndarray:
        """(FRAMES,) F along the descent, in nats: the divergence, and the surprisal that no belief changes."""
        return self.descent.kl + self.at_fit.surprisal.value

    @property
    def exact(self) -> bool:
        """Whether q's family holds the posterior."""
        return not self.question.on_the_line or isinstance(self.posterior, Gaussian)


@kept(256)
def answered(question: Question) -> Scene:
    """The scene: a few ms. ValueError where x has probability 0, RuntimeError where no descent ends."""
    model, x, start = question.posed()
    target = posterior(model, x)
    found = fit(target, Direction.REVERSE, start=start)
    return Scene(
        question,
        model,
        x,
        start,
        found,
        flow(target, Direction.REVERSE, start, FRAMES),
        free_energy(model, start, x),
        free_energy(model, found.q, x),
        target,
        found.optima if question.on_the_line else (),
    )


@kept(256)
def along_mean(question: Question) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of q's mean (its spread as it is), with F and D(q‖posterior) at each, in nats."""
    scene = answered(question)
    places, beliefs = _moved(scene)
    terms = [free_energy(scene.model, belief, scene.x) for belief in beliefs]
    return places, *(np.array([getattr(term, name).value for term in terms]) for name in ("value", "divergence"))


def _moved(scene: Scene) -> tuple[np.ndarray, list]:
    """The belief moved through its range."""
    q = scene.belief
    if isinstance(q, Categorical):
        places = np.linspace(0, 1, PLACES)
        return places, [Categorical([place, 1 - place]) for place in places]
    if isinstance(q, Beta):
        places, total = np.linspace(0.02, 0.98, PLACES), q.a + q.b
        return places, [Beta(place * total, (1 - place) * total) for place in places]
    centre, reach = scene.posterior.mean, 2.5 * scene.posterior.std
    room = ROOM_FOR_NAMES * (abs(q.mean - centre) + reach)  # on either side of q
    places = np.linspace(min(centre - reach, q.mean - room), max(centre + reach, q.mean + room), PLACES)
    return places, [Gaussian(place, q.std) for place in places]


@dataclass(frozen=True, eq=False)
class NamedFit:
    """One fit of the posterior: its free energy, D(posterior‖q), and how sure of itself it is."""

    name: str
    q: Gaussian
    terms: FreeEnergy
    forward: Estimate
    measured: Confidence


@dataclass(frozen=True, eq=False)
class NamedFits:
    """The fits of one posterior, the forward one first, then the reverse one; and why EP or Laplace has none.

    `is_local` says that EP found its q about one mode alone.
    """

    rows: tuple[NamedFit, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    is_local: bool = False

    def __getitem__(self, name: str) -> NamedFit | None:
        """The fit of a name; None where it is left out."""
        return next((fit for fit in self.rows if fit.name == name), None)


@kept(64)
def fits_of(question: Question) -> NamedFits:
    """By the posterior's moments, by the descent, by propagation, by the parabola at the top; none off the line."""
    if not question.on_the_line:
        return NamedFits()
    scene, left_out = answered(question), []
    model, x = scene.model, scene.x
    found = {FORWARD: moment_matched_posterior(model, x), REVERSE: scene.fit.q}
    propagated = expectation_propagation(model, x)
    if propagated.converged:
        found[EP] = propagated.q
    else:
        left_out.append((EP, f"{propagated.status.text} ({propagated.reason})"))
    try:
        found[LAPLACE] = laplace_approximation(model, x)
    except ValueError as fault:
        left_out.append((LAPLACE, str(fault)))
    rows = tuple(
        NamedFit(name, q, free_energy(model, q, x), forward_divergence(model, q, x), confidence(model, q, x))
        for name, q in found.items()
    )
    return NamedFits(rows, tuple(left_out), propagated.converged and propagated.is_local)


@dataclass(frozen=True, eq=False)
class Bounds:
    """Bounds of log p(x) by the q that is asked about: of K draws, and of order α."""

    draws: dict[int, Estimate]
    orders: dict[float, Estimate]


@kept(64)
def bounds_of(question: Question) -> Bounds:
    """Each of DRAWS and of ORDERS."""
    scene = answered(question)
    asked = scene.model, scene.belief, scene.x
    return Bounds(
        {draws: importance_bound(*asked, draws) for draws in DRAWS},
        {alpha: alpha_bound(*asked, alpha) for alpha in ORDERS},
    )
