"""Expressions and words as LaTeX, in ASCII only."""

from sympy import ComplexRootOf, Expr, Integral, Symbol, floor, oo
from sympy.core.function import AppliedUndef, _coeff_isneg
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.latex import LatexPrinter

from kl_engine.symbolic.proof.notation import QUANTITIES, x, z

_DECIMALS = 10
_DENSITIES = ("p", "q")
_ESCAPES = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}"}
_ESCAPES |= {"^": r"\^{}", "~": r"\~{}", "<": r"$<$", ">": r"$>$"}


class Printer(LatexPrinter):
    """SymPy's printer, with quantities by name, expectations as E, and matrix entries counted from 1."""

    def _print_Function(self, expr: AppliedUndef, exp: str | None = None) -> str:
        name = expr.func.__name__
        if not isinstance(expr, AppliedUndef):
            return super()._print_Function(expr, exp)
        shown = QUANTITIES.get(name)
        if name == "Taylor":
            shown = rf"T_{{{expr.args[2]}}}\left[{self._print(expr.args[0])}\right]"
        if name == "H":
            shown = rf"\nabla^{{2}} {self._print(expr.args[0])}"
        if name == "argmin":
            shown = self._least_at(*expr.args)
        if shown is None:  # a density shows its variable alone, not the parameters that it carries
            arguments = expr.args[:1] if expr.args[0] in (x, z) else expr.args
            label = rf"\operatorname{{{name}}}" if len(name) > 1 and name.isalpha() else self._deal_with_super_sub(name)
            shown = rf"{label}({', '.join(self._print(a) for a in arguments)})"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _least_at(self, quantity: Expr, one: Symbol, other: Symbol, *conditions: Relational) -> str:
        held = r",\; ".join(self._print(condition) for condition in conditions)
        least = rf"\operatorname*{{arg\,min}}_{{{self._print(one)},\, {self._print(other)}}}"
        return rf"{least} \left\{{ {self._print(quantity)} : {held} \right\}}"

    def _print_ComplexRootOf(self, expr: ComplexRootOf) -> str:
        """A root without a formula by its first decimals, which are cut off and not rounded."""
        sign, digits = ("-" if expr.is_negative else ""), str(floor(abs(expr) * 10**_DECIMALS)).zfill(_DECIMALS + 1)
        return rf"{sign}{digits[:-_DECIMALS]}.{digits[-_DECIMALS:]}\ldots"

    def _print_Integral(self, expr: Integral) -> str:
        density = next((f for f in expr.function.as_ordered_factors() if _is_density(f)), None)
        if density is None or expr.limits[0][1:] != (-oo, oo):
            return super()._print_Integral(expr)
        body = self._print(expr.function / density)
        return rf"\mathbb{{E}}_{{{density.func.__name__}}}\left[{body}\right]"

    def _print_MatrixElement(self, expr: MatrixElement) -> str:
        inner = self.parenthesize(expr.parent, 1000, strict=True)
        if expr.parent.shape == (1, 1):
            return self._print(expr.parent)
        return rf"{{{inner}}}_{{{self._print(expr.i + 1)},{self._print(expr.j + 1)}}}"

    def _as_ordered_terms(self, expr: Expr, order: str | None = None) -> list[Expr]:
        """x - mu rather than -mu + x: what is subtracted comes last."""
        return sorted(super()._as_ordered_terms(expr, order=order), key=_coeff_isneg)

    def _print_polygamma(self, expr: Expr, exp: str | None = None) -> str:
        shown = rf"\psi({self._print(expr.args[1])})"
        return shown if exp is None else rf"{shown}^{{{exp}}}"

    def _print_loggamma(self, expr: Expr, exp: str | None = None) -> str:
        shown = rf"\log \Gamma({self._print(expr.args[0])})"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"

    def _print_Determinant(self, expr: Expr, exp: str | None = None) -> str:
        shown = rf"\det {self._print(expr.arg)}"
        return shown if exp is None else rf"\left({shown}\right)^{{{exp}}}"


def _is_density(factor: Expr) -> bool:
    return isinstance(factor, AppliedUndef) and factor.func.__name__ in _DENSITIES


def latex(expression: Expr | Relational) -> str:
    """One expression or equation."""
    return Printer().doprint(expression)


def latex_with(expression: Expr, values: dict[Symbol, object]) -> str:
    """The expression with numbers (or matrices, as lists of rows) where its symbols stand, and nothing computed."""
    names = {symbol: _number(value) for symbol, value in values.items()}
    return Printer({"symbol_names": names, "mul_symbol": "dot"}).doprint(expression)


def _number(value: object) -> str:
    if isinstance(value, list):
        rows = r" \\ ".join(" & ".join(f"{entry:g}" for entry in row) for row in value)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return f"{value:g}" if value >= 0 else f"({value:g})"


def text(words: str) -> str:
    """Words for LaTeX: special signs escaped, what stands between dollar signs kept."""
    parts = words.split("$")
    outside = ["".join(_ESCAPES.get(sign, sign) for sign in part) for part in parts[::2]]
    inside = [f"${part}$" for part in parts[1::2]]
    return "".join(a + b for a, b in zip(outside, [*inside, ""], strict=True))
