"""The symbolic prover proves what is true, and nothing that is false."""

import pytest
from sympy import Add, Function, Integral, Symbol, cosh, exp, expand, log, oo, sqrt, symbols, tanh

from kl_engine.symbolic.proof.work import Undecided, expanded_terms
from kl_engine.symbolic.proof.zero import is_zero

a, b = symbols("a b", positive=True)
x, y = symbols("x y", real=True)
u = Symbol("u")
f = Function("f", real=True)

TRUE = (
    log(a / b) - log(a) + log(b),
    log(1 + b / a) - log(a + b) + log(a),
    (a**2 - b**2) / (a - b) - a - b,
    log(exp(-(x**2)) / sqrt(a)) + x**2 + log(a) / 2,
    a * Integral(f(x), (x, -oo, oo)) - Integral(a * f(x), (x, -oo, oo)),
    Integral(f(x) + x * f(x), (x, 0, 1)) - Integral(f(x), (x, 0, 1)) - Integral(x * f(x), (x, 0, 1)),
    (f(x) ** 2).diff(x) - 2 * f(x) * f(x).diff(x),
    log(cosh(a * x)).diff(x) - a * tanh(a * x),
    sqrt(a) * exp(log(b) * x) - sqrt(a) * b**x,
)

FALSE = (
    log(a / b) - log(b / a),
    log(a + b) - log(a) - log(b),
    log(u**2) - 2 * log(u),  # true only for positive u, and nothing is known of u
    sqrt(x**2) - x,
    Integral(f(x), (x, 0, 1)) - Integral(f(x), (x, 0, 2)),
    Integral(f(x), (x, 0, 1)) - f(x),
    f(x) - f(y),
    a - b,
)


@pytest.mark.parametrize("expression", TRUE, ids=str)
def test_true(expression):
    assert is_zero(expression)


@pytest.mark.parametrize("expression", FALSE, ids=str)
def test_false(expression):
    assert not is_zero(expression)


ROOTS = (
    sqrt(a + b) ** 2 / sqrt(a + b) - sqrt(a + b),
    1 / (sqrt(a) - sqrt(b)) - (sqrt(a) + sqrt(b)) / (a - b),
    sqrt(a**2 + a * b) - sqrt(a) * sqrt(a + b),
    log(sqrt(2) * a) - log(2) / 2 - log(a),
    a ** (b / (1 + b)) * a ** (1 / (1 + b)) - a,
    exp(-(x**2) / (2 * (a + b))) - exp(-(x**2) / (a + b)) / exp(-(x**2) / (2 * a + 2 * b)),
)


@pytest.mark.parametrize("expression", ROOTS, ids=str)
def test_roots_and_powers(expression):
    assert is_zero(expression)


def test_the_work_is_counted_and_bounded():
    many = symbols("c_0:40", positive=True)
    with pytest.raises(Undecided):
        is_zero(sum(many) ** 12 - sum(many) ** 11 * (sum(many) + 1))
    with pytest.raises(Undecided):
        is_zero(Integral(sum(many) ** 12, (x, 0, 1)) * sum(many) ** 12)


def test_a_division_by_zero_proves_nothing():
    nothing = (sqrt(1 + a) + 1) * (sqrt(1 + a) - 1) - a
    with pytest.raises(Undecided):
        is_zero(b / nothing - a / nothing)


def test_a_bound_on_the_terms_of_an_expansion():
    for expression in ((a + b + 1) ** 5 * (x + y), (a + b) ** 2 + x, exp((a + b) ** 3), a / (x + y) ** 2):
        assert expanded_terms(expression) >= len(Add.make_args(expand(expression)))
    assert expanded_terms((a + b + 1) ** 5 * (x + y)) == 21 * 2
