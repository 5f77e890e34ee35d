"""Objectives that are no expectation of a log ratio: recognised by their shape, and said to be what they are.

Each entry is one sentence that is true whatever the names: what is minimised or maximised, since no divergence is.
"""

from __future__ import annotations

import re

from kl_engine.objectives.algebra.pointwise import Monomial, Pointwise
from kl_engine.objectives.reading.arguments import compact
from kl_engine.symbolic.formulas.parsing.phrases import Phrase

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
NAMED["jensenshannon"] = f"{JENSEN_SHANNON}; SciPy's jensenshannon is its square root"
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
    "the importance-weighted bound: above the ELBO and below the log evidence, it is not a single divergence of q",
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
PREFERENCE = (
    "a preference loss without a reference, as SimPO's and CPO's: maximum likelihood of which answer is preferred, "
    "with the policy's own mean log probability as the reward; no divergence is minimised, and nothing keeps π near a"
    " reference"
)
BRADLEY_TERRY = (
    "the loss of Bradley and Terry: maximum likelihood of which answer is preferred, with the difference of two rewards"
    " as the logit; no divergence between two policies is minimised; where the rewards are β log π/π_ref, it is DPO's"
)
LOGISTIC = (
    "a logistic loss: maximum likelihood of a yes or a no, with the argument of the sigmoid as the logit; the "
    "expectation is under the labels, and no divergence between two given distributions is minimised"
)
ODDS = (
    "ORPO's odds ratio: maximum likelihood of which answer is preferred, with the log odds of the policy itself as the "
    "reward; no divergence is minimised, and there is no reference"
)
IPO = (
    "IPO's loss: the squared distance of a difference of log ratios from a given margin; no divergence between π and "
    "π_ref is minimised, but its optimum is that of a preference with the penalty D(π‖π_ref)"
)
KTO = (
    "KTO's loss: a sigmoid of how far β log π/π_ref stands from a reference level; no divergence is minimised, as no "
    "gradient goes through the level, even where it is an estimate of D(π‖π_ref)"
)
HINGE = "a hinge loss of which answer is preferred: no divergence is minimised once the margin is kept"
FOCAL = (
    "the focal loss: the cross entropy weighted by (1 − p)^γ; it is not a divergence, and for γ > 0 its minimum is in "
    "general not at the probabilities of the labels"
)
DISCRIMINATED = (
    "a loss of a discriminator or of the generator that it judges: no divergence of two given distributions is "
    "minimised while the two play against each other"
)
DONSKER = (
    "the bound of Donsker and Varadhan: its maximum over T is D(P‖Q), of the first law in it to the second, so it is "
    "estimated from below, and no q is fitted to it"
)
KERNELS = f"a maximum mean discrepancy, of means of a kernel: {_DISTANCE}"
FISHER = (
    "a score matching objective, the Fisher divergence: the mean squared distance of the slopes of two log densities,"
    " no log ratio; it has neither direction of D"
)
STEIN = (
    "Stein's variational gradient: an update of particles and no objective; it is the steepest descent of D(q‖p), the "
    "reverse direction, among the functions of the kernel"
)
TOTAL_CORRELATION = (
    "a total correlation, D(joint‖product of its own marginals): both sides move together, so it has neither "
    "direction; made small, it makes the parts independent"
)
ABSOLUTE_ERROR = (
    "an absolute error, which is not a log ratio; as the negative log likelihood of a Laplace distribution of a given "
    "width around the prediction it is forward, with the data under the expectation"
)
SQUARED = (
    "a squared error, which is not a log ratio; as the negative log likelihood of a Gaussian of a given width around "
    "the prediction it is forward, with the data under the expectation"
)
INFO_NCE = (
    "InfoNCE: the cross entropy of picking the positive pair among the others; it bounds a mutual information, and "
    "no divergence between two given distributions is minimised"
)
GAN = (
    "the game of a GAN: no divergence is minimised while the discriminator moves; at its optimum the value is twice "
    "the Jensen-Shannon divergence, less log 4"
)
POSITIVE_PART = (
    "only the positive part of a log ratio: the samples at which the log ratio is negative count as 0, so as an "
    "estimate of a divergence it is biased upwards, and no divergence is minimised"
)
ABSOLUTE = (
    "the {what} of a difference, {inside}: made small, it brings the difference to 0, from above or from below, and "
    "stops there, so no divergence is minimised"
)
COSINE = (
    "a similarity of two directions, a cosine, as in BYOL and SimSiam: nothing in it is a distribution or a log ratio, "
    "so it has neither direction of D"
)
_ANGLES = ("cosine_similarity", "CosineSimilarity", "cosine_embedding_loss", "CosineEmbeddingLoss", "normalize", "cos")
_LOGARITHMS = re.compile(r"(?i)(?:\w+_)?(?:log\w*|ln|kl\w*|.*entropy.*|exp|softmax)")
_CLIPS = ("clip", "clamp", "clip_by_value", "Clip")
_ADVANTAGE = re.compile(
    r"(?:A|A_\w*|R|r|r_(?:phi|theta|psi)|(?i:adv\w*|\w*advantages?\w*|gae|returns?|rewards?))(?:\(.*\))?"
)
_RATIO = re.compile(r"(?i)(?:imp(?:ortance)?_)?\w*ratios?\w*|rho\w*|r_t\w*|r|w|coef_1|iw\w*|weights?")


def aside_call(walk, phrase: Phrase, name: str, arguments: list[Phrase]):
    """The value of a call that is one of these; None for any other."""
    if name in ("min", "minimum", "max", "maximum") and arguments and _holds_clip(phrase):
        return walk.aside(compact(walk.text, phrase), PPO)
    if name in _CLIPS and _looks_like_ppo(phrase):
        return walk.aside(compact(walk.text, phrase), PPO)
    if name in ("logsigmoid", "log_sigmoid", "softplus") and arguments and _prefers(arguments[0]):
        return walk.aside(compact(walk.text, phrase), _preference(arguments[0]))
    if name in ("sigmoid", "sigma", "expit") and arguments and _prefers(arguments[0]):
        return walk.aside(compact(walk.text, phrase), KTO)
    if name in ("logsigmoid", "log_sigmoid") and arguments and not _is_named(arguments[0]):
        return walk.aside(compact(walk.text, phrase), LOGISTIC)
    inner = [part for argument in arguments for part in argument.walk()]
    if name in ("relu", "max", "clamp", "hinge") and any(map(_prefers, inner)):
        return walk.aside(compact(walk.text, phrase), HINGE)
    if name in ("relu", "softplus", "logsigmoid") and arguments and _judges(arguments[0]):
        return walk.aside(compact(walk.text, phrase), DISCRIMINATED)
    if _is_discriminator(phrase):
        return walk.aside(compact(walk.text, phrase), DISCRIMINATED)
    if name in ("log", "ln") and len(arguments) == 1:
        inner = _unwrapped(arguments[0])
        if inner.kind == "call" and _head(inner) in ("sigma", "sigmoid", "σ", "expit") and _prefers(inner):
            return walk.aside(compact(walk.text, phrase), _preference(inner))
        if inner.kind == "call" and _head(inner) in ("sigma", "σ") and inner.parts[1].kind in ("sub", "mul", "neg"):
            return walk.aside(compact(walk.text, phrase), LOGISTIC)
        if inner.kind == "expectation" and _is_exponential(inner.parts[-1]) or _is_mean_of_exponential(inner):
            return walk.aside(compact(walk.text, phrase), DONSKER)
        if inner.kind == "div" and (_is_softmax(inner) or _is_share(inner) or _is_of_pairs(inner)):
            return walk.aside(compact(walk.text, phrase), INFO_NCE)
        if _is_complement_of_generator(inner) or _is_discriminator(inner):
            name = f"log {compact(walk.text, inner)}" if _is_discriminator(inner) else compact(walk.text, phrase)
            return walk.aside(name, GAN)
    return None


def is_of_angles(phrase: Phrase) -> bool:
    """Whether a whole text is about cosines, with no logarithm and no exponential in it."""
    heads = {str(part.parts[0].value) for part in phrase.walk() if part.kind == "call"}
    return bool(heads & {*_ANGLES}) and not any(_LOGARITHMS.fullmatch(head) for head in heads)


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
    said = any(re.search(r"chosen|rejected|logratios|_w\b|_l\b|winn|los(?:er|ing)|prefer|odds", name) for name in names)
    said = said or phrase.kind == "mul" and {"logits"} <= names and bool({"beta", "tau"} & names)
    marked = {name.rpartition("_")[2] for name in names if name.startswith("y_")}
    return said or {"w", "l"} <= marked or {"win", "lose"} <= marked


def _preference(phrase: Phrase) -> str:
    """Which preference loss: with a reference it is DPO's, with odds ORPO's, and else one without a reference."""
    names = [str(part.value) for part in phrase.walk() if part.kind in ("name", "bound", "attribute")]
    if any(re.search(r"log1p|log_odds|odds", name) for name in names):
        return ODDS
    rewards = any(re.fullmatch(r"(?i)r|rm|r_\w+|\w*rewards?\w*|reward_model", name) for name in names)
    policies = any(re.search(r"log|pi(?![a-z])|ratio|policy|(?<![a-z])ref(?!er)", name) for name in names)
    if rewards and not policies:
        return BRADLEY_TERRY
    said = any(re.search(r"ref|ratio|logits|reward|base|sft", name) for name in names)
    return DPO if said else PREFERENCE


def _is_exponential(phrase: Phrase) -> bool:
    """e^T, exp(T)."""
    phrase = _unwrapped(phrase)
    return phrase.kind == "call" and _head(phrase) == "exp"


def _is_mean_of_exponential(phrase: Phrase) -> bool:
    """mean(exp(T)) or exp(T).mean(), of a network's output and not of a log ratio."""
    if phrase.kind != "call":
        return False
    names = [str(part.value) for part in phrase.walk() if part.kind in ("name", "bound", "attribute")]
    averaged = _head(phrase) in ("mean", "reduce_mean", "nanmean", "average")
    return averaged and "exp" in names and not any(re.match(r"(?i)log|\w*_log|lp|w(?:eight)?s?$", n) for n in names)


def _is_named(phrase: Phrase) -> bool:
    """x or −x, a logit by its name."""
    phrase = _unwrapped(phrase)
    phrase = phrase.parts[0] if phrase.kind == "neg" else phrase
    return phrase.kind in ("name", "attribute")


def _judges(phrase: Phrase) -> bool:
    """Whether it is 1 − D(x) or −D(x), of a discriminator's output."""
    names = (str(part.value) for part in phrase.walk() if part.kind in ("name", "bound", "attribute"))
    return any(
        re.fullmatch(r"(?i)d_?(?:real|fake|x|g_?z|out\w*)|disc\w*|(?:real|fake)\w*|netD|D", name) for name in names
    )


def beside(names: list[str]) -> str:
    """What is said of names that stand beside one of these and of which the text does not say what they are."""
    if not names:
        return ""
    return f"; beside it {'stand' if len(names) > 1 else 'stands'} {' and '.join(names)}, which the text does not give"


def aside_power(walk, phrase: Phrase):
    """The value of a power that is one of these, with what multiplies it left to be read; None for any other."""
    base, exponent = (_unwrapped(part) for part in phrase.parts)
    if exponent.is_number(2) and base.kind == "sub" and _is_margin(base.parts[1]) and _is_log_ratio(base.parts[0]):
        return walk.aside(compact(walk.text, phrase), IPO)
    complement = base.kind == "sub" and base.parts[0].is_number(1)
    if complement and (exponent.is_name("gamma", "focusing", "gamma_") or exponent.kind == "attribute"):
        return walk.aside(compact(walk.text, phrase), FOCAL)
    return None


def _is_margin(phrase: Phrase) -> bool:
    """1/(2β), 0.5/β or τ⁻¹/2."""
    phrase = _unwrapped(phrase)
    return (
        phrase.kind == "div"
        and phrase.parts[0].kind == "number"
        and any(part.kind in ("name", "attribute") for part in phrase.parts[1].walk())
    )


def _is_log_ratio(phrase: Phrase) -> bool:
    names = (str(part.value) for part in phrase.walk() if part.kind in ("name", "bound", "attribute"))
    return any(re.search(r"log|ratio|^h|rho", name) for name in names)


_SLOPES = {"nabla", "grad", "gradient", "score"}


def aside_of_slopes(walk, phrase: Phrase):
    """The value of an expression in ∇ log p; None where there is no ∇."""
    names = {str(part.value).partition("_")[0] for part in phrase.walk() if part.kind == "name"}
    if not names & _SLOPES:
        return None
    squared = any(part.kind == "bars" for part in phrase.walk())
    kernel = any(part.kind == "call" and _head(part) in ("k", "K", "kernel") for part in phrase.walk())
    if not squared and not kernel:
        return None
    return walk.aside(compact(walk.text, phrase), FISHER if squared else STEIN)


def is_kernel_mean(phrase: Phrase) -> bool:
    """k(x, x′) under an expectation that names no law."""
    phrase = _unwrapped(phrase)
    return phrase.kind == "call" and _head(phrase) in ("k", "K", "kernel") and len(phrase.parts) == 3


def _is_softmax(phrase: Phrase) -> bool:
    """exp(a) over a sum of exponentials."""
    above, below = (_unwrapped(part) for part in phrase.parts)
    exp_above = any(part.kind == "call" and _head(part) == "exp" for part in above.walk())
    summed = any(part.kind == "sum" or part.kind == "call" and _head(part) in ("sum",) for part in below.walk())
    exp_below = any(part.kind == "call" and _head(part) == "exp" for part in below.walk())
    return exp_above and exp_below and (summed or below.kind == "add")


def _is_of_pairs(phrase: Phrase) -> bool:
    """numerator/denominator, pos/(pos + neg): a positive pair among all, by the names."""
    above, below = ({str(p.value) for p in part.walk() if p.kind in ("name", "bound")} for part in phrase.parts)
    positive = any(re.match(r"(?i)(?:exp_?|sim_?|e_?)*(?:pos|numer|nominator)", name) for name in above)
    return positive and any(re.match(r"(?i)(?:exp_?|sim_?|e_?)*(?:neg|denom|all|sum|total)", name) for name in below)


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
    return next((words_ for monomial in point.terms if (words_ := surrogate_of_one(monomial))), None)


def without_surrogate(point: Pointwise) -> Pointwise:
    """What stands beside a weighted reward, such as a penalty."""
    return Pointwise({m: c for m, c in point.terms.items() if m and not surrogate_of_one(m)}, point.small)


def surrogate_of_one(monomial: Monomial) -> str | None:
    """The sentence for one term that is a weighted reward, or a reward times a log; None for anything else."""
    logs = [atom for atom, _ in monomial if atom.is_log]
    values = {atom.name: power for atom, power in monomial if not atom.is_log}
    rewards = [name for name in values if _ADVANTAGE.fullmatch(name)]
    if len(logs) == 1 and rewards and len(values) == len(rewards):
        return REINFORCE
    ratio = [name for name, power in values.items() if power == -1] or [n for n in values if _RATIO.fullmatch(n)]
    if not logs and rewards and ratio and len(values) > len(rewards):
        return SURROGATE
    return None
