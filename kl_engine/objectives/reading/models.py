"""Which of the distributions of an objective is fitted: said by the text, guessed from the names, or left open."""

from __future__ import annotations

import re
from typing import NamedTuple

_FIXED = re.compile(
    r"ref(?![a-z])|cav(?![a-z])|cavity|reference|old|data|teacher|target|true|prior|star|base|label|gt|y_true|frozen|sft|init|empirical|"
    r"^y_$|^[DB](?:_|$)|one_?hot|ground_?truth|SFT|REF|Ref(?![a-z])|OLD|Old(?![a-z])|Teacher|Data(?![a-z])|Prior|Base(?![a-z])|Target|behaviou?r|golden|expert|anchor|uniform|hat_p|p_hat|_T(?![a-z])|observed|prev(?![a-z])"
)
# From the surest sign of a fitted distribution to the least; within one tier there must be exactly one.
_TIERS = (
    re.compile(r"(q|Q)(?![a-z])|student|policy|learner|generator|approx\w*|variational|guide|q_\w+|Q_\w+|qz\w*|q[zwx]\b"),
    re.compile(r"pi(?![a-z])|pi_(theta|new|phi)\b|\w*_?(model|net|network)(?![a-z])|pred(?![a-z])|y_pred|y_hat|yhat|outputs?|input"
               r"|logits|predictions?|\w+_pred|\w*logits\w*|encoder|enc|actor|log_?probs?|\w*student\w*|probs|q\w*\d?$"),
    re.compile(r"posterior|post|inferred|recognition|surrogate|fake|\w+_s(?![a-z])"),
    re.compile(r"\w+_(theta|phi|psi|omega|w|lambda|vartheta|model|new|fit|hat)(?![a-z])"),
)  # fmt: skip
_ONE_LABEL = re.compile(r"(?:\w+\.)*(?:new_)?(?:zeros|ones)(?:_like)?\(.*\)")
_NUMBERS = re.compile(
    r"(?:[\w.]*\.)?(?:N|Normal|MultivariateNormal|Gaussian|norm|Categorical|Beta|Gamma|Laplace|Bernoulli|Uniform)\((?P<inside>.*)\)"
)
_CENTRED = re.compile(r"(?:[\w.]*\.)?\w+\((?:(?:loc|mean|mu)=)?(?:0(?:\.0*)?,|(?:\w+\.)?zeros)")
_PLAIN = re.compile(r"[\d.,;\s/IO−-]*|.*zeros.*|.*ones.*|0,I.*|0,1.*|0, ?1")
_OLD_PARAMETER = re.compile(
    r"(?i:theta|phi|psi|omega|vartheta|eta|params?)(?:\^\w+|_(?:old|[tTkns0]|prev|teacher|ref|star|true|init|bar|target)\b|')"
)
_OLD_STEP = re.compile(r"_(?:theta|phi|psi|omega)_[ktn0]$|^(?:pi|policy|actor)_(?:0|b|beta|k|D|E|demo|bc|sl|mu|init)$")
_RESPONSIBILITIES = re.compile(r"(?:r|gamma|h|tau|z|w|rho)_(?:ik|nk|ij|ic|nj|tk)|resp(?:onsibilit\w*)?(?:_\w+)?")
_PARAMETER = re.compile(r"\w+_(?:theta|phi|psi|omega|vartheta|w|eta)(?![a-z])")
_POLICY = re.compile(r"pi(?:_.*)?(?:\(.*\))?$|policy.*|actor.*|\w*_policy")


class Guess(NamedTuple):
    """The distribution that is most likely fitted, and whether the names leave no other."""

    model: str
    certain: bool


def guess_model(densities: tuple[str, ...], fitted: tuple[str, ...] = (), fixed: tuple[str, ...] = ()) -> Guess:
    """The fitted one among these: what the text says is fitted, q, student, pi, … Certain only where it is one.

    fitted: names that are minimised over, or stand where a library takes what is fitted. fixed: what is held fixed.
    """
    if not densities:
        return Guess("", False)
    fixed = (*fixed, *_noising(densities))
    open_ = [name for name in densities if name not in fixed] or list(densities)
    if len(open_) == 1 and len(densities) > 1:
        return Guess(open_[0], True)  # all others are held fixed
    if len(densities) == 1:
        return Guess(densities[0], True)
    said = _said(open_, fitted)
    if said:
        return Guess(said[0], True)
    free = [name for name in open_ if not is_fixed(name)]
    if len(free) == 1 and len(open_) > 1:
        return Guess(free[0], True)
    if len(centred := [name for name in free if _CENTRED.match(name)]) == 1 and all(map(is_parametric, free)):
        free = [name for name in free if name not in centred]  # N(0, τ²) beside N(m, s²) is the prior
        if len(free) == 1:
            return Guess(free[0], True)
    if len(open_) == 2 and not free and (acting := [name for name in open_ if _head(name).startswith("pi_old")]):
        return Guess(acting[0], True)  # the policy that is sampled, beside the reference or a teacher
    lesser = _student_of_pair(open_)
    if lesser:
        return Guess(lesser, True)
    for tier in _TIERS:
        likely = [name for name in free if tier.match(_head(name))]
        if len(likely) == 1 or likely and len({_head(name) for name in likely}) == 1 and _alike(likely):
            return Guess(likely[0], True)
        own = [name for name in likely if has_parameters(name)]
        if len(own) == 1 and len(likely) > 1:
            return Guess(own[0], True)  # π_θ beside π_E
        if likely:
            return Guess(likely[0], False)
    return Guess((free or list(densities))[-1], False)


def has_parameters(name: str) -> bool:
    """Whether a name says that a distribution has parameters of its own: p_theta(x, z)."""
    return bool(_PARAMETER.match(_head(name)))


def _noising(densities: tuple[str, ...]) -> list[str]:
    """The q of a diffusion, which is given: q(x_{t−1}|x_t, x_0) beside p_θ, with x_0 the data."""
    data = any(re.search(r"[(,|;]x_0[,|;)]", name) for name in densities)
    learned = any(_head(name) != "q" and has_parameters(name) for name in densities)
    return [name for name in densities if _head(name) in ("q", "Q")] if data and learned else []


def _said(densities: list[str], fitted: tuple[str, ...]) -> list[str]:
    """What the text itself names: a distribution, or its parameters."""
    for name in fitted:
        exact = [density for density in densities if density == name or _head(density) == name]
        if exact:
            return exact
        with_parameter = [
            d for d in densities if re.search(rf"(?:_|\(|;|\|){re.escape(name)}(?![a-z])", d) and not is_fixed(d)
        ]
        if len(with_parameter) == 1 or with_parameter and len({_head(d) for d in with_parameter}) == 1:
            return with_parameter
    return []


def is_fixed(name: str) -> bool:
    """Whether a name says that the distribution is given: a reference, the data, N(0, 1), p(z)."""
    head = _head(name)
    if _OLD_PARAMETER.search(name.partition("(")[2]):
        return True  # p(z|x, θ^(t)), q(y|x; θ_T)
    if is_policy(name) and _OLD_STEP.search(head):
        return True  # π_θ_k, the policy of the step before
    if _RESPONSIBILITIES.fullmatch(name):
        return True
    if _ONE_LABEL.fullmatch(name):
        return True
    numbers = _NUMBERS.fullmatch(name)
    if numbers:
        inside = numbers["inside"].replace(" ", "")
        return bool(_PLAIN.fullmatch(inside) or re.search(r"(?:^|[=(,_.])(?:ref|reference|teacher|old|prior)_", inside))
    return bool(_FIXED.search(head))


def is_parametric(name: str) -> bool:
    """Whether it is a distribution of a family by its parameters, N(0, 1), whose commas part no variables."""
    return bool(_NUMBERS.fullmatch(name))


def is_policy(name: str) -> bool:
    """Whether it is a policy, whose samples are actions or tokens that no gradient goes through."""
    return bool(_POLICY.match(name))


def _head(name: str) -> str:
    name = name.removeprefix("∏")
    return name.partition("(")[0].rpartition(".")[2] if not _NUMBERS.fullmatch(name) else name.partition("(")[0]


def _alike(names: list[str]) -> bool:
    """Whether they move together: Q(o|π) and Q(s|π) are given the same policy."""
    if len({_head(name) for name in names}) == 1 and has_parameters(names[0]):
        return True
    given = [set(re.split(r"[,;]", name.partition("|")[2].rstrip(")"))) for name in names]
    return bool(set.intersection(*given) - {""}) if given else False


def _student_of_pair(densities: list[str]) -> str:
    """Of two names that differ by one letter, s and t: the student's."""
    if len(densities) != 2:
        return ""
    first, second = densities
    swapped = {first: second, second: first}
    for name, other in swapped.items():
        if (
            re.sub(r"(?<![a-zA-Z])s(?![a-zA-Z])", "t", name) == other
            or re.sub(r"(?<![a-zA-Z])q(?=[sz]?(?![a-zA-Z]))", "p", name) == other
            or re.sub(r"(?<![a-zA-Z])S(?![a-zA-Z])", "T", name) == other
        ):
            return name
    return ""
