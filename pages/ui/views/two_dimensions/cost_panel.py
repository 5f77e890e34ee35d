"""The small panel on what mean field costs, against correlation and against dimension."""

from __future__ import annotations

import numpy as np
import streamlit as st

from kl_engine import equicorrelated, mean_field_cost
from pages.ui.draw.specs import Picture
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, amount
from pages.ui.state.controls import Slider
from pages.ui.views.two_dimensions.charts import ALT, CORRELATIONS, DIMENSIONS, cost_data, cost_spec

CORRELATION = Slider(
    "correlation", "Correlation of every pair", 0.0, 0.98, 0.02, 0.5, "p is Gaussian, all its correlations alike."
)
DIMENSION = Slider("dimension", "Dimension", 2.0, 30.0, 1.0, 10.0, "The number of coordinates of p.")
SLIDERS = (CORRELATION, DIMENSION)


def draw_cost_panel(units: str) -> None:
    """Sliders, two charts, and the two costs in words."""
    mean_field = glossary("mean field", units, "Mean field")
    st.markdown(f"##### What mean field costs\n\n{mean_field} takes the coordinates of q for independent.")
    left, right = st.columns(2, gap="medium")
    with left:
        rho = CORRELATION.draw()
    with right:
        n = round(DIMENSION.draw())
    scale = NATS_IN[units]
    x, dimensions = np.round(CORRELATIONS, 2), DIMENSIONS.astype(float)
    charts = (
        (left, "correlation", cost_data(x, [(r, n) for r in x.tolist()], rho, scale)),
        (right, "dimension", cost_data(dimensions, [(rho, d) for d in DIMENSIONS.tolist()], n, scale)),
    )
    for column, title, datasets in charts:
        Picture(cost_spec(title, units), datasets, ALT).draw(column)
    cost = mean_field_cost(equicorrelated(rho, n))
    told = (
        "equal, as always in two dimensions: the mutual information"
        if n == 2
        else "forward pays for all the dependence, reverse for less"
        if rho
        else "both nothing"
    )
    st.markdown(
        rf":red[**Forward**] $-\tfrac12\log\det R$ = **{amount(cost.forward, units)}**, :blue[**reverse**] "
        rf"$\tfrac12(\log\det\Sigma+\sum_i\log\Lambda_{{ii}})$ = **{amount(cost.reverse, units)}**: {told}."
    )
