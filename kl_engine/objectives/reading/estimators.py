"""An objective that is written at samples, without an expectation: which divergence it estimates, and whose gradient
it has.

With x drawn from s and r = o(x)/s(x), three estimators of D(s‖o) are in use: k1 = −log r, k2 = ½ (log r)² and
k3 = r − 1 − log r. As a value k1 and k3 are unbiased and k2 is not. As a loss, with the samples held fixed, the mean
gradient of k1 is 0, that of k2 is ∇D(s‖o), that of k3 is ∇D(o‖s), where s is what is fitted; where o is, k1 and k3
have that of D(s‖o). In the reward, k1 has the gradient of D(s‖o). Source: J. Schulman, Approximating KL divergence
(2020); MATHS 9 of the project's notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from kl_engine.objectives.algebra.canonical_form import Form, divergence
from kl_engine.objectives.algebra.coefficients import ONE, Coefficient
from kl_engine.objectives.algebra.pointwise import Atom, Monomial, Pointwise, in_words
from kl_engine.objectives.reading.asides import beside, surrogate_of, surrogate_of_one, without_surrogate
from kl_engine.objectives.reading.models import Guess, guess_model, is_parametric, is_policy
from kl_engine.objectives.reading.outside import variables_of
from kl_engine.objectives.reading.stopped import at_samples, moving, reweighted
from kl_engine.objectives.reading.sums import NORMALISER, UNNAMED_RATIO, changed_variables
from kl_engine.objectives.reading.walk import CLASSES, without_distribution
from kl_engine.objectives.text_limits import ObjectiveError


@dataclass(frozen=True)
class Sampled:
    """An estimator at samples of one distribution.

    kind: "k1", "k2" or "k3"; "reward" for k1 beside a reward; "likelihood" for logs of data; "bound" for the
    integrand of an evidence bound; "slope" where weights are held fixed, and the form is that whose gradient it has;
    `stilled` then names what it moves by 0 in the mean. sampled, other: s and o. form: what its mean is, where that is
    a sum of expectations.
    as_loss: whether the text itself says that it is a loss.
    """

    kind: str
    form: Form
    sampled: str = ""
    other: str = ""
    factor: Coefficient = ONE
    as_loss: bool = False
    stilled: tuple[str, ...] = ()


def sampled(walk, point: Pointwise) -> Sampled:
    """What an expression at samples estimates. ObjectiveError where that cannot be told."""
    if (losses := _policy_losses(point)) and (rest := without(point, losses)).logs():
        found = sampled(walk, rest)
        names = " and ".join(monomial[0][0].name for monomial in losses)
        walk.note(f"{names} stands beside it and is not judged: what is minimised is not this alone")
        return replace(found, as_loss=True)
    if (normalisers := _normalisers(point)) and (rest := without(point, normalisers)).logs():
        found = sampled(walk, rest)
        constants = tuple(f"log {monomial[0][0].name}" for monomial in normalisers)
        return replace(found, form=found.form + Form(constants=constants))
    if (q := moving(point)) and (form := at_samples(point, q)) is not None:
        return Sampled("slope", form, q, stilled=() if form.terms else (q,))
    if (form := reweighted(point)) is not None:
        return Sampled("slope", form, form.densities()[0])
    if words := surrogate_of(point):
        walk.asides[_name_of(point)] = words + _beside(walk, without_surrogate(point), _weighed_by(point))
        return Sampled("aside", Form.other(_name_of(point)))
    logs = sorted(point.logs())
    for kind, first, second in _candidates(logs):
        factor = _multiple(point, _PATTERNS[kind](first, second))
        if factor is not None:
            return _estimator(walk, kind, first, second, factor)
    if len(logs) == 2 and (found := _weighted(walk, point, logs)):
        return found
    if len(logs) == 2 and (found := _in_reward(walk, point, logs)):
        return found
    if logs and all(UNNAMED_RATIO.fullmatch(name) for name in logs):
        raise ObjectiveError(
            "A log ratio of which the text does not say what stands above: give it on a line before, such as "
            "log_ratio = ref_logprobs - logprobs."
        )
    if logs and _is_linear(point):
        return _linear(walk, point, logs)
    return _other(walk, point)


_POLICY_LOSS = re.compile(r"(?i)(?:\w+_)?(?:pg|policy|actor|ppo|grpo|per_token|token|surrogate)_?(?:loss|objective)\d?")


def _policy_losses(point: Pointwise) -> list[Monomial]:
    """The terms that are the loss of a policy by their name, which the text does not give."""
    plain = (m for m in point.terms if len(m) == 1 and not m[0][0].is_log and m[0][1] == 1)
    return [monomial for monomial in plain if _POLICY_LOSS.fullmatch(monomial[0][0].name)]


def _normalisers(point: Pointwise) -> list[Monomial]:
    """The terms that are the log of a normaliser by its name, log Z(x)."""
    logs = (m for m in point.terms if len(m) == 1 and m[0][0].is_log and m[0][1] == 1)
    return [monomial for monomial in logs if NORMALISER.fullmatch(monomial[0][0].name.partition("(")[0])]


def without(point: Pointwise, monomials: list[Monomial]) -> Pointwise:
    """What is left without some of the terms."""
    return Pointwise({m: c for m, c in point.terms.items() if m not in monomials}, point.small)


def _beside(walk, rest: Pointwise, law: str = "") -> str:
    """What is said of an estimator that stands beside a surrogate, as in GRPO's loss."""
    logs = sorted(rest.logs())
    for kind, first, second in _candidates(logs):
        if (factor := _multiple(rest, _PATTERNS[kind](first, second))) is not None:
            if law in (first, second) and kind == "k1":
                other = second if law == first else first
                return (
                    f"; beside it stands k1 as a penalty: at the samples of {law}, over which the weights go, it is an "
                    f"estimate of D({law}‖{other}), whose gradient it has"
                )
            found = _estimator(walk, kind, first, second, factor)
            s, o = found.sampled, found.other
            gradient = {"k1": "of mean 0", "k2": f"of D({s}‖{o})", "k3": f"of D({o}‖{s})"}[kind]
            return (
                f"; beside it is {kind} as a penalty, an estimate of D({s}‖{o}) whose gradient, with the samples "
                f"held fixed, is that {gradient}".replace("is that of mean", "is of mean")
            )
    if logs:
        raise ObjectiveError(
            "Beside the weighted reward stands a term with logs that is none of log(q/p), ½ log(q/p)², p/q − 1 − "
            "log(p/q): paste it by itself. A penalty in the reward is read as reward − beta*(logp − ref_logp)."
        )
    return beside(sorted(in_words(monomial) for monomial in rest.terms))


def _weighed_by(point: Pointwise) -> str:
    """π_old of a reward times π/π_old, at whose samples it is taken; empty where there is no such weight."""
    below = {a.name for m in point.terms for a, power in m if power == -1 and len(m) > 2}
    return below.pop() if len(below) == 1 else ""


def _name_of(point: Pointwise) -> str:
    """What is weighted by a reward, or all of it where nothing is."""
    rewarded = [monomial for monomial in point.terms if surrogate_of_one(monomial)]
    return " + ".join(in_words(monomial) for monomial in rewarded or point.terms)


def _candidates(logs: list[str]):
    if len(logs) != 2:
        return
    a, b = logs
    for kind in ("k1", "k2", "k3"):
        yield kind, a, b
        yield kind, b, a


def _k1(s: str, o: str) -> Pointwise:
    return Pointwise.atom(s, True) + -Pointwise.atom(o, True)


def _k2(s: str, o: str) -> Pointwise:
    ratio = _k1(s, o)
    return ratio * ratio * Pointwise.number(Fraction(1, 2))


def _k3(s: str, o: str) -> Pointwise:
    ratio = Pointwise.atom(o) * Pointwise.atom(s).reciprocal()
    return ratio + _k1(s, o)


_PATTERNS = {"k1": _k1, "k2": _k2, "k3": _k3}


def _multiple(point: Pointwise, pattern: Pointwise) -> Coefficient | None:
    """The coefficient that makes the pattern the point, up to a constant; None if there is none."""
    bare = {monomial: c for monomial, c in point.terms.items() if monomial}
    if set(bare) != {monomial for monomial in pattern.terms if monomial}:
        return None
    factor: Coefficient | None = None
    for monomial, coefficient in pattern.terms.items():
        inverse = coefficient.reciprocal()
        ratio = bare[monomial] * inverse
        if factor is not None and ratio != factor:
            return None
        factor = ratio
    return factor


def _is_positive(coefficient: Coefficient) -> bool:
    return bool(coefficient.terms) and coefficient.terms[0][1] > 0


def _estimator(walk, kind: str, first: str, second: str, factor: Coefficient) -> Sampled:
    """Who is sampled: in k3 the form says it, in k1 the sign, in k2 who is fitted."""
    s, o = first, second
    if walk.drawn:
        return _of_law(walk, kind, first, second, factor)
    if kind == "k1" and not _is_positive(factor):
        s, o, factor = o, s, -factor
    if kind == "k2":
        guess = guess_model((first, second)).model
        s, o = (guess, second if guess == first else first)
    name = walk.program.name
    as_loss = bool(re.search(r"(?i)loss|objective|cost", name))
    unsampled = re.match(r"(?i)joint|unnorm|target|model|energy|p_?tilde", s) or _is_joint(s, o)
    unsampled = unsampled and not is_policy(o)  # a model of language is sampled, beside the policy of reference
    bound = re.search(r"(?i)elbo|bound|reward", name) and not re.search(r"(?i)loss|cost|neg|nelbo", name)
    reverse_of_elbo = kind == "k1" and (bound or unsampled)
    if reverse_of_elbo:
        s, o, factor = o, s, -factor
    return Sampled(kind, divergence(s, o).scaled(factor), s, o, factor, as_loss)


def _is_joint(name: str, other: str) -> bool:
    """Whether it is p(x, z) beside q(z|x): nobody draws z from a joint density whose x is given."""
    both = variables_of(other)
    return name[:1] in "pP" and not is_parametric(name) and bool(both) and variables_of(name) > both


def _of_law(walk, kind: str, s: str, o: str, factor: Coefficient) -> Sampled:
    """An estimator of which the text says whose samples it is taken at. ObjectiveError where it is made for others."""
    if not _is_of(s, walk.drawn):
        if not _is_of(o, walk.drawn):
            raise ObjectiveError(f"The samples are of {walk.drawn}, and neither of {s} nor of {o}: say whose they are.")
        if kind == "k3":
            raise ObjectiveError(
                f"The samples are of {o}, and {o}/{s} stands in it: its mean there is no divergence. For samples of "
                f"{o} write {s}/{o} − 1 − log({s}/{o})."
            )
        s, o, factor = o, s, -factor if kind == "k1" else factor
    if not _is_positive(factor):
        walk.note(f"as it is written it is minus that estimate of D({s}‖{o})")
    return Sampled(kind, divergence(s, o).scaled(factor), s, o, factor)


def _is_of(name: str, law: str) -> bool:
    """Whether a distribution is the law, with or without its arguments."""
    return name.partition("(")[0] == law.partition("(")[0]


def _weighted(walk, point: Pointwise, logs: list[str]) -> Sampled | None:
    """w (log s − log o) with w = s/o, also less w − 1: at samples of o its mean is D(s‖o)."""
    for s, o in (logs, logs[::-1]):
        weight = Pointwise.atom(s) * Pointwise.atom(o).reciprocal()
        whole = weight * _k1(s, o)
        found = [factor for shape in (whole, whole + -weight) if (factor := _multiple(point, shape)) is not None]
        if not found:
            continue
        guess = guess_model((s, o))
        if walk.drawn and not _is_of(o, walk.drawn) or guess.certain and guess.model == o:
            raise ObjectiveError(
                f"It is weighted by {s}/{o}, as for samples of {o}: their mean is D({s}‖{o}), but with the samples of "
                f"a fitted {o} held fixed its gradient is that of neither direction."
            )
        walk.note(f"it is weighted by {s}/{o}: at samples of {o} its mean is D({s}‖{o}), whose gradient it has")
        return Sampled("weighted", divergence(s, o).scaled(found[0]), o, s, found[0])
    return None


def _in_reward(walk, point: Pointwise, logs: list[str]) -> Sampled | None:
    """r − β (log π − log π_ref): the penalty in the reward, under the policy."""
    functions = {m: c for m, c in point.terms.items() if m and not any(atom.is_log for atom, _ in m)}
    ratio = Pointwise({m: c for m, c in point.terms.items() if any(atom.is_log for atom, _ in m)})
    guess = guess_model(tuple(logs))
    for s, o in (logs, logs[::-1]):
        factor = _multiple(ratio, _k1(s, o))
        if factor is None or len(functions) != 1 or guess.certain and s != guess.model:
            continue
        ((monomial, coefficient),) = functions.items()
        if len(monomial) != 1 or not guess.certain and _is_positive(factor) == _is_positive(coefficient):
            continue
        name = monomial[0][0].name
        form = divergence(s, o).scaled(factor) + Form.expectation(s, name, is_density=False).scaled(coefficient)
        return Sampled("reward", form, s, o, factor)
    return None


def _is_linear(point: Pointwise) -> bool:
    """Whether it is a sum of logs and of names, each to the power 1 and by itself."""
    return all(not m or len(m) == 1 and m[0][1] == 1 for m in point.terms)


def _linear(walk, point: Pointwise, logs: list[str]) -> Sampled:
    """A sum of logs at samples: a log likelihood, or the integrand of an evidence bound."""
    flow = changed_variables(point)
    if flow.logs() == {"flow"}:
        walk.note("the log of the base density and that of the volume are together the log of the flow, at the data")
        (coefficient,) = (c for m, c in flow.terms.items() if m)
        return Sampled("likelihood", Form.expectation("data", "flow").scaled(coefficient), "data", "flow")
    functions = [m[0][0].name for m in point.terms if m and not m[0][0].is_log]
    if len(logs) == 1:
        coefficient = point.terms[((Atom(logs[0], True), 1),)]
        if functions and is_policy(logs[0]):
            return _regularised(walk, point, logs[0])
        if functions:
            raise ObjectiveError(
                f"A log outside an expectation: log {logs[0]}; write E_q[...] around what it is under."
            )
        if not (walk.summed or "(" in logs[0] or "_" in logs[0]):
            raise ObjectiveError(f"A log outside an expectation: log {logs[0]}; write E_q[...] or E_p[...] around it.")
        walk.note(f"log {logs[0]} is read at samples of the data")
        return Sampled("likelihood", Form.expectation("data", logs[0]).scaled(coefficient), "data", logs[0])
    if (smoothed := _smoothed(walk, point, logs)) is not None:
        return smoothed
    guess = guess_model(tuple(logs))
    if found := [name for name in logs if walk.drawn and _is_of(name, walk.drawn)]:
        guess = Guess(found[0], True)
    likely = [name for name in logs if name[:1] in "qQ" or name == guess.model and guess.certain]
    if len({name.partition("(")[0] for name in likely}) != 1 and not guess.certain:
        raise ObjectiveError(
            "Logs outside an expectation: write E_q[...] or E_p[...] around them, that is the question."
        )
    under = likely[0] if likely and not walk.drawn else guess.model
    total = Form()
    for monomial, coefficient in point.terms.items():
        if not monomial:
            total += Form(constants=(str(coefficient),))
        else:
            atom = monomial[0][0]
            total += Form.expectation(under, atom.name, atom.is_log).scaled(coefficient)
    walk.note(f"the logs are read at samples of {under}, through which the gradient goes too")
    return Sampled("bound", total, under)


_LABEL = re.compile(r"(?P<model>\w+)_(?:y|t|c|k|target|true|label|gt|y_i|y_n|c_star|y_star|star)")


def _smoothed(walk, point: Pointwise, logs: list[str]) -> Sampled | None:
    """−(1 − ε) log p_y − (ε/K) Σ_k log p_k: the cross entropy of a label mixed with the uniform distribution."""
    named = {name: found["model"] for name in logs if (found := _LABEL.fullmatch(name))}
    if len(logs) != 2 or len(named) != 1 or set(named.values()) | set(named) != set(logs) or not walk.summed:
        return None
    ((at_label, model),) = named.items()
    over_all = point.terms[((Atom(model, True), 1),)]
    classes = [name for name in over_all.names() if name in CLASSES]
    if not classes or not _is_linear(point):
        return None
    share = over_all * Coefficient.name(classes[0])
    form = Form.expectation("labels", model).scaled(point.terms[((Atom(at_label, True), 1),)])
    form += Form.expectation("uniform", model).scaled(share)
    walk.fixed += ["labels", "uniform"]
    walk.note(f"{at_label} is read as {model} at the label")
    return Sampled("likelihood", form, "labels", model)


def _regularised(walk, point: Pointwise, policy: str) -> Sampled:
    """α log π(a|s) − Q(s, a), at actions of π."""
    total = Form()
    for monomial, coefficient in point.terms.items():
        if monomial:
            total += Form.expectation(policy, monomial[0][0].name, monomial[0][0].is_log).scaled(coefficient)
    walk.note(f"it is read at samples of {policy}")
    return Sampled("bound", total, policy)


def _other(walk, point: Pointwise) -> Sampled:
    """Anything else that stands by itself: a plain name is named, a power of a log ratio is refused."""
    if point.logs():
        raise ObjectiveError(
            "A log outside an expectation: write E_q[...] or E_p[...] around it, or one of the estimators log(q/p), "
            "½ log(q/p)², p/q − 1 − log(p/q)."
        )
    raise without_distribution(walk.objective)
