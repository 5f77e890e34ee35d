"""What the free energy view is asked: a model, an observation, a belief, and whether the belief is fitted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kl_engine import Categorical, Gaussian, GaussianMixture
from kl_engine.distributions import Beta
from kl_engine.inference import BetaModel, CategoricalModel, GaussianModel
from pages.ui.state import session
from pages.ui.state.fields import Choice, Field
from pages.ui.views.free_energy.stories import COIN, FINITE, LINE, LINKS, STORIES, Story

SPLIT, CONSTANT, DIRECTIONS = "split", "constant", "directions"
FITTED = "fitted"


STORY = Choice("story", "Model", {key: story.title for key, story in STORIES.items()})
BELIEF = Choice("q_is", "q", {"set": "as set", FITTED: "fitted"})
VIEW = Choice(  # what the third column shows of the same answer
    "view", "Third column", {SPLIT: "Terms", CONSTANT: "Constant", DIRECTIONS: "Directions"}
)
FIELDS = (STORY, BELIEF, VIEW)
LINK = Choice("link", "Link g(z)", {name: name for name in LINKS})

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
        return f"""{_imports({"fit", "free_energy", "posterior", *CLASS.findall(f"{model} {start}")})}

# {self.story.title}
model, x = {model}, {x}
start = {start}
found = fit(posterior(model, x), "reverse", start=start)  # the minimiser of F, as F = D(q‖posterior) − log p(x)
q = {"found.q" if self.fitted else "start"}
terms = free_energy(model, q, x)
print(q, "F =", terms.value)  # nats
for term in ("energy", "entropy", "complexity", "accuracy", "divergence", "surprisal"):
    print("  ", term, getattr(terms, term))
print("fitted:", found.q, "F =", free_energy(model, found.q, x).value)
print(posterior(model, x))
"""


def fields_of(story: Story) -> tuple[Field, ...]:
    """What can be set of a model: its sliders, and last the link or the outcome where it has any."""
    if story.family == LINE:
        return (*story.sliders, replace(LINK, begins_with=story.link))
    if story.family == FINITE:
        return (*story.sliders, Choice("outcome", "Seen", {str(x): name for x, name in enumerate(story.outcomes)}))
    return story.sliders


def take_story() -> None:
    """Set every control as the story has it that a person has just chosen."""
    session.put(STORIES[STORY.value].settings())


def asked(story: Story, values: list) -> Question:
    """The question of the chosen story and of the values of its fields, in their order."""
    numbers, more = tuple(values[: len(story.sliders)]), values[len(story.sliders) :]
    link = more[0] if story.family == LINE else ""
    outcome = int(more[0]) if story.family == FINITE else 0
    return Question(STORY.value, numbers, link, outcome, BELIEF.value == FITTED)


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


def _imports(names: set[str]) -> str:
    """The lines that import these names from where the engine has them."""
    at_the_top, of_distributions = {"Categorical", "Gaussian", "GaussianMixture", "fit"}, {"Beta"}
    places = {
        "kl_engine": names & at_the_top,
        "kl_engine.distributions": names & of_distributions,
        "kl_engine.inference": names - at_the_top - of_distributions,
    }
    return "\n".join(f"from {place} import {', '.join(sorted(found))}" for place, found in places.items() if found)


def _source(thing: object) -> str:
    """A model, data or a belief as Python."""
    name = type(thing).__name__
    if name == "CategoricalModel":
        return f"CategoricalModel({thing.prior.probs.tolist()}, {thing.likelihood.tolist()})"
    if name == "GaussianModel":
        return f"GaussianModel({thing.prior!r}, {thing.link.tolist()}, {thing.noise_std!r})"
    return repr(thing)
