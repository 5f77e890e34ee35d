"""What the free energy view is asked: a model, an observation, a belief, and whether the belief is fitted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kl_engine import Beta, BetaModel, Categorical, CategoricalModel, Gaussian, GaussianMixture, GaussianModel
from pages.ui.views.free_energy.stories import COIN, FINITE, LINE, LINKS, STORIES, Story

SPLIT, CONSTANT, DIRECTIONS = "split", "constant", "directions"
VIEWS = {SPLIT: "Terms", CONSTANT: "Constant", DIRECTIONS: "Directions"}  # of the third column: of the same answer
BELIEFS = {"set": "as set", "fitted": "fitted"}
Posed = tuple[object, object, object]  # a model, its data, the belief that is set
CLASS = re.compile(r"\b[A-Z]\w+(?=\()")


@dataclass(frozen=True)
class Question:
    """A model of the story's family, what was observed, and a belief: as it is set, or fitted from there.

    `values` are those of the story's sliders; `link` is of a model on the line, `outcome` of one with two states.
    """

    key: str
    values: tuple[float, ...]
    link: str = ""
    outcome: int = 0
    fitted: bool = False

    @property
    def story(self) -> Story:
        """The story that it began with."""
        return STORIES[self.key]

    @property
    def family(self) -> str:
        """FINITE, LINE or COIN."""
        return self.story.family

    def posed(self) -> Posed:
        """The model, its data, and the belief that is set."""
        return MAKERS[self.family](self.link, self.outcome, *self.values)

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        model, x, start = map(_source, self.posed())
        verbs = {"free_energy", "minimise_free_energy", "posterior"}
        names = ", ".join(sorted(verbs | set(CLASS.findall(f"{model} {start}"))))
        return f"""from kl_engine import {names}

# {self.story.title}
model, x = {model}, {x}
start = {start}
fit = minimise_free_energy(model, x, start)
q = {"fit.q" if self.fitted else "start"}
found = free_energy(model, q, x)
print(q, "F =", found.value)  # nats
for term in ("energy", "entropy", "complexity", "accuracy", "divergence", "surprisal"):
    print("  ", term, getattr(found, term))
print("fitted:", fit.q, "F =", free_energy(model, fit.q, x).value)
print(posterior(model, x))
"""


def _finite(_: str, outcome: int, prior: float, first: float, second: float, q: float) -> Posed:
    likelihood = [[first, second], [1 - first, 1 - second]]
    return CategoricalModel([prior, 1 - prior], likelihood), outcome, Categorical([q, 1 - q])


def _line(
    link: str, _: int, mean: float, std: float, gap: float, noise: float, x: float, q: float, width: float
) -> Posed:
    prior = GaussianMixture([0.5, 0.5], [mean - gap / 2, mean + gap / 2], [std, std]) if gap else Gaussian(mean, std)
    return GaussianModel(prior, LINKS[link], noise), x, Gaussian(q, width)


def _coin(_: str, __: int, a: float, b: float, heads: float, tails: float, q_a: float, q_b: float) -> Posed:
    return BetaModel(a, b), (int(heads), int(tails)), Beta(q_a, q_b)


MAKERS = {FINITE: _finite, LINE: _line, COIN: _coin}


def _source(thing: object) -> str:
    """A model, data or a belief as Python."""
    name = type(thing).__name__
    if name == "CategoricalModel":
        return f"CategoricalModel({thing.prior.probs.tolist()}, {thing.likelihood.tolist()})"
    if name == "GaussianModel":
        return f"GaussianModel({thing.prior!r}, {thing.link.tolist()}, {thing.noise_std!r})"
    return repr(thing)
