"""In which order a textbook writes the terms of a sum and the factors of a product.

A sum: what it is about first, descending powers, a positive logarithm before the fractions, a number after them, what
is subtracted later, a mean last; it begins with a plus where it can. A product: numbers, weights, symbols, sums, then
functions; a logarithm last, so that its weight stands before it.
"""

from sympy import (
    Add,
    Derivative,
    Expr,
    Indexed,
    Integral,
    Mul,
    Pow,
    S,
    Subs,
    Sum,
    Symbol,
    Trace,
    exp,
    log,
    oo,
)
from sympy.core.function import AppliedUndef, _coeff_isneg
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from kl_engine.symbolic.proof.notation import epsilon

_VARIABLES = ("x", "y", "z", "t", "u", "s", "m", "w")  # the letters whose powers descend
_FIRST, _ONE, _LOG, _PLAIN, _NUMBER, _MINUS_LOG, _LAST = range(7)  # the kinds of terms, in the order of writing


def signed(term: Expr) -> tuple[bool, Expr]:
    """Whether a term is subtracted, and what is then."""
    if isinstance(term, Mul):
        flipped = [f for f in term.args if isinstance(f, Add) and all(map(_coeff_isneg, f.args))]
        if len(flipped) % 2:
            inside = flipped[0]
            rest = Mul(*(f for f in term.args if f is not inside))
            return (not _coeff_isneg(rest), (-rest if _coeff_isneg(rest) else rest) * Add(*(-a for a in inside.args)))
    return (True, -term) if _coeff_isneg(term) else (False, term)


def ordered_terms(total: Expr) -> list[Expr]:
    """The terms of a sum, as they are written one after the other."""
    terms = list(Add.make_args(total))
    has_positive = any(not signed(term)[0] for term in terms)
    few = len(terms) == 2 or total.has(log, Integral) or not total.has(*map(Symbol, _VARIABLES))
    ordered = sorted(terms, key=lambda term: _place(term, has_positive, total.has(epsilon), few))
    first_plus = next((term for term in ordered if not signed(term)[0]), None)
    if first_plus is not None and signed(ordered[0])[0]:
        ordered.remove(first_plus)
        ordered.insert(0, first_plus)
    return ordered


def _place(term: Expr, has_positive: bool, ascending: bool, few: bool) -> tuple:
    negative, bare = signed(term)
    name = str(bare.as_coeff_Mul()[1])
    if _is_quantity(bare):
        return (_FIRST, negative, name)
    if not term.free_symbols and not term.has(log):
        return (_ONE if term == 1 and few else _NUMBER, negative, name)
    if negative and (_means(term) or name.startswith("H_")):
        return (_LAST, negative, name)
    if isinstance(bare, Integral):
        low = bare.limits[0][1]
        return (_PLAIN, 0 if low == -oo else 1 if low.is_number else 2, 0, negative, False, name)
    if term.has(log) and not _means(term):
        return (_MINUS_LOG if negative and has_positive else _LOG, negative, name)
    own, all_of_it = _degree(bare)
    degree = (own, 0) if ascending else (-own, -all_of_it)
    return (_PLAIN, *degree, negative, bare.has(Add), name)


def _is_quantity(bare: Expr) -> bool:
    """A divergence or another quantity by its name, or a derivative of one."""
    bare = bare.as_coeff_Mul()[1]
    named = hasattr(getattr(bare, "func", None), "signature") or getattr(bare.func, "__name__", "") in ("A", "Taylor")
    return named or isinstance(bare, (Derivative, Subs))


def _means(term: Expr) -> bool:
    named = (type(part).__name__ in ("NoiseMean", "FieldMean") for part in Mul.make_args(term))
    return term.has(Integral, Derivative) or any(named)


def _degree(term: Expr) -> tuple:
    """The degree in the letters whose powers descend, and in all symbols."""
    own = other = 0
    for factor in Mul.make_args(term):
        base, power = factor.as_base_exp()
        if not power.is_Rational:
            continue
        inside = {s.name for s in base.free_symbols if isinstance(s, Symbol)}
        if base == epsilon:
            return (power, 0)
        if inside & set(_VARIABLES):
            own += power
        elif not base.is_number:
            other += power
    return (own, own + other)


_OPERATORS = (log, Integral, Sum, Trace, Derivative, Subs)


def ordered_factors(product: Expr) -> list[Expr]:
    """The factors of a product, its number left out."""
    factors = product.as_coeff_Mul(rational=True)[1].as_ordered_factors()
    has_symbol = any(isinstance(factor, Symbol) for factor in factors)
    return sorted(factors, key=lambda factor: _weight(factor, has_symbol))


def _weight(factor: Expr, beside_symbol: bool) -> tuple:
    base, power = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, S.One)
    name = str(base)
    if is_operator(factor):
        return (9 if isinstance(base, Derivative) else 8 if isinstance(base, log) else 7, 0, 0, name)
    if isinstance(factor, exp) or base is S.Exp1:
        return (5, 0, 0, name)
    if isinstance(base, (AppliedUndef, HyperbolicFunction)) or base.is_Function:
        return (6, int(name.startswith("q(")), 0, name)
    if base.is_number:
        return (0, 0, 0, name)
    if base == epsilon:
        return (4, 9, 0, name)
    if isinstance(base, Add):
        holds_number = any(argument.is_number for argument in base.args) and power == 1
        rank = (3 if beside_symbol else 1) if holds_number else 4
        return (rank, int(base.has(Symbol("x", real=True))), power if power.is_Rational else 0, name)
    if isinstance(base, Indexed):
        return (2, int(name[0] not in "wqp"), int(name.startswith("ell")), name)
    return (2, 1, 0, name)


def is_operator(factor: Expr) -> bool:
    """Whether a factor is written after a coefficient, not in its fraction: a logarithm, a mean, a trace, a name."""
    base = factor.base if isinstance(factor, Pow) and factor.exp.is_positive else factor
    named = type(base).__name__ in ("NoiseMean", "FieldMean", "Quadratic", "LogNormal")
    is_name = hasattr(getattr(base, "func", None), "signature")
    return named or is_name or isinstance(base, _OPERATORS)
