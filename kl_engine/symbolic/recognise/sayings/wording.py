"""The answer to a check of a formula, in sentences."""

from sympy import Expr, Integer

from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.proof.sampling import DIGITS
from kl_engine.symbolic.recognise.findings import Explanation, FormulaCheck, Kind, Match, Verdict
from kl_engine.symbolic.recognise.meanings import Assumption, Meaning, Quantity

MOST_SAID = 3  # symbols whose meanings a sentence holds
DIRECTIONS = {"forward": "D(p‖q)", "reverse": "D(q‖p)", "both": "both D(p‖q) and D(q‖p)"}


def headline(check: FormulaCheck) -> str:
    """The answer in one or two sentences."""
    if check.verdict is Verdict.UNDEFINED:
        place = ", ".join(f"{spoken(name)} = {number:.6g}" for name, number in check.failure.symbols)
        why = f"in {check.failure.piece!r} {check.failure.reason}"
        words = f"It has no value at {place}, where the divergence has one: {why}."
        return f"{words} Where it has a value, it {_relation(check.match)}." if check.match else words
    if check.match is None:
        return _neither(check.explanation, check.family, check.meanings)
    grows = check.dimensions is not None and check.dimensions.grows
    family = "" if check.family == "Gaussians" else f" of two {check.family}"
    text = f"It {_relation(check.match, check.formula.factors, grows, family)}"
    if check.averaged:
        text += ", averaged over the coordinates, so divided by their number"
    if check.contradicts_claim:
        text += ", not what its left side says"
    if check.only_one_dimension:
        text += f", but only in one dimension: {_why_not_more(check)}"
    return f"{text}, given that {_condition(check)}." if check.condition else f"{text}."


def _condition(check: FormulaCheck) -> str:
    return check.condition.replace("N(0, 1)", "N(0, I)") if check.dimensions else check.condition


def condition(assumptions: tuple[Assumption, ...]) -> str:
    """What is assumed of p and q, in words."""
    fixed = {assumption.parameter.name: assumption.value for assumption in assumptions}
    for role in "pq":
        if fixed == {f"mu_{role}": 0, f"sigma_{role}": 1}:
            return f"{role} = N(0, 1)"
    return ", and ".join(assumption.words for assumption in assumptions)


def _why_not_more(check: FormulaCheck) -> str:
    if check.formula.tree.holds("sum"):
        return "what stands outside the sum does not grow with their number"
    return "a mean over the coordinates divides by their number"


def _neither(explanation: Explanation | None, family: str, meanings: tuple[Meaning, ...]) -> str:
    """What a formula is not. Where no slip explains it, a symbol may mean another thing: then the answer says how each
    was read."""
    if explanation is None:
        words = [meaning.words for meaning in meanings if meaning.quantity is not Quantity.ONE]
        read = f" ({', '.join(words)})" if len(words) <= MOST_SAID else ""
        of = "" if family == "Gaussians" else f" of two {family}"
        return f"As its symbols are read{read}, it is neither D(p‖q) nor D(q‖p){of}."
    but = ""
    if explanation.kind is Kind.SCALE:
        return explanation.words
    if explanation.kind is Kind.SLIP:
        note = f" ({explanation.match.note})" if explanation.match.note else ""
        but = f", but {DIRECTIONS[explanation.match.direction]} with a slip{note}"
    return f"It is neither D(p‖q) nor D(q‖p){but}. {explanation.words}"


def _relation(match: Match, factors: tuple[str, ...] = (), grows: bool = False, family: str = "") -> str:
    """What it is of the divergence. grows: whether the constant belongs to each dimension. family: " of two …"."""
    divergence = DIRECTIONS[match.direction] + family
    note = f" ({match.note})" if match.note else ""
    times = _factor(match.factor, factors)
    if not times and match.constant == 0:
        return f"is equal to {divergence}" if match.proved else f"agrees with {divergence} in numbers, without a proof"
    if not times:
        constant = f"{_number(match.constant)} in each dimension" if grows else f"{_number(match.constant)}{note}"
        return f"is {divergence} plus a constant, {constant}"
    if match.constant == 0:
        return f"is {times} times {divergence}{note}"
    if factors:  # they multiply the constant too
        number = "" if match.factor == 1 else f"{_number(match.factor)} times "
        names = _factor(Integer(1), factors)
        return f"is {names} times the sum of {number}{divergence} and the constant {_number(match.constant)}{note}"
    return f"is {times} times {divergence}{note}, plus the constant {_number(match.constant)}"


def _factor(factor: Expr, names: tuple[str, ...]) -> str:
    """−2, beta, 1/2 · beta/batch_size; nothing for 1."""
    above = [spoken(name) for name in names if not name.startswith("1/")]
    below = [spoken(name.removeprefix("1/")) for name in names if name.startswith("1/")]
    text = " · ".join(above)
    if below:
        divisor = below[0] if len(below) == 1 else f"({' · '.join(below)})"
        text = f"{text or '1'}/{divisor}"
    number = "" if factor == 1 else _number(factor)
    return f"{number} · {text}" if number and text else number or text


def _number(number: Expr) -> str:
    """An exact number as it is, a decimal one in at most ten digits."""
    return f"{float(number):.10g}" if number.is_Float else str(number)


def proof(check: FormulaCheck, points: int, hard: int) -> str:
    """How it is known: the route of the proof, or what was tried, at `points` random points and `hard` extreme ones."""
    match = check.match or (check.explanation.match if check.explanation else None)
    if match is None and check.verdict is Verdict.UNDEFINED:
        return "Found by putting numbers in; it was compared with nothing further."
    if match is None:
        return f"Counterexample in numbers; at {points} random points it agrees with neither direction."
    where = f"at {points} random points and {hard} of extreme scale"
    if check.explanation:
        where = f"at {points} random points"
    numbers = f"in numbers of {DIGITS} digits, {where}, they agree to {match.residual:.0e}"
    if check.dimensions and check.match:
        how = "the algebra of traces and determinants shows it for every n" if check.proved else "not proved by algebra"
        return f"In one dimension {numbers}; in two and three, at matrices of random entries, too; {how}."
    what = "" if check.match else "This explanation: "
    if check.explanation and check.explanation.kind in (Kind.SCALE, Kind.NEAR):
        scale = ", at an extreme scale" if check.explanation.kind is Kind.SCALE else ""
        return f"Counterexample in numbers{scale}; {numbers}."
    if match.proved:
        return f"{what}The difference is 0 by algebra, for all values; {numbers}."
    return f"{what}Not proved by algebra; {numbers}."
