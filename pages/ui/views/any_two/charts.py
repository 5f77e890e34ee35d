"""Both densities, their logarithms and the integrands of both directions, over one axis: constant specs."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Direction
from pages.ui.draw.peak_labels import label_layers, peak_labels
from pages.ui.draw.specs import Picture, constant_spec
from pages.ui.draw.theme import DASHES, FORWARD, REVERSE, ROLES, TARGET
from pages.ui.views.any_two.scene import Fitted, Scene, grid, log_masses

HEIGHT, LOW = 230, 150
OTHER = "q"  # a q that nobody fitted: in the colour of the text
NAMES = {TARGET: "p", OTHER: "q", FORWARD: "forward fit", REVERSE: "reverse fit"}
LOGS = {TARGET: "log p", OTHER: "log q"}
DIRECTIONS = {FORWARD: "forward", REVERSE: "reverse"}
HEADROOM = 1.12  # times the highest curve, for the names
LEAST_LOG = -30.0  # what is lower is cut off
INTEGRAND_ALT = "The integrands p log p/q, dashed, and q log q/p, dotted, over x: the divergence is the area of each."
TERMS_ALT = "The terms p log p/q, dashed, and q log q/p, dotted, at each number: the divergence is the sum of each."


def _axes(title: str, bars: bool) -> tuple:
    whole = {"axis": alt.Axis(tickMinStep=1, format="d")} if bars else {}
    x = alt.X("x:Q", title=None, scale=alt.Scale(nice=False, zero=False), **whole)
    return x, alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=4, minExtent=44), scale=alt.Scale(zero=False))


def _lines(bars: bool, title: str, dataset: str) -> alt.LayerChart:
    """p in its colour, q in that of the text, the directions in theirs; bars where the places are whole numbers."""
    base = alt.Chart(alt.NamedData(dataset))
    x, y = _axes(title, bars)
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=[*ROLES, OTHER], range=[*DASHES, [8, 3, 2, 3]]), legend=None)
    own = base.transform_filter(f"datum.role != '{OTHER}'")
    other = base.transform_filter(f"datum.role == '{OTHER}'")
    if bars:
        shapes = [own.mark_point(filled=True, size=45), other.mark_point(size=70, stroke="currentColor")]
        stems = own.mark_line(strokeWidth=1).encode(x, y, color, dash)
        return alt.layer(stems, shapes[0].encode(x, y, color), shapes[1].encode(x, y))
    return alt.layer(
        own.mark_line(clip=True).encode(x, y, color, dash),
        other.mark_line(clip=True, stroke="currentColor").encode(x, y, dash),
    )


@cache
def density_spec(bars: bool) -> dict:
    """Datasets `curves` (x, value, role) and `labels` (the same, and words)."""
    title = "probability" if bars else "density"
    return constant_spec(alt.layer(_lines(bars, title, "curves"), *label_layers(*_axes(title, bars))), HEIGHT)


@cache
def log_spec(bars: bool) -> dict:
    """Datasets `logs` (x, value, role) and `labels` (the same, and words)."""
    title = "log of p and q"
    return constant_spec(alt.layer(_lines(bars, title, "logs"), *label_layers(*_axes(title, bars))), LOW)


@cache
def integrand_spec(bars: bool) -> dict:
    """Datasets `integrands` (x, value, role) and `labels` (the same, and words)."""
    title = "term" if bars else "integrand"
    return constant_spec(alt.layer(_lines(bars, title, "integrands"), *label_layers(*_axes(title, bars))), LOW)


def pictures(scene: Scene) -> tuple[Picture, ...]:
    """Densities, their logarithms, and both integrands; of samples their histograms alone."""
    table, bars = table_of(scene), scene.kind == "bars"
    what = "Probabilities of the numbers" if bars else "Densities over x"
    marks = "p filled dots, q hollow ones" if bars else "p solid, q dash and dot"
    curves = _long(table, {TARGET: "p", OTHER: "q"})
    if scene.kind == "samples":
        data = _labelled("curves", curves, NAMES)
        return (Picture(density_spec(False), data, "Histograms: p is solid, q dash-dotted."),)
    curves = pd.concat([curves, *(_curve_of(each, table["x"]) for each in scene.fits if each.q)], ignore_index=True)
    logs = _long(table, {TARGET: "log_p", OTHER: "log_q"})
    logs = logs[logs["value"] > LEAST_LOG + logs["value"].max()]
    integrands = _long(table, {FORWARD: "p_log_p_over_q", REVERSE: "q_log_q_over_p"})
    integrands = integrands[np.isfinite(integrands["value"])]
    return (
        Picture(density_spec(bars), _labelled("curves", curves, NAMES), f"{what}: {marks}."),
        Picture(
            log_spec(bars),
            _labelled("logs", logs, LOGS, LOW),
            f"The logarithms: {what.lower()}, so that the tails can be compared.",
        ),
        Picture(
            integrand_spec(bars),
            _labelled("integrands", integrands, DIRECTIONS, LOW),
            TERMS_ALT if bars else INTEGRAND_ALT,
        ),
    )


def _labelled(
    dataset: str, curves: pd.DataFrame, names: dict[str, str], height: int = HEIGHT
) -> dict[str, pd.DataFrame]:
    """The curves, as the dataset of this name, and the name of each beside it."""
    low = min(0.0, curves["value"].min())
    top = low + HEADROOM * (curves["value"].max() - low or 1.0)
    return {dataset: curves, "labels": peak_labels(curves, names, height, top, "value", low)}


def table_of(scene: Scene) -> pd.DataFrame:
    """x, both densities (or probabilities), their logs and both integrands, in nats."""
    x = grid(scene)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_p, log_q = log_masses(scene.p, x), log_masses(scene.q, x)
        p, q = np.exp(log_p), np.exp(log_q)
        forward = np.where(p > 0, p * (log_p - log_q), 0.0)
        reverse = np.where(q > 0, q * (log_q - log_p), 0.0)
    columns = {"x": x, "p": p, "q": q, "log_p": log_p, "log_q": log_q}
    return pd.DataFrame(columns | {"p_log_p_over_q": forward, "q_log_q_over_p": reverse})


def _curve_of(fitted: Fitted, x: pd.Series) -> pd.DataFrame:
    """A fit in the colour and the dashes of its direction."""
    role = FORWARD if fitted.direction is Direction.FORWARD else REVERSE
    return pd.DataFrame({"x": x, "value": fitted.q.pdf(x.to_numpy()), "role": role})


def _long(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    parts = [pd.DataFrame({"x": table["x"], "value": table[name], "role": role}) for role, name in names.items()]
    long = pd.concat(parts, ignore_index=True)
    return long[np.isfinite(long["value"])]
