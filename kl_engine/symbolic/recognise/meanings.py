"""What the symbols of a formula mean: which quantity, of p or of q. Guessed from their names, to be changed by people.

The conventions of the guess: index 1 (or 0, if 0 and 1 are used, or a of a and b) is p, the other q. Names without an
index, as in the code of variational autoencoders, belong to q, and then the prior p is N(0, 1): there D(q||p) is what
is computed, for in variational inference q stands first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sympy import Expr, Integer, Rational, Symbol, log

from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.formulas.syntax_tree import FormulaError
from kl_engine.symbolic.proof.notation import mu_p, mu_q, sigma_p, sigma_q


class Quantity(StrEnum):
    """What a symbol stands for. ONE is for a dimension, which is 1 between Gaussians on the line."""

    MEAN = "mean"
    STD = "standard deviation"
    VARIANCE = "variance"
    LOG_STD = "log standard deviation"
    LOG_VARIANCE = "log variance"
    PRECISION = "precision"
    ONE = "the number 1"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Whose quantity it is. BOTH: p and q share it."""

    P = "p"
    Q = "q"
    BOTH = "both"


@dataclass(frozen=True)
class Meaning:
    """One symbol of a formula and what it stands for."""

    name: str
    quantity: Quantity
    owner: Owner

    @property
    def words(self) -> str:
        if self.quantity is Quantity.ONE:
            return f"{spoken(self.name)} is the number 1"
        whose = "p and of q" if self.owner is Owner.BOTH else str(self.owner)
        return f"{spoken(self.name)} is the {self.quantity} of {whose}"


@dataclass(frozen=True)
class Assumption:
    """A parameter that no symbol of the formula stands for, and the value it is given."""

    parameter: Symbol
    value: Expr
    words: str


_FROM_STD: dict[Quantity, Callable[[Expr], Expr]] = {
    Quantity.STD: lambda std: std,
    Quantity.VARIANCE: lambda std: std**2,
    Quantity.LOG_STD: lambda std: log(std),
    Quantity.LOG_VARIANCE: lambda std: 2 * log(std),
    Quantity.PRECISION: lambda std: std**-2,
}
SCALES = tuple(_FROM_STD)
PARAMETERS = {"mean_p": mu_p, "std_p": sigma_p, "mean_q": mu_q, "std_q": sigma_q}
_ROLES = {mu_p: "the mean of p", mu_q: "the mean of q", sigma_p: "the std of p", sigma_q: "the std of q"}

_STEMS = {
    Quantity.MEAN: "m mu mean loc",
    Quantity.STD: "s sigma std sd scale stddev",
    Quantity.VARIANCE: "v var variance sigmasq sigma2 ssq sq s2",
    Quantity.LOG_STD: "ls logstd logsigma logsd logscale",
    Quantity.LOG_VARIANCE: "lv logvar logvariance lvar logsigmasq logsigma2",
    Quantity.PRECISION: "tau prec precision lam lambda",
    Quantity.ONE: "d k n dim",
}
_QUANTITY = {stem: quantity for quantity, stems in _STEMS.items() for stem in stems.split()}
_P_WORDS = ("p", "prior", "target", "true", "theta", "data")
_Q_WORDS = ("q", "post", "posterior", "approx", "phi", "enc", "encoder", "model", "hat", "z")
_INDEX = (*_P_WORDS, *_Q_WORDS, "0", "1", "2", "a", "b")


def expression_of(meaning: Meaning) -> Expr:
    """The symbol in the means and standard deviations of p and q. What both share is written with p's symbol."""
    if meaning.quantity is Quantity.ONE:
        return Integer(1)
    mean, std = (mu_q, sigma_q) if meaning.owner is Owner.Q else (mu_p, sigma_p)
    return mean if meaning.quantity is Quantity.MEAN else _FROM_STD[meaning.quantity](std)


def guess_meanings(names: tuple[str, ...]) -> tuple[Meaning, ...]:
    """A guess for each name, in the same order; quantity UNKNOWN where the name says nothing."""
    parts = [_split(name) for name in names]
    owners = _owners({index for _, index in parts if index})
    present = set(owners.values())
    # Without an index: s beside m1 and m2 is shared, mu beside mu_prior is the other's, and alone it is q's.
    bare = Owner.BOTH if len(present) == 2 else Owner.P if present == {Owner.Q} else Owner.Q
    return tuple(
        Meaning(name, _QUANTITY.get(stem, Quantity.UNKNOWN), owners.get(index, bare))
        for name, (stem, index) in zip(names, parts, strict=True)
    )


def _split(name: str) -> tuple[str, str]:
    """Stem and index: log_var_1 -> (logvar, 1), s2 -> (s, 2), mu_prior -> (mu, prior), pmu -> (pmu, nothing)."""
    joined = name.lower().replace("_", "")
    for index in sorted(_INDEX, key=len, reverse=True):
        for stem in (joined.removesuffix(index), joined.removeprefix(index)):
            if stem != joined and stem in _QUANTITY:
                return stem, index
    return joined, ""


def _owners(indices: set[str]) -> dict[str, Owner]:
    """p first: the words for p and q as they say, any other index by its order."""
    owners = dict.fromkeys(indices & {*_P_WORDS}, Owner.P) | dict.fromkeys(indices & {*_Q_WORDS}, Owner.Q)
    taken = set(owners.values())
    others = sorted(indices - owners.keys())
    if len(others) == 1 and not taken:
        return {others[0]: Owner.Q if others[0] in ("2", "b") else Owner.P}
    free = [owner for owner in (Owner.P, Owner.Q) if owner not in taken] or [Owner.P, Owner.Q]
    return owners | {index: free[min(place, len(free) - 1)] for place, index in enumerate(others)}


def assume(meanings: tuple[Meaning, ...], given: Mapping[str, Fraction | int]) -> tuple[Assumption, ...]:
    """A value for each of the four parameters that no symbol stands for.

    given: values by name (mean_p, std_p, mean_q, std_q). For the rest: what neither has is equal for both, a std then
    1; what one alone has is 0 (a mean) or 1 (a std) for the other. FormulaError if a given value cannot be.
    """
    used = {s for meaning in meanings for s in _parameters(meaning)}
    fixed = {}
    for name, value in given.items():
        if name not in PARAMETERS:
            raise FormulaError(f"There is no parameter {name!r}: give a value to {', '.join(PARAMETERS)}.")
        if PARAMETERS[name] in used:
            raise FormulaError(f"{name} has a symbol in the formula: give it no value, or change that symbol.")
        if name.startswith("std") and value <= 0:
            raise FormulaError(f"{name} = {value} is not possible: a standard deviation is above 0.")
        fixed[PARAMETERS[name]] = Rational(Fraction(value).numerator, Fraction(value).denominator)
    found = [Assumption(s, value, f"{_ROLES[s]} is {value}") for s, value in fixed.items()]
    known = used | fixed.keys()
    found += _missing_pair(known, (mu_p, mu_q), Integer(0)) + _missing_pair(known, (sigma_p, sigma_q), Integer(1))
    shared = {s for m in meanings if m.owner is Owner.BOTH for s in _parameters(m)}
    return (*found, *(Assumption(s, t, f"{_ROLES[t]} and {_ROLES[s]} are equal") for t, s in _PAIRS if s in shared))


_PAIRS = ((mu_p, mu_q), (sigma_p, sigma_q))


def _missing_pair(known: set[Symbol], pair: tuple[Symbol, Symbol], default: Expr) -> list[Assumption]:
    if known.isdisjoint(pair) and pair == (mu_p, mu_q):
        return [Assumption(mu_q, mu_p, "the means of p and q are equal")]
    return [Assumption(s, default, f"{_ROLES[s]} is {default}") for s in pair if s not in known]


def _parameters(meaning: Meaning) -> tuple[Symbol, ...]:
    if meaning.quantity in (Quantity.ONE, Quantity.UNKNOWN):
        return ()
    pair = _PAIRS[0] if meaning.quantity is Quantity.MEAN else _PAIRS[1]
    return pair if meaning.owner is Owner.BOTH else (pair[meaning.owner is Owner.Q],)
