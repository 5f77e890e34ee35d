"""Everything the page shows of one question: engine results, and the verdict along the dial."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.cache.kept import kept
from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.claim import Claim, Results
from pages.ui.views.claims.argument.verdicts import Verdict, judged
from pages.ui.views.claims.question import Question


@dataclass(frozen=True, eq=False)
class Scene:
    """What is measured where the dial stands, whether the claim holds there, and its verdict over the whole dial.

    `against` are the results at the state against it, None where none was met.
    """

    question: Question
    results: Results
    holds: bool
    verdict: Verdict
    against: Results | None

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.question.claim


@kept(512)
def measured(key: str, at: float) -> Results:
    """What the engine finds for a claim at one state of its dial."""
    return CLAIMS[key].measure(at)


@kept(len(CLAIMS))
def verdict_of(key: str) -> Verdict:
    """The verdict on a claim: some tens of states, a few hundred milliseconds for a claim about fits."""
    return judged(CLAIMS[key])


def answered(question: Question) -> Scene:
    """The scene of a question."""
    results, verdict = measured(question.key, question.at), verdict_of(question.key)
    against = None if verdict.against is None else measured(question.key, verdict.against)
    return Scene(question, results, question.claim.holds(results), verdict, against)
