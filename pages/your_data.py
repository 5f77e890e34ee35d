"""Generalise or memorise: a person's own numbers, fitted by families of rising size and judged on points left out."""

from functools import partial

import numpy as np
import streamlit as st

from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import subsample
from pages.ui.draw.theme import FORWARD
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.state.controls import Slider
from pages.ui.views.your_data import charts
from pages.ui.views.your_data import words as answer
from pages.ui.views.your_data.panel import (
    directions_of,
    draw_costs,
    draw_picture,
    first_fits,
    fits_of,
    is_known,
    study_of,
)
from pages.ui.views.your_data.scene import FOLDS, MOST_COMPONENTS, MOST_POINTS, refusal
from pages.ui.views.your_data.source import TITLES, ask_numbers
from pages.ui.views.your_data.takeaway import costs_table, python_code

PAGE = "pages/your_data.py"
COMPONENTS = Slider("components", "Components of q", 1.0, float(MOST_COMPONENTS), 1.0, 1.0, "Gaussians in the mixture.")
BANDWIDTH = Slider("bandwidth", "Kernel bandwidth: std × 10^", -3.0, 0.0, 0.25, -1.0, "Towards −3 it memorises.")
SEED = Slider("seed", "Seed of the parts", 0.0, 99.0, 1.0, 0.0, f"It shuffles the data into {FOLDS} parts.")
SLIDERS = (COMPONENTS, BANDWIDTH, SEED)

units = shell.open_page(PAGE)
state.restore(PAGE, SLIDERS, {"data": controls.by_title(TITLES)})
shell.heading(
    "Generalise or memorise",
    f"{glossary('maximum likelihood', units, 'Maximum likelihood')} is the forward direction from the data. How large "
    "may q be before it learns only these points?",
)
with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
desk, easel = desk.container(gap="xsmall"), easel.container(key="easel", gap="small")
with desk:
    everything, remarks = ask_numbers()
    components, power, seed = (slider.draw() for slider in SLIDERS)
    for remark in remarks:
        st.caption(remark)
state.remember(PAGE, [*(slider.key for slider in SLIDERS), "data"])
with desk:
    state.undo_button(PAGE)

if everything is None:
    easel.info("Upload a file or paste at least ten numbers.")
    st.stop()
if reason := refusal(everything):
    easel.error(reason)
    st.stop()

seed, components = int(seed), int(components)
x = np.ascontiguousarray(subsample(everything, MOST_POINTS, seed))
if x.size < everything.size:
    desk.caption(f"{x.size} of {everything.size} numbers, drawn with seed {seed}, are fitted; the histogram has all.")
if reason := refusal(x):
    easel.error(f"Of the numbers drawn: {reason}")
    st.stop()
data = Empirical.of(x)
bandwidth = data.std * 10**power
with easel:
    picture = st.empty()
    if not is_known(x, seed):  # what is quick is shown while the rest is computed
        draw_picture(picture, everything, first_fits(x, components, bandwidth, seed))
    study = study_of(x, seed)
    fits = fits_of(x, study, components, bandwidth, seed)
    draw_picture(picture, everything, fits)
    draw_costs(study, components, bandwidth, units)
    if why := study.sizes[components - 1].reason:
        st.caption(f"{components} components: {why}.")
    st.markdown(answer.table(study, units))

st.markdown("##### Mean, mode or memory?")
for sentence in answer.verdict(study, units):
    st.markdown(sentence)
if FORWARD in fits:
    st.markdown(answer.both_directions(directions_of(x, study, components), components, study, units))
st.caption(answer.how(study, seed, units))

with st.expander("Why maximum likelihood is the forward direction, though D(p̂‖q) is ∞"):
    st.markdown(
        "The data are points of mass 1/n: p̂. To a density q the divergence D(p̂‖q) is ∞, whatever q. Seen through "
        "bins it is finite, grows as the bins narrow, and its difference between two q goes to that of their log "
        "losses −E log q: what is left over does not depend on q, so both have the same minimiser. Here q₁ is one "
        f"Gaussian and q₂ {answer.second_density(study)}."
    )
    st.markdown(answer.same_argmin(data, study, units))

content = {"costs": partial(costs_table, study), "curves": partial(charts.curve_table, fits, *charts.view(x))}
settings = "The address of this page holds the settings and the name of the dataset, but never your own numbers."
draw_takeaway(python_code(components, bandwidth, seed), content, address=settings)
