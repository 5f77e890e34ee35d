"""Derivations that prove themselves: closed forms and stationarity conditions, step by step, each step checked.

`check_formula` says which divergence a typed formula is. SymPy takes its time, so each name is bound when it is first
asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kl_engine.symbolic.formulas.refusals import FormulaError
    from kl_engine.symbolic.proof.check import Check, Outcome, Statement, Verdict
    from kl_engine.symbolic.proof.derivation import Derivation, Step, Verification
    from kl_engine.symbolic.proof.writing.typeset import latex
    from kl_engine.symbolic.recognise.findings import FormulaCheck
    from kl_engine.symbolic.recognise.formula_check import check_formula
    from kl_engine.symbolic.subjects.catalogue import DERIVATIONS

_HOMES = {
    "DERIVATIONS": "subjects.catalogue",
    "Check": "proof.check",
    "Derivation": "proof.derivation",
    "FormulaCheck": "recognise.findings",
    "FormulaError": "formulas.refusals",
    "Outcome": "proof.check",
    "Statement": "proof.check",
    "Step": "proof.derivation",
    "Verdict": "proof.check",
    "Verification": "proof.derivation",
    "check_formula": "recognise.formula_check",
    "latex": "proof.writing.typeset",
}
__all__ = [
    "DERIVATIONS",
    "Check",
    "Derivation",
    "FormulaCheck",
    "FormulaError",
    "Outcome",
    "Statement",
    "Step",
    "Verdict",
    "Verification",
    "check_formula",
    "latex",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as missing:
        if missing.name not in ("sympy", "mpmath"):  # which comes with it
            raise
        raise ModuleNotFoundError(
            f"{__name__}.{name} needs SymPy: pip install sympy, or kl-engine[symbolic]", name="sympy"
        ) from None
    globals()[name] = value
    return value
