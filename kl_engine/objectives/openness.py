"""What a text leaves open: who is fitted, what m is, and whether anything in it is fitted. It is asked, not guessed."""

from __future__ import annotations

import re

from kl_engine.objectives.algebra.canonical_form import Form, Term
from kl_engine.objectives.reading.models import guess_model, has_parameters, is_fixed
from kl_engine.objectives.reading.reading import Reading
from kl_engine.objectives.reading.stopped import is_held, own_name
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.objectives.verdicts import HALF, depends, judge


def ask_what_is_open(reading: Reading, fitted: str | None) -> None:
    """Raises the error for what only the author of a text can answer."""
    if _is_noise(reading.form):
        raise ObjectiveError(
            "Nothing in it is fitted: in a diffusion neither q(x_T|x_0) nor p(x_T) has parameters, and this term is a "
            "constant. Write D(q‖p_theta) for the steps that are learned."
        )
    if not fitted:
        _ask_who_learns_where(reading)
    _ask_for_the_mean(reading, fitted)
    _ask_what_it_is_held_against(reading, fitted)


def refuse_given(reading: Reading, model: str) -> None:
    """Raises the error for a mean under what is given, without a log of a distribution in it."""
    if is_fixed(model) or model in reading.fixed:
        raise ObjectiveError(
            f"It is a mean under {model}, which is given, with no log of a distribution in it: write what is fitted, "
            "as in E_q[...] or log q."
        )


def unmoved(reading: Reading, fitted: str | None) -> str:
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


def mutual(form: Form) -> str:
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


def ask_who_else_is_fitted(reading: Reading, model: str) -> None:
    """Raises the error where the names suit another distribution as well, and with it the answer would be another."""
    if _is_said(reading, model) and not reading.calls:
        return  # what stands in one call says nothing of the terms beside it
    form, fixed = reading.form, reading.fixed
    terms = [term for term in form.terms if term.is_density and term.under != term.inside]
    apart = [t for t in terms if not t.given and not {t.under, t.inside} & {*form.mixtures}]
    apart = [t for t in apart if depends(t.under, model) is False and depends(t.inside, model) is False]
    if reading.calls:  # of each call it is known who is fitted in it
        apart = [t for t in apart if not {t.under, t.inside} & {*reading.fitted}]
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


def _is_said(reading: Reading, model: str) -> bool:
    """Whether the text itself says who is fitted, as min over q or the arguments of a library call do."""
    return any(model == name or re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", model) for name in reading.fitted)


def _likely(term: Term, fixed: tuple[str, ...]) -> list[str]:
    """Of the two in a term those that may be fitted."""
    guess = guess_model((term.under, term.inside), (), fixed)
    names = [guess.model] if guess.certain else [term.under, term.inside]
    return [name for name in names if not (is_fixed(name) or name in fixed or is_held(name))]


def _is_noise(form: Form) -> bool:
    """Whether it is the first term of a diffusion's bound, D(q(x_T|x_0)‖p(x_T))."""
    names = [name.replace(" ", "") for name in form.densities()]
    return len(names) == 2 and all(re.fullmatch(r"[qp]\(x_T(?:\|x_0)?\)", name) for name in names)


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

__all__ = ["ask_what_is_open", "ask_who_else_is_fitted", "mutual", "refuse_given", "unmoved"]
