"""A call of a library function read against its documentation: whose expectation, in logs or not, how it is reduced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from kl_engine.objectives.algebra.coefficients import ONE, Coefficient
from kl_engine.objectives.libraries.functions import (
    BUILT,
    CALLS,
    DISTRIBUTION,
    KERAS_DEFAULT,
    LOG,
    LOGITS,
    OUTCOMES_REDUCED,
    PACKAGE_REDUCTIONS,
    PROBABILITY,
    REDUCTIONS,
    LibraryCall,
)
from kl_engine.objectives.reading.arguments import Written, compact, written_as
from kl_engine.objectives.reading.models import guess_model
from kl_engine.objectives.reading.stopped import held_name, own_name
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of

_LABELS = re.compile(r"(?i)y|t|y_?true|labels?|targets?|gt|\w*one_?hot\w*|\w*_labels?")


@dataclass(frozen=True)
class Question:
    """What a text leaves open: a key for the answer, the question, and the answers to choose from.

    unsaid: the sentence that the verdict needs while nobody has answered; empty once somebody has.
    """

    key: str
    words: str
    options: tuple[str, ...]
    unsaid: str = ""


@dataclass
class ReadCall:
    """Which argument is averaged over (`data`), which is not (`model`), and what there is to say about the call.

    targets: what stands under the expectation after the options, each with its weight. hints: who is fitted where the
    names do not say it. fixed: what is cut off from the gradient.
    """

    data: str = ""
    model: str = ""
    targets: list[tuple[Coefficient, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)


def find_call(phrase: Phrase) -> LibraryCall | None:
    """The entry for a call, by the last name of its path and, among namesakes, by the words before it."""
    function = _function(phrase)
    path = path_of(function) if function else ()
    if not path:
        return None
    named = [entry for entry in CALLS if path[-1] in entry.names]
    for word in path[:-1]:  # the first word tells most: optax.losses is Optax, tfp.distributions is TensorFlow's
        for entry in named:
            if word in entry.modules:
                return entry
    if len(path) == 1 or len(named) == 1 and _is_module_path(path):
        return named[0] if named else None
    return next((entry for entry in named if not entry.modules and _is_module_path(path)), None)


def _is_module_path(path: tuple[str, ...]) -> bool:
    """Whether what stands before the point is a package, and no distribution with a method."""
    return not (len(path) == 2 and (path[0][:1] in "pqPQ" and len(path[0]) <= 2)) and path[0] not in (
        "posterior",
        "prior",
    )


def read_call(text: str, entry: LibraryCall, phrase: Phrase, answers: Mapping[str, str], summed: bool) -> ReadCall:
    """What a call computes. Raises ObjectiveError when its arguments are not those of the function."""
    call = ReadCall()
    arguments, options = _arguments(text, entry, phrase)
    spaces = {entry.data: entry.data_space, entry.model: entry.model_space}
    if _is_true(options.get("log_target")):
        spaces[entry.data] = LOG
    if _is_true(options.get("from_logits")):
        spaces[entry.model] = LOGITS
    written = {name: written_as(text, argument) for name, argument in arguments.items()}
    for name in entry.arguments:
        _check_space(call, entry, name, written[name], spaces[name], answers)
    call.data, call.model = _held_or_not(written[entry.data]), _held_or_not(written[entry.model])
    if call.model == call.data and entry.kind == "cross entropy":  # log_probs_y against the labels y
        call.model = compact(text, arguments[entry.model])
    call.targets = [(ONE, call.data)]
    told = guess_model((call.data, call.model)).certain and not (
        entry.kind == "cross entropy" and _LABELS.fullmatch(call.data)
    )
    if call.model == own_name(call.model) and not told:
        call.hints.append(call.model)
    _say_order(call, entry)
    _say_namesakes(call, entry, phrase)
    _say_reduction(text, call, entry, options, summed, phrase)
    _say_options(text, call, options)
    return call


def _held_or_not(argument: Written) -> str:
    return held_name(argument.density) if argument.fixed else argument.density


def _function(phrase: Phrase) -> Phrase | None:
    """What is called: of KLDivLoss(reduction="sum")(log_q, p) the inner one."""
    if phrase.kind != "call":
        return None
    function = phrase.parts[0]
    while function.kind == "bound":
        function = function.parts[0]
    return function.parts[0] if function.kind == "call" else function


def _arguments(text: str, entry: LibraryCall, phrase: Phrase) -> tuple[dict[str, Phrase], dict[str, Phrase]]:
    """The two distributions by their names, and the options."""
    options: dict[str, Phrase] = {}
    inner = phrase.parts[0]
    while inner.kind == "bound":
        inner = inner.parts[0]
    name = path_of(_function(phrase))[-1]
    if inner.kind == "call":  # the options stand in the first brackets
        options |= inner.options()
        options |= dict(zip(entry.built_positional, inner.positional()))
    elif name in BUILT or entry.built:
        raise ObjectiveError.of(
            text, "It is built first, then called:", f"call it twice, as in {name}()(...)", phrase.at
        )
    positional = phrase.positional()
    if len(positional) > 2 + len(entry.positional):
        raise ObjectiveError.of(text, "Too many arguments in", "give the options by name", phrase.at)
    found = dict(zip(entry.arguments, positional))
    for name, value in zip(entry.positional, positional[2:]):
        if name in ("size_average", "reduce") and not value.is_name("None", "True", "False"):
            raise ObjectiveError.of(text, f"The option {name} of", "it is True, False or None", value.at)
        if not value.is_name("None"):
            options[name] = value
    for keyword, value in phrase.options().items():
        keyword = dict(entry.also).get(keyword, keyword)
        (found if keyword in entry.arguments else options)[keyword] = value
    unknown = [name for name in options if name not in entry.options]
    if unknown:
        known = ", ".join(entry.options) or "none"
        raise ObjectiveError.of(text, f"Unknown option {unknown[0]!r} in", f"its options are {known}", phrase.at)
    missing = [name for name in entry.arguments if name not in found]
    if missing:
        raise ObjectiveError.of(text, "Too few arguments in", f"{missing[0]!r} is missing", phrase.at)
    return found, options


def _is_true(phrase: Phrase | None) -> bool:
    return phrase is not None and phrase.value in ("True", "true")


def _is_false(phrase: Phrase | None) -> bool:
    return phrase is not None and phrase.value in ("False", "false")


def _check_space(call: ReadCall, entry: LibraryCall, name: str, written: Written, space: str, answers) -> None:
    """A fault where the text contradicts what the function expects; a question where it leaves that open."""
    given = written.space
    if given is None and space == LOG:
        key = f"holds_{written.density}"
        given = answers.get(key)
        question = f"{entry.title} takes {name} as log-probabilities: does {written.density} hold logs?"
        needs = (
            f"That is so if {written.density} holds logs, as {entry.title} needs; "
            "of probabilities it is not a divergence."
        )
        call.questions.append(Question(key, question, (LOG, PROBABILITY), "" if given else needs))
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
        call.notes.append(f"{entry.title}: the expectation is under the second argument, {own_name(call.data)}")


def _say_namesakes(call: ReadCall, entry: LibraryCall, phrase: Phrase) -> None:
    path = path_of(_function(phrase))
    namesakes = [other.title for other in CALLS if path[-1] in other.names and other is not entry]
    if path[-1] == "entropy" and len(path) == 1:
        call.notes.append(
            f"entropy of two is read as SciPy's, D({call.data}‖{call.model}); as a cross entropy it is the same up to "
            f"a constant where {call.model} is fitted"
        )
    elif len(path) == 1 and namesakes:
        said = " and ".join(namesakes)
        have = "has" if len(namesakes) == 1 else "have"
        call.notes.append(f"{path[0]} without its package is read as {entry.title}; {said} {have} the same name")


def _say_reduction(
    text: str, call: ReadCall, entry: LibraryCall, options: dict[str, Phrase], summed: bool, phrase: Phrase
) -> None:
    if entry.elementwise and not summed:
        call.notes.append(f"{entry.title} gives one number per outcome: only their sum is a divergence")
    known = REDUCTIONS | PACKAGE_REDUCTIONS | (OUTCOMES_REDUCED if entry.outcomewise else {})
    given = options.get("reduction")
    if given is not None and entry.reduction and given.kind == "text" and given.value not in known:
        allowed = ", ".join(repr(name) for name in REDUCTIONS)
        raise ObjectiveError.of(text, "The reduction", f"it is one of {allowed}", given.at)
    reduces = entry.reduction != KERAS_DEFAULT or not path_of(_function(phrase))[-1].islower()
    default = entry.reduction if reduces else ""
    reduction = given.value if given is not None else _old_reduction(options) or default
    if entry.reduction and reduction in known and not (summed and reduction == "none"):
        how = "reduction" if given is not None or _old_reduction(options) else "default reduction"
        call.notes.append(f"{how} {reduction!r}: {known[reduction]}")


def _old_reduction(options: dict[str, Phrase]) -> str:
    """What size_average and reduce, the older options of torch, come to."""
    if _is_false(options.get("reduce")):
        return "none"
    if _is_false(options.get("size_average")):
        return "sum"
    return "mean" if _is_true(options.get("size_average")) else ""


def _say_options(text: str, call: ReadCall, options: dict[str, Phrase]) -> None:
    """What label smoothing, class weights and left-out classes do to the target."""
    smoothing = options.get("label_smoothing")
    if smoothing is not None and not smoothing.is_number(0):
        share = _share(text, smoothing)
        call.targets = [(ONE - share, call.data), (share, "uniform")]
        call.fixed.append("uniform")
        call.notes.append(
            f"label_smoothing: the target is (1 − {share}) {call.data} + {share} uniform, which is nowhere 0"
        )
    weight = options.get("weight", options.get("pos_weight", options.get("weights")))
    if weight is not None and not weight.is_name("None"):
        name = compact(text, weight)
        call.targets = [(share, f"{name}·{data}") for share, data in call.targets]
        proportion = f"in proportion to {name} · {call.data}"
        if "pos_weight" in options:  # of two outcomes, of which the first alone is weighted
            proportion = f"{name} · {call.data}/({name} · {call.data} + 1 − {call.data})"
        call.notes.append(f"weights: the target is {proportion}, no longer {call.data} itself")
    if (base := options.get("base")) is not None and not base.is_name("None", "e"):
        unit = "in bits" if base.is_number(2) else f"with logarithms to the base {compact(text, base)}"
        call.notes.append(f"base: the value is {unit}, a factor that moves nothing")
    if "ignore_index" in options:
        call.notes.append("ignore_index: examples with that label are left out of the average")
    if "sample_weight" in options:
        call.notes.append("sample_weight: the examples are weighted, and with them the data that stand under it")


def _share(text: str, phrase: Phrase) -> Coefficient:
    if phrase.kind == "number":
        if not 0 <= phrase.value <= 1:
            raise ObjectiveError.of(text, "The label smoothing", "it lies between 0 and 1", phrase.at)
        return Coefficient.number(Fraction(phrase.value))
    return Coefficient.name(compact(text, phrase)[:24])
