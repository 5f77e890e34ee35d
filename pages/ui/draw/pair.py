"""p and q in small, above the picture of a page that speaks of both: p in its role, q in the colour of the text.

A q that nobody fitted has no role, so it is neither of the two fits. This module knows no Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Gaussian, GaussianMixture
from pages.ui.draw.specs import Picture, constant_spec, roles
from pages.ui.draw.theme import TARGET

DENSITY_HEIGHT, MASS_HEIGHT = 92, 96
Q = "q"
Q_DASH = [8, 3, 2, 3]
POINTS = np.linspace(-4.5, 4.5, 91)  # of a bell, in units of its std
EVEN = 161  # between the bells
DENSITY_ALT = "Densities over x: the target p solid and filled, q as a line of dashes and dots."
MASS_ALT = "Probability of each symbol: that of p filled, that of q as a hollow bar beside it."


@cache
def density_spec() -> dict:
    """Datasets: `pair` (x, value, who), `names` (x, value, who)."""
    x = alt.X("x:Q", title=None, axis=alt.Axis(tickCount=8, grid=False), scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("value:Q", title=None, axis=None, stack=None)
    p = alt.Chart(alt.NamedData("pair")).transform_filter(f"datum.who != '{Q}'")
    q = alt.Chart(alt.NamedData("pair")).transform_filter(f"datum.who == '{Q}'")
    layers = [
        p.mark_area(fillOpacity=0.12).encode(x, y, fill=alt.FillDatum(TARGET)),
        p.mark_line(strokeWidth=2).encode(x, y, stroke=alt.StrokeDatum(TARGET)),
        q.mark_line(stroke="currentColor", strokeDash=Q_DASH, strokeWidth=1.8).encode(x, y),
    ]
    names = alt.Chart(alt.NamedData("names"))
    style = {"fontSize": 13, "fontWeight": 600, "dy": -8}
    is_p, at = f"datum.who != '{Q}'", (x, y)
    layers.append(names.transform_filter(is_p).mark_text(text="p", **style).encode(*at, fill=alt.FillDatum(TARGET)))
    layers.append(names.transform_filter(f"!({is_p})").mark_text(text=Q, color="currentColor", **style).encode(*at))
    return constant_spec(alt.layer(*layers, roles("fill", "stroke")), DENSITY_HEIGHT)


@cache
def mass_spec(labels: int) -> dict:
    """Dataset: `pair` (symbol, who, value, name); `labels` px are kept for the numbers of the vertical axis."""
    at = alt.X("symbol:N", sort=None, title=None, axis=alt.Axis(labels=False, ticks=False))
    beside = alt.XOffset("who:N", scale=alt.Scale(domain=[TARGET, Q], paddingInner=0.1))
    y = alt.Y("value:Q", title="probability", axis=alt.Axis(tickCount=3, minExtent=labels))
    tip = [alt.Tooltip("symbol:N"), alt.Tooltip("who:N"), alt.Tooltip("value:Q", format=".4g")]
    rows = alt.Chart(alt.NamedData("pair"))
    p = rows.transform_filter(f"datum.who != '{Q}'").mark_bar(fillOpacity=0.8)
    q = rows.transform_filter(f"datum.who == '{Q}'").mark_bar(
        fill="transparent", stroke="currentColor", strokeWidth=1.5, strokeDash=Q_DASH
    )
    names = rows.transform_filter("datum.name").mark_text(fontSize=13, fontWeight=600, dy=-8, color="currentColor")
    layers = [
        p.encode(at, y, beside, fill=alt.FillDatum(TARGET), tooltip=tip),
        q.encode(at, y, beside, tooltip=tip),
        names.encode(at, y, beside, text="name:N"),
    ]
    return constant_spec(alt.layer(*layers, roles("fill")), MASS_HEIGHT)


def density_picture(p: GaussianMixture, q: Gaussian) -> Picture:
    """Both densities over x; p's name stands at its highest point, q's at q's own."""
    bells = [*zip(p.means, p.stds), (q.mean, q.std)]
    x = np.concatenate([mean + std * POINTS for mean, std in bells])
    x = np.unique(np.concatenate([x, np.linspace(x.min(), x.max(), EVEN)]))
    curves = {TARGET: p.pdf(x), Q: q.pdf(x)}
    tables = [pd.DataFrame({"x": x, "value": value, "who": who}) for who, value in curves.items()]
    peaks = [(x[value.argmax()], value.max(), who) for who, value in curves.items()]
    names = pd.DataFrame(peaks, columns=["x", "value", "who"])
    return Picture(density_spec(), {"pair": pd.concat(tables), "names": names}, DENSITY_ALT)


def mass_picture(names: Sequence[str], p: Sequence[float], q: Sequence[float], labels: int) -> Picture:
    """Both probabilities of every symbol, side by side; whose they are stands over the first."""
    tables = [
        pd.DataFrame({"symbol": names, "who": who, "value": probs, "name": [name, *[""] * (len(names) - 1)]})
        for who, name, probs in ((TARGET, "p", p), (Q, Q, q))
    ]
    return Picture(mass_spec(labels), {"pair": pd.concat(tables)}, MASS_ALT)
