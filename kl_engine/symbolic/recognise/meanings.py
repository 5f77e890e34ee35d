"""What the symbols of a formula mean: which quantity, of p or of q. Guessed from their names, to be changed by people.

The conventions of the guess: index 1 (or 0, if 0 and 1 are used, or a of a and b) is p, the other q. Names without an
index, as in the code of variational autoencoders, belong to q, and then the prior p is N(0, 1): there D(q||p) is what
is computed, for in variational inference q stands first.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from sympy import Expr, Integer, Rational, Symbol, log

from kl_engine.symbolic.formulas.parsing.word_lists import words
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.formulas.syntax_tree import FormulaError
from kl_engine.symbolic.proof.notation import mu_p, mu_q, sigma_p, sigma_q
from kl_engine.symbolic.recognise.name_parts import P_STRONG, P_WEAK, Q_STRONG, Q_WEAK, Parts, parts_of


class Quantity(StrEnum):
    """What a symbol stands for. ONE is for a dimension, which is 1 between Gaussians on the line."""

    MEAN = "mean"
    STD = "standard deviation"
    VARIANCE = "variance"
    LOG_STD = "log standard deviation"
    LOG_VARIANCE = "log variance"
    PRECISION = "precision"
    COVARIANCE = "covariance"
    CHOLESKY = "Cholesky factor of the covariance"
    PROBABILITY = "probability"
    PROBABILITIES = "probabilities"
    CONCENTRATIONS = "concentrations"
    RATE = "rate"
    SHAPE = "shape"
    SCALE = "scale"
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
        verb = "are" if self.quantity is Quantity.PROBABILITIES else "is"
        return f"{spoken(self.name)} {verb} the {self.quantity} of {whose}"


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
_FROM_STD |= {Quantity.COVARIANCE: lambda std: std**2, Quantity.CHOLESKY: lambda std: std}
PARAMETERS = {"mean_p": mu_p, "std_p": sigma_p, "mean_q": mu_q, "std_q": sigma_q}
_ROLES = {mu_p: "the mean of p", mu_q: "the mean of q", sigma_p: "the std of p", sigma_q: "the std of q"}

_QUANTITY = {"mean": Quantity.MEAN, "std": Quantity.STD, "variance": Quantity.VARIANCE, "log std": Quantity.LOG_STD}
_QUANTITY |= {
    "cholesky": Quantity.CHOLESKY,
    "log variance": Quantity.LOG_VARIANCE,
    "precision": Quantity.PRECISION,
    "count": Quantity.ONE,
}
_ORDERED = (("self", "other"), ("left", "right"), ("one", "two"), ("first", "second"), ("old", "new"), ("real", "fake"))
_GREEK_STEMS = words("mu sigma tau lambda Sigma")


def expression_of(meaning: Meaning) -> Expr:
    """The symbol in the means and standard deviations of p and q. What both share is written with p's symbol."""
    if meaning.quantity is Quantity.ONE:
        return Integer(1)
    mean, std = (mu_q, sigma_q) if meaning.owner is Owner.Q else (mu_p, sigma_p)
    return mean if meaning.quantity is Quantity.MEAN else _FROM_STD[meaning.quantity](std)


@dataclass(frozen=True)
class Guess:
    """What the names of a formula may mean together, and what there is to say about it."""

    meanings: tuple[Meaning, ...]
    note: str = ""


def guess_meanings(names: tuple[str, ...], matrices: bool = False) -> tuple[Meaning, ...]:
    """The likeliest guess for each name, in the same order; quantity UNKNOWN where the name says nothing."""
    return guesses(names, matrices)[0].meanings


def guesses(names: tuple[str, ...], matrices: bool = False) -> list[Guess]:
    """The likeliest guess first, then what the names may mean as well: sigma2 is a square or the second sigma."""
    parts = {name: _capital(name, matrices) for name in names}
    squares = {name for name, part in parts.items() if part.glued_two}
    certain = {name for name in squares if len(parts[name].index) > 1}
    others = [part for name, part in parts.items() if name not in squares and part.quantity != "count"]
    alone = not any(set(part.index) & {"0", "1", "2", "3"} for part in others)
    found = [_guess(names, parts, certain | (squares if alone else set()), matrices)]
    if squares - certain and not matrices:
        found.append(_guess(names, parts, certain | (set() if alone else squares), matrices))
    scales = {name for name, part in parts.items() if part.quantity not in ("", "count", "mean") and not part.index}
    if any(m.owner is Owner.BOTH for m in found[0].meanings if m.name in scales) and not matrices:
        of_q = (replace(m, owner=Owner.Q) if m.name in scales else m for m in found[0].meanings)
        found.append(Guess(tuple(of_q), found[0].note))  # a std that is not p's, which is 1
    taus = {name: part for name, part in parts.items() if name.partition("_")[0].rstrip("0123456789") == "tau"}
    if taus and not matrices:  # a precision in most texts, a standard deviation in others
        as_std = {name: Parts(("std",), part.index) for name, part in taus.items() if part.quantity == "precision"}
        found.append(_guess(names, parts | as_std, set(), matrices))
    return found


_FACTOR = re.compile(r"L_?([pqabPQ]|\d|post|prior|new|old)?")  # L, L_p, L1: a factor of Cholesky


def _capital(name: str, matrices: bool) -> Parts:
    """The parts of a name; a capital Σ, and among matrices any capital, is a covariance."""
    if matrices and re.fullmatch("[SCVK][pqab]", name):
        return Parts(("variance",), (name[1],))
    if matrices and (factor := _FACTOR.fullmatch(name)):
        return Parts(("cholesky",), (factor[1].lower(),) if factor[1] else ())
    found = parts_of(name)
    if (
        name.startswith("Sigma")
        and found.quantity == "std"
        or matrices
        and name[0].isupper()
        and found.quantity == "std"
    ):
        return Parts(("variance",), found.index)
    if matrices and found.quantity == "" and name[0] in "CKVABRW" and not name[1:2].isalpha():
        index = tuple(word for word in found.index if word != name[0].lower()) or (name[0].lower(),)
        return Parts(("variance",), index if len(found.index) > 1 or name[0] in "AB" else ())
    return found


def _guess(names: tuple[str, ...], parts: dict[str, Parts], squares: set[str], matrices: bool) -> Guess:
    """The guess with the 2 of these names read as a square."""
    parts = {name: part.squared() if name in squares else part for name, part in parts.items()}
    owners, note = _owners(parts)
    found = {n: _QUANTITY.get(parts[n].quantity, Quantity.UNKNOWN) for n in names}
    if matrices:
        found = {n: Quantity.COVARIANCE if kind is Quantity.VARIANCE else kind for n, kind in found.items()}
    return Guess(tuple(Meaning(n, found[n], owners[n]) for n in names), note)


def _owners(parts: dict[str, Parts]) -> tuple[dict[str, Owner], str]:
    """Whose each name is, and a sentence where that is not said by the names."""
    keys = {name: _key(part.index) for name, part in parts.items()}
    known = {name for name, part in parts.items() if part.quantity not in ("", "count")}
    by_key = _owners_of_keys({keys[name] for name in known if keys[name]}, bool([n for n in known if not keys[n]]))
    if len(by_key) == 1 and _is_one_distribution(parts, keys, known):
        by_key = dict.fromkeys(by_key, Owner.Q)  # mu and made_std are of one q, and p is N(0, 1)
    owners = {name: by_key.get(key, Owner.Q) for name, key in keys.items()}
    bare = [name for name in known if not keys[name]]
    present = {by_key[keys[name]] for name in known if keys[name]}
    rest = Owner.BOTH if len(present) == 2 else Owner.P if present == {Owner.Q} else Owner.Q
    if len(present) == 1 and _complementary(parts, bare, [name for name in known if keys[name]]):
        rest = present.pop()
    owners |= dict.fromkeys((name for name, key in keys.items() if not key), rest)
    alphabets = _by_alphabet(bare, parts)
    if alphabets and not by_key:
        words = "Latin letters are read as those of q, Greek ones as those of p."
        return owners | alphabets, words
    marked = {keys[name] for name in known if keys[name]} <= {("hat",), ("tilde",), ("bar",), ("prime",)}
    if bare and by_key and marked and len(present) == 1 and rest not in (Owner.BOTH, *present):
        return owners, f"Names with a mark are read as those of {min(present)}, those without as those of {rest}."
    return owners, ""


def _is_one_distribution(parts: dict[str, Parts], keys: dict[str, tuple[str, ...]], known: set[str]) -> bool:
    """Whether they are one mean and one scale, of which one has a word that says nothing of whose it is."""
    bare, indexed = ([name for name in known if bool(keys[name]) is said] for said in (False, True))
    words = [keys[name][0] for name in indexed]
    unsaid = all(len(word) > 1 and word.isalpha() and not _said((word,)) for word in words)
    return unsaid and len(bare) == len(indexed) == 1 and _complementary(parts, bare, indexed)


def owners_of(names: list[str]) -> tuple[dict[str, Owner], str]:
    """Whose each of two names of one parameter is: by the words p and q in them, or by their order."""
    in_order = set(names) == {"x", "y"}
    words = {name: () if in_order else _index_words(name) for name in names}
    said = {name: _said(key) for name, key in words.items() if key and _said(key)}
    if len(set(said.values())) == 2:
        return said, ""
    other = {Owner.P: Owner.Q, Owner.Q: Owner.P}
    if len(said) == 1:
        ((name, owner),) = said.items()
        return {n: owner if n == name else other[owner] for n in names}, ""
    bare = [name for name in names if not words[name]]
    if len(bare) == 1:
        indexed = next(name for name in names if name not in bare)
        is_second = words[indexed][0] in ("2", "b")
        owner = Owner.Q if is_second else Owner.P
        found = {bare[0]: other[owner], indexed: owner}
        first, second = sorted(found, key=lambda name: str(found[name]))
        return found, f"{spoken(first)} is read as p's and {spoken(second)} as q's."
    first, second = sorted(names, key=lambda name: (_order(words[name] or (name,)), name))
    note = "" if words[first] and words[second] else f"{spoken(first)} is read as p's and {spoken(second)} as q's."
    return {first: Owner.P, second: Owner.Q}, note


def _index_words(name: str) -> tuple[str, ...]:
    """What a name of a parameter says of whose it is: p, q, a digit, hat; nothing for a letter alone but p and q."""
    pieces = re.findall(r"[A-Za-z]+|\d+", name)
    if len(pieces) == 1:
        return (
            (pieces[0].lower(),)
            if pieces[0].lower() in ("p", "q", "y", "target", "labels", "pred", "theta", "phi")
            else ()
        )
    words = [word.lower() for word in pieces]
    role = [word for word in words if word in P_STRONG | Q_STRONG | {"hat", "y", "tilde"}]
    if "hat" in words or "tilde" in words:
        return ("hat",)
    role = [word for word in role if len(word) > 1] or role  # p_prior is of the prior
    return tuple(role[:1]) or (words[-1],)


def _complementary(parts: dict[str, Parts], bare: list[str], indexed: list[str]) -> bool:
    """Whether one has the means and the other the scales: then they are of one distribution."""
    first, second = ({parts[name].quantity == "mean" for name in group} for group in (bare, indexed))
    return bool(first and second) and first.isdisjoint(second)


def _by_alphabet(bare: list[str], parts: dict[str, Parts]) -> dict[str, Owner]:
    """m and s beside μ and σ: textbooks write N(m, s²) for q and N(μ, σ²) for p."""
    greek = {name: name.partition("_")[0].rstrip("0123456789") in _GREEK_STEMS for name in bare}
    means = [name for name in bare if parts[name].quantity == "mean"]
    scales = [name for name in bare if parts[name].quantity != "mean"]
    if not any(len(group) == 2 and len({greek[name] for name in group}) == 2 for group in (means, scales)):
        return {}
    if any(len(group) > 2 for group in (means, scales)):
        return {}
    return {name: Owner.P if greek[name] else Owner.Q for name in bare}


def _key(index: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name that say whose it is: the strongest of them, or those that say nothing by themselves."""
    strong = [word for word in index if word in P_STRONG or word in Q_STRONG]
    if {word in P_STRONG for word in strong} == {True, False}:
        strong = [word for word in strong if len(word) > 1]
    if strong:
        return tuple(strong[:1])
    neutral = tuple(word for word in index if word not in P_WEAK and word not in Q_WEAK)
    return neutral or index


def _owners_of_keys(keys: set[tuple[str, ...]], has_bare: bool) -> dict[tuple[str, ...], Owner]:
    """p first: the words for p and q as they say, any other index by its order."""
    in_order = {("x",), ("y",)} <= keys  # x and y beside one another are the first and the second
    said = {key: role for key in keys if (role := _said(key)) and not (in_order and key == ("y",))}
    taken = set(said.values())
    others = sorted(keys - said.keys(), key=_order)
    if len(others) == 1 and not taken:
        (word,) = others
        second = word[0] in ("2", "b") or not has_bare and not (word[0].isdigit() or word[0] in ("a", "f"))
        return {word: Owner.Q if second else Owner.P}
    free = [owner for owner in (Owner.P, Owner.Q) if owner not in taken] or [Owner.P, Owner.Q]
    return said | {key: free[min(place, len(free) - 1)] for place, key in enumerate(others)}


def _said(key: tuple[str, ...]) -> Owner | None:
    word = {"y": "target", "labels": "target"}.get(key[0], key[0])
    if word in P_STRONG or word in P_WEAK:
        return Owner.P
    return Owner.Q if word in Q_STRONG or word in Q_WEAK else None


def _order(key: tuple[str, ...]) -> tuple:
    for pair in _ORDERED:
        if key[0] in pair:
            return (1, pair.index(key[0]), key)
    return (0, int(key[0]) if key[0].isdigit() and len(key[0]) < 9 else 0, key)


def is_known(name: str) -> bool:
    """Whether a name says that it is a mean or a scale."""
    return _capital(name, True).quantity not in ("", "count")


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
