"""The answer to "which divergence is this?", to be taken away: a report in LaTeX or Markdown, and Python."""

from sympy import Expr

from kl_engine.symbolic.formulas.symbol_names import spoken
from kl_engine.symbolic.formulas.tree_python import parameter, tree_python
from kl_engine.symbolic.proof.writing.source import Printer
from kl_engine.symbolic.proof.writing.typeset import latex
from kl_engine.symbolic.recognise.findings import FormulaCheck
from kl_engine.symbolic.recognise.meanings import Quantity
from kl_engine.symbolic.recognise.sayings.report import Part, Report
from kl_engine.symbolic.recognise.trials import FORWARD, REVERSE
from kl_engine.symbolic.subjects.catalogue import DERIVATIONS
from kl_engine.symbolic.subjects.gaussian import PARAMETERS

_CANONICAL = {"forward": (r"D(p \,\|\, q)", FORWARD), "reverse": (r"D(q \,\|\, p)", REVERSE)}


def canonical(check: FormulaCheck) -> tuple[str, ...]:
    """The textbook form of the direction that the formula is, or both forms, with what is assumed put in, as LaTeX."""
    fixed = {assumption.parameter: assumption.value for assumption in check.assumptions}
    found = check.match or (check.explanation.match if check.explanation else None)
    names = [found.direction] if found and found.direction in _CANONICAL else list(_CANONICAL)
    if check.derivation:
        forms = _derived(check)
        return tuple(f"{_CANONICAL[n][0]} = {latex(forms[n])}" for n in names)
    return tuple(f"{_CANONICAL[n][0]} = {latex(_CANONICAL[n][1].xreplace(fixed))}" for n in names)


def _derived(check: FormulaCheck) -> dict[str, Expr]:
    """Both directions, as the derivation of their distributions proves them."""
    derivation = DERIVATIONS[check.derivation]
    return {"forward": derivation.forward, "reverse": derivation.reverse}


def report(check: FormulaCheck) -> Report:
    """The verdict, the formula as read, how it is known, the canonical form, and the numbers."""
    meanings = "; ".join(meaning.words for meaning in check.meanings)
    parts = [Part(check.headline), *map(Part, check.remarks), Part("As read:"), Part(check.latex, is_formula=True)]
    parts += [Part(f"Here {meanings}.")]
    parts += [Part(f"Assumed: {check.condition}.")] if check.condition else []
    parts += [Part(check.proof), Part("The canonical form:")]
    parts += [Part(form, is_formula=True) for form in canonical(check)]
    return Report("Check of a formula", (*parts, Part(_numbers(check))))


def to_python(check: FormulaCheck) -> str:
    """A module with the formula as it was read, both directions, and their values at one point."""
    counts = [name for name in check.formula.names if name not in {m.name for m in check.meanings}]
    names = [parameter(name) for name in (*(meaning.name for meaning in check.meanings), *counts)]
    arrays = frozenset(m.name for m in check.meanings if m.quantity in _ARRAYS) if check.dimensions else frozenset()
    lines = [f"def formula({', '.join(names)}):", '    """The formula as it was read.', ""]
    lines += [f"    {meaning.words}." for meaning in check.meanings]
    lines += [f"    {name} is the number of entries." for name in counts]
    lines += ['    """', f"    return {tree_python(check.formula.tree, arrays)}", ""]
    forms = (
        _derived(check)
        if check.derivation and not check.dimensions
        else dict(zip(_BOTH, (FORWARD, REVERSE), strict=True))
    )
    symbols = DERIVATIONS[check.derivation].parameters if check.derivation and not check.dimensions else PARAMETERS
    for name, divergence in zip(_BOTH, ("D(p||q)", "D(q||p)"), strict=True):
        lines += ["", *_function(f"{name}_kl", divergence, forms[name], symbols, check.family), ""]
    place = ", ".join(f"{name}={number!r}" for name, number in check.comparison.parameters)
    lines += ["", *_comment(check.headline), f"print(formula({', '.join(_arguments(check))}))"]
    body = "\n".join([*lines, f"print(forward_kl({place}), reverse_kl({place}))", ""])
    imports = [f"import {module}" for module in ("numpy", "scipy.special") if f"{module}." in body]
    return "\n".join([*imports, *([""] * 2 if imports else []), body])


_BOTH = ("forward", "reverse")
_ARRAYS = (Quantity.MEAN, Quantity.COVARIANCE, Quantity.PRECISION, Quantity.CHOLESKY)


def _arguments(check: FormulaCheck) -> list[str]:
    """name=value for each name: a list for what stands for one, arrays of one dimension for matrices."""
    lists: dict[str, list[float]] = {}
    found = []
    for name, number in check.comparison.symbols:
        bare, bracket, _ = name.partition("[")
        if bracket:
            lists.setdefault(bare, []).append(number)
        else:
            found.append(f"{parameter(name)}={_in_one_dimension(check, name, number)}")
    return found + [f"{parameter(name)}=numpy.array({numbers!r})" for name, numbers in lists.items()]


def _in_one_dimension(check: FormulaCheck, name: str, number: float) -> str:
    quantity = next((m.quantity for m in check.meanings if m.name == name), None)
    if not check.dimensions or quantity not in _ARRAYS:
        return f"{number!r}"
    return f"numpy.array([{number!r}])" if quantity is Quantity.MEAN else f"numpy.array([[{number!r}]])"


def _function(name: str, divergence: str, expression: Expr, symbols: tuple, family: str) -> list[str]:
    body = Printer({"fully_qualified_modules": True}).doprint(expression)
    arguments = ", ".join(symbol.name for symbol in symbols)
    return [
        f"def {name}({arguments}):",
        f'    """{divergence} between two {family}, in nats."""',
        f"    return {body}",
    ]


def _comment(words: str) -> list[str]:
    return [f"# {line}" for line in words.splitlines()]


def _numbers(check: FormulaCheck) -> str:
    place = ", ".join(f"{spoken(name)} = {number:.15g}" for name, number in check.comparison.symbols)
    value = "has no value" if check.comparison.value is None else f"is {check.comparison.value:.15g}"
    numbers = check.comparison
    return f"At {place} it {value}; D(p‖q) is {numbers.forward:.15g} nats and D(q‖p) {numbers.reverse:.15g} nats."
