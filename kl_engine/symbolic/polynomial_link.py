"""F(m, w) of a Gaussian belief N(m, w) (w a variance) when data are a polynomial of the state plus noise.

Gaussian moments of a polynomial are polynomials in m and w, so F is one too, plus -log(w)/2.
The worked example is Bogacz (2017), exercise 1: prior N(3, 1), x = 2, g(z) = z^2, noise 1.
"""

from sympy import Derivative, Expr, Function, Integral, Poly, Rational, S, Symbol, log, oo, pi, sqrt, symbols

from kl_engine.symbolic.algebra import Identity, Solve, Substitute
from kl_engine.symbolic.calculus import Differentiate
from kl_engine.symbolic.check import Instance
from kl_engine.symbolic.derivation import Derivation, Step
from kl_engine.symbolic.expectations import Moments
from kl_engine.symbolic.laws import Gaussian, standard_moments
from kl_engine.symbolic.notation import equation, gaussian_density, w, x, z

_m, _mean_0 = Symbol("m", real=True), Symbol("m_0", real=True)
_std_0, _noise = Symbol("s_0", positive=True), Symbol("s_x", positive=True)
_links = symbols("c_0:4", real=True)
_q, _p, _l = (Function(name, positive=True)(z) for name in ("q", "prior", "likelihood"))
_F = Function("F", real=True)(_m, w)
_HALF = Rational(1, 2)


def in_moments(mean_0: Expr, std_0: Expr, noise: Expr, links: tuple[Expr, ...], data: Expr) -> Expr:
    """F = E_q[(z - mean_0)^2]/(2 std_0^2) + E_q[(data - g(z))^2]/(2 noise^2) + log(2 pi std_0 noise) - H[q]."""
    misfit = (data - sum(c * z**k for k, c in enumerate(links))) ** 2
    expected = standard_moments(misfit.xreplace({z: _m + sqrt(w) * z}), z)
    squares = ((_m - mean_0) ** 2 + w) / (2 * std_0**2) + Poly(expected, _m, w).as_expr() / (2 * noise**2)
    return squares + log(2 * pi * std_0 * noise) - log(2 * pi * w) / 2 - _HALF


def minimum() -> Derivation:
    link = sum(c * z**k for k, c in enumerate(_links))
    densities = (
        (_q, gaussian_density(_m, sqrt(w), z)),
        (_p, gaussian_density(_mean_0, _std_0, z)),
        (_l, gaussian_density(link, _noise, x)),
    )
    model = Instance("a cubic link with random coefficients", replace=densities)
    line = (z, -oo, oo)
    general = in_moments(_mean_0, _std_0, _noise, _links, x)
    values = tuple(zip((_mean_0, _std_0, _noise, *_links, x), map(S, (3, 1, 1, 0, 0, 1, 0, 2)), strict=True))
    example = (
        _m**4 / 2 + 3 * _m**2 * w - 3 * _m**2 / 2 - 3 * _m + 3 * w**2 / 2 - 3 * w / 2 + Rational(13, 2)
        + log(2 * pi) - log(2 * pi * w) / 2 - _HALF
    )  # fmt: skip
    by_mean, by_variance = Derivative(_F, _m), Derivative(_F, w)
    claim = equation(3 * _m**2 + 3 * w - Rational(3, 2), 1 / (2 * w))
    steps = (
        Step(
            equation(Integral(_q * log(_q / (_p * _l)), line), _complexity_less_accuracy(line)),
            "Complexity minus accuracy, with the logarithm of the quotient split.",
            "definition",
            Identity(instance=model),
            back=0,
        ),
        Step(
            equation(Integral(_q * log(_q / (_p * _l)), line), general),
            "Every term is a polynomial in z, so its expectation is one in m and w (here for a cubic link).",
            "moments of a Gaussian",
            Moments(density=_q, law=Gaussian(_m, sqrt(w)), variable=z, where=densities),
        ),
        Step(equation(_F, example), "Prior N(3, 1), x = 2, $g(z) = z^2$, noise 1.", "the worked example",
             Substitute(values=values, renamed=True)),
        Step(equation(by_mean, 2 * _m**3 + 6 * _m * w - 3 * _m - 3), "The derivative by the mean.", "derivative",
             Differentiate(by=_m)),
        Step(equation(2 * _m**3 + 6 * _m * w, 3 * _m + 3), "Stationary in the mean.", "stationarity",
             Solve(factor=S.One)),
        Step(equation(by_variance, 3 * _m**2 + 3 * w - Rational(3, 2) - 1 / (2 * w)), "The derivative by the variance.",
             "derivative", Differentiate(by=w), back=3),
        Step(claim, "Stationary in the variance. Together: m = 1.4933107791, w = 0.0915007912.", "stationarity",
             Solve(factor=S.One)),
    )  # fmt: skip
    return Derivation("Free energy under a polynomial link", claim, steps, (_m, w), formula=example)


def _complexity_less_accuracy(line: tuple) -> Integral:
    return Integral(_q * log(_q / _p), line) - Integral(_q * log(_l), line)
