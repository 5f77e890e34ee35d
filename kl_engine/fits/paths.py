"""A path of q's, with the objective at each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np


class Rebuilt:
    """A frozen dataclass that is copied and pickled by making it anew: checked, its arrays read-only, nothing kept."""

    def __reduce__(self) -> tuple:
        values = (getattr(self, field.name) for field in fields(self) if field.init)
        return type(self), tuple(dict(value) if isinstance(value, Mapping) else value for value in values)


@dataclass(frozen=True, eq=False)
class Path(Rebuilt):
    """Rows of q and the objective `kl` (rows,) at each, in nats, right within `error` in every row.

    `kind` is the class of q, `parameters` its arguments: an array (rows, …) for each. `path[i]` is the q of row i;
    `mean` and `std` (or `cov`) are there for every kind that has them. Made by `kl.optima.flow` and
    `kl.optima.kl_along`, and the `trace` of a `kl.fit`.

    >>> import kl_engine as kl
    >>> way = kl.fit(kl.Gaussian(3, 2), "reverse", start=kl.Gaussian(0, 1)).trace
    >>> len(way), way[-1]
    (2, Gaussian(mean=3.0, std=2.0))
    """

    kind: type
    parameters: Mapping[str, np.ndarray]
    kl: np.ndarray
    error: float

    def __post_init__(self) -> None:
        for array in (self.kl, *self.parameters.values()):
            array.flags.writeable = False
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    @classmethod
    def on_the_line(cls, mean: np.ndarray, std: np.ndarray, kl: np.ndarray, error: float) -> Path:
        """A path of Gaussians on the line."""
        from kl_engine.distributions.gaussian import Gaussian

        return cls(Gaussian, {"mean": mean, "std": std}, kl, error)

    def __len__(self) -> int:
        return len(self.kl)

    def __getitem__(self, row: int):
        values = {name: array[row] for name, array in self.parameters.items()}
        return self.kind(**{name: value if value.ndim else float(value) for name, value in values.items()})

    def __iter__(self) -> Iterator:
        return (self[row] for row in range(len(self)))

    @property
    def mean(self) -> np.ndarray:
        """(rows, …) the mean of each q."""
        return self.parameters["mean"] if "mean" in self.parameters else np.array([q.mean for q in self])

    @property
    def std(self) -> np.ndarray:
        """(rows,) the std of each q on the line."""
        return self.parameters["std"] if "std" in self.parameters else np.array([q.std for q in self])

    @property
    def cov(self) -> np.ndarray:
        """(rows, n, n) the covariance of each q in n dimensions."""
        return self.parameters["cov"]
