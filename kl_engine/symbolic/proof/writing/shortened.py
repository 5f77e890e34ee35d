"""A formula for reading: where its numbers are too long for that, each by its first digits."""

from dataclasses import dataclass
from fractions import Fraction

from sympy import Add, Expr, Mul, Pow, Rational, Symbol

from kl_engine.symbolic.proof.writing.first_digits import GLANCE, first_digits, is_long
from kl_engine.symbolic.proof.writing.printer import Printer


@dataclass(frozen=True)
class Shortened:
    """latex: the formula; is_whole: whether every number in it is shown to its last digit, as it is."""

    latex: str
    is_whole: bool


def shortened(expression: Expr) -> Shortened:
    """The expression in LaTeX, with no fraction that is too long to be read.

    Digits are cut off and not rounded, and dots say so. Factors that long fractions have in common are put back into
    the terms first: (30483 log s + 10000 s**2 - 15241)/30483 reads log s + 0.328… s**2 - 1/2.
    """
    if not _has_long(expression):
        return Shortened(Printer().doprint(expression), True)
    named: dict[Symbol, Fraction] = {}
    expression = _named(regrouped(expression), named)
    digits = {symbol: first_digits(number) for symbol, number in named.items()}
    names = {symbol: shown.written(r"\ldots", r" \cdot 10^{{{power}}}") for symbol, shown in digits.items()}
    is_whole = all(shown.is_whole for shown in digits.values())
    return Shortened(_Printer({"symbol_names": names}).doprint(expression), is_whole)


class _Printer(Printer):
    """The same, with brackets around a power of ten of which a logarithm is taken."""

    def _print_log(self, expr: Expr, exp: str | None = None) -> str:
        inside = self._print(expr.args[0])
        shown = rf"\log\left({inside}\right)" if r" \cdot " in inside else super()._print_log(expr)
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"


def _has_long(expression: Expr) -> bool:
    return any(is_long(_fraction(number)) for number in expression.atoms(Rational))


def _has_large(expression: Expr) -> bool:
    return any(max(abs(number.p), number.q) >= 10**GLANCE for number in expression.atoms(Rational))


def _fraction(number: Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def regrouped(expression: Expr) -> Expr:
    """With long shares in the terms of sums, and not before the whole of them."""
    if not expression.args:
        return expression
    expression = expression.func(*map(regrouped, expression.args))
    if isinstance(expression, Pow) and isinstance(expression.base, Add) and expression.exp.is_Rational:
        share = _power_of_ten(expression.base, int(expression.exp.q))
        return share**expression.exp * Add(*(term / share for term in expression.base.args)) ** expression.exp
    return _shares_given_out(expression) if isinstance(expression, Mul) else expression


def _shares_given_out(product: Expr) -> Expr:
    """A product with a sum of long terms: its long factor in the terms, and a root beside the root of such a sum."""
    share, rest = product.as_coeff_Mul(rational=True)
    factors = list(Mul.make_args(rest))
    for total in [factor for factor in factors if isinstance(factor.as_base_exp()[0], Add) and _has_large(factor)]:
        base, power = total.as_base_exp()
        beside = share if power == 1 and is_long(_fraction(share)) else _root_beside(factors, power)
        if beside != 1:
            factors.remove(total)
            others = [factor for factor in factors if factor != Pow(beside, power)]
            left = 1 if power == 1 else share
            return Mul(left, Add(*(beside * term for term in base.args)) ** power, *others)
    return product


def _root_beside(factors: list[Expr], power: Expr) -> Rational:
    """The number whose root, of the same power, is one of the factors; 1 if there is none."""
    found = (factor.base for factor in factors if isinstance(factor, Pow) and factor.exp == power != 1)
    return next((base for base in found if base.is_Rational), Rational(1))


def _power_of_ten(total: Add, root: int) -> Rational:
    """About the largest share in a sum that has a long one, and a whole power, so that its root is one of ten too."""
    shares = [abs(term.as_coeff_Mul(rational=True)[0]) for term in total.args]
    if not any(is_long(_fraction(share)) for share in shares):
        return Rational(1)
    shown = first_digits(_fraction(max(shares)))
    return Rational(10) ** (root * ((len(shown.digits) + shown.power - 1) // root))


def _named(expression: Expr, named: dict[Symbol, Fraction]) -> Expr:
    """With a symbol for each long number; the symbols and what they stand for are put into `named`."""
    if isinstance(expression, Rational) and is_long(_fraction(expression)):
        size = _fraction(abs(expression))
        symbol = Symbol(f"!{size}", positive=True)  # before all letters, as numbers are written first
        named[symbol] = size
        return symbol if expression > 0 else -symbol
    if not expression.args:
        return expression
    return expression.func(*(_named(argument, named) for argument in expression.args))
