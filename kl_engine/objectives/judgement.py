"""An objective read and judged in one: the public `read_objective`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kl_engine.fits.weighted import Fate, Weighted
from kl_engine.objectives import headlines
from kl_engine.objectives.algebra.canonical_form import Form, Term
from kl_engine.objectives.asides import JENSEN_SHANNON, NAMED
from kl_engine.objectives.estimators import Sampled
from kl_engine.objectives.models import guess_model, has_parameters, is_fixed, is_policy
from kl_engine.objectives.reading import Reading, read
from kl_engine.objectives.stopped import is_held, own_name
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.objectives.verdicts import BOTH, FORWARD, NEITHER, REVERSE, Verdict, depends, judge

HALF = 0.5  # what a named scalar is taken to be where nobody says it: positive, and not 1


def read_objective(text: str, fitted: str | None = None, answers: Mapping[str, str] | None = None) -> Verdict:
    """What an objective forces, as it is written in a paper or in code: forward, reverse, or neither.

    fitted: the distribution that is fitted, as the text writes it; told by the text and its names if left out. Every
    named scalar is taken to be positive. Raises ObjectiveError (a ValueError) where the text cannot be read, or where
    it does not say which distribution is fitted. It makes A·H[b, q] − h·H[q] + Σ c E_q[−log b] of the `text`, in nats.
    `answers` are those to questions that the text leaves open, by the name of the question. Source: the objectives that
    have names, `kl_engine/objectives/catalogue.py`, and the calls of libraries.

    >>> import kl_engine as kl
    >>> kl.objectives.read_objective("E_q[log q - log p]").direction
    'reverse'
    >>> kl.objectives.read_objective("F.kl_div(student.log_softmax(-1), teacher, reduction='sum')").canonical
    'D(teacher‖student)'
    """
    return verdict_of(read(text, answers), fitted)


def verdict_of(reading: Reading, fitted: str | None = None, scalars: Mapping[str, float] | None = None) -> Verdict:
    """The verdict on an objective that is read; `fitted` and ObjectiveError as in `read_objective`."""
    form = reading.form
    if reading.vanishes:
        return _neither(reading, "", headlines.ZERO, "0")
    if not form.terms and not reading.stilled:
        return _of_asides(reading)
    if fitted is None and (joint := _mutual(form)):
        return _neither(reading, joint, f"Neither direction: it is {NAMED['MI']}.", f"I, from {joint}")
    if fitted is None and _is_noise(form):
        raise ObjectiveError(
            "Nothing in it is fitted: in a diffusion neither q(x_T|x_0) nor p(x_T) has parameters, and this term is a "
            "constant. Write D(q‖p_theta) for the steps that are learned."
        )
    if unmoved := _unmoved(reading, fitted):
        factor = unmoved not in reading.stilled and reading.form.densities() == (unmoved,)
        words = headlines.FACTOR if factor else headlines.STILLED
        return _neither(reading, unmoved, words.format(q=unmoved), "0")
    if not fitted:
        _ask_who_learns_where(reading)
    _ask_for_the_mean(reading, fitted)
    _ask_what_it_is_held_against(reading, fitted)
    model = model_of(reading, fitted)
    if mixed := _mixture_with(form, model):
        return _of_mixture(reading, model, mixed)
    if fitted is None and not _is_said(reading, model):
        _ask_who_else_is_fitted(form, model, reading.fixed)
    values = dict.fromkeys(form.scalars(), HALF) | dict(scalars or {})
    verdict = judge(form, model, values, reading.maximised)
    if verdict.turned_fate is Fate.MINIMUM and verdict.fate is not Fate.MINIMUM:
        return replace(verdict, pull=NEITHER, headline=headlines.wrong_way(verdict), notes=reading.notes, whole=False)
    if verdict.weights.entropy < 0 and verdict.pull == REVERSE and verdict.fate is not Fate.MINIMUM:
        return replace(verdict, pull=NEITHER, headline=headlines.wrong_way(verdict), notes=reading.notes, whole=False)
    if reading.sampled and reading.sampled.kind in ("k1", "k2", "k3"):
        return _of_estimator(reading, reading.sampled, verdict)
    asides = [f"{name} is {words}" for name, words in reading.asides.items()]
    notes = (*reading.notes, *asides)
    if reading.faults:
        return replace(verdict, pull=NEITHER, headline=headlines.fault(reading, verdict), notes=notes)
    if not any(term.is_density for term in form.terms):
        if is_fixed(verdict.model) or verdict.model in reading.fixed:
            raise ObjectiveError(
                f"It is a mean under {verdict.model}, which is given, with no log of a distribution in it: write what "
                "is fitted, as in E_q[...] or log q."
            )
        return replace(verdict, pull=NEITHER, headline=headlines.reward(verdict), notes=notes, whole=False)
    words = headlines.headline(reading, verdict)
    return replace(verdict, headline=words, notes=notes, whole=not (form.others or headlines.moves(reading, verdict)))


def _is_noise(form: Form) -> bool:
    """Whether it is the first term of a diffusion's bound, D(q(x_T|x_0)‖p(x_T))."""
    names = [name.replace(" ", "") for name in form.densities()]
    return len(names) == 2 and all(re.fullmatch(r"[qp]\(x_T(?:\|x_0)?\)", name) for name in names)


def _mutual(form: Form) -> str:
    """The joint p(x,y) of D(p(x,y)‖p(x) p(y)), of one p throughout; empty for anything else."""
    unders = {term.under for term in form.terms}
    if len(unders) != 1 or len(form.terms) != 3 or form.others:
        return ""
    (joint,) = unders
    head, _, inside = joint.partition("(")
    names = {f"{head}({name})" for name in inside.rstrip(")").split(",")}
    parts = {term.inside for term in form.terms} - {joint}
    signs = {c.plain() for c in form.terms.values()}
    return joint if parts == names and Term(joint, joint) in form.terms and signs in ({1, -1},) else ""


def _unmoved(reading: Reading, fitted: str | None) -> str:
    """The distribution that is fitted by its name, where the text lets no gradient reach it; else empty."""
    densities = reading.form.densities()
    cut = [name for name in reading.fixed if name in densities and not is_fixed(name)]
    likely = [fitted] if fitted else [guess_model((*densities, *reading.stilled), reading.fitted).model]
    if likely[0] in reading.stilled and likely[0] not in densities:
        return likely[0]
    others = [name for name in densities if name not in reading.fixed and not is_held(name)]
    if likely[0] in cut and not others and reading.form.scalars():
        return likely[0]  # what is fitted is the factor before it, as a temperature
    if likely[0] in cut and others and all(is_fixed(name) and "prior" not in name for name in others):
        return likely[0]
    return ""


def _ask_who_learns_where(reading: Reading) -> None:
    """Raises the error for KL(sg(a)‖b) + KL(a‖sg(b)), where either is fitted in a term of its own."""
    pairs = [(t.under, t.inside) for t in reading.form.terms if t.is_density and is_held(t.under) != is_held(t.inside)]
    partners = {second if is_held(first) else first for first, second in pairs}
    owners = {own_name(first if is_held(first) else second) for first, second in pairs} & {*reading.form.densities()}
    open_ = {name for name in partners if not is_fixed(name)}
    if len(partners) > 1 or open_ and owners:
        names = " and ".join(sorted(partners | owners))
        raise ObjectiveError(
            f"Which distribution is fitted? Of {names} each learns in a term in which the other is held fixed: paste "
            "one of the terms by itself."
        )


def model_of(reading: Reading, fitted: str | None = None) -> str:
    """The fitted distribution, named by the caller or told by the text; ObjectiveError where it is open."""
    densities = reading.form.densities()
    if fitted is not None:
        found = [d for d in densities if d == fitted] or [d for d in densities if d.partition("(")[0] == fitted]
        if not found and fitted in reading.densities:
            return fitted  # its terms have cancelled
        if not found:
            raise ObjectiveError(f"There is no distribution {fitted!r} in it: it has {', '.join(densities)}.")
        return found[0]
    guess = guess_model(densities, reading.fitted, reading.fixed)
    if not guess.certain and len(form_pairs := {(t.under, t.inside) for t in reading.form.terms}) == 1:
        ((under, inside),) = form_pairs
        if under != inside and next(iter(reading.form.terms)).is_density:
            return inside  # a cross entropy: what stands under the log is fitted to what it is averaged over
    crossed = {term.inside for term in reading.form.terms if term.is_density and term.under != term.inside}
    if not guess.certain and reading.calls and len(crossed - {term.under for term in reading.form.terms}) == 1:
        return crossed.pop()  # of library calls: what stands under every log, and is averaged under nowhere
    if not guess.certain and not _is_symmetric(reading.form):
        raise ObjectiveError(
            f"Which distribution is fitted? The names do not say it: it may be {' or '.join(densities)}; name it q."
        )
    return guess.model


def _is_said(reading: Reading, model: str) -> bool:
    """Whether the text itself says who is fitted, as min over q or the arguments of a library call do."""
    return any(model == name or re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", model) for name in reading.fitted)


def _ask_who_else_is_fitted(form: Form, model: str, fixed: tuple[str, ...]) -> None:
    """Raises the error where the names suit another distribution as well, and with it the answer would be another."""
    terms = [term for term in form.terms if term.is_density and term.under != term.inside]
    apart = [t for t in terms if not t.given and not {t.under, t.inside} & {*form.mixtures}]
    apart = [t for t in apart if depends(t.under, model) is False and depends(t.inside, model) is False]
    others = [name for term in apart for name in _likely(term, fixed)]
    pulls = {judge(form, name, dict.fromkeys(form.scalars(), HALF)).pull for name in (model, *others)}
    if others and len(pulls) > 1:
        names = " or ".join(dict.fromkeys((model, *others)))
        raise ObjectiveError(
            f"Which distribution is fitted? It may be {names}: say so in front, as in min_{model.partition('(')[0]}, "
            "or paste the terms of one of them."
        )
    if len(form.terms) == 1 and terms and terms[0].under == model and has_parameters(terms[0].inside):
        raise ObjectiveError(
            f"Which distribution is fitted? If it is {terms[0].inside}, this is forward, with {model} given; for "
            f"{model} alone it has no minimum. Say so in front, as in min_{terms[0].inside.partition('(')[0]}."
        )


def _likely(term: Term, fixed: tuple[str, ...]) -> list[str]:
    """Of the two in a term those that may be fitted."""
    guess = guess_model((term.under, term.inside), (), fixed)
    names = [guess.model] if guess.certain else [term.under, term.inside]
    return [name for name in names if not (is_fixed(name) or name in fixed or is_held(name))]


def _is_symmetric(form: Form) -> bool:
    """Whether it is the same for both of its distributions, so that it does not matter which is fitted."""
    densities = form.densities()
    if len(densities) != 2 or form.others:
        return False
    swapped = dict(zip(densities, reversed(densities), strict=True))
    turned = {
        t._replace(under=swapped[t.under], inside=swapped.get(t.inside, t.inside)): c for t, c in form.terms.items()
    }
    return turned == form.terms


def _neither(reading: Reading, model: str, headline: str, canonical: str) -> Verdict:
    nothing = Weighted(0.0, 0.0, 0.0)
    dropped = reading.form.constants
    return Verdict(
        model, NEITHER, nothing, Fate.CONSTANT, Fate.CONSTANT, bool(reading.maximised), canonical, (), (), dropped,
        False, headline, reading.notes, False,
    )  # fmt: skip


def _of_asides(reading: Reading) -> Verdict:
    """An objective without an expectation of a log ratio: what it is, or that it cannot be told."""
    if reading.asides:
        words = "; ".join(dict.fromkeys(reading.asides.values()))
        return _neither(reading, "", f"Neither direction: it is {words}.", " + ".join(reading.asides))
    names = ", ".join(reading.form.others)
    raise ObjectiveError(f"Nothing in it depends on a distribution: {names}; write an expectation, such as E_q[log q].")


def _ask_for_the_mean(reading: Reading, fitted: str | None) -> None:
    """Raises the error for D(p‖m) + D(q‖m), where the text does not say what m is."""
    if fitted is not None or reading.fitted and not reading.calls:
        return
    form = reading.form
    inside = {term.inside for term in form.terms if term.is_density and term.under != term.inside}
    for m in inside - {term.under for term in form.terms} - set(form.mixtures):
        firsts = [term.under for term in form.terms if term.is_density and term.inside == m]
        whole = [name for name in firsts if Term(name, name) in form.terms]
        guess = guess_model(form.densities(), (), reading.fixed)
        if len(whole) > 1 and guess.model in whole:
            both = " and ".join(whole)
            raise ObjectiveError(
                f"What is {m}? Where it is the mean of {both} this is the Jensen-Shannon divergence: write "
                f"{m} = ({' + '.join(whole)})/2 on a line before it; where {m} is what is fitted, say so."
            )


def _ask_what_it_is_held_against(reading: Reading, fitted: str | None) -> None:
    """Raises the error for D(m‖p) + D(m‖q) as some libraries write the Jensen-Shannon divergence."""
    if fitted is not None or reading.fitted and not reading.calls:
        return
    terms = [term for term in reading.form.terms if term.is_density and term.under != term.inside]
    for m in {term.under for term in terms if _MEAN.fullmatch(term.under)} - set(reading.form.mixtures):
        others = [term.inside for term in terms if term.under == m]
        if len(others) > 1 and not any(term.under in others for term in terms):
            raise ObjectiveError(
                f"What is {m}? If it is the mean of {' and '.join(others)}, write {m} = ({' + '.join(others)})/2 on a "
                f"line before it, and each divergence as KL({others[0]}||{m}): that is the Jensen-Shannon divergence."
            )


_MEAN = re.compile(r"(?i)m|mix\w*|avg\w*|mean\w*|mid\w*")


def _mixture_with(form: Form, model: str) -> list[str]:
    """The mixtures in a form that the fitted distribution is a part of."""
    return [name for name, parts in form.mixtures.items() if model in parts]


def _of_mixture(reading: Reading, model: str, mixed: list[str]) -> Verdict:
    """A log of a mixture with q in it: the Jensen-Shannon divergence, or a relative of it."""
    parts = reading.form.mixtures[mixed[0]]
    expected = Form()
    for name in parts:
        expected += Form.expectation(name, name) + -Form.expectation(name, mixed[0])
    ratios = {reading.form.terms.get(term) and str(reading.form.terms[term] * inverse)
              for term, c in expected.terms.items() if (inverse := c.reciprocal())}  # fmt: skip
    is_js = set(expected.terms) == set(reading.form.terms) and len(ratios) == 1 and len(parts) == 2
    words = JENSEN_SHANNON if is_js else headlines.SKEWED
    canonical = f"JS({', '.join(parts)})" if is_js else " + ".join(map(str, reading.form.terms))
    return _neither(reading, model, f"Neither direction: it is {words}.", canonical)


def _of_estimator(reading: Reading, sampled: Sampled, verdict: Verdict) -> Verdict:
    """An estimator at samples: the direction whose gradient it has as a loss, and what it is as a value."""
    s, o = sampled.sampled, sampled.other
    samples_move = verdict.model == s
    if not samples_move:  # samples of what is given: the gradient of k1 and k3 is that of the value
        pull = FORWARD if sampled.kind in ("k1", "k3") else BOTH
        headline = headlines.estimator_of_given(sampled, verdict.model)
        return replace(verdict, pull=pull, headline=headline, notes=reading.notes, exact=False, whole=False)
    if sampled.kind == "k2" or sampled.kind == "k1" and not (sampled.as_loss and is_policy(s)):
        headline = headlines.estimator(sampled, is_policy(s))
        return replace(verdict, pull=REVERSE, headline=headline, notes=reading.notes, exact=False, whole=False)
    if sampled.kind == "k1":
        headline = headlines.estimator(sampled, True)
        return replace(
            verdict, pull=NEITHER, weights=Weighted(0.0, 0.0, 0.0), fate=Fate.CONSTANT, turned_fate=Fate.CONSTANT,
            headline=headline, notes=reading.notes, exact=False, whole=False,
        )  # fmt: skip
    turned = judge(Form.expectation(o, o) + -Form.expectation(o, s), s, {})
    return replace(
        turned, maximised=verdict.maximised, headline=headlines.estimator(sampled, is_policy(s)), notes=reading.notes,
        exact=False, whole=False,
    )  # fmt: skip


__all__ = ["Verdict", "model_of", "read_objective", "verdict_of"]
