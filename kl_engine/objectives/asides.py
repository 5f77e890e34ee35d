"""Objectives that are no expectation of a log ratio: recognised by their shape, and said to be what they are.

Each entry is one sentence that is true whatever the names: what is minimised or maximised, since no divergence is.
"""

from __future__ import annotations

import re

from kl_engine.objectives.algebra.pointwise import Monomial, Pointwise
from kl_engine.objectives.arguments import compact
from kl_engine.symbolic.formulas.phrases import Phrase

JENSEN_SHANNON = (
    "the Jensen-Shannon divergence: each of the two is held against their mean, half and half; it is symmetric, finite "
    "at every zero and at most log 2, and neither direction of D"
)
_DISTANCE = "no expectation of a log ratio, so it has neither direction of D"
_BETWEEN = "a family that has both directions of D as its limits, see f-GAN and the Rényi bound in the catalogue"
NAMED = dict.fromkeys(
    ("JS", "JSD", "D_JS", "jensen_shannon", "jensenshannon", "js_divergence", "JS_divergence", "DJS", "js", "jsd"),
    JENSEN_SHANNON,
)
NAMED |= dict.fromkeys(
    ("TV", "D_TV", "total_variation", "d_TV", "tv_distance"), f"the total variation distance: {_DISTANCE}"
)
NAMED |= dict.fromkeys(
    ("W", "W_1", "W_2", "W1", "W2", "wasserstein", "wasserstein_distance", "Wasserstein", "EMD"),
    f"a Wasserstein distance: {_DISTANCE}",
)
NAMED |= dict.fromkeys(("MMD", "mmd", "MMD2"), f"a maximum mean discrepancy: {_DISTANCE}")
NAMED |= dict.fromkeys(
    ("hellinger", "Hellinger", "H2", "BC", "bhattacharyya"), f"the Hellinger distance or its affinity: {_DISTANCE}"
)
NAMED |= dict.fromkeys(("renyi", "Renyi", "alpha_divergence", "D_alpha", "D_f", "renyi_divergence"), _BETWEEN)
NAMED |= dict.fromkeys(("chi2", "chi_square", "D_chi2", "chi"), f"the χ² divergence: {_DISTANCE}")
NAMED |= dict.fromkeys(("I", "MI", "mutual_information", "mutual_info"), (
    "a mutual information, D(joint‖product of the marginals): which direction it is depends on which of them is "
    "fitted, and this page does not judge it"
))  # fmt: skip
NAMED |= dict.fromkeys(
    ("IWAE", "iwae", "L_K"),
    "the importance-weighted bound: above the ELBO and below the log evidence, it is no single divergence of q",
)

PPO = (
    "PPO's clipped surrogate: no divergence is minimised; it is the mean advantage under samples of the old policy, "
    "weighted by π/π_old, and the clip takes the gradient away where the weight has left [1 − ε, 1 + ε]"
)
SURROGATE = (
    "an importance-weighted reward: no divergence is minimised; E under the old policy of π/π_old times the advantage "
    "is the mean advantage under π itself"
)
REINFORCE = (
    "the score-function surrogate: no divergence is minimised; with the weights held fixed its gradient is that of the "
    "expected reward under the policy that is sampled"
)
DPO = (
    "DPO's loss: maximum likelihood of which answer is preferred, with β log π/π_ref as the reward; no divergence "
    "between π and π_ref is minimised, but its optimum is that of the reward with the penalty β D(π‖π_ref)"
)
INFO_NCE = (
    "InfoNCE: the cross entropy of picking the positive pair among the others; it bounds a mutual information, and "
    "no divergence between two given distributions is minimised"
)
GAN = (
    "the game of a GAN: no divergence is minimised while the discriminator moves; at its optimum the value is twice "
    "the Jensen-Shannon divergence, less log 4"
)
ABSOLUTE = (
    "the absolute log ratio: it is no estimate of either direction of D, as its mean is not that of the log ratio"
)
_CLIPS = ("clip", "clamp", "clip_by_value", "Clip")
_ADVANTAGE = re.compile(r"(?i)(?:A|adv\w*|\w*advantages?\w*|A_hat\w*|A_\w*|GAE|R|returns?|rewards?|r)(?:\(.*\))?")
_RATIO = re.compile(r"(?i)(?:imp(?:ortance)?_)?\w*ratios?\w*|rho\w*|r_t\w*|r|w|coef_1|iw\w*|weights?")


def aside_call(walk, phrase: Phrase, name: str, arguments: list[Phrase]):
    """The value of a call that is one of these; None for any other."""
    if name in ("min", "minimum", "max", "maximum") and arguments and _holds_clip(phrase):
        return walk.aside(compact(walk.text, phrase), PPO)
    if name in _CLIPS and _looks_like_ppo(phrase):
        return walk.aside(compact(walk.text, phrase), PPO)
    if name in ("logsigmoid", "log_sigmoid", "softplus") and arguments and _prefers(arguments[0]):
        return walk.aside(compact(walk.text, phrase), DPO)
    if name in ("log", "ln") and len(arguments) == 1:
        inner = _unwrapped(arguments[0])
        if inner.kind == "call" and _head(inner) in ("sigma", "sigmoid", "σ", "expit") and _prefers(inner):
            return walk.aside(compact(walk.text, phrase), DPO)
        if inner.kind == "div" and (_is_softmax(inner) or _is_share(inner)):
            return walk.aside(compact(walk.text, phrase), INFO_NCE)
        if _is_complement_of_generator(inner) or _is_discriminator(inner):
            return walk.aside(compact(walk.text, phrase), GAN)
    return None


def _head(phrase: Phrase) -> str:
    function = phrase.parts[0]
    return str(function.value) if function.kind in ("name", "attribute") else ""


def _unwrapped(phrase: Phrase) -> Phrase:
    while phrase.kind == "bound":
        phrase = phrase.parts[0]
    return phrase


def _holds_clip(phrase: Phrase) -> bool:
    return any(part.kind == "call" and _head(part) in _CLIPS for part in phrase.walk())


def _looks_like_ppo(phrase: Phrase) -> bool:
    """clip(r, 1 − ε, 1 + ε)."""
    bounds = [_unwrapped(part) for part in phrase.parts[2:]]
    around_one = (part.kind in ("add", "sub") and _unwrapped(part.parts[0]).is_number(1) for part in bounds)
    return len(bounds) == 2 and all(around_one)


def _prefers(phrase: Phrase) -> bool:
    """Whether two log ratios are held against each other: of what is chosen and what is rejected."""
    names = {str(part.value) for part in phrase.walk() if part.kind in ("name", "bound", "attribute")}
    said = any(re.search(r"chosen|rejected|logratios|_w\b|_l\b|winn|los(?:er|ing)|prefer", name) for name in names)
    marked = {name.rpartition("_")[2] for name in names if name.startswith("y_")}
    return said or {"w", "l"} <= marked


def _is_softmax(phrase: Phrase) -> bool:
    """exp(a) over a sum of exponentials."""
    above, below = (_unwrapped(part) for part in phrase.parts)
    exp_above = any(part.kind == "call" and _head(part) == "exp" for part in above.walk())
    summed = any(part.kind == "sum" or part.kind == "call" and _head(part) in ("sum",) for part in below.walk())
    exp_below = any(part.kind == "call" and _head(part) == "exp" for part in below.walk())
    return exp_above and exp_below and (summed or below.kind == "add")


def _is_share(phrase: Phrase) -> bool:
    """f(x, c) over the sum of f(x′, c)."""
    above, below = (_unwrapped(part) for part in phrase.parts)
    sums = below.kind == "sum" and _unwrapped(below.parts[0]).kind == "call" and above.kind == "call"
    return bool(sums and _head(above) and _head(above) == _head(_unwrapped(below.parts[0])))


def _is_complement_of_generator(phrase: Phrase) -> bool:
    """1 − D(G(z)) or 1 − D(x̃)."""
    return phrase.kind == "sub" and phrase.parts[0].is_number(1) and _is_discriminator(phrase.parts[1])


def _is_discriminator(phrase: Phrase) -> bool:
    """D(x), of one argument."""
    names = ("D", "D_phi", "D_psi", "D_theta", "discriminator", "netD", "D_w", "D_omega")
    return phrase.kind == "call" and _head(phrase) in names and len(phrase.parts) == 2


def is_advantage(name: str) -> bool:
    """Whether a name is that of a reward or an advantage."""
    return bool(_ADVANTAGE.fullmatch(name))


def aside_of(walk, point: Pointwise, phrase: Phrase) -> bool:
    """Whether what stands at one sample is one of these as a whole."""
    return surrogate_of(point) is not None


def surrogate_of(point: Pointwise) -> str | None:
    """The sentence for a weighted reward, or a reward times a log; None for anything else."""
    return next((words_ for monomial in point.terms if (words_ := _surrogate(monomial))), None)


def without_surrogate(point: Pointwise) -> Pointwise:
    """What stands beside a weighted reward, such as a penalty."""
    return Pointwise({m: c for m, c in point.terms.items() if m and not _surrogate(m)}, point.small)


def _surrogate(monomial: Monomial) -> str | None:
    logs = [atom for atom, _ in monomial if atom.is_log]
    values = {atom.name: power for atom, power in monomial if not atom.is_log}
    rewards = [name for name in values if _ADVANTAGE.fullmatch(name)]
    if len(logs) == 1 and rewards and len(values) == len(rewards):
        return REINFORCE
    ratio = [name for name, power in values.items() if power == -1] or [n for n in values if _RATIO.fullmatch(n)]
    if not logs and rewards and ratio and len(values) > len(rewards):
        return SURROGATE
    return None
