"""Data to begin with: one classic, three drawn here with a fixed seed. To add one, add an entry.

`python` is the line that draws the numbers again; of a table it is empty.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kl_engine import GaussianMixture
from kl_engine.data.number_tables import read_table

SEED = 20240229


class Dataset(NamedTuple):
    """A name, what it is, its numbers, and the Python that draws them."""

    title: str
    about: str
    numbers: Callable[[], np.ndarray]
    python: str = ""
    name: str = "x"  # of the quantity, for sentences and charts


def _old_faithful() -> np.ndarray:
    return read_table((Path(__file__).parent / "old_faithful.csv").read_bytes()).columns[0].values


def _rng() -> np.random.Generator:
    return np.random.default_rng(SEED)


DATASETS: dict[str, Dataset] = {
    "faithful": Dataset(
        "Old Faithful: waiting times",
        "Minutes between 272 eruptions of a geyser (Azzalini and Bowman, Applied Statistics 39 (1990) 357).",
        _old_faithful,
        name="waiting time",
    ),
    "one": Dataset(
        "Drawn: one Gaussian",
        f"200 draws from N(0, 1), seed {SEED}.",
        lambda: _rng().normal(size=200),
        f"np.random.default_rng({SEED}).normal(size=200)",
    ),
    "two": Dataset(
        "Drawn: two far modes",
        f"300 draws from 0.7 N(4, 1) + 0.3 N(−4, 1), seed {SEED}.",
        lambda: GaussianMixture.two_modes(8.0, 0.7).sample(300, _rng()),
        f"GaussianMixture.two_modes(8.0, 0.7).sample(300, np.random.default_rng({SEED}))",
    ),
    "heavy": Dataset(
        "Drawn: heavy tails",
        f"300 draws from Student's t with 3 degrees of freedom, seed {SEED}.",
        lambda: _rng().standard_t(3, 300),
        f"np.random.default_rng({SEED}).standard_t(3, 300)",
    ),
}
