"""What the free energy view is asked: a model, an observation, a belief, and whether the belief is fitted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kl_engine import Categorical, Gaussian, GaussianMixture
from kl_engine.distributions import Beta
from kl_engine.inference import BernoulliModel, BetaModel, CategoricalModel, GaussianModel, PoissonModel
from pages.ui.state import session
from pages.ui.state.fields import Choice, Field
from pages.ui.state.number_lists import numbers_of
from pages.ui.views.free_energy.stories import COIN, COUNTS, FINITE, LINE, LINKS, ON_THE_LINE, ONES, STORIES, Story

SPLIT, CONSTANT, DIRECTIONS, BOUNDS = "split", "constant", "directions", "bounds"
FITTED = "fitted"


STORY = Choice("story", "Model", {key: story.title for key, story in STORIES.items()})
BELIEF = Choice("q_is", "q", {"set": "q as set", FITTED: "q fitted"}, was={"as set": "set"})
VIEW = Choice(  # what the third column shows of the same answer
    "view",
    "Third column",
    {SPLIT: "Terms", CONSTANT: "Constant", DIRECTIONS: "Fits", BOUNDS: "Bounds"},
    was={"Directions": DIRECTIONS},
)
FIELDS = (STORY, BELIEF, VIEW)
LINK = Choice("link", "Link g(z)", {name: name for name in LINKS})

Posed = tuple[object, object, object]  # a model, its data, the belief that is set
FARTHEST = 1000.0  # of a further x from 0
MOST_COUNTED = 10_000
CLASS = re.compile(r"\b[A-Z]\w+(?=\()")


@dataclass(frozen=True)
class Question:
    """A model of the story's family, what was observed, and a belief: as it is set, or fitted from there.

    `values` are those of the story's sliders; `link` is of a model with Gaussian noise, `outcome` of one with two
    states; `seen` are the observations that were typed.
    """

    key: str
    values: tuple[float, ...]
    link: str = ""
    outcome: int = 0
    fitted: bool = False
    seen: tuple[float, ...] = ()

    @property
    def story(self) -> Story:
        """The story that it began with."""
        return STORIES[self.key]

    @property
    def family(self) -> str:
        """FINITE, COIN, or one ON_THE_LINE."""
        return self.story.family

    @property
    def on_the_line(self) -> bool:
        """Whether the latent is a number z, and q a Gaussian."""
        return self.family in ON_THE_LINE

    def posed(self) -> Posed:
        """The model, its data, and the belief that is set."""
        return MAKERS[self.family](self, *self.values)

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
{BOUNDED}{MORE if self.on_the_line else ""}"""


def fields_of(story: Story) -> tuple[Field, ...]:
    """What can be set of a model: its sliders, what is typed, and last the link or the outcome where it has any."""
    if story.family == LINE:
        return (*story.sliders, story.box, replace(LINK, begins_with=story.link))
    if story.box:
        return (*story.sliders, story.box)
    if story.family == FINITE:
        return (*story.sliders, Choice("outcome", "Seen", {str(x): name for x, name in enumerate(story.outcomes)}))
    return story.sliders


def take_story() -> None:
    """Set every control as the story has it that a person has just chosen."""
    session.put(STORIES[STORY.value].settings())


def asked(story: Story, values: list) -> Question:
    """The question of the chosen story and of the values of its fields, in their order.

    ValueError says what of the typed observations cannot be one.
    """
    numbers, more = tuple(values[: len(story.sliders)]), values[len(story.sliders) :]
    link = more[-1] if story.family == LINE else ""
    outcome = int(more[0]) if story.family == FINITE else 0
    seen = observed(story.family, more[0]) if story.box else ()
    return Question(STORY.value, numbers, link, outcome, BELIEF.value == FITTED, seen)


def observed(family: str, text: str) -> tuple[float, ...]:
    """The typed observations of a family; ValueError says what one of them should have been."""
    seen = numbers_of(text, whole=family != LINE)
    if family != LINE and not seen:
        raise ValueError("type at least one observation")
    low, high = {LINE: (-FARTHEST, FARTHEST), ONES: (0, 1), COUNTS: (0, MOST_COUNTED)}[family]
    for value in seen:
        if not low <= value <= high:
            allowed = "0 or 1" if family == ONES else f"from {low:g} to {high:g}".replace("-", "−")
            raise ValueError(f"“{value:g}” is not {allowed}")
    return seen


def _finite(question: Question, prior: float, first: float, second: float, q: float) -> Posed:
    likelihood = [[first, second], [1 - first, 1 - second]]
    return CategoricalModel([prior, 1 - prior], likelihood), question.outcome, Categorical([q, 1 - q])


def _line(
    question: Question, mean: float, std: float, gap: float, noise: float, x: float, q: float, width: float
) -> Posed:
    model = GaussianModel(_prior(mean, std, gap), LINKS[question.link], noise)
    return model, (x, *question.seen) if question.seen else x, Gaussian(q, width)


def _ones(question: Question, mean: float, std: float, gap: float, q: float, width: float) -> Posed:
    return BernoulliModel(_prior(mean, std, gap)), question.seen, Gaussian(q, width)


def _counts(question: Question, mean: float, std: float, gap: float, q: float, width: float) -> Posed:
    return PoissonModel(_prior(mean, std, gap)), question.seen, Gaussian(q, width)


def _prior(mean: float, std: float, gap: float) -> Gaussian | GaussianMixture:
    """One Gaussian, or two equal ones so far apart."""
    return GaussianMixture([0.5, 0.5], [mean - gap / 2, mean + gap / 2], [std, std]) if gap else Gaussian(mean, std)


def _coin(_: Question, a: float, b: float, heads: float, tails: float, q_a: float, q_b: float) -> Posed:
    return BetaModel(a, b), (int(heads), int(tails)), Beta(q_a, q_b)


BOUNDED = """
from kl_engine.inference import alpha_bound, importance_bound

for draws in (5, 50):
    print("log p(x) is at least", importance_bound(model, q, x, draws).value, "by", draws, "draws of q")
print("log p(x) is at least", alpha_bound(model, q, x, 0.5).value, "by order 1/2")
"""
MORE = """
from kl_engine.inference import expectation_propagation, laplace_approximation

propagated = expectation_propagation(model, x)
print("EP:", propagated.status, propagated.q, "Laplace:", laplace_approximation(model, x))
"""


MAKERS = {FINITE: _finite, LINE: _line, COIN: _coin, ONES: _ones, COUNTS: _counts}


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
    if name in ("BernoulliModel", "PoissonModel"):
        return f"{name}({thing.prior!r})"
    return repr(thing)
