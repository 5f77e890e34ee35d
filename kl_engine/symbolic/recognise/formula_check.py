"""Which divergence is this? A formula somebody typed, compared with D(p‖q) and D(q‖p) of two Gaussians on the line.

Twice, by unrelated routes: in numbers of 50 digits at random points and at extreme scales, as the formula is written,
and by algebra, which proves it for all values at once. The effort is bounded by the limits on what is accepted
(`syntax_tree`), by the work that the algebra may do (`normal_form`), and by the length of the catalogue of slips.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice

import mpmath
from sympy import Add, Expr, Integer, Symbol

from kl_engine.symbolic.formulas.arithmetic import MODULES, plain_name
from kl_engine.symbolic.formulas.grammar import Formula, formula_of
from kl_engine.symbolic.formulas.operations import Undefined
from kl_engine.symbolic.formulas.parsing.branches import Way, agreed
from kl_engine.symbolic.formulas.parsing.phrases import Phrase, path_of
from kl_engine.symbolic.formulas.parsing.statements import Program, read_text
from kl_engine.symbolic.formulas.parsing.tokens import Syntax
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.formulas.syntax_tree import OVER_COORDINATES, FormulaError
from kl_engine.symbolic.formulas.tree_latex import tree_latex
from kl_engine.symbolic.proof.check import TOLERANCE
from kl_engine.symbolic.proof.sampling import DIGITS, GUARD
from kl_engine.symbolic.recognise.algebra.normal_form import proves_zero
from kl_engine.symbolic.recognise.algebra.peeling import Peel
from kl_engine.symbolic.recognise.closeness import closeness
from kl_engine.symbolic.recognise.dimensions import has_matrices, in_dimensions
from kl_engine.symbolic.recognise.families import UNIFORM, family_check, family_refutation, looks_uniform, stem_of
from kl_engine.symbolic.recognise.findings import Dimensions, Explanation, FormulaCheck, Kind, Match, Verdict
from kl_engine.symbolic.recognise.matching import Line, line, match, off_line
from kl_engine.symbolic.recognise.meanings import (
    SCALES,
    Assumption,
    Guess,
    Meaning,
    Owner,
    Quantity,
    assume,
    expression_of,
    guess_meanings,
    guesses,
    is_known,
)
from kl_engine.symbolic.recognise.mistakes import RELATIVES, SLIPS, Slip
from kl_engine.symbolic.recognise.name_parts import parts_of
from kl_engine.symbolic.recognise.sayings.notes import contradicts, remarks
from kl_engine.symbolic.recognise.sayings.wording import DIRECTIONS, condition, headline, proof
from kl_engine.symbolic.recognise.trials import (
    FORWARD,
    REVERSE,
    Trial,
    comparison,
    failure,
    hard_trials,
    in_two_dimensions,
    random_trials,
    shown_trials,
    special_trials,
    telling,
)
from kl_engine.symbolic.subjects.gaussian import PARAMETERS, P, Q

_MATRICES = "Matrices are checked in one, two and three dimensions, as the derivation is."
_ENOUGH = 4  # points with a value; two make a line, the others test it


def check_formula(
    text: str,
    meanings: tuple[Meaning, ...] | None = None,
    given: Mapping[str, Fraction | int] | None = None,
    syntax: Syntax | str | None = None,
) -> FormulaCheck:
    """Check the `text` of a formula for the divergence between two Gaussians on the line.

    meanings: what each symbol stands for; guessed from the names if left out (`guess_meanings`). given: values of
    parameters without a symbol, by name (mean_p, std_p, mean_q, std_q). Raises FormulaError if the text is not
    accepted, or a symbol has no meaning. The closed form is D(p‖q) = log(σ_q/σ_p) + (σ_p² + (μ_p − μ_q)²)/(2σ_q²) − ½
    in nats; a factor, a constant and the usual slips are recognised. `syntax`: how the text is written, told by itself
    if left out. Source: the derivations of `kl.symbolic.DERIVATIONS`.

    >>> import kl_engine as kl
    >>> kl.symbolic.check_formula("log(s2/s1) + (s1^2 + (m1-m2)^2)/(2*s2^2) - 1/2").headline
    'It is equal to D(p‖q).'
    """
    found, said = agreed(
        lambda way: _check(text, meanings, given or {}, syntax, way),
        FormulaError,
        lambda first, other: _what_it_is(first) == _what_it_is(other),
        "formulas",
    )
    return replace(found, remarks=(*found.remarks, said)) if said else found


def _what_it_is(check: FormulaCheck) -> tuple:
    """What two branches have in common that differ in a mean or a positive factor alone."""
    sign = check.match is not None and check.match.factor.is_negative
    slip = check.explanation.name if check.explanation else ""
    return check.direction, check.family, check.condition, check.contradicts_claim, sign, slip


def _check(
    text: str,
    meanings: tuple[Meaning, ...] | None,
    given: Mapping[str, Fraction | int],
    syntax: Syntax | str | None,
    way: Way,
) -> FormulaCheck:
    formulas = formulas_in(text, syntax, way=way)
    if given:  # what the left side gives in numbers is met
        formulas = [replace(f, claim=f.claim and replace(f.claim, given=None)) for f in formulas]
    inquiries, refusals = [], []
    for formula in formulas:
        try:
            inquiries += _inquiries(formula, meanings, given)
        except FormulaError as refusal:
            refusals.append(refusal)
    with mpmath.workdps(DIGITS + GUARD):
        likeliest = inquiries[0] if inquiries else None
        sure = False
        if len(inquiries) > 1 or not meanings and inquiries:
            matched = ((inquiry, match) for inquiry in inquiries if (match := inquiry.quick_match()))
            likeliest, found = next(matched, (None, None))
            sure = found is not None and found.factor == 1
        if not sure and not given and not _are_of_gaussians(meanings):
            other = _of_another_family(formulas_in(text, syntax, False, way), bool(inquiries), meanings)
            if other and (likeliest is None or other.verdict is Verdict.EQUAL):
                return other
        if not inquiries and any(map(looks_uniform, formulas)):
            raise FormulaError(UNIFORM)
        if not inquiries:
            raise refusals[0]
        inquiry = likeliest or inquiries[0]
        check = inquiry.answer()
        turned = inquiry.turned(given) if check.contradicts_claim and not meanings else None
        answer = turned.answer() if turned else check
    return (not given and not meanings and _as_given(answer, text, syntax, way)) or answer


def _as_given(check: FormulaCheck, text: str, syntax: Syntax | str | None, way: Way) -> FormulaCheck | None:
    """The check with the numbers that the left side gives, as in D(q‖N(2, 1)), where with them it is a divergence."""
    numbers = check.formula.claim.given if check.formula.claim else None
    if numbers in (None, (0.0, 1.0)) or check.match and not check.contradicts_claim:
        return None
    mean, spread = (Fraction(number).limit_denominator(10**6) for number in numbers)
    root = Fraction(spread**0.5 if spread > 0 else 0).limit_denominator(10**3)
    for role in "pq":
        for std in dict.fromkeys((*([root] if root**2 == spread else []), spread)):
            try:
                found = _check(text, None, {f"mean_{role}": mean, f"std_{role}": std}, syntax, way)
            except FormulaError:
                continue
            if found.match and not found.contradicts_claim:
                return found
    return None


def _are_of_gaussians(meanings: tuple[Meaning, ...] | None) -> bool:
    return meanings is not None and all(m.quantity in (*SCALES, *_OTHERS) for m in meanings)


def meanings_in(text: str) -> tuple[Meaning, ...]:
    """What the names of a text are taken to mean. FormulaError if it is not accepted, or its branches disagree."""
    try:
        return check_formula(text).meanings
    except FormulaError:
        way = Way()
        formula = formulas_in(text, way=way)[0]
        if way.counts:
            raise  # each branch of an if has symbols of its own
        return guess_meanings(formula.names, has_matrices(formula.tree))


def _of_another_family(
    formulas: list[Formula], may_be_gaussian: bool, meanings: tuple[Meaning, ...] | None
) -> FormulaCheck | None:
    """The check of a closed form between distributions that are no Gaussians; None if it looks like none."""
    found = next((check for formula in formulas if (check := family_check(formula, meanings))), None)
    if found or may_be_gaussian and not all(map(_are_rates, formulas)):
        return found
    return next((check for formula in formulas if (check := family_refutation(formula))), None)


def _are_rates(formula: Formula) -> bool:
    """Whether its names are those of rates, both under a log, as in Poisson and exponential distributions."""
    logged = {name for part in formula.tree.walk() if part.operation == "log" for name in part.names()}
    rates = all(stem_of(name) in ("lambda", "lam", "rate", "lmbda") for name in formula.names)
    return rates and len(formula.names) == len(logged) == 2


_OTHERS = (Quantity.MEAN, Quantity.COVARIANCE, Quantity.CHOLESKY, Quantity.ONE)


def _inquiries(
    formula: Formula, meanings: tuple[Meaning, ...] | None, given: Mapping[str, Fraction | int]
) -> list["_Inquiry"]:
    """One reading of the text with the meanings given, or with each that its names may have, the likeliest first."""
    found = []
    matrices = has_matrices(formula.tree)
    for option in guesses(formula.names, matrices) if meanings is None else [Guess(tuple(meanings))]:
        complete = _complete(formula, option.meanings)
        if meanings is None:
            _ask_about_namesakes(complete)
        found.append(_Inquiry(formula, complete, assume(complete, given), option.note))
    return found


def formulas_in(
    text: str, syntax: Syntax | str | None = None, of_gaussians: bool = True, way: Way | None = None
) -> list[Formula]:
    """The readings of a text, the likeliest first: of a tuple each part, of a/b c both ways. way: through its branches.

    of_gaussians: whether names that say no mean and no scale are factors; otherwise those that occur once are.
    """
    found, refusals = [], []
    way = way or Way()
    program = read_text(text, syntax, way=way)
    again = Way(way.taken)
    programs = [program, read_text(text, syntax, tight=False, way=again)] if program.ambiguous else [program]
    for program in programs:
        for phrase in (*program.results, *program.spare):
            if found and phrase in program.spare:
                break
            if program.spare and phrase.kind == "name" and not is_known(phrase.value):
                continue
            repeated = _repeated(phrase)
            peel = Peel(program.source, _of_gaussians(repeated) if of_gaussians else repeated.__contains__)
            core = peel.core(phrase)
            try:
                taken = _taken(program) if of_gaussians else lambda bound: True
                formula = formula_of(program, core, taken, tuple(peel.factors), tuple(peel.set_aside))
            except FormulaError as refusal:
                refusals.append(refusal)
                continue
            found.append(formula)
    if not found:
        raise refusals[0]
    return found


def _of_gaussians(repeated: set[str]) -> Callable[[str], bool]:
    """Whether a name is that of a mean or a scale; one that may be a precision, and occurs once, weighs the whole."""

    def known(name: str) -> bool:
        alone = parts_of(name).quantity == "precision" or name == "L"
        return is_known(name) and (name in repeated or not alone)

    return known


def _repeated(phrase: Phrase) -> set[str]:
    """The names that occur more than once, as every parameter of a divergence does."""
    names = [plain_name(part) for part in phrase.walk() if part.kind in ("name", "attribute", "index")]
    return {name for name in names if name and names.count(name) > 1}


_MADE_POSITIVE = words("softplus sigmoid relu elu celu selu gelu silu tanh Softplus")


def _taken(program: Program) -> Callable[[Phrase], bool]:
    """Whether the value that a name is given stands for the name: where it is made of quantities that are known."""

    def says(phrase: Phrase) -> bool:
        if phrase.kind == "bound":
            return is_known(plain_name(phrase)) or says(phrase.parts[0])
        if phrase.kind in ("name", "attribute", "index") and (name := plain_name(phrase)):
            said = (
                parts_of(name).quantity != "" or name[0] == "L" and is_known(name) or name in ("True", "False", "None")
            )
            return said or path_of(phrase)[:1] in {(m,) for m in MODULES}
        if phrase.kind == "call" and phrase.parts[0].value in _MADE_POSITIVE:
            return False  # std = softplus(raw_std) is what is meant by std
        if phrase.kind == "call":
            return all(says(part) for part in phrase.parts[1:]) and (
                phrase.parts[0].kind == "name" or says(phrase.parts[0].parts[0]) if phrase.parts[0].parts else True
            )
        return all(says(part) for part in phrase.parts)

    return lambda bound: not is_known(plain_name(bound)) or says(bound.parts[0])


def _ask_about_namesakes(meanings: tuple[Meaning, ...]) -> None:
    """Raises the error where two names would mean the same."""
    for a, b in combinations(meanings, 2):
        if a.quantity is b.quantity is not Quantity.ONE and a.owner is b.owner:
            raise FormulaError(
                f"Two names for one quantity: {spoken(a.name)} and {spoken(b.name)} would both be the {a.quantity} of "
                f"{a.owner}; write p and q, or 1 and 2, behind the names, or say which is whose."
            )


def _complete(formula: Formula, meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    if not formula.names:
        raise FormulaError(
            "The formula has no symbols: write it with those of p and q, such as m1, s1, m2, s2, in one piece."
        )
    by_name = {meaning.name: meaning for meaning in meanings}
    for name in formula.names:
        if by_name.get(name) is None or by_name[name].quantity not in (*SCALES, *_OTHERS):
            raise FormulaError(f"The symbol {name!r} has no meaning yet: say which mean, std or variance it is.")
    return tuple(by_name[name] for name in formula.names)


@dataclass(frozen=True)
class _Inquiry:
    """One formula with its meanings, on the way to an answer."""

    formula: Formula
    meanings: tuple[Meaning, ...]
    assumptions: tuple[Assumption, ...]
    note: str = ""

    @property
    def fixed(self) -> dict[Symbol, Expr]:
        return {assumption.parameter: assumption.value for assumption in self.assumptions}

    def answer(self) -> FormulaCheck:
        random = list(random_trials(self.formula, self.meanings, self.fixed))
        shown = shown_trials(self.formula, self.meanings, self.fixed)
        special = special_trials(self.formula, self.meanings, self.fixed)
        failed = next((t for t in (*shown, *special, *random) if not t.is_defined), None)
        good = [t for t in random if t.is_defined]
        hard = hard_trials(self.formula, self.meanings, self.fixed)
        failed = failed or next((t for t in hard if not t.is_defined), None)
        found, why, where = None, None, telling(shown)
        if len(good) >= _ENOUGH:
            found = self.match(good)
            why = None if found else self.explanation(good)
        if found and not found.proved and (refuting := self.refuting(good, hard, found)):
            found, why, where = None, _at_ordinary_scales(found, refuting), refuting
        verdict = Verdict.UNDEFINED if failed else _verdict(found)
        check = FormulaCheck(
            formula=self.formula,
            meanings=self.meanings,
            assumptions=self.assumptions,
            verdict=verdict,
            match=found,
            explanation=why,
            failure=failure(self.formula, failed) if failed else None,
            comparison=comparison(where),
            headline="",
            proof="",
            condition=condition(self.assumptions),
            latex=tree_latex(self.formula.tree),
            remarks=(
                *remarks(self.formula, self.meanings, self.assumptions, verdict, found),
                *filter(None, [self.note]),
            ),
            contradicts_claim=contradicts(self.formula.claim, self.meanings, found),
            only_one_dimension=bool(found) and self.over_two(good, found) is False,
            averaged=bool(found) and self.over_two(good, found) is None,
        )
        check = self.in_dimensions(check)
        return replace(check, headline=headline(check), proof=proof(check, len(good), len(hard)))

    def turned(self, given: Mapping[str, Fraction | int]) -> "_Inquiry | None":
        """With p and q exchanged, where the names say nothing of whose they are and the left side does."""
        if self.formula.claim.first not in ("p", "q") or any(parts_of(m.name).index for m in self.meanings):
            return None
        other = {Owner.P: Owner.Q, Owner.Q: Owner.P}
        meanings = tuple(replace(m, owner=other.get(m.owner, m.owner)) for m in self.meanings)
        if any(str(m.owner) == self.formula.claim.fixed for m in meanings):
            return None  # what is given in numbers on the left has no symbols
        names = " and ".join(spoken(m.name) for m in meanings if m.owner in other)
        whose = next((m.owner for m in meanings if m.owner in other), self.formula.claim.first)
        note = f"{names} are read as {whose}'s, as the left side says."
        return _Inquiry(self.formula, meanings, assume(meanings, given), note)

    def in_dimensions(self, check: FormulaCheck) -> FormulaCheck:
        """A check on the line, of a formula with matrices, in more dimensions."""
        if not has_matrices(self.formula.tree):
            return check
        check = replace(
            check,
            remarks=(*check.remarks, _MATRICES),
            dimensions=Dimensions(False),
            derivation="multivariate_gaussian",
        )
        if check.match is None or check.verdict is Verdict.UNDEFINED:
            return check
        found = in_dimensions(self.formula.tree, self.meanings, check.match)
        if found.holds:
            return replace(check, dimensions=found)
        words = f"On the line it is {DIRECTIONS[check.match.direction]}, but {found.reason}."
        why = Explanation(Kind.SCALE, "dimension", words, check.match)
        return replace(check, verdict=Verdict.NEITHER, match=None, explanation=why, dimensions=found)

    def refuting(self, trials: list[Trial], hard: list[Trial], found: Match) -> Trial | None:
        """A point of extreme scale off the line that the ordinary ones are on."""
        base = self.base(found.direction)
        line = _line(trials, base)
        return next((t for t in hard if t.is_defined and line and off_line(line, t.value, t.of(base))), None)

    def over_two(self, trials: list[Trial], found: Match) -> bool | None:
        """Whether two equal coordinates give twice the value: True, or there is no sum; None if they give the same."""
        if not self.formula.tree.holds(*OVER_COORDINATES) or has_matrices(self.formula.tree):
            return True
        try:
            both = in_two_dimensions(self.formula, self.meanings, trials[0])
        except Undefined:
            return False
        once, single = _line(trials, self.base(found.direction)).constant, trials[0].value
        if min(abs(both - 2 * single), abs(both - 2 * single + once)) <= TOLERANCE * (1 + abs(both)):
            return True  # a constant may stand outside the sum
        same = abs(both - single) <= TOLERANCE * (1 + abs(both))
        return None if same and not self.formula.tree.holds("sum") else False

    def base(self, direction: str) -> Expr:
        """The divergence of that direction, with the assumptions put in."""
        return self.put_in(REVERSE if direction == "reverse" else FORWARD)

    def match(self, trials: list[Trial]) -> Match | None:
        """The formula as a multiple of a direction, plus a constant; the simplest relation there is."""
        lines = {"forward": _line(trials, FORWARD), "reverse": _line(trials, REVERSE)}
        found = {direction: of for direction, of in lines.items() if of is not None}
        if not found:
            return None
        direction = min(found, key=lambda d: _complexity(found[d]))
        base = self.base(direction)
        result = match(found[direction], direction, base, self.expression(), self.difference_at_one_point(base))
        if len(found) == 2 and proves_zero(self.put_in(FORWARD - REVERSE)):
            return replace(result, direction="both")
        return result

    def explanation(self, trials: list[Trial]) -> Explanation | None:
        """A slip, another meaning of the symbols, or another quantity that gives exactly this formula."""
        found = [e for slip in SLIPS for e in self.by_slip(slip, trials)]
        exact = [e for e in found if e.match.factor == 1 and e.match.constant == 0]
        readings = [] if exact else list(self.by_other_meaning())
        relatives = [e for slip in RELATIVES for e in self.by_slip(slip, trials)]
        return next(iter((*exact, *readings, *relatives, *found, *closeness(trials))), None)

    def by_slip(self, slip: Slip, trials: list[Trial]) -> Iterator[Explanation]:
        for direction, (a, b) in (("forward", (P, Q)), ("reverse", (Q, P))):
            wrong = slip.wrong(a, b)
            found = _line(trials[:3], wrong) and _line(trials, wrong)  # three points refuse nearly all
            if found and _is_plain(found):
                kind = Kind.SLIP if slip in SLIPS else Kind.RELATIVE
                matched = match(found, direction, self.put_in(wrong), self.expression())
                yield Explanation(kind, slip.name, slip.words, matched)

    def by_other_meaning(self) -> Iterator[Explanation]:
        """The formula would be right if its scales, all or one of them, were another quantity."""
        scales = [meaning for meaning in self.meanings if meaning.quantity in SCALES]
        groups = [scales, *([scale] for scale in scales if len(scales) > 1)]
        for group in groups:
            for quantity in SCALES:
                other = tuple(replace(m, quantity=quantity) if m in group else m for m in self.meanings)
                if other == self.meanings or not group:
                    continue
                found = replace(self, meanings=other).quick_match()
                if found and found.factor == 1 and found.constant == 0:
                    names = " and ".join(spoken(m.name) for m in group)
                    words = f"It would be {DIRECTIONS[found.direction]} if {names} meant the {quantity}."
                    yield Explanation(Kind.MEANING, "other_meaning", words, found)

    def quick_match(self) -> Match | None:
        """`match` at its own points, given up at the third where that is already on no line."""
        trials = list(islice((t for t in random_trials(self.formula, self.meanings, self.fixed) if t.is_defined), 3))
        if not any(_line(trials, direction) for direction in (FORWARD, REVERSE)):
            return None
        trials = [t for t in random_trials(self.formula, self.meanings, self.fixed) if t.is_defined]
        return self.match(trials) if len(trials) >= _ENOUGH else None

    def expression(self) -> Expr:
        """The formula in the parameters of p and q."""
        return self.formula.expression({m.name: self.put_in(expression_of(m)) for m in self.meanings})

    def difference_at_one_point(self, base: Expr) -> Expr:
        """formula - base with all means 0 and standard deviations 1."""
        point = {s: Integer(1) if s.is_positive else Integer(0) for s in PARAMETERS}
        values = {m.name: self.put_in(expression_of(m)).xreplace(point) for m in self.meanings}
        return Add(self.formula.expression(values), -base.xreplace(point), evaluate=False)

    def put_in(self, expression: Expr) -> Expr:
        return expression.xreplace(self.fixed)


def _line(trials: list[Trial], base: Expr) -> Line | None:
    """The values of the formula as a straight line over those of the base; None where the base has none."""
    try:
        return line([t.value for t in trials], [t.of(base) for t in trials])
    except ZeroDivisionError:  # a wrong formula may be undefined where the right one is not
        return None


def _at_ordinary_scales(found: Match, refuting: Trial) -> Explanation:
    place = ", ".join(f"{spoken(name)} = {float(number):g}" for name, number in refuting.symbols.items())
    words = f"At ordinary scales it agrees with {DIRECTIONS[found.direction]}, but not at {place}: it is neither."
    return Explanation(Kind.SCALE, "scale", words, found)


def _complexity(found: Line) -> tuple[bool, bool]:
    return found.factor != 1, found.constant != 0


def _is_plain(found: Line) -> bool:
    """A slip may come with a unit, a sign and a wrong constant. With any other factor the likeness is a coincidence."""
    units = (1, -1, 1 / mpmath.log(2))
    halves = 2 * found.constant / found.factor
    is_half = abs(halves) <= 2 and abs(halves - mpmath.nint(halves)) < TOLERANCE
    return is_half and any(abs(found.factor - unit) < TOLERANCE for unit in units)


def _verdict(found: Match | None) -> Verdict:
    if found is None:
        return Verdict.NEITHER
    return {
        (False, False): Verdict.EQUAL,
        (False, True): Verdict.CONSTANT,
        (True, False): Verdict.FACTOR,
        (True, True): Verdict.FACTOR_AND_CONSTANT,
    }[found.factor != 1, found.constant != 0]
