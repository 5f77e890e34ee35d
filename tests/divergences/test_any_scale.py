"""Of any scale and any size a number, or a refusal in words: never a fault of arithmetic, and never a long wait."""

from __future__ import annotations

import itertools
import warnings

import pytest
from scipy import stats

import kl_engine as kl
from kl_engine.distributions import parse_distribution
from kl_engine.distributions.expressions import ExpressionError
from kl_engine.quadrature.general import Unsettled

FAMILIES = [
    "norm(0, {})", "laplace(0, {})", "logistic(0, {})", "t(3, 0, {})", "cauchy(0, {})", "expon(0, {})",
    "gamma(2, scale={})", "weibull_min(2, 0, {})", "lognorm(1, 0, {})", "skewnorm(3, 0, {})", "uniform(0, {})",
    "0.5*norm(0, {0}) + 0.5*norm(0, 1)", "gumbel_r(0, {})", "pareto(2, 0, {})", "beta(2, 3, 0, {})",
    "invgamma(2, 0, {})", "truncnorm(-1, 2, 0, {})", "triang(0.3, 0, {})",
]  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_no_scale_is_a_fault_of_arithmetic(family):
    """Of a std of 1e-300 the square is 0, and of one of 1e300 no double: this was said as "division by zero"."""
    for scale, other in itertools.product(("1e-300", "1e300"), ("norm(0, 1)", "cauchy()")):
        p, q = parse_distribution(family.format(scale)), parse_distribution(other)
        for pair in ((p, q), (q, p)):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    assert kl.kl_divergence(*pair).value >= 0
                except (Unsettled, ValueError) as refused:
                    assert "double" in str(refused) or "expected" in str(refused) or "ends=" in str(refused)
                except OverflowError as refused:
                    assert "beyond the largest double" in str(refused)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (stats.binom(10**18, 0.5), stats.poisson(3)),
        (stats.poisson(1e15), stats.nbinom(3, 0.5)),
        (stats.poisson(1e15), stats.zipf(2)),
        (stats.zipf(2), stats.binom(10**15, 0.5)),
        (stats.nbinom(1e9, 1e-9), stats.poisson(5)),
        (stats.skellam(1e9, 1), stats.dlaplace(1)),
    ],
)
def test_a_sum_that_would_take_hours_is_refused_at_once(p, q):
    """By the place of its mass, and not after 67 million terms; of one beside Zipf's law no array is made."""
    try:
        assert kl.kl_divergence(p, q).value > 0
    except ArithmeticError as refused:
        assert "does not end" in str(refused)


@pytest.mark.parametrize("text", ["[1e308, 1e308]", "skewnorm(1e300)", "counts([1e308, 1e308])"])
def test_numbers_at_the_end_of_the_doubles_are_refused_in_words(text):
    try:
        kl.kl_divergence(parse_distribution(text), parse_distribution("norm(0, 1)"))
    except (ExpressionError, Unsettled) as refused:
        assert "expected" in str(refused) or "doubles" in str(refused)
