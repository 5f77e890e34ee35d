"""The target and what the objective makes of q: one constant spec."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Gaussian, GaussianMixture
from pages.ui.draw.peak_labels import label_layers, peak_labels
from pages.ui.draw.specs import Picture, constant_spec, kept
from pages.ui.draw.theme import DASHES, FORWARD, GRAY, REVERSE, ROLES, TARGET
from pages.ui.views.objective_check.scene import Demonstration, Family, Scene

HEIGHT = 270
POINTS = 201
REACH = 3.5  # std of each density shown
WIDEST = 2.0  # std of p: a wider q does not set the axis
TALLEST = 3.0  # times the summit of p: what is higher is cut, so that a collapsing q does not flatten the rest
OWN = "this objective"  # a fit of neither pure direction: in the colour of the text, dash and dot
GIVEN = "given"  # what a reward makes the target of: a thin gray line
OWN_DASH = [12, 4, 2, 4]
LABELS = {TARGET: "p", FORWARD: "forward", REVERSE: "reverse", OWN: "its q", GIVEN: "given"}
ALT = "Densities over x: the target p as a solid line, and the q that minimises the objective in the style of its role."


@cache
def fit_spec() -> dict:
    """Datasets: `curves` (x, density, role), `labels` (the same and words), `frame` (top)."""
    roles, dashes = [*ROLES, OWN], [*DASHES, OWN_DASH]
    x = alt.X("x:Q", title=None, scale=alt.Scale(nice=False, zero=False))
    up = alt.Scale(domainMin=0, domainMax=alt.ExprRef("top"), nice=False)
    y = alt.Y("density:Q", title="density", scale=up, axis=alt.Axis(tickCount=4, minExtent=36))
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=roles, range=dashes), legend=None)
    color = alt.Color("role:N", scale=alt.Scale(domain=ROLES), legend=None)
    base = alt.Chart(alt.NamedData("curves"))
    filled = (
        base.transform_filter(f"datum.role == '{TARGET}'").mark_area(clip=True, fillOpacity=0.12).encode(x, y, color)
    )
    given = base.transform_filter(f"datum.role == '{GIVEN}'").mark_line(clip=True, stroke=GRAY).encode(x, y)
    lines = (
        base.transform_filter(f"datum.role != '{OWN}' && datum.role != '{GIVEN}'")
        .mark_line(clip=True)
        .encode(x, y, color, dash)
    )
    own = base.transform_filter(f"datum.role == '{OWN}'").mark_line(clip=True, stroke="currentColor").encode(x, y, dash)
    top = alt.param(name="top", expr="data('frame')[0] ? data('frame')[0].top : 1")
    return constant_spec(
        alt.layer(filled, given, lines, own, *label_layers(x, y), kept("frame")).add_params(top), HEIGHT
    )


def fit_chart(scene: Scene | Family) -> Picture:
    """The picture: p, and each q by its role."""
    table = curves_of(scene)
    summit = table.loc[table["role"] == TARGET, "density"].max()
    top = min(1.25 * table["density"].max(), TALLEST * summit)
    labels = peak_labels(table, LABELS, HEIGHT, top)
    return Picture(fit_spec(), {"curves": table, "labels": labels, "frame": pd.DataFrame({"top": [top]})}, ALT)


def curves_of(scene: Scene | Family) -> pd.DataFrame:
    """What is drawn, as a table."""
    if isinstance(scene, Family):
        fits = {FORWARD: scene.forward.q, REVERSE: scene.reverse.q, OWN: scene.member.q}
    else:
        fits = {role_of(scene.shown): scene.shown.q} if scene.verdict.judged else {}
    shown = scene.forward if isinstance(scene, Family) else scene.shown
    given = None if isinstance(scene, Family) or not scene.verdict.tilt else scene.question.target.p
    return curve_table(shown.p, fits, given)


def curve_table(p: GaussianMixture, fits: dict[str, Gaussian], given: GaussianMixture | None = None) -> pd.DataFrame:
    """x, density, role, in rows: p (and what it is made of) over its support, each q over its own too."""
    wide = given or p
    shown = [
        *zip(wide.means, wide.stds),
        *zip(p.means, p.stds),
        *((q.mean, q.std) for q in fits.values() if q.std < WIDEST * p.std),
    ]
    ends = [m + sign * REACH * s for m, s in shown for sign in (-1, 1)]
    grid = np.linspace(min(ends), max(ends), POINTS)
    tables = [pd.DataFrame({"x": grid, "density": p.pdf(grid), "role": TARGET})]
    if given is not None:
        tables.append(pd.DataFrame({"x": grid, "density": given.pdf(grid), "role": GIVEN}))
    for role, q in fits.items():
        own = q.mean + q.std * np.linspace(-REACH, REACH, 81)
        x = np.union1d(grid[::2], own[(own >= grid[0]) & (own <= grid[-1])])
        tables.append(pd.DataFrame({"x": x, "density": q.pdf(x), "role": role}))
    return pd.concat(tables, ignore_index=True)


def role_of(shown: Demonstration) -> str:
    """The role of the fit: one of the two directions only when the objective is that direction and nothing else."""
    if not shown.pure:
        return OWN
    return FORWARD if shown.weights.forward else REVERSE
