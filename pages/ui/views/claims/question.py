"""What the page asks: one claim, at one state of its dial."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state import session
from pages.ui.state.fields import Choice
from pages.ui.state.present import Presented
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.claim import Claim
from pages.ui.views.claims.argument.routes import ROUTES
from pages.ui.views.claims.argument.source import python_of

OPENS_ON = "locks"
CLAIM = Choice("claim", "Claim", {key: claim.title for key, claim in CLAIMS.items()}, begins_with=OPENS_ON)
ALL = "all"
ROUTE = Choice("route", "Lessons", {ALL: "All claims"} | {key: each.title for key, each in ROUTES.items()}, quiet=True)


ANYWHERE = "anywhere"
NAMED = {  # where a claim is said, and what then is among its sources
    ANYWHERE: ("anywhere", ""),
    "active": ("the post on active inference", "A blog post on active inference"),
    "modes": ("the post on mean, mode and memory", "mean, mode and memory"),
    "bishop": ("Bishop", "Bishop"),
    "mackay": ("MacKay", "MacKay"),
    "murphy": ("Murphy", "Murphy"),
    "parr": ("Parr, Pezzulo and Friston", "Friston"),
    "rlhf": ("RLHF papers and code", "RLHF"),
}
SAID = Choice("said", "Said in", {key: title for key, (title, _) in NAMED.items()}, quiet=True)
TABLE = Presented("table", "All in a table")
FIELDS = (ROUTE, TABLE)  # and CLAIM, and SAID where all claims are listed


def is_said(claim: Claim, where: str) -> bool:
    """Whether a claim is made there: one of the keys of NAMED."""
    return any(NAMED[where][1] in source for source in claim.sources)


def take_route() -> None:
    """Begin the route that a person has just chosen."""
    if ROUTE.value in ROUTES:
        session.put({CLAIM.key: ROUTES[ROUTE.value].stops[0].claim, TABLE.key: False})


def begin_route() -> None:
    """Begin the route of a link that names no claim; to be asked before the claim is restored."""
    link = session.kept().link or {}
    if ROUTE.key in link and CLAIM.key not in link:
        take_route()


@dataclass(frozen=True)
class Question:
    """A claim by its key, and where its dial stands."""

    key: str
    at: float

    @property
    def claim(self) -> Claim:
        """The claim."""
        return CLAIMS[self.key]

    def to_python(self) -> str:
        """The very function that measures the claim, and what prints its results."""
        return python_of(self.claim.measure, self.at)
