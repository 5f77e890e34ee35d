"""The one place where results are kept between reruns; keyed on plain numbers, shared by all sessions.

What computes a view is imported when the view first asks: no page waits for the modules of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from kl_engine import Direction, Gaussian, Path, StationaryPoints, Sweep, Transitions, stationary_points, transitions
from pages.ui import proofs, scene
from pages.ui.acting import scene as acting_scene
from pages.ui.codes import scene as codes_scene
from pages.ui.draft import Draft
from pages.ui.proofs import Proof
from pages.ui.scene import Scene, Target

if TYPE_CHECKING:
    from pages.ui.alpha_dial.dial import Dial
    from pages.ui.codes import scene as codes_scene
    from pages.ui.estimators.trial import Trial
    from pages.ui.free_energy.situation import Situation
    from pages.ui.landscape.relief import Relief
    from pages.ui.mixture_lab.findings import Findings
    from pages.ui.proofs import Proof

Pairs = tuple[tuple[str, str], ...]  # symbol and what is typed for it


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


@st.cache_resource(max_entries=64, show_spinner="Following every branch from separation 0 to 30 widths …")
def found_transitions(weight: float, right: float, left: float, fixed_std: float | None) -> Transitions:
    """See `transitions`: some seconds of work."""
    return transitions(weight, (right, left), fixed_std)


@st.cache_resource(max_entries=256, show_spinner=False)
def points_of(rows: tuple, fixed_std: float | None) -> StationaryPoints:
    """See `stationary_points`, of D(q‖p)."""
    return stationary_points(Draft(rows, (0.0, 1.0)).p, Direction.REVERSE, fixed_std)


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


@st.cache_resource(max_entries=256, show_spinner=False)
def explored(names: tuple[str, ...], place: int, settings: Pairs, by: str | None, numbers: Pairs):
    """See `exploration.explore`: of the form at that place among `explored_forms`."""
    from kl_engine.symbolic.exploration import explore

    return explore(explored_forms(names)[place], dict(settings), by, dict(numbers))


@st.cache_resource(max_entries=256, show_spinner=False)
def data_size(raw: bytes, components: int, seed: int):
    """See `your_data.study.size_study`; `raw` is the bytes of the numbers, float64."""
    from pages.ui.your_data.study import size_study

    return size_study(np.frombuffer(raw), components, seed)


@st.cache_resource(max_entries=32, show_spinner=False)
def data_kernels(raw: bytes, seed: int):
    """See `your_data.study.kernel_study`."""
    from pages.ui.your_data.study import kernel_study

    return kernel_study(np.frombuffer(raw), seed)


@st.cache_resource(max_entries=32, show_spinner=False)
def data_mode(raw: bytes, components: int, seed: int):
    """See `your_data.study.mode_score`."""
    from pages.ui.your_data.study import mode_score

    return mode_score(np.frombuffer(raw), components, seed)


@st.cache_resource(max_entries=256, show_spinner="Fitting the other direction …")
def data_directions(raw: bytes, reference: int, components: int):
    """See `your_data.study.directions`: of the maximum-likelihood fits with so many components."""
    from kl_engine.empirical import Empirical
    from kl_engine.likelihood import likelihood_fit
    from pages.ui.your_data.study import directions

    data = Empirical.of(np.frombuffer(raw))
    return directions(likelihood_fit(data, reference).q, likelihood_fit(data, components).q)


@st.cache_resource(max_entries=32, show_spinner=False)
def data_kernel_failures(raw: bytes, reference: int, bandwidth: float, seed: int):
    """See `your_data.study.kernel_failures`."""
    from kl_engine.empirical import Empirical
    from kl_engine.likelihood import likelihood_fit
    from pages.ui.your_data.study import kernel_failures

    x = np.frombuffer(raw)
    return kernel_failures(x, likelihood_fit(Empirical.of(x), reference).q, bandwidth, seed)


@st.cache_resource(max_entries=128, show_spinner=False)
def act_scene(joint: tuple, right: bool, A: tuple, B: tuple, C: tuple) -> acting_scene.Scene:
    """See `acting.scene.act_scene`."""
    return acting_scene.act_scene(joint, right, acting_scene.model_of(A, B, C))


@st.cache_resource(max_entries=32, show_spinner=False)
def act_branches(A: tuple, B: tuple, C: tuple) -> acting_scene.Branches:
    """See `acting.scene.branches`: a quarter of a second for a new maze."""
    return acting_scene.branches(acting_scene.model_of(A, B, C))


@st.cache_resource(max_entries=256, show_spinner=False)
def alpha_member(separation: float, weight: float, right: float, left: float, alpha: float):
    """The Gaussian of least D_α: see `alpha_fit`."""
    from kl_engine import alpha_fit

    return alpha_fit(Target(separation, weight, right, left).p, alpha)
