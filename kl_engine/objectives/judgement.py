"""An objective read and judged in one: the public `read_objective`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kl_engine.fits.weighted import Fate, Weighted
from kl_engine.objectives import headlines
from kl_engine.objectives.algebra.canonical_form import Form, Term
from kl_engine.objectives.openness import ask_what_is_open, ask_who_else_is_fitted, mutual, refuse_given, unmoved
from kl_engine.objectives.reading.asides import JENSEN_SHANNON, NAMED, beside
from kl_engine.objectives.reading.estimators import Sampled
from kl_engine.objectives.reading.models import guess_model, is_fixed, is_policy
from kl_engine.objectives.reading.reading import Reading, read
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.objectives.verdicts import BOTH, FORWARD, HALF, NEITHER, REVERSE, Verdict, depends, judge, signed_sum


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
    verdict = _judged(reading, fitted, scalars or {})
    unsaid = [question.unsaid for question in reading.questions if question.unsaid and not reading.faults]
    return replace(verdict, headline=" ".join((verdict.headline, *unsaid)), whole=False) if unsaid else verdict


def _judged(reading: Reading, fitted: str | None, scalars: Mapping[str, float]) -> Verdict:
    """The verdict, as if what the text leaves open were as the functions that it calls need it."""
    form = reading.form
    if reading.vanishes:
        return _neither(reading, "", headlines.ZERO, "0", judged=True)
    if not form.terms and not reading.stilled:
        return _of_asides(reading)
    if (said := _without_judgement(reading, fitted)) is not None:
        return said
    ask_what_is_open(reading, fitted)
    model = model_of(reading, fitted)
    if mixed := _mixture_with(form, model):
        return _of_mixture(reading, model, mixed)
    if fitted is None:
        ask_who_else_is_fitted(reading, model)
    values = dict.fromkeys(form.scalars(), HALF) | dict(scalars)
    verdict = judge(form, model, values, reading.maximised)
    if _is_turned(verdict):
        return replace(verdict, pull=NEITHER, headline=headlines.wrong_way(verdict), notes=reading.notes, whole=False)
    if reading.sampled and reading.sampled.kind in ("k1", "k2", "k3"):
        return _of_estimator(reading, reading.sampled, verdict)
    asides = [f"{name} is {words}" for name, words in reading.asides.items()]
    notes = (*reading.notes, *asides)
    if reading.faults:
        return replace(verdict, pull=NEITHER, headline=headlines.fault(reading, verdict), notes=notes)
    if not any(term.is_density for term in form.terms):
        refuse_given(reading, verdict.model)
        return replace(verdict, pull=NEITHER, headline=headlines.reward(verdict), notes=notes, whole=False)
    words = headlines.headline(reading, verdict) + _fitted_beside(reading, verdict, values)
    return replace(verdict, headline=words, notes=notes, whole=not (form.others or headlines.moves(reading, verdict)))


def _factors(reading: Reading) -> list[str]:
    """The factors of a variational q, where the text holds nothing else that may be fitted."""
    heads = {name: name.partition("(")[0] for name in reading.form.densities()}
    first = next((name for name, head in heads.items() if head in ("q", "Q") and "(" in name), "")
    others = [name for name, head in heads.items() if head not in ("q", "Q", "p", "P") and not is_fixed(name)]
    return [first, *_siblings(reading, first)] if first and not others and _siblings(reading, first) else []


def _siblings(reading: Reading, model: str) -> list[str]:
    """The other factors of one variational q: q(c|v) beside q(v|b), each held against something that is not a q."""
    factors = [name for name in reading.form.densities() if name.partition("(")[0] in ("q", "Q") and "(" in name]
    crossed = any(
        term.under in factors and term.inside in factors and term.under != term.inside for term in reading.form.terms
    )
    whole = [name for name in factors if Term(name, name) in {term._replace(given=()) for term in reading.form.terms}]
    return [] if crossed or model not in whole else [d for d in whole if d != model and not depends(d, model)]


def _fitted_beside(reading: Reading, verdict: Verdict, values: Mapping[str, float]) -> str:
    """What is said where calls of libraries fit another distribution as well; ObjectiveError in another direction."""
    densities = reading.form.densities()
    others = [d for d in dict.fromkeys(reading.fitted) if d in densities and d != verdict.model and not is_fixed(d)]
    others = [d for d in others if depends(d, verdict.model) is not True and d not in reading.fixed]
    pairs = [{term.under, term.inside} for term in reading.form.terms]
    others = [d for d in others if {d, verdict.model} not in pairs] + _siblings(reading, verdict.model)
    judged = {name: judge(reading.form, name, values, reading.maximised) for name in others}
    if any(other.pull != verdict.pull for other in judged.values()):
        names = " or ".join((verdict.model, *judged))
        raise ObjectiveError(f"Which distribution is fitted? It may be {names}: paste the term of one of them.")
    said = (f" {name} is fitted as well: of it {other.canonical} is minimised." for name, other in judged.items())
    return "".join(said)


def _gained_under(form: Form) -> str:
    """In −E_Q(o|π)[D(Q(s|o,π)‖Q(s|π))] + … the outer Q(o|π), which moves with the same π; empty for any other form.

    An information gain is made large; the text does not say so, but what it is averaged over and the rest of it do.
    """
    for term, coefficient in form.terms.items():
        whole = term.given and term.under == term.inside and term.is_density
        number = coefficient.plain() if whole else None
        if number is not None and number < 0 and _moves(term.given[0], term.under):
            return term.given[0]
    return ""


def _moves(outer: str, inner: str) -> bool:
    """Whether an average is under what moves with a distribution: Q(o|π) and Q(s|o,π), or Q(o) and Q(s|o)."""
    head, _, variables = outer.rstrip(")").partition("(")
    given = inner.rstrip(")").partition("|")[2].split(",")
    return bool(depends(outer, inner)) or head == inner.partition("(")[0] and bool(head) and variables in given


def _is_turned(verdict: Verdict) -> bool:
    """Whether its sign is turned: its negative has a minimum, or q's own entropy is to be made small."""
    if verdict.fate is Fate.MINIMUM:
        return False
    return verdict.turned_fate is Fate.MINIMUM or verdict.weights.entropy < 0 and verdict.pull == REVERSE


def _without_judgement(reading: Reading, fitted: str | None) -> Verdict | None:
    """The answer where no distribution moves in it, or two sides of one joint do; None for any other."""
    if fitted is None and (joint := mutual(reading.form)):
        return _neither(reading, joint, f"Neither direction: it is {NAMED['MI']}.", f"I, from {joint}")
    if fitted is None and (said := _of_function(reading) or _constant(reading) or _of_target(reading)):
        return said
    outer = _gained_under(reading.form)
    if outer and any(t.under == t.inside == outer and not t.given for t in reading.form.terms):
        return _neither(reading, outer, headlines.TWICE.format(q=outer), "risk − information gain")
    if q := unmoved(reading, fitted):
        factor = q not in reading.stilled and reading.form.densities() == (q,)
        return _neither(reading, q, (headlines.FACTOR if factor else headlines.STILLED).format(q=q), "0")
    return None


def _of_function(reading: Reading) -> Verdict | None:
    """The answer where what the text says is fitted is a function, as in sup_f E_p[f] − E_q[f]; None for any other."""
    form = reading.form
    if any(term.is_density for term in form.terms):
        return None
    names = [*(term.inside for term in form.terms), *form.others]
    found = [f for f in reading.fitted if f in names or re.search(rf"(?<!\w){re.escape(f)}\(", " ".join(names))]
    if not found or {found[0]} & {d.partition("(")[0] for d in form.densities()}:
        return None
    words = "; ".join(reading.asides.values())
    headline = f"Neither direction: it is {words}." if words else headlines.OF_FUNCTION.format(f=found[0])
    parts = [(c, str(what)) for what, c in (*form.terms.items(), *form.others.items())]
    return _neither(reading, "", headline, signed_sum(parts))


_A_DISTRIBUTION = re.compile(r"[pqPQ]|[pq]_[a-z]+|pi(?:_\w+)?|student|policy|model|guide")


def _constant(reading: Reading) -> Verdict | None:
    """The answer where what the text says is fitted does not stand in it, or what stands in it is given by its name."""
    densities = reading.form.densities()
    heads = {name.partition("(")[0] for name in densities}
    said = [name for name in reading.fitted if _A_DISTRIBUTION.fullmatch(name)]
    named = [name for name in said for head in heads if head == name or name in head.split("_") and not is_fixed(head)]
    missing = said and not named and len(said) == len(reading.fitted)
    only_logs = all(term.is_density for term in reading.form.terms)
    given = (
        only_logs and len(densities) == 1 and not reading.fitted and is_fixed(densities[0]) and "data" not in densities
    )
    if not densities or not (missing or given):
        return None
    name = said[0] if missing else densities[0]
    headline = headlines.WITHOUT if missing else headlines.GIVEN
    return _neither(reading, name, headline.format(q=name), "const", judged=False)


_TARGET = re.compile(r"[pP](?:\([^|]*\))?")


def _of_target(reading: Reading) -> Verdict | None:
    """The answer about a bare entropy of p, which is the target by its name; None for anything else."""
    densities = reading.form.densities()
    alone = len(densities) == 1 and {*reading.form.terms} == {Term(*densities * 2)} and not reading.form.others
    if not alone or reading.fitted or reading.sampled or not _TARGET.fullmatch(densities[0]):
        return None
    return _neither(reading, densities[0], headlines.OF_TARGET.format(p=densities[0]), "const")


def model_of(reading: Reading, fitted: str | None = None) -> str:
    """The fitted distribution, named by the caller or told by the text; ObjectiveError where it is open."""
    found = _named_model(reading, fitted)
    return reading.form.mixtures.get(found, (found,))[-1]  # of a mixture one of its parts is fitted


def _named_model(reading: Reading, fitted: str | None) -> str:
    densities = tuple(name for name in reading.form.densities() if name not in reading.form.mixtures)
    if fitted is not None:
        found = [d for d in densities if d == fitted] or [d for d in densities if d.partition("(")[0] == fitted]
        if not found and fitted in reading.densities:
            return fitted  # its terms have cancelled
        if not found:
            raise ObjectiveError(f"There is no distribution {fitted!r} in it: it has {', '.join(densities)}.")
        return found[0]
    guess = guess_model(densities, reading.fitted, reading.fixed)
    if not reading.fitted and (own := _rewarded(reading.form, guess.model)):
        return own
    if not reading.maximised and not reading.fitted and (outer := _gained_under(reading.form)):
        return outer
    if not guess.certain and len(form_pairs := {(t.under, t.inside) for t in reading.form.terms}) == 1:
        ((under, inside),) = form_pairs
        if under != inside and next(iter(reading.form.terms)).is_density:
            return inside  # a cross entropy: what stands under the log is fitted to what it is averaged over
    crossed = {term.inside for term in reading.form.terms if term.is_density and term.under != term.inside}
    only_crossed = all(term.is_density and term.under != term.inside for term in reading.form.terms)
    alone = crossed - {term.under for term in reading.form.terms}
    if not guess.certain and (reading.calls or only_crossed and len(crossed) == 1) and len(alone) == 1:
        return alone.pop()  # what stands under every log, and is averaged under nowhere
    if any({*densities} <= {*parts} for parts in reading.form.mixtures.values()):
        return guess.model  # each is held against a mixture of all: it is the same whoever is fitted
    if not guess.certain and densities and (factors := _factors(reading)):
        return factors[0]
    if not guess.certain and not _is_symmetric(reading.form):
        raise ObjectiveError(
            f"Which distribution is fitted? The names do not say it: it may be {' or '.join(densities)}; name it q."
        )
    return guess.model


def _rewarded(form: Form, guess: str) -> str:
    """ρ of E_ρ[R] + D(ρ‖π): where π alone were fitted, the mean under ρ would be a constant. Empty where there is none.

    ObjectiveError where the names say the other one.
    """
    means = {t.under for t in form.terms if not t.is_density and not t.given and not is_fixed(t.under)}
    own = {name for name in means if Term(name, name) in form.terms}
    own = {name for name in own if any(t.under == name and t.is_density and t.inside != name for t in form.terms)}
    others = own - {guess}
    if own != others or len(own) != 1 or any(depends(name, guess) for name in own):
        return ""
    (name,) = own
    if guess[:1] in "qQ" and name[:1] in "pP":
        raise ObjectiveError(
            f"Which distribution is fitted? {guess} by its name, but then the mean under {name} is a constant: say so "
            f"in front, as in min_{guess.partition('(')[0]}."
        )
    return name


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


def _neither(reading: Reading, model: str, headline: str, canonical: str, judged: bool = False) -> Verdict:
    nothing = Weighted(0.0, 0.0, 0.0)
    dropped = reading.form.constants
    return Verdict(
        model, NEITHER, nothing, Fate.CONSTANT, Fate.CONSTANT, bool(reading.maximised), canonical, (), (), dropped,
        False, headline, reading.notes, False, judged=judged,
    )  # fmt: skip


def _of_asides(reading: Reading) -> Verdict:
    """An objective without an expectation of a log ratio: what it is, or that it cannot be told."""
    if reading.asides:
        words = "; ".join(dict.fromkeys(reading.asides.values()))
        others = [name for name in reading.form.others if name not in reading.asides and not name.startswith("log ")]
        words += beside(others)
        canonical = signed_sum([(c, name) for name, c in reading.form.others.items() if name in reading.asides])
        return _neither(reading, "", f"Neither direction: it is {words}.", canonical or " + ".join(reading.asides))
    names = ", ".join(reading.form.others)
    raise ObjectiveError(f"This contains no distribution, only {names}; write an expectation, such as E_q[log q].")


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
    if sampled.factor.terms[0][1] < 0:
        found = _of_estimator(reading, replace(sampled, factor=-sampled.factor), verdict)
        return replace(found, headline=headlines.MINUS + found.headline)
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
