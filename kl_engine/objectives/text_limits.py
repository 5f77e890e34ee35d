"""What an accepted text may be at most, and the one error for a text that is not."""

from __future__ import annotations

MAX_LENGTH = 500
MAX_TOKENS = 240
MAX_DEPTH = 24
MAX_NAMES = 12
MAX_NAME = 40
LONGEST_PIECE = 40  # characters of the text that an error repeats

Span = tuple[int, int]


class ObjectiveError(ValueError):
    """A text that is not accepted: the piece, its position (from 1) and what to do.

    at: where the piece stands in the text, as (start, end) counted from 0; None if it is the text as a whole.
    """

    def __init__(self, message: str, at: Span | None = None) -> None:
        super().__init__(message)
        self.at = at

    @classmethod
    def of(cls, text: str, what: str, advice: str, at: Span) -> ObjectiveError:
        """The error about one piece of the text."""
        piece = text[at[0] : at[1]]
        piece = piece if len(piece) <= LONGEST_PIECE else piece[: LONGEST_PIECE - 3] + "..."
        return cls(f"{what} {piece!r} at position {at[0] + 1}: {advice}.", at)
