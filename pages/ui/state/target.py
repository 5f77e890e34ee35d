"""The target that a person builds, component by component, and the start of q: a value, its text, and its limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kl_engine import Gaussian, GaussianMixture

MOST = 12  # components
WEIGHTS = (1e-12, 1e12)  # as typed: only their ratios count
MEANS = (-1e4, 1e4)
STDS = (1e-3, 1e3)
LIMITS = {"weight": WEIGHTS, "mean": MEANS, "std": STDS}
LONGEST_TEXT = 2000  # characters in the URL

Row = tuple[float, float, float]  # weight, mean, std


@dataclass(frozen=True)
class Draft:
    """The components of p, as they were typed or dragged, and the Gaussian that q starts as."""

    rows: tuple[Row, ...]
    start: tuple[float, float]

    @property
    def p(self) -> GaussianMixture:
        """The mixture; its weights are divided by their sum."""
        weights, means, stds = zip(*self.rows)
        total = math.fsum(weights)
        return GaussianMixture([weight / total for weight in weights], means, stds)

    @property
    def q(self) -> Gaussian:
        """The start of q."""
        return Gaussian(*self.start)

    @property
    def text(self) -> str:
        """The components as the URL has them: weight,mean,std;weight,mean,std."""
        return ";".join(",".join(f"{number:.12g}" for number in row) for row in self.rows)

    @property
    def start_text(self) -> str:
        """The start as the URL has it: mean,std."""
        return ",".join(f"{number:.12g}" for number in self.start)


DEFAULT = Draft(((0.5, -2.5, 1.0), (0.5, 2.5, 1.0)), (2.0, 1.0))

# The named targets. To add one, add an entry.
EXAMPLES: dict[str, Draft] = {
    "Two answers": DEFAULT,
    "Unequal": Draft(((0.3, -3.0, 1.4), (0.7, 3.0, 0.6)), (0.0, 2.0)),
    "Three modes": Draft(((0.3, -5.0, 0.7), (0.3, 0.0, 1.0), (0.4, 4.0, 0.5)), (1.0, 1.0)),
    "Comb": Draft(tuple((0.2, 3.0 * k, 0.5) for k in range(-2, 3)), (1.0, 1.0)),
    "Spike on a slab": Draft(((0.1, 1.0, 0.1), (0.9, 0.0, 2.0)), (0.0, 1.0)),
}


def parse_rows(text: str) -> tuple[Row, ...]:
    """The components that a text of the URL stands for; ValueError with the reason."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"p is longer than {LONGEST_TEXT} characters")
    return checked_rows([part.split(",") for part in text.split(";")])


def parse_start(text: str) -> tuple[float, float]:
    """The start of q that a text of the URL stands for; ValueError with the reason."""
    return checked_start(text[:LONGEST_TEXT].split(","))


def checked_rows(rows: Sequence[Iterable[object]]) -> tuple[Row, ...]:
    """Rows of three numbers within their limits; ValueError saying which is not, and what is allowed."""
    if not 1 <= len(rows) <= MOST:
        raise ValueError(f"p needs 1 to {MOST} components, and here are {len(rows)}")
    return tuple(_numbers(tuple(row), LIMITS, f"component {i}") for i, row in enumerate(rows, start=1))


def checked_start(pair: Iterable[object]) -> tuple[float, float]:
    """Two numbers within their limits; ValueError saying which is not."""
    return _numbers(tuple(pair), {"mean": MEANS, "std": STDS}, "the start of q")


def _numbers(values: tuple, limits: dict[str, tuple[float, float]], owner: str) -> tuple[float, ...]:
    if len(values) != len(limits):
        raise ValueError(f"{owner} needs {', '.join(limits)}, and {len(values)} values are there")
    return tuple(_number(value, name, bounds, owner) for value, (name, bounds) in zip(values, limits.items()))


def _number(value: object, name: str, bounds: tuple[float, float], owner: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not bounds[0] <= number <= bounds[1]:
        shown = "nothing" if value is None or number != number else f"{number:g}"
        raise ValueError(f"the {name} of {owner} must be {bounds[0]:g} to {bounds[1]:g}, and is {shown}")
    return number + 0.0  # no −0
