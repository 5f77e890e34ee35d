"""What an accepted text may be at most, and the one error for a text that is not."""

from __future__ import annotations

from kl_engine.symbolic.formulas.refusals import MAX_LENGTH, Source, Span, Unreadable

MAX_NAMES = 12
MAX_TERMS = 64  # of one integrand, when it is multiplied out


class ObjectiveError(Unreadable):
    """A text that is not accepted: the piece, its position (from 1) and what to do.

    at: where the piece stands in the text, as (start, end) counted from 0; None if it is the text as a whole. `message`
    is the whole of it. It is a ValueError. Raised by `kl.objectives.read_objective`.

    >>> import kl_engine as kl
    >>> try:
    ...     kl.objectives.read_objective("E_q[log q - ")
    ... except kl.objectives.ObjectiveError as error:
    ...     print(error.at is None or len(error.at))
    2
    """

    @classmethod
    def of(cls, text: str, what: str, advice: str, at: Span) -> ObjectiveError:
        """The error about one piece of the text."""
        return Source(text, cls).error(what, advice, at)


__all__ = ["MAX_LENGTH", "MAX_NAMES", "MAX_TERMS", "ObjectiveError", "Span"]
