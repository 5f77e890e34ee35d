"""What a check of a formula found, as plain data for a page."""

from dataclasses import dataclass
from enum import StrEnum
from html import escape

from sympy import Expr, Mul, Symbol

from kl_engine.symbolic.formulas.grammar import Formula
from kl_engine.symbolic.recognise.meanings import Assumption, Meaning


class Verdict(StrEnum):
    """How a formula relates to the divergence, from equal to unrelated."""

    EQUAL = "equal"
    CONSTANT = "up to a constant"
    FACTOR = "up to a factor"
    FACTOR_AND_CONSTANT = "up to a factor and a constant"
    NEITHER = "neither"
    UNDEFINED = "undefined"


@dataclass(frozen=True)
class Match:
    """formula = factor * D + constant for one direction, or for a wrong formula of the catalogue in place of D.

    direction: "forward", "reverse" or "both". factor, constant: exact, or decimal numbers where no exact form was
    found. proved: whether algebra shows it; the numbers agree in any case. residual: the largest difference of these.
    note: the name of the factor or the constant, such as "in bits"; empty if there is nothing to say.
    """

    direction: str
    factor: Expr
    constant: Expr
    proved: bool
    residual: float
    note: str = ""


class Kind(StrEnum):
    """What explains a formula that is not the divergence."""

    SLIP = "slip"
    MEANING = "other meaning of the symbols"
    RELATIVE = "another quantity"
    SCALE = "agreement at ordinary scales only"
    NEAR = "close, but not equal"


@dataclass(frozen=True)
class Explanation:
    """Why a formula is wrong: what leads to exactly this formula, in a sentence, and how it matches.

    name: the slip's, as in `slips`. match: the formula against the slip's wrong formula of that direction.
    """

    kind: Kind
    name: str
    words: str
    match: Match


@dataclass(frozen=True)
class Comparison:
    """Numbers at one point: the symbols of the formula, the parameters of p and q, and the three values in nats.

    value: that of the formula, None where it has none.
    """

    symbols: tuple[tuple[str, float], ...]
    parameters: tuple[tuple[str, float], ...]
    value: float | None
    forward: float
    reverse: float


@dataclass(frozen=True)
class Failure:
    """Where the formula has no value though the divergence has one: the piece, why, and at which point."""

    piece: str
    reason: str
    symbols: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Dimensions:
    """What was found of a formula with matrices for n = 1, 2, 3: whether it is the same multiple of the same direction.

    proved: for every n, by algebra. reason: why it does not hold, in words. grows: whether a constant that is left over
    is n times that on the line.
    """

    holds: bool
    proved: bool = False
    reason: str = ""
    grows: bool = False


@dataclass(frozen=True)
class FormulaCheck:
    """The answer to "which divergence is this?".

    headline: the answer in a sentence. proof: how it is known, in words. comparison: numbers; the counterexample where
    the formula is wrong. condition: what is assumed of p and q for it, in words, empty if nothing. remarks: how it was
    read, and what else is worth knowing. contradicts_claim: the left side names another divergence than the right one
    is. only_one_dimension: it is right for one coordinate, and not for two equal ones. averaged: a mean over the
    coordinates stands around it, which divides by their number. dimensions: of a formula with matrices, what was found
    in more than one dimension. family: of which distributions it is, in the plural. derivation: the name of the one
    that proves their closed form, where they are no Gaussians on the line. formula: what was read. meanings and
    assumptions: of its symbols. verdict, match, explanation and failure: what was found. latex: the formula set. A
    right one is in nats. Made by `kl.symbolic.check_formula`.

    >>> import kl_engine as kl
    >>> found = kl.symbolic.check_formula("log(s2/s1) + (s1^2 + (m1-m2)^2)/(2*s2^2) - 1/2")
    >>> found.is_right, found.direction
    (True, 'forward')
    """

    formula: Formula
    meanings: tuple[Meaning, ...]
    assumptions: tuple[Assumption, ...]
    verdict: Verdict
    match: Match | None
    explanation: Explanation | None
    failure: Failure | None
    comparison: Comparison
    headline: str
    proof: str
    condition: str
    latex: str
    remarks: tuple[str, ...] = ()
    contradicts_claim: bool = False
    only_one_dimension: bool = False
    averaged: bool = False
    dimensions: Dimensions | None = None
    family: str = "Gaussians"
    derivation: str = ""

    def __repr__(self) -> str:
        return f"FormulaCheck(is_right={self.is_right}, direction={self.direction!r}, headline={self.headline!r})"

    def _repr_html_(self) -> str:
        """What a notebook shows: the answer, the formula as it was read, and how the answer is known."""
        rest = (self.proof, self.condition, *self.remarks)
        lines = [escape(self.headline), f"${escape(self.latex)}$", *(escape(text) for text in rest if text)]
        return "".join(f"<p>{line}</p>" for line in lines)

    @property
    def is_right(self) -> bool:
        """Equal to a direction for all values, by algebra, and to the one that its left side names.

        Names that multiply the whole, such as beta, are said in the headline and do not make it wrong.
        """
        sound = self.verdict is Verdict.EQUAL and self.proved
        return sound and not (self.contradicts_claim or self.only_one_dimension or self.averaged)

    @property
    def factor(self) -> Expr | None:
        """What the divergence is multiplied by, the names that the text multiplies it by among it; None without one."""
        if self.match is None:
            return None
        names = [_power(name) for name in self.formula.factors]
        return Mul(self.match.factor, *names)

    @property
    def constant(self) -> Expr | None:
        """What is added to the multiple of the divergence; None if it is none."""
        return self.match.constant if self.match else None

    @property
    def direction(self) -> str | None:
        return self.match.direction if self.match else None

    @property
    def proved(self) -> bool:
        """Whether algebra shows it: of matrices, for every dimension."""
        everywhere = self.dimensions is None or self.dimensions.proved
        return bool(self.match and self.match.proved and everywhere)


def _power(name: str) -> Expr:
    """beta as a symbol, 1/batch_size as one over it."""
    below = name.removeprefix("1/")
    return Symbol(below) if below == name else 1 / Symbol(below)
