"""The one place where results are kept between reruns; keyed on plain numbers, shared by all sessions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from kl_engine import Gaussian, Sweep
from pages.ui import proofs, scene
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


@st.cache_resource(max_entries=256, show_spinner=False)
def alpha_member(separation: float, weight: float, right: float, left: float, alpha: float):
    """The Gaussian of least D_α: see `alpha_fit`."""
    from kl_engine import alpha_fit

    return alpha_fit(Target(separation, weight, right, left).p, alpha)
