"""A formula with matrices, in one, two and three dimensions: is it there what it is on the line?

On the line it is judged like any other. Here matrices of random entries are put in for n = 1, 2, 3, and the algebra of
traces and determinants shows, where it can, that it holds for every n.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import mpmath
from mpmath import mpf

from kl_engine.symbolic.formulas.operations import Undefined
from kl_engine.symbolic.formulas.syntax_tree import MATRIX, Node
from kl_engine.symbolic.proof.check import TOLERANCE
from kl_engine.symbolic.recognise.algebra.matrices import (
    DIMENSION,
    Algebra,
    NoWords,
    Value,
    added,
    inverse,
    matrix_value,
    product_of,
    times,
    transposed,
)
from kl_engine.symbolic.recognise.findings import Dimensions, Match
from kl_engine.symbolic.recognise.matching import line, rational
from kl_engine.symbolic.recognise.meanings import Meaning, Owner, Quantity

SIZES = (1, 2, 3)
_POINTS = 4
_STEP = 7919  # a prime: the entries follow no pattern that a formula could


def has_matrices(tree: Node) -> bool:
    """Whether it is a formula of matrices, by its operations."""
    return tree.holds(*MATRIX)


def in_dimensions(tree: Node, meanings: tuple[Meaning, ...], match: Match) -> Dimensions:
    """Whether a formula that is a direction on the line is the same one in more dimensions."""
    left_over = []
    for n in SIZES[1:]:
        try:
            found = _line(tree, meanings, match.direction, n)
        except Undefined as undefined:
            return Dimensions(False, reason=f"in {_NUMBERS[n]} dimensions {undefined.reason}")
        if found is None or abs(found.factor - mpmath.mpmathify(str(mpf(match.factor.evalf(40))))) > TOLERANCE * 10**10:
            return Dimensions(False, reason=f"in {_NUMBERS[n]} dimensions it is not")
        if match.constant == 0 and abs(found.constant) > TOLERANCE:
            return Dimensions(False, reason=f"in {_NUMBERS[n]} dimensions a constant is left over")
        left_over.append(found.constant / n)
    on_the_line = mpmath.mpmathify(str(match.constant.evalf(40)))
    grows = match.constant != 0 and all(abs(constant - on_the_line) < 10**10 * TOLERANCE for constant in left_over)
    return Dimensions(True, _proves(tree, meanings, match), grows=bool(grows))


_NUMBERS = {2: "two", 3: "three"}


def _line(tree: Node, meanings: tuple[Meaning, ...], direction: str, n: int):
    """The values over those of the direction, as a straight line."""
    base, values = [], []
    for index in range(_POINTS):
        gaussians = {owner: _gaussian(index, place, n) for place, owner in enumerate((Owner.P, Owner.Q))}
        names = _names(meanings, gaussians, n)
        p, q = gaussians[Owner.P], gaussians[Owner.Q]
        a, b = (p, q) if direction != "reverse" else (q, p)
        value = matrix_value(tree, names)
        if isinstance(value, mpmath.matrix):
            raise Undefined(tree, "it is no single number")
        values.append(value)
        base.append(_divergence(a, b, n))
    return line(values, base)


def _gaussian(index: int, place: int, n: int) -> tuple[mpmath.matrix, mpmath.matrix]:
    """A mean and a covariance of entries that have nothing to do with each other."""
    seed = 1 + 101 * index + 37 * place + 1009 * n

    def entry(k: int) -> mpf:
        return mpf((seed * (k + 3) * _STEP) % 1999 - 999) / 400

    mean = mpmath.matrix([entry(k) for k in range(n)])
    factor = mpmath.matrix([[entry(10 + 3 * i + j) for j in range(n)] for i in range(n)])
    return mean, factor * factor.T + mpmath.eye(n) / 3


def _names(meanings: tuple[Meaning, ...], gaussians: dict, n: int) -> dict[str, Value]:
    """A value for each name; where no name stands for a distribution's mean or covariance, that is 0 or I."""
    said = {(m.owner, m.quantity is Quantity.MEAN) for m in meanings if m.quantity is not Quantity.ONE}
    both = {is_mean for owner, is_mean in said if owner is Owner.BOTH}
    for owner in (Owner.P, Owner.Q):
        mean, covariance = gaussians[owner]
        if (owner, True) not in said and True not in both:
            mean = mpmath.zeros(n, 1)
        if (owner, False) not in said and False not in both:
            covariance = mpmath.eye(n)
        scalars = {m.quantity for m in meanings if m.owner in (owner, Owner.BOTH)} - {Quantity.MEAN, Quantity.ONE}
        if scalars and not scalars & {Quantity.COVARIANCE, Quantity.PRECISION, Quantity.CHOLESKY}:
            covariance = mpmath.eye(n) * covariance[0, 0]
        gaussians[owner] = mean, covariance
    for place, is_mean in enumerate((True, False)):
        if is_mean in both or not any(mean is is_mean for _, mean in said):
            pair = list(gaussians[Owner.Q])
            pair[place] = gaussians[Owner.P][place]
            gaussians[Owner.Q] = tuple(pair)
    return {m.name: _value(m, gaussians, n) for m in meanings}


def _value(meaning: Meaning, gaussians: dict, n: int) -> Value:
    if meaning.quantity is Quantity.ONE:
        return mpf(n)
    mean, covariance = gaussians[Owner.Q if meaning.owner is Owner.Q else Owner.P]
    if meaning.quantity is Quantity.MEAN:
        return mean[0] if n == 1 else mean
    if meaning.quantity is Quantity.COVARIANCE:
        return covariance[0, 0] if n == 1 else covariance
    if meaning.quantity is Quantity.CHOLESKY:
        return mpmath.sqrt(covariance[0, 0]) if n == 1 else mpmath.cholesky(covariance)
    if meaning.quantity is Quantity.PRECISION:
        return 1 / covariance[0, 0] if n == 1 else covariance**-1
    variance = covariance[0, 0]
    return {
        Quantity.STD: mpmath.sqrt(variance),
        Quantity.VARIANCE: variance,
        Quantity.LOG_STD: mpmath.log(variance) / 2,
        Quantity.LOG_VARIANCE: mpmath.log(variance),
    }[meaning.quantity]


def _divergence(a: tuple, b: tuple, n: int) -> mpf:
    """D(a‖b) by its formula, in numbers."""
    (mean_a, cov_a), (mean_b, cov_b) = a, b
    inverted, offset = cov_b**-1, mean_b - mean_a
    trace = mpmath.fsum((inverted * cov_a)[i, i] for i in range(n))
    quadratic = (offset.T * inverted * offset)[0, 0]
    return (trace + quadratic - n + mpmath.log(mpmath.det(cov_b) / mpmath.det(cov_a))) / 2


def _proves(tree: Node, meanings: tuple[Meaning, ...], match: Match) -> bool:
    """Whether the algebra of words shows formula = factor · D + constant, where it is all of matrices."""
    factor = rational(mpmath.mpmathify(str(match.factor.evalf(40)))) if match.factor.is_Rational else None
    kinds = {m.name: _KINDS.get(m.quantity, "number") for m in meanings}
    if factor is None or match.constant != 0 or "number" in kinds.values() or match.direction == "both":
        return False
    try:
        found = Algebra(kinds).number(tree)
    except NoWords:
        return False
    return found == _expected(meanings, match.direction, Fraction(int(factor.p), int(factor.q)))


_KINDS = {
    Quantity.MEAN: "column",
    Quantity.COVARIANCE: "matrix",
    Quantity.PRECISION: "matrix",
    Quantity.CHOLESKY: "factor",
    Quantity.ONE: "dimension",
}


def _expected(meanings: tuple[Meaning, ...], direction: str, factor: Fraction) -> dict[tuple, Fraction]:
    """The normal form of factor · D in the names of the formula."""
    algebra_kinds = {m.name: _KINDS[m.quantity] for m in meanings if m.quantity in _KINDS}
    algebra = Algebra(algebra_kinds)
    a, b = (Owner.P, Owner.Q) if direction == "forward" else (Owner.Q, Owner.P)

    def covariance(owner: Owner) -> Mapping:
        named = next((m for m in meanings if m.owner in (owner, Owner.BOTH) and m.quantity in _MATRICES), None)
        if named is None:
            return {(): Fraction(1)}
        return {((named.name, "matrix", named.quantity is Quantity.PRECISION),): Fraction(1)}

    def mean(owner: Owner) -> dict:
        named = [m for m in meanings if m.owner in (owner, Owner.BOTH) and m.quantity is Quantity.MEAN]
        return {((m.name, "column", False),): Fraction(1) for m in named[:1]}

    inverted = inverse(dict(covariance(b)))
    offset = added(mean(b), mean(a), "sub")
    total = algebra.traces(product_of(inverted, dict(covariance(a))))
    if offset:
        quadratic = algebra.traces(product_of(product_of(transposed(offset), inverted), offset))
        total = added(total, quadratic, "add")
    total = added(total, {DIMENSION: Fraction(1)}, "sub")
    for owner, sign in ((b, 1), (a, -1)):
        for name, _, inverted in (atom for word in covariance(owner) for atom in word):
            total = added(total, {("log det", name): Fraction(-sign if inverted else sign)}, "add")
    return times(total, factor / 2)


_MATRICES = (Quantity.COVARIANCE, Quantity.PRECISION, Quantity.CHOLESKY)
