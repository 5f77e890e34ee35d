"""The charts of the α dial: specs made once, datasets made from its results. No Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Gaussian
from pages.ui.draw import frames
from pages.ui.draw.frames import AXIS, NOWHERE, curve, fit_points, framed, one_datum, roles, target_points
from pages.ui.draw.peak_labels import label_layers, peak_labels
from pages.ui.draw.specs import Picture
from pages.ui.draw.theme import FORWARD, GRAY, REVERSE, TARGET
from pages.ui.say.numbers import bell, three
from pages.ui.views.alpha_dial.scene import ALPHAS, FRAMES, Dial

VIOLET = "#8b5cf6"  # between the roles' red and blue; words in it are fit to their ground by `draw.theme`
DASH = [9, 4, 2, 4]  # between dashed and dotted
DENSITY_HEIGHT, STRIP_HEIGHT = 234, 150
REACH = 3.5  # std of every bell that is in sight
HEADROOM = 1.3  # times the highest curve, for the text above
INSIDE = 0.08  # of the width: so far from both ends the text of the moving fit stays
NAMES = {TARGET: "p", FORWARD: "forward", REVERSE: "reverse"}
EMPTY = {
    **dict.fromkeys(("position", "low", "density_low", "mean_1", "mean_2", "strip_low"), 0),
    **dict.fromkeys(("forward_mean", "reverse_mean", "q_mean"), 0),
    **dict.fromkeys(("high", "density_high", "strip_high"), 1),
    **dict.fromkeys(("std_1", "std_2", "forward_std", "reverse_std", "q_std"), 1),
    **dict.fromkeys(("height_1", "height_2", "forward_height", "reverse_height", "q_height"), NOWHERE),
    "q_text": "",
}

DENSITY_ALT = (
    "Densities over x: the target p solid, the forward fit dashed, the reverse fit dotted, "
    "and the best fit at the present α as a thick line of dashes and dots."
)
STRIP_ALT = "Mean and std of the best fit over α from 0 to 1; vertical lines mark where it jumps, dots the present α."


@cache
def density_spec() -> dict:
    """p, both ends of the dial, and the best q at the α of the frame."""
    ends = [_faint(curve(fit_points(fit), role, "exp(datum.log_q)", "density")) for fit, role in ROLE_OF.items()]
    now = curve(fit_points("q"), FORWARD, "exp(datum.log_q)", "density").mark_line(clip=True, strokeWidth=3)
    layers = [
        curve(target_points(), TARGET, "exp(datum.log_p)", "density"),
        *ends,
        now.encode(color=alt.value(VIOLET), strokeDash=alt.value(DASH)),
        roles(legend=False),
        *label_layers(*_axes_of_labels()),
        *_said(),
    ]
    return framed(alt.layer(*layers), DENSITY_HEIGHT, FRAMES, EMPTY)


ROLE_OF = {"forward": FORWARD, "reverse": REVERSE}


@cache
def strip_spec() -> dict:
    """Mean and std of the best fit over α; a line ends at a jump, and the next begins there."""
    ends = "datum.value == 0 ? '0 reverse' : datum.value == 1 ? 'forward 1' : datum.label"
    ticks = alt.Axis(values=[0, 0.5, 1], labelExpr=ends, labelFlush=True)  # few, so that none is left out on a phone
    x = alt.X("position:Q", title=None, scale=alt.Scale(nice=False, domain=[0, 1]), axis=ticks)
    up = alt.Scale(domainMin=alt.ExprRef("now.strip_low"), domainMax=alt.ExprRef("now.strip_high"), nice=False)
    rule, said = _jumps(x)
    layers, words = [rule], [said]
    for name, full, above in (("mean", 1, -11), ("std", 0.55, 12)):
        y = alt.Y(f"q_{name}:Q", title="best fit", scale=up, axis=alt.Axis(tickCount=4, minExtent=AXIS))
        line = alt.Chart(alt.NamedData("path")).mark_line(color=VIOLET, opacity=full)
        layers.append(line.encode(x, y, detail="branch:N"))
        here = one_datum().transform_calculate(position="now.position", at=f"now.q_{name}", name=f"'{name}'")
        layers.append(
            here.mark_point(filled=True, size=70, color=VIOLET, opacity=full).encode(x, alt.Y("at:Q", scale=up))
        )
        text = here.mark_text(dy=above, fontWeight=600, color="currentColor").encode(
            x, alt.Y("at:Q", scale=up), text="name:N"
        )
        words.append(text)
    return framed(alt.layer(*layers, *words), STRIP_HEIGHT, FRAMES, EMPTY)


def pictures(dial: Dial) -> tuple[Picture, Picture]:
    """The densities, and below the dial mean and std over α."""
    path = frames.path_data(FRAMES, _columns(dial) | _axes(dial))
    jumps = pd.DataFrame(
        [(jump.alpha, f"jump at α = {jump.alpha:.4f}") for jump in dial.jumps], columns=["position", "label"]
    )
    data = {"path": path, "grid": frames.bell_grid(), "labels": _labels(dial, float(path["density_high"].iloc[0]))}
    return Picture(density_spec(), data, DENSITY_ALT), Picture(strip_spec(), {"path": path, "jumps": jumps}, STRIP_ALT)


def _columns(dial: Dial) -> dict:
    target = dial.target
    columns: dict = {"position": ALPHAS, "branch": np.searchsorted([jump.alpha for jump in dial.jumps], ALPHAS)}
    for k, sign, weight, std in ((1, 1, target.weight, target.right), (2, -1, 1 - target.weight, target.left)):
        height = np.log(weight / std) - 0.5 * np.log(2 * np.pi)
        columns |= {f"mean_{k}": sign * target.separation / 2, f"std_{k}": std, f"height_{k}": height}
    shapes = {"q": (dial.best.mean, dial.best.std)}
    shapes |= {name: (end.q.mean, end.q.std) for name, end in zip(("reverse", "forward"), dial.ends)}
    for name, (mean, std) in shapes.items():
        columns |= {f"{name}_mean": mean, f"{name}_std": std, f"{name}_height": -np.log(std) - 0.5 * np.log(2 * np.pi)}
    values = [three(value, dial.best.error) for value in dial.best.kl.tolist()]
    return columns | {
        "q_text": [
            f"α = {alpha:.3f}: {bell(dial.q(i))}, D = {value}" for i, (alpha, value) in enumerate(zip(ALPHAS, values))
        ],
    }


def _labels(dial: Dial, top: float) -> pd.DataFrame:
    """The names of what does not move: p and both ends of the dial."""
    reverse, forward = (end.q for end in dial.ends)
    drawn = {TARGET: dial.target.p, REVERSE: reverse, FORWARD: forward}
    peaks = [np.append(p.means, p.mean) if hasattr(p, "means") else [p.mean] for p in drawn.values()]
    axes = _axes(dial)
    x = np.union1d(np.linspace(axes["low"], axes["high"], 401), np.concatenate(peaks))
    curves = pd.concat([pd.DataFrame({"x": x, "y": q.pdf(x), "role": role}) for role, q in drawn.items()])
    return peak_labels(curves, NAMES, DENSITY_HEIGHT, top, "y")


def _axes(dial: Dial) -> dict[str, float]:
    """The ends of the axes that hold p and the best q at every α."""
    p = dial.target.p
    means, stds = (np.concatenate([a, b]) for a, b in ((p.means, dial.best.mean), (p.stds, dial.best.std)))
    low, high = float((means - REACH * stds).min()), float((means + REACH * stds).max())
    narrowest = int(np.argmin(dial.best.std))
    q = Gaussian(float(dial.best.mean[narrowest]), float(dial.best.std[narrowest]))
    top = max(float(p.pdf(np.linspace(low, high, 801)).max()), float(q.pdf(q.mean)))
    least = min(float(dial.best.mean.min()), 0.0)
    span = max(float(dial.best.mean.max()), float(dial.best.std.max())) - least
    return {
        "low": low,
        "high": high,
        "density_low": 0.0,
        "density_high": HEADROOM * top,
        "strip_low": least - 0.25 * span,
        "strip_high": least + HEADROOM * span,
    }


def _faint(line: alt.Chart) -> alt.Chart:
    return line.mark_line(clip=True, opacity=0.75, strokeWidth=1.5)


def _axes_of_labels() -> tuple[alt.X, alt.Y]:
    """The axes of the densities, whose ends the frame says."""
    across = alt.Scale(domainMin=alt.ExprRef("now.low"), domainMax=alt.ExprRef("now.high"), nice=False, zero=False)
    up = alt.Scale(domainMin=alt.ExprRef("now.density_low"), domainMax=alt.ExprRef("now.density_high"), nice=False)
    return alt.X("x:Q", title=None, scale=across), alt.Y("y:Q", title="density", scale=up)


def _said() -> tuple[alt.Chart, alt.Chart]:
    """α where the best q is highest, moving with the frame, and at the left that q in numbers."""
    inside = f"clamp(now.q_mean, now.low + {INSIDE} * (now.high - now.low), now.high - {INSIDE} * (now.high - now.low))"
    style = {"fontSize": 13, "fontWeight": 600, "color": VIOLET}
    at = "'α = ' + format(now.position, '.3f')"
    moved = one_datum().transform_calculate(x=inside, y="exp(now.q_height)", text=at)
    still = one_datum().transform_calculate(text="now.q_text")
    return (
        moved.mark_text(dy=-28, **style).encode(*_axes_of_labels(), text="text:N"),
        still.mark_text(align="left", baseline="top", **style).encode(x=alt.value(8), y=alt.value(6), text="text:N"),
    )


def _jumps(x: alt.X) -> tuple[alt.Chart, alt.Chart]:
    """A line at each jump, and what is said at it."""
    rules = alt.Chart(alt.NamedData("jumps"))
    rule = rules.mark_rule(color=GRAY, strokeWidth=2).encode(x)
    words = rules.mark_text(align="left", dx=5, baseline="top", color="currentColor")
    return rule, words.encode(x, y=alt.value(2), text="label:N")
