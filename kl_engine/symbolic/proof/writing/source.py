"""A derivation's closed form as the source text of a documented NumPy function.

`Derivation` calls this module and is not imported by it.
"""

from sympy import (
    Determinant,
    Eq,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Limit,
    MatMul,
    MatrixSymbol,
    Mul,
    Sum,
    Symbol,
    Trace,
    fraction,
    log,
)
from sympy.printing.numpy import SciPyPrinter
from sympy.printing.precedence import PRECEDENCE

from kl_engine.symbolic.proof.notation import moved, n


class RelativeEntropy(Function):
    """a log(a/b), which is 0 at a = 0 and infinite at b = 0 < a: the limits, where the product itself has no value."""

    nargs = 2


class Printer(SciPyPrinter):
    """SymPy's printer, with the determinant and the trace, which it lacks, and matrix products in plain NumPy."""

    def _print_RelativeEntropy(self, expr: RelativeEntropy) -> str:
        return f"{self._module_format('scipy.special.rel_entr')}({', '.join(map(self._print, expr.args))})"

    def _print_Pi(self, expr: Expr) -> str:
        return self._module_format("numpy.pi")

    def _print_MatMul(self, expr: MatMul) -> str:
        number, matrices = expr.as_coeff_matrices()
        factors = [self.parenthesize(m, PRECEDENCE["Mul"] + 1) for m in matrices]
        factors = factors if number == 1 else [f"({self._print(number)})*{factors[0]}", *factors[1:]]
        return " @ ".join(factors)

    def _print_Indexed(self, expr: Indexed) -> str:
        """All entries at once: the vector itself."""
        return str(expr.base.label)

    def _print_Sum(self, expr: Sum) -> str:
        return f"{self._module_format('numpy.sum')}({self._print(expr.function)})"

    def _print_Determinant(self, expr: Determinant) -> str:
        return f"{self._module_format('numpy.linalg.det')}({self._print(expr.arg)})"

    def _print_Quadratic(self, expr: Expr) -> str:
        vector, matrix = (self.parenthesize(part, PRECEDENCE["Atom"]) for part in expr.args)
        return f"({vector}.T @ {matrix} @ {vector})[0, 0]"

    def _print_Trace(self, expr: Trace) -> str:
        return f"{self._module_format('numpy.trace')}({self._print(expr.arg)})"


def function_source(derivation) -> str:
    """The text of a module with one function, named as the derivation, that computes its closed form."""
    what, expression = _closed_form(derivation)
    code = _code(derivation, expression)
    body = "\n".join(code)
    names = ", ".join(symbol.name for symbol in derivation.parameters)
    imports = [f"import {module}" for module in ("numpy", "scipy.special") if f"{module}." in body] or ["import numpy"]
    lines = [
        *imports,
        "",
        "",
        f"def {derivation.name}({names}):",
        f'    """{derivation.title}: {what}',
        "",
        *(f"    {line}" for line in _notes(derivation, expression)),
        '    """',
        *(f"    {line}" for line in _shapes(derivation, expression)),
        *(f"    {line}" for line in code),
    ]
    return "\n".join(lines) + "\n"


def _closed_form(derivation) -> tuple[str, Expr]:
    """What is computed, and its formula: one that a step proves without hypotheses."""
    for what, quantity, form in (
        ("D(p||q)", "D_forward", derivation.forward),
        ("D(q||p)", "D_reverse", derivation.reverse),
    ):
        step = derivation.proving(quantity, form) if form is not None else None
        if step is not None:
            return f"{what}{_place(step.expression.lhs)}, in nats.", form
    if derivation.formula is not None and derivation.formula_step is not None:
        return derivation.meaning, derivation.formula
    raise ValueError(f"derivation {derivation.name!r}: its claim is no closed form, so there is no function to write")


def _place(divergence: Expr) -> str:
    """Where the divergence is taken, if not at its own parameters."""
    places = [f"{name} = {value}" for name, value in moved(divergence)]
    return f" at {', '.join(places)}" if places else ""


def _notes(derivation, expression: Expr) -> list[str]:
    shapes = "Every parameter may be an array."
    if any(isinstance(s, MatrixSymbol) for s in derivation.parameters):
        shapes = "Means are vectors of length n, covariances n by n."
    elif vectors := _vectors(derivation, expression):
        shapes = f"Vectors of one length: {', '.join(vectors)}."
    roles = {s.name.rpartition("_")[2] for s in derivation.parameters} & {"p", "q"}
    notes = ["p is the target and q the approximation."] if len(roles) == 2 else []
    notes += [*derivation.notes, shapes]
    if derivation.setting.sizes is not None:
        sizes = ", ".join(map(str, derivation.setting.sizes.sizes))
        notes.append(f"The formula is proved for sizes {sizes}.")
    if derivation.forward is not None and derivation.reverse is not None:
        notes.append("The other direction, D(q||p): exchange the arguments of p with those of q.")
    return notes


def with_limits(expression: Expr) -> Expr:
    """The expression with every a log(a/b) as one function, so that it has a value at a = 0 and at b = 0 too."""
    return expression.replace(lambda part: isinstance(part, Mul) and part.has(log), _with_limits)


def _with_limits(product: Mul) -> Expr:
    for logarithm in (factor for factor in product.args if isinstance(factor, log)):
        above, below = fraction(logarithm.args[0])
        if above in product.args:
            rest = (factor for factor in product.args if factor not in (above, logarithm))
            return Mul(*rest, RelativeEntropy(above, below))
    return product


def _code(derivation, expression: Expr) -> list[str]:
    """The lines that compute the form; where a step proves its limit at a value of a parameter, that limit is taken."""
    write = Printer({"fully_qualified_modules": True}).doprint
    limits = _limits(derivation, expression)
    if not limits:
        return [f"return {write(with_limits(expression))}"]
    symbol, points = limits[0][0], [point for _, point, _ in limits]
    places = " | ".join(f"({symbol} == {write(point)})" for point in points)
    middle = float(sum(points) / len(points))
    return [
        f"{symbol} = numpy.asarray({symbol}, dtype=float)",
        f"inside = numpy.where({places}, {middle}, {symbol})  # at the ends the limits below take the place",
        f"value = {write(with_limits(expression.xreplace({symbol: Symbol('inside')})))}",
        *(
            f"value = numpy.where({symbol} == {write(at)}, {write(with_limits(limit))}, value)"
            for _, at, limit in limits
        ),
        "return value[()]",
    ]


def _limits(derivation, expression: Expr) -> list[tuple[Symbol, Expr, Expr]]:
    """Symbol, value and limit, for each step that states the limit of the quantity which the expression is."""
    stated = [step.expression for step in derivation.steps]
    quantities = [equation.lhs for equation in stated if isinstance(equation, Eq) and equation.rhs == expression]
    return [
        (equation.lhs.args[1], equation.lhs.args[2], equation.rhs)
        for equation in stated
        if isinstance(equation.lhs, Limit) and equation.lhs.args[0] in quantities
    ]


def _vectors(derivation, expression: Expr) -> list[str]:
    """The parameters over whose entries the form sums."""
    labels = {base.label for base in expression.atoms(IndexedBase)}
    return [symbol.name for symbol in derivation.parameters if symbol in labels]


def _shapes(derivation, expression: Expr) -> list[str]:
    """Vectors as arrays, or as columns beside matrices, and the dimension."""
    if vectors := _vectors(derivation, expression):
        summed = expression.replace(Sum, lambda body, *limits: body)  # the n of a sum's limits is not computed with
        size = [f"n = {vectors[0]}.size"] if n in summed.free_symbols else []
        return [*(f"{name} = numpy.asarray({name}, dtype=float)" for name in vectors), *size]
    matrices = [s for s in derivation.parameters if isinstance(s, MatrixSymbol)]
    columns = [s.name for s in matrices if s.shape[1] == 1]
    lines = [f"{name} = numpy.reshape({name}, (-1, 1))" for name in columns]
    return [*lines, f"n = {columns[0]}.shape[0]"] if columns else []
