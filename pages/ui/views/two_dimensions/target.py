"""The target that a person sets in the plane: its components, their text in the URL, their limits, the presets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from kl_engine import MultivariateGaussian, MultivariateGaussianMixture

MOST = 5  # components
LONGEST_TEXT = 1000  # characters in the URL
LIMITS = {
    "weight": (1e-6, 1e6),  # only their ratios count
    "mean x": (-100.0, 100.0),
    "mean y": (-100.0, 100.0),
    "var x": (1e-3, 1e3),
    "cov xy": (-1e3, 1e3),
    "var y": (1e-3, 1e3),
}
NARROWEST = 1e-3  # the least share of var x · var y that the determinant may be: correlations to ±.9995

Row = tuple[float, ...]  # in the order of LIMITS
Rows = tuple[Row, ...]

CLASSIC = ((0.5, -1.0, -1.0, 0.5, 0.25, 1.0), (0.5, 1.0, 1.0, 0.5, -0.25, 1.0))

# The named targets, each with the family of q that it is known for. To add one, add an entry.
PRESETS: dict[str, tuple[Rows, str]] = {
    "Bimodal": (CLASSIC, "full"),
    "Correlated, mean field": (((1.0, 0.0, 0.0, 1.0, 0.9, 1.0),), "diagonal"),
    "Far apart": (((0.5, -2.5, -2.5, 0.5, 0.25, 1.0), (0.5, 2.5, 2.5, 0.5, -0.25, 1.0)), "full"),
    "Banana": (
        ((0.3, -2.0, 0.9, 0.7, 0.55, 0.7), (0.4, 0.0, 1.7, 0.9, 0.0, 0.2), (0.3, 2.0, 0.9, 0.7, -0.55, 0.7)),
        "full",
    ),
    "Cross": (((0.5, 0.0, 0.0, 3.0, 0.0, 0.1), (0.5, 0.0, 0.0, 0.1, 0.0, 3.0)), "diagonal"),
}
DEFAULT = PRESETS["Bimodal"]


def distribution(rows: Rows) -> MultivariateGaussian | MultivariateGaussianMixture:
    """The target; weights are divided by their sum."""
    total = math.fsum(row[0] for row in rows)
    weights, means, covs = [row[0] / total for row in rows], [row[1:3] for row in rows], [cov(row) for row in rows]
    if len(rows) == 1:
        return MultivariateGaussian(means[0], covs[0])
    return MultivariateGaussianMixture(weights, means, covs)


def cov(row: Row) -> list[list[float]]:
    """The covariance matrix of a component."""
    _, _, _, xx, xy, yy = row
    return [[xx, xy], [xy, yy]]


def text_of(rows: Rows) -> str:
    """The components as the URL has them: weight,mean x,mean y,var x,cov xy,var y;…"""
    return ";".join(",".join(f"{number:.12g}" for number in row) for row in rows)


def parse(text: str) -> Rows:
    """The components that a text of the URL stands for; ValueError with the reason."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"p is longer than {LONGEST_TEXT} characters")
    return checked([part.split(",") for part in text.split(";")])


def checked(rows: Sequence[Iterable[object]]) -> Rows:
    """Rows of six numbers within their limits, covariances positive definite; ValueError saying which is not."""
    if not 1 <= len(rows) <= MOST:
        raise ValueError(f"p needs 1 to {MOST} components, and here are {len(rows)}")
    return tuple(_row(tuple(row), f"component {i}") for i, row in enumerate(rows, start=1))


def _row(values: tuple, owner: str) -> Row:
    if len(values) != len(LIMITS):
        raise ValueError(f"{owner} needs {', '.join(LIMITS)}, and {len(values)} values are there")
    row = tuple(_number(value, name, owner) for value, name in zip(values, LIMITS))
    _, _, _, xx, xy, yy = row
    if xx * yy - xy * xy < NARROWEST * xx * yy:
        lowest = (xx + yy) / 2 - math.hypot((xx - yy) / 2, xy)
        known = f"smallest eigenvalue {lowest:.3g}" if lowest <= 0 else "correlation beyond ±0.9995"
        raise ValueError(f"the covariance of {owner} must be positive definite, with some width; here: {known}")
    return row


def _number(value: object, name: str, owner: str) -> float:
    low, high = LIMITS[name]
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high:
        shown = "nothing" if value is None or number != number else f"{number:g}"
        raise ValueError(f"{name} of {owner} must be {low:g} to {high:g}, and is {shown}")
    return number + 0.0  # no −0
