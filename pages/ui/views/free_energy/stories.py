"""The worked classics of the free energy view as data: a model, its data, a belief to start from, and the source.

To add one, add an entry of STORIES.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pages.ui.state.fields import Slider
from pages.ui.state.number_lists import Listed

FINITE, LINE, COIN = "finite", "line", "coin"  # families of models: two states, a number z, the chance of a coin
ONES, COUNTS = "ones", "counts"  # a number z as well, seen through a logistic link, through an exponential one
ON_THE_LINE = (LINE, ONES, COUNTS)
LINKS = {"z": (0.0, 1.0), "z²": (0.0, 0.0, 1.0), "z³": (0.0, 0.0, 0.0, 1.0)}  # coefficients of g, the constant first
DEFAULT_LINK = "z"


def chance(key: str, label: str, text: str, low: float = 0.0, high: float = 1.0) -> Slider:
    """A probability."""
    return Slider(key, label, low, high, 0.01, 0.5, text)


PRIOR = (
    Slider("prior_mean", "Prior mean", -5.0, 5.0, 0.1, 0.0, "The mean of the prior of z."),
    Slider("prior_std", "Prior std", 0.1, 4.0, 0.05, 1.0, "The std of the prior, or of each of its two modes."),
    Slider("prior_gap", "Modes apart", 0.0, 8.0, 0.1, 0.0, "At 0 the prior is one Gaussian, otherwise two equal ones."),
)
BELIEF = (
    Slider("q_mean", "q mean", -6.0, 6.0, 0.05, 1.0, "The mean of the belief; the descent starts there."),
    Slider("q_std", "q std", 0.05, 4.0, 0.05, 1.0, "The std of the belief; the descent starts there."),
)
SEEN: dict[str, Listed] = {  # what was observed, where it is typed
    LINE: Listed("seen", "Further x", "", "More observations of the same z, with noise of their own.", "0.5, 1.2"),
    ONES: Listed("seen", "Seen: 1 or 0", "", "Each is 1 with probability σ(z) = 1/(1 + e^(−z)).", "1, 0, 1"),
    COUNTS: Listed("seen", "Seen: counts", "", "Each is a Poisson count of mean e^z.", "3, 1, 4"),
}
SLIDERS: dict[str, tuple[Slider, ...]] = {
    FINITE: (
        chance("prior_1", "Prior of {0}", "The other state has the rest.", 0.01, 0.99),
        chance("seen_1", "p({2} ∣ {0})", "The likelihood of the first outcome in the first state."),
        chance("seen_2", "p({2} ∣ {1})", "The likelihood of the first outcome in the second state."),
        chance("q_1", "q of {0}", "The belief in this state; the other state has the rest."),
    ),
    LINE: (
        *PRIOR,
        Slider("noise", "Noise std", 0.1, 4.0, 0.05, 1.0, "x = g(z) + noise of this std."),
        Slider("x", "x", -10.0, 10.0, 0.1, 2.0, "What is observed: the posterior and the surprisal follow it."),
        *BELIEF,
    ),
    COIN: (
        Slider("prior_a", "Prior a", 0.5, 20.0, 0.5, 2.0, "Beta(a, b) of the chance of heads."),
        Slider("prior_b", "Prior b", 0.5, 20.0, 0.5, 2.0, "Beta(a, b) of the chance of heads."),
        Slider("heads", "Heads seen", 0.0, 40.0, 1.0, 7.0, "Flips in a known order that came up heads."),
        Slider("tails", "Tails seen", 0.0, 40.0, 1.0, 3.0, "Flips in a known order that came up tails."),
        Slider("q_a", "q a", 0.5, 60.0, 0.5, 2.0, "The belief Beta(a, b); the descent starts there."),
        Slider("q_b", "q b", 0.5, 60.0, 0.5, 2.0, "The belief Beta(a, b); the descent starts there."),
    ),
    ONES: (*PRIOR, *BELIEF),
    COUNTS: (*PRIOR, *BELIEF),
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A named state of the page: `values` by slider, the link of a model on the line, the names of finite states.

    `seen` is what was observed, as a person types it, where the model has a box for it.
    """

    title: str
    family: str
    values: dict[str, float]
    source: str
    link: str = DEFAULT_LINK
    states: tuple[str, str] = ("state 1", "state 2")
    outcomes: tuple[str, str] = ("outcome 1", "outcome 2")
    seen: str = ""

    @property
    def box(self) -> Listed | None:
        """Where what was observed is typed, with this story's own; None where it is set by sliders alone."""
        return replace(SEEN[self.family], default=self.seen) if self.family in SEEN else None

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The controls of the family, with this story's own defaults and names."""
        names = (*self.states, *self.outcomes)
        return tuple(
            replace(slider, label=slider.label.format(*names), default=self.values.get(slider.key, slider.default))
            for slider in SLIDERS[self.family]
        )

    def settings(self) -> dict[str, object]:
        """What a person finds set when they choose the story."""
        numbers = {slider.key: slider.default for slider in self.sliders}
        numbers |= {self.box.key: self.seen} if self.box else {}
        return numbers | ({"link": self.link} if self.family == LINE else {})


STORIES: dict[str, Story] = {
    "frog": Story(
        "Frog or apple",
        FINITE,
        {"prior_1": 0.1, "seen_1": 0.81, "seen_2": 0.01, "q_1": 0.5},
        "Parr, Pezzulo, Friston, *Active Inference* (2022), ch. 2: is it a frog or an apple? It jumps, or it stays.",
        states=("frog", "apple"),
        outcomes=("jumps", "stays"),
    ),
    "two_states": Story(
        "Two states",
        FINITE,
        {"prior_1": 0.5, "seen_1": 0.8, "seen_2": 0.2, "q_1": 0.5},
        "Smith, Friston, Whyte, *J. Math. Psych.* 107 (2022): the worked example of variational free energy.",
    ),
    "food": Story(
        "Food size",
        LINE,
        {"prior_mean": 3.0, "prior_std": 1.0, "noise": 1.0, "x": 2.0, "q_mean": 1.2, "q_std": 0.6},
        "Bogacz, *J. Math. Psych.* 76 (2017), exercise 1: food of size z reflects light x of mean z².",
        "z²",
    ),
    "coin": Story(
        "Coin",
        COIN,
        {"prior_a": 2.0, "prior_b": 2.0, "heads": 7.0, "tails": 3.0, "q_a": 2.0, "q_b": 4.0},
        "Bayes (1763); the Beta prior is conjugate, so a Beta belief can be exact.",
    ),
    "conjugate": Story(
        "Conjugate Gaussian",
        LINE,
        {"prior_std": 2.0, "x": 2.0, "q_mean": 1.0, "q_std": 0.7},
        "Bishop, *Pattern Recognition and Machine Learning* (2006), 2.3: the posterior is Gaussian, so q can be exact.",
    ),
    "modes": Story(
        "Two modes",
        LINE,
        {"prior_gap": 6.0, "noise": 4.0, "x": 0.0, "q_mean": 1.5, "q_std": 1.0},
        "The reverse fit of the home page, here as variational inference: the posterior has two modes.",
    ),
    "sign": Story(
        "Hidden sign",
        LINE,
        {"noise": 0.5, "x": 2.0, "q_mean": 0.8, "q_std": 0.5},
        "x = z² + noise does not show the sign of z: the posterior has two mirrored modes, and F two equal minima.",
        "z²",
    ),
    "ones": Story(
        "Ones and zeros",
        ONES,
        {"prior_std": 2.0, "q_mean": 0.5, "q_std": 0.6},
        "Bishop, *Pattern Recognition and Machine Learning* (2006), 4.5: logistic regression on one number, x ∼ "
        "Bernoulli(σ(z)).",
        seen="1, 1, 0, 1, 1",
    ),
    "counts": Story(
        "Counts",
        COUNTS,
        {"prior_std": 1.5, "q_mean": 0.4, "q_std": 0.8},
        "McCullagh, Nelder, *Generalized Linear Models* (1989), 6: counts x ∼ Poisson(e^z), the log rate z Gaussian.",
        seen="2, 0, 1",
    ),
}  # fmt: skip
