"""The exponential families of the catalogue, as data. `exponential_family.derive` proves each closed form.

Closed forms are written out in both directions, so that the renaming is checked against something.
"""

from collections.abc import Callable

from sympy import Expr, S, Symbol, digamma, exp, factorial, log, loggamma, oo

from kl_engine.symbolic.proof.derivation import Derivation
from kl_engine.symbolic.proof.supports import Finite, Interval, Naturals, Simplex
from kl_engine.symbolic.subjects.exponential_family import Family, derive

_eta, _eta_1, _eta_2, _eta_3 = (Symbol(name, real=True) for name in ("eta", "eta_1", "eta_2", "eta_3"))
_k = Symbol("k", nonnegative=True, integer=True)
_y = Symbol("y", positive=True)


def _pair(stem: str) -> tuple[Symbol, Symbol]:
    return Symbol(f"{stem}_p", positive=True), Symbol(f"{stem}_q", positive=True)


def _both(form: Callable[..., Expr], *pairs: tuple[Symbol, Symbol]) -> dict[str, Expr]:
    """The closed form at (p, q) and at (q, p)."""
    p, q = zip(*pairs, strict=True)
    return {"closed_form": form(*p, *q), "closed_form_reverse": form(*q, *p)}


_ZERO = "0 log 0 counts as 0; the value is infinite where q excludes what p does not."
_odds = _pair("u")
_theta = _pair("theta")
_PROBABILITY = ((_theta[0], _odds[0] / (1 + _odds[0])),)  # every value in (0, 1), and 1 - theta > 0 is seen


def bernoulli() -> Derivation:
    theta = _theta[0]
    return derive(
        Family(
            "Bernoulli",
            (theta,),
            (_k,),
            Finite(((0,), (1,))),
            log_density=log(theta**_k * (1 - theta) ** (1 - _k)),
            natural_symbols=(_eta,),
            natural=(log(theta / (1 - theta)),),
            statistics=(_k,),
            partition=log(1 + exp(_eta)),
            log_base=_eta * 0,
            mean_statistics=(theta,),
            notes=("theta_p, theta_q: probability of 1, in [0, 1].", _ZERO),
            **_both(lambda p, q: p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)), _theta),
            sampled=_PROBABILITY,
        )
    )


def geometric() -> Derivation:
    """The number of failures before the first success: theta (1 - theta)^k, k = 0, 1, ..."""
    theta = _theta[0]
    return derive(
        Family(
            "Geometric",
            (theta,),
            (_k,),
            Naturals(),
            log_density=log(theta * (1 - theta) ** _k),
            natural_symbols=(_eta,),
            natural=(log(1 - theta),),
            statistics=(_k,),
            partition=-log(1 - exp(_eta)),
            log_base=_eta * 0,
            mean_statistics=((1 - theta) / theta,),
            notes=("theta_p, theta_q: probability of success, in (0, 1].", _ZERO),
            **_both(lambda p, q: log(p / q) + (1 - p) / p * log((1 - p) / (1 - q)), _theta),
            sampled=_PROBABILITY,
        )
    )


def poisson() -> Derivation:
    rates = _pair("lambda")
    return derive(
        Family(
            "Poisson",
            rates[:1],
            (_k,),
            Naturals(),
            log_density=log(rates[0] ** _k * exp(-rates[0]) / factorial(_k)),
            natural_symbols=(_eta,),
            natural=(log(rates[0]),),
            statistics=(_k,),
            partition=exp(_eta),
            log_base=-log(factorial(_k)),
            mean_statistics=rates[:1],
            notes=("lambda_p, lambda_q: mean, at least 0.", _ZERO),
            **_both(lambda p, q: p * log(p / q) + q - p, rates),
        )
    )


def exponential() -> Derivation:
    rates = _pair("lambda")
    return derive(
        Family(
            "Exponential",
            rates[:1],
            (_y,),
            Interval((S.Zero, S.One, oo)),
            log_density=log(rates[0] * exp(-rates[0] * _y)),
            natural_symbols=(_eta,),
            natural=(-rates[0],),
            statistics=(_y,),
            partition=-log(-_eta),
            log_base=_eta * 0,
            mean_statistics=(1 / rates[0],),
            notes=("lambda_p, lambda_q: rate (> 0), one over the mean.",),
            **_both(lambda p, q: log(p / q) + q / p - 1, rates),
        )
    )


def gamma() -> Derivation:
    """Shape a and rate b."""
    shapes, rates = _pair("a"), _pair("b")
    a, b = shapes[0], rates[0]

    def closed(a_1: Expr, b_1: Expr, a_2: Expr, b_2: Expr) -> Expr:
        logs = loggamma(a_2) - loggamma(a_1) + a_2 * log(b_1 / b_2)
        return (a_1 - a_2) * digamma(a_1) + logs + a_1 * (b_2 - b_1) / b_1

    return derive(
        Family(
            "Gamma",
            (a, b),
            (_y,),
            Interval((S.Zero, S.One, S(4), oo)),
            log_density=a * log(b) - loggamma(a) + (a - 1) * log(_y) - b * _y,
            natural_symbols=(_eta_1, _eta_2),
            natural=(a, -b),
            statistics=(log(_y), _y),
            partition=loggamma(_eta_1) - _eta_1 * log(-_eta_2),
            log_base=-log(_y),
            mean_statistics=(digamma(a) - log(b), a / b),
            notes=("a_p, a_q: shape (> 0).", "b_p, b_q: rate (> 0)."),
            **_both(closed, shapes, rates),
        )
    )


def beta() -> Derivation:
    first, second = _pair("a"), _pair("b")
    a, b = first[0], second[0]

    def closed(a_1: Expr, b_1: Expr, a_2: Expr, b_2: Expr) -> Expr:
        logs = _log_beta(a_2, b_2) - _log_beta(a_1, b_1)
        shared = (a_2 - a_1 + b_2 - b_1) * digamma(a_1 + b_1)
        return logs + (a_1 - a_2) * digamma(a_1) + (b_1 - b_2) * digamma(b_1) + shared

    return derive(
        Family(
            "Beta",
            (a, b),
            (_y,),
            Interval((S.Zero, S.Half, S.One)),
            log_density=(a - 1) * log(_y) + (b - 1) * log(1 - _y) - _log_beta(a, b),
            natural_symbols=(_eta_1, _eta_2),
            natural=(a, b),
            statistics=(log(_y), log(1 - _y)),
            partition=_log_beta(_eta_1, _eta_2),
            log_base=-log(_y) - log(1 - _y),
            mean_statistics=(digamma(a) - digamma(a + b), digamma(b) - digamma(a + b)),
            notes=("a_p, b_p, a_q, b_q: shapes (> 0): the density is proportional to x^(a - 1) (1 - x)^(b - 1).",),
            **_both(closed, first, second),
        )
    )


def _log_beta(*shapes: Expr) -> Expr:
    """log B(a, b, ...) = sum of log Gamma, less log Gamma of the sum."""
    return sum((loggamma(a) for a in shapes), 0 * shapes[0]) - loggamma(sum(shapes))


def categorical() -> Derivation:
    """Three outcomes. Their probabilities are positive numbers over their sum, which reaches every case."""
    probabilities, odds = (
        [_pair(f"theta_{k}") for k in (1, 2, 3)],
        [Symbol(f"u_{k}_p", positive=True) for k in (1, 2, 3)],
    )
    theta_1, theta_2, theta_3 = (pair[0] for pair in probabilities)
    first, second = Symbol("x_1", real=True), Symbol("x_2", real=True)

    def closed(*thetas: Expr) -> Expr:
        return sum((a * log(a / b) for a, b in zip(thetas[:3], thetas[3:], strict=True)), 0 * thetas[0])

    return derive(
        Family(
            "Categorical, three outcomes",
            (theta_1, theta_2, theta_3),
            (first, second),
            Finite(((1, 0), (0, 1), (0, 0))),
            log_density=first * log(theta_1) + second * log(theta_2) + (1 - first - second) * log(theta_3),
            natural_symbols=(_eta_1, _eta_2),
            natural=(log(theta_1 / theta_3), log(theta_2 / theta_3)),
            statistics=(first, second),
            partition=log(1 + exp(_eta_1) + exp(_eta_2)),
            log_base=_eta * 0,
            mean_statistics=(theta_1, theta_2),
            notes=(
                "theta_k_p, theta_k_q: probabilities, in [0, 1]; the three of p sum to 1, and so do those of q.",
                _ZERO,
            ),
            **_both(closed, *probabilities),
            sampled=tuple((pair[0], u / sum(odds)) for pair, u in zip(probabilities, odds, strict=True)),
        )
    )


def dirichlet() -> Derivation:
    """Three weights with concentrations a_1, a_2, a_3."""
    pairs = [_pair(f"a_{k}") for k in (1, 2, 3)]
    shapes, etas = tuple(pair[0] for pair in pairs), (_eta_1, _eta_2, _eta_3)
    weights = tuple(Symbol(f"x_{k}", positive=True) for k in (1, 2, 3))
    logs = tuple(log(x) for x in weights)

    def closed(*both: Expr) -> Expr:
        a, b = both[:3], both[3:]
        pulls = ((s - t) * (digamma(s) - digamma(sum(a))) for s, t in zip(a, b, strict=True))
        return _log_beta(*b) - _log_beta(*a) + sum(pulls, 0 * a[0])

    return derive(
        Family(
            "Dirichlet, three weights",
            shapes,
            weights,
            Simplex(),
            log_density=sum(((a - 1) * x for a, x in zip(shapes, logs, strict=True)), -_log_beta(*shapes)),
            natural_symbols=etas,
            natural=shapes,
            statistics=logs,
            partition=_log_beta(*etas),
            log_base=-sum(logs),
            mean_statistics=tuple(digamma(a) - digamma(sum(shapes)) for a in shapes),
            notes=("a_k_p, a_k_q: concentrations (> 0).",),
            **_both(closed, *pairs),
        )
    )
