"""A derivation's closed form as a function of doubles."""

from collections.abc import Callable
from functools import lru_cache

from sympy import Expr, Symbol, lambdify

from kl_engine.symbolic.proof.writing.source import Printer, with_limits


@lru_cache(maxsize=256)
def numeric_function(parameters: tuple, expression: Expr) -> Callable:
    """`expression` as a NumPy function of the `parameters` (scalars or arrays; matrices where they stand for such).

    Where a form such as a log(a/b) has a limit at a = 0 or b = 0, that is its value there. What else is free in it (the
    dimension n of a multivariate form) becomes a keyword argument of its name.
    """
    others = sorted((s for s in expression.free_symbols - set(parameters) if isinstance(s, Symbol)), key=str)
    return lambdify((*parameters, *others), with_limits(expression), modules=["scipy", "numpy"], printer=Printer)
