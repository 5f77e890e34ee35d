"""The answer about an objective in a sentence or two, in plain text."""

from __future__ import annotations

from kl_engine.fits.weighted import Fate
from kl_engine.objectives.reading.estimators import Sampled
from kl_engine.objectives.reading.reading import Reading
from kl_engine.objectives.verdicts import BOTH, FORWARD, NEITHER, REVERSE, Verdict, depends

ZERO = "It is 0, whatever the distributions are: both sides of it are the same."
STILLED = (
    "Neither direction: what stands before the log of {q} is held fixed, or {q} itself is, so the mean gradient with "
    "respect to {q} is 0 and nothing is minimised. Take the detach away from it, or weigh with another distribution."
)
WITHOUT = "Neither direction: nothing in it depends on {q}, which the text says is fitted."
GIVEN = "Neither direction: it depends on {q} alone, which is given by its name, so it is a constant."
OF_TARGET = (
    "Neither direction: it is an entropy of {p} alone, and p is the target by its name: for what is fitted to it that "
    "is a constant. If {p} is what is fitted, call it q."
)
OF_FUNCTION = (
    "Neither direction: what is fitted is {f}, a function and no distribution, and no log ratio of two distributions "
    "is averaged in it."
)
MINUS = "With a minus in front, so it is to be maximised; without the minus: "
TWICE = (
    "Neither direction: it is risk minus information gain, which is no expected free energy, as it counts the entropy "
    "of {q} twice. That is risk plus ambiguity, D({q}‖C) + E[H[P(o|s)]], or minus the information gain − E[log C]."
)
FACTOR = (
    "Neither direction: {q} is held fixed, so no gradient reaches it; what such a loss moves is the factor before it, "
    "as a temperature."
)
SKEWED = (
    "a log ratio to a mixture that holds what is fitted: finite where the mixture covers, and neither direction of D"
)
_KINDS = {
    FORWARD: "Forward: the expectation is under {under}",
    REVERSE: "Reverse: the expectation is under {under}",
    BOTH: "Both directions at once: the expectations are under {under}",
    NEITHER: "Neither direction: nothing in it depends on {model}",
}
_NO_MINIMUM = {
    Fate.COLLAPSE: "it has no minimum, as {model} collapses",
    Fate.SPREAD: "it has no minimum, as {model} spreads without end",
    Fate.FLIGHT: "it has no minimum, as {model} flees",
}


def headline(reading: Reading, verdict: Verdict) -> str:
    """Direction, canonical form, and what keeps it from being the whole answer."""
    under = " and ".join(verdict.expectations) or "nothing"
    under += " itself" if verdict.expectations == (verdict.model,) else ""
    first = _KINDS[verdict.pull].format(under=under, model=verdict.model)
    said = "to be maximised, which minimises" if verdict.maximised else "it minimises"
    words = f"{first}; {said} {verdict.canonical}."
    if verdict.fate in _NO_MINIMUM and not moves(reading, verdict):
        words += f" Alone {_NO_MINIMUM[verdict.fate].format(model=verdict.model)}."
    beside = [name for name in reading.form.others if name in verdict.canonical]
    beside = [name for name in beside if f"E_{verdict.model}[{name}]" not in verdict.canonical and "exp(" not in name]
    left = [name for name in beside if name not in _in_target(verdict)]
    if left:
        names, verbs = " and ".join(left), ("stand", "are") if len(left) > 1 else ("stands", "is")
        words += f" {names} {verbs[0]} beside it and {verbs[1]} not judged: "
        words += "what is minimised is not the divergence alone."
    if moving := moves(reading, verdict):
        if moving == [verdict.model]:
            words += f" What is averaged under {verdict.model} moves with it: no constant."
        else:
            words += f" {' and '.join(moving)} move{'s' * (len(moving) == 1)} with {verdict.model}: no constant."
    return words


def _in_target(verdict: Verdict) -> str:
    return verdict.canonical.partition("∝")[2]


def moves(reading: Reading, verdict: Verdict) -> list[str]:
    """The outer averages that move with what is fitted."""
    found = [outer for term in reading.form.terms for outer in term.given if depends(outer, verdict.model)]
    inside = [term.inside for term in reading.form.terms if term.is_density and term.inside != verdict.model]
    found += [name for name in inside if depends(name, verdict.model)]
    others = [name for name in dict.fromkeys(found) if name != verdict.model]
    own = found and "E_" in verdict.canonical and "∝" not in verdict.canonical
    return others or ([verdict.model] if own else [])


def wrong_way(verdict: Verdict) -> str:
    """A divergence that the text says is to be made large."""
    how = "maximised" if verdict.maximised else "minimised"
    return (
        f"Neither direction as written: {how}, it pushes {verdict.model} away, as what is then minimised is "
        f"{verdict.canonical}, which has no minimum."
    )


def reward(verdict: Verdict) -> str:
    """A mean of functions that are given, with no logarithm of a distribution."""
    under = " and ".join(verdict.expectations)
    return (
        f"Neither direction: no divergence is minimised; it is a mean under {under}, {verdict.canonical}, and no "
        f"entropy keeps {verdict.model} from its best point."
    )


def fault(reading: Reading, verdict: Verdict) -> str:
    """A call that is not a divergence as it is written."""
    faults = "; ".join(reading.faults)
    meant = {FORWARD: "forward, ", REVERSE: "reverse, "}.get(verdict.pull, "")
    return f"As written it is not a divergence: {faults}. Once that is mended it would be {meant}{verdict.canonical}."


_VALUES = {
    "k1": "as a value{at} an unbiased estimate of D({s}‖{o}), though it may be negative",
    "k2": "as a value{at} a biased estimate of D({s}‖{o}), never negative",
    "k3": "as a value{at} an unbiased estimate of D({s}‖{o}) wherever {s} covers {o}, never negative; its variance is "
    "infinite where the mean of ({o}/{s})² is",
}


def estimator(sampled: Sampled, discrete: bool) -> str:
    """k1, k2, k3 at samples of what is fitted."""
    s, o = sampled.sampled, sampled.other
    value = _VALUES[sampled.kind].format(s=s, o=o, at="" if sampled.kind == "k2" else f", at samples of {s},")
    if sampled.kind == "k2":
        return (
            f"Reverse, at samples of {s}: k2 has there, as a loss, the gradient of D({s}‖{o}); {value}. At samples of "
            f"{o} it is a biased estimate of D({o}‖{s}), with the gradient of neither direction."
        )
    if sampled.kind == "k3":
        return (
            f"Forward as a loss: with the samples of {s} held fixed the gradient of k3 is that of D({o}‖{s}), the "
            f"other direction; {value}."
        )
    if sampled.as_loss and discrete:
        return (
            f"Neither direction as a loss: with the samples of {s} held fixed the mean gradient of k1 is 0; {value}. "
            f"In the reward it has the gradient of D({s}‖{o})."
        )
    through = "" if discrete else " or through reparametrised samples"
    return (
        f"Reverse: k1 is {value}; in the reward{through} it has the gradient of D({s}‖{o}), but as a loss with the "
        f"samples held fixed its mean gradient is 0."
    )


def estimator_of_given(sampled: Sampled, model: str) -> str:
    """k1, k2, k3 at samples of what is given, the other one being fitted."""
    s, o = sampled.sampled, sampled.other
    value = _VALUES[sampled.kind].format(s=s, o=o, at="")
    if sampled.kind == "k2":
        return f"Neither direction exactly: the samples are of {s}, which is given, and {model} is fitted; {value}."
    told = f"Forward: the samples are of {s}, which is given, so its gradient is that of D({s}‖{o}); {value}."
    other = (
        f" At samples of {o} it would be no estimate of a divergence: there {s}/{o} belongs in the place of {o}/{s}."
    )
    return told + (other if sampled.kind == "k3" else "")
