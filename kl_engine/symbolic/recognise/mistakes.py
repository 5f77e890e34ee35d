"""Wrong formulas that people write for D(a||b), each with the slip that leads to it, and what is often taken for it.

D(a||b) = L + V + M - 1/2 with L = log(std_b/std_a), V = std_a^2 / (2 std_b^2), M = (mean_a - mean_b)^2 / (2 std_b^2).
To add a slip: one line here. The order is that in which they are tried.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, Rational, log, pi

from kl_engine.symbolic.proof.laws import Gaussian
from kl_engine.symbolic.subjects.gaussian import closed_form

_HALF = Rational(1, 2)


def _l(a: Gaussian, b: Gaussian) -> Expr:
    return log(b.std / a.std)


def _v(a: Gaussian, b: Gaussian) -> Expr:
    return a.std**2 / (2 * b.std**2)


def _m(a: Gaussian, b: Gaussian) -> Expr:
    return (a.mean - b.mean) ** 2 / (2 * b.std**2)


def _square(a: Gaussian, b: Gaussian) -> Expr:
    return (a.mean - b.mean) ** 2


@dataclass(frozen=True)
class Slip:
    """A name, what went wrong in a sentence, and the formula that results for D(a||b)."""

    name: str
    words: str
    wrong: Callable[[Gaussian, Gaussian], Expr]


SLIPS = (
    Slip("log_sign", "The logarithm has the wrong sign: its ratio is upside down.",
         lambda a, b: -_l(a, b) + _v(a, b) + _m(a, b) - _HALF),
    Slip("log_half_missing", "The logarithm is of the variances and lacks its factor 1/2.",
         lambda a, b: 2 * _l(a, b) + _v(a, b) + _m(a, b) - _HALF),
    Slip("log_half_extra", "The logarithm is of the standard deviations, and has a factor 1/2 too many.",
         lambda a, b: _l(a, b) / 2 + _v(a, b) + _m(a, b) - _HALF),
    Slip("log_base_two", "The logarithm is to the base 2 and the rest in nats: the units are mixed.",
         lambda a, b: _l(a, b) / log(2) + _v(a, b) + _m(a, b) - _HALF),
    Slip("log_base_ten", "The logarithm is to the base 10, where the natural one belongs.",
         lambda a, b: _l(a, b) / log(10) + _v(a, b) + _m(a, b) - _HALF),
    Slip("log_missing", "The logarithm is missing.", lambda a, b: _v(a, b) + _m(a, b) - _HALF),
    Slip("log_sign_half_missing", "The logarithm is of the variances, upside down, and lacks its factor 1/2.",
         lambda a, b: -2 * _l(a, b) + _v(a, b) + _m(a, b) - _HALF),
    Slip("quadratic_half_missing", "The quadratic terms lack their factor 1/2.",
         lambda a, b: _l(a, b) + 2 * _v(a, b) + 2 * _m(a, b) - _HALF),
    Slip("mean_half_missing", "The term of the means lacks its factor 1/2.",
         lambda a, b: _l(a, b) + _v(a, b) + 2 * _m(a, b) - _HALF),
    Slip("variance_half_missing", "The ratio of the variances lacks its factor 1/2.",
         lambda a, b: _l(a, b) + 2 * _v(a, b) + _m(a, b) - _HALF),
    Slip("variance_missing", "The ratio of the variances is missing.", lambda a, b: _l(a, b) + _m(a, b) - _HALF),
    Slip("mean_missing", "The term of the means is missing.", lambda a, b: _l(a, b) + _v(a, b) - _HALF),
    Slip("mean_sign", "The term of the means has the wrong sign.",
         lambda a, b: _l(a, b) + _v(a, b) - _m(a, b) - _HALF),
    Slip("variance_sign", "The ratio of the variances has the wrong sign.",
         lambda a, b: _l(a, b) - _v(a, b) + _m(a, b) - _HALF),
    Slip("mean_sum", "The means are added, where their difference belongs.",
         lambda a, b: _l(a, b) + _v(a, b) + (a.mean + b.mean) ** 2 / (2 * b.std**2) - _HALF),
    Slip("mean_squares_subtracted", "The squares of the means are subtracted, where their difference is squared.",
         lambda a, b: _l(a, b) + _v(a, b) + (a.mean**2 - b.mean**2) / (2 * b.std**2) - _HALF),
    Slip("mean_not_squared", "The difference of the means is not squared.",
         lambda a, b: _l(a, b) + _v(a, b) + (a.mean - b.mean) / (2 * b.std**2) - _HALF),
    Slip("mean_divided_by_first", "p and q are exchanged in the term of the means: it has the other variance.",
         lambda a, b: _l(a, b) + _v(a, b) + _square(a, b) / (2 * a.std**2) - _HALF),
    Slip("variance_ratio_inverted", "p and q are exchanged in the ratio of the variances.",
         lambda a, b: _l(a, b) + _v(b, a) + _m(a, b) - _HALF),
    Slip("divided_by_first", "The quadratic terms are divided by the variance of the wrong distribution.",
         lambda a, b: _l(a, b) + (a.std**2 + _square(a, b)) / (2 * a.std**2) - _HALF),
    Slip("divided_by_std", "The quadratic terms are divided by a standard deviation, where a variance belongs.",
         lambda a, b: _l(a, b) + (a.std**2 + _square(a, b)) / (2 * b.std) - _HALF),
    Slip("mean_divided_by_std", "The term of the means is divided by a standard deviation, where a variance belongs.",
         lambda a, b: _l(a, b) + _v(a, b) + _square(a, b) / (2 * b.std) - _HALF),
    Slip("std_not_squared", "Both standard deviations should be squared.",
         lambda a, b: _l(a, b) + (a.std + _square(a, b)) / (2 * b.std) - _HALF),
    Slip("variance_is_std", "A standard deviation is added to the squared means, where its square belongs.",
         lambda a, b: _l(a, b) + (a.std + _square(a, b)) / (2 * b.std**2) - _HALF),
    Slip("variance_squared", "The variance is squared once more.",
         lambda a, b: _l(a, b) + a.std**4 / (2 * b.std**2) + _m(a, b) - _HALF),
    Slip("std_ratio", "The ratio is one of standard deviations, where one of variances belongs.",
         lambda a, b: _l(a, b) + a.std / (2 * b.std) + _m(a, b) - _HALF),
    Slip("divisor_without_brackets", "The divisor 2 std^2 lacks brackets, so its square multiplies.",
         lambda a, b: _l(a, b) + (a.std**2 + _square(a, b)) / 2 * b.std**2 - _HALF),
    Slip("sum_without_brackets", "The sum above the fraction lacks brackets, so only its last term is divided.",
         lambda a, b: _l(a, b) + a.std**2 + _m(a, b) - _HALF),
    Slip("no_brackets", "Neither the sum above the fraction nor the divisor 2 std^2 is in brackets.",
         lambda a, b: _l(a, b) + a.std**2 + _square(a, b) / 2 * b.std**2 - _HALF),
    Slip("ratio_of_logs", "The logarithms are divided by each other, where the logarithm of the ratio belongs.",
         lambda a, b: log(b.std) / log(a.std) + _v(a, b) + _m(a, b) - _HALF),
)  # fmt: skip

# Not slips of the pen: other quantities that are taken for D.
RELATIVES = (
    Slip("cross_entropy", "It is the cross entropy, which holds the entropy of the first distribution too.",
         lambda a, b: closed_form(a, b) + log(2 * pi * a.std**2) / 2 + _HALF),
    Slip("jeffreys", "It is the sum of both directions (Jeffreys).",
         lambda a, b: closed_form(a, b) + closed_form(b, a)),
    Slip("jeffreys_mean", "It is the mean of both directions.",
         lambda a, b: (closed_form(a, b) + closed_form(b, a)) / 2),
    Slip("bhattacharyya", "It is the Bhattacharyya distance.",
         lambda a, b: _square(a, b) / (4 * (a.std**2 + b.std**2)) + log((a.std / b.std + b.std / a.std) / 2) / 2),
    Slip("wasserstein", "It is the squared Wasserstein distance.",
         lambda a, b: _square(a, b) + (a.std - b.std) ** 2),
)  # fmt: skip
