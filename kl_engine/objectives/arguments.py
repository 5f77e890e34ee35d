"""How distributions are written: in formulas, and as arguments of library calls, where logs are easily forgotten."""

from __future__ import annotations

import re
from typing import NamedTuple

from kl_engine.objectives.grammar import Node
from kl_engine.objectives.library_calls import LOG, LOGITS, PROBABILITY
from kl_engine.objectives.text_limits import ObjectiveError

MODULES = (
    "torch",
    "np",
    "numpy",
    "jnp",
    "jax",
    "tf",
    "nn",
    "F",
    "functional",
    "math",
    "special",
    "scipy",
    "stats",
    "K",
    "sc",
)
KEPT = ("detach", "cpu", "numpy", "float", "double", "squeeze", "flatten", "view", "reshape", "clone", "stop_gradient")
_LOGGED = re.compile(r"log_?(?:probs?_?)?([A-Za-z]\w*)")
# What a function does to its argument: the space in which the result is.
SPACES = {"log": LOG, "log_softmax": LOG, "logsoftmax": LOG, "log_prob": LOG, "logsigmoid": LOG}
SPACES |= {"softmax": PROBABILITY, "exp": PROBABILITY, "sigmoid": PROBABILITY, "probs": PROBABILITY}
SPACES |= {"logits": LOGITS}


class Written(NamedTuple):
    """A distribution, and the space in which its numbers are given; None where nothing says it."""

    density: str
    space: str | None


def density_name(text: str, node: Node) -> str:
    """The name of a distribution, such as q or q(z|x), without its spaces. ObjectiveError when it is no such thing."""
    match node:
        case Node(kind="name", value=name):
            return name
        case Node(kind="attribute", parts=(base,), value="probs" | "prob" | "pdf" | "log_prob" | "logits"):
            return density_name(text, base)
        case Node(kind="call", parts=(Node(kind="name", value=name), *arguments)) if not node.keywords:
            inner = [density_name(text, argument) for argument in arguments]
            signs = ["|" if sign == "||" else sign for sign in node.separators]
            return f"{name}({''.join(part + sign for part, sign in zip(inner, [*signs, '']))})"
    raise ObjectiveError.of(text, "Not the name of a distribution:", "write a plain one, such as q or q(z|x)", node.at)


def logged_name(name: str) -> str | None:
    """q for log_q, logq or log_prob_q; None when the name says nothing of a log."""
    found = None if "logit" in name else _LOGGED.fullmatch(name)
    return found[1] if found else None


def called(node: Node) -> tuple[str, list[str], list[Node]] | None:
    """Of a call: the last name of its function, the path before it, and its arguments; None if it has no name.

    A method is a function of what stands before the point, unless that is the name of a module.
    """
    if node.kind != "call":
        return None
    function, *arguments = node.parts
    if function.kind == "name":
        return function.value, [], arguments
    path = path_of(function)
    if path and path[0] in MODULES:
        return path[-1], path[:-1], arguments
    if function.kind == "attribute":
        return function.value, path[:-1] if path else [], [function.parts[0], *arguments]
    return None


def path_of(node: Node) -> list[str]:
    """The names of a dotted path; empty when it is none."""
    if node.kind == "name":
        return [node.value]
    if node.kind == "attribute":
        before = path_of(node.parts[0])
        return [*before, node.value] if before else []
    return []


def written_as(text: str, node: Node) -> Written:
    """What an argument of a library call is: whose distribution, in logs or not, as far as the text says it."""
    match node:
        case Node(kind="log", parts=(inner,)):
            return Written(written_as(text, inner).density, LOG)
        case Node(kind="name", value=name):
            logged = logged_name(name)
            return Written(logged, LOG) if logged else Written(name, LOGITS if "logit" in name else None)
        case Node(kind="attribute", parts=(base,), value=name) if name in SPACES:
            return Written(written_as(text, base).density, SPACES[name])
        case Node(kind="div" | "mul", parts=(inner, _)):  # logits over a temperature
            return written_as(text, inner)
        case Node(kind="call"):
            found = called(node)
            if found and found[2] and found[0] in SPACES:
                return Written(written_as(text, found[2][0]).density, SPACES[found[0]])
            if found and found[2] and found[0] in KEPT:
                return written_as(text, found[2][0])
    return Written(density_name(text, node), None)
