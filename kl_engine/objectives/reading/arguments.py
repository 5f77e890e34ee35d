"""How distributions are written: in formulas, and as arguments of library calls, where logs are easily forgotten."""

from __future__ import annotations

import re
from typing import NamedTuple

from kl_engine.objectives.libraries.functions import LOG, LOGITS, PROBABILITY
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.symbolic.formulas.arithmetic import KEPT, key_of
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of
from kl_engine.symbolic.formulas.parsing.word_lists import words

MODULES = words(
    "torch np numpy jnp jax tf nn F functional math special scipy stats K sc keras optax tfd tfp distributions losses "
    "metrics sklearn Flux Losses numpyro pyro td dist kl th ops lax linen backend Math mx gluon paddle T distrax rlax "
    "tfb jsp ss linalg Distances StatsBase logitcrossentropy flax xp"
)
# What a function does to its argument: the space in which the result is.
SPACES = {"log": LOG, "log_softmax": LOG, "logsoftmax": LOG, "log_prob": LOG, "logsigmoid": LOG, "logprobs": LOG}
SPACES |= {"softmax": PROBABILITY, "exp": PROBABILITY, "sigmoid": PROBABILITY, "probs": PROBABILITY}
SPACES |= {"logits": LOGITS, "ln": LOG, "log2": LOG, "prob": PROBABILITY, "logit": LOGITS, "log_probs": LOG}
_BUILT = {"LogSoftmax": "log_softmax", "Softmax": "softmax", "Sigmoid": "sigmoid", "LogSigmoid": "logsigmoid"}
SQUARES = re.compile(
    r"(?i)(?:smooth_)?(?:mse|huber|recon\w*|reconstruction\w*|mean_squared_error|l2)_?(?:loss)?|MSELoss|HuberLoss"
)
VOLUME = "log|det J|"  # of a change of variables
VOLUMES = re.compile(r"(?i)(?:\w+_)?(?:log_?(?:abs_?)?_?det\w*|s?ldj|log_?jac\w*|logabsdet\w*)|log\|det J\|")
FIXING = words(
    "detach detach_ stop_gradient stop_gradients sg stopgrad stop_grad no_grad lax_stop_gradient StopGradient dropgrad "
    "ignore_derivatives stopgradient"
)
_LOG_OF = re.compile(
    r"(?P<before>\w*?)_?(?:per_token_|seq_|sum_|sequence_|token_|all_)?"
    r"log_?(?:probs?|probabilit(?:y|ies)|pi|ps?|likelihoods?|liks?|pdfs?)?_?(?P<after>\w*)"
)
# log_q, logp_data, log_pi_ref: what follows the log is the name itself.
_EXACT = re.compile(r"(?:log|ln)_?(?:prob_?)?(?P<name>[pqPQ](?:_?[a-zA-Z0-9]\w*)?|pi\w*|prior\w*|post\w*|[A-Z]\w*)")
LIKELIHOOD = re.compile(r"(?:[\w.]*\.)?(?:exp(?:ected)?_|avg_|mean_|data_|total_)?(?:log_?(?:likelihoods?|lik)|ll|llh)")
_FUNCTIONS = words(
    "log logsumexp logaddexp logit logits logistic login logger logsigmoid log_softmax logsoftmax logvar log_var "
    "logstd log_std logsigma log_sigma logdet log_det lps xlogx xlogy xlog1py"
)


TWICE = "logs of logs"


class Written(NamedTuple):
    """A distribution, and the space in which its numbers are given; None where nothing says it."""

    density: str
    space: str | None
    fixed: bool = False


def density_name(text: str, phrase: Phrase) -> str:
    """The name of a distribution, such as q or q(z|x), without its spaces. ObjectiveError when it is no such thing."""
    name = name_of(text, phrase)
    if not name:
        advice = "write a plain one, such as q or q(z|x)"
        raise ObjectiveError.of(text, "Not the name of a distribution:", advice, phrase.at)
    return name


def name_of(text: str, phrase: Phrase) -> str:
    """The name of a distribution; empty for what is none."""
    match phrase.kind:
        case "name" | "bound":
            return str(phrase.value)
        case "index":
            return _kept_name(phrase) or name_of(text, phrase.parts[0])
        case "attribute" if phrase.value in ("probs", "prob", "pdf", "log_prob", "logits", "p", "distribution"):
            return name_of(text, phrase.parts[0])
        case "pow" if all(part.is_name() for part in phrase.parts):
            return "^".join(str(part.value) for part in phrase.parts)  # z^t, the teacher's
        case "mul" if all(name_of(text, part) for part in phrase.parts):
            return "·".join(name_of(text, part) for part in phrase.parts)
        case "attribute":
            path = [name for name in path_of(phrase) if name not in ("self", "cls")]
            return ".".join(path)
        case "call":
            return _called_name(text, phrase)
    return ""


_ROLLOUTS = ("batch", "mb", "minibatch", "micro_batch", "rollout", "buffer", "data", "sample", "samples", "traj")


def _kept_name(phrase: Phrase) -> str:
    """The key of a table of many things, ref_logprobs of inputs["ref_logprobs"]; empty where the table has the name."""
    key = key_of(phrase)
    if not key or key != str(phrase.parts[1].value):
        return ""
    kept = re.fullmatch(r"(?:action_?)?(?:log_?probs?|logps?|lp|neglogp)", key)
    return f"old_{key}" if kept and phrase.parts[0].is_name(*_ROLLOUTS) else key  # what was sampled by the policy then


def _called_name(text: str, phrase: Phrase) -> str:
    """q(z|x), Normal(mu, std), p.detach(), torch.softmax(z)."""
    function, *arguments = phrase.parts
    found = called(phrase)
    if function.kind == "call" and not found:
        return ""
    if found and found[0] in (*KEPT, *FIXING, *SPACES) and found[2]:
        return name_of(text, found[2][0])
    if found and found[0] in ("Independent", "expand") and found[2]:
        return name_of(text, found[2][0])
    head = name_of(text, function)
    if not head or any(argument.kind in ("expectation", "integral", "sum") for argument in arguments):
        return ""
    inner = [compact(text, argument) for argument in arguments]
    if phrase.keywords:
        plain = len(inner) - len(phrase.keywords)
        inner = [*inner[:plain], *(f"{k}={v}" for k, v in zip(phrase.keywords, inner[plain:], strict=True))]
    double = "‖" if _DIVERGES.search(head) else "|"
    signs = [double if sign == "||" else sign for sign in phrase.separators]
    return f"{head}({''.join(part + sign for part, sign in zip(inner, [*signs, *[''] * len(inner)]))})"


_DIVERGES = re.compile(r"(?i)kl|kullback|divergence|js|^d(?:_|$)")  # between two distributions, and not given one


def _is_of_product(phrase: Phrase) -> bool:
    """logsigmoid(β m), whose name is not that of a distribution."""
    found = called(phrase)
    return bool(found and found[0] in SPACES and found[2] and found[2][0].kind in ("mul", "neg", "sub", "add"))


def compact(text: str, phrase: Phrase) -> str:
    """A phrase as text without its spaces and commands."""
    if phrase.kind in ("name", "bound"):
        return "·" if phrase.value == "dot" else str(phrase.value)
    if phrase.kind == "number":
        return str(phrase.value)
    if phrase.kind == "call" and not _is_of_product(phrase) and (name := _called_name(text, phrase)):
        return name
    signs = {"add": "+", "sub": "−", "mul": " ", "div": "/", "pow": "^"}
    if phrase.kind in signs and len(phrase.parts) == 2:
        return signs[phrase.kind].join(compact(text, part) for part in phrase.parts)
    if phrase.kind == "neg":
        return f"−{compact(text, phrase.parts[0])}"
    if phrase.kind == "expectation":
        *unders, body = (compact(text, part) for part in phrase.parts)
        inside = body[1:-1] if body[:1] + body[-1:] in ("()", "[]") else body
        return f"E{'_' if unders else ''}{', '.join(unders)}[{inside}]"[:80]
    if phrase.kind == "relation":
        return f" {phrase.value} ".join(compact(text, part) for part in phrase.parts)[:80]
    if phrase.kind == "sum":
        return f"Σ {compact(text, phrase.parts[0])}"[:80]
    if phrase.kind == "call" and phrase.parts[0].kind == "name" and not phrase.keywords:
        name, *inner = (compact(text, part) for part in phrase.parts)
        return f"{name}({', '.join(inner)})"[:80]
    piece = re.sub(r"\\(?:left|right|[bB]igg?[lr]?|mathbf|mathrm|boldsymbol|[,;:! ])", "", text[slice(*phrase.at)])
    piece = re.sub(r"\\(?:[lr]?Vert(?![A-Za-z])|\|)", "‖", piece)
    piece = re.sub(r"\\[lr]?vert(?![A-Za-z])", "|", piece)
    return re.sub(r"[\s\\{}$&]+", "", piece)[:40]


def logged_name(name: str) -> str | None:
    """q for log_q, logq or log_prob_q, pi_ref for ref_logprobs; None when the name says nothing of a log."""
    bare = name.rpartition(".")[2]
    if (
        bare.lower() in _FUNCTIONS
        or re.search(r"(?i)log_?(?:var(?!i)|std(?:dev)?(?![a-z])|sigma(?![a-z])|scale(?![a-z]))", bare)
        or any(word in bare.lower() for word in ("logit", "logvar", "logstd", "logger"))
    ):
        return None
    if LIKELIHOOD.fullmatch(bare):
        return None
    bare = re.sub(r"(?:^|(?<=_))lp(?:robs?|s)?(?=_|$)", "logp", bare)  # ref_lp, old_lprobs
    if re.fullmatch(r"(?:log|ln)_?\d+", bare):
        return None  # a logarithm to a base, or one of several numbers
    if student := re.fullmatch(r"(?:log|ln)_(s|t)", bare):
        return student[1]
    exact = _EXACT.fullmatch(bare)
    if exact and not re.fullmatch(r"(?:log|ln)_?p(?:robs?|s|_?old|_?new|_?ref|_?a|_?pi)?(?:_\w*)?", bare):
        return exact["name"]
    if re.fullmatch(r"(?:log|ln)_?p|(?:log|ln)_?p_?[xzy]\w*|(?:log|ln)_?p_?(?:data|theta|model|prior)\w*", bare):
        return exact["name"] if exact else None
    found = _LOG_OF.fullmatch(bare)
    if not found:
        return None
    return policy_name("_".join(filter(None, [found["before"], found["after"]])))


_POLICIES = {
    "ref": "pi_ref",
    "reference": "pi_ref",
    "base": "pi_ref",
    "sft": "pi_ref",
    "init": "pi_ref",
    "initial": "pi_ref",
}
_POLICIES |= {
    "old": "pi_old",
    "behavior": "pi_old",
    "behaviour": "pi_old",
    "prev": "pi_old",
    "b": "pi_old",
    "rollout": "pi_old",
}
_POLICIES |= {
    "new": "pi",
    "policy": "pi",
    "pi": "pi",
    "curr": "pi",
    "cur": "pi",
    "current": "pi",
    "actor": "pi",
    "": "pi",
    "a": "pi",
}
_POLICIES |= {
    "action": "pi",
    "actions": "pi",
    "active": "pi",
    "theta": "pi",
    "act": "pi",
    "model": "pi",
    "completion": "pi",
}
_POLICIES |= {"frozen": "pi_ref", "anchor": "pi_ref", "inference": "pi_old", "sampler": "pi_old", "vllm": "pi_old"}


def policy_name(words_left: str) -> str:
    """What is left of ref_per_token_logps, newlogprob, policy_chosen_logps when the log is taken off."""
    parts = [
        part
        for part in words_left.split("_")
        if part and part not in ("per", "token", "tok", "tokens", "seq", "sum", "mean", "s", "x", "mb", "batch")
    ]
    if not parts:
        return "pi"
    for part in parts:
        if part in _POLICIES and part not in ("a", "b"):
            rest = [other for other in parts if other != part and other not in _POLICIES]
            return "_".join([_POLICIES[part], *rest])
    if len(parts) == 1 and parts[0] in _POLICIES:
        return _POLICIES[parts[0]]
    return "_".join(parts)


def called(phrase: Phrase) -> tuple[str, list[str], list[Phrase]] | None:
    """Of a call: the last name of its function, the path before it, and its arguments; None if it has no name.

    A method is a function of what stands before the point, unless that is the name of a module.
    """
    if phrase.kind != "call":
        return None
    function, *arguments = phrase.parts
    if function.kind == "name":
        return function.value, [], arguments
    if function.kind == "call" and (built := path_of(function.parts[0])) and built[-1] in _BUILT:
        return _BUILT[built[-1]], [], arguments  # nn.LogSoftmax(dim=1)(x)
    path = list(path_of(function))
    if path and path[0] in MODULES:
        return path[-1], path[:-1], arguments
    if function.kind == "attribute":
        return function.value, path[:-1], [function.parts[0], *arguments]
    return None


def written_as(text: str, phrase: Phrase) -> Written:
    """What an argument of a library call is: whose distribution, in logs or not, as far as the text says it."""
    match phrase.kind:
        case "bound":
            inner = written_as(text, phrase.parts[0]) if _says_space(phrase.parts[0]) else None
            return inner or _of_name(str(phrase.value))
        case "name":
            return _of_name(phrase.value)
        case "attribute" if phrase.value in SPACES:
            return Written(written_as(text, phrase.parts[0]).density, SPACES[phrase.value])
        case "attribute":
            return _of_name(name_of(text, phrase))
        case "div" | "mul":  # logits over a temperature
            left, right = phrase.parts
            return written_as(text, right if left.kind == "number" and phrase.kind == "mul" else left)
        case "add" | "sub" if _is_small(phrase.parts[1]):
            return written_as(text, phrase.parts[0])
        case "index" if name := _kept_name(phrase):
            return _of_name(name)
        case "index":
            return written_as(text, phrase.parts[0])
        case "call":
            return _of_call(text, phrase)
        case "matmul":
            return Written(compact(text, phrase), None)
    return Written(density_name(text, phrase), None)


_SAME_ENTRIES = words("clamp clip maximum clamp_min one_hot to add transpose permute swapaxes movedim t")


def _of_call(text: str, phrase: Phrase) -> Written:
    found = called(phrase)
    if found and found[2] and found[0] in SPACES:
        inner = written_as(text, found[2][0])
        space = SPACES[found[0]]
        twice = space == LOG == inner.space and found[0] in ("log", "ln", "log2")
        return Written(inner.density, TWICE if twice else space, inner.fixed)
    if found and found[2] and found[0] in FIXING:
        return written_as(text, found[2][0])._replace(fixed=True)
    if found and found[2] and found[0] in (*KEPT, *_SAME_ENTRIES):
        return written_as(text, found[2][0])
    return Written(density_name(text, phrase), None)


def _of_name(name: str) -> Written:
    bare = name.rpartition(".")[2]
    logged = logged_name(bare)
    if logged:
        return Written(logged, LOG)
    if "logit" in bare:
        return Written(name, LOGITS)
    return Written(name, PROBABILITY if re.search(r"(?:^|_)(?:probs?|softmax)(?:$|_)", bare) else None)


def _says_space(phrase: Phrase) -> bool:
    found = called(phrase)
    if found and found[0] in (*KEPT, *FIXING, "clamp") and found[2]:
        return _says_space(found[2][0])
    return bool(found and found[0] in SPACES) or phrase.kind == "bound"


_EPSILONS = ("eps", "epsilon", "EPS", "EPSILON", "tiny")


def _is_small(phrase: Phrase) -> bool:
    """A small number that keeps a logarithm finite: 1e-8, eps."""
    if phrase.kind == "attribute":  # np.finfo(float).eps, self.eps
        return phrase.value in _EPSILONS
    return phrase.kind == "number" and abs(phrase.value) <= 0.01 or phrase.is_name(*_EPSILONS)
