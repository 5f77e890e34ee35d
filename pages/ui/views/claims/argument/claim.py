"""What a claim is: a sentence of the field, what the engine measures of it, and when that makes it true.

`measure` is plain Python on the engine: a function of the one number that the dial sets, which returns what it finds by
name. Its source is what a person takes away, so the page and the Python cannot part. `holds` looks at these results and
at nothing else. Texts are templates: a number stands in them only as the name of a result, and never as digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter

import numpy as np

from kl_engine.estimates.checks import refuse
from pages.ui.state.fields import Slider

Results = Mapping[str, object]  # by name: Estimates, numbers, distributions, arrays

DIVERGENCE, SHARE, PLAIN, COUNT, NAME = "divergence", "share", "plain", "count", "name"  # what a result is
CURVES, BARS = "curves", "bars"  # how a drawing is drawn
DENSITY = "density"  # with which the title of an axis of densities begins
AT, EDGE = "at", "edge"  # names of a text beside those of results: where the dial stands, and where truth changes


@dataclass(frozen=True)
class Number:
    """A result that is a number: its name in the results, how a reader calls it, what it is, and its glossary term."""

    key: str
    label: str
    kind: str = DIVERGENCE
    term: str = ""


@dataclass(frozen=True, eq=False)
class Line:
    """One curve of a drawing, or one set of bars: places and heights, in the style of a role."""

    name: str
    role: str
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class Drawing:
    """A small picture of one state. `names` are those of its bars; `in_nats` says that its heights are divergences, and
    `over_nats` that it is a density over something in nats.

    `rug` are places marked under it, such as observations; `here` is one that a line marks.
    """

    lines: tuple[Line, ...]
    x: str
    y: str
    kind: str = CURVES
    names: tuple[str, ...] = ()
    in_nats: bool = False
    over_nats: bool = False
    rug: np.ndarray | None = None
    here: float | None = None


@dataclass(frozen=True)
class Door:
    """A way to another page: its address, and what to set there, as a function of the dial."""

    script: str
    title: str
    settings: Callable[[float], dict[str, str]]


def lesson(script: str, key: str, title: str) -> Door:
    """The way to a derivation: `key` is the lesson's on its page."""
    return Door(f"pages/{script}.py", title, lambda at: {"lesson": key})


@dataclass(frozen=True)
class Claim:
    """One sentence that people say, with everything that decides it.

    `says` is the sentence, `scope` what it is tried on. `subject` with `above` or `below` says in words that the dial
    is on one side of an edge. `seen` is what a person sees where it holds, `unseen` where it does not, `why` is the
    reason. A sentence that says "always" is `unconditional`: one state against it makes it false as stated. Where no
    derivation stands behind it, `unproved` says what its verdict rests on instead.
    """

    key: str
    title: str
    says: str
    sources: tuple[str, ...]
    scope: str
    dial: Slider
    measure: Callable[[float], Results]
    holds: Callable[[Results], bool]
    numbers: tuple[Number, ...]
    draw: Callable[[Results], Drawing]
    seen: str
    unseen: str
    why: str
    open_it: Door
    proof: Door | None = None
    unproved: str = ""
    subject: str = ""
    above: str = ""
    below: str = ""
    unconditional: bool = False
    grid: int = 17  # states at which it is tried before its edges are searched for
    kinds: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", {number.key: number.kind for number in self.numbers})
        if bool(self.proof) == bool(self.unproved):
            raise refuse("proof", "a derivation, or else a sentence of what is computed and not proved", self.unproved)
        for text in self.texts:
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            if named - set(self.kinds) - {AT, EDGE}:
                raise refuse("texts", f"names of results ({', '.join(self.kinds)}), {AT} or {EDGE}", sorted(named))

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is said of it, as templates."""
        return (
            self.title,
            self.says,
            self.scope,
            self.seen,
            self.unseen,
            self.why,
            self.unproved,
            self.subject,
            self.above,
            self.below,
        )

    @property
    def counts(self) -> bool:
        """Whether its dial sets a count, which has no values between."""
        return self.dial.step >= 1

    def is_true_at(self, at: float) -> bool:
        """Whether it holds where the dial stands at `at`."""
        return bool(self.holds(self.measure(at)))


def dial(label: str, low: float, high: float, step: float, default: float, help: str) -> Slider:
    """The one control of a claim. It has one name in the address for all claims, and one value for each."""
    return Slider("at", label, low, high, step, default, help)


def densities(results: Results, over: str = "x", **roles: str) -> Drawing:
    """The densities of the results named, each in a role: `densities(r, p="target p", fit="reverse fit")`."""
    shown = {name: results[name] for name in roles}
    ends = np.array([(d.means - 4 * d.stds, d.means + 4 * d.stds) for d in shown.values()], dtype=object)
    low = min(float(np.min(low)) for low, _ in ends)
    high = max(float(np.max(high)) for _, high in ends)
    grids = [np.linspace(low, high, 301)]
    grids += [m + s * np.linspace(-4, 4, 61) for d in shown.values() for m, s in zip(d.means, d.stds)]
    x = np.unique(np.concatenate(grids))
    return Drawing(
        tuple(Line(NAMES.get(name, name), role, x, shown[name].pdf(x)) for name, role in roles.items()), over, DENSITY
    )


def bars(
    names: tuple[str, ...], y: str = "probability", in_nats: bool = False, **series: tuple[str, np.ndarray]
) -> Drawing:
    """Bars side by side: for each name of a series its role and its heights."""
    places = np.arange(len(names), dtype=float)
    lines = tuple(Line(name, role, places, np.asarray(heights, float)) for name, (role, heights) in series.items())
    return Drawing(lines, "", y, BARS, names, in_nats)


TARGET, FORWARD, REVERSE, GIVEN, OTHER = "target p", "forward fit", "reverse fit", "q", "r"
NAMES = {"forward": "forward fit", "reverse": "reverse fit"}  # others are called as they are
