"""The one place where results are kept between reruns; keyed on plain numbers, shared by all sessions."""

from __future__ import annotations

import streamlit as st

from kl_engine import Gaussian, Sweep
from pages.ui import proofs, scene
from pages.ui.draft import Draft
from pages.ui.mixture_lab import findings
from pages.ui.mixture_lab.findings import Findings
from pages.ui.proofs import Proof
from pages.ui.scene import Scene, Target


@st.cache_resource(max_entries=256, show_spinner=False)
def fit_scene(separation: float, weight: float, right: float, left: float, mean: float, std: float) -> Scene:
    """See `scene.fit_scene`."""
    return scene.fit_scene(Target(separation, weight, right, left), Gaussian(mean, std))


@st.cache_resource(max_entries=64, show_spinner="Fitting both directions at 201 separations …")
def sweep(weight: float, right: float, left: float) -> Sweep:
    """See `scene.sweep_of`: about a second of work."""
    return scene.sweep_of(Target(0.0, weight, right, left))


@st.cache_resource(max_entries=256, show_spinner=False)
def lab_findings(rows: tuple, start: tuple[float, float], held: bool) -> Findings:
    """See `findings.found`."""
    return findings.found(Draft(rows, start), held)


@st.cache_resource(max_entries=128, show_spinner="Deriving and checking every step …")
def proof(name: str) -> Proof:
    """See `proofs.prove`: SymPy's import once, then a few tenths of a second for each derivation."""
    return proofs.prove(name)


@st.cache_resource(max_entries=256, show_spinner=False)
def guessed_meanings(text: str) -> tuple:
    """What the symbols of a formula mean, by their names; ValueError when the text is not accepted."""
    from kl_engine.symbolic.grammar import parse_formula
    from kl_engine.symbolic.meanings import guess_meanings

    return guess_meanings(parse_formula(text).names)


@st.cache_resource(max_entries=256, show_spinner="Comparing with both directions …")
def checked_formula(text: str, meanings: tuple):
    """See `formula_check.check_formula`."""
    from kl_engine.symbolic.formula_check import check_formula

    return check_formula(text, meanings)


@st.cache_resource(max_entries=64, show_spinner="Importing SymPy …")
def explored_forms(names: tuple[str, ...]) -> tuple:
    """The closed forms that the derivations prove, forward first."""
    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.explore import forms_of

    return tuple(form for name in names for form in forms_of(DERIVATIONS[name]))


def form_symbols(names: tuple[str, ...]) -> list[str]:
    """The names of the symbols of these forms."""
    return [symbol.name for symbol in explored_forms(names)[0].parameters]


@st.cache_resource(max_entries=256, show_spinner=False)
def read_objective(text: str, answers: tuple[tuple[str, str], ...]) -> tuple:
    """An objective as read, and None; or None, and why the text is refused."""
    from kl_engine.objectives.reading import read_objective as read

    try:
        return read(text, dict(answers)), None
    except ValueError as refusal:
        return None, str(refusal)


@st.cache_resource(max_entries=256, show_spinner=False)
def demonstration(separation: float, weight: float, right: float, left: float, weights: tuple[float, float, float]):
    """See `objective_check.demonstration.demonstrate`."""
    from kl_engine.objectives.fates import Weights
    from pages.ui.objective_check.demonstration import demonstrate

    return demonstrate(Target(separation, weight, right, left), Weights(*weights))


@st.cache_resource(max_entries=256, show_spinner=False)
def plane_scene(rows: tuple[tuple[float, ...], ...], covariance: str):
    """See `two_dimensions.scene.scene`."""
    from pages.ui.two_dimensions.scene import scene

    return scene(rows, covariance)
