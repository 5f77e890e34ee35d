"""The symbolic prover proves what is true, and nothing that is false."""

import pytest
from sympy import Function, Integral, Symbol, cosh, exp, log, oo, sqrt, symbols, tanh

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
