"""From what a text says to a canonical form, with what is ambiguous in it and what is wrong with it.

Everything is read as a sum of two things: a `Form`, which is made of expectations, and a `Pointwise`, which is what
stands at one outcome or one sample. An expectation, an integral and a sum over outcomes turn the second into the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kl_engine.objectives.algebra.aliases import namesakes, renamed
from kl_engine.objectives.algebra.canonical_form import Form, divergence
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.by_value.functionals import known_by_value
from kl_engine.objectives.libraries.functions import LibraryCall
from kl_engine.objectives.libraries.reading import Question
from kl_engine.objectives.reading.arguments import LIKELIHOOD, called, compact, name_of
from kl_engine.objectives.reading.asides import COSINE, NAMED, is_of_angles
from kl_engine.objectives.reading.calls import call
from kl_engine.objectives.reading.closed_pieces import closed_piece, is_like_closed
from kl_engine.objectives.reading.conditions import penalties
from kl_engine.objectives.reading.estimators import Sampled, sampled
from kl_engine.objectives.reading.models import is_policy
from kl_engine.objectives.reading.outside import outside, with_costs
from kl_engine.objectives.reading.stopped import loosened, settled
from kl_engine.objectives.reading.sums import expectation, over_outcomes, with_complements
from kl_engine.objectives.reading.walk import Readers, Walk, without_distribution
from kl_engine.objectives.text_limits import MAX_NAMES, ObjectiveError
from kl_engine.symbolic.formulas.parsing.branches import Way, agreed
from kl_engine.symbolic.formulas.parsing.phrases import Phrase
from kl_engine.symbolic.formulas.parsing.statements import Program, read_text

FORWARD, REVERSE, BOTH = "forward", "reverse", "both"
READERS = Readers(call, expectation, over_outcomes)


@dataclass(frozen=True)
class Reading:
    """What a text says: its form, remarks, questions that only its author can answer, and faults of a library call.

    Where there is a fault, `form` is that of the call as it was most likely meant. sampled: an estimator from samples,
    where the text is one. asides: of names among the form's others, what they are in a sentence. fitted, fixed: what
    the text itself says of who is fitted and who is not. maximised: whether it says that it is to be maximised.
    densities: all that were met, also those whose terms have cancelled. vanishes: whether everything has. stilled:
    those that have lost the gradient of a term, as its weight is held fixed.
    """

    text: str
    form: Form
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    faults: tuple[str, ...] = ()
    calls: tuple[LibraryCall, ...] = ()
    sampled: Sampled | None = None
    asides: Mapping[str, str] = field(default_factory=dict)
    fitted: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    maximised: bool | None = None
    densities: tuple[str, ...] = ()
    vanishes: bool = False
    stilled: tuple[str, ...] = ()


def read(text: str, answers: Mapping[str, str] | None = None) -> Reading:
    """Read a text as an objective; `answers` answers questions by their keys.

    Raises ObjectiveError (a ValueError) with the offending piece, its position and what to do.
    """
    reading, said = agreed(lambda way: _read(text, answers, way), ObjectiveError, _says_the_same, "objectives")
    return replace(reading, notes=(*reading.notes, said[0].lower() + said[1:].rstrip("."))) if said else reading


def _says_the_same(first: Reading, other: Reading) -> bool:
    """Whether two readings are multiples of one form, with the same roles."""
    kinds = [(r.sampled.kind, r.sampled.sampled) if r.sampled else () for r in (first, other)]
    roles = [(r.maximised, r.fixed, r.vanishes, r.stilled, sorted(r.asides.values())) for r in (first, other)]
    terms = [{term: str(c) for term, c in r.form.terms.items()} for r in (first, other)]
    signs = [{term: c.plain() for term, c in r.form.terms.items()} for r in (first, other)]
    same = terms[0] == terms[1]
    if not same and set(terms[0]) == set(terms[1]) and None not in (*signs[0].values(), *signs[1].values()):
        ratios = {signs[0][term] / signs[1][term] for term in signs[0]}
        same = len(ratios) == 1 and min(ratios) > 0
    return same and kinds[0] == kinds[1] and roles[0] == roles[1] and set(first.form.others) == set(other.form.others)


def _read(text: str, answers: Mapping[str, str] | None, way: Way) -> Reading:
    program = read_text(text, refusal=ObjectiveError, way=way)
    if program.ambiguous:
        program = _unambiguous(text, program)
    refusals, best = [], None
    names = any(part.kind == "name" for result in program.results for part in result.walk())
    for phrase in (*program.results, *program.spare, *(program.sides if names else ())):
        if best is not None and phrase not in program.results:
            break
        source = program if phrase in program.results else replace(program, name="")
        try:
            found = (
                _of_no_logs(source, phrase)
                or _of_angles(source, phrase)
                or _of_entropies(source, phrase)
                or _reading(source, phrase, dict(answers or {}))
            )
        except OverflowError:
            raise ObjectiveError("The coefficients are too long: use fewer names and shorter numbers.") from None
        except ObjectiveError as refusal:
            refusals.append(refusal)
            found = _by_value(program, phrase)
            if found is None:
                continue
        if phrase in program.sides and not any(term.under != "data" for term in found.form.terms):
            continue  # log p(x) alone is what is bounded
        if phrase not in program.results and refusals:
            found = replace(found, notes=(*found.notes, _ALONE if phrase in program.spare else _SIDE))
        if best is None or found.form.terms and not best.form.terms:
            best = found
    if best is None:
        raise refusals[0]
    return best


_ALONE = "the divergence in the text is read by itself: what the text makes of it is not read"
_PARAMETER = re.compile(r"^[^(\[]*[LJFℒ][^(\[=]*[(\[]\s*\\?(theta|phi|psi|omega|θ|φ|ψ|ω)\s*[)\]]\s*(?:\\[;,! ]|\s)*$")
_LETTERS = {"θ": "theta", "φ": "phi", "ψ": "psi", "ω": "omega"}
_SIDE = "read is a side before the last equals sign, as the last one holds no divergence that is written out"
_POWERS = ("logsumexp", "logaddexp", "sqrt", "rsqrt", "abs", "absolute", "fabs", "norm")


def _of_no_logs(program: Program, phrase: Phrase) -> Reading | None:
    """A text with a root, an absolute value or a power that is not whole, if its values are of a known kind."""
    calls = (called(part) for part in phrase.walk() if part.kind == "call")
    rooted = any(found and found[0] in _POWERS for found in calls)
    whole = (part.parts[1].kind == "number" and part.parts[1].value.denominator == 1 for part in _powers(phrase))
    if not (rooted or any(part.kind in ("bars", "limit") for part in phrase.walk()) or not all(whole)):
        return None
    return _by_value(program, phrase)


def _of_angles(program: Program, phrase: Phrase) -> Reading | None:
    """The reading of a loss of cosines; None of any other."""
    if not is_of_angles(phrase):
        return None
    name = compact(program.source.text, phrase)
    return Reading(program.source.text, Form.other(name), asides={name: COSINE})


def _of_entropies(program: Program, phrase: Phrase) -> Reading | None:
    """H(X) − H(X|Y) and H(X) + H(Y) − H(X, Y), a mutual information; None of any other."""
    gained, given = [], []
    for term, sign in _terms(phrase, 1):
        if term.kind != "call" or term.parts[0].value not in ("H", "h", "Ent", "S") or term.keywords:
            return None
        names = [compact(program.source.text, part) for part in term.parts[1:]]
        if not all(part.is_name() and str(part.value)[:1] not in "pqPQ" for part in term.parts[1:]):
            return None
        (gained if sign > 0 else given).append((names, term.separators))
    if len(given) != 1 or len(given[0][0]) != 2:
        return None
    names, (sign,) = given[0]
    conditional = sign == "|" and [pair[0] for pair in gained] == [names[:1]]
    joint = sign in (",", ";") and sorted(pair[0][0] for pair in gained if len(pair[0]) == 1) == sorted(names)
    if not conditional and not joint:
        return None
    return Reading(
        program.source.text, Form.other(f"I({';'.join(names)})"), asides={f"I({';'.join(names)})": NAMED["I"]}
    )


def _terms(phrase: Phrase, sign: int) -> list[tuple[Phrase, int]]:
    """The terms of a sum, each with its sign."""
    if phrase.kind in ("add", "sub"):
        second = sign if phrase.kind == "add" else -sign
        return _terms(phrase.parts[0], sign) + _terms(phrase.parts[1], second)
    return [(phrase, sign)]


def _powers(phrase: Phrase) -> list[Phrase]:
    return [part for part in phrase.walk() if part.kind == "pow"]


def _by_value(program: Program, phrase: Phrase) -> Reading | None:
    """The reading of a text by its values on a few distributions; None where they are of no known kind."""
    walk = Walk(program, phrase, {}, READERS)
    walk.look(phrase)
    known = known_by_value(program.source.text, walk.objective)
    if known is None:
        return None
    densities = (known.first, known.second)
    if not known.direction:
        name = f"V({', '.join(densities)})"
        words = (
            known.words
            if known.nearer or walk.maximised
            else f"{known.words}; as it is written, it is large where they are near"
        )
        return Reading(
            program.source.text, Form.other(name), asides={name: words}, densities=densities, maximised=walk.maximised
        )
    pairs = {FORWARD: (densities,), REVERSE: (densities[::-1],), BOTH: (densities, densities[::-1])}[known.direction]
    form = Form()
    for pair in pairs:
        form += divergence(*pair)
    factor = known.factor if known.factor is not None else 1 if known.nearer else -1
    return Reading(
        program.source.text, form.scaled(Coefficient.number(factor)),
        ("it is recognised by its values on pairs of distributions over a few outcomes",),
        fitted=tuple(walk.fitted), maximised=walk.maximised, densities=densities,
    )  # fmt: skip


def _unambiguous(text: str, program: Program) -> Program:
    """The program, where a product without a sign after a division means the same both ways; else it is refused."""
    raise ObjectiveError(
        f"It can be read in two ways: {' '.join(program.notes)} Write brackets around the divisor, or \\frac."
    )


def _reading(program: Program, phrase: Phrase, answers: dict[str, str]) -> Reading:
    walk = Walk.over(program, phrase, answers, READERS)
    walk.drawn = next((name for law in program.laws if (name := name_of(program.source.text, law))), "")
    form, found = _gathered(walk)
    form = with_costs(form) + penalties(walk, form)
    if not walk.fitted and program.left and (said := _PARAMETER.search(program.source.piece(program.left[0]))):
        walk.fitted.append(_LETTERS.get(said[1], said[1]))  # L(θ) is a function of θ
    if walk.maximised is None and re.search(r"(?i)loss|cost", program.name):
        walk.maximised = False
    if walk.maximised is None and _is_made_large(program, form):
        walk.maximised = True
    if not form.terms and form.others and all(LIKELIHOOD.fullmatch(name) for name in form.others):
        walk.note("the log likelihood is read as that of the model at the data")
        (coefficient,) = list(form.others.values())[:1]
        form = Form.expectation("data", "model").scaled(coefficient)
    still = settled(form)
    walk.fixed += still.fixed
    form, stilled = still.form, still.stilled if found is None else found.stilled
    same = namesakes(form)
    form = renamed(form, same)
    walk.notes += [f"{bare} is read as {full}, as it is written elsewhere" for bare, full in same.items()]
    empty = not form.terms and not form.others and found is None and not stilled
    _refuse(walk, form, empty)
    lists = (walk.notes, walk.questions, walk.faults, walk.calls, walk.fitted, walk.fixed)
    notes, questions, faults, calls, fitted, fixed = (tuple(dict.fromkeys(items)) for items in lists)
    asides = {name: words for name, words in walk.asides.items() if name in form.others}
    return Reading(
        program.source.text, form, notes, questions, faults, calls, found, asides, fitted, fixed, walk.maximised,
        tuple(sorted(walk.densities)), empty, stilled,
    )  # fmt: skip


_REWARD = re.compile(r"(?i)(?:\w+_)?rewards?(?:_\w+)?|(?:\w+_)?returns?")
_BOUND = re.compile(r"(?i)(?<!neg_)(?<!negative_)(?<!minus_)(?:elbo|lower_?bound|evidence_?bound)")


def _is_made_large(program: Program, form: Form) -> bool:
    """Whether the name of the result says that it is made large: a reward, or a bound with a log likelihood in it."""
    if _REWARD.fullmatch(program.name):
        return True
    logs = [c.plain() for t, c in form.terms.items() if t.is_density and t.under != t.inside and "|" in t.inside]
    return bool(_BOUND.fullmatch(program.name)) and any(number is not None and number > 0 for number in logs)


def _gathered(walk: Walk) -> tuple[Form, Sampled | None]:
    """The objective as a sum of expectations, and the estimator that it is at samples, where it is one."""
    value = walk.value(walk.objective)
    form, point = value.form, value.point
    if piece := closed_piece(point):
        walk.note(piece.note)
        form, point = form + piece.form, piece.rest
    if not form.terms and is_like_closed(point):
        raise ObjectiveError(
            "It looks like the closed form of two Gaussians, and is not: hold it against both directions on the page "
            "Check my formula."
        )
    if form.terms or form.others and not point.logs():
        return form + outside(walk, point, form), None
    if not point:
        return form, None
    if binary := with_complements(walk, point):
        return form + binary, None
    point, throughout = loosened(point)
    found = sampled(walk, point)
    drawn = not is_policy(found.sampled)  # through the samples of a policy no gradient goes
    moved = found.kind == "bound" and drawn or found.kind == "k1" and (drawn or not found.as_loss)
    through = found.sampled if moved else ""
    walk.fixed += [name for name in throughout if name != through]
    return form + found.form, found


def _refuse(walk: Walk, form: Form, empty: bool) -> None:
    """Raises the error for too many names, one name in two roles, and a text that depends on no distribution."""
    if len(form.densities()) + len(form.scalars()) > MAX_NAMES:
        raise ObjectiveError(f"The objective has too many names: use at most {MAX_NAMES}.")
    _refuse_two_roles(form)
    _refuse_complements(form)
    _refuse_made_of(walk, form)
    if empty and form.constants:
        raise ObjectiveError("This does not depend on what is fitted: it is a constant.")
    if empty and not walk.met:
        raise without_distribution(walk.objective)


def _refuse_made_of(walk: Walk, form: Form) -> None:
    """Raises the error where qo = A @ qs and qs both stand in it: what the one does moves the other."""
    standing = {*form.densities(), *form.scalars(), *form.others}
    for name, parts in walk.made_of.items():
        beside = [part for part in parts if part in standing]
        if name in standing and beside:
            raise ObjectiveError(
                f"{name} is made of {' and '.join(parts)}, so {' and '.join(beside)} and {name} move together. Write "
                "what is averaged under which, as in KL(Q(o|pi)||P(o)) + E_Q(s|pi)[H[P(o|s)]]."
            )


def _refuse_complements(form: Form) -> None:
    """Raises the error for a log(1 − q) that is not half of the cross entropy of two outcomes."""
    for name in form.densities():
        if name.startswith("1−"):
            raise ObjectiveError(
                f"log({name.replace('−', ' − ', 1)}) is of the other of two outcomes, and no distribution of its own: "
                "write y log q + (1 − y) log(1 − q), where y is a probability or a label."
            )


def _refuse_two_roles(form: Form) -> None:
    """A name cannot be a distribution in one place and a number or a function in another."""
    others = {*form.scalars(), *(term.inside for term in form.terms if not term.is_density)}
    for name in form.densities():
        if name in others:
            raise ObjectiveError(
                f"Two readings: {name} is a distribution in one place, in another it has no log: add it, or rename it."
            )


__all__ = ["Reading", "read"]
