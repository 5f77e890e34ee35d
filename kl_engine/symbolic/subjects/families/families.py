"""The exponential families of the catalogue, as data. `exponential_family.derive` proves each closed form.

Closed forms are written out in both directions, so that the renaming is checked against something.
"""

from collections.abc import Callable

from sympy import (
    Expr,
    Function,
    S,
    Symbol,
    digamma,
    exp,
    factorial,
    gamma,
    log,
    loggamma,
    oo,
)

from kl_engine.symbolic.proof.checks.algebra import Equal, ExchangeRoles
from kl_engine.symbolic.proof.checks.expectations import Definition
from kl_engine.symbolic.proof.checks.totals import PolarGamma, Taken, Telescope
from kl_engine.symbolic.proof.derivation import Derivation, Step
from kl_engine.symbolic.proof.notation import equation
from kl_engine.symbolic.proof.quantities import Outcomes, Roles, Space
from kl_engine.symbolic.proof.setting import Setting, Shares, Simplex, UnitInterval
from kl_engine.symbolic.subjects.families.exponential_family import Family, Statistic, derive

_k = Symbol("k", nonnegative=True, integer=True)
_y = Symbol("y", positive=True)
_COUNTS = Space(((_k, S.Zero, oo),), is_discrete=True)
_HALF_LINE = Space(((_y, S.Zero, oo),))


def _pair(stem: str) -> tuple[Symbol, Symbol]:
    return Symbol(f"{stem}_p", positive=True), Symbol(f"{stem}_q", positive=True)


def _both(form: Callable[..., Expr], *pairs: tuple[Symbol, Symbol]) -> dict[str, Expr]:
    """The closed form at (p, q) and at (q, p)."""
    p, q = zip(*pairs, strict=True)
    return {"closed_form": form(*p, *q), "closed_form_reverse": form(*q, *p)}


_ZERO = "0 log 0 counts as 0; the value is infinite where q excludes what p does not."
_theta = _pair("theta")
_CHANCES = (UnitInterval(_theta[0]), UnitInterval(_theta[1]))


def bernoulli() -> Derivation:
    """Two outcomes."""
    theta, other = _theta
    forms = _both(lambda p, q: p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)), _theta)
    p, q = (Function(name, positive=True) for name in "pq")
    roles = Roles(p(_k), q(_k), _theta, Outcomes(_k, (S.Zero, S.One)))
    values = ((p(0), 1 - theta), (p(1), theta), (q(0), 1 - other), (q(1), other))
    setting = Setting(definitions=values, divergences=(roles,), domains=_CHANCES)
    notes = ("theta_p, theta_q: probability of 1, in [0, 1].", _ZERO)
    return _finite("Bernoulli", setting, roles, forms, notes)


def categorical() -> Derivation:
    """Three outcomes. Their probabilities are positive numbers over their sum, which reaches every case."""
    pairs = [_pair(f"theta_{k}") for k in (1, 2, 3)]
    of_p, of_q = (tuple(pair[side] for pair in pairs) for side in (0, 1))

    def closed(*thetas: Expr) -> Expr:
        return sum((a * log(a / b) for a, b in zip(thetas[:3], thetas[3:], strict=True)), S.Zero)

    p, q = (Function(name, positive=True) for name in "pq")
    roles = Roles(p(_k), q(_k), (*of_p, *of_q), Outcomes(_k, (S(1), S(2), S(3))))
    values = tuple((f(k), theta) for f, thetas in ((p, of_p), (q, of_q)) for k, theta in enumerate(thetas, start=1))
    setting = Setting(definitions=values, divergences=(roles,), domains=(Shares(of_p), Shares(of_q)))
    notes = ("theta_k_p, theta_k_q: probabilities, in [0, 1]; the three of p sum to 1, and so do those of q.", _ZERO)
    return _finite("Categorical, three outcomes", setting, roles, _both(closed, *pairs), notes)


def _finite(title: str, setting: Setting, roles: Roles, forms: dict[str, Expr], notes: tuple[str, ...]) -> Derivation:
    """Over finitely many outcomes the definition is a closed form, once the probabilities are put in."""
    p, q = roles.target, roles.approximation
    steps = (
        Step(
            equation(roles.forward, roles.space.total(p * log(p / q))),
            "The mean log ratio under the target, outcome by outcome.",
            Definition(),
        ),
        Step(equation(roles.forward, forms["closed_form"]), "The probabilities are substituted.", Equal()),
        Step(
            equation(roles.reverse, forms["closed_form_reverse"]),
            "The other direction, by exchanging the names.",
            ExchangeRoles(),
        ),
    )
    also = (steps[1].statement,)
    return Derivation(
        title, setting, steps[-1].statement, steps, roles.parameters, *forms.values(), notes=notes, also=also
    )


def geometric() -> Derivation:
    """The number of failures before the first success: theta (1 - theta)^k, k = 0, 1, ..."""
    theta, other = _theta
    fails = 1 - theta
    return derive(
        Family(
            "Geometric",
            (theta,),
            _COUNTS,
            weight=fails**_k,
            normaliser=1 / theta,
            total=Telescope(primitive=fails**_k / theta),
            reason="The geometric series.",
            statistics=(Statistic(_k, theta, -fails, fails / theta, "Differentiated term by term."),),
            log_ratio=log(theta / other) + _k * log(fails / (1 - other)),
            notes=("theta_p, theta_q: probability of success, in (0, 1].", _ZERO),
            **_both(lambda p, q: log(p / q) + (1 - p) / p * log((1 - p) / (1 - q)), _theta),
            domains=_CHANCES,
        )
    )


def poisson() -> Derivation:
    """Counts of a given mean."""
    rates = _pair("lambda")
    rate, other = rates
    return derive(
        Family(
            "Poisson",
            (rate,),
            _COUNTS,
            weight=rate**_k / factorial(_k),
            normaliser=exp(rate),
            total=Taken(),
            reason="The exponential series.",
            statistics=(Statistic(_k, rate, rate, rate, "Differentiated term by term."),),
            log_ratio=_k * log(rate / other) + other - rate,
            notes=("lambda_p, lambda_q: mean, at least 0.", _ZERO),
            **_both(lambda p, q: p * log(p / q) + q - p, rates),
        )
    )


def exponential() -> Derivation:
    """Waiting times of a given rate."""
    rates = _pair("lambda")
    rate, other = rates
    return derive(
        Family(
            "Exponential",
            (rate,),
            _HALF_LINE,
            weight=exp(-rate * _y),
            normaliser=1 / rate,
            total=Taken(),
            reason="An elementary integral.",
            statistics=(Statistic(_y, rate, S.NegativeOne, 1 / rate, "Differentiated in the rate."),),
            log_ratio=log(rate / other) + (other - rate) * _y,
            notes=("lambda_p, lambda_q: rate (> 0), one over the mean.",),
            **_both(lambda p, q: log(p / q) + q / p - 1, rates),
        )
    )


def gamma_family() -> Derivation:
    """Shape a and rate b."""
    shapes, rates = _pair("a"), _pair("b")
    (a, c), (b, d) = shapes, rates

    def closed(a_1: Expr, b_1: Expr, a_2: Expr, b_2: Expr) -> Expr:
        logs = loggamma(a_2) - loggamma(a_1) + a_2 * log(b_1 / b_2)
        return (a_1 - a_2) * digamma(a_1) + logs + a_1 * (b_2 - b_1) / b_1

    constant = loggamma(c) - loggamma(a) + a * log(b) - c * log(d)
    return derive(
        Family(
            "Gamma",
            (a, b),
            _HALF_LINE,
            weight=_y ** (a - 1) * exp(-b * _y),
            normaliser=gamma(a) / b**a,
            total=Taken(),
            reason="The gamma integral.",
            statistics=(
                Statistic(log(_y), a, S.One, digamma(a) - log(b), "Differentiated in the shape."),
                Statistic(_y, b, S.NegativeOne, a / b, "Differentiated in the rate."),
            ),
            log_ratio=constant + (a - c) * log(_y) + (d - b) * _y,
            notes=("a_p, a_q: shape (> 0).", "b_p, b_q: rate (> 0)."),
            **_both(closed, shapes, rates),
        )
    )


def beta() -> Derivation:
    """Two shapes, on the unit interval."""
    first, second = _pair("a"), _pair("b")
    (a, c), (b, d) = first, second
    y = Symbol("y", positive=True)

    def closed(a_1: Expr, b_1: Expr, a_2: Expr, b_2: Expr) -> Expr:
        logs = _log_beta(a_2, b_2) - _log_beta(a_1, b_1)
        shared = (a_2 - a_1 + b_2 - b_1) * digamma(a_1 + b_1)
        return logs + (a_1 - a_2) * digamma(a_1) + (b_1 - b_2) * digamma(b_1) + shared

    return derive(
        Family(
            "Beta",
            (a, b),
            Space(((y, S.Zero, S.One),)),
            weight=y ** (a - 1) * (1 - y) ** (b - 1),
            normaliser=_beta(a, b),
            total=PolarGamma(shares=(y, 1 - y), shapes=(a, b)),
            reason="Euler's beta integral, from two gamma integrals.",
            statistics=(
                Statistic(log(y), a, S.One, digamma(a) - digamma(a + b), "Differentiated in the first shape."),
                Statistic(log(1 - y), b, S.One, digamma(b) - digamma(a + b), "Differentiated in the second shape."),
            ),
            log_ratio=_log_beta(c, d) - _log_beta(a, b) + (a - c) * log(y) + (b - d) * log(1 - y),
            notes=("a_p, b_p, a_q, b_q: shapes (> 0): the density is proportional to x^(a - 1) (1 - x)^(b - 1).",),
            **_both(closed, first, second),
            domains=(UnitInterval(y),),
        )
    )


def _beta(*shapes: Expr) -> Expr:
    """B(a, b, ...) = Gamma(a) Gamma(b) ... / Gamma(a + b + ...)."""
    product = S.One
    for shape in shapes:
        product *= gamma(shape)
    return product / gamma(sum(shapes))


def _log_beta(*shapes: Expr) -> Expr:
    """log B(a, b, ...) = sum of log Gamma, less log Gamma of the sum."""
    return sum((loggamma(a) for a in shapes), S.Zero) - loggamma(sum(shapes))


def dirichlet() -> Derivation:
    """Three weights with concentrations a_1, a_2, a_3."""
    pairs = [_pair(f"a_{k}") for k in (1, 2, 3)]
    shapes, others = (tuple(pair[side] for pair in pairs) for side in (0, 1))
    first, second = (Symbol(f"x_{k}", positive=True) for k in (1, 2))
    weights = (first, second, 1 - first - second)
    total = sum(shapes)

    def closed(*both: Expr) -> Expr:
        a, b = both[:3], both[3:]
        pulls = ((s - t) * (digamma(s) - digamma(sum(a))) for s, t in zip(a, b, strict=True))
        return _log_beta(*b) - _log_beta(*a) + sum(pulls, S.Zero)

    weight = S.One
    for shape, share in zip(shapes, weights, strict=True):
        weight *= share ** (shape - 1)
    moves = ((a - b) * log(share) for a, b, share in zip(shapes, others, weights, strict=True))
    return derive(
        Family(
            "Dirichlet, three weights",
            shapes,
            Space(((second, S.Zero, 1 - first), (first, S.Zero, S.One))),
            weight=weight,
            normaliser=_beta(*shapes),
            total=PolarGamma(shares=weights, shapes=shapes),
            reason="Dirichlet's integral, from three gamma integrals.",
            statistics=tuple(
                Statistic(log(share), shape, S.One, digamma(shape) - digamma(total), "Differentiated in its shape.")
                for share, shape in zip(weights, shapes, strict=True)
            ),
            log_ratio=_log_beta(*others) - _log_beta(*shapes) + sum(moves, S.Zero),
            notes=("a_k_p, a_k_q: concentrations (> 0).",),
            **_both(closed, *pairs),
            domains=(Simplex((first, second)),),
        )
    )
