"""The charts of the data view: the densities over the histogram, and three curves of what each size costs."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.peak_labels import label_layers, peak_labels
from pages.ui.draw.specs import Picture, constant_spec, kept
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES, TARGET
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.your_data.question import Question
from pages.ui.views.your_data.scene import Fits, Kernels, Scene, Size

DENSITY_HEIGHT, COST_HEIGHT = 215, 146
POINTS = 401
FEWEST_BINS, MOST_BINS = 20, 60
KERNEL = "kernel density"
KERNEL_DASH = [12, 4, 2, 4]
LABELS = {TARGET: "data", FORWARD: "forward", REVERSE: "reverse", KERNEL: "kernel"}
DENSITY_ALT = (
    "Histogram of the data; over it the forward fit dashed, the reverse fit dotted, the kernel density dash-dot."
)
COST_ALT = "What each size costs: on the points fitted dashed, on points left out solid; a dot is the least."
FAR = "abs(datum.value) >= 1e6 || (datum.value != 0 && abs(datum.value) < 1e-4)"  # its zeros would not fit
SHORT = f"{FAR} ? format(datum.value, '.3~e') : length(datum.label) > 10 ? format(datum.value, '.3~g') : datum.label"
HELD_OUT, TRAIN = "left out", "fitted"
CROWDED = 2.5  # times the span of the held-out losses that matter: what is higher is cut


@cache
def density_spec() -> dict:
    """Datasets: `bars` (left, right, density, role), `curves` and `labels` (x, density, role), `frame` (its ends)."""
    roles, dashes = [*ROLES, KERNEL], [*DASHES, KERNEL_DASH]
    across = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)
    up = alt.Scale(domainMin=0, domainMax=alt.ExprRef("top"), nice=False)
    y = alt.Y("density:Q", title="density", scale=up, axis=alt.Axis(tickCount=4, minExtent=36, labelExpr=SHORT))
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=roles, range=dashes), legend=None)
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    bars = alt.Chart(alt.NamedData("bars")).mark_bar(opacity=0.35, clip=True)
    bars = bars.encode(
        alt.X("left:Q", title=None, scale=across, axis=alt.Axis(tickCount=10, labelExpr=SHORT)),
        alt.X2("right:Q"),
        y,
        alt.Y2(datum=0),
        color,
    )
    curves = alt.Chart(alt.NamedData("curves"))
    x = alt.X("x:Q", title=None, scale=across, axis=alt.Axis(tickCount=10, labelExpr=SHORT))
    fits = curves.transform_filter(f"datum.role != '{KERNEL}'").mark_line(clip=True).encode(x, y, color, dash)
    kernel = curves.transform_filter(f"datum.role == '{KERNEL}'").mark_line(clip=True, stroke="currentColor")
    name = alt.Chart(alt.NamedData("frame")).mark_text(align="right", baseline="top", dx=-4, dy=4, color="currentColor")
    name = name.encode(alt.X("high:Q", scale=across), y=alt.value(0), text=alt.Text("name:N"))
    return _spec(
        [bars, fits, kernel.encode(x, y, dash), name, *label_layers(x, y)], DENSITY_HEIGHT, ("low", "high", "top")
    )


@cache
def cost_spec(over: str) -> dict:
    """Over "components" or "bandwidth": `costs` (x, value, series), `best` (x, value), `frame` (low, top, now)."""
    if over == "components":
        scale, axis = alt.Scale(nice=False, zero=False), alt.Axis(tickMinStep=1, format="d")
    else:  # narrower to the right: towards memory
        scale, axis = alt.Scale(type="log", reverse=True, nice=False), alt.Axis(tickCount=3, grid=False)
    x = alt.X("x:Q", title="components" if over == "components" else "bandwidth, log scale", scale=scale, axis=axis)
    up = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("top"), nice=False, zero=False)
    y = alt.Y("value:Q", title=None, scale=up, axis=alt.Axis(tickCount=4, minExtent=36, labelExpr=SHORT))
    style = alt.Scale(domain=[HELD_OUT, TRAIN], range=[DASHES[0], [4, 4]])
    lines = alt.Chart(alt.NamedData("costs")).mark_line(clip=True, stroke="currentColor")
    lines = lines.encode(x, y, alt.StrokeDash("series:N", scale=style, legend=None))
    best = (
        alt.Chart(alt.NamedData("best")).mark_point(filled=True, size=70, clip=True, color="currentColor").encode(x, y)
    )
    now = alt.Chart(alt.NamedData("frame")).mark_rule(color=GRAY).encode(alt.X("now:Q", scale=scale))
    return _spec([now, lines, best], COST_HEIGHT, ("low", "top"))


def _spec(layers: list, height: int, signals: tuple[str, ...]) -> dict:
    params = [alt.param(name=name, expr=f"data('frame')[0] ? data('frame')[0].{name} : 1") for name in signals]
    return constant_spec(alt.layer(*layers, kept("frame")).add_params(*params), height)


def density_chart(question: Question, fits: Fits) -> Picture:
    """The histogram of all the numbers, and the densities over it."""
    x = question.numbers.values
    low, high = view(x)
    heights, edges = np.histogram(x, bins=bins_of(x), range=(low, high))
    heights = heights / (x.size * np.diff(edges))
    bars = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "density": heights, "role": TARGET})
    curves = curve_table(fits, low, high)
    smooth = curves.loc[curves["role"] != KERNEL, "density"]
    top = 1.3 * max(heights.max(), min(smooth.max(), 2 * heights.max()) if smooth.size else 0)
    name = question.numbers.name
    frame = pd.DataFrame({"low": [low], "high": [high], "top": [top], "name": [name]})
    middles = bars.assign(x=(bars["left"] + bars["right"]) / 2)[["x", "density", "role"]]
    labels = peak_labels(pd.concat([middles, curves]), LABELS, DENSITY_HEIGHT, top)
    return Picture(density_spec(), {"bars": bars, "curves": curves, "labels": labels, "frame": frame}, DENSITY_ALT)


def curve_table(fits: Fits, low: float, high: float) -> pd.DataFrame:
    """x, density, role at points evenly spaced; of a mixture with few components also about each of them."""
    tables = []
    drawn = {FORWARD: fits.forward, REVERSE: fits.reverse, KERNEL: fits.kernel}
    for role, q in ((role, q) for role, q in drawn.items() if q is not None):
        places = np.linspace(low, high, POINTS)
        if q.weights.size <= 12:
            places = np.union1d(places, (q.means + q.stds * np.linspace(-3, 3, 25)[:, None]).clip(low, high).ravel())
        tables.append(pd.DataFrame({"x": places, "density": q.pdf(places), "role": role}))
    return pd.concat(tables, ignore_index=True)


def view(x: np.ndarray) -> tuple[float, float]:
    """The ends of the axis: all points, and a tenth more."""
    margin = 0.1 * (x.max() - x.min())
    return float(x.min() - margin), float(x.max() + margin)


def bins_of(x: np.ndarray) -> int:
    """Freedman and Diaconis's number of bins, at least 20 and at most 60."""
    quarter, three = np.percentile(x, [25, 75])
    width = 2 * (three - quarter) * x.size ** (-1 / 3)
    low, high = view(x)
    return int(np.clip(np.ceil((high - low) / width), FEWEST_BINS, MOST_BINS)) if width else MOST_BINS


def loss_charts(scene: Scene, units: str) -> tuple[Picture, Picture | None]:
    """Log losses over the components and, where there are kernel densities, over their bandwidth, on one scale."""
    scale, kernels = NATS_IN[units], scene.study.kernels
    count, losses = _losses_by_size(scene.study.sizes, scale)
    one = losses[HELD_OUT][0] if np.isfinite(losses[HELD_OUT][0]) else losses[TRAIN][0]
    least = np.nanmin([one, *losses[HELD_OUT]])
    if kernels:
        least = min(least, min(score.held_out for score in kernels.scores) / scale)
    top = float(max(one, least + 0.05) + (CROWDED - 1) * max(one - least, 0.05))
    by_size = cost_chart("components", count, losses, scene.question.components, top)
    if not kernels:
        return by_size, None
    losses = _losses_by_width(kernels, scale)
    return by_size, cost_chart("bandwidth", kernels.bandwidths, losses, scene.question.bandwidth, top)


def bits_chart(scene: Scene) -> Picture:
    """The description length over the components, in bits."""
    sizes = scene.study.sizes
    bits = np.array([size.bits if size.fit else (np.nan, np.nan) for size in sizes])
    total = bits.sum(axis=1)
    high = np.nanmin(total) + 1.5 * max(total[0] - np.nanmin(total), 0.02 * abs(np.nanmin(total)))
    count, series = np.array([size.components for size in sizes]), {HELD_OUT: total, TRAIN: bits[:, 0]}
    return cost_chart("components", count, series, scene.question.components, float(high))


def _losses_by_size(sizes: list[Size], scale: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Components, and the losses by series."""
    held_out = np.array([size.score.held_out if size.score else np.nan for size in sizes]) / scale
    train = np.array([size.fit.loss.value if size.fit else np.nan for size in sizes]) / scale
    return np.array([size.components for size in sizes]), {HELD_OUT: held_out, TRAIN: train}


def _losses_by_width(kernels: Kernels, scale: float) -> dict[str, np.ndarray]:
    """The losses at each bandwidth, by series."""
    held_out, train = ([getattr(score, name) for score in kernels.scores] for name in ("held_out", "train"))
    return {HELD_OUT: np.array(held_out) / scale, TRAIN: np.array(train) / scale}


def cost_chart(over: str, x: np.ndarray, series: dict[str, np.ndarray], now: float, top: float) -> Picture:
    """Curves of cost over size by series, the least of the first one marked; what is above `top` is cut.

    Where a size was not judged there is no value, and the line stops: it joins nothing over the gap.
    """
    x = x.astype(float)
    costs = pd.concat([pd.DataFrame({"x": x, "value": value, "series": name}) for name, value in series.items()])
    costs["value"] = costs["value"].where(np.isfinite(costs["value"]))
    judged = next(iter(series.values()))
    judged = (
        judged if np.isfinite(judged).any() else next(value for value in series.values() if np.isfinite(value).any())
    )
    least = int(np.nanargmin(np.where(np.isfinite(judged), judged, np.inf)))
    low = min(float(judged[least]), *(float(costs["value"].clip(upper=top).min()),))
    low = max(low, float(judged[least]) - 0.6 * (top - float(judged[least])))  # a training loss falls without end
    frame = pd.DataFrame({"low": [low - 0.05 * (top - low)], "top": [top], "now": [now]})
    best = pd.DataFrame({"x": [x[least]], "value": [judged[least]]})
    return Picture(cost_spec(over), {"costs": costs, "best": best, "frame": frame}, COST_ALT)
