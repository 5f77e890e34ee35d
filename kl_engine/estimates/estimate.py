"""The number that carries its error, and the two directions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kl_engine.estimates.checks import refuse


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number in nats (or a probability) with |value − truth| <= error, and how it was found.

    `value` may be `inf`; `error` is then 0 and `method` gives the reason. `float(estimate)` is the value.
    """

    value: float
    error: float
    method: str

    def __float__(self) -> float:
        return self.value


class Direction(StrEnum):
    """Who stands under the expectation: FORWARD is D(p‖q), REVERSE is D(q‖p); p is always the target."""

    FORWARD = "forward"
    REVERSE = "reverse"

    @classmethod
    def of(cls, value: object) -> Direction:
        """The direction named by `value` (the enum or its string); ValueError otherwise."""
        try:
            return cls(value)
        except ValueError:
            raise refuse("direction", '"forward" or "reverse"', value) from None
