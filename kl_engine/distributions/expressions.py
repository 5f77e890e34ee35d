"""A distribution as people write it: `norm(0, 1)`, `t(3)`, `0.3*norm(-2, 1) + 0.7*norm(2, 1)`, `[0.2, 0.8]`.

Names and arguments are SciPy's, shapes first, then loc and scale, by place or by name; or those of a class, as
Gamma(2, rate=3) (`written_names`). A small recursive-descent parser of its own reads the text; nothing of it is ever
run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.distributions.scipy_names import SCIPY, SCIPY_COUNTS
from kl_engine.distributions.written_names import (
    BY_SCIPY,
    COUNTS_BY_SCIPY,
    SHAPES,
    Signature,
    argument_of,
    class_named,
)
from kl_engine.estimates.floats import ieee

LONGEST = 600  # characters
MOST_NUMBERS = 400
DEEPEST = 12  # brackets within brackets

ALIASES = {"gumbel": "gumbel_r", "inversegamma": "invgamma"}
ALIASES |= dict.fromkeys(("chisquare", "chisquared", "chi_squared"), "chi2")
WRITTEN = {"−": "-", "·": "*", "×": "*", "𝒩": "N", "μ": "mu", "σ²": "variance", "σ": "sigma", "λ": "lam", "ν": "nu"}
LISTS: dict[str, Callable[[list], object]] = {
    **dict.fromkeys(("array", "tensor", "list"), lambda numbers: numbers),
    **dict.fromkeys(("counts", "of_counts"), Categorical.of_counts),
    **dict.fromkeys(("logits", "of_logits", "softmax"), Categorical.of_logits),
}
VECTORS = {"dirichlet": ("alpha",), "multivariate_normal": ("mean", "cov")}
NAMES = (*SCIPY, *SCIPY_COUNTS, *BY_SCIPY, *COUNTS_BY_SCIPY, *VECTORS)
FUNCTIONS = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log}
CONSTANTS = {"inf": math.inf, "pi": math.pi, "e": math.e}
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>\*\*|[-+*/^(),=~\[\]]))",
    re.ASCII,
)
METHOD = re.compile(r"\s*\.[A-Za-z_]")


class ExpressionError(ValueError):
    """A text that is not a distribution, with what to write instead.

    It is a ValueError. Raised by `kl.distributions.parse_distribution`.

    >>> import kl_engine as kl
    >>> try:
    ...     kl.distributions.parse_distribution("norm(0, ")
    ... except kl.distributions.ExpressionError as error:
    ...     print(isinstance(error, ValueError))
    True
    """


@dataclass(frozen=True)
class Written:
    """One family on the line as a text has it: its name in SciPy, and all its arguments by name, loc and scale last."""

    name: str
    arguments: dict[str, float]

    @property
    def text(self) -> str:
        """How it is written: `t(3)`, `t(3, 1)`, `t(3, 1, 2)`; loc and scale are left out where they say nothing."""
        *shapes, loc, scale = self.arguments.values()
        place = [] if shapes and (loc, scale) == (0, 1) else [loc] if shapes and scale == 1 else [loc, scale]
        return f"{self.name}({', '.join(f'{number:.12g}' for number in (*shapes, *place))})"

    def with_arguments(self, **changed: float) -> Written:
        """The same family with some of its arguments at other numbers."""
        return Written(self.name, self.arguments | changed)


@dataclass(frozen=True)
class _Weighted:
    """Σ weight · distribution, as far as it has been read."""

    parts: tuple[tuple[float, object], ...]


@ieee
def parse_distribution(text: str) -> object:
    """The distribution that a text stands for.

    Raises ExpressionError (a ValueError) for any other text, with what was expected and what to write instead. `text`
    is one distribution as SciPy or a textbook writes it, or a sum of weights times such. Source: the names are those of
    scipy.stats, and the engine's own.

    >>> import kl_engine as kl
    >>> kl.distributions.parse_distribution("t(3)")
    StudentT(df=3.0, loc=0.0, scale=1.0)
    >>> kl.distributions.parse_distribution("0.5*norm(-2, 1) + 0.5*norm(loc=2)").means.tolist()
    [-2.0, 2.0]
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"A distribution has at most {LONGEST} characters here; this text has {len(text)}.")
    plain = _plain(text)
    if not plain:
        raise ExpressionError("Write a distribution, such as norm(0, 1), t(3) or [0.2, 0.8].")
    reader = _Reader(_named_first(_tokens(plain)))
    found = reader.bare() or reader.sum()
    if reader.kind != "end":
        raise ExpressionError(f"After a whole distribution there is still “{reader.text}”: remove it.")
    try:
        return _finished(found)
    except ExpressionError:
        raise
    except ValueError as refused:
        raise ExpressionError(f"{str(refused)[:1].upper()}{str(refused)[1:]}.") from None


def written(text: str) -> Written | None:
    """The family and its arguments, where a text is one family on the line and no more; None where it is anything else.

    Raises ExpressionError where the text cannot be read at all.
    """
    found = parse_distribution(text)
    reader = _Reader(_named_first(_tokens(_plain(text))))
    family = _family(reader.text.split(".")[-1]) if reader.kind == "name" else None
    reader.at += 1
    if family is None or not reader.taken("("):
        return None
    name, own = family
    placed, named = reader.arguments()
    reader.expect(")")
    if reader.kind != "end":
        return None
    if own is not None:
        return _as_scipy_writes(found)
    return Written(name, _given(name, None, placed, named)) if name in SCIPY else None


def _as_scipy_writes(d: object) -> Written | None:
    """One that is made by its class, as SciPy writes it; None where SciPy has no such family on the line."""
    from kl_engine.distributions.adapters import to_scipy

    if not isinstance(d, (Gaussian, LineDistribution)):
        return None
    frozen = to_scipy(d)
    name = frozen.dist.name
    return Written(name, dict(zip((*SHAPES.get(name, ()), "loc", "scale"), frozen.args))) if name in SCIPY else None


def _plain(text: str) -> str:
    """The text with the signs of a keyboard."""
    plain = text.strip()
    for sign, meant in WRITTEN.items():
        plain = plain.replace(sign, meant)
    return plain


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(text.rstrip()):
        match = TOKEN.match(text, place)
        if match is None:
            unread = text[place : place + 10].strip()
            if METHOD.match(text, place):
                raise ExpressionError(f"Leave “{unread}” out: what is read here is the distribution itself.")
            raise ExpressionError(f"“{unread}” cannot be read here: write numbers, names and ( ) [ ] , = + - * / ^.")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        place = match.end()
    return [*found, ("end", "the end")]


def _named_first(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without “p =” or “x ~” before the distribution."""
    is_named = len(tokens) > 2 and tokens[0][0] == "name" and tokens[1] in (("sign", "="), ("sign", "~"))
    return tokens[2:] if is_named else tokens


class _Reader:
    """sum → product → signed → atom, over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.numbers, self.depth = tokens, 0, 0, 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1]

    def taken(self, *signs: str) -> str | None:
        """The next token, taken, if it is one of these signs."""
        if self.kind == "sign" and self.text in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def expect(self, sign: str) -> None:
        if not self.taken(sign):
            raise ExpressionError(f"Expected “{sign}” before {self.text if self.kind == 'end' else f'“{self.text}”'}.")

    def bare(self) -> list | None:
        """Numbers without brackets, or in round ones, as the columns and rows of a table have them."""
        inner = [token for token in self.tokens[:-1] if token not in (("sign", ","), ("sign", "("), ("sign", ")"))]
        signs = [token for token in self.tokens[:-1] if token[0] == "sign"]
        is_list = len(inner) > 1 and all(kind == "number" for kind, _ in inner)
        if (
            not is_list
            or len(inner) > MOST_NUMBERS
            or any(sign in (("sign", "("), ("sign", ")")) for sign in signs[1:-1])
        ):
            return None
        self.at = len(self.tokens) - 1
        return [float(number) for _, number in inner]

    def sum(self) -> object:
        found = self.product()
        while sign := self.taken("+", "-"):
            found = _added(found, self.product(), sign)
        return found

    def product(self) -> object:
        found = self.signed()
        while sign := self.taken("*", "/"):
            found = _multiplied(found, self.signed(), sign)
        return found

    def signed(self) -> object:
        minus = False
        while sign := self.taken("-", "+"):
            minus ^= sign == "-"
        found = self.power()
        if minus and not isinstance(found, float):
            raise ExpressionError("Only a number can have a minus sign.")
        return -found if minus else found

    def power(self) -> object:
        """A number raised to another."""
        base = self.atom()
        if not self.taken("**", "^"):
            return base
        self.deeper()
        exponent = self.signed()
        self.depth -= 1
        if not isinstance(base, float) or not isinstance(exponent, float):
            raise ExpressionError("Only a number can be raised to a power.")
        return _number(lambda: base**exponent)

    def atom(self) -> object:
        if self.kind == "number":
            self.at += 1
            self.numbers += 1
            if self.numbers > MOST_NUMBERS:
                raise ExpressionError(f"At most {MOST_NUMBERS} numbers are read here.")
            return float(self.tokens[self.at - 1][1])
        if self.kind == "name":
            return self.named()
        if self.taken("("):
            return self.within(lambda: self.sum(), ")")
        if self.taken("["):
            return self.within(lambda: self.listed("]"), "]")
        shown = "the text ends" if self.kind == "end" else f"there is “{self.text}”"
        raise ExpressionError(f"Expected a number or a distribution, but {shown}.")

    def deeper(self) -> None:
        """One more within another."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"At most {DEEPEST} brackets within one another are read here.")

    def within(self, read, closing: str) -> object:
        """What stands between brackets."""
        self.deeper()
        found = read()
        self.expect(closing)
        self.depth -= 1
        return found

    def listed(self, closing: str) -> list:
        found = []
        while not (self.kind == "sign" and self.text == closing):
            found.append(self.sum())
            if not self.taken(","):
                break
        return found

    def named(self) -> object:
        """A constant, or a family with its arguments."""
        given = self.text.split(".")[-1]
        name = given.lower()
        shown = self.text[:30]
        self.at += 1
        is_called = self.kind == "sign" and self.text == "("
        if name in CONSTANTS and not is_called:
            return CONSTANTS[name]
        if name in FUNCTIONS and given == name and is_called:
            return self.function(name)
        if name in LISTS and is_called:
            return self.list_of(given)
        family = _family(given)
        if family is None:
            raise ExpressionError(f"“{shown}” is not a family known here; {_nearest(name)}.")
        if not self.taken("("):
            raise ExpressionError(f"“{shown}” needs its arguments in brackets, as in {_example(*family)}.")
        return self.within(lambda: _made(*family, *self.arguments()), ")")

    def function(self, name: str) -> float:
        """sqrt, exp or log of a number."""
        self.expect("(")
        inside = self.within(self.sum, ")")
        if not isinstance(inside, float):
            raise ExpressionError(f"{name} is taken of a number here.")
        return _number(lambda: FUNCTIONS[name](inside))

    def list_of(self, given: str) -> object:
        """A list within a function, as counts([3, 5, 2])."""
        self.expect("(")
        inside = self.within(self.sum, ")")
        if not isinstance(inside, list) or not all(isinstance(each, float) for each in inside):
            raise ExpressionError(f"{given} is made from a list of numbers: {given}([3, 5, 2]).")
        try:
            return LISTS[given.lower()](inside)
        except ValueError as refused:
            raise ExpressionError(f"{given}: {refused}.") from None

    def arguments(self) -> tuple[list, dict[str, object]]:
        placed, named = [], {}
        while not (self.kind == "sign" and self.text == ")"):
            is_named = self.kind == "name" and self.tokens[self.at + 1] == ("sign", "=")
            if is_named:
                key = self.text
                self.at += 2
                if key in named:
                    raise ExpressionError(f"The argument {key} is given twice.")
                named[key] = self.sum()
            elif named:
                raise ExpressionError("An argument without a name cannot follow one with a name.")
            else:
                placed.append(self.sum())
            if not self.taken(","):
                break
        return placed, named


def _number(of: Callable[[], object]) -> float:
    """A number that is computed; refused where there is none, or no real one."""
    try:
        found = of()
    except (ArithmeticError, ValueError):
        found = None
    if not isinstance(found, float):
        raise ExpressionError("One of the numbers cannot be computed: it is too large, or no real number.")
    return found


def _family(given: str) -> tuple[str, Signature | None] | None:
    """SciPy's name, where it is written as SciPy writes it; else the class of that name; None for neither."""
    name = ALIASES.get(given.lower(), given.lower())
    is_class = (name != given and given.lower() not in ALIASES) or name not in NAMES
    if is_class and (found := class_named(given)):
        return found
    return (name, None) if name in NAMES else None


def _nearest(name: str) -> str:
    """What may have been meant, or what there is."""
    near = get_close_matches(name, NAMES, cutoff=0.7)
    if near:
        return f"perhaps {' or '.join(near)} is meant"
    return f"known are {', '.join(NAMES[:8])} and {len(NAMES) - 8} more of SciPy's names"


def _expected(name: str) -> tuple[tuple[str, ...], dict[str, object]]:
    """The arguments of one of SciPy's families, and those that have a value of their own."""
    if name in VECTORS:
        return VECTORS[name], {}
    moved = ("loc",) if name in SCIPY_COUNTS or name in COUNTS_BY_SCIPY else ("loc", "scale")
    return (*SHAPES.get(name, ()), *moved), {"loc": 0.0, "scale": 1.0}


def _example(name: str, own: Signature | None) -> str:
    if own is None:
        return f"{name}({', '.join(SHAPES.get(name, VECTORS.get(name, ('loc', 'scale'))))})"
    return f"{name}({', '.join(f'{each}=…' if each in own.named else each for each in own.arguments)})"


def _given(name: str, own: Signature | None, placed: list, named: dict[str, object]) -> dict[str, object]:
    """All arguments of the family by name, in the order of SciPy or of its class."""
    expected, defaults = (own.arguments, own.defaults) if own else _expected(name)
    if len(placed) > len(expected):
        raise ExpressionError(f"{name} has at most {len(expected)} arguments: {', '.join(expected)}.")
    doubtful = [each for each in expected[: len(placed)] if own and each in own.named]
    if doubtful:
        others = " or ".join(f"{each}=…" for each in own.named)
        raise ExpressionError(f"Books differ in what that argument of {name} is: name it, as {others}.")
    given = defaults | dict(zip(expected, placed))
    for key, value in named.items():
        argument = argument_of(key, expected) if own else key
        if argument not in expected:
            raise ExpressionError(f"{name} has no argument {key[:30]}; it has {', '.join(expected)}.")
        if argument in expected[: len(placed)]:
            raise ExpressionError(f"The argument {key} is given twice.")
        given[argument] = value
    missing = [key for key in expected if key not in given]
    if missing:
        raise ExpressionError(f"{name} needs {', '.join(missing)} too: {_example(name, own)}.")
    return {key: given[key] for key in expected}


def _made(name: str, own: Signature | None, placed: list, named: dict[str, object]) -> object:
    """The family with its arguments."""
    values = list(_given(name, own, placed, named).values())
    if own is None and name not in VECTORS and not all(isinstance(value, float) for value in values):
        raise ExpressionError(f"The arguments of {name} are numbers: {_example(name, own)}.")
    try:
        return own.make(*values) if own else _of_scipy(name, values)
    except (ValueError, TypeError, ArithmeticError) as refused:
        raise ExpressionError(f"{name}: {refused}.") from None


def _of_scipy(name: str, values: list) -> object:
    """One of SciPy's families by its arguments, the loc among them."""
    from kl_engine.distributions.adapters import of_scipy

    if name in VECTORS:
        return Dirichlet(*values) if name == "dirichlet" else MultivariateGaussian(*values)
    if name in SCIPY:
        return SCIPY[name](*values)
    if name in SCIPY_COUNTS:
        *shapes, loc = values
        return of_scipy.shifted(SCIPY_COUNTS[name](*shapes), loc)
    return of_scipy.by_name(name, values)


def _multiplied(first: object, second: object, sign: str) -> object:
    if isinstance(first, float) and isinstance(second, float):
        if sign == "/" and second == 0:
            raise ExpressionError("A number is divided by 0.")
        return first * second if sign == "*" else first / second
    if sign == "*" and isinstance(first, float) != isinstance(second, float):
        weight, held = (first, second) if isinstance(first, float) else (second, first)
        if not isinstance(held, (list, _Weighted)):
            return _Weighted(((weight, held),))
    raise ExpressionError("A mixture is written as weight*distribution + weight*distribution.")


def _added(first: object, second: object, sign: str) -> object:
    if isinstance(first, float) and isinstance(second, float):
        return first + second if sign == "+" else first - second
    if sign == "+" and isinstance(first, _Weighted) and isinstance(second, _Weighted):
        return _Weighted(first.parts + second.parts)
    raise ExpressionError("A mixture is written as weight*distribution + weight*distribution.")


def _probabilities(numbers: list) -> Categorical:
    """A list as probabilities; of one that does not sum to 1 what it may be."""
    if not all(isinstance(each, float) for each in numbers):
        raise ExpressionError("A list holds the probabilities of symbols: [0.2, 0.8].")
    try:
        return Categorical(numbers)
    except ValueError as refused:
        if len(numbers) and min(numbers) >= 0 and 0 < sum(numbers) < math.inf:
            words = f"These {len(numbers)} numbers sum to {sum(numbers):g}, probabilities to a sum of 1"
            shown = ", ".join(f"{each:g}" for each in numbers[:3]) + (", …" if len(numbers) > 3 else "")
            raise ExpressionError(f"{words}: if they are counts, write counts([{shown}]).") from None
        raise ExpressionError(f"{str(refused)[:1].upper()}{str(refused)[1:]}.") from None


def _finished(found: object) -> object:
    """What was read, as one distribution."""
    if isinstance(found, float):
        raise ExpressionError("This is a number: write a distribution, such as norm(0, 1), or [0.2, 0.8].")
    if isinstance(found, list):
        return _probabilities(found)
    if isinstance(found, _Weighted):
        from kl_engine.distributions.adapters import of_scipy

        weights, parts = zip(*found.parts)
        return of_scipy.mixed(np.array(weights), list(parts))
    return found
