"""Which of several models, from simple to complex, held-out losses speak for; and whether that is settled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kl_engine.data.generalisation import Score
from kl_engine.data.likelihood import NotFitted
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.floats import ieee

ERRORS_TO_TAKE, ERRORS_TO_SETTLE = 1.0, 2.0


@dataclass(frozen=True)
class Lead:
    """By how much one model loses less than another per point, in nats, and the standard error of that difference."""

    over: int
    gain: float
    error: float

    @property
    def errors(self) -> float:
        """The lead in its standard errors."""
        return self.gain / self.error if self.error else math.copysign(math.inf, self.gain) if self.gain else 0.0


@dataclass(frozen=True)
class Selection:
    """The model taken, the one of least held-out loss, the leads of the taken one, and whether it is settled.

    Where it is not, `doubts` has the leads over simpler models that are too small, and `unjudged` the models that could
    not be judged though the answer hangs on them.
    """

    taken: int
    best: int
    leads: tuple[Lead, ...]
    doubts: tuple[Lead, ...]
    unjudged: tuple[int, ...]

    @property
    def settled(self) -> bool:
        """Whether nothing speaks against saying it plainly."""
        return not self.doubts and not self.unjudged

    def over(self, other: int) -> Lead:
        """The lead over one of the other models."""
        return next(lead for lead in self.leads if lead.over == other)


@ieee
def select(scores: Sequence[Score | NotFitted | None]) -> Selection:
    """The simplest model within one standard error of the best, of models in order of complexity; None is not judged.

    The error is that of the paired difference to the best. It is settled when the model taken leads each simpler one by
    more than two standard errors, and neither a simpler model nor the next larger one went unjudged. `scores` is a
    sequence as `kl.data.held_out` gives it; the losses ℓᵢ = −log q(xᵢ) are in nats, and a
    lead is Σ (ℓᵢ(other) − ℓᵢ)/n per point. Raises ValueError when none was
    judged. Source: L. Breiman and others, Classification and Regression Trees (1984), 3.4.3.

    >>> import kl_engine as kl
    >>> import numpy as np
    >>> x = np.concatenate([np.linspace(-1, 1, 30), np.linspace(9, 11, 30)])
    >>> fits = kl.data.likelihood_fits(kl.data.Empirical.of(x), 3)
    >>> chosen = kl.data.select(kl.data.held_out(x, kl.data.repeated_folds(60, 5, 2, rng=0), fits).scores)
    >>> chosen.taken, chosen.settled  # two Gaussians
    (1, True)
    """
    scores = [score if isinstance(score, Score) else None for score in scores]
    judged = [i for i, score in enumerate(scores) if score is not None]
    if not judged:
        raise refuse("scores", "at least one model that was judged", scores)
    best = min(judged, key=lambda i: scores[i].held_out)
    taken = next(i for i in judged if i == best or _within(scores[best].lead(scores[i])))
    leads = tuple(Lead(i, *scores[taken].lead(scores[i])) for i in judged if i != taken)
    doubts = tuple(lead for lead in leads if lead.over < taken and lead.errors <= ERRORS_TO_SETTLE)
    unjudged = tuple(i for i, score in enumerate(scores) if score is None and i <= taken + 1)
    return Selection(taken, best, leads, doubts, unjudged)


def _within(lead: tuple[float, float]) -> bool:
    return lead[0] <= ERRORS_TO_TAKE * lead[1]
