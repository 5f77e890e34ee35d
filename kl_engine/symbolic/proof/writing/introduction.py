"""What a setting says to a reader: every symbol introduced once, the assumptions, and for which sizes it is proved."""

from sympy import Eq, Expr, Gt, Le, Lt, S

from kl_engine.symbolic.proof.laws import AnyLaw, Gaussian
from kl_engine.symbolic.proof.notation import Normal, n
from kl_engine.symbolic.proof.reason import Reason, say
from kl_engine.symbolic.proof.setting import (
    Above,
    Correlation,
    Domain,
    PositivePart,
    Setting,
    Shares,
    Simplex,
    SizeRange,
    UpTo,
)


def introduction(setting: Setting) -> tuple[Reason, ...]:
    """One sentence, or part of one, for everything that the setting says."""
    told = [*map(_as_reason, setting.words)]
    told += [_of_law(density, law) for density, law in setting.laws]
    told += [say("{}", Eq(name, meaning, evaluate=False)) for name, meaning in setting.definitions]
    told += [_of_domain(domain) for domain in setting.domains]
    if setting.moderate:
        told.append(_listed(setting.moderate, "more slowly than any Gaussian falls, with all derivatives"))
    told += [say("the parameters of {} may be differentiated under an integral", density) for density in setting.smooth]
    told += [say("{} has an inverse", matrix) for matrix in setting.regular]
    if setting.sizes is not None:
        told.append(_of_sizes(setting.sizes))
    return tuple(told)


def _as_reason(words: Reason | str) -> Reason:
    return words if isinstance(words, Reason) else Reason(words)


def _of_law(density: Expr, law: object) -> Reason:
    at = density.args[0]
    if isinstance(law, Gaussian):
        return say("{}", Eq(density, Normal(at, law.mean, law.std), evaluate=False))
    assert isinstance(law, AnyLaw)
    if law.entropy is None:
        return say("{} is any density with mean {} and variance {}", density, law.mean, law.std**2)
    known = (density, law.mean, law.std**2, law.entropy)
    return say("{} is any density with mean {}, variance {} and entropy {}", *known)


def _of_domain(domain: Domain) -> Reason:
    if isinstance(domain, Shares):
        names = ", ".join("{}" for _ in domain.symbols)
        return say(f"{names} are positive and sum to one", *domain.symbols)
    if isinstance(domain, Simplex):
        names = ", ".join("{}" for _ in domain.symbols)
        return say(f"{names} are positive and sum to less than one", *domain.symbols)
    if isinstance(domain, PositivePart):
        return say("{}", Gt(domain.expression, S.Zero, evaluate=False))
    if isinstance(domain, Above):
        return say("{}", Gt(domain.symbol, domain.low, evaluate=False))
    if isinstance(domain, UpTo):
        return say("{}", Le(domain.symbol, domain.high, evaluate=False))
    low = -S.One if isinstance(domain, Correlation) else S.Zero
    bounds = (Gt(domain.symbol, low, evaluate=False), Lt(domain.symbol, S.One, evaluate=False))
    return say("{} and {}", *bounds)


def _listed(functions: tuple[Expr, ...], what: str) -> Reason:
    names = ", ".join("{}" for _ in functions)
    return say(f"{names} grows {what}", *functions)


def _of_sizes(sizes: SizeRange) -> Reason:
    numbers = ", ".join("{}" for _ in sizes.sizes)
    return say(f"proved for {{}} = {numbers}, with general symbols", n, *map(S, sizes.sizes))
