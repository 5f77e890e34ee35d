"""One walk through what a text says: each phrase as a sum of expectations and of what stands at one sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from kl_engine.objectives.algebra.canonical_form import Form, Term, divergence
from kl_engine.objectives.algebra.coefficients import Coefficient
from kl_engine.objectives.algebra.pointwise import Atom, Pointwise, Unlike
from kl_engine.objectives.libraries.functions import LibraryCall
from kl_engine.objectives.libraries.reading import Question
from kl_engine.objectives.reading.arguments import FIXING, called, compact, density_name, logged_name, name_of
from kl_engine.objectives.reading.asides import ABSOLUTE, aside_of_slopes, aside_power
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.symbolic.formulas.arithmetic import CLAMPS, KEPT, SUMS, key_of
from kl_engine.symbolic.formulas.parsing.phrases import Phrase
from kl_engine.symbolic.formulas.parsing.statements import Program
from kl_engine.symbolic.formulas.parsing.word_lists import words

EVIDENCE_BOUNDS = {"ELBO": 1, "elbo": 1, "F": -1, "VFE": -1, "free_energy": -1, "FreeEnergy": -1, "NELBO": -1}
EVIDENCE_BOUNDS |= {"neg_elbo": -1, "negative_elbo": -1, "nelbo": -1, "variational_free_energy": -1, "elbo_loss": -1}
SCALARS = words(
    "alpha beta gamma delta epsilon eps eta lambda lam lamda tau kappa zeta xi omega T temp temperature c k n N K B w "
    "kl_coef kl_weight beta_t lmbda coef weight scale lr tau_ M L batch_size hbar lambd epsilon_ rho_ num_samples"
)
_WEIGHTS = re.compile(
    r"(?i).*(?:weight|n_(?:batches|samples|data|train|points|examples|obs|tokens)|coef|coeff|_w|lambda|alpha|beta|temperature|temp|scale|ctl|kl_ctl|size|num|rate)\w*"
)
_ENTROPY = re.compile(
    r"(?:(?P<whose>q|q_\w+|qz|pi|policy|action|dist|guide|variational|posterior)_)?(?:entropy|entropies)(?:_bonus)?"
)
_NEGATED = re.compile(r"(?:\w+\.)?(?:neg(?:ative)?|minus)_(?P<what>log_?(?:lik|prob|p_|p$)\w*|ll|entropy)")
_ACTING = re.compile(r"(?i)advantage|return|reward|policy|actor|action|value_loss|critic|\badv\b|log_?pi")
_GRADIENT = re.compile(r"nabla(?:_\w+)?")
_TEMPERATURES = ("alpha", "temperature", "temp", "tau", "beta", "lambda", "lam", "lagrange", "dual", "eta")
_SMALL = Fraction(1, 100)
CLASSES = words("K C V n k num_classes n_classes n_class nclass vocab_size num_labels vocab")


def without_distribution(phrase: Phrase) -> ObjectiveError:
    """The error for a text in which nothing depends on a distribution, or which uses a loss that it does not give."""
    names = [str(part.value) for part in phrase.walk() if part.kind in ("name", "attribute")]
    for name in names:
        if re.search(r"(?i)loss|(?:^|_)kld?(?:_|$)|divergence|(?:^|_)kl_?div", name):
            return ObjectiveError(
                f"The text does not say what {name} is: paste the line that computes it as well, or write it out, as "
                "in E_q[log q - log p]."
            )
    return ObjectiveError("This contains no distribution: write an expectation, such as E_q[log q - log p].")


def weighs(name: str) -> bool:
    """Whether a name says that it is a coefficient: kl_weight, temperature, loss_scale."""
    parts = (name, *name.split("."))
    return any(_WEIGHTS.fullmatch(part) for part in parts) and not name.startswith(("p", "q"))


@dataclass(frozen=True)
class Value:
    """Expectations, and what stands at one sample. examples: whether it is a sum over examples, not over outcomes."""

    form: Form = field(default_factory=Form)
    point: Pointwise = field(default_factory=Pointwise)
    examples: bool = False

    def __add__(self, other: Value) -> Value:
        return Value(self.form + other.form, self.point + other.point)

    def __neg__(self) -> Value:
        return Value(-self.form, -self.point, self.examples)


class Readers(NamedTuple):
    """How the phrases are read that have modules of their own: calls, expectations, sums over outcomes."""

    call: Callable[[Walk, Phrase], Value]
    expectation: Callable[[Walk, Phrase], Value]
    over_outcomes: Callable[[Walk, Value, Phrase], Value]


@dataclass
class Walk:
    """The text, what was met on the way, and what there is to say about it."""

    program: Program
    objective: Phrase
    answers: dict[str, str]
    readers: Readers
    densities: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    calls: list[LibraryCall] = field(default_factory=list)
    asides: dict[str, str] = field(default_factory=dict)
    fitted: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    renames: dict[str, str] = field(default_factory=dict)
    exponents: dict[str, Pointwise] = field(default_factory=dict)
    mixtures: dict[str, Pointwise] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)  # whose logs stand in a table over the classes
    smoothed: set[str] = field(default_factory=set)  # those of which the mean over the classes is taken
    maximised: bool | None = None
    met: bool = False  # whether a divergence or an expectation was met, which may have cancelled
    summed: bool = False  # whether a sum or a mean over samples was met
    normalised: set[str] = field(default_factory=set)  # what a softmax is taken of
    drawn: str = ""  # what the text says the samples are of
    shares: frozenset[str] = frozenset()  # names that stand as a and 1 − a before something, and are numbers
    made_of: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of qo = A @ qs, the names A and qs

    @classmethod
    def over(cls, program: Program, phrase: Phrase, answers: dict[str, str], readers: Readers) -> Walk:
        """The walk with the densities known that the text speaks of anywhere."""
        first = cls(program, phrase, answers, readers)
        first.look(phrase)
        known = set(first.densities)
        try:
            first.value(first.objective)
        except (ObjectiveError, OverflowError):
            known = set(first.densities)
        again = cls(
            program, phrase, answers, readers, known | first.densities, tables=first.tables, smoothed=first.smoothed,
            shares=first.shares,
        )  # fmt: skip
        again.look(phrase)
        return again

    @property
    def text(self) -> str:
        return self.program.source.text

    def error(self, what: str, advice: str, phrase: Phrase) -> ObjectiveError:
        return ObjectiveError.of(self.text, what, advice, phrase.at)

    def note(self, words_: str) -> None:
        if words_ not in self.notes:
            self.notes.append(words_)

    def look(self, phrase: Phrase) -> None:
        """What is to be minimised or maximised over what is set aside and remembered."""
        while phrase.kind == "quantifier":
            self.maximised = "max" in str(phrase.value)
            self.fitted += [str(name.value) for name in phrase.parts[:-1] if name.is_name()]
            phrase = phrase.parts[-1]
        self.objective = phrase
        self.shares = _shares(phrase)

    def value(self, phrase: Phrase) -> Value:
        """What a phrase stands for."""
        parts = phrase.parts
        match phrase.kind:
            case "number":
                return Value(point=Pointwise.number(phrase.value))
            case "name" | "attribute" | "bound":
                return self.leaf(phrase)
            case "index" if key_of(phrase) and key_of(phrase) == str(parts[1].value):
                return self.leaf(phrase)
            case "index" | "transpose" | "if":
                return self.value(parts[0])
            case "relation":
                return self.bounded(phrase)
            case "neg":
                return -self.value(parts[0])
            case "add" | "sub":
                second = self.value(parts[1])
                return self.value(parts[0]) + (second if phrase.kind == "add" else -second)
            case "mul" | "div":
                return self.product(phrase)
            case "pow":
                return self.power(phrase)
            case "matmul":
                return self.readers.over_outcomes(
                    self, self.times(self.value(parts[0]), self.value(parts[1]), phrase), phrase
                )
            case "expectation":
                return self.readers.expectation(self, phrase)
            case "integral" | "sum":
                return self.readers.over_outcomes(self, self.value(parts[0]), phrase)
            case "bars":
                return self.absolute(phrase)
            case "call":
                return self.readers.call(self, phrase)
        advice = "use KL(q||p), E_q[...], CE(p, q) or a library call"
        raise self.error("Not part of an objective:", advice, phrase)

    def bounded(self, phrase: Phrase) -> Value:
        """KL(p||q) ≤ δ: what is held below the bound."""
        sides = [value for part in phrase.parts if (value := self.part_of_bound(part)).form]
        found = [value for value in sides if value.form.terms] or sides
        if len(found) > 1:
            raise self.error("An objective on each side of a bound:", "paste the one that is meant", phrase)
        if not found:
            raise self.error("Not part of an objective:", "leave out the condition", phrase)
        self.note("the bound is set aside: the answer is that of the side with the divergence")
        return found[0]

    def part_of_bound(self, phrase: Phrase) -> Value:
        """One side of a bound; nothing where it cannot be read, as log E_q[p/q]."""
        try:
            return self.value(phrase)
        except ObjectiveError:
            return Value()

    def leaf(self, phrase: Phrase) -> Value:
        """A name: a distribution, the log of one, a scalar, an evidence bound, or a function of the sample."""
        if phrase.kind == "bound":
            return self.definition(phrase)
        name = self.renames.get(name_of(self.text, phrase), name_of(self.text, phrase))
        if not name and phrase.kind == "attribute" and phrase.value in ("eps", "tiny"):
            name = "eps"  # np.finfo(float).eps
        if not name:
            raise self.error("Not the name of a distribution:", "write a plain one, such as q or q(z|x)", phrase)
        return self.named(name, phrase)

    def named(self, name: str, phrase: Phrase) -> Value:
        """What a name by itself stands for."""
        if re.fullmatch(r"d[PQpq]", name) and re.search(r"d[PQpq]\s*\}?\s*[/{]", self.text):
            name = name[1:]  # dP/dQ is the ratio of the two
            self.densities.add(name)
        if name in self.densities:
            return Value(point=Pointwise.atom(name))
        if found := _ENTROPY.fullmatch(name):
            owner = {"": "q", "policy": "pi", "action": "pi", "dist": "pi", "guide": "q", "variational": "q"}
            bare = not found["whose"] and _ACTING.search(self.text)
            whose = "pi" if bare else owner.get(found["whose"] or "", found["whose"])
            self.densities.add(whose)
            self.met = True
            return Value(-Form.expectation(whose, whose))
        if name in EVIDENCE_BOUNDS:
            return Value(self.evidence_bound("q", name))
        if found := _NEGATED.fullmatch(name):
            return -self.named(found["what"], phrase)
        logged = logged_name(name)
        if logged in _TEMPERATURES:
            return Value(point=Pointwise.scalar(Coefficient.name(name.rpartition(".")[2])))
        if logged == "p" and re.search(
            r"(?i)(?:ref|old|base|sft)\w*_?l(?:og|p)|l(?:og)?_?p\w*_(?:ref|old|base|sft)", self.text
        ):
            logged = "pi"  # logp beside ref_logp is the policy's
        if logged:
            return Value(point=Pointwise.atom(logged, is_log=True))
        if (
            name in SCALARS
            or name in self.shares
            or name in CLASSES
            and len(name) > 1
            or "mask" in name
            or weighs(name)
            or _TINY.fullmatch(name)
        ):
            return Value(point=Pointwise.scalar(Coefficient.name(name.removesuffix(".value").rpartition(".")[2])))
        return Value(point=Pointwise.atom(name))

    def definition(self, phrase: Phrase) -> Value:
        """A name that the text gives a value: its value, where that can be read; otherwise the name."""
        name = str(phrase.value)
        if keeps(phrase.parts[0], name):  # P = P/sum(P)
            return self.named(name, phrase)
        if parts := _multiplied(phrase.parts[0]):
            self.made_of[name] = parts
            return Value(point=Pointwise.atom(name))
        if name in self.densities:
            return Value(point=Pointwise.atom(name))
        if (name in SCALARS or weighs(name)) and phrase.parts[0].kind in ("attribute", "index"):
            return self.named(name, phrase)  # beta = kl_ctrl.value
        before = (list(self.notes), list(self.questions), list(self.faults), list(self.calls))
        try:
            value = self.value(phrase.parts[0])
        except ObjectiveError:
            value = None
        if value is None or logged_name(name) and _is_function(value):  # logp = policy(x)
            self.notes, self.questions, self.faults, self.calls = before
            return self.named(name, phrase)
        return value

    def evidence_bound(self, q: str, name: str) -> Form:
        """ELBO = log p(x) − D(q‖p), with p the posterior; F is its negative."""
        self.met = True
        self.note(f"{name} is read with p the posterior: ELBO = log evidence − D({q}‖p), F = −ELBO")
        bound = -divergence(q, "p") + Form(constants=("the log evidence",))
        return bound if EVIDENCE_BOUNDS[name] > 0 else -bound

    def product(self, phrase: Phrase) -> Value:
        """A coefficient times an objective, or a product at one sample."""
        if phrase.kind == "mul" and phrase.parts[0].is_name() and _GRADIENT.fullmatch(str(phrase.parts[0].value)):
            self.note("the gradient is set aside: the answer is about what it is taken of")
            return self.value(phrase.parts[1])
        left, right = (self.value(part) for part in phrase.parts)
        if phrase.kind == "mul":
            return self.times(_beside_examples(left, right), _beside_examples(right, left), phrase)
        if right.form:
            raise self.error("Cannot divide by", "divide by a number or by one name", phrase.parts[1])
        try:
            inverse = Value(point=right.point.reciprocal())
            return self.times(left, _beside_examples(inverse, left), phrase)
        except Unlike:
            return self.divided(left, right.point, phrase)

    def divided(self, left: Value, divisor: Pointwise, phrase: Phrase) -> Value:
        """Divided by a sum: by one that is known to be positive it is a factor, else it is refused."""
        scalar = divisor.scalar_part()
        if scalar is not None or left.form:
            raise self.error("Cannot divide by", "divide by a number or by one name", phrase.parts[1])
        rest = Pointwise({monomial: c for monomial, c in divisor.terms.items() if monomial})
        number = divisor.terms.get((), Coefficient()).plain()
        if len(rest.terms) == 1 and (self.is_epsilon(divisor) or number is not None and 0 < number <= _SMALL):
            self.note("a small number is added to a divisor: it is left out, and the value is not quite this")
            return Value(point=left.point * rest.reciprocal())
        mixture = self.mixture(divisor)
        if mixture:
            return Value(point=left.point * Pointwise.atom(mixture).reciprocal())
        raise self.error("Cannot divide by", "divide by a number or by one name", phrase.parts[1])

    def times(self, left: Value, right: Value, phrase: Phrase) -> Value:
        """The product of two values, of which at most one has expectations in it."""
        if left.form and right.form:
            advice = "one factor must be a number or a name"
            raise self.error("A product of two objectives:", advice, phrase)
        if right.form:
            left, right = right, left
        if _is_aside(left.form) and right.point.logs():
            return left  # what weighs a log makes the whole what it is
        if not left.form:
            return Value(point=left.point * right.point)
        factor = self.coefficient(right.point, phrase)
        return Value(left.form.scaled(factor), left.point * right.point)

    def coefficient(self, point: Pointwise, phrase: Phrase) -> Coefficient:
        """What multiplies an objective, as a coefficient: numbers and names."""
        total = Coefficient()
        for monomial, coefficient in point.terms.items():
            for atom, power in monomial:
                if atom.is_log or atom.name in self.densities:
                    advice = "one factor must be a number or a name"
                    raise self.error("A product of two objectives:", advice, phrase)
                name = Coefficient.name(atom.name)
                inverse = name if power > 0 else name.reciprocal()
                for _ in range(abs(power)):
                    coefficient = coefficient * inverse
            total = total + coefficient
        return total

    def power(self, phrase: Phrase) -> Value:
        """A whole power of what stands at one sample."""
        if (found := aside_power(self, phrase)) is not None:
            return found
        base, exponent = self.value(phrase.parts[0]), self.value(phrase.parts[1])
        if base.form and base.form.others and not base.form.terms:
            return base  # the square of a named distance
        whole = exponent.point.scalar_part()
        number = whole.plain() if whole is not None else None
        if base.form.terms and number == 2 and not exponent.form:
            return self.of_difference(phrase, base, "square")
        if base.form or exponent.form:
            raise self.error("A power of an objective:", "write the objective itself", phrase)
        if number is None and base.point.scalar_part() is not None and not base.form and phrase.parts[1].is_name():
            return Value(point=Pointwise.scalar(Coefficient.name(compact(self.text, phrase))))  # γ^t
        if number is None or number.denominator != 1 or abs(number) > 4:
            return Value(point=Pointwise.atom(self.tempered(phrase)))
        try:
            return Value(point=base.point.power(int(number)))
        except Unlike:
            raise self.error("A power of a sum:", "write it out", phrase) from None

    def tempered(self, phrase: Phrase) -> str:
        """p^β, a density to a power that is a name: known by its log, β log p."""
        base, exponent = self.value(phrase.parts[0]).point, self.value(phrase.parts[1]).point
        name = compact(self.text, phrase)
        try:
            self.exponents[name] = exponent * base.log(self.exponents)
        except Unlike:
            raise self.error("A power of a sum:", "write it out", phrase) from None
        if exponent.scalar_part() is None:
            raise self.error("The exponent", "use a whole number or one name, such as 2 or beta", phrase.parts[1])
        return name

    def absolute(self, phrase: Phrase) -> Value:
        """|x|: of a log ratio it is not a divergence; of anything else a function of the sample."""
        if (found := aside_of_slopes(self, phrase)) is not None:
            return found
        inside = self.value(phrase.parts[0])
        if inside.form.terms:
            return self.of_difference(phrase, inside, "absolute value")
        if inside.point.logs():
            words_ = "the absolute log ratio, whose mean is not a divergence between the two"
            return self.aside(f"|{compact(self.text, phrase.parts[0])}|", words_)
        return Value(point=Pointwise.atom(compact(self.text, phrase)))

    def of_difference(self, phrase: Phrase, inside: Value, what: str) -> Value:
        """|KL(q‖p) − C|, which may pull either way; of one divergence alone the absolute value changes nothing."""
        pairs = [(t.under, t.inside) for t in inside.form.terms if t.is_density and t.under != t.inside]
        if len(pairs) == 1 and not inside.form.others and not inside.form.constants and not inside.point:
            factor = inside.form.terms[Term(pairs[0][0], pairs[0][0])] if len(inside.form.terms) == 2 else Coefficient()
            if factor and inside.form.terms == divergence(*pairs[0]).scaled(factor).terms:
                return inside
        name = compact(self.text, phrase.parts[0])
        whole = f"({name})^2" if what == "square" else f"|{name}|"
        return self.aside(whole, ABSOLUTE.format(what=what, inside=name))

    def aside(self, name: str, words_: str) -> Value:
        """Something that is not an expectation of a log ratio, with what it is."""
        self.asides[name] = words_
        self.met = True
        return Value(Form.other(name))

    def density(self, phrase: Phrase) -> Pointwise:
        """A distribution as an argument: a name, a mixture of some, or a product that need not be normalised."""
        found = called(phrase)
        if found and found[0] in FIXING and found[2]:
            return self.density(found[2][0]).stopped()
        if phrase.kind == "bound" and keeps(phrase.parts[0], str(phrase.value)):
            return self.plain_density(phrase)
        if phrase.kind == "bound" and phrase.parts[0].kind == "div" and _is_normalised(phrase.parts[0]):
            return self.density(phrase.parts[0].parts[0])
        if phrase.kind == "bound" and phrase.parts[0].kind in ("add", "mul", "div"):
            mixture = self.value(phrase.parts[0]).point
            return self.as_density(mixture, phrase) if mixture else self.plain_density(phrase)
        if phrase.kind in ("name", "attribute", "bound", "index") or phrase.kind == "call" and not _transforms(found):
            return self.plain_density(phrase)
        if phrase.kind == "prod" and (name := name_of(self.text, phrase.parts[0])):
            self.densities.add(f"∏{name}")
            return Pointwise.atom(f"∏{name}")
        inner = self.value(phrase)
        if inner.form:
            raise self.error("Not the name of a distribution:", "write a plain one, such as q or q(z|x)", phrase)
        return self.as_density(inner.point, phrase)

    def plain_density(self, phrase: Phrase) -> Pointwise:
        name = density_name(self.text, phrase)
        name = self.renames.get(name, name)
        if name[0].isdigit():
            raise self.error("Not the name of a distribution:", "write a plain one, such as q or q(z|x)", phrase)
        self.densities.add(name)
        return Pointwise.atom(name)

    def as_density(self, point: Pointwise, phrase: Phrase) -> Pointwise:
        """A value as a density; one given as a logarithm, or as a number, is none."""
        if not point or any(atom.is_log for atom in point.atoms()) or point.scalar_part() is not None:
            raise self.error("Not the name of a distribution:", "write a plain one, such as q or q(z|x)", phrase)
        self.densities |= {atom.name for atom in point.atoms() if len(point.terms) > 1 or len(list(point.atoms())) == 1}
        return point

    def log(self, point: Pointwise, phrase: Phrase) -> Pointwise:
        """The log of what stands at one sample, taken apart."""
        try:
            found = point.log(self.exponents)
        except Unlike:
            return self.log_of_sum(point, phrase)
        if not found and point.scalar_part() is None:
            return found
        if point.scalar_part() is not None and point.scalar_part().names():
            return Pointwise.atom(f"log {point.scalar_part()}")  # a function of nothing: a constant
        self.densities |= {atom.name for atom in found.atoms() if atom.is_log}
        return found

    def log_of_sum(self, point: Pointwise, phrase: Phrase) -> Pointwise:
        """log(p + 1e-8), log((p + q)/2), log(1 − q)."""
        number = point.terms.get((), Coefficient()).plain()
        rest = Pointwise({monomial: c for monomial, c in point.terms.items() if monomial})
        if number is not None and 0 < number <= _SMALL and len(rest.terms) == 1:
            self.note("a small number is added inside a logarithm: it is left out, and the value is not quite this")
            inner = self.log(rest, phrase)
            return Pointwise(inner.terms, small=True)
        if self.is_epsilon(point):
            self.note("a small number is added inside a logarithm: it is left out, and the value is not quite this")
            names = {atom.name for atom in point.atoms()}
            rest = Pointwise({m: c for m, c in point.terms.items() if m})
            return Pointwise(self.log(rest, phrase).terms, small=True) if names else rest
        if number == 1 and len(rest.terms) == 1 and _is_minus_one(rest):
            ((monomial, _),) = rest.terms.items()
            if len(monomial) == 1:
                self.densities.add(monomial[0][0].name)
                return Pointwise.atom(f"1−{monomial[0][0].name}", is_log=True)
        if mixture := self.mixture(point):
            return Pointwise.atom(mixture, is_log=True)
        raise self.error("A log of a sum:", "its parts must be distributions, as in log((p + q)/2)", phrase)

    def is_epsilon(self, point: Pointwise) -> bool:
        """q + eps, with a name for the small number."""
        scalar = point.terms.get(())
        names = scalar.names() if scalar is not None else set()
        return len(point.terms) == 2 and bool(names) and all(map(_TINY.fullmatch, names))

    def mixture(self, point: Pointwise) -> str:
        """The name of a mixture of densities; empty for any other sum."""
        if len(point.terms) < 2:
            return ""
        names = []
        for monomial, coefficient in point.terms.items():
            if len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].is_log:
                return ""
            number = coefficient.plain()
            if number is not None and number <= 0:
                return ""
            names.append(coefficient.of_what(monomial[0][0].name))
        name = " + ".join(names)
        self.mixtures[name] = point
        self.densities |= {atom.name for atom in point.atoms()}
        return name


_COUNTS = re.compile(r"[NMSBmnKk]|batch_size|bs|(?:n|num)_(?:samples?|examples?|points|data)")


def _beside_examples(factor: Value, total: Value) -> Value:
    """What multiplies a sum over examples, without 1/N: with it the sum is their mean, as it is read anyway.

    1/K before the sum of the logs of K classes is the weight of the uniform distribution, and stays.
    """
    if not total.examples or factor.form or len(factor.point.terms) != 1:
        return factor
    ((monomial, coefficient),) = factor.point.terms.items()
    powers = [(atom.name, power) for atom, power in monomial]
    powers += coefficient.terms[0][0] if len(coefficient.terms) == 1 else ()
    counts = [name for name, power in powers if power == -1 and _COUNTS.fullmatch(name)]
    of_classes = any("(" not in name for name in total.point.logs())
    if len(counts) != 1 or counts[0] in CLASSES and of_classes:
        return factor
    is_atom = any(atom.name == counts[0] for atom, _ in monomial)
    count = Pointwise.atom(counts[0]) if is_atom else Pointwise.scalar(Coefficient.name(counts[0]))
    return Value(point=factor.point * count)


_DISTRIBUTION = re.compile(r"[pqyPQY]\w*|(?i:.*(?:target|label|prob|true|hot|data).*)")


def _shares(phrase: Phrase) -> frozenset[str]:
    """The names that stand as 1 − a, and nowhere in a logarithm or in a call but a sum: weights, such as a share."""
    complements, applied = set(), set()
    for part in phrase.walk():
        if part.kind == "sub" and part.parts[0].is_number(1) and part.parts[1].is_name():
            complements.add(str(part.parts[1].value))
        if (found := called(part)) and found[0] not in (*SUMS, *KEPT, "mean"):
            applied |= {name for argument in found[2] for name in _names_as_written(argument)}
            if found[0] in ("logsigmoid", "log_sigmoid"):
                return frozenset()
            if found[0] in ("log", "ln") and found[2] and any(inner.kind == "sub" for inner in found[2][0].walk()):
                return frozenset()  # log(1 − q): the other one of two outcomes
        if part.kind in ("expectation", "bars"):
            applied |= _names_as_written(part.parts[0])
    return frozenset(name for name in complements - applied if not _DISTRIBUTION.fullmatch(name))


def _names_as_written(phrase: Phrase) -> set[str]:
    """The names in it, not those in what a name was given."""
    if phrase.kind in ("name", "bound"):
        return {str(phrase.value)}
    return {name for part in phrase.parts for name in _names_as_written(part)}


def _multiplied(phrase: Phrase) -> tuple[str, ...]:
    """The names of A @ qs, a distribution that is made of two; none for anything else."""
    found = called(phrase)
    if phrase.kind == "matmul":
        pair: tuple[Phrase, ...] = phrase.parts
    elif found and found[0] in ("dot", "matmul", "einsum") and len(found[2]) >= 2:
        pair = tuple(found[2][-2:])
    else:
        return ()
    named = all(part.kind in ("name", "attribute") for part in pair)
    return tuple(str(part.value) for part in pair) if named else ()


_TINY = re.compile(r"(?i)\w*(?:eps|epsilon|pseudo\w*|smooth\w*|tiny)")


def keeps(phrase: Phrase, name: str) -> bool:
    """Whether what a name is given is what it was: divided by its own sum, clipped, or with a small number added."""
    while phrase.kind == "bound" and phrase.value == name:
        phrase = phrase.parts[0]
    if phrase.is_name(name):
        return True
    found = called(phrase)
    if found and found[0] in (*KEPT, *CLAMPS) and found[2]:
        return keeps(found[2][0], name)
    if found and found[0] in ("where", "ifelse", "select") and len(found[2]) == 3:  # np.where(p == 0, 1e-8, p)
        values = found[2][1:]
        return any(keeps(value, name) for value in values) and any(map(_is_tiny, values))
    if phrase.kind == "div" and keeps(phrase.parts[0], name):
        divisor = called(phrase.parts[1])
        return bool(divisor and divisor[0] in SUMS and divisor[2] and keeps(divisor[2][0], name))
    return phrase.kind == "add" and _is_tiny(phrase.parts[1]) and keeps(phrase.parts[0], name)


def _is_normalised(phrase: Phrase) -> bool:
    """counts / counts.sum()."""
    return phrase.parts[0].kind in ("name", "attribute") and keeps(phrase, str(phrase.parts[0].value))


def _is_tiny(phrase: Phrase) -> bool:
    while phrase.kind == "bound":
        phrase = phrase.parts[0]
    number = phrase.kind == "number" and 0 < phrase.value <= _SMALL
    return number or phrase.is_name() and bool(_TINY.fullmatch(phrase.value))


def _is_function(value: Value) -> bool:
    """Whether it is what a function gives at a sample, by itself, without a log."""
    atoms = list(value.point.atoms())
    return not value.form and len(atoms) == len(value.point.terms) == 1 and not atoms[0].is_log


def _is_aside(form: Form) -> bool:
    return bool(form.others) and not form.terms


def _transforms(found: tuple | None) -> bool:
    """Whether a call changes what a distribution is, as softmax(z) does."""
    return bool(found and found[0] in ("softmax", "exp", "sigmoid", "log_softmax", "log", "clamp", "add", "mul"))


def _is_minus_one(point: Pointwise) -> bool:
    ((_, coefficient),) = point.terms.items()
    return coefficient.plain() == -1


__all__ = ["Atom", "Readers", "Value", "Walk", "keeps"]
