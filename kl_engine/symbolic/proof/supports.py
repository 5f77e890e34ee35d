"""Where a law of an exponential family lives, and how an expectation over it is taken in numbers."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import mpmath
from mpmath import mpf
from sympy import Expr, Integral, Symbol, exp, expand, expand_log, log

from kl_engine.symbolic.proof.check import require
from kl_engine.symbolic.proof.sampling import Point, value

_TINY = mpf(10) ** -70
_PAST_THE_PEAK = 20  # terms are only falling from here on, for the parameters sampled


@dataclass(frozen=True)
class Finite:
    """Finitely many outcomes, each a value of every variable."""

    outcomes: tuple[tuple[int, ...], ...]

    def mean(self, body: Expr, log_density: Expr, variables: tuple[Symbol, ...], point: Point) -> mpf:
        outcomes = [point | dict(zip(variables, map(mpf, o), strict=True)) for o in self.outcomes]
        return mpmath.fsum(value(body * exp(log_density), outcome) for outcome in outcomes)


@dataclass(frozen=True)
class Naturals:
    """0, 1, 2, ...: summed until the terms are negligible."""

    def mean(self, body: Expr, log_density: Expr, variables: tuple[Symbol, ...], point: Point) -> mpf:
        (variable,) = variables
        total = mpf(0)
        k, last = 0, mpf(1)
        while k < _PAST_THE_PEAK or abs(last) > _TINY:
            last = value(body * exp(log_density), point | {variable: mpf(k)})
            total, k = total + last, k + 1
        return total


@dataclass(frozen=True)
class Interval:
    """A part of the line, cut at the given places; quadrature with a rule that bears singular ends."""

    cuts: tuple[Expr, ...]

    def mean(self, body: Expr, log_density: Expr, variables: tuple[Symbol, ...], point: Point) -> mpf:
        (variable,) = variables
        pieces = (Integral(body * exp(log_density), (variable, *ends)) for ends in pairwise(self.cuts))
        return mpmath.fsum(value(piece, point) for piece in pieces)


@dataclass(frozen=True)
class Simplex:
    """Weighted that sum to 1. A sum of logarithms has an expectation by the marginals, which are beta densities."""

    def mean(self, body: Expr, log_density: Expr, variables: tuple[Symbol, ...], point: Point) -> mpf:
        spread, weights = (expand(expand_log(e)) for e in (body, log_density))
        shapes = [value(weights.coeff(log(v)) + 1, point) for v in variables]
        rest = spread.subs({log(v): 0 for v in variables})
        require(not rest.has(*variables), "the expectation is not one of a sum of logarithms")
        total = value(rest, point)
        for variable, shape in zip(variables, shapes, strict=True):
            total += value(spread.coeff(log(variable)), point) * _mean_log_beta(shape, sum(shapes) - shape)
        return total


@lru_cache(maxsize=64)
def _mean_log_beta(a: mpf, b: mpf) -> mpf:
    def density(u: mpf) -> mpf:
        return u ** (a - 1) * (1 - u) ** (b - 1)

    ends = [0, mpf(1) / 2, 1]
    return mpmath.quad(lambda u: mpmath.log(u) * density(u), ends) / mpmath.quad(density, ends)
