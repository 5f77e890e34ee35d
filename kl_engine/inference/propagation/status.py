"""How an expectation propagation ended."""

from __future__ import annotations

from enum import StrEnum


class PropagationStatus(StrEnum):
    """How an expectation propagation ended; `text` names the cause, and what to do about it.

    Raises ValueError for a word that is none of them. Made by `kl.inference.expectation_propagation` and
    `kl.inference.propagated_line`.

    >>> import kl_engine as kl
    >>> model = kl.inference.BernoulliModel(kl.Gaussian(0, 1))
    >>> kl.inference.expectation_propagation(model, [1, 1, 0]).status
    <PropagationStatus.CONVERGED: 'converged'>
    """

    CONVERGED = "converged"
    STOPPED = "stopped"
    IMPROPER = "improper"

    @property
    def text(self) -> str:
        """The cause, and the cure where one is needed."""
        return TEXTS[self]


TEXTS = {
    PropagationStatus.CONVERGED: "a fixed point: with any one factor put back exactly, the moments are those of q",
    PropagationStatus.STOPPED: (
        "no fixed point within the sweeps: the moments still change; try a smaller damping, or the reverse fit, which "
        "always descends"
    ),
    PropagationStatus.IMPROPER: (
        "without one of its factors q is no longer a distribution, so that factor cannot be refined; use the reverse "
        "fit, which has no such step"
    ),
}
