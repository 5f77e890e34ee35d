"""A call of a library function read against its documentation: whose expectation, in logs or not, how it is reduced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kl_engine.objectives.arguments import Written, path_of, written_as
from kl_engine.objectives.grammar import Node
from kl_engine.objectives.library_calls import (
    BUILT,
    CALLS,
    DISTRIBUTION,
    LOG,
    LOGITS,
    PROBABILITY,
    REDUCTIONS,
    LibraryCall,
)
from kl_engine.objectives.text_limits import ObjectiveError


@dataclass(frozen=True)
class Question:
    """What a text leaves open: a key for the answer, the question, and the answers to choose from."""

    key: str
    words: str
    options: tuple[str, ...]


@dataclass
class ReadCall:
    """Who stands under the expectation (`data`), who does not (`model`), and what there is to say about the call."""

    data: str = ""
    model: str = ""
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def find_call(node: Node) -> LibraryCall | None:
    """The entry for a call, by the last name of its path and, among namesakes, by the words before it."""
    function = _function(node)
    path = path_of(function) if function else []
    if not path:
        return None
    named = [entry for entry in CALLS if path[-1] in entry.names]
    for word in path[:-1]:  # the first word tells most: optax.losses is Optax, tfp.distributions is TensorFlow's
        for entry in named:
            if word in entry.modules:
                return entry
    if len(path) == 1 or len(named) == 1:
        return named[0] if named else None
    return next((entry for entry in named if not entry.modules), None)


def read_call(text: str, entry: LibraryCall, node: Node, answers: Mapping[str, str], summed: bool) -> ReadCall:
    """What a call computes. Raises ObjectiveError when its arguments are not those of the function."""
    call = ReadCall()
    arguments, options = _arguments(text, entry, node)
    spaces = {entry.data: entry.data_space, entry.model: entry.model_space}
    if _is_true(options.get("log_target")):
        spaces[entry.data] = LOG
    if _is_true(options.get("from_logits")):
        spaces[entry.model] = LOGITS
    written = {name: written_as(text, argument) for name, argument in arguments.items()}
    for name in entry.arguments:
        _check_space(call, entry, name, written[name], spaces[name], answers)
    call.data, call.model = written[entry.data].density, written[entry.model].density
    _say_order(call, entry)
    _say_namesakes(call, entry, node)
    _say_reduction(call, entry, options, summed)
    return call


def _function(node: Node) -> Node | None:
    """What is called: of KLDivLoss(reduction="sum")(log_q, p) the inner one."""
    if node.kind != "call":
        return None
    function = node.parts[0]
    return function.parts[0] if function.kind == "call" else function


def _arguments(text: str, entry: LibraryCall, node: Node) -> tuple[dict[str, Node], dict[str, Node]]:
    """The two distributions by their names, and the options."""
    options: dict[str, Node] = {}
    inner = node.parts[0]
    if inner.kind == "call":  # the options stand in the first brackets
        options |= zip(inner.keywords, inner.parts[len(inner.parts) - len(inner.keywords) :])
    elif path_of(inner)[-1:] and path_of(inner)[-1] in BUILT or entry.built:
        advice = f"call it twice, as in {path_of(inner)[-1]}()(...)"
        raise ObjectiveError.of(text, "It is built first, then called:", advice, node.at)
    positional = node.parts[1 : len(node.parts) - len(node.keywords)]
    if len(positional) > 2:
        raise ObjectiveError.of(text, "Too many arguments in", "give the options by name", node.at)
    found = dict(zip(entry.arguments, positional))
    for keyword, value in zip(node.keywords, node.parts[len(node.parts) - len(node.keywords) :]):
        (found if keyword in entry.arguments else options)[keyword] = value
    unknown = [name for name in options if name not in entry.options]
    if unknown:
        known = ", ".join(entry.options) or "none"
        raise ObjectiveError.of(text, f"Unknown option {unknown[0]!r} in", f"its options are {known}", node.at)
    missing = [name for name in entry.arguments if name not in found]
    if missing:
        raise ObjectiveError.of(text, "Too few arguments in", f"{missing[0]!r} is missing", node.at)
    return found, options


def _is_true(node: Node | None) -> bool:
    return node is not None and node.value == "True"


def _check_space(call: ReadCall, entry: LibraryCall, name: str, written: Written, space: str, answers) -> None:
    """A fault where the text contradicts what the function expects; a question where it leaves that open."""
    given = written.space
    if given is None and space == LOG:
        key = f"holds_{written.density}"
        given = answers.get(key)
        question = f"{entry.title} takes {name} as log-probabilities: does {written.density} hold logs?"
        call.questions.append(Question(key, question, (LOG, PROBABILITY)))
    fits = given in (None, space) or space == DISTRIBUTION or (space == LOGITS and given == LOG)
    if fits:
        return
    effect = _effect(space, given, name == entry.model)
    call.faults.append(f"{name} must hold {space}, and {written.density} is given as {given}: {effect}")


def _effect(space: str, given: str, is_model: bool) -> str:
    if space == LOG and given == PROBABILITY and is_model:
        return "the sum then holds −p q in the place of −p log q, which is linear in q and no divergence"
    if space == LOGITS and given == PROBABILITY:
        return "the softmax is then taken twice, and the model can no longer come near 0 or 1"
    return "what comes out is then no divergence, and may be negative"


def _say_order(call: ReadCall, entry: LibraryCall) -> None:
    if entry.data == entry.arguments[1]:
        call.notes.append(f"{entry.title}: the expectation is under the second argument, {call.data}")


def _say_namesakes(call: ReadCall, entry: LibraryCall, node: Node) -> None:
    path = path_of(_function(node))
    namesakes = [other.title for other in CALLS if path[-1] in other.names and other is not entry]
    if len(path) == 1 and namesakes:
        said = " and ".join(namesakes)
        call.notes.append(f"{path[0]} without its package is read as {entry.title}; {said} have the same name")


def _say_reduction(call: ReadCall, entry: LibraryCall, options: dict[str, Node], summed: bool) -> None:
    if entry.elementwise and not summed:
        call.notes.append(f"{entry.title} gives one number an outcome: only their sum is a divergence")
    given = options.get("reduction")
    reduction = given.value if given is not None else "none" if _is_none(options) else entry.reduction
    if entry.reduction and reduction in REDUCTIONS and not (summed and reduction == "none"):
        how = "reduction" if given is not None else "default reduction"
        call.notes.append(f"{how} {reduction!r}: {REDUCTIONS[reduction]}")


def _is_none(options: dict[str, Node]) -> bool:
    return "reduce" in options and options["reduce"].value == "False"
