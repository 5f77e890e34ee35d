"""A derivation's closed form as the source text of a documented NumPy function.

`Derivation` calls this module and is not imported by it.
"""

from sympy import Determinant, Expr, MatMul, MatrixSymbol, Trace
from sympy.printing.numpy import SciPyPrinter
from sympy.printing.precedence import PRECEDENCE


class Printer(SciPyPrinter):
    """SymPy's printer, with the determinant and the trace, which it lacks, and matrix products in plain NumPy."""

    def _print_Pi(self, expr: Expr) -> str:
        return self._module_format("numpy.pi")

    def _print_MatMul(self, expr: MatMul) -> str:
        number, matrices = expr.as_coeff_matrices()
        factors = [self.parenthesize(m, PRECEDENCE["Mul"] + 1) for m in matrices]
        factors = factors if number == 1 else [f"({self._print(number)})*{factors[0]}", *factors[1:]]
        return " @ ".join(factors)

    def _print_Determinant(self, expr: Determinant) -> str:
        return f"{self._module_format('numpy.linalg.det')}({self._print(expr.arg)})"

    def _print_Trace(self, expr: Trace) -> str:
        return f"{self._module_format('numpy.trace')}({self._print(expr.arg)})"


def function_source(derivation) -> str:
    """The text of a module with one function, named as the derivation, that computes its closed form."""
    what, expression = _closed_form(derivation)
    printer = Printer({"fully_qualified_modules": True})
    body = printer.doprint(expression)
    names = ", ".join(symbol.name for symbol in derivation.parameters)
    imports = [f"import {module}" for module in ("numpy", "scipy.special") if f"{module}." in body] or ["import numpy"]
    lines = [
        *imports,
        "",
        "",
        f"def {derivation.name}({names}):",
        f'    """{derivation.title}: {what}',
        "",
        *(f"    {line}" for line in _notes(derivation)),
        '    """',
        *(f"    {line}" for line in _shapes(derivation)),
        f"    return {body}",
    ]
    return "\n".join(lines) + "\n"


def _closed_form(derivation) -> tuple[str, Expr]:
    known = (
        ("D(p||q), in nats.", derivation.forward),
        ("D(q||p), in nats.", derivation.reverse),
        ("the closed form, in nats.", derivation.formula),
    )
    for what, expression in known:
        if expression is not None:
            return what, expression
    raise ValueError(f"derivation {derivation.name!r}: its claim is no closed form, so there is no function to write")


def _notes(derivation) -> list[str]:
    is_scalar = not any(isinstance(s, MatrixSymbol) for s in derivation.parameters)
    shapes = "Every parameter may be an array." if is_scalar else "Means are vectors of length n, covariances n by n."
    notes = ["p is the target and q the approximation.", shapes]
    if derivation.forward is not None and derivation.reverse is not None:
        notes.append("The other direction, D(q||p): exchange the arguments of p with those of q.")
    return notes


def _shapes(derivation) -> list[str]:
    """Means as columns, and the dimension, where parameters are vectors and matrices."""
    matrices = [s for s in derivation.parameters if isinstance(s, MatrixSymbol)]
    columns = [s.name for s in matrices if s.shape[1] == 1]
    lines = [f"{name} = numpy.reshape({name}, (-1, 1))" for name in columns]
    return [*lines, f"n = {columns[0]}.shape[0]"] if columns else []
