"""p and q in small, beside the picture of a page that speaks of both: p in its role, q in the colour of the text.

A q that nobody fitted has no role, so it is neither of the two fits; a fitted one is drawn in its own. This module
knows no Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw.peak_labels import peak_labels
from pages.ui.draw.specs import Picture, constant_spec, kept, roles
from pages.ui.draw.theme import DASHES, FORWARD, REVERSE, ROLES, TARGET

if TYPE_CHECKING:
    from kl_engine import MultivariateGaussian

DENSITY_HEIGHT, MASS_HEIGHT, PLANE_HEIGHT = 130, 130, 130
PLOT = DENSITY_HEIGHT - 40  # px of its height that the densities have
NARROW = 320  # px: so wide at least is the place in which the names of the densities are laid out
HEADROOM = 1.3  # times the highest density: the end of the axis, so that a name stands above it
Q = "q"
NAMES = {TARGET: "p", Q: Q}
Q_DASH = [8, 3, 2, 3]
POINTS = np.linspace(-4.5, 4.5, 91)  # of a bell, in units of its std
EVEN = 161  # between the bells
INNER = 0.02  # of the width: where a density that is infinite at an end is seen to be high
CUT = 1.5  # times its height there: what is higher is cut
LINE = (-np.inf, np.inf)  # the support of a Gaussian
DENSITY_ALTS = {
    Q: "Densities over x: the target p solid and filled, q as a line of dashes and dots.",
    FORWARD: "Densities over x: the target p solid and filled, q, its forward fit, dashed.",
    REVERSE: "Densities over x: the target p solid and filled, q, its reverse fit, dotted.",
}
PLANE_ALT = "Ellipses in the plane that hold 95 % of the target p, solid, and of q, a line of dashes and dots."
TURN = np.linspace(0, 2 * np.pi, 121)
OUTER = -2 * np.log(0.05)  # the square of the radius, in std, within which 95 % of a Gaussian in the plane lies
SKEW = 0.5  # how far the names of the ellipses are from their rightmost points
AROUND = 1.15  # times what is drawn: the height of the plane
NARROWEST = 3.0  # times its height: so wide is the plane on a phone
_FRAME = {"x": 0, "y": 0, "reach": 1}
MASS_ALT = "Probability of each symbol: that of p filled, that of q as a hollow bar beside it."


class Law(Protocol):
    """A distribution on the line: one with `means` and `stds` has several humps, one with a `support` ends there."""

    mean: float
    std: float

    def pdf(self, x) -> np.ndarray:
        """The density at x."""


@cache
def density_spec(role: str = Q) -> dict:
    """Datasets: `pair` (x, value, who), `names` (x, who, words, value, top); `role` is that of q, if it is a fit."""
    x = alt.X("x:Q", title=None, axis=alt.Axis(tickCount=8, grid=False), scale=alt.Scale(nice=False, zero=False))
    top = alt.ExprRef("data('names')[0] ? data('names')[0].top : 1")
    y = alt.Y("value:Q", title=None, axis=None, stack=None, scale=alt.Scale(domainMin=0, domainMax=top, nice=False))
    p = alt.Chart(alt.NamedData("pair")).transform_filter(f"datum.who != '{Q}'")
    q = alt.Chart(alt.NamedData("pair")).transform_filter(f"datum.who == '{Q}'")
    fitted = role in ROLES
    dash = DASHES[ROLES.index(role)] if fitted else Q_DASH
    line, letter = ({}, {}) if fitted else ({"stroke": "currentColor"}, {"color": "currentColor"})
    line_of, letter_of = ({"stroke": alt.StrokeDatum(role)}, {"fill": alt.FillDatum(role)}) if fitted else ({}, {})
    layers = [
        p.mark_area(fillOpacity=0.12).encode(x, y, fill=alt.FillDatum(TARGET)),
        p.mark_line(strokeWidth=2).encode(x, y, stroke=alt.StrokeDatum(TARGET)),
        q.mark_line(strokeDash=dash, strokeWidth=1.8, **line).encode(x, y, **line_of),
    ]
    names = alt.Chart(alt.NamedData("names"))
    style = {"fontSize": 13, "fontWeight": 600, "baseline": "middle"}
    is_p, at = f"datum.who != '{Q}'", (x, y)
    layers.append(names.transform_filter(is_p).mark_text(text="p", **style).encode(*at, fill=alt.FillDatum(TARGET)))
    name_of_q = names.transform_filter(f"!({is_p})").mark_text(text=Q, **letter, **style)
    layers.append(name_of_q.encode(*at, **letter_of))
    return constant_spec(alt.layer(*layers, roles("fill", "stroke")), DENSITY_HEIGHT)


@cache
def mass_spec(labels: int, named: bool = False) -> dict:
    """Dataset: `pair` (symbol, who, value, name); `labels` px are kept for the numbers of the vertical axis.

    The symbols are `named` under their bars where no other chart below does it.
    """
    below = alt.Axis(labels=named, ticks=False, labelAngle=0, labelOverlap=True)
    at = alt.X("symbol:N", sort=None, title=None, axis=below)
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


def density_picture(p: Law, q: Law, role: str = Q) -> Picture:
    """Both densities over x, each named above its summit, or at its flank where the other curve passes there.

    A density that is infinite at an end of its support is cut. `role` is that of q, if it is a fit.
    """
    x = _places(p, q)
    densities = np.array([p.pdf(x), q.pdf(x)])
    top = np.inf
    if not np.isfinite(densities).all():
        margin = INNER * np.ptp(x)
        top = CUT * densities[:, (x >= x[0] + margin) & (x <= x[-1] - margin)].max()
        densities = np.minimum(densities, top)
    who = (TARGET, Q)
    tables = [pd.DataFrame({"x": x, "value": value, "who": name}) for name, value in zip(who, densities)]
    curves, end = pd.concat(tables), HEADROOM * densities.max()
    names = peak_labels(curves.rename(columns={"who": "role"}), NAMES, PLOT, end, y="value", width=NARROW)
    data = {"pair": curves, "names": names.rename(columns={"role": "who"}).assign(top=end)}
    return Picture(density_spec(role), data, DENSITY_ALTS[role])


def _places(p: Law, q: Law) -> np.ndarray:
    """Where the densities are drawn: closely over each hump, evenly between them, from end to end of the support."""
    x = np.concatenate([mean + std * POINTS for law in (p, q) for mean, std in _humps(law)])
    supports = np.array([getattr(law, "support", LINE) for law in (p, q)])
    ends = np.array([supports[:, 0].min(), supports[:, 1].max()])
    x = np.concatenate([np.clip(x, *ends), ends[np.isfinite(ends)]])
    return np.unique(np.concatenate([x, np.linspace(x.min(), x.max(), EVEN)]))


def _humps(law: Law) -> list[tuple[float, float]]:
    """Mean and std of each component of a mixture; of any other law its own."""
    return [*zip(law.means, law.stds)] if hasattr(law, "means") else [(law.mean, law.std)]


def mass_picture(
    names: Sequence[str], p: Sequence[float], q: Sequence[float], labels: int, named: bool = False
) -> Picture:
    """Both probabilities of every symbol, side by side; whose they are stands over the first.

    See `mass_spec` for what is `named`.
    """
    tables = [
        pd.DataFrame({"symbol": names, "who": who, "value": probs, "name": [name, *[""] * (len(names) - 1)]})
        for who, name, probs in ((TARGET, "p", p), (Q, Q, q))
    ]
    return Picture(mass_spec(labels, named), {"pair": pd.concat(tables)}, MASS_ALT)


@cache
def plane_spec() -> dict:
    """Datasets: `pair` (x, y, who, place), a closed line each; `names` (x, y, who); `frame` (x, y, reach).

    A length across is the same length up: `reach` is half the height, `x` and `y` are in the middle.
    """
    middle = {name: f"(data('frame')[0] ? data('frame')[0].{name} : {at})" for name, at in _FRAME.items()}
    wide = f"{middle['reach']} * width / height"
    sides = {
        side: (alt.ExprRef(f"{middle[side]} - {half}"), alt.ExprRef(f"{middle[side]} + {half}"))
        for side, half in (("x", wide), ("y", middle["reach"]))
    }
    x, y = (
        channel(
            f"{side}:Q",
            title=None,
            scale=alt.Scale(domainMin=sides[side][0], domainMax=sides[side][1], nice=False, zero=False),
            axis=alt.Axis(tickCount=count, grid=False),
        )
        for channel, side, count in ((alt.X, "x", 8), (alt.Y, "y", 3))
    )
    rows, order = alt.Chart(alt.NamedData("pair")), alt.Order("place:Q")
    p = rows.transform_filter(f"datum.who != '{Q}'").mark_line(strokeWidth=2, clip=True)
    q = rows.transform_filter(f"datum.who == '{Q}'").mark_line(
        strokeWidth=1.8, clip=True, stroke="currentColor", strokeDash=Q_DASH
    )
    names = alt.Chart(alt.NamedData("names"))
    style = {"fontSize": 13, "fontWeight": 600, "dx": 8}
    of_p = names.transform_filter(f"datum.who != '{Q}'").mark_text(text="p", **style)
    of_q = names.transform_filter(f"datum.who == '{Q}'").mark_text(text=Q, color="currentColor", **style)
    layers = [
        p.encode(x, y, order, stroke=alt.StrokeDatum(TARGET)),
        q.encode(x, y, order),
        of_p.encode(x, y, fill=alt.FillDatum(TARGET)),
        of_q.encode(x, y),
    ]
    return constant_spec(alt.layer(*layers, roles("fill", "stroke"), kept("frame")), PLANE_HEIGHT)


def plane_picture(p: MultivariateGaussian, q: MultivariateGaussian) -> Picture:
    """The ellipses of p and of q that hold 95 % of each; their names stand at the right of them."""
    ovals, names, ends = [], [], []
    for who, law, turn in ((TARGET, p, 1), (Q, q, -1)):
        radius = np.sqrt(OUTER) * np.linalg.cholesky(law.cov)
        x, y = law.mean[:, None] + radius @ np.stack([np.cos(TURN), np.sin(TURN)])
        ovals.append(pd.DataFrame({"x": x, "y": y, "who": who, "place": np.arange(TURN.size)}))
        at = int((x + turn * SKEW * y).argmax())  # p's a little higher, q's a little lower: so they stand apart
        names.append((x[at], y[at], who))
        ends += [(x.min(), y.min()), (x.max(), y.max())]
    low, high = np.min(ends, axis=0), np.max(ends, axis=0)
    middle, (across, up) = (low + high) / 2, AROUND * (high - low) / 2
    reach = max(up, across / NARROWEST)
    frame = pd.DataFrame([(*middle, reach)], columns=list(_FRAME))
    data = {"pair": pd.concat(ovals), "names": pd.DataFrame(names, columns=["x", "y", "who"]), "frame": frame}
    return Picture(plane_spec(), data, PLANE_ALT)
