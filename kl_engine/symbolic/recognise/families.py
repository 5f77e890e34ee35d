"""Closed forms between distributions that are no Gaussians: Bernoulli, Poisson, gamma, and whatever else is derived.

The names of a formula are given to the parameters of a family by their words and their order, and the formula is held
against the closed forms that the derivations prove, in numbers and by algebra, as one between Gaussians is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, permutations

import mpmath
from mpmath import mpf
from sympy import Add, Expr, Integer, Rational, Symbol, factorial, log, loggamma

from kl_engine.symbolic.formulas.grammar import Formula
from kl_engine.symbolic.formulas.operations import Undefined, evaluate, to_sympy
from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.formulas.syntax_tree import Node
from kl_engine.symbolic.formulas.tree_latex import tree_latex
from kl_engine.symbolic.proof.sampling import Point, random_point, value
from kl_engine.symbolic.recognise.findings import Comparison, FormulaCheck, Match, Verdict
from kl_engine.symbolic.recognise.matching import Line, line, match
from kl_engine.symbolic.recognise.meanings import Meaning, Owner, Quantity, owners_of
from kl_engine.symbolic.recognise.name_parts import parts_of
from kl_engine.symbolic.recognise.sayings.notes import contradicts, remarks
from kl_engine.symbolic.recognise.sayings.wording import DIRECTIONS, headline
from kl_engine.symbolic.subjects.catalogue import DERIVATIONS

_POINTS = 8
_OUTCOMES = (1, 2, 3)


@dataclass(frozen=True)
class Slot:
    """One parameter of a family. stems: the words for it; any word, if there are none. inverse: words for 1 over it."""

    symbol: str
    quantity: Quantity
    stems: frozenset[str] = frozenset()
    inverse: frozenset[str] = frozenset()

    def takes(self, stem: str) -> bool:
        return not self.stems or stem in self.stems or stem in self.inverse


@dataclass(frozen=True)
class Family:
    """A family whose closed form is derived: its name in the catalogue, its parameters, and how its names look.

    words: it in the plural. vector: whether a parameter is a list, over whose entries a formula sums. marks: operations
    without which a wrong formula is not taken for one of this family.
    """

    name: str
    words: str
    slots: tuple[Slot, ...]
    vector: bool = False
    marks: tuple[str, ...] = ()


_RATE = words("lambda lam l rate r mu lamb nu lmbda rates")
_MEANS = words("theta scale mean s tau t beta b means")
_SHAPE = words("a alpha k shape kappa conc concentration")
FAMILIES = (
    Family("bernoulli", "Bernoulli distributions", (Slot("theta", Quantity.PROBABILITY),), marks=("log",)),
    Family("categorical", "categorical distributions", (Slot("theta", Quantity.PROBABILITIES),), True, ("log",)),
    Family("dirichlet", "Dirichlet distributions", (Slot("a", Quantity.CONCENTRATIONS),), True, ("digamma",)),
    Family("poisson", "Poisson distributions", (Slot("lambda", Quantity.RATE),)),
    Family("exponential", "exponential distributions", (
        Slot("lambda", Quantity.RATE, _RATE | words("b beta"), _MEANS - words("b beta")),
    )),
    Family("geometric", "geometric distributions", (Slot("theta", Quantity.PROBABILITY),)),
    Family("gamma", "gamma distributions", (
        Slot("a", Quantity.SHAPE, _SHAPE),
        Slot("b", Quantity.RATE, words("b beta rate lambda lam r"), words("theta scale s t")),
    ), marks=("digamma",)),
    Family("beta", "beta distributions", (
        Slot("a", Quantity.SHAPE, words("a alpha")), Slot("b", Quantity.SHAPE, words("b beta")),
    ), marks=("digamma",)),
    Family("laplace", "Laplace distributions", (
        Slot("mu", Quantity.MEAN, words("m mu mean loc location")),
        Slot("b", Quantity.SCALE, words("b s scale lambda beta sigma")),
    ), marks=("exp", "abs")),
)  # fmt: skip


_OWNERS = words("p q a b x y prior post posterior target self other pi")
_STEMS = frozenset().union(*(slot.stems | slot.inverse for family in FAMILIES for slot in family.slots))


@dataclass(frozen=True)
class Reading:
    """A formula with the parameters of a family for its names."""

    formula: Formula
    family: Family
    meanings: tuple[Meaning, ...]
    inverted: frozenset[str]
    note: str = ""
    flat: str = ""  # of a formula with one distribution, who the other is: "p" or "q", which is uniform

    def forms(self) -> tuple[Expr, Expr]:
        """D(p‖q) and D(q‖p) of the family."""
        derivation = DERIVATIONS[self.family.name]
        fixed = self.fixed()
        return derivation.forward.xreplace(fixed), derivation.reverse.xreplace(fixed)

    def fixed(self) -> dict[Symbol, Expr]:
        """The parameters of the uniform one of the two, where there is one."""
        number = FLAT.get(self.family.name, (Integer(1), ""))[0]
        return {symbol: number for symbol in self.parameters if self.flat and symbol.name.endswith(f"_{self.flat}")}

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        return DERIVATIONS[self.family.name].parameters

    def symbols(self, name: str) -> tuple[Symbol, ...]:
        """The parameters that a name stands for, one or, of a list, all its entries."""
        meaning = next(m for m in self.meanings if m.name == name)
        slot = next(s for s in self.family.slots if s.quantity is meaning.quantity and self._is_slot(s, name))
        middle = [f"_{k}" for k in _OUTCOMES] if self.family.vector else [""]
        found = [f"{slot.symbol}{part}_{meaning.owner}" for part in middle]
        return tuple(symbol for word in found for symbol in self.parameters if symbol.name == word)

    def _is_slot(self, slot: Slot, name: str) -> bool:
        same = [s for s in self.family.slots if s.quantity is slot.quantity]
        return len(same) == 1 or slot.takes(stem_of(name))

    def expression(self) -> Expr:
        """The formula in the parameters of p and q."""
        return to_sympy(self.tree(), self.expressions())

    def expressions(self) -> dict[str, Expr]:
        found = {}
        for meaning in self.meanings:
            if meaning.quantity is Quantity.ONE:
                continue
            for place, symbol in enumerate(self.symbols(meaning.name), 1):
                key = f"{meaning.name}[{place}]" if self.family.vector else meaning.name
                found[key] = 1 / symbol if meaning.name in self.inverted else symbol
        if self.flat:
            counts = (name for name in self.formula.names if _counts(name) and name not in found)
            found |= {name: Integer(len(_OUTCOMES)) for name in counts}
        return found

    def tree(self) -> Node:
        """The tree, with the entries of lists written out."""
        if not self.family.vector:
            return self.formula.tree
        listed = frozenset(meaning.name for meaning in self.meanings)
        found = spread(self.formula.tree, len(_OUTCOMES), listed)
        if isinstance(found, tuple):
            raise Undefined(self.formula.tree, "it is a list and no number: sum it")
        return found


def stem_of(name: str) -> str:
    """The word of a name that says what it is: lam of lam_p, rate of rate2, p of p1."""
    first, *others = name.split("_")
    said = [word for word in others if len(word) > 2 and word in _STEMS]  # of p_scale what follows the owner
    head = (said[0] if said and first in _OWNERS else first).rstrip("0123456789")
    return head if head else name


def spread(node: Node, size: int, listed: frozenset[str]) -> Node | tuple[Node, ...]:
    """The tree over lists of so many entries: what is taken of a list is taken of each, and a sum adds them up.

    listed: the names that are lists. The sum of what holds no name, such as that of ones, is so many times it.
    """
    if node.operation == "name" and node.value not in listed:
        return node
    if node.operation == "name":
        return tuple(replace(node, value=f"{node.value}[{k}]") for k in range(1, size + 1))
    parts = [spread(argument, size, listed) for argument in node.arguments]
    if node.operation in ("sum", "mean"):
        inside = parts[0] if isinstance(parts[0], tuple) else (parts[0],)
        if not node.arguments[0].names():
            inside = inside * size
        total = inside[0]
        for part in inside[1:]:
            total = Node("add", (total, part), at=node.at)
        divisor = Node("number", value=Fraction(len(inside)), at=node.at)
        return total if node.operation == "sum" else Node("div", (total, divisor), at=node.at)
    if node.operation == "matmul" and all(isinstance(part, tuple) for part in parts):
        products = [Node("mul", pair, at=node.at) for pair in zip(*parts, strict=True)]
        total = products[0]
        for product in products[1:]:
            total = Node("add", (total, product), at=node.at)
        return total
    if not any(isinstance(part, tuple) for part in parts):
        return replace(node, arguments=tuple(parts))
    wide = [part if isinstance(part, tuple) else (part,) * size for part in parts]
    return tuple(replace(node, arguments=entry) for entry in zip(*wide, strict=True))


def with_totals(formula: Formula) -> Formula:
    """The formula with the sum of a Dirichlet's concentrations, written alpha_0 beside alpha_k, put in as a sum."""
    if not (formula.tree.holds("digamma") and formula.tree.holds("sum")):
        return formula
    totals = {name: base for name in formula.names if (base := _TOTAL.sub("", name)) != name and base in formula.names}
    if not totals:
        return formula
    names = tuple(name for name in formula.names if name not in totals)
    notes = tuple(f"{total} is read as the sum of {base}." for total, base in totals.items())
    return replace(formula, tree=_summed(formula.tree, totals), names=names, notes=(*formula.notes, *notes))


_TOTAL = re.compile(r"_?(?:0|plus|sum|total|tot)$")


def _summed(node: Node, totals: Mapping[str, str]) -> Node:
    if node.operation == "name" and node.value in totals:
        return Node("sum", (replace(node, value=totals[node.value]),), at=node.at)
    return replace(node, arguments=tuple(_summed(part, totals) for part in node.arguments))


def readings(formula: Formula) -> Iterator[Reading]:
    """The families that the names of a formula fit, with who is whose."""
    counts = [name for name in formula.names if _counts(name)]
    names = [name for name in formula.names if name not in counts or len(formula.names) == len(counts) == 2]
    yield from _beside_a_uniform_one(formula, names)
    if len(names) < len(formula.names):
        return  # a number of something stands in it, and not as a factor of the whole
    for family in FAMILIES:
        if len(names) != 2 * len(family.slots) or family.vector and not formula.tree.holds("sum", "mean", "matmul"):
            continue
        yield from _of_family(formula, family, names)


# What makes one of a family uniform: its parameters, and in words.
FLAT = {
    "dirichlet": (Integer(1), "uniform over all probabilities, with every concentration 1"),
    "beta": (Integer(1), "uniform, Beta(1, 1)"),
    "categorical": (Rational(1, len(_OUTCOMES)), "uniform over the outcomes"),
    "bernoulli": (Rational(1, 2), "a fair coin"),
}


def _beside_a_uniform_one(formula: Formula, names: list[str]) -> Iterator[Reading]:
    """The families in which a formula has the names of one distribution, and the other one is uniform."""
    count = len(formula.names)
    for family in FAMILIES:
        own = dict(zip(family.slots, _in_slots(family, names), strict=False))
        if family.name not in FLAT or len(names) != len(family.slots) or len(own) != len(names):
            continue
        if family.vector != formula.tree.holds("sum", "mean", "matmul") or not family.vector and len(names) < count:
            continue
        is_p = all(_said(name) for name in names)
        owner, other = (Owner.P, "q") if is_p else (Owner.Q, "p")
        meanings = tuple(Meaning(name, slot.quantity, owner) for slot, name in own.items())
        yield Reading(formula, family, meanings, frozenset(), "", other)


def _in_slots(family: Family, names: list[str]) -> list[str]:
    """The names in the order of a family's parameters, where each has one of its own."""
    found = [[name for name in names if len(names) == 1 or slot.takes(stem_of(name))] for slot in family.slots]
    return [own[0] for own in found] if all(len(own) == 1 for own in found) else []


def _said(name: str) -> bool:
    """Whether a name says that it is p's."""
    return name == "p" or name.endswith("_p")


def _counts(name: str) -> bool:
    """Whether a name is that of a number of things: n, d, k, but not k1, which has a second beside it."""
    found = parts_of(name)
    return found.quantity == "count" and not found.index or bool(_COUNTED.fullmatch(name))


_COUNTED = re.compile(
    r"[CKNV]|(?i:(?:n|num|number|no)_?(?:of_?)?(?:class(?:es)?|categor(?:y|ies)|outcomes?|labels?|symbols?|states?|topics?"
    r"|actions?|components?|dims?|words?|tokens?|bins?)|vocab(?:ulary)?_?(?:size)?|[nk]_?cls|ncat|arity)"
)


def _of_family(formula: Formula, family: Family, names: list[str]) -> Iterator[Reading]:
    meanings: list[Meaning] = []
    inverted: set[str] = set()
    taken: set[str] = set()
    note = ""
    for slot in family.slots:
        own = [n for n in names if n not in taken and (len(family.slots) == 1 or slot.takes(stem_of(n)))]
        if len(own) != 2 or len(family.slots) == 1 and slot.stems and not all(slot.takes(stem_of(n)) for n in own):
            return
        owners, words = owners_of(own)
        note = note or words
        taken |= set(own)
        inverted |= {name for name in own if stem_of(name) in slot.inverse}
        meanings += [Meaning(name, slot.quantity, owners[name]) for name in own]
    if len({m.owner for m in meanings}) == 2:
        in_order = tuple(next(m for m in meanings if m.name == name) for name in names)
        yield Reading(formula, family, in_order, frozenset(inverted), note)


def family_check(formula: Formula, meanings: tuple[Meaning, ...] | None = None) -> FormulaCheck | None:
    """The check of a formula that is a multiple of a direction of some family, plus a constant; None if it is none.

    meanings: those of the names, where a person says them.
    """
    for guess in readings(with_totals(formula)):
        reading = _as_said(guess, meanings)
        try:
            found = _matched(reading)
        except Undefined:
            continue
        if found:
            return _answer(reading, found)
    return None


def _as_said(reading: Reading, meanings: tuple[Meaning, ...] | None) -> Reading:
    """The reading with the owners that a person gives, where each parameter has one of p and one of q."""
    if not meanings:
        return reading
    said = {m.name: m.owner for m in meanings if m.owner is not Owner.BOTH}
    swapped = tuple(replace(m, owner=said.get(m.name, m.owner)) for m in reading.meanings)
    pairs = [{m.owner for m in swapped if m.quantity is slot.quantity} for slot in reading.family.slots]
    return replace(reading, meanings=swapped) if all(len(pair) == 2 for pair in pairs) else reading


def family_refutation(formula: Formula) -> FormulaCheck | None:
    """That a formula is not a direction of the family that it looks like; None if it looks like none."""
    for reading in readings(with_totals(formula)):
        if reading.flat:
            continue
        marks = reading.family.marks
        fits = all(formula.tree.holds(mark) for mark in marks) if marks else _looks_like(reading)
        fits = fits and not (reading.family.name == "gamma" and _has_gamma_of_rate(reading))
        fits = fits and not (reading.family.vector and _has_means(reading))
        if fits and (reading.family.name != "bernoulli" or _has_complements(formula.tree)):
            return _answer(reading, None)
    return None


UNIFORM = (
    "It looks like log((b_q − a_q)/(b_p − a_p)), of two uniform distributions, which are not checked here. That is "
    "D(p‖q) where the interval from a_p to b_p lies within the one from a_q to b_q; elsewhere D(p‖q) is infinite."
)


def looks_uniform(formula: Formula) -> bool:
    """Whether it is the log of a ratio of two lengths, b2 − a2 and b1 − a1, in four names."""
    if len(formula.names) != 4 or formula.tree.holds("sum", "exp", "digamma"):
        return False
    points = [dict(zip("wxyz", numbers)) for numbers in ((9, 1, 6, 2), (8, -3, 5, 1))]  # w − x and y − z are positive
    for order in permutations("wxyz"):
        try:
            off = [
                evaluate(formula.tree, {n: mpf(point[k]) for n, k in zip(formula.names, order)})[0]
                - mpmath.log(mpf(point["w"] - point["x"]) / (point["y"] - point["z"]))
                for point in points
            ]
        except (Undefined, ValueError, ZeroDivisionError):
            continue
        if all(abs(number) < mpf(10) ** -20 for number in off):
            return True
    return False


def _has_means(reading: Reading) -> bool:
    """Whether a name of it says that it is a mean or a width, which no probability is."""
    return any(parts_of(m.name).quantity not in ("", "count", "precision") for m in reading.meanings)


def _has_gamma_of_rate(reading: Reading) -> bool:
    """Whether the digamma function of a rate stands in it, as it does in no gamma distribution."""
    rates = {m.name for m in reading.meanings if m.quantity is Quantity.RATE}
    inside = (part for part in reading.formula.tree.walk() if part.operation == "digamma")
    return any(rates & set(part.names()) for part in inside)


def _looks_like(reading: Reading) -> bool:
    return reading.formula.tree.holds("log") and all(stem_of(m.name) in _RATE for m in reading.meanings)


def _has_complements(tree: Node) -> bool:
    """Whether 1 − p stands in it."""
    if tree.operation == "sub" and tree.arguments[0].value == 1 and tree.arguments[1].operation == "name":
        return True
    return any(_has_complements(part) for part in tree.arguments)


def _points(reading: Reading) -> Iterator[Point]:
    """Points of random digits; probabilities lie below 1, and those of a list sum to 1."""
    for index in range(_POINTS):
        point = random_point(reading.parameters, index)
        if reading.family.slots[0].quantity is Quantity.PROBABILITY:
            point = {s: v / (1 + v) for s, v in point.items()}
        elif reading.family.slots[0].quantity is Quantity.PROBABILITIES:
            for role in "pq":
                total = mpmath.fsum(v for s, v in point.items() if s.name.endswith(role))
                point |= {s: v / total for s, v in point.items() if s.name.endswith(role)}
        yield point | {s: mpmath.mpf(number.p) / number.q for s, number in reading.fixed().items()}


def _value(tree: Node, expressions: Mapping[str, Expr], point: Point) -> mpf:
    return evaluate(tree, {name: value(expression, point) for name, expression in expressions.items()})[0]


def _matched(reading: Reading) -> Match | None:
    """The formula as a multiple of a direction; the simpler one of the two."""
    expressions, tree = reading.expressions(), reading.tree()
    points = list(islice(_points(reading), _POINTS))
    values = [_value(tree, expressions, point) for point in points[:3]]
    forms = dict(zip(("forward", "reverse"), reading.forms(), strict=True))
    likely = {d: f for d, f in forms.items() if line(values, [value(f, point) for point in points[:3]])}
    if not likely:
        return None
    values += [_value(tree, expressions, point) for point in points[3:]]
    lines: dict[str, Line] = {}
    for direction, form in likely.items():
        found = line(values, [value(form, point) for point in points])
        if found:
            lines[direction] = found
    if not lines:
        return None
    direction = min(lines, key=lambda d: (lines[d].factor != 1, lines[d].constant != 0))
    if reading.flat and lines[direction].constant != 0:
        return None  # a constant here would be that of three entries
    return _proved(reading, lines[direction], direction, forms[direction])


_OF_GAUSSIANS = ("1/2", "belongs")  # a half that is missing is that of the closed form between Gaussians


def _proved(reading: Reading, found_line: Line, direction: str, base: Expr) -> Match:
    """The match on a line, by algebra where it can be shown."""
    formula = _with_factorials(reading.expression()) if reading.flat else reading.expression()
    found = match(found_line, direction, base, formula)
    if any(words in found.note for words in _OF_GAUSSIANS):
        found = replace(found, note="")
    if reading.family.vector and (found.constant != 0 or reading.formula.tree.holds("mean")):
        found = replace(found, note=", ".join(filter(None, [found.note, "for lists of three entries"])))
    if found.proved or found.factor.is_Float or not reading.family.vector:
        return found
    tied = _tied(reading)
    ties = match(found_line, direction, base.xreplace(tied), Add(formula.xreplace(tied), evaluate=False))
    return replace(found, proved=ties.proved)


def _with_factorials(expression: Expr) -> Expr:
    """log Γ(3) as log 2."""
    numbers = {g: g.args[0].doit() for g in expression.atoms(loggamma) if not g.free_symbols}
    return expression.xreplace({g: log(factorial(n - 1)) for g, n in numbers.items() if n.is_Integer})


def _tied(reading: Reading) -> dict[Symbol, Expr]:
    """The last probability of each list as what is left of 1."""
    if reading.family.slots[0].quantity is not Quantity.PROBABILITIES:
        return {}
    found = {}
    for role in "pq".replace(reading.flat or " ", ""):
        *others, last = [s for s in reading.parameters if s.name.endswith(role)]
        found[last] = 1 - sum(others)
    return found


def _answer(reading: Reading, found: Match | None) -> FormulaCheck:
    verdict = Verdict.NEITHER if found is None else _verdict(found)
    formula, meanings = reading.formula, reading.meanings
    if reading.family.vector:
        formula = replace(formula, tree=_counted(formula.tree))
    told = remarks(formula, meanings, (), verdict, found, once=True)
    if reading.family.vector:
        told = tuple(r for r in told if not r.startswith("One coordinate")) + (
            "Lists of three entries are checked, as in the derivation.",
        )
    if reading.inverted:
        told += (f"{', '.join(sorted(reading.inverted))}: read as means, one over the rates.",)
    family = reading.family.words
    if found is None and not reading.family.marks and not reading.flat:
        family = "Poisson or exponential distributions"  # both have one rate, and each was tried
    check = FormulaCheck(
        formula=formula,
        meanings=meanings,
        assumptions=(),
        verdict=verdict,
        match=found,
        explanation=None,
        failure=None,
        comparison=_comparison(reading),
        headline="",
        proof="",
        condition=f"{reading.flat} is {FLAT[reading.family.name][1]}" if reading.flat else "",
        latex=tree_latex(formula.tree),
        remarks=(*told, *filter(None, [reading.note])),
        contradicts_claim=contradicts(formula.claim, meanings, found),
        family=family,
        derivation=reading.family.name,
    )
    said = _other_way(reading, found) if found else _other_sign(reading)
    return replace(check, headline=headline(check) + said, proof=_proof(check))


def _counted(node: Node) -> Node:
    """The tree with the sum of ones, of whose list nothing else is known, as its number of entries."""
    node = replace(node, arguments=tuple(map(_counted, node.arguments)))
    if node.operation != "sum" or node.names():
        return node
    size = Node("number", value=Fraction(len(_OUTCOMES)), at=node.at)
    return Node("mul", (size, *node.arguments), at=node.at)


_EITHER = ("b", "beta")  # of an exponential distribution a rate, as in b exp(−b x), or a mean, as in exp(−x/b)/b


def _other_way(reading: Reading, found: Match | None) -> str:
    """Of an exponential whose b may be a rate or a mean: what the formula is where it is the other of the two."""
    names = [m.name for m in reading.meanings if stem_of(m.name) in _EITHER]
    if reading.family.name != "exponential" or not names or found is None:
        return ""
    other = {"forward": "D(q‖p)", "reverse": "D(p‖q)"}.get(found.direction, "")
    one, two = map(spoken, names)
    return (
        f" That is with {one} and {two} as rates, b exp(−b x); if they are means or scales, exp(−x/b)/b, it is {other}."
    )


_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def _other_sign(reading: Reading) -> str:
    """Of a formula that is neither direction: which of its terms makes it one with the other sign, if there is one."""
    tree, found = reading.formula.tree, None
    for family in (reading.family, *_namesakes(reading.family)):
        for place, (term, sign) in zip(_PLACES, _terms(tree, 1), strict=False):
            twice = Node("mul", (Node("number", value=Fraction(2 * sign), at=term.at), term), at=term.at)
            formula = replace(reading.formula, tree=Node("sub", (tree, twice), at=tree.at))
            try:
                found = _matched(replace(reading, family=family, formula=formula))
            except Undefined:
                continue
            if found and found.factor == 1 and found.constant == 0:
                ratio = ", or the ratio in its logarithm upside down," if _is_of_ratio(term) else ""
                of = f" of two {family.words}" if _namesakes(family) else ""
                return (
                    f" With the sign of its {place} term turned{ratio} it would be {DIRECTIONS[found.direction]}{of}."
                )
    return ""


def _namesakes(family: Family) -> list[Family]:
    """The other families with the same parameters, of which none has a mark of its own: Poisson and exponential."""
    same = [other for other in FAMILIES if [s.quantity for s in other.slots] == [s.quantity for s in family.slots]]
    return [other for other in same if other is not family and not other.marks and not family.marks]


def _is_of_ratio(term: Node) -> bool:
    """Whether it is the logarithm of a quotient, or that times something."""
    if term.operation == "mul":
        return any(map(_is_of_ratio, term.arguments))
    return term.operation == "log" and term.arguments[0].operation == "div"


def _terms(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    """The terms of a sum in their order, each with its sign."""
    if node.operation in ("add", "sub"):
        yield from _terms(node.arguments[0], sign)
        yield from _terms(node.arguments[1], sign if node.operation == "add" else -sign)
    elif node.operation == "neg":
        yield from _terms(node.arguments[0], -sign)
    else:
        yield node, sign


def _verdict(found: Match) -> Verdict:
    return {
        (False, False): Verdict.EQUAL,
        (False, True): Verdict.CONSTANT,
        (True, False): Verdict.FACTOR,
        (True, True): Verdict.FACTOR_AND_CONSTANT,
    }[found.factor != 1, found.constant != 0]


def _comparison(reading: Reading) -> Comparison:
    """Numbers at one point, for a reader."""
    point = next(_points(reading))
    point = {symbol: mpmath.mpf(mpmath.nstr(number, 3)) for symbol, number in point.items()}
    point |= {symbol: mpmath.mpf(number.p) / number.q for symbol, number in reading.fixed().items()}
    if reading.family.slots[0].quantity is Quantity.PROBABILITIES:
        for role in "pq".replace(reading.flat or " ", ""):
            *others, last = [s for s in reading.parameters if s.name.endswith(role)]
            point[last] = 1 - mpmath.fsum(point[s] for s in others)
    expressions = reading.expressions()
    try:
        number = float(_value(reading.tree(), expressions, point))
    except Undefined:
        number = None
    symbols = tuple((name, float(value(expression, point))) for name, expression in expressions.items())
    parameters = tuple((symbol.name, float(number)) for symbol, number in point.items())
    forward, reverse = (float(value(form, point)) for form in reading.forms())
    return Comparison(symbols, parameters, number, forward, reverse)


def _proof(check: FormulaCheck) -> str:
    if check.match is None:
        return f"Counterexample in numbers; at {_POINTS} random points it agrees with neither direction."
    numbers = f"in numbers of 50 digits, at {_POINTS} random points, they agree to {check.match.residual:.0e}"
    if check.match.proved:
        return f"The difference is 0 by algebra, for all values; {numbers}."
    return f"Not proved by algebra; {numbers}."


__all__ = ["FAMILIES", "UNIFORM", "family_check", "family_refutation", "looks_uniform"]
