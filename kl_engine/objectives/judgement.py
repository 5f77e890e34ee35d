"""An objective read and judged in one: the public `read_objective`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kl_engine.fits.weighted import Fate, Weighted
from kl_engine.objectives import headlines
from kl_engine.objectives.algebra.canonical_form import Form
from kl_engine.objectives.openness import ask_what_is_open, ask_who_else_is_fitted, mutual, refuse_given, unmoved
from kl_engine.objectives.reading.asides import JENSEN_SHANNON, NAMED
from kl_engine.objectives.reading.estimators import Sampled
from kl_engine.objectives.reading.models import guess_model, is_policy
from kl_engine.objectives.reading.reading import Reading, read
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.objectives.verdicts import BOTH, FORWARD, HALF, NEITHER, REVERSE, Verdict, judge


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
    values = dict.fromkeys(form.scalars(), HALF) | dict(scalars or {})
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
    words = headlines.headline(reading, verdict)
    return replace(verdict, headline=words, notes=notes, whole=not (form.others or headlines.moves(reading, verdict)))


def _is_turned(verdict: Verdict) -> bool:
    """Whether its sign is turned: its negative has a minimum, or q's own entropy is to be made small."""
    if verdict.fate is Fate.MINIMUM:
        return False
    return verdict.turned_fate is Fate.MINIMUM or verdict.weights.entropy < 0 and verdict.pull == REVERSE


def _without_judgement(reading: Reading, fitted: str | None) -> Verdict | None:
    """The answer where no distribution moves in it, or two sides of one joint do; None for any other."""
    if fitted is None and (joint := mutual(reading.form)):
        return _neither(reading, joint, f"Neither direction: it is {NAMED['MI']}.", f"I, from {joint}")
    if q := unmoved(reading, fitted):
        factor = q not in reading.stilled and reading.form.densities() == (q,)
        return _neither(reading, q, (headlines.FACTOR if factor else headlines.STILLED).format(q=q), "0")
    return None


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
        return _neither(reading, "", f"Neither direction: it is {words}.", " + ".join(reading.asides))
    names = ", ".join(reading.form.others)
    raise ObjectiveError(f"Nothing in it depends on a distribution: {names}; write an expectation, such as E_q[log q].")


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
