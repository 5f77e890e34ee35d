"""What the functions in an objective stand for: divergences, entropies, logs, sums, and functions of libraries."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from kl_engine.objectives.algebra.canonical_form import Form
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.algebra.pointwise import Pointwise, Unlike
from kl_engine.objectives.libraries.functions import LOG
from kl_engine.objectives.libraries.reading import find_call, read_call
from kl_engine.objectives.reading.arguments import (
    FIXING,
    MODULES,
    SQUARES,
    VOLUME,
    called,
    compact,
    logged_name,
    name_of,
    written_as,
)
from kl_engine.objectives.reading.asides import (
    ABSOLUTE_ERROR,
    DISCRIMINATED,
    INFO_NCE,
    NAMED,
    POSITIVE_PART,
    SQUARED,
    TOTAL_CORRELATION,
    aside_call,
)
from kl_engine.objectives.reading.models import guess_model, is_policy
from kl_engine.objectives.reading.stopped import held_name, own_name
from kl_engine.objectives.reading.sums import integrated, over_outcomes, under_mixture, without_normaliser
from kl_engine.objectives.reading.walk import EVIDENCE_BOUNDS, SCALARS, Value, Walk, keeps
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.symbolic.formulas.arithmetic import BINARY, CLAMPS, KEPT, MEANS, SIZES, SUMS, sums_products
from kl_engine.symbolic.formulas.greek import GREEK_LETTERS
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of
from kl_engine.symbolic.formulas.parsing.tokens import Syntax
from kl_engine.symbolic.formulas.parsing.word_lists import words

DIVERGENCES = words(
    "KL D_KL DKL D kl KLD d_kl dkl relative_entropy D_kl KL_divergence D_KLD kl_divergence KL_div D_bar_KL D_KL_bar "
    "Kullback KLdiv KL_hat D_hat_KL D_tilde_KL bar_KL D_bar KL_bar kl_div_between RelEnt KL_loss"
)
CROSS = words("CE H cross_entropy crossentropy xent entropy Ent Entropy h S ent H_hat cross_ent")
_ENTROPIES = words("H entropy Ent Entropy h S ent H_hat")
_METHODS = words("kl_divergence kl kl_div kld KL kl_to divergence compute_kl")
_READ_AS_FUNCTION = words("prior posterior post data model joint likelihood target approx policy r reward rewards env")


def call(walk: Walk, phrase: Phrase) -> Value:
    """KL(…), H(…), ELBO(…), a sum over outcomes, or a function of a library."""
    function = phrase.parts[0]
    if function.kind == "bound":  # criterion = nn.KLDivLoss(); criterion(log_q, p)
        built = Phrase(
            "call", phrase.at, (function.parts[0], *phrase.parts[1:]), None, phrase.separators, phrase.keywords
        )
        return call(walk, built) if function.parts[0].kind in ("call", "attribute", "name") else _unknown(walk, phrase)
    if function.kind == "attribute" and function.parts[0].kind == "bound" and _is_method_of_value(function):
        return _method_of_value(walk, phrase)
    if built := _torch_loss(walk, phrase):
        return call(walk, built)
    if function.kind == "attribute" and function.value == "minimize" and len(phrase.parts) == 2:
        return _call_of_optimiser(walk, phrase)
    if _is_product(walk, phrase):
        return walk.times(walk.value(function), walk.value(phrase.parts[1]), phrase)
    found = called(phrase)
    name, path, arguments = found or ("", [], [])
    if name in DIVERGENCES and len(arguments) == 2 and _are_parameters(arguments):
        raise _of_parameters(walk, phrase)
    for reader in (_of_pyro, _operation, _transparent, _of_samples, _named, _of_library, _of_method):
        value = reader(walk, phrase, name, path, arguments)
        if value is not None:
            return value
    return _function(walk, phrase, name, path)


_A_MEAN = re.compile(r"(?i)(?:\w+_)?(?:mu|means?|loc)(?:_\w+)?")
_A_WIDTH = re.compile(
    r"(?i)(?:\w+_)?(?:log_?var\w*|log_?std\w*|log_?sigma|logv|var|variance|std(?:dev)?|sigma|scale)(?:_\w+)?"
)


def _are_parameters(arguments: list[Phrase]) -> bool:
    """kl_divergence(mu, logvar): the parameters of one distribution."""
    names = [str(part.value) if part.kind in ("name", "attribute", "bound") else "" for part in arguments]
    return len(names) == 2 and bool(_A_MEAN.fullmatch(names[0]) and _A_WIDTH.fullmatch(names[1]))


def _of_parameters(walk: Walk, phrase: Phrase) -> ObjectiveError:
    what = "It is given a mean and a width, not two distributions:"
    return walk.error(what, "paste the body of the function, or the closed form it stands for", phrase)


def _call_of_optimiser(walk: Walk, phrase: Phrase) -> Value:
    """optimizer.minimize(-elbo): what is handed over is the loss."""
    walk.maximised = False
    return walk.value(phrase.parts[1])


_LOSS_OBJECT = re.compile(r"(?i)(?:\w*_)?(?:kl|kld|kl_?div(?:ergence)?)_?(?:loss|crit(?:erion)?)(?:_?(?:fn|func|fct))?")


def _torch_loss(walk: Walk, phrase: Phrase) -> Phrase | None:
    """kl_loss_fn(log_softmax(a), softmax(b)), built elsewhere: the one loss of torch with such arguments; else None."""
    function = phrase.parts[0]
    given = [*phrase.positional(), *(phrase.options().get(name) for name in ("input", "target"))]
    given = [argument for argument in given if argument is not None]
    if function.kind not in ("name", "attribute") or not _LOSS_OBJECT.fullmatch(str(function.value)) or len(given) != 2:
        return None
    spaces = []
    for argument in given:
        while argument.kind == "bound":
            argument = argument.parts[0]
        found = called(argument)
        spaces.append(found[0] if found else "")
    if spaces != ["log_softmax", "softmax"]:
        return None
    walk.note(f"{function.value} is read as torch's KLDivLoss: the first it is given is in logs, the second is not")
    built = Phrase("call", function.at, (Phrase("name", function.at, value="KLDivLoss"),))
    return replace(phrase, parts=(built, *phrase.parts[1:]))


_APPLIED = words("sigma sigmoid f g log ln exp softmax min max E tr Tr diag clip clamp var Var JS JSD MI I W")


def _is_product(walk: Walk, phrase: Phrase) -> bool:
    """Whether q (log q − log p) is written: on paper a name before brackets with a logarithm in them is a factor."""
    function = phrase.parts[0]
    if walk.program.syntax is Syntax.PYTHON or function.kind != "name" or len(phrase.parts) != 2 or phrase.keywords:
        return False
    head = str(function.value).partition("_")[0]
    if function.value in SCALARS and _is_coefficient(phrase.parts[1]):
        return True
    known = (*DIVERGENCES, *CROSS, *EVIDENCE_BOUNDS, *NAMED, *SUMS, *MEANS, *KEPT, *CLAMPS, *BINARY, *_APPLIED)
    if {head, str(function.value)} & set(known) or len(head) > 2 and head not in GREEK_LETTERS.values():
        return False
    return any(part.kind == "call" and part.parts[0].is_name("log", "ln", "log2") for part in phrase.parts[1].walk())


def _is_coefficient(phrase: Phrase) -> bool:
    """1 − β and the like: numbers and named numbers alone."""
    if phrase.kind in ("add", "sub", "mul", "div", "neg"):
        return all(map(_is_coefficient, phrase.parts))
    return phrase.kind == "number" or phrase.is_name() and str(phrase.value) in SCALARS


def _is_value(argument: Phrase) -> bool:
    if argument.kind == "call":
        argument = argument.parts[0]
    return argument.kind in ("name", "attribute") and bool(
        re.match(r"(?i)(?:\w+\.)?(?:q|v|qf|critic|actor_q|target_q)\w*", str(argument.value))
    )


def _is_method_of_value(function: Phrase) -> bool:
    return function.value in (*SUMS, *MEANS, *KEPT, *CLAMPS, "exp", "log", "square", "pow", "abs", "neg")


def _method_of_value(walk: Walk, phrase: Phrase) -> Value:
    """kl.mean(), log_ratio.exp(): a method of something that the text gives a value."""
    function = phrase.parts[0]
    arguments = (function.parts[0], *phrase.parts[1:])
    plain = Phrase(
        "call", phrase.at, (Phrase("name", function.at, value=function.value), *arguments), None, (), phrase.keywords
    )
    return call(walk, plain)


def _operation(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    """Operations written as functions: torch.sub(a, b), x.add(y), np.dot(p, f)."""
    operation = BINARY.get(name.rstrip("_"))
    if operation is None or len(arguments) != 2 or phrase.keywords or name in ("D",):
        return None
    if operation == "matmul":
        left, right = (walk.value(argument) for argument in arguments)
        return over_outcomes(walk, walk.times(left, right, phrase), phrase)
    return walk.value(Phrase(operation, phrase.at, tuple(arguments)))


def _transparent(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    """Sums, means, and what changes nothing: x.detach(), clamp(x), where(p > 0, x, 0)."""
    if not arguments or phrase.separators and phrase.separators[0] in ("||", "|"):
        return None
    if name in ("gather", "take_along_axis", "take_along_dim", "index_select") and len(arguments) >= 2:
        return _at_labels(walk, arguments, phrase)
    if name in MEANS and len(arguments) + len(phrase.keywords) > 1 and (found := _over_classes(walk, arguments)):
        return found
    if name in (*SUMS, *MEANS, "item", "batchmean"):
        walk.summed = True
        return _summed(walk, arguments[0], phrase)
    if name in SIZES:
        return Value(point=Pointwise.scalar(Coefficient.name("n")))
    if name in FIXING:
        return _held(walk.value(arguments[0]))
    if name in KEPT:
        return walk.value(arguments[0])
    if (found := _clamped(walk, phrase, name, arguments)) is not None:
        return found
    if name == "einsum" and len(arguments) == 3 and sums_products(arguments[0]):
        product = walk.times(walk.value(arguments[1]), walk.value(arguments[2]), phrase)
        return over_outcomes(walk, product, phrase)
    if name == "sqrt" and len(arguments) == 1 and (inner := walk.value(arguments[0])).form:
        walk.note("a root is left out: it is least where what stands under it is")
        return inner
    if name in ("nan_to_num", "masked_fill"):
        return walk.value(arguments[0])
    if name in ("where", "ifelse", "select") and len(arguments) >= 2:
        return walk.value(arguments[2 if arguments[1].is_number(0) and len(arguments) > 2 else 1])
    if name in ("masked_mean", "masked_sum", "masked_token_mean", "agg_loss", "masked_whiten"):
        walk.summed = True
        return _summed(walk, arguments[0], phrase)
    return None


def _clamped(walk: Walk, phrase: Phrase, name: str, arguments: list[Phrase]) -> Value | None:
    """clamp(x), max(x, 0), relu(x): what is kept within bounds; None for anything else."""
    if (found := _positive_part(walk, phrase, name, arguments)) is not None:
        return found
    if name in ("max", "min") and len(arguments) == 2 and any(part.kind == "number" for part in arguments):
        walk.note("a clamp is left out: the answer holds where it does nothing")
        return walk.value(next(part for part in arguments if part.kind != "number" or part is arguments[-1]))
    if name == "max" and len(arguments) == 2 and not aside_call(walk, phrase, name, arguments):
        return _at_least(walk, arguments)
    if name in CLAMPS and not aside_call(walk, phrase, name, arguments):
        walk.note("a clamp is left out: the answer holds where it does nothing")
        return walk.value(arguments[0])
    return None


_AT_LEAST = words("max maximum clamp clip clamp_min clamp_ clamp_min_ clip_by_value relu ReLU")


def _positive_part(walk: Walk, phrase: Phrase, name: str, arguments: list[Phrase]) -> Value | None:
    """max(0, log q − log p) at a sample, which is no divergence; relu of anything else as its least value, 0."""
    if name not in _AT_LEAST or aside_call(walk, phrase, name, arguments):
        return None
    if name == "max" and phrase.parts[0].kind != "name":
        return None  # x.max(0) and torch.max(x, 0) are over a dimension
    bounded = name.lower() == "relu" or any(part.is_number(0) for part in arguments)
    inside = next((part for part in arguments if part.kind != "number"), None)
    if not bounded or inside is None:
        return None
    value = walk.value(inside)
    logs = [m[0][0] for m in value.point.terms if m]
    linear = logs and all(len(m) == 1 and m[0][1] == 1 and m[0][0].is_log for m in value.point.terms if m)
    if not value.form and linear and len(logs) > 1:
        return walk.aside(walk.program.source.piece(phrase.at), POSITIVE_PART)
    if name.lower() != "relu" or not value.form.terms:
        return None
    walk.note("a least value of 0 is left out: the answer holds where what stands in relu is above it")
    return value


def _at_labels(walk: Walk, arguments: list[Phrase], phrase: Phrase) -> Value | None:
    """log_probs.gather(1, labels): the log of the model at each label. None where it is not a table of logs."""
    table = walk.value(arguments[0])
    logs = [atom for atom in table.point.atoms() if atom.is_log]
    if table.form or len(table.point.terms) != 1 or len(logs) != 1:
        return None
    walk.tables.add(logs[0].name)
    labels = next((name for part in arguments[:0:-1] if (name := _label(walk, part))), "labels")
    walk.densities |= {labels, logs[0].name}
    ((_, coefficient),) = table.point.terms.items()
    if is_policy(logs[0].name) and logs[0].name not in walk.smoothed:  # the labels are the tokens that are sampled
        return table
    walk.fixed.append(labels)
    return Value(Form.expectation(labels, logs[0].name).scaled(coefficient))


def _label(walk: Walk, phrase: Phrase) -> str:
    if phrase.kind in ("number", "neg", "text", "tuple"):
        return ""
    return name_of(walk.text, phrase)


def _over_classes(walk: Walk, arguments: list[Phrase]) -> Value | None:
    """log_probs.mean(dim=-1) of a table of logs over the classes: the mean under the uniform distribution."""
    value = walk.value(arguments[0])
    logs = [atom.name for atom in value.point.atoms() if atom.is_log]
    if value.form or len(value.point.terms) != 1 or len(logs) != 1 or logs[0] not in walk.tables:
        return None
    ((_, coefficient),) = value.point.terms.items()
    walk.fixed.append("uniform")
    walk.smoothed.add(logs[0])
    walk.densities |= {"uniform", logs[0]}
    return Value(Form.expectation("uniform", logs[0]).scaled(coefficient))


def _held(value: Value) -> Value:
    """A value through which no gradient goes."""
    terms = {
        term._replace(
            under=held_name(term.under), inside=held_name(term.inside) if term.is_density else term.inside
        ): coefficient
        for term, coefficient in value.form.terms.items()
    }
    return Value(replace(value.form, terms=terms), value.point.stopped())


def _at_least(walk: Walk, arguments: list[Phrase]) -> Value | None:
    """max(KL(q||p), free_bits); None where neither is a divergence, or both are."""
    found = [value for argument in arguments if (value := walk.value(argument)).form.terms]
    if len(found) != 1:
        return None
    walk.note("a least value is left out: the answer holds where the divergence is above it")
    return found[0]


def _summed(walk: Walk, inner: Phrase, phrase: Phrase) -> Value:
    """A sum over outcomes of p · (…), also as a generator; or the sum of what a library gives for each outcome."""
    if inner.kind == "generator":
        return _generated(walk, inner, phrase)
    if inner.kind == "tuple" and len(inner.parts) == 1:
        inner = inner.parts[0]
    entry = find_call(inner)
    if entry and inner.kind == "call" and len(inner.parts) > 1:
        return _library(walk, entry, inner, summed=True)
    if inner.kind == "bound" and inner.parts[0].kind == "call" and (entry := find_call(inner.parts[0])):
        return _library(walk, entry, inner.parts[0], summed=True)
    value = walk.value(inner)
    found = over_outcomes(walk, value, phrase)
    averaged = called(phrase)
    if averaged and averaged[0] in MEANS and not value.form and found.form.terms:
        walk.note("a mean over the entries stands around it: the value is divided by their number, which moves nothing")
    if averaged and averaged[0] in SUMS and found.point.logs() and not found.form:
        return replace(found, examples=True)
    return found


def _generated(walk: Walk, generator: Phrase, phrase: Phrase) -> Value:
    """sum(a * log(a / b) for a, b in zip(p, q))."""
    element, source, *targets = generator.parts
    if len(targets) == 1 and element.is_name() and targets[0].is_name(str(element.value)) and not source.is_name():
        return over_outcomes(walk, walk.value(source), phrase)  # the sum of v for v in p * log(p/q)
    renames = dict(walk.renames)
    found = called(source)
    lists = found[2] if found and found[0] == "zip" else [source] if source.kind in ("name", "attribute") else []
    if len(lists) == len(targets):
        pairs = zip(targets, lists, strict=True)
        walk.renames |= {str(t.value): name_of(walk.text, s) for t, s in pairs if t.is_name() and name_of(walk.text, s)}
    value = over_outcomes(walk, walk.value(element), phrase)
    walk.renames = renames
    return value


def _of_samples(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    """Logs, exponentials and densities of what stands at one sample."""
    if not arguments or "||" in phrase.separators:
        return None
    if (found := aside_call(walk, phrase, name, arguments)) is not None:
        return found
    if (found := _logarithm(walk, phrase, name, arguments)) is not None:
        return found
    if name in ("xlogy", "xlogx") and len(arguments) == 1 + (name == "xlogy"):
        return walk.times(walk.value(arguments[0]), _log(walk, arguments[-1], phrase, "log"), phrase)
    if name == "exp" and len(arguments) == 1:
        return _exp(walk, arguments[0], phrase)
    if name == "square" or name in ("pow", "power") and len(arguments) == 2:
        exponent = arguments[1] if name != "square" else Phrase("number", phrase.at, value=Fraction(2))
        return walk.power(Phrase("pow", phrase.at, (arguments[0], exponent)))
    if name in ("expm1",) and len(arguments) == 1:
        return _exp(walk, arguments[0], phrase) + Value(point=Pointwise.number(-1))
    if name in ("abs", "absolute", "fabs") and len(arguments) == 1:
        return walk.absolute(Phrase("bars", phrase.at, (arguments[0],), "|"))
    if name in ("logpdf", "logpmf") and phrase.parts[0].kind == "name" and len(arguments) == 2:
        density = walk.density(arguments[0])  # Julia's logpdf(q, z)
        return Value(point=walk.log(density, phrase))
    if name in ("pdf", "pmf") and phrase.parts[0].kind == "name" and len(arguments) == 2:
        return Value(point=walk.density(arguments[0]))  # Julia's pdf(q, z)
    if name in ("min", "minimum", "max", "maximum") and len(arguments) == 2 and all(map(_is_value, arguments)):
        return Value(point=Pointwise.atom(compact(walk.text, phrase)))  # the smaller of two values of an action
    if name in ("negative", "neg"):
        return -walk.value(arguments[0])
    if (
        name in ("log_prob", "log_prob_sum", "logpdf", "log_pdf", "logp", "logprob", "log_likelihood", "logpmf")
        and phrase.parts[0].kind == "attribute"
    ):
        return _log_density(walk, phrase, arguments)
    if name in ("logsigmoid", "log_sigmoid") and arguments[0].kind == "neg":  # log(1 − q), q of the logit x
        return Value(point=Pointwise.atom(f"1−{written_as(walk.text, arguments[0].parts[0]).density}", is_log=True))
    if name in ("log_softmax", "logsoftmax", "softmax", "sigmoid", "logsigmoid", "log_sigmoid"):
        return _normalised(walk, arguments[0], name)
    return None


def _logarithm(walk: Walk, phrase: Phrase, name: str, arguments: list[Phrase]) -> Value | None:
    """log and its relatives, also of a volume and of a sum over samples."""
    if name in ("log", "ln", "logdet") and len(arguments) == 1 and (name == "logdet" or _is_volume(arguments[0])):
        return Value(point=Pointwise.atom(VOLUME))
    if name == "logsumexp":
        return _log_of_weights(walk, arguments[0], phrase)
    if name in ("log", "ln", "log2", "log10", "log1p") and len(arguments) <= 2:
        return _log(walk, arguments[0], phrase, name)
    return None


def _log(walk: Walk, argument: Phrase, phrase: Phrase, name: str) -> Value:
    if name in ("log2", "log10"):
        walk.note(
            f"{name}: the value is in {'bits' if name == 'log2' else 'decimal digits'}, a factor that moves nothing"
        )
    written = argument
    while written.kind == "bound":
        written = written.parts[0]
    if written.kind == "attribute" and written.value in ("probs", "prob"):
        return Value(point=Pointwise.atom(name_of(walk.text, written), is_log=True))
    if _sums(argument):
        return _log_of_samples(walk, argument, phrase)
    if written.kind == "div" and any(_is_shifted(part) or _is_complement(part) for part in written.parts):
        above, below = (_log(walk, part, phrase, "log") for part in written.parts)
        return above + -below
    inner = walk.value(argument)
    if inner.form:
        raise walk.error("A log of an objective:", "write the objective itself", phrase)
    point = inner.point + Pointwise.number(1) if name == "log1p" else inner.point
    return Value(point=walk.log(point, phrase))


def _is_shifted(phrase: Phrase) -> bool:
    """Whether a small number is added to it."""
    while phrase.kind == "bound":
        phrase = phrase.parts[0]
    return phrase.kind == "add" and keeps(phrase, str(phrase.parts[0].value))


def _is_complement(phrase: Phrase) -> bool:
    """1 − q, the probability of the other one of two outcomes."""
    while phrase.kind == "bound":
        phrase = phrase.parts[0]
    return phrase.kind == "sub" and phrase.parts[0].is_number(1)


def _is_volume(argument: Phrase) -> bool:
    """|det J|, det(J), |dz/dx|: what a change of variables multiplies a density by."""
    names = {str(part.value).partition("_")[0] for part in argument.walk() if part.kind == "name"}
    return bool(names & {"det", "J", "Jacobian", "partial"}) and argument.kind in (
        "bars",
        "call",
        "div",
        "mul",
        "bound",
    )


_WEIGHT = re.compile(r"(?i)w|weights?|iw\w*|importance\w*|ws|w_\w+")


def _log_of_weights(walk: Walk, argument: Phrase, phrase: Phrase) -> Value | None:
    """logsumexp of log p − log q over the samples: the importance-weighted bound."""
    try:
        point = walk.value(argument).point
    except ObjectiveError:
        return None
    signs = {coefficient.plain() for coefficient in point.terms.values()}
    if point.logs() and all(_WEIGHT.fullmatch(name) for name in point.logs()):
        return walk.aside(compact(walk.text, phrase), NAMED["IWAE"])  # logsumexp(log_w)
    if (
        point.logs()
        and signs == {1}
        and len(point.terms) > 1
        and all(len(m) == 1 and m[0][1] == 1 for m in point.terms)
    ):
        walk.note("the log of a sum of weighted densities is that of one model, a mixture")
        return Value(point=Pointwise.atom("mixture_model", is_log=True))
    is_ratio = len(point.logs()) > 1 and signs == {1, -1} and all(len(m) == 1 for m in point.terms)
    return walk.aside(compact(walk.text, phrase), NAMED["IWAE"]) if is_ratio else None


def _sums(argument: Phrase) -> bool:
    """Whether a sum or a mean over samples stands in it as a factor; the sum that a density is divided by is none."""
    while argument.kind == "bound":
        if keeps(argument.parts[0], str(argument.value)):
            return False
        argument = argument.parts[0]
    if argument.kind in ("mul", "div"):
        return any(map(_sums, argument.parts))
    found = called(argument)
    return argument.kind == "sum" or bool(found and found[0] in (*SUMS, *MEANS) and found[2])


def _log_of_samples(walk: Walk, argument: Phrase, phrase: Phrase) -> Value:
    """log (1/K) Σ p/q, which is not a sum of logs: the importance-weighted bound; of anything else it is refused."""
    try:
        ratios = walk.value(argument).point
    except ObjectiveError:
        ratios = Pointwise()
    signs = [power for monomial in ratios.terms for atom, power in monomial if not atom.is_log]
    if len(ratios.terms) == 1 and 1 in signs and -1 in signs:
        return walk.aside(compact(walk.text, phrase), NAMED["IWAE"])
    advice = "it is not a sum of logs: write what it is a bound of, or its parts"
    raise walk.error("A log of a sum over samples:", advice, phrase)


def _exp(walk: Walk, argument: Phrase, phrase: Phrase) -> Value:
    """exp(log q) is q; exp of anything else is a density that need not be normalised."""
    inner = walk.value(argument)
    if inner.form:
        raise walk.error("An exponential of an objective:", "write the objective itself", phrase)
    scalar = inner.point.scalar_part()
    names = list(scalar.names()) if scalar is not None else []
    if len(names) == 1 and re.match(r"log_?[a-z]", names[0]):  # log_alpha.exp() is the temperature
        return Value(point=Pointwise.scalar(Coefficient.name(re.sub(r"^log_?", "", names[0]))))
    try:
        point = inner.point.exp()
        walk.densities |= {atom.name for atom in point.atoms()}
        return Value(point=point)
    except Unlike:
        values = {atom.name for atom in inner.point.atoms() if not atom.is_log}
        if moved := sorted(values & {*walk.densities, "p", "q"} - set(walk.exponents)):
            what = f"An exponential of the value of {moved[0]}:"
            raise walk.error(what, "if it holds logs, say so in its name, as in log_q", phrase) from None
        name = f"exp({compact(walk.text, argument)})"
        walk.exponents[name] = inner.point
        return Value(point=Pointwise.atom(name))


def _log_density(walk: Walk, phrase: Phrase, arguments: list[Phrase]) -> Value:
    """q.log_prob(z): of q, or of q(z) where the text writes it so."""
    base = phrase.parts[0].parts[0]
    name = name_of(walk.text, base)
    if not name:
        raise walk.error("Not the name of a distribution:", "write a plain one, such as q.log_prob(x)", base)
    walk.densities.add(name)
    return Value(point=Pointwise.atom(name, is_log=True))


def _normalised(walk: Walk, argument: Phrase, name: str) -> Value:
    """softmax(z / T) as the distribution that z gives, log_softmax as its log."""
    density = written_as(walk.text, argument).density
    walk.densities.add(density)
    walk.normalised.add(density)
    return Value(point=Pointwise.atom(density, is_log=name.startswith("log")))


def _named(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    """KL(q||p), H(p, q), CE(p, q), H(q), ELBO(q), and other divergences by name."""
    head = name.removesuffix("_bar").removesuffix("_hat")
    bars = any(sign in ("||", ":") for sign in phrase.separators)
    alone = len(arguments) == 1 and not phrase.keywords
    owner = phrase.parts[0].parts[0] if phrase.parts[0].kind == "attribute" and len(phrase.parts) == 1 else None
    if owner is not None and name == "entropy":
        return _entropy(walk, owner)
    if alone and (name == "entropy" or name in _ENTROPIES and not path):
        return _entropy(walk, arguments[0])
    if name in NAMED and len(name) > 3 and path and find_call(phrase) is None and len(arguments) > 1:
        return walk.aside(compact(walk.text, phrase), NAMED[name])
    if path and not bars:
        return None
    entry = find_call(phrase)
    library = (
        entry
        and not bars
        and (name not in CROSS or phrase.keywords or name == "entropy")
        and (name not in DIVERGENCES or name in ("kl_divergence",) and entry)
    )
    if library or phrase.parts[0].kind == "attribute":
        return None
    if name in NAMED or head in NAMED:
        return walk.aside(compact(walk.text, phrase), NAMED.get(name) or NAMED[head])
    if name in EVIDENCE_BOUNDS and arguments and not bars:
        named = [name_of(walk.text, argument) for argument in arguments]
        likely = [n for n in named if re.match(r"(?i)q(?![a-z])|guide|variational|post|encoder", n)]
        return Value(
            walk.evidence_bound(likely[0] if likely else named[0] if len(named) < 3 and named[0] else "q", name)
        )
    if name in DIVERGENCES or head in DIVERGENCES or is_divergence_name(name) and bars:
        return _divergence(walk, phrase, name, arguments)
    if name in CROSS:
        return _cross_entropy(walk, phrase, arguments)
    return None


_LOSS = re.compile(
    r"(?i)(?:smooth_)?(?:mse|l1|mae|bce|nll|huber|recon\w*|reconstruction\w*|mean_squared_error|mean_absolute_error)_?(?:loss)?"
)


_ABSOLUTES = re.compile(r"(?i)l1_?loss|mae|mean_absolute_error|L1Loss|MeanAbsoluteError")


def is_divergence_name(name: str) -> bool:
    """Whether a part of a name says KL: kl_term, d_kl."""
    parts = name.replace("-", "_").split("_")
    return any(part.lower() in ("kl", "dkl", "kld") for part in parts)


def _two(walk: Walk, phrase: Phrase, arguments: list[Phrase]) -> None:
    if len(arguments) != 2 or phrase.keywords:
        raise walk.error("It takes two distributions:", "write KL(q||p) or CE(p, q)", phrase)
    single = phrase.separators == ("|",)
    if single and is_divergence_name(str(phrase.parts[0].value)):
        walk.note(f"the single bar in {compact(walk.text, phrase.parts[0])} is read as the double one")
    elif single and phrase.parts[0].value not in _ENTROPIES:
        raise walk.error("Two readings:", "write || or a comma between the two distributions", phrase)


def _divergence(walk: Walk, phrase: Phrase, name: str, arguments: list[Phrase]) -> Value:
    _two(walk, phrase, arguments)
    first, second = (without_normaliser(walk.density(argument)) for argument in arguments)
    walk.met = True
    if _is_total_correlation(first, second):
        return walk.aside(compact(walk.text, phrase), TOTAL_CORRELATION)
    if not any(sign in ("||", "|", ":") for sign in phrase.separators):
        a, b = (compact(walk.text, argument) for argument in arguments)
        walk.note(f"{name}({a}, {b}) is read as D({a}‖{b}): the first under the expectation")
    ratio = walk.log(first, phrase) + -walk.log(second, phrase)
    return Value(_under(walk, first, ratio, phrase))


def _is_total_correlation(first: Pointwise, second: Pointwise) -> bool:
    """Whether the second is the product of the marginals of the first: q(z) and ∏ q(z_j)."""
    names = [[atom.name for atom in point.atoms()] for point in (first, second)]
    if [len(found) for found in names] != [1, 1]:
        return False
    joint, product = names[0][0], names[1][0]
    return product.startswith("∏") and product.removeprefix("∏").partition("(")[0] == joint.partition("(")[0]


def _under(walk: Walk, first: Pointwise, integrand: Pointwise, phrase: Phrase) -> Form:
    """The expectation under a density, also under a mixture of some."""
    name = walk.mixture(first) if len(first.terms) > 1 else ""
    weight = Pointwise.atom(name) if name else first
    if name:
        walk.densities.add(name)
    return integrated(walk, weight * integrand, phrase, name)


def _cross_entropy(walk: Walk, phrase: Phrase, arguments: list[Phrase]) -> Value:
    _two(walk, phrase, arguments)
    if ";" in phrase.separators:
        raise walk.error("Two readings:", "write || or a comma between the two distributions", phrase)
    if "|" in phrase.separators:
        what = f"{compact(walk.text, phrase)} is a conditional entropy of random variables:"
        advice = (
            "this page judges distributions; write H[p(x|z)] for that of one, or D(joint‖product) for an information"
        )
        raise walk.error(what, advice, phrase)
    if _predicts_first(walk, phrase, arguments):
        arguments = arguments[::-1]
    first, second = (walk.density(argument) for argument in arguments)
    walk.met = True
    return Value(_under(walk, first, -walk.log(second, phrase), phrase))


_LABELS = words("y y_true labels label targets target onehot y_onehot yoh Y truth")


def _predicts_first(walk: Walk, phrase: Phrase, arguments: list[Phrase]) -> bool:
    """Whether a loss of some package takes the prediction first, crossentropy(model(x), y), and the labels second."""
    name = str(phrase.parts[0].value) if phrase.parts[0].kind == "name" else ""
    bars = any(sign in ("||", ":") for sign in phrase.separators)
    prediction, labels = (name_of(walk.text, argument) for argument in arguments)
    said = guess_model((prediction, labels)) == (prediction, True)
    if len(name) < 4 or bars or labels not in _LABELS or not said:
        return False
    walk.note(f"{name}: {prediction} is the prediction by its name, so that the expectation is under {labels}")
    return True


def _entropy(walk: Walk, argument: Phrase) -> Value:
    if argument.kind == "call" and "|" in argument.separators and argument.parts[0].kind != "name":
        argument = argument.parts[0]
    density = walk.density(argument)
    walk.met = True
    return Value(_under(walk, density, -walk.log(density, argument), argument))


_BOUNDS_OF_PYRO = re.compile(r"\w*Trace\w*_ELBO")


def _of_pyro(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    """Trace_ELBO().loss(model, guide), SVI(model, guide, optimiser, loss=Trace_ELBO()): the negative evidence bound."""
    parts = [part for part in phrase.walk() if part.kind in ("name", "attribute", "bound")]
    if not any(_BOUNDS_OF_PYRO.fullmatch(str(part.value)) for part in parts):
        return None
    guide = next((str(part.value) for part in parts if "guide" in str(part.value)), "guide")
    walk.densities.add(guide)
    return Value(walk.evidence_bound(guide, "negative_elbo"))


def _of_library(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    entry = find_call(phrase)
    if entry is None or any(sign == "||" for sign in phrase.separators):
        return None
    given = phrase.positional()
    if entry.kind == "cross entropy" and any(_counts_pairs(a) or _pairs(walk, a) for a in given):
        return walk.aside(compact(walk.text, phrase), INFO_NCE)
    if entry.kind == "cross entropy" and _is_held_both_ways(walk.text):
        return walk.aside(compact(walk.text, phrase), INFO_NCE)
    if entry.kind == "cross entropy" and len(given) == 2 and any(map(_are_all_one_label, given)):
        binary = any(word in entry.title.lower() for word in ("binary", "bce", "sigmoid"))
        if binary and (_judged(given[0]) or _judged(given[1])):
            return walk.aside(compact(walk.text, phrase), DISCRIMINATED)
        if not binary and _HELD_AGAINST_OTHERS.search(walk.text):
            return walk.aside(compact(walk.text, phrase), INFO_NCE)
    if _is_method(phrase) and len(phrase.positional()) == 1 and not phrase.keywords and name in _METHODS:
        return None
    return _library(walk, entry, phrase, summed=False)


def _pairs(walk: Walk, argument: Phrase) -> bool:
    """Whether it is a table of similarities of pairs by its name, as in CLIP's loss."""
    return bool(re.search(r"logits?_per_|image_logits|text_logits|sim_matrix", name_of(walk.text, argument)))


_TABLES = re.compile(r"cross_?entropy\(\s*(?:input\s*=\s*)?([\w.]+?)(\.T\b|\.t\(\)|\.transpose\([^)]*\))?\s*,", re.I)


def _is_held_both_ways(text: str) -> bool:
    """Whether a table and its transpose are held against labels: rows and columns pick a partner, as in CLIP's loss."""
    found = _TABLES.findall(text)
    turned = {table for table, transposed in found if transposed}
    return bool(turned & {table for table, transposed in found if not transposed})


_HELD_AGAINST_OTHERS = re.compile(
    r"(?i)(?<![a-z])(?:l_?pos|l_?neg|pos|neg|negatives?|queue|positives?|contrast\w*)(?![a-z])"
)


def _are_all_one_label(argument: Phrase) -> bool:
    """Whether every label is the same: the positive pair in front, as in MoCo's loss, or all real or all fake."""
    found = None
    while argument.kind == "bound" or (found := called(argument)) and found[0] in KEPT and found[2]:
        argument = argument.parts[0] if argument.kind == "bound" else found[2][0]
    return bool(found and found[0] in ("zeros", "zeros_like", "new_zeros", "ones", "ones_like", "new_ones", "full"))


_JUDGE = re.compile(r"(?i)d(?:_?net|_real|_fake|_out\w*)?|net_?d|disc\w*|critic|\w*(?:real|fake)\w*|\w*_disc\w*")


def _judged(argument: Phrase) -> bool:
    """Whether it is the output of a discriminator by its names."""
    names = (str(part.value) for part in argument.walk() if part.kind in ("name", "bound", "attribute"))
    return any(_JUDGE.fullmatch(name) for name in names)


def _counts_pairs(argument: Phrase) -> bool:
    """Whether the labels are the numbers of the pairs themselves, arange(n): each is to pick its own partner."""
    while argument.kind == "bound" or (found := called(argument)) and found[0] in KEPT and found[2]:
        argument = argument.parts[0] if argument.kind == "bound" else found[2][0]
    return bool(found and found[0] in ("arange", "eye", "range"))


def _is_method(phrase: Phrase) -> bool:
    function = phrase.parts[0]
    path = path_of(function)
    return function.kind == "attribute" and not (path and path[0] in MODULES)


def _library(walk: Walk, entry, phrase: Phrase, summed: bool) -> Value:
    if _are_parameters(list(phrase.positional())):
        raise _of_parameters(walk, phrase)
    phrase = replace(phrase, parts=tuple(_kept_whole(walk, part) for part in phrase.parts))
    found = read_call(walk.text, entry, phrase, walk.answers, summed)
    walk.notes += [note for note in found.notes if note not in walk.notes]
    walk.questions += found.questions
    walk.faults += found.faults
    walk.calls.append(entry)
    walk.fixed += found.fixed
    walk.met = True
    if entry.kind == "cross entropy" and entry.model_space == LOG:
        walk.tables.add(own_name(found.model))
    _name_mixtures(walk, entry, phrase, found)
    walk.densities |= {own_name(found.data), own_name(found.model)}
    if found.model and found.model not in walk.fixed:
        walk.fitted += found.hints
    total = Form(
        mixtures={n: tuple(a.name for a in walk.mixtures[n].atoms()) for n in (found.model,) if n in walk.mixtures}
    )
    for weight, data in found.targets:
        total += (-under_mixture(walk, data, found.model, True)).scaled(weight)
        if entry.kind != "cross entropy":
            total += under_mixture(walk, data, data, True).scaled(weight)
    return Value(total)


def _kept_whole(walk: Walk, argument: Phrase) -> Phrase:
    """An argument that is written out as a mean, 0.5*(p + q), as one with a name."""
    inner = argument
    while inner.kind in ("mul", "div") and any(part.kind == "number" for part in inner.parts):
        inner = next(part for part in inner.parts if part.kind != "number" or part is inner.parts[-1])
    both = inner.kind == "add" and all(part.kind in ("name", "attribute", "call", "mul") for part in inner.parts)
    if not both or any(part.is_name("eps", "epsilon", "EPS") for part in inner.parts):
        return argument
    return Phrase("bound", argument.at, (argument,), compact(walk.text, argument))


def _name_mixtures(walk: Walk, entry, phrase: Phrase, found) -> None:
    """m of entropy(p, m), where the text says that m = (p + q)/2."""
    for argument in map(_unlogged, phrase.parts[1:]):
        if keeps(argument, str(argument.value)):
            continue
        if argument.kind == "bound" and argument.parts[0].kind in ("add", "mul", "div"):
            point = walk.density(argument)
            name = walk.mixture(point) if len(point.terms) > 1 else ""
            if name:
                short = name_of(walk.text, argument)
                found.data = name if found.data == short else found.data
                found.model = name if found.model == short else found.model
                found.targets = [(share, name if data == short else data) for share, data in found.targets]


def _unlogged(argument: Phrase) -> Phrase:
    """m of m.log() and of torch.log(m)."""
    while argument.kind == "bound" and argument.parts[0].kind in ("call", "bound"):
        argument = argument.parts[0]
    found = called(argument)
    if found and found[0] in ("log", "ln", *KEPT, *FIXING, *CLAMPS) and found[2]:
        return _unlogged(found[2][0])
    return argument


def _of_method(walk: Walk, phrase: Phrase, name: str, path: list[str], arguments: list[Phrase]) -> Value | None:
    """q.kl_divergence(p), q.cross_entropy(p), q.entropy()."""
    if not _is_method(phrase) or not arguments:
        return None
    if name in _METHODS and len(arguments) == 2:
        first, second = (walk.density(argument) for argument in arguments)
        walk.met = True
        a, b = (compact(walk.text, argument) for argument in arguments)
        walk.note(f"{a}.{name}({b}) is read as D({a}‖{b}): the expectation is under the owner of the method")
        return Value(_under(walk, first, walk.log(first, phrase) + -walk.log(second, phrase), phrase))
    if name == "cross_entropy" and len(arguments) == 2:
        first, second = (walk.density(argument) for argument in arguments)
        return Value(_under(walk, first, -walk.log(second, phrase), phrase))
    if name == "entropy":
        return _entropy(walk, arguments[0])
    return None


def _unknown(walk: Walk, phrase: Phrase) -> Value:
    """Another loss by its name stands beside the divergence; anything else is refused."""
    function = phrase.parts[0].parts[0] if phrase.parts[0].kind == "call" else phrase.parts[0]
    name = str(function.value) if function.kind in ("name", "attribute", "bound") else ""
    if SQUARES.fullmatch(name):
        walk.asides[name] = SQUARED
    if _ABSOLUTES.fullmatch(name):
        walk.asides[name] = ABSOLUTE_ERROR
    if SQUARES.fullmatch(name) or _ABSOLUTES.fullmatch(name) or _LOSS.fullmatch(name):
        return Value(Form.other(name))
    advice = "use KL(q||p), H(p, q), CE(p, q), ELBO(q) or a library call of the list"
    if name == "diag" and any(
        part.kind in ("name", "attribute") and str(part.value).startswith(("log", "ln")) for part in phrase.walk()
    ):
        advice = (
            "minus the diagonal of Aᵀ ln A is the ambiguity H[P(o|s)] of each state, and o = A s moves with s; write "
            "the expected free energy as KL(Q(o|pi)||P(o|C)) + E_Q(s|pi)[H[P(o|s)]]"
        )
    elif name in ("diag", "tr", "trace", "Tr"):
        advice = "matrices are not read here: say what is averaged under which, as in E_Q(s|pi)[H[P(o|s)]]"
    raise walk.error("Unknown function", advice, phrase.parts[0])


def _function(walk: Walk, phrase: Phrase, name: str, path: list[str]) -> Value:
    """p(x|z), r(x): a distribution, the log of one, or a function of the sample, by how it is written."""
    function = phrase.parts[0]
    written = name_of(walk.text, phrase)
    if function.kind not in ("name", "bound") or not written:
        return _unknown(walk, phrase)
    if len(phrase.parts) == 2 and name in _GENERATORS and _is_ratio(phrase.parts[1]):
        advice = f"say what it is, as in {name}(u) = u log u on a line of its own"
        raise walk.error("A function that the text does not give:", advice, phrase)
    if is_divergence_name(name) and len(phrase.parts) == 3 and not phrase.keywords:
        first, second = (compact(walk.text, part) for part in phrase.parts[1:])
        advice = f"paste its body, or write KL({first}||{second}) if {first} is under the expectation"
        raise walk.error("A function that the text does not give:", advice, function)
    logged = logged_name(name)
    if logged:  # log_q(z)
        arguments = written.removeprefix(name)
        walk.densities.add(logged + arguments)
        return Value(point=Pointwise.atom(logged + arguments, is_log=True))
    if written in walk.densities or _reads_as_function(phrase, name):
        return Value(point=Pointwise.atom(walk.renames.get(written, written)))
    return _unknown(walk, phrase)


_GENERATORS = words("f g h phi psi")


def _is_ratio(phrase: Phrase) -> bool:
    """p/q, p(x)/q(x): what the function of an f-divergence is of."""
    while phrase.kind == "bound":
        phrase = phrase.parts[0]
    return phrase.kind == "div" and all(part.kind != "number" for part in phrase.parts)


_SAMPLE = re.compile(r"(?:[xyzsaohuvwXYZSAOHUVW]|theta|omega|tau|xi|zeta|phi|obs|state|action)(?:_\w+|\d)?|\d+")
_COMPARES = re.compile(r"(?i).*(?:entrop|div|kl|(?:^|_)ce|xent|mse|bce|nll|mae|l1|l2|huber|recon|js|mmd|wass).*")


def _is_of_sample(phrase: Phrase, name: str) -> bool:
    """cost(z), energy(x), dist(x, y): a function of what is drawn, by its arguments."""
    arguments = phrase.parts[1:]
    drawn = all(part.is_name() and _SAMPLE.fullmatch(str(part.value)) for part in arguments)
    return bool(arguments) and drawn and not phrase.keywords and not _COMPARES.fullmatch(name)


def _reads_as_function(phrase: Phrase, name: str) -> bool:
    if _is_of_sample(phrase, name):
        return True
    head = name.partition("_")[0]
    if "|" in phrase.separators or len(head) <= 2 or head in GREEK_LETTERS.values() or head in _READ_AS_FUNCTION:
        return not phrase.keywords or "|" in phrase.separators or ";" in phrase.separators
    return False


__all__ = ["call"]
