"""A path of q's, with the objective at each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from kl_engine.estimates.certainty import Certainty, weakest
from kl_engine.estimates.estimate import Estimate


class Rebuilt:
    """A frozen dataclass that is copied and pickled by making it anew: checked, its arrays read-only, nothing kept."""

    def __reduce__(self) -> tuple:
        values = (getattr(self, field.name) for field in fields(self) if field.init)
        return type(self), tuple(dict(value) if isinstance(value, Mapping) else value for value in values)


@dataclass(frozen=True, eq=False)
class Path(Rebuilt):
    """Rows of q and the objective `kl` (rows,) at each, in nats, right within `error` in every row, by its `certainty`.

    `kind` is the class of q, `parameters` its arguments: an array (rows, …) for each. `path[i]` is the q of row i;
    `mean` and `std` (or `cov`) are there for every kind that has them. Made by `kl.optima.flow` and
    `kl.optima.kl_along`, and the `trace` of a `kl.fit`.

    >>> import kl_engine as kl
    >>> way = kl.fit(kl.Gaussian(3, 2), "reverse", start=kl.Gaussian(0, 1)).trace
    >>> len(way), way[-1]
    (2, Gaussian(mean=3.0, std=2.0))
    >>> print(way.certainty)
    estimated
    """

    kind: type
    parameters: Mapping[str, np.ndarray]
    kl: np.ndarray
    error: float
    certainty: Certainty = Certainty.ESTIMATED

    def __post_init__(self) -> None:
        for array in (self.kl, *self.parameters.values()):
            array.flags.writeable = False
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    @classmethod
    def of(cls, kind: type, parameters: Mapping[str, np.ndarray], found: Sequence[Estimate]) -> Path:
        """The path of these parameters and of what was found at each row."""
        kl, error = np.array([each.value for each in found]), max(each.error for each in found)
        return cls(kind, parameters, kl, error, weakest(*{each.certainty for each in found}))

    @staticmethod
    def places(way: np.ndarray) -> dict[str, np.ndarray]:
        """The parameters of Gaussians on the line whose (rows, 2) means and stds these are."""
        return {"mean": way[:, 0].copy(), "std": way[:, 1].copy()}

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
