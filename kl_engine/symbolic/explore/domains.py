"""Where the symbols of the closed forms may lie: open intervals, and ends that can be had as a limit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from mpmath import mpf
from sympy import Expr, S, Symbol, oo

from kl_engine.symbolic.proof.sampling import Point, random_point


@dataclass(frozen=True)
class Domain:
    """low < symbol < high. has_limits: the ends are not in it, but may be approached."""

    low: Expr
    high: Expr
    has_limits: bool = False

    @property
    def words(self) -> str:
        if (self.low, self.high) == (-oo, oo):
            return "any real number"
        return f"above {self.low}" if self.high == oo else f"between {self.low} and {self.high}"

    def holds(self, number: Expr | mpf) -> bool:
        return bool(self.low < number) and bool(number < self.high)

    def side(self, number: Expr) -> str | None:
        """The side from which this end is approached, "+" or "-"; None if it is not an end that may be."""
        if not self.has_limits or number not in (self.low, self.high):
            return None
        return "+" if number == self.low else "-"


# By the name up to its first underscore; any other symbol has the domain of its sign.
_BY_STEM = {
    "theta": Domain(S.Zero, S.One, has_limits=True),
    "w": Domain(S.Zero, S.One, has_limits=True),
    "alpha": Domain(S.Zero, S.One, has_limits=True),
    "rho": Domain(-S.One, S.One, has_limits=True),
}
# w is a weight, but in this derivation the variance of q.
_EXCEPTIONS = {("free_energy_polynomial", "w"): Domain(S.Zero, oo)}
_SPREAD = 3


def _last_of_three(role: str) -> tuple[Symbol, Expr]:
    first, second, last = (Symbol(f"theta_{place}_{role}", positive=True) for place in (1, 2, 3))
    return last, 1 - first - second


# By derivation: symbols that the others determine, each with what it is.
TIES = {"categorical": tuple(_last_of_three(role) for role in "pq")}


def domain_of(symbol: Symbol, derivation: str = "") -> Domain:
    """The domain of a symbol in the closed form of a derivation, which is given by its name in the catalogue."""
    stem = symbol.name.partition("_")[0]
    by_sign = Domain(S.Zero if symbol.is_positive else -oo, oo)
    return _EXCEPTIONS.get((derivation, symbol.name), _BY_STEM.get(stem, by_sign))


def points_inside(domains: Mapping[Symbol, Domain]) -> Iterator[Point]:
    """Random points of full precision without end, every symbol well inside its domain, small and large."""
    for index in count():
        stretch = mpf(_SPREAD) ** (index % 3 - 1)
        point = random_point(domains, index)
        yield {s: _inside(domains[s], number, stretch, index) for s, number in point.items()}


def _inside(domain: Domain, number: mpf, stretch: mpf, index: int) -> mpf:
    if domain.high == oo:
        return number * stretch
    low, high = mpf(int(domain.low)), mpf(int(domain.high))
    share = (abs(number) * 997 + index * mpf("0.137")) % 1  # of full precision, and spread over the interval
    return low + (high - low) * (mpf("0.05") + mpf("0.9") * share)
