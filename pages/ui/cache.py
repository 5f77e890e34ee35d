"""The one place where results are kept between reruns; keyed on plain numbers, shared by all sessions.

What computes a view is imported when the view first asks: no page waits for the modules of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from kl_engine import Direction, Gaussian, Path, Sweep
from pages.ui import scene
from pages.ui.draft import Draft
from pages.ui.scene import Scene, Target

if TYPE_CHECKING:
    from pages.ui.alpha_dial.dial import Dial
    from pages.ui.codes import scene as codes_scene
    from pages.ui.estimators.trial import Trial
    from pages.ui.free_energy.situation import Situation
    from pages.ui.landscape.relief import Relief
    from pages.ui.mixture_lab.findings import Findings
    from pages.ui.proofs import Proof


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
    from pages.ui.mixture_lab.findings import found

    return found(Draft(rows, start), held)


@st.cache_resource(max_entries=64, show_spinner="Drawing both maps …")
def relief(rows: tuple) -> Relief:
    """See `relief.relief`."""
    from pages.ui.landscape import relief as maps

    return maps.relief(Draft(rows, (0.0, 1.0)))


@st.cache_resource(max_entries=256, show_spinner=False)
def flows(rows: tuple, start: tuple[float, float]) -> dict[Direction, Path]:
    """See `relief.flows`."""
    from pages.ui.landscape import relief as maps

    return maps.flows(Draft(rows, start))


@st.cache_resource(max_entries=64, show_spinner="Fitting along α from 0 to 1 …")
def dial(separation: float, weight: float, right: float, left: float) -> Dial:
    """See `dial.turned`: about a second of work."""
    from pages.ui.alpha_dial.dial import turned

    return turned(Target(separation, weight, right, left))


@st.cache_resource(max_entries=128, show_spinner="Drawing samples …")
def trials(
    separation: float, weight: float, right: float, left: float, mean: float, std: float, seed: int
) -> tuple[Trial, Trial]:
    """See `trial.tried`: two samples of 100 000 draws."""
    from pages.ui.estimators import trial

    return trial.tried(Target(separation, weight, right, left), Gaussian(mean, std), seed)


@st.cache_resource(max_entries=128, show_spinner="Deriving and checking every step …")
def proof(name: str) -> Proof:
    """See `proofs.prove`: SymPy's import once, then a few tenths of a second for each derivation."""
    from pages.ui import proofs

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


@st.cache_resource(max_entries=256, show_spinner=False)
def free_energy_situation(family: str, link: str, outcome: int, values: tuple[float, ...]) -> Situation:
    """See `situation.situation`: a few ms."""
    from pages.ui.free_energy.situation import situation

    return situation(family, link, outcome, values)


@st.cache_resource(max_entries=256, show_spinner=False)
def belief_curves(family: str, link: str, outcome: int, values: tuple[float, ...], fitted: bool) -> tuple:
    """F and the divergence over q's mean; see `situation.along_mean`."""
    from pages.ui.free_energy.situation import along_mean

    found = free_energy_situation(family, link, outcome, values)
    return along_mean(found, found.belief(fitted))


@st.cache_resource(max_entries=3, show_spinner="Importing SymPy …")
def free_energy_forms(family: str) -> tuple[str, str, str]:
    """See `formulas.forms`."""
    from pages.ui.free_energy import formulas

    return formulas.forms(family)


@st.cache_resource(max_entries=256, show_spinner=False)
def free_energy_numbers(family: str, link: str, outcome: int, values: tuple[float, ...], fitted: bool) -> tuple:
    """See `formulas.numbers_put_in`."""
    from pages.ui.free_energy import formulas

    return formulas.numbers_put_in(free_energy_situation(family, link, outcome, values), link, fitted)


@st.cache_resource(max_entries=128, show_spinner=False)
def code_scene(p: tuple[float, ...], q: tuple[float, ...], r: tuple[float, ...] | None) -> codes_scene.Scene:
    """See `codes.scene.code_scene`."""
    from pages.ui.codes import scene as codes_scene

    return codes_scene.code_scene(p, q, r)


@st.cache_resource(max_entries=64, show_spinner=False)
def coded_sample(a: tuple[float, ...], b: tuple[float, ...], seed: int) -> codes_scene.Measured:
    """See `codes.scene.measured`: 100,000 symbols coded twice and decoded, a tenth of a second."""
    from pages.ui.codes import scene as codes_scene

    return codes_scene.measured(a, b, seed)
