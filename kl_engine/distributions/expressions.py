"""A distribution as people write it: `norm(0, 1)`, `t(3)`, `0.3*norm(-2, 1) + 0.7*norm(2, 1)`, `[0.2, 0.8]`.

Names and arguments are SciPy's: shapes first, then loc and scale, by place or by name. A small recursive-descent parser
of its own reads the text; nothing of it is ever run.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches

from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.distributions.scipy_names import SCIPY, SCIPY_COUNTS
from kl_engine.estimates.floats import ieee

LONGEST = 600  # characters
MOST_NUMBERS = 400
DEEPEST = 12  # brackets within brackets

SHAPES = {
    "t": ("df",),
    "gamma": ("a",),
    "chi2": ("df",),
    "erlang": ("a",),
    "beta": ("a", "b"),
    "lognorm": ("s",),
    "weibull_min": ("c",),
    "truncnorm": ("a", "b"),
    "skewnorm": ("a",),
    "powerlaw": ("a",),
    "pareto": ("b",),
    "lomax": ("c",),
    "gennorm": ("beta",),
    "invgamma": ("a",),
    "invweibull": ("c",),
    "invgauss": ("mu",),
    "fisk": ("c",),
    "chi": ("df",),
    "bernoulli": ("p",),
    "binom": ("n", "p"),
    "poisson": ("mu",),
    "geom": ("p",),
    "nbinom": ("n", "p"),
}
ALIASES = {
    "normal": "norm",
    "gaussian": "norm",
    "n": "norm",
    "studentt": "t",
    "student_t": "t",
    "exponential": "expon",
    "lognormal": "lognorm",
    "weibull": "weibull_min",
    "binomial": "binom",
    "geometric": "geom",
    "negative_binomial": "nbinom",
    "u": "uniform",
}
VECTORS = {"dirichlet": ("alpha",), "multivariate_normal": ("mean", "cov"), "mvn": ("mean", "cov")}
NAMES = (*SCIPY, *SCIPY_COUNTS, "dirichlet", "multivariate_normal")
CONSTANTS = {"inf": math.inf, "pi": math.pi, "e": math.e}
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[-+*/(),=\[\]]))",
    re.ASCII,
)


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
    is one distribution as SciPy or a textbook writes it, or a sum of weights times Gaussians. Source: the names are
    those of scipy.stats, and the engine's own.

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
    reader = _Reader(_tokens(plain))
    found = reader.sum()
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
    parse_distribution(text)
    reader = _Reader(_tokens(_plain(text)))
    name = ALIASES.get(reader.text.split(".")[-1].lower(), reader.text.split(".")[-1].lower())
    reader.at += 1
    if name not in SCIPY or not reader.taken("("):
        return None
    given = _given(name, *reader.arguments())
    reader.expect(")")
    return Written(name, given) if reader.kind == "end" else None


def _plain(text: str) -> str:
    """The text with the signs of a keyboard."""
    return text.replace("−", "-").replace("·", "*").replace("×", "*").strip()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(text.rstrip()):
        match = TOKEN.match(text, place)
        if match is None:
            unread = text[place : place + 10].strip()
            raise ExpressionError(f"“{unread}” cannot be read here: write numbers, names and ( ) [ ] , = + - * /.")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        place = match.end()
    return [*found, ("end", "the end")]


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
        found = self.atom()
        if minus and not isinstance(found, float):
            raise ExpressionError("Only a number can have a minus sign.")
        return -found if minus else found

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

    def within(self, read, closing: str) -> object:
        """What stands between brackets."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(f"At most {DEEPEST} brackets within one another are read here.")
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
        name = self.text.split(".")[-1].lower()
        shown = self.text
        self.at += 1
        if name in CONSTANTS and not (self.kind == "sign" and self.text == "("):
            return CONSTANTS[name]
        name = ALIASES.get(name, name)
        if name not in SCIPY and name not in SCIPY_COUNTS and name not in VECTORS:
            raise ExpressionError(f"“{shown[:30]}” is no family that is known here; {_nearest(name)}.")
        if not self.taken("("):
            raise ExpressionError(f"“{shown[:30]}” wants its arguments in brackets, as in {_example(name)}.")
        return self.within(lambda: _made(name, *self.arguments()), ")")

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


def _nearest(name: str) -> str:
    """What may have been meant, or what there is."""
    near = get_close_matches(name, NAMES, cutoff=0.7)
    if near:
        return f"perhaps {' or '.join(near)} is meant"
    return f"known are {', '.join(NAMES[:8])} and {len(NAMES) - 8} more of SciPy's names"


def _example(name: str) -> str:
    return f"{name}({', '.join(SHAPES.get(name, VECTORS.get(name, ('loc', 'scale'))))})"


def _given(name: str, placed: list, named: dict[str, object]) -> dict[str, object]:
    """All arguments of the family by name, in SciPy's order."""
    if name in VECTORS:
        expected, defaults = VECTORS[name], {}
    else:
        expected, defaults = SHAPES.get(name, ()), {}
        if name in SCIPY:
            expected, defaults = (*expected, "loc", "scale"), {"loc": 0.0, "scale": 1.0}
    if len(placed) > len(expected):
        raise ExpressionError(f"{name} has at most {len(expected)} arguments: {', '.join(expected)}.")
    given = defaults | dict(zip(expected, placed))
    for key, value in named.items():
        if key not in expected:
            raise ExpressionError(f"{name} has no argument {key[:30]}; it has {', '.join(expected)}.")
        if key in expected[: len(placed)]:
            raise ExpressionError(f"The argument {key} is given twice.")
        given[key] = value
    missing = [key for key in expected if key not in given]
    if missing:
        raise ExpressionError(f"{name} wants {', '.join(missing)} too: {_example(name)}.")
    return {key: given[key] for key in expected}


def _made(name: str, placed: list, named: dict[str, object]) -> object:
    """The family with its arguments in SciPy's order."""
    values = list(_given(name, placed, named).values())
    if name in VECTORS:
        return Dirichlet(*values) if name == "dirichlet" else MultivariateGaussian(*values)
    if not all(isinstance(value, float) for value in values):
        raise ExpressionError(f"The arguments of {name} are numbers: {_example(name)}.")
    try:
        return SCIPY[name](*values) if name in SCIPY else SCIPY_COUNTS[name](*values)
    except (ValueError, OverflowError) as refused:
        raise ExpressionError(f"{name}: {refused}.") from None


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


def _finished(found: object) -> object:
    """What was read, as one distribution."""
    if isinstance(found, float):
        raise ExpressionError("This is a number: write a distribution, such as norm(0, 1), or [0.2, 0.8].")
    if isinstance(found, list):
        return Categorical(found)
    if isinstance(found, _Weighted):
        if not all(isinstance(part, Gaussian) for _, part in found.parts):
            raise ExpressionError("Mixtures of Gaussians are read here: weight*norm(mean, std) + ….")
        weights, parts = zip(*found.parts)
        return GaussianMixture(weights, [part.mean for part in parts], [part.std for part in parts])
    return found
