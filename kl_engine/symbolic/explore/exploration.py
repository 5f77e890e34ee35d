"""A closed form with everything asked of it at once: what is left, its derivative, where that is 0, its value."""

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr

from kl_engine.symbolic.explore.explore import Form, Setting, Value, differentiate, evaluate, fix
from kl_engine.symbolic.explore.stationary import Solution, Stationarity, solve_stationarity
from kl_engine.symbolic.formulas.greek import GREEK_LETTERS
from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.proof.writing.source import Printer
from kl_engine.symbolic.proof.writing.typeset import latex
from kl_engine.symbolic.recognise.sayings.report import Part, Report


@dataclass(frozen=True)
class Exploration:
    """form: as it was; left: with the settings. The rest is None where it was not asked for.

    no_value: why there is no value though numbers were given, such as that one is missing.
    """

    form: Form
    left: Form
    slope: Form | None
    stationarity: Stationarity | None
    value: Value | None
    no_value: str = ""

    def report(self, unit: str) -> Report:
        """All of it in words and formulas; the unit is that of its value, nats or nothing."""
        parts = [Part(f"{self.form.label} is"), Part(self.form.latex, is_formula=True)]
        parts += [Part(f"with {tie}.") for tie in ties(self.form)]
        if self.left is not self.form:
            parts += [Part(f"With {', '.join(self.left.steps)}:"), Part(self.left.latex, is_formula=True)]
        if self.slope:
            by = self.stationarity.by
            parts += [Part(f"Its derivative with respect to {spoken(by)}:"), Part(self.slope.latex, is_formula=True)]
            parts += [Part(self.stationarity.words)]
            for solution in self.stationarity.solutions:
                parts += [Part(f"{latex(by)} = {solution.latex}", is_formula=True), Part(f"{known(solution)}.")]
        if self.value:
            parts += [Part(f"Its value: {self.value.digits} {unit}".strip() + ".")]
        return Report(f"{self.form.label}, explored", tuple(parts))

    def to_python(self) -> str:
        """A module with a function for what is left, one for its derivative, and one for each solution."""
        functions = [_function("form", _ascii(self.form.label), self.left, self.left.expression)]
        if self.slope:
            by = self.stationarity.by
            functions += [_function("slope", f"Its derivative with respect to {by}", self.left, self.slope.expression)]
            functions += [
                _function(f"solution_{place}", f"{by} at a stationary point: {s.kind}", self.left, s.value, without=by)
                for place, s in enumerate(self.stationarity.solutions, 1)
            ]
        body = "\n\n\n".join(functions)
        imports = [f"import {module}" for module in ("numpy", "scipy.special") if f"{module}." in body]
        return "\n".join([*imports, "", "", body, ""] if imports else [body, ""])


def explore(form: Form, settings: Mapping[str, Setting], by: str | None, numbers: Mapping[str, Setting]) -> Exploration:
    """Settings first, then the derivative by one symbol and its zeros, then the value at the numbers.

    A symbol that the settings removed is not asked about any more. ExplorationError or FormulaError, as `fix` and
    `differentiate` do.
    """
    left = fix(form, settings) if settings else form
    names = {symbol.name for symbol in left.parameters}
    by = by if by in names else None
    numbers = {name: number for name, number in numbers.items() if name in names}
    slope = differentiate(left, by) if by else None
    value, why = None, ""
    try:
        value = evaluate(left, numbers) if numbers or not names else None
    except ValueError as refusal:
        why = str(refusal)
    return Exploration(form, left, slope, solve_stationarity(left, by) if by else None, value, why)


def ties(form: Form) -> tuple[str, ...]:
    """The symbols that others determine, as equations in words."""
    return tuple(f"{spoken(symbol)} = {_in_words(tied)}" for symbol, tied in form.ties)


def known(solution: Solution) -> str:
    """What a solution is, and how that is known."""
    where = "" if solution.always else ", where it is in the domain"
    return f"{solution.kind}{where}; {'proved by algebra' if solution.proved else 'checked at 50 digits'}"


def _in_words(tied: Expr) -> str:
    symbols = sorted(tied.free_symbols, key=str)
    return " − ".join(["1", *map(spoken, symbols)])


def _function(name: str, what: str, form: Form, expression: Expr, without: object = None) -> str:
    body = Printer({"fully_qualified_modules": True}).doprint(expression)
    arguments = ", ".join(symbol.name for symbol in form.parameters if symbol != without)
    steps = [f"    With {_ascii(', '.join(form.steps))}."] if form.steps else []
    head = [f"def {name}({arguments}):", f'    """{what}.', *([""] if steps else []), *steps, '    """']
    return "\n".join([*head, f"    return {body}"])


def _ascii(words: str) -> str:
    named = words.replace("‖", "||").replace("→", "->").replace("−", "-")
    return "".join(GREEK_LETTERS.get(sign, sign) for sign in named)
