"""The answer as text: the canonical form, who stands under the expectation, and what follows."""

from __future__ import annotations

import re

from kl_engine.fits.outcomes import Fate
from kl_engine.objectives.consequences import forced, sampling, zeros
from kl_engine.objectives.verdicts import BOTH, FORWARD, NEITHER, REVERSE, Verdict
from pages.ui.say.numbers import normal
from pages.ui.say.plain_text import escaped
from pages.ui.say.rows import divergence_rows, failure_rows
from pages.ui.views.objective_check.scene import Demonstration

LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "epsilon": "ε", "eta": "η", "theta": "θ"}
LETTERS |= {"lambda": "λ", "lam": "λ", "mu": "μ", "pi": "π", "phi": "φ", "psi": "ψ", "tau": "τ", "omega": "ω"}
GREEK = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(LETTERS)})(?![A-Za-z0-9])")

DIRECTIONS = {
    FORWARD: ":red[**╌╌ forward**]",
    REVERSE: ":blue[**┈┈ reverse**]",
    BOTH: "**both directions at once**",
    NEITHER: "**neither direction**",
}
NO_MINIMUM = {
    Fate.COLLAPSE: "no minimum: q collapses",
    Fate.SPREAD: "no minimum: q spreads",
    Fate.FLIGHT: "no minimum: q flees",
    Fate.CONSTANT: "constant in q",
}


def typeset(text: str) -> str:
    """A text with names of the person's, harmless in Markdown, its Greek letters as such."""
    return escaped(GREEK.sub(lambda found: LETTERS[found[0]], text))


def headline(verdict: Verdict) -> str:
    """The canonical form and its direction."""
    sign = "To be maximised; that minimises" if verdict.maximised else "Minimises"
    under = " and ".join(typeset(name) for name in verdict.expectations) or "nothing that depends on the fit"
    text = f"##### {sign}&ensp; {typeset(verdict.canonical)}\n\n"
    text += f"{DIRECTIONS[verdict.direction]}: the expectation is under **{under}**"
    if verdict.fate is not Fate.MINIMUM:
        text += f"; **{NO_MINIMUM[verdict.fate]}**"
        if verdict.turned_fate is not Fate.MINIMUM and verdict.turned_fate is not Fate.CONSTANT:
            text += f" (maximised instead: {NO_MINIMUM[verdict.turned_fate]})"
    return text + "."


def consequences(verdict: Verdict) -> str:
    """What must be sampled, what zeros do, what may be dropped, what is forced: as a table."""
    dropped = "; ".join(typeset(name) for name in verdict.dropped) or "nothing"
    rows = [("forces", forced(verdict)), ("needs", sampling(verdict))]
    rows += [("at a zero" if i == 0 else "", line) for i, line in enumerate(zeros(verdict))]
    first, *lines = (f"| {name} | {typeset(text)} |" for name, text in rows)
    return "\n".join([first, "|---|---|", *lines, f"| constant | {dropped} |"])


def numbers(shown: Demonstration, units: str) -> str:
    """The q drawn: its parameters, both divergences, both failures."""
    lines = [f"| {'q' if shown.fate is Fate.MINIMUM else 'q drawn'} | {normal(shown.q)} |", "|---|---|"]
    lines += divergence_rows(shown.forward, shown.reverse, units)
    return "\n".join(lines + failure_rows(shown.failures, units))
