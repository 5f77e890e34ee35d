"""Expectations, integrals and sums over outcomes: what stands at one outcome becomes a sum of expectations."""

from __future__ import annotations

import re
from dataclasses import replace

from kl_engine.objectives.algebra.canonical_form import Form
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.algebra.pointwise import Atom, Monomial, Pointwise
from kl_engine.objectives.reading.arguments import FIXING, VOLUMES, called, compact, density_name
from kl_engine.objectives.reading.asides import KERNELS, aside_of, aside_of_slopes, is_advantage, is_kernel_mean
from kl_engine.objectives.reading.models import is_fixed, is_policy
from kl_engine.objectives.reading.stopped import written
from kl_engine.objectives.reading.walk import CLASSES, Value, Walk
from kl_engine.symbolic.formulas.parsing.phrases import Phrase
from kl_engine.symbolic.formulas.parsing.word_lists import words

UNNAMED_RATIO = re.compile(r"(?:prob_)?(?:ratios?|diff\w*|r)")
_INDICES = words("t i n s_t st")  # what an empirical mean runs over, of which nothing says the law
_FUNCTIONS = re.compile(r"(?i)penalt|potential|pay_?off|perf|price|quality|quant|q_?val|punish|preference|priority")
NORMALISER = re.compile(r"[zZ]|[zZ]_\w+|norm\w*|partition|evidence|const")


def expectation(walk: Walk, phrase: Phrase) -> Value:
    """E_under[…]; of a whole divergence it is an average, which is kept with it."""
    *unders, body = phrase.parts
    if (found := aside_of_slopes(walk, body)) is not None:
        return found
    if is_kernel_mean(body):
        return walk.aside(compact(walk.text, phrase if unders else body), KERNELS)
    if not unders:
        return _without_distribution(walk, phrase, body)
    names, held = [], []
    if len(unders) == 1 and unders[0].is_name(*_INDICES) and not _is_met(walk, unders[0]):
        return _without_distribution(walk, phrase, body)
    for under in unders:
        found = called(under)
        name = density_name(walk.text, under)
        held.append(bool(found and found[0] in FIXING))
        if name[0].isdigit():
            raise walk.error("Not a distribution:", "write E_q[...] or E_p[...]", phrase)
        names.append(walk.renames.get(name, name))
    inner = walk.value(body)
    walk.met = True
    names[-1] = _in_full(names[-1], inner.point)
    walk.densities.add(names[-1])
    form = _kept_apart(walk, inner.form, names).averaged(tuple(names))
    if not inner.form and len(names) == 1 and _is_squared_ratio(inner.point):
        walk.drawn = names[0]  # k2, which is no expectation of a log
        return Value(point=inner.point)
    if inner.point:
        weight = Pointwise.atom(names[-1])
        within = integrated(walk, (weight.stopped() if held[-1] else weight) * inner.point, phrase, names[-1])
        form += within.averaged(tuple(names[:-1])) if len(names) > 1 else within
    return Value(form)


def _kept_apart(walk: Walk, form: Form, names: list[str]) -> Form:
    """The form with what is no log ratio named with the law that it is averaged under: E_p[D(x)] is not E_q[D(x)]."""
    named = {name: f"E_{', '.join(names)}[{name}]" for name in form.others if name in walk.asides}
    walk.asides |= {full: walk.asides[name] for name, full in named.items()}
    return replace(form, others={named.get(name, name): c for name, c in form.others.items()})


def _is_squared_ratio(point: Pointwise) -> bool:
    """(log p − log q)², the integrand of k2."""
    logs = sorted(point.logs())
    if len(logs) != 2 or len(point.terms) != 3:
        return False
    first, second = (Atom(name, True) for name in logs)
    square = point.terms.get(((first, 2),))
    crossed = point.terms.get(tuple(sorted(((first, 1), (second, 1)))))
    both = square is not None and point.terms.get(((second, 2),)) == square
    return both and crossed == -square * Coefficient.number(2)


def _is_met(walk: Walk, under: Phrase) -> bool:
    """Whether a distribution of that name stands anywhere in the text."""
    return any(name.partition("(")[0] == under.value for name in walk.densities)


def _in_full(name: str, point: Pointwise) -> str:
    """π_old of E_{π_old}[π(a|s)/π_old(a|s) …], and π(·|s) beside π(a|s), as they are written inside."""
    if name.startswith(("D_", "d_", "rho_")) and any(
        a.name.startswith(f"{name.partition('_')[2]}(") for a in point.atoms()
    ):
        name = name.partition("_")[2]  # D_π: what is drawn with the policy π
    head, _, inside = name.partition("(")
    if inside and "·" not in inside:
        return name
    names = {atom.name for atom in point.atoms() if atom.name.partition("(")[0] == head and "(" in atom.name}
    full = {other for other in names if not inside or other.partition("|")[2] == name.partition("|")[2]}
    return full.pop() if len(full) == 1 else name


def _without_distribution(walk: Walk, phrase: Phrase, body: Phrase) -> Value:
    """E[…] of an objective that says under whom itself; otherwise that is the whole question."""
    inner = walk.value(body)
    if inner.form and not inner.point or aside_of(walk, inner.point, phrase):
        return inner
    if phrase.parts[0] is not body and sampled_logs(inner.point):
        walk.summed = True
        return inner
    if policy := _policy_of_reward(walk, inner.point):
        walk.note(f"E without a distribution is read as that under {policy}, whose reward it is")
        return Value(inner.form + integrated(walk, Pointwise.atom(policy) * inner.point, phrase, policy))
    if q := _law_of_bound(walk, bool(inner.form or inner.point.logs())):
        walk.note(f"E without a distribution is read as that under {q}, as in the evidence bound")
        return Value(inner.form + integrated(walk, Pointwise.atom(q) * inner.point, phrase, q))
    what = "No distribution under"
    at = Phrase("name", (phrase.at[0], phrase.at[0] + 1))
    raise walk.error(what, "write E_q[...] or E_p[...]: it is the whole question", at)


def _policy_of_reward(walk: Walk, point: Pointwise) -> str:
    """The one policy that is fitted, where the mean of a reward alone stands under no law; else empty."""
    atoms = list(point.atoms())
    policies = [name for name in walk.densities if is_policy(name) and not is_fixed(name)]
    alone = len({name.partition("(")[0] for name in policies}) == 1
    return policies[0] if atoms and alone and all(not a.is_log and is_advantage(a.name) for a in atoms) else ""


_BOUND = re.compile(r"(?i)elbo|free.?energy|\bvfe\b|(?:\\mathcal\s*\{?\s*)?[LF]\}?\s*[(\[]\s*q")


def _law_of_bound(walk: Walk, logs: bool) -> str:
    """The one q of an evidence bound, ELBO(q) = E[log p(x, z)] − E[log q(z)]; empty where there is none or two."""
    said = not logs or any(_BOUND.search(walk.program.source.piece(span)) for span in walk.program.left)
    found = [name for name in walk.densities if name.partition("(")[0].partition("_")[0] in ("q", "Q")]
    whole = [name for name in found if "(" in name] or found
    return whole[0] if said and len(whole) == 1 else ""


def sampled_logs(point: Pointwise) -> bool:
    """Whether logs of distributions stand at a sample, so that the mean of it may be that of an estimator."""
    return bool(point.logs())


def over_outcomes(walk: Walk, value: Value, phrase: Phrase) -> Value:
    """A sum or an integral: of what has a distribution as its weight it is an expectation, else it is left."""
    point = value.point
    walk.summed = True
    if not point:
        return replace(value, examples=phrase.kind == "sum")
    if point.logs() and all(UNNAMED_RATIO.fullmatch(name) for name in point.logs()) and not value.form:
        return value  # whose ratio it is must be told
    binary = with_complements(walk, point)
    if binary is not None:  # of two outcomes each, so that an index runs over examples
        return Value(value.form + binary, examples=phrase.kind == "sum")
    _name_weights(walk, point)
    point = _smoothed(walk, point)
    if all(_is_integrable(walk, monomial) for monomial in point.terms) and any(monomial for monomial in point.terms):
        return Value(value.form + integrated(walk, point, phrase))
    if phrase.kind == "integral":
        advice = "it must be of a distribution times logs, such as q(z) log(q(z)/p(z))"
        raise walk.error("An integral:", advice, phrase)
    return replace(value, examples=phrase.kind == "sum")


def _smoothed(walk: Walk, point: Pointwise) -> Pointwise:
    """(1 − ε) y log q + (ε/K) log q, summed over K outcomes: the second is ε times the mean under the uniform."""
    weighted = {m[0][0].name if m[0][0].is_log else m[1][0].name for m in point.terms if _is_weighted_log(walk, m)}
    total = Pointwise(small=point.small)
    for monomial, coefficient in point.terms.items():
        bare = len(monomial) == 1 and monomial[0][0].is_log and monomial[0][0].name in weighted
        over = [name for name in coefficient.names() if name in CLASSES] if bare else []
        if over:
            walk.fixed.append("uniform")
            walk.densities.add("uniform")
            part = Pointwise({monomial: coefficient * Coefficient.name(over[0])}) * Pointwise.atom("uniform")
        else:
            part = Pointwise({monomial: coefficient})
        total += part
    return Pointwise(total.terms, point.small)


def _is_weighted_log(walk: Walk, monomial: Monomial) -> bool:
    logs = [atom for atom, power in monomial if atom.is_log and power == 1]
    values = [atom for atom, power in monomial if not atom.is_log and power == 1 and is_density(walk, atom)]
    return len(monomial) == 2 and len(logs) == len(values) == 1


def _name_weights(walk: Walk, point: Pointwise) -> None:
    """What stands beside one log in a sum over outcomes is a distribution, but for an advantage or a reward."""
    for monomial in point.terms:
        logs = [atom for atom, power in monomial if atom.is_log and power == 1]
        values = [atom for atom, power in monomial if not atom.is_log and power == 1]
        if len(monomial) == 2 and len(logs) == len(values) == 1 and not is_advantage(values[0].name):
            walk.densities.add(values[0].name)


def _is_integrable(walk: Walk, monomial: Monomial) -> bool:
    """Whether it is one density, times at most one log or one function; or a number."""
    weights = [(atom, power) for atom, power in monomial if not atom.is_log and is_density(walk, atom)]
    return not monomial or len(weights) == 1 and weights[0][1] == 1


def is_density(walk: Walk, atom: Atom) -> bool:
    """Whether a value is that of a distribution: it is one elsewhere, or is written like one."""
    name = atom.name
    if name in walk.densities:
        return True
    head = name.partition("(")[0]
    if head.partition("_")[0] == "Q" and re.search(r"\([^|]*\b[sa]\w*,", name):
        return False  # the value of an action
    if _FUNCTIONS.match(head):
        return False
    return head[:1] in "pqPQ" and ("(" in name or len(head) == 1 or head[1:2] in "_0123456789")


def integrated(walk: Walk, point: Pointwise, phrase: Phrase, under: str = "") -> Form:
    """Σ or ∫ of what stands at one outcome. under: the distribution that was put in as a factor, if there is one."""
    total = Form()
    if (flow := pushed_forward(point, under)) is not None:
        walk.met = True
        walk.note(
            f"with the volume beside it, the mean under {under} is that under the distribution that the map makes"
        )
        return flow
    point = changed_variables(point, under)
    for monomial, coefficient in point.terms.items():
        total += _expectation_of(walk, monomial, phrase, under).scaled(coefficient)
    if point.small:
        walk.met = True
    return total


def _expectation_of(walk: Walk, monomial: Monomial, phrase: Phrase, under: str) -> Form:
    weights = {written(a): k for a, k in monomial if not a.is_log and (is_density(walk, a) or a.name == under)}
    functions = [(a.name, k) for a, k in monomial if not a.is_log and written(a) not in weights]
    logs = [(written(a), k) for a, k in monomial if a.is_log]
    if set(weights.values()) != {1} or len(weights) != 1:
        advice = "it must have one distribution as its weight"
        raise walk.error("A sum over outcomes:", advice, phrase)
    (weight,) = weights
    walk.met = True
    walk.densities.add(weight)
    if not logs and not functions:
        return Form(constants=("1",))
    normaliser = len(logs) == 1 and not functions and logs[0][0] not in walk.normalised
    if normaliser and NORMALISER.fullmatch(logs[0][0].partition("(")[0]):
        return Form(constants=(f"log {logs[0][0]}",))
    if len(logs) == 1 and logs[0][1] == 1 and not functions:
        return under_mixture(walk, weight, logs[0][0], True)
    if len(logs) == 1 and logs[0][1] == 1 and len(functions) == 1 and _is_positive_weight(functions[0]):
        walk.note(f"the data are weighted by {functions[0][0]}: the target is in proportion to the two together")
        walk.fixed.append(f"{functions[0][0]}·{weight}")
        return Form.expectation(f"{functions[0][0]}·{weight}", logs[0][0])
    if not logs:
        name = " ".join(name if power == 1 else f"{name}^{power}" for name, power in functions)
        if len(functions) == 1 and functions[0][1] == 1:
            walk.note(f"{name} stands without a log: it is taken as a function that is given, as a reward")
        return under_mixture(walk, weight, name, False)
    advice = "one of its factors must be a coefficient"
    raise walk.error("A product of two integrands:", advice, phrase)


def pushed_forward(point: Pointwise, under: str) -> Form | None:
    """E_z[u(F(z)) − log|det J|] with z of N(0, I): −H[flow] + E_flow[u], up to a constant. None for anything else."""
    volumes = [m for m in point.terms if any(VOLUMES.fullmatch(a.name) and not a.is_log for a, _ in m)]
    if len(volumes) != 1 or not re.match(r"N\(|Normal|p_?[zZ0](?![a-z])|pi_0", under):
        return None
    total = Form.expectation("flow", "flow").scaled(-point.terms[volumes[0]])
    for monomial, coefficient in point.terms.items():
        if monomial == volumes[0]:
            continue
        rest = [(atom, power) for atom, power in monomial if atom.name != under or atom.is_log]
        if len(rest) != 1 or rest[0][1] != 1:
            return None
        total += Form.expectation("flow", rest[0][0].name, rest[0][0].is_log).scaled(coefficient)
    return total


def changed_variables(point: Pointwise, under: str = "") -> Pointwise:
    """log p_z(f⁻¹(x)) + log|det J| as the log of one model, except under a q of which the volume is a cost."""
    if under[:1] in ("q", "Q"):
        return point
    logs = [atom.name for atom in point.atoms() if atom.is_log]
    volumes = [atom for atom in point.atoms() if not atom.is_log and VOLUMES.fullmatch(atom.name)]
    if len(logs) != 1 or len(volumes) != 1:
        return point
    shares = {}
    for monomial, coefficient in point.terms.items():
        kept = tuple(pair for pair in monomial if pair[0] not in (volumes[0], Atom(logs[0], True)))
        if len(kept) == len(monomial) - 1:
            shares.setdefault(kept, []).append((monomial, coefficient))
    found = [pair for pair in shares.values() if len(pair) == 2 and pair[0][1] == pair[1][1]]
    if len(shares) != 1 or len(found) != 1:
        return point
    ((kept, (one, other)),) = shares.items()
    rest = {m: c for m, c in point.terms.items() if m not in (one[0], other[0])}
    whole = tuple(sorted((*kept, (Atom("flow", True), 1))))
    return Pointwise(rest | {whole: one[1]}, point.small)


def _is_positive_weight(function: tuple[str, int]) -> bool:
    """Whether a factor beside a log says that it is positive: exp(A/β), w."""
    return function[1] == 1 and bool(re.fullmatch(r"exp\(.*\)|w|w_\w+|weights?|\w+_weights?", function[0]))


def without_normaliser(point: Pointwise) -> Pointwise:
    """p̃ of p̃/Z."""
    if len(point.terms) != 1:
        return point
    ((monomial, coefficient),) = point.terms.items()
    kept = tuple((a, k) for a, k in monomial if k == 1 or not NORMALISER.fullmatch(a.name.partition("(")[0]))
    return Pointwise({kept: coefficient}, point.small) if kept else point


def under_mixture(walk: Walk, weight: str, inside: str, is_density_: bool) -> Form:
    """The expectation; under a mixture it is the weighted sum of those under its parts."""
    mixture = walk.mixtures.get(weight)
    if mixture is None:
        form = Form.expectation(weight, inside, is_density_)
    else:
        form = Form()
        for monomial, coefficient in mixture.terms.items():
            form += Form.expectation(monomial[0][0].name, inside, is_density_).scaled(coefficient)
    made_of = {name: tuple(a.name for a in walk.mixtures[name].atoms()) for name in (inside,) if name in walk.mixtures}
    return Form(form.terms, form.constants, form.others, made_of)


def with_complements(walk: Walk, point: Pointwise) -> Form | None:
    """y log q + (1 − y) log(1 − q), of two outcomes, as an expectation; None for anything else."""
    complements = {name for name in point.logs() if name.startswith("1−")}
    if not complements:
        return None
    total, rest = Form(), Pointwise(point.terms)
    for other in complements:
        name = other.removeprefix("1−")
        inner, outer = Atom(name, True), Atom(other, True)
        for monomial, coefficient in point.terms.items():
            value = [atom for atom, power in monomial if not atom.is_log and power == 1]
            if (inner, 1) not in monomial or len(value) != 1 or len(monomial) != 2:
                continue
            weight = value[0].name
            pair = (Pointwise.atom(weight) * Pointwise.atom(name, True)) + (
                (Pointwise.number(1) + -Pointwise.atom(weight)) * Pointwise.atom(outer.name, True)
            )
            rest += -(pair * Pointwise.scalar(coefficient))
            total += Form.expectation(weight, name).scaled(coefficient)
            walk.densities |= {weight, name}
    if rest:
        return None
    weights = {term.under for term in total.terms}
    crossed = not any(term.under == term.inside for term in total.terms)
    walk.fitted += [term.inside for term in total.terms if crossed and term.inside not in weights]
    walk.met = True
    return total


__all__ = ["expectation", "integrated", "is_density", "over_outcomes", "under_mixture", "with_complements"]
