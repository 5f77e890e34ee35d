"""What the free energy view says of a scene: the texts of its columns, its sentences, its words with their numbers."""

from __future__ import annotations

import math
from functools import partial

from kl_engine import Estimate, Gaussian
from kl_engine.estimates.checks import SMALLEST
from kl_engine.inference import FreeEnergy, confidence, free_energy, laplace_approximation, map_estimate, posterior
from kl_engine.inference.posterior_modes import highest_points
from kl_engine.inference.posterior_summary import Confidence
from kl_engine.optima import same
from pages.ui.cache.long_work import long
from pages.ui.glossary.links import glossary
from pages.ui.say.display_math import signed_terms
from pages.ui.say.key import DASH_DOT, DASHED, THIN, written
from pages.ui.say.numbers import (
    LOG,
    NATS_IN,
    amount,
    bell,
    fine,
    in_brief,
    known_to,
    normal,
    plain,
    share,
    stated,
    three,
)
from pages.ui.views.free_energy.question import DIRECTIONS, Question
from pages.ui.views.free_energy.scene import EP, FORWARD, LAPLACE, REVERSE, Bounds, NamedFits, Scene
from pages.ui.views.free_energy.stories import COIN, COUNTS, FINITE, ONES

FINITE_PROOF, GAUSSIAN_PROOF = "free_energy_finite", "free_energy_gaussian"
BY_EVIDENCE = r"D(q\,\|\,\text{posterior})-\log p(x)"  # of densities: the definition of its two terms
# The likelihoods of which no form is proved here: their definitions.
BY_ENERGY = r"\mathbb{E}_q[-\log p(x,z)]-\mathbb{E}_q[-\log q(z)]"
BY_COMPLEXITY = r"D(q\,\|\,\text{{prior}})-\mathbb{{E}}_q\Bigl[{}\Bigr]"
EXPECTED = {
    ONES: r"\sum_i\bigl(x_i\log\sigma(z)+(1-x_i)\log\sigma(-z)\bigr)",
    COUNTS: r"\sum_i\bigl(x_iz-e^z-\log x_i!\bigr)",
}
PAIRS = (("energy", "entropy", "−"), ("complexity", "accuracy", "−"), ("divergence", "surprisal", "+"))
LOCAL_NOTE = (
    "**EP keeps to one mode**: from the prior it came to no q whose moments suit the prior and all that is seen."
)
FITS_NOTE = (
    "p is the posterior. Forward has its moments; reverse is where the descent of F ends. EP makes one forward fit "
    "per observation, Laplace looks at the peak of the posterior alone. Ratio: std of q over that of the posterior. A "
    "q whose 95 % interval holds less than 95 % of the posterior is over-confident."
)
# How each fit is drawn, what it is called, and its entry in the glossary.
STROKES = {
    FORWARD: (written("forward", "{}"), "moment match"),
    REVERSE: (written("reverse", "{}"), "reverse divergence"),
    EP: (f":red[{THIN} **{{}}**]", "expectation propagation"),
    LAPLACE: (f":gray[{DASH_DOT} **{{}}**]", "Laplace approximation"),
}
BOUNDS_NOTE = "By the mean of K weights p(x, z)/q(z), or of order α: below log p(x) for α > 0, above it for α < 0."
ONE_ANSWER = (
    "**Both directions have one answer here.** The family of q holds the posterior itself, so the reverse "
    "(variational) fit and the forward fit are the posterior: D is 0 either way. They part where q is too "
    "simple: see *Food size*, *Two modes*, *Hidden sign*."
)
SIGNS = (
    "**Signs.** Here F is an upper bound on the surprisal and is minimised, as in pymdp and RxInfer; the loss of "
    "Pyro, NumPyro and PyMC's ADVI is the same number, −ELBO. SPM and Bogacz (2017) call −F the free energy and "
    "maximise it. What some texts call “Bayesian surprise” is D(posterior‖prior), not the surprisal."
)
RELATIVE = 1e-9  # two numbers closer than this are called equal; the errors of both are far smaller
TEXTBOOK_95 = 0.95


@long(3, "Importing SymPy …")
def forms(family: str) -> tuple[str, str, str]:
    """LaTeX of energy − entropy, complexity − accuracy, divergence + surprisal: steps of a proved derivation.

    The energy, −E log of the joint, stands first, as it does in the name of the form.
    """
    from kl_engine.symbolic import DERIVATIONS, latex

    if family in EXPECTED:
        return (BY_ENERGY, BY_COMPLEXITY.format(EXPECTED[family]), BY_EVIDENCE)
    proof = DERIVATIONS[FINITE_PROOF if family == FINITE else GAUSSIAN_PROOF]
    names = ("energy", "complexity", *(("divergence",) if family == FINITE else ()))
    shown = [latex(proof.step(name).expression.rhs) for name in names]
    energy = proof.step("energy").expression.rhs
    first = sorted(energy.args, key=lambda term: not term.could_extract_minus_sign())
    shown[0] = "".join(signed_terms([latex(term) for term in first]))
    return tuple(shown if family == FINITE else [*shown, BY_EVIDENCE])


def lead(scene: Scene, which: str, terms: FreeEnergy, units: str) -> list[str]:
    """The two sentences under the title, of the q that is drawn: F as surprisal and gap, and whether the gap closes."""
    if math.isinf(terms.value.value):
        return [f"**F of {which} is ∞**: q believes in something that the data rule out."]
    gap, surprisal = (
        three(each.value / NATS_IN[units], each.error / NATS_IN[units]) for each in (terms.divergence, terms.surprisal)
    )
    total = f"**F of {which} is {in_brief(terms.value, units)}**"
    if terms.divergence.value <= max(terms.divergence.error, RELATIVE):
        return [f"{total}, the surprisal.", "There is no gap: this q is the posterior."]
    return [f"{total}: the surprisal {surprisal} plus a gap of {gap}.", _closing(scene, units)]


def _closing(scene: Scene, units: str) -> str:
    """What minimising F does to the gap."""
    if not scene.fit.converged:
        return "From this q the descent of F does not end at a minimum."
    rest = scene.at_fit.divergence
    if scene.exact and rest.value <= max(rest.error, 1e-12):
        return "Minimising F closes the gap, because the posterior is in q's family."
    why = "q has ruled out a state" if scene.exact else "the posterior is not Gaussian"
    return f"Minimising F leaves {in_brief(rest, units)}: {why}."


def drawn(scene: Scene, view: str, fits: NamedFits) -> tuple[str, FreeEnergy]:
    """Which q is drawn, and its terms: what stands in large figures is never of another one."""
    if view == DIRECTIONS:
        return ("q, the reverse fit,", fits[REVERSE].terms) if fits.rows else ("the fitted q", scene.at_fit)
    return ("the fitted q" if scene.question.fitted else "your q"), scene.terms


def value_line(which: str, terms: FreeEnergy, units: str) -> str:
    """F of the belief that is drawn."""
    return f"F of {which} = {stated(terms.value, units, bold=True)}"


def pair_lines(terms: FreeEnergy, units: str) -> list[str]:
    """The numbers of each form's two terms, in the order of `forms`."""
    lines = []
    for first, second, sign in PAIRS:
        a, b = (_number(getattr(terms, name), units) for name in (first, second))
        shown = f"({b})" if b.startswith("−") else b
        names = f"{glossary(_entry(first), units, first)} {sign} {glossary(_entry(second), units, second)}"
        lines.append(f":small[**{names}** = {a} {sign} {shown}]")
    return lines


def legend(scene: Scene, view: str) -> str:
    """What each line, or bar, of the densities is."""
    posterior = written("target", "posterior")
    if view == DIRECTIONS and scene.question.on_the_line:
        lines = [posterior, "and its fits, as in the table"]
    else:
        lines = [f":gray[{THIN} prior]", f":gray[{DASHED} likelihood]", posterior, written("reverse", "q")]
    return f":small[{' '.join(lines)}]"


def split_head(scene: Scene, units: str) -> str:
    """The key of the bars, and the gap between the surprisal and F."""
    gap = _number(scene.terms.divergence, units)
    return f"{written('target', 'surprisal')} &ensp; {written('reverse', 'F')} &ensp; gap **{gap}** {units}"


def constant_head(scene: Scene, units: str) -> str:
    """What the two curves differ by."""
    surprisal = _number(scene.terms.surprisal, units)
    return f"**F** − :blue[**D(q‖posterior)**] = :primary[**−{LOG[units]} p(x)**] = **{surprisal}** {units}"


def fits_table(fits: NamedFits, units: str) -> str:
    """All fits of the same posterior, and what each says of its uncertainty."""
    if not fits.rows:
        return ONE_ANSWER
    best = {REVERSE: (True, False), FORWARD: (False, True)}  # which divergence each has least
    lines = [f"| {units} | q | ratio | 95 % holds | D(q‖p) | D(p‖q) |", "|---|---|---|---|---|---|"]
    for fit in fits.rows:
        costs = [
            f"**{shown}**" if least else shown
            for shown, least in zip(
                (_three(fit.terms.divergence, units), _three(fit.forward, units)), best.get(fit.name, (False, False))
            )
        ]
        ratio, holds = fit.measured.std_ratio, fit.measured.coverage
        cells = (bell(fit.q), plain(ratio.value, ratio.error, 2), share(holds), *costs)
        lines.append(
            f"| {STROKES[fit.name][0].format(glossary(STROKES[fit.name][1], units, fit.name))} | {' | '.join(cells)} |"
        )
    told = [f":small[**No {name} here**: {reason}.]" for name, reason in fits.left_out]
    if fits.is_local:
        told.append(f":small[{LOCAL_NOTE}]")
    return "\n".join(lines) + "\n\n" + "\n\n".join([*told, f":small[{FITS_NOTE}]"])


def bounds_head(scene: Scene, found: Bounds, units: str) -> str:
    """Bounds of the log evidence by the q that is drawn, and how much each leaves."""
    truth = -scene.terms.surprisal
    several, order = (partial(glossary, entry, units) for entry in ("importance-weighted bound", "Rényi bound"))
    named = [(glossary("ELBO", units, "−F: K = 1, α = 1"), found.draws[1])]
    named += [(several(f"K = {draws}"), found.draws[draws]) for draws in (5, 50)]
    named += [(order(f"α = {text}"), found.orders[alpha]) for text, alpha in (("½", 0.5), ("−½", -0.5))]
    lines = [f"| {units} | bound | gap left |", "|---|---|---|"]
    lines += [f"| {name} | {_bound(estimate, units)} | {_left(truth, estimate, units)} |" for name, estimate in named]
    evidence = glossary("log evidence", units, "log p(x)")
    lines.append(f"| :primary[**{evidence}**] | **{_number(truth, units)}** | |")
    return "\n".join(lines) + f"\n\n:small[{BOUNDS_NOTE}]"


def _bound(estimate: Estimate, units: str) -> str:
    """The bound; where it was sampled, with its interval."""
    sampled = f" :small[{known_to(estimate, NATS_IN[units])}]" if estimate.certainty.level else ""
    return f"{_number(estimate, units)}{sampled}"


def _left(truth: Estimate, estimate: Estimate, units: str) -> str:
    """What the bound leaves of the log evidence: below 0 where it is an upper one."""
    return "∞" if math.isinf(estimate.value) else _number(truth - estimate, units)


def _three(estimate: Estimate, units: str) -> str:
    return three(estimate.value / NATS_IN[units], estimate.error / NATS_IN[units])


def _entry(name: str) -> str:
    """The entry of the glossary."""
    return "Kullback-Leibler divergence" if name == "divergence" else name


def _number(estimate: Estimate, units: str) -> str:
    return fine(estimate.value / NATS_IN[units], estimate.error / NATS_IN[units], 4)


def meaning(scene: Scene, units: str) -> list[str]:
    """The sentences below the charts."""
    sentences = [_gap(scene, units)]
    if scene.question.on_the_line:
        sentences += [_confidence(scene), _points(scene, units), *_rivals(scene, units)]
    if scene.family == FINITE:
        sentences.append(_outcomes(scene, units))
    return sentences + _signs(scene, units)


def _gap(scene: Scene, units: str) -> str:
    """What stands between F and the surprisal, and whether the descent closes it."""
    shown = scene.terms
    if math.isinf(shown.value.value):
        return f"**F is ∞**: {shown.value.method.removeprefix('infinite: ')}. No constant is added to hide it."
    surprisal, excess = glossary("surprisal", units), amount(shown.divergence, units)
    if shown.divergence.value <= max(shown.divergence.error, RELATIVE):
        return f"F is the {surprisal}, {amount(shown.surprisal, units)}: this q is the posterior."
    bound = f"F exceeds the {surprisal} by {excess}, which is D(q‖posterior)"
    if not scene.fit.converged:
        return f"{bound}. **The descent did not end at a minimum**: {scene.fit.reason}."
    rest = scene.at_fit.divergence
    if scene.exact and rest.value <= max(rest.error, 1e-12):
        return f"{bound}. Minimising F closes the gap, because q's family contains the posterior."
    if scene.exact:
        return f"{bound}. Minimising F leaves {amount(rest, units)}: a state that q has ruled out never comes back."
    if scene.question.fitted:
        return f"{bound}: no small change of this q lowers it, because the posterior is not Gaussian."
    return f"{bound}. Minimising F leaves {amount(rest, units)}, because the posterior is not Gaussian."


def _confidence(scene: Scene) -> str:
    """Over-confidence, measured."""
    measured = confidence(scene.model, scene.belief, scene.x)
    ratio, coverage = measured
    which = "The fitted q" if scene.question.fitted else "This q"
    width = f"is {plain(ratio.value, ratio.error, 3)} times as wide as the posterior"
    holds = f"its 95 % interval holds {share(coverage)} of the posterior"
    return f"{which} {width} (std against std), and {holds}: {_verdict(measured)}."


def _verdict(measured: Confidence) -> str:
    """In one word, whether q is surer than the posterior allows."""
    gap = measured.coverage.value - TEXTBOOK_95
    if abs(gap) <= max(measured.coverage.error, 1e-6):
        return "as sure as the posterior"
    return "over-confident" if gap < 0 else "not over-confident"


def _points(scene: Scene, units: str) -> str:
    """MAP, Laplace and the posterior mean."""
    top = map_estimate(scene.model, scene.x)
    ties = [z for z in highest_points(scene.model, scene.x) if z != top]
    equal = f" (as high at {', '.join(plain(z, decimals=4) for z in ties)})" if ties else ""
    target = scene.posterior
    laplace_words = glossary("Laplace approximation", units)
    laplace = laplace_approximation(scene.model, scene.x)
    return (
        f"The highest point of the posterior (MAP) is {plain(top, decimals=4)}{equal}, its mean "
        f"{plain(target.mean, decimals=4)}; the {laplace_words}, which looks at its peak alone, is "
        f"{normal(laplace)}, the fitted q {normal(scene.fit.q)}, the posterior's moments "
        f"{normal(Gaussian(target.mean, target.std))}."
    )


def _rivals(scene: Scene, units: str) -> list[str]:
    """Other minima of F."""
    others = [other for other in scene.optima if not same(other.q, scene.fit.q)]
    if not others:
        return []
    best = scene.optima[0]
    lead, surprisal = scene.fit.value.value - best.value.value, scene.at_fit.surprisal
    listed = "; ".join(f"{normal(other.q)} at {amount(other.value + surprisal, units)}" for other in others)
    if lead > scene.fit.value.error + best.value.error + RELATIVE:
        return [f"**From this start the descent does not find the lowest F.** Other minima: {listed}."]
    return [f"F has other minima, none of them lower: {listed}. The start of q decides which one is found."]


def _outcomes(scene: Scene, units: str) -> str:
    """Whether prior and posterior tell the two directions apart: of some classics they do not."""
    learned = free_energy(scene.model, scene.posterior, scene.x).complexity
    back = free_energy(scene.model, scene.model.prior, scene.x).divergence
    seen = scene.question.story.outcomes[scene.x]
    pair = f"D(posterior‖prior) is {amount(learned, units)} and D(prior‖posterior) {amount(back, units)}"
    if _equal(learned, back):
        return f"**“{seen}” cannot tell the directions apart**: {pair}, the same number. {_other(scene)}"
    return f"On “{seen}” the directions differ: {pair}."


def _other(scene: Scene) -> str:
    """What the other outcome would show."""
    x, outcomes = 1 - scene.x, scene.question.story.outcomes
    try:
        target = posterior(scene.model, x)
    except ValueError:
        return f"“{outcomes[x]}” has probability 0."
    learned = free_energy(scene.model, target, x).complexity
    back = free_energy(scene.model, scene.model.prior, x).divergence
    return f"“{outcomes[x]}” {'cannot either' if _equal(learned, back) else 'can'}."


def _equal(first: Estimate, second: Estimate) -> bool:
    if math.isinf(first.value) or math.isinf(second.value):
        return first.value == second.value
    return abs(first.value - second.value) <= RELATIVE * (abs(first.value) + 1)


def _signs(scene: Scene, units: str) -> list[str]:
    """That F of a density may be negative, where it is."""
    value = scene.terms.value
    if scene.family == COIN or value.value >= 0:
        return []
    return [f"F is negative, {amount(value, units)}, and rightly so: p(x) is a density here, and this one exceeds 1."]


def no_formula(question: Question) -> str:
    """Why no formula with numbers put in stands here."""
    if question.family == ONES:
        return "E log σ(z) under a Gaussian has no closed form: it is integrated, with its error."
    if question.family == COUNTS:
        return "Of counts the terms are exact (the mean of e^z under a Gaussian is known), but not spelt out here."
    if question.seen:
        return "Several observations enter by their mean, with noise of std/√n, and by a constant that no q changes."
    return "Under a mixture prior the complexity has no closed form: it is integrated, with its error."


def unreadable(fault: ValueError) -> str:
    """What of the typed observations cannot be one."""
    return f"**Not an observation**: {fault}."


def refused(reason: ValueError | RuntimeError, question: Question) -> str:
    """Why there is nothing to show: F is infinite, and stays so along every descent."""
    if question.family != FINITE:
        return f"**No descent from here**: {reason}."
    seen = question.story.outcomes[question.outcome]
    if str(reason).startswith("x"):
        return f"**F is ∞ for every q**: under this model “{seen}” has probability 0, so there is no posterior."
    return f"**F is ∞**: all of this q lies on a state that “{seen}” rules out, and no descent leads out of it."


def vocabulary(terms: FreeEnergy, units: str) -> str:
    """A table: term, definition, number."""
    scale = NATS_IN[units]
    log_evidence = -terms.surprisal
    rows = (
        ("free energy", "F", "energy − entropy", terms.value),
        ("ELBO", "", "−F ≤ log p(x)", terms.elbo),
        ("energy", "", "−E[log p(x, z)] under q", terms.energy),
        ("entropy", "", "−E[log q(z)] under q", terms.entropy),
        ("complexity", "", "D(q‖prior)", terms.complexity),
        ("accuracy", "", "E[log p(x∣z)] under q", terms.accuracy),
        ("divergence", "the gap", "D(q‖posterior)", terms.divergence),
        ("surprisal", "", "−log p(x)", terms.surprisal),
        ("log evidence", "", "log p(x)", log_evidence),
    )
    lines = [f"| term | definition | {units} | |", "|---|---|---|---|"]
    for name, other, definition, estimate in rows:
        named = glossary(_entry(name), units, name)
        also = f", {other}" if other else ""
        error = f":small[{known_to(estimate, scale)}]"
        lines.append(
            f"| {named}{also} | {definition} | {fine(estimate.value / scale, estimate.error / scale)} | {error} |"
        )
    lines.append(_partition(terms, units))
    return "\n".join(lines)


def _partition(terms: FreeEnergy, units: str) -> str:
    """Z = p(x): a probability or a density, and so in no unit of information; never 0, as it is written out."""
    value, error = math.exp(-terms.surprisal.value), terms.surprisal.error
    shown = fine(value, value * error) if value > SMALLEST else f"exp({plain(-terms.surprisal.value, error)})"
    return f"| {glossary('partition function', units)} | Z = p(x) | {shown} | |"
