"""What the free energy view says of the state it shows: every sentence computed."""

from __future__ import annotations

import math

from kl_engine import (
    Estimate,
    Gaussian,
    confidence,
    free_energy,
    laplace_approximation,
    map_estimate,
    posterior,
)
from kl_engine.inference.posterior_modes import highest_points
from kl_engine.inference.posterior_summary import Confidence
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import amount, normal, plain, share
from pages.ui.say.optima import same
from pages.ui.views.free_energy.scene import COIN, FINITE, LINE, Situation
from pages.ui.views.free_energy.stories import Story

RELATIVE = 1e-9  # two numbers closer than this are called equal; the errors of both are far smaller
TEXTBOOK_95 = 0.95


def meaning(found: Situation, story: Story, units: str, fitted: bool) -> list[str]:
    """The sentences below the charts."""
    sentences = [_gap(found, units, fitted)]
    if found.family == LINE:
        sentences += [_confidence(found, fitted), _points(found, units), *_rivals(found, units)]
    if found.family == FINITE:
        sentences.append(_directions(found, story, units))
    return sentences + _signs(found, units, fitted)


def _gap(found: Situation, units: str, fitted: bool) -> str:
    """What stands between F and the surprisal, and whether the descent closes it."""
    shown = found.shown(fitted)
    if math.isinf(shown.value.value):
        return f"**F is ∞**: {shown.value.method.removeprefix('infinite: ')}. No constant is added to hide it."
    surprisal, excess = glossary("surprisal", units), amount(shown.divergence, units)
    if shown.divergence.value <= max(shown.divergence.error, RELATIVE):
        return f"F is the {surprisal}, {amount(shown.surprisal, units)}: this q is the posterior."
    bound = f"F exceeds the {surprisal} by {excess}, which is D(q‖posterior)"
    if not found.fit.converged:
        return f"{bound}. **The descent did not end at a minimum**: {found.fit.message}."
    rest = found.at_fit.divergence
    if found.exact and rest.value <= max(rest.error, 1e-12):
        return f"{bound}. The descent closes it: q's family holds the posterior, and there F is the surprisal."
    if found.exact:
        return f"{bound}. The descent leaves {amount(rest, units)}: a state that q rules out is never taken up again."
    if fitted:
        return f"{bound}: no small change of this q lowers it, as the posterior is not Gaussian."
    return f"{bound}. The descent leaves {amount(rest, units)}, as the posterior is not Gaussian."


def _confidence(found: Situation, fitted: bool) -> str:
    """Over-confidence, measured."""
    measured = confidence(found.model, found.belief(fitted), found.x)
    ratio, coverage = measured
    which = "The fitted q" if fitted else "This q"
    width = f"is {plain(ratio.value, ratio.error, 3)} times as wide as the posterior"
    holds = f"its 95 % interval holds {share(coverage)} of the posterior"
    return f"{which} {width} (std against std), and {holds}: {_verdict(measured)}."


def _verdict(measured: Confidence) -> str:
    """In one word, whether q is surer than the posterior allows."""
    gap = measured.coverage.value - TEXTBOOK_95
    if abs(gap) <= max(measured.coverage.error, 1e-6):
        return "as sure as the posterior"
    return "over-confident" if gap < 0 else "not over-confident"


def _points(found: Situation, units: str) -> str:
    """MAP, Laplace and the posterior mean."""
    top = map_estimate(found.model, found.x)
    ties = [z for z in highest_points(found.model, found.x) if z != top]
    equal = f" (as high at {', '.join(plain(z, decimals=4) for z in ties)})" if ties else ""
    target = found.posterior
    laplace_words = glossary("Laplace approximation", units)
    laplace = laplace_approximation(found.model, found.x)
    return (
        f"The highest point of the posterior (MAP) is {plain(top, decimals=4)}{equal}, its mean "
        f"{plain(target.mean, decimals=4)}; the {laplace_words}, which looks at the top alone, is "
        f"{normal(laplace)}, the fitted q {normal(found.fit.q)}, the posterior's moments "
        f"{normal(Gaussian(target.mean, target.std))}."
    )


def _rivals(found: Situation, units: str) -> list[str]:
    """Other minima of F."""
    others = [other for other in found.optima if not same(other.q, found.fit.q)]
    if not others:
        return []
    best = found.optima[0]
    lead = found.at_fit.value.value - best.value.value
    listed = "; ".join(f"{normal(other.q)} at {amount(other.value, units)}" for other in others)
    if lead > found.at_fit.value.error + best.value.error + RELATIVE:
        return [f"**From this start the descent does not find the least F.** Other minima: {listed}."]
    return [f"F has other minima, none of them lower: {listed}. The start of q decides which one is found."]


def _directions(found: Situation, story: Story, units: str) -> str:
    """Whether prior and posterior tell the two directions apart: of some classics they do not."""
    learned = free_energy(found.model, found.posterior, found.x).complexity
    back = free_energy(found.model, found.model.prior, found.x).divergence
    seen = story.outcomes[found.x]
    pair = f"D(posterior‖prior) is {amount(learned, units)} and D(prior‖posterior) {amount(back, units)}"
    if _equal(learned, back):
        return f"**“{seen}” cannot tell the directions apart**: {pair}, the same number. {_other(found, story)}"
    return f"On “{seen}” the directions differ: {pair}."


def _other(found: Situation, story: Story) -> str:
    """What the other outcome would show."""
    x = 1 - found.x
    try:
        target = posterior(found.model, x)
    except ValueError:
        return f"“{story.outcomes[x]}” has probability 0."
    learned = free_energy(found.model, target, x).complexity
    back = free_energy(found.model, found.model.prior, x).divergence
    return f"“{story.outcomes[x]}” {'cannot either' if _equal(learned, back) else 'can'}."


def _equal(first: Estimate, second: Estimate) -> bool:
    if math.isinf(first.value) or math.isinf(second.value):
        return first.value == second.value
    return abs(first.value - second.value) <= RELATIVE * (abs(first.value) + 1)


def _signs(found: Situation, units: str, fitted: bool) -> list[str]:
    """That F of a density may be negative, where it is."""
    value = found.shown(fitted).value
    if found.family == COIN or value.value >= 0:
        return []
    return [f"F is negative, {amount(value, units)}, and rightly so: p(x) is a density here, and this one exceeds 1."]


def refused(found_no: ValueError | RuntimeError, story: Story, outcome: int) -> str:
    """Why there is nothing to show: F is infinite, and stays so along every descent."""
    if story.family != FINITE:
        return f"**No descent from here**: {found_no}."
    seen = story.outcomes[outcome]
    if str(found_no).startswith("x"):
        return f"**F is ∞ for every q**: under this model “{seen}” has probability 0, so there is no posterior."
    return f"**F is ∞**: all of this q lies on a state that “{seen}” rules out, and no descent leads out of it."
