"""From the tree of a typed objective to its canonical form, with what is ambiguous in it and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kl_engine.objectives.aliases import namesakes, renamed
from kl_engine.objectives.arguments import called, density_name
from kl_engine.objectives.canonical_form import Form, cross_entropy, divergence, log_density
from kl_engine.objectives.grammar import Node, parse_objective
from kl_engine.objectives.integrands import NUMBER, Integrand, integrand_of, is_scalar, scalar_of
from kl_engine.objectives.library_calls import LibraryCall
from kl_engine.objectives.library_reading import Question, find_call, read_call
from kl_engine.objectives.outcome_sums import weighted_sum
from kl_engine.objectives.text_limits import MAX_NAMES, ObjectiveError

DIVERGENCES = ("KL", "D_KL", "DKL", "D", "kl", "KLD", "d_kl", "dkl", "relative_entropy", "D_kl", "KL_divergence")
CROSS = ("CE", "H", "cross_entropy", "crossentropy", "xent", "entropy", "Ent")
EVIDENCE_BOUNDS = {"ELBO": 1, "elbo": 1, "F": -1, "VFE": -1, "free_energy": -1, "FreeEnergy": -1, "NELBO": -1}
SUMS = ("sum", "mean", "nansum", "reduce_sum", "reduce_mean", "batchmean", "item")
NO_RATIO = ("JS", "JSD", "TV", "W", "MMD", "renyi", "Renyi", "alpha_divergence", "jensen_shannon", "hellinger")


@dataclass(frozen=True)
class Reading:
    """What a text says: its form, remarks, questions that only its author can answer, and faults of a library call.

    Where there is a fault, `form` is that of the call as it was most likely meant.
    """

    text: str
    form: Form
    notes: tuple[str, ...]
    questions: tuple[Question, ...]
    faults: tuple[str, ...]
    calls: tuple[LibraryCall, ...]


def read_objective(text: str, answers: Mapping[str, str] | None = None) -> Reading:
    """Read a text as an objective; `answers` answers questions by their keys.

    Raises ObjectiveError (a ValueError) with the offending piece, its position and what to do.
    """
    tree = parse_objective(text)
    reader = _Reader(text, dict(answers or {}))
    try:
        form = reader.form(tree)
        same = namesakes(form)
        form = renamed(form, same)
    except OverflowError:
        raise ObjectiveError("The coefficients are too long: use fewer names and shorter numbers.") from None
    if len(form.densities()) + len(form.scalars()) > MAX_NAMES:
        raise ObjectiveError(f"The objective has too many names: use at most {MAX_NAMES}.")
    reader.notes += [f"{bare} is read as {full}, as it is written elsewhere" for bare, full in same.items()]
    _refuse_two_roles(form)
    if not form.terms:
        raise ObjectiveError(
            "Nothing in it depends on a distribution: write an expectation, such as E_q[log q - log p]."
        )
    found = (reader.notes, reader.questions, reader.faults, reader.calls)
    return Reading(text, form, *(tuple(dict.fromkeys(items)) for items in found))


def _refuse_two_roles(form: Form) -> None:
    """A name cannot be a distribution in one place and a number or a function in another."""
    others = {*form.scalars(), *(term.inside for term in form.terms if not term.is_density)}
    for name in form.densities():
        if name in others:
            raise ObjectiveError(
                f"Two readings: {name} is a distribution in one place, in another it has no log: add it."
            )


@dataclass
class _Reader:
    """One walk through a tree."""

    text: str
    answers: dict[str, str]
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    calls: list[LibraryCall] = field(default_factory=list)

    def error(self, what: str, advice: str, node: Node) -> ObjectiveError:
        return ObjectiveError.of(self.text, what, advice, node.at)

    def form(self, node: Node) -> Form:
        """The objective that a node stands for."""
        match node:
            case Node(kind="number"):
                return Form(constants=(str(node.value),))
            case Node(kind="name", value=name):
                return self.plain_name(name)
            case Node(kind="neg", parts=(inner,)):
                return -self.form(inner)
            case Node(kind="add" | "sub", parts=(left, right)):
                second = self.form(right)
                return self.form(left) + (second if node.kind == "add" else -second)
            case Node(kind="mul" | "div"):
                return self.product(node)
            case Node(kind="expectation", parts=(under, body)):
                return self.expectation(under, body)
            case Node(kind="call"):
                return self.call(node, summed=False)
            case Node(kind="log"):
                raise self.error("A log outside an expectation:", "write E_q[...] or E_p[...] around it", node)
        raise self.error("Not part of an objective:", "use KL(q||p), E_q[...], CE(p, q) or a library call", node)

    def plain_name(self, name: str) -> Form:
        if name in EVIDENCE_BOUNDS:
            return self.evidence_bound("q", name)
        self.notes.append(f"{name} stands outside every expectation: it is taken as a constant")
        return Form(constants=(name,))

    def evidence_bound(self, q: str, name: str) -> Form:
        """ELBO = log p(x) − D(q‖p), with p the posterior; F is its negative."""
        self.notes.append(f"{name} is read with p the posterior: ELBO = log evidence − D({q}‖p), F = −ELBO")
        bound = -divergence(q, "p") + Form(constants=("the log evidence",))
        return bound if EVIDENCE_BOUNDS[name] > 0 else -bound

    def product(self, node: Node) -> Form:
        """A coefficient times an objective, or a weighted sum that lacks its sum."""
        left, right = node.parts
        if node.kind == "div" or is_scalar(right):
            scalar, rest = right, left
        else:
            scalar, rest = left, right
        if not is_scalar(scalar):
            raise self.error("A product of two objectives:", "one factor must be a number or a name", node)
        factor = scalar_of(self.text, scalar)
        if node.kind == "div":
            factor = factor.reciprocal()
            if factor is None:
                raise self.error("Cannot divide by", "divide by a number or by one name", right)
        return self.form(rest).scaled(factor)

    def expectation(self, under: Node, body: Node) -> Form:
        """E_under[…]; of a whole divergence it is an average that changes no direction."""
        name = density_name(self.text, under)
        if _holds_divergence(body):
            self.notes.append(f"the average over {name} changes no direction: it is taken at each of its points")
            return self.form(body)
        return self.of_integrand(name, integrand_of(self.text, body))

    def of_integrand(self, under: str, integrand: Integrand) -> Form:
        total = Form()
        for (inside, is_density), coefficient in integrand.items():
            if (inside, is_density) == NUMBER:
                total += Form(constants=(str(coefficient),))
                continue
            if not is_density:
                self.notes.append(
                    f"{inside} stands without a log: it is taken as a function that is given, as a reward"
                )
            total += Form.expectation(under, inside, is_density).scaled(coefficient)
        return total

    def call(self, node: Node, summed: bool) -> Form:
        """KL(…), H(…), ELBO(…), a sum over outcomes, or a function of a library."""
        found = called(node)
        name, path, arguments = found or ("", [], [])
        if name in SUMS and arguments:
            return self.outcomes(arguments[0], node)
        if name == "entropy" and len(arguments) == 1:
            return self.named_divergence("H", arguments, node)
        entry = find_call(node)
        bars = "||" in node.separators
        if entry and not (bars or (not path and name in CROSS and not node.keywords)):
            return self.library(entry, node, summed)
        if path or not found:
            raise self.error(
                "Unknown function", "see the list of library calls below for those it knows", node.parts[0]
            )
        if name in NO_RATIO:
            raise self.error("No expectation of a log ratio:", "see f-GAN and Rényi bound in the catalogue", node)
        if name in EVIDENCE_BOUNDS and len(arguments) in (1, 2) and not bars:
            return self.evidence_bound(density_name(self.text, arguments[0]), name)
        if name in DIVERGENCES or name in CROSS:
            return self.named_divergence(name, arguments, node)
        raise self.error(
            "Unknown function", "use KL(q||p), H(p, q), CE(p, q), ELBO(q) or a library call", node.parts[0]
        )

    def named_divergence(self, name: str, arguments: list[Node], node: Node) -> Form:
        if len(arguments) == 1 and name in ("H", "entropy", "Ent"):
            density = density_name(self.text, arguments[0])
            return -log_density(density, density)
        if len(arguments) != 2 or node.keywords:
            raise self.error("It takes two distributions:", "write KL(q||p) or CE(p, q)", node)
        if "|" in node.separators or ";" in node.separators and name == "H":
            raise self.error("Two readings:", "write || or a comma between the two distributions", node)
        first, second = (density_name(self.text, argument) for argument in arguments)
        if name in DIVERGENCES:
            if "||" not in node.separators:
                self.notes.append(
                    f"{name}({first}, {second}) is read as D({first}‖{second}): the first under the expectation"
                )
            return divergence(first, second)
        return cross_entropy(first, second)

    def library(self, entry: LibraryCall, node: Node, summed: bool) -> Form:
        call = read_call(self.text, entry, node, self.answers, summed)
        self.notes += call.notes
        self.questions += call.questions
        self.faults += call.faults
        self.calls.append(entry)
        if entry.kind == "cross entropy":
            return cross_entropy(call.data, call.model)
        return divergence(call.data, call.model)

    def outcomes(self, inner: Node, node: Node) -> Form:
        """Σ over outcomes of p · (…): an expectation under p; or the sum of what a library gives for each outcome."""
        if inner.kind in ("call", "expectation") and find_call(inner):
            return self.call(inner, summed=True)
        if inner.kind == "neg":
            return -self.outcomes(inner.parts[0], node)
        if inner.kind in ("add", "sub"):
            left, right = (self.outcomes(part, node) for part in inner.parts)
            return left + (right if inner.kind == "add" else -right)
        weight, integrand, factor = weighted_sum(self.text, inner, node)
        return self.of_integrand(weight, integrand).scaled(factor)


def _holds_divergence(node: Node) -> bool:
    """Whether a divergence, an entropy or an expectation stands in it."""
    if node.kind == "expectation":
        return True
    if node.kind == "call":
        found = called(node)
        return bool(found and (found[0] in (*DIVERGENCES, "CE", "H") or find_call(node)))
    return node.kind in ("add", "sub", "neg", "mul", "div") and any(_holds_divergence(part) for part in node.parts)
