"""Many numbers with their errors, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kl_engine.estimates.certainty import Certainty, weakest
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate, rounded_up
from kl_engine.estimates.notebook import grid

MOST_SHOWN = 6  # in a repr


@dataclass(frozen=True, eq=False)
class Estimates(Sequence):
    """A sequence of `Estimate`s whose values and errors are arrays (n,), read-only.

    `found[i]` is an Estimate and a slice Estimates; `found.certainty` is the weakest certainty of all, `certainties`
    and `methods` have one for each. `numpy.asarray(found)` is the values. `value` and `error` are in the unit of what
    is estimated: nats for divergences. Raises ValueError when the four differ in length. Made by `kl.kl_divergences`.

    >>> import kl_engine as kl
    >>> found = kl.kl_divergences([([0.5, 0.5], [0.25, 0.75]), ([0.5, 0.5], [0.5, 0.5])])
    >>> found.value.round(6).tolist(), f"{found[0]:.6f}", len(found)
    ([0.143841, 0.0], '0.143841', 2)
    """

    value: np.ndarray
    error: np.ndarray
    certainties: tuple[Certainty, ...]
    methods: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("value", "error"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        lengths = {np.shape(self.value), np.shape(self.error), (len(self.certainties),), (len(self.methods),)}
        if len(lengths) > 1:
            raise refuse("value, error, certainties, methods", "sequences of one length", sorted(lengths))

    @classmethod
    def of(cls, estimates: Sequence[Estimate]) -> Estimates:
        """From single ones."""
        columns = [[getattr(each, name) for each in estimates] for name in ("value", "error", "certainty", "method")]
        return cls(*columns[:2], *map(tuple, columns[2:]))

    @property
    def certainty(self) -> Certainty:
        """The weakest of all."""
        return weakest(*set(self.certainties))

    def __reduce__(self) -> tuple:
        return type(self), (self.value, self.error, self.certainties, self.methods)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.array(self.value, dtype=dtype)

    def __len__(self) -> int:
        return self.value.size

    def __getitem__(self, i):
        if isinstance(i, slice):
            return Estimates(self.value[i], self.error[i], self.certainties[i], self.methods[i])
        return Estimate(float(self.value[i]), float(self.error[i]), self.certainties[i], self.methods[i])

    def __iter__(self) -> Iterator[Estimate]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        if len(self) <= MOST_SHOWN:
            return (
                f"Estimates({self.value.tolist()} ± {rounded_up(float(self.error.max(initial=0)))}, {self.certainty})"
            )
        return (
            f"Estimates({len(self)} of them, {float(self.value[0])!r}, … {float(self.value[-1])!r}, {self.certainty})"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: one line for each of the first 20."""
        columns = {"": range(len(self)), "estimate": self, "certainty": self.certainties, "method": self.methods}
        return grid(columns)
