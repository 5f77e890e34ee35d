r"""What the left side of an equation says a formula is: D(p||q), or KL(q||p), or the like, read by its shape alone."""

import re
from dataclasses import dataclass, replace

_HEAD = re.compile(
    r"""(?xi)\s*(?P<minus>-|−)?\s*
    (?:\\(?:mathrm|mathbf|text|operatorname|mathcal|mathbb|textrm|textbf|mathit|rm|bf)\s*)?[{]?\s*
    (?:KL|D|L(?=\s*[}]?\s*_\s*[{]?\s*(?:\\[a-z]+\s*[{]\s*)?KL)|kld|divergence|kl_divergence|kl_div|forward_kl|reverse_kl|dkl)\s*[}]?
    \s*(?:_\s*(?:[{][^()\[\]]{0,40}?[}]+|\\[a-z]+\s*[{]\s*KL\s*[}]|KL))?\s*""",
)
_SIZES = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?|,|;|:|!|quad|middle)(?![A-Za-z])|\s")
_SEPARATORS = (r"\\\|", r"\\parallel", r"\\Vert", r"\\mid\\mid", "‖", "∥", r"\|\|", ";", ",", r"\|")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_ROLE = re.compile(r"(?<![A-Za-z\\])([pqPQ])(?![A-Za-z])")
_WORDS = (("p", re.compile("(?i)prior|target|true|data")), ("q", re.compile("(?i)post|approx|model")))
_BARE = ("0", "1", "2", "a", "b")
_INDEX = re.compile(r"(?:_\{?|(?<=[A-Za-z]))([012ab])(?![0-9A-Za-z])")


SYMBOLS, NUMBERS = "symbols", "numbers"  # sides without a name: the one that has all symbols, and the other


@dataclass(frozen=True)
class Claim:
    """The two sides of the divergence that is claimed, in order: "p", "q", an index such as "1", or "" if unknown.

    Where neither has a name they are SYMBOLS and NUMBERS, as in D(N(m, s²)‖N(0, 1)).

    given: the two numbers of a Gaussian on the left side that is given in numbers, as in D(q‖N(0, 1)); fixed: which of
    the two sides that is, "p" here, or "" if it is not known.
    """

    first: str
    second: str
    is_negative: bool = False
    given: tuple[float, float] | None = None
    fixed: str = ""


def claim_of(left: str) -> Claim | None:
    """The claim; None where the left side says of no two distributions which stands first, and gives no numbers."""
    if len(left) > 200:
        return None
    found, numbers = _of_order(left), _GIVEN.search(_MARKUP.sub("", left))
    given = (float(numbers[1]), float(numbers[2])) if numbers else None
    return replace(found, given=given) if found else Claim("", "", given=given) if given else None


_MARKUP = re.compile(r"\\[A-Za-z]+|[{}\s\\]|_")
_GIVEN = re.compile(r"N(?:ormal)?\((-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:I\w*)?\)")


def _of_order(left: str) -> Claim | None:
    """Which of two distributions stands first."""
    head = _HEAD.match(left)
    rest = _SIZES.sub("", left[head.end() :]) if head else ""
    minus = bool(head and head["minus"])
    if head and not rest:
        return None
    inside = rest.lstrip("\\")[1:-1].rstrip("\\")
    if not (head and rest[0] in "([{\\" and rest[-1] in ")]}" and _is_balanced(inside)):
        return None
    for separator in _SEPARATORS:
        sides = re.split(separator if separator != "," else r",(?![^(]*\))", inside)
        if len(sides) == 2:
            return _of_sides(*map(_role, sides), minus, *(bool(_GIVEN.search(_MARKUP.sub("", side))) for side in sides))
    return None


def _is_balanced(inside: str) -> bool:
    """Whether no bracket closes that was not opened, so that the outer two belong together."""
    depth = 0
    for sign in inside:
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return False
    return depth in (0, 1)  # a well-known appendix has a bracket too many


def _role(side: str) -> str:
    named = _ROLE.search(_COMMAND.sub(" ", side).replace("_", " ", 0))
    if named:
        return named[1].lower()
    for role, words in _WORDS:
        if words.search(side):
            return role
    if side in _BARE:
        return side
    index = _INDEX.search(side)
    return index[1] if index else ""


def _of_sides(first: str, second: str, minus: bool, *numbers: bool) -> Claim | None:
    """One side named tells the other: in KL(q || N(0, 1)) that is p. numbers: whether each side is given in numbers."""
    other = {"p": "q", "q": "p"}
    first, second = first or other.get(second, ""), second or other.get(first, "")
    if first and second and first != second:
        fixed = {(True, False): first, (False, True): second}.get(numbers, "")
        return Claim(first, second, minus, fixed=fixed)
    if sum(numbers) == 1:  # N(m, s²) beside N(0, 1): whose m and s are
        return Claim(NUMBERS, SYMBOLS, minus) if numbers[0] else Claim(SYMBOLS, NUMBERS, minus)
    return None
