"""What a fit may take, and whom it tells how far it has come."""

from __future__ import annotations

from collections.abc import Callable

from kl_engine.estimates.checks import refuse, whole

TYPICAL = 20  # evaluations that one start takes, or so: what the share done is reckoned from


class Watch:
    """The budget of a fit, in evaluations of the objective at one q, and its progress.

    `progress` is called with the share done, which only grows; what it raises stops the work. Raises ValueError where
    the budget is not a whole number >= 1, or where `progress` cannot be called.
    """

    def __init__(self, budget: int | None, progress: Callable[[float], object] | None) -> None:
        self.budget = None if budget is None else whole("budget", budget, 1)
        if progress is not None and not callable(progress):
            raise refuse("progress", "a function, which is told the share done", progress)
        self.progress, self.spent, self.share, self.starts = progress, 0, 0.0, 1
        self.told = ""  # in words, where the budget was too small

    def goes_on(self, rows: int) -> bool:
        """Whether so many more evaluations are within the budget; they are then counted."""
        if self.budget is not None and self.spent + rows > self.budget:
            self.told = f"the budget of {self.budget} evaluations is used up"
            return False
        self.spent += rows
        if self.progress:
            expected = min(TYPICAL * self.starts, self.budget or TYPICAL * self.starts)
            self.share = max(self.share, min(0.99, self.spent / expected))
            self.progress(self.share)
        return True

    def ended(self) -> None:
        """All is done."""
        if self.progress and self.share < 1:
            self.share = 1.0
            self.progress(1.0)
