"""Distributions as people write them, and every other text refused in a sentence, never run."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy import stats

from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import Bernoulli, CountMixture, Poisson, Shifted, Tabulated
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.expressions import ExpressionError, parse_distribution, written
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import (
    Exponential,
    Gamma,
    Laplace,
    LogNormal,
    Mixture,
    StudentT,
    TruncatedGaussian,
    Uniform,
)
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.distributions.scipy_names import SCIPY, SCIPY_COUNTS
from kl_engine.distributions.written_names import BY_SCIPY, COUNTS_BY_SCIPY, SHAPES

READ = {
    "norm(0, 1)": Gaussian(0, 1),
    "norm()": Gaussian(0, 1),
    "norm(5,3)": Gaussian(5, 3),
    "stats.norm(loc=1, scale=2)": Gaussian(1, 2),
    "scipy.stats.norm(1, scale=2)": Gaussian(1, 2),
    "Normal(-1.5, 2e-3)": Gaussian(-1.5, 2e-3),
    "N(−1, 1/3)": Gaussian(-1, 1 / 3),
    "t(3)": StudentT(3),
    "t(df=3, scale=2)": StudentT(3, 0, 2),
    "laplace": None,
    "Laplace(0, 2*3)": Laplace(0, 6),
    "uniform(-2, 4)": Uniform(-2, 2),
    "truncnorm(-1, inf)": TruncatedGaussian(0, 1, -1, math.inf),
    "poisson(4)": Poisson(4),
    "0.5*norm(-2,1)+0.5*norm(2,1)": GaussianMixture([0.5, 0.5], [-2, 2], [1, 1]),
    "1/3 * norm(0, 1) + 2/3 * norm(3, (1 + 1))": GaussianMixture([1 / 3, 2 / 3], [0, 3], [1, 2]),
    "[0.2, 0.8]": Categorical([0.2, 0.8]),
    "[1/4, 1/4, 1/2,]": Categorical([0.25, 0.25, 0.5]),
    "dirichlet([1, 2, 3])": Dirichlet([1, 2, 3]),
    "p = norm(0, sqrt(4))": Gaussian(0, 2),
    "X ~ 𝒩(0, σ²=4)": Gaussian(0, 2),
    "N(μ=1, σ=2**0.5)": Gaussian(1, 2**0.5),
    "Gamma(2, rate=4)": Gamma(2, 0.25),
    "gamma(2, 0, 4)": Gamma(2, 4),
    "Exponential(rate=4)": Exponential(0.25),
    "torch.distributions.Normal(0., 1.)": Gaussian(0, 1),
    "Uniform(1, 3)": Uniform(1, 3),
    "U(1, 3)": Uniform(1, 3),
    "uniform(1, 3)": Uniform(1, 4),
    "LogNormal(0, 2)": LogNormal(0, 2),
    "Poisson(lam=4)": Poisson(4),
    "poisson(4, loc=2)": Shifted(Poisson(4), 2),
    "0.5*t(3) + 0.5*norm(2, 1)": Mixture([0.5, 0.5], [StudentT(3), Gaussian(2, 1)]),
    "0.25*bernoulli(0) + 0.75*poisson(4)": CountMixture([0.25, 0.75], [Bernoulli(0.0), Poisson(4)]),
    "0.2, 0.8": Categorical([0.2, 0.8]),
    "0.2\t0.3\n0.5": Categorical([0.2, 0.3, 0.5]),
    "(0.2, 0.8)": Categorical([0.2, 0.8]),
    "np.array([0.2, 0.8])": Categorical([0.2, 0.8]),
    "counts([1, 1, 2])": Categorical([0.25, 0.25, 0.5]),
    "softmax([0, 0])": Categorical([0.5, 0.5]),
    "GaussianMixture(weights=[0.5, 0.5], means=[0, 1], stds=[1, 2])": GaussianMixture([0.5, 0.5], [0, 1], [1, 2]),
    "randint(1, 3)": Tabulated([0.5, 0.5], 1),
    "multivariate_normal([0, 1], [[1, 0.2], [0.2, 2]])": MultivariateGaussian([0, 1], [[1, 0.2], [0.2, 2]]),
}


@pytest.mark.parametrize("text", READ)
def test_what_people_write(text):
    if READ[text] is None:
        with pytest.raises(ExpressionError, match="in brackets"):
            parse_distribution(text)
    else:
        assert parse_distribution(text) == READ[text]


@pytest.mark.parametrize(
    "text",
    ["t(3, 1, 2)", "gamma(2, 0, 3)", "beta(2, 3)", "expon(0, 2)", "lognorm(0.5, 0, 2)", "binom(10, 0.3)", "geom(0.2)"],
)
def test_scipys_order_of_arguments(text):
    name, inside = text[:-1].split("(")
    theirs = getattr(stats, name)(*map(float, inside.split(",")))
    assert parse_distribution(text) == as_distribution(theirs)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write a distribution"),
        ("3", "This is a number"),
        ("norm(0, -1)", "scale|std"),
        ("norm(0, 1, 2)", "at most 2 arguments"),
        ("norm(mu=0)", "no argument mu"),
        ("norm(0, loc=1)", "given twice"),
        ("t()", "needs df too"),
        ("foo(1)", "not a family known"),
        ("norm(0, 1) + norm(2, 1)", "weight"),
        ("0.5*norm(0,1) + 0.6*norm(2,1)", "sum of 1"),
        ("0.5*poisson(3) + 0.5*norm(2,1)", "of one kind"),
        ("Exponential(2)", "scale=… or rate=…"),
        ("torch.distributions.Gamma(2, 3)", "scale=… or rate=…"),
        ("Gamma(2, scale=1, rate=1)", "give one of the two"),
        ("Normal(0, std=1, variance=1)", "give one of the two"),
        ("norm(0,1).pdf(x)", "Leave “.pdf"),
        ("[3, 5, 2]", "counts\\(\\[3, 5, 2\\]\\)"),
        ("counts(3)", "from a list"),
        ("norm(0, log(0))", "cannot be computed"),
        ("norm(0, 10**400)", "cannot be computed"),
        ("norm(0, (-1)**0.5)", "cannot be computed"),
        ("norm(0, " + "2**" * 150 + "2)", "within one another"),
        ("sqrt(norm(0, 1))", "of a number"),
        ("triang(2)", "those that scipy.stats.triang has"),
        ("zipf(0.5)", "those that scipy.stats.zipf has"),
        ("poisson(3, loc=0.5)", "a whole number"),
        ("binom(2.5, 0.5)", "a whole number"),
        ("norm(0, 1) norm", "there is still"),
        ("norm(0, 1", "Expected"),
        ("[0.2, 0.9]", "sum of 1"),
        ("norm(0, 1/0)", "divided by 0"),
        ("__import__('os').system('true')", "cannot be read|not a family"),
        ("norm(loc=__import__)", "not a family"),
        ("(" * 50 + "1", "brackets within"),
        ("[" + "1," * 500 + "]", "characters|numbers"),
        ("norm(٣, 1)", "cannot be read"),
        ("x" * 1000, "at most"),
        ("-norm(0,1)", "minus"),
        ("<script>alert(1)</script>", "cannot be read"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(text, words):
    with pytest.raises(ExpressionError, match=words) as refused:
        parse_distribution(text)
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("name", [*SCIPY, *SCIPY_COUNTS, *BY_SCIPY, *COUNTS_BY_SCIPY])
def test_the_shapes_of_every_family_are_named_as_scipy_names_them(name):
    shapes = tuple(each.strip() for each in (getattr(stats, name).shapes or "").split(",") if each.strip())
    assert SHAPES.get(name, ()) == shapes


def test_random_texts_are_read_or_refused():
    rng = random.Random(4)
    pieces = [
        "norm",
        "t",
        "(",
        ")",
        "[",
        "]",
        ",",
        "0.5",
        "1e3",
        "*",
        "+",
        "-",
        "/",
        "=",
        "loc",
        "inf",
        " ",
        ".",
        "e",
        "9",
    ]
    for _ in range(3000):
        text = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 25)))
        try:
            parse_distribution(text)
        except ExpressionError as refused:
            assert str(refused)


@pytest.mark.parametrize("name", SCIPY)
def test_what_is_written_anew_is_the_same_family_moved_and_stretched(name):
    special = {
        "truncnorm": [-1.0, 2.0],
        "skewcauchy": [0.5],
        "norminvgauss": [1.5, 0.5],
        "genhyperbolic": [1.5, 1.5, 0.5],
    }
    numbers = special.get(name, [1.5] * len(SHAPES.get(name, ())))
    call = written(f"{name}({', '.join(map(str, (*numbers, 0.5)))})")
    assert written(call.text) == call and parse_distribution(call.text) == parse_distribution(written(call.text).text)
    moved = parse_distribution(call.with_arguments(loc=-2.25, scale=2.5).text)
    z = np.linspace(0.05, 0.95, 7)
    assert moved.log_pdf(-2.25 + 2.5 * z) == pytest.approx(
        parse_distribution(call.with_arguments(loc=0.0).text).log_pdf(z) - math.log(2.5), rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("t(df=3)", "t(3)"),
        ("student_t( 3, loc = -0 )", "t(3)"),
        ("t(3, 1/4)", "t(3, 0.25)"),
        ("gamma(2, scale=3)", "gamma(2, 0, 3)"),
        ("Laplace()", "laplace(0, 1)"),
        ("Normal(mean=1, variance=4)", "norm(1, 2)"),
        ("Gamma(2, rate=4)", "gamma(2, 0, 0.25)"),
        ("truncnorm(-1, inf)", "truncnorm(-1, inf)"),
        ("skewnorm(−4)", "skewnorm(-4)"),
    ],
)
def test_a_family_is_written_in_short(text, again):
    assert written(text).text == again


@pytest.mark.parametrize(
    "text", ["(t(3))", "0.5*norm(0, 1) + 0.5*norm(2, 1)", "1*norm(0, 1)", "poisson(3)", "[0.5, 0.5]"]
)
def test_what_is_not_one_family_on_the_line_has_no_arguments(text):
    assert written(text) is None
