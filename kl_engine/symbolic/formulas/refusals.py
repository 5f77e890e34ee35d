"""What an accepted text may be at most, and the error for a text that is not: the piece, its place, what to do."""

from dataclasses import dataclass

MAX_LENGTH = 4000
MAX_TOKENS = 1500
MAX_DEPTH = 32
LONGEST_PIECE = 40  # characters of the text that an error repeats

Span = tuple[int, int]


class Unreadable(ValueError):
    """A text that is not accepted: one sentence with the piece, its position (from 1) and what to do.

    at: where the piece stands in the text, as (start, end) counted from 0; None if it is the text as a whole.
    """

    def __init__(self, message: str, at: Span | None = None) -> None:
        super().__init__(message)
        self.at = at


class FormulaError(Unreadable):
    """A formula that is not accepted.

    `message` is the whole of it; `at` is where the piece stands in the text, (start, end) counted from 0, or None. It
    is a ValueError. Raised by `kl.symbolic.check_formula`.

    >>> import kl_engine as kl
    >>> try:
    ...     kl.symbolic.check_formula("log(s2/s1) +")
    ... except kl.symbolic.FormulaError as error:
    ...     print(isinstance(error, ValueError))
    True
    """


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it was pasted, and the kind of error that is raised about it."""

    text: str
    refusal: type[Unreadable] = FormulaError

    def piece(self, at: Span) -> str:
        """What stands at that place."""
        return self.text[slice(*at)]

    def error(self, what: str, advice: str, at: Span) -> Unreadable:
        """The error for a piece of the text: what is wrong with it, and what to do instead."""
        piece = " ".join(self.piece(at).split())
        piece = piece if len(piece) <= LONGEST_PIECE else piece[: LONGEST_PIECE - 3] + "..."
        shown = f'"{piece}"' if "'" in piece else f"'{piece}'"
        where = f" {shown} at" if piece else ", at"  # nothing is there at the end of the text
        return self.refusal(f"{what}{where} position {at[0] + 1}: {advice}.", at)

    def whole(self, message: str) -> Unreadable:
        """The error for the text as a whole."""
        return self.refusal(message)
