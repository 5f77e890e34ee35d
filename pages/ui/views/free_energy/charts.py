"""The charts of the free energy view: constant specs, then their data from a scene. This module knows no Streamlit.

`path` has one row a frame; the signal `now` is the row of the frame shown. `curves` holds what does not move.
"""

from __future__ import annotations

import json
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from kl_engine import Categorical
from kl_engine.distributions import Beta
from kl_engine.distributions.beta import expected_logs, log_beta
from kl_engine.divergences.unit.beta import entropy as beta_entropy
from kl_engine.inference.posteriors import likelihood_of
from pages.ui.draw.frames import AXIS, POINTS, framed
from pages.ui.draw.specs import CHANNELS, Picture
from pages.ui.draw.specs import constant_spec as made_once
from pages.ui.draw.theme import DASHES, GRAY
from pages.ui.say.numbers import NATS_IN
from pages.ui.views.free_energy.question import DIRECTIONS, SPLIT
from pages.ui.views.free_energy.scene import EP, FORWARD, FRAMES, LAPLACE, Bounds, NamedFits, Scene, along_mean
from pages.ui.views.free_energy.stories import COIN, FINITE

HEIGHT = 300
BOUNDS_HEIGHT = 115
LAPLACE_DASH = [9, 3, 2, 3]
POSTERIOR, FORWARD_FIT, BELIEF = "posterior", "forward fit", "q"  # in the order of the theme's roles
ROLES = [POSTERIOR, FORWARD_FIT, BELIEF]
PRIOR, LIKELIHOOD = "prior", "likelihood"
KINDS = {PRIOR: "prior", LIKELIHOOD: "lik.", POSTERIOR: "post.", BELIEF: "q"}  # as they stand under narrow bars
SLOTS = [*(f"0·{kind}" for kind in KINDS), " ", *(f"1·{kind}" for kind in KINDS)]
SHORT = f"{json.dumps(KINDS)}[split(datum.label, '·')[1]] || ''"
TERMS = ["energy", "− entropy", " ", "complexity", "− accuracy", "  ", "surprisal", "divergence"]
STARTS = ("0", "now.energy", "0", "now.complexity", "0", "now.surprisal")  # of each bar; two bars a form
ENDS = ("now.energy", "now.value", "now.complexity", "now.value", "now.surprisal", "now.value")
SIZES = ("now.energy", "-now.entropy", "now.complexity", "now.inaccuracy", "now.surprisal", "now.divergence")
FACTS = ("energy", "entropy", "complexity", "inaccuracy", "surprisal", "divergence", "value")
EMPTY = {
    **dict.fromkeys(("q_mean", "left", "bottom", *FACTS), 0),
    **dict.fromkeys(("q_std", "right", "top", "ceiling", "a", "b", "f_std", "q_1"), 1),
    **dict.fromkeys(("log_norm", "f_mean"), 0),
}
THETA = np.linspace(0.0025, 0.9975, 200)
CURVE_POINTS, FINE_POINTS = 121, 41
CROWDED = 4.0  # times the terms of the fit: bars of the descent beyond that are cut, and their numbers tell
MARGIN = 0.03  # of the width, so that a narrow posterior does not stand on the frame
ROOM = 1.32  # the space for the numbers at the right of the bars
LOG_ROOT_TAU = 0.5 * np.log(2 * np.pi)

DENSITY_ALT = "Prior (thin), likelihood (dashed, scaled), posterior (solid) and the belief q (dotted) over the latent."
BARS_ALT = "Prior, likelihood, posterior and the belief q in each of the two states, as bars."
SPLIT_ALT = "The six terms as bars: each of the three pairs ends at F; a line marks the surprisal below it."
FITS_ALT = (
    "The posterior (solid) with its forward fit (dashed), reverse fit (dotted), EP (thin) and Laplace (dash-dot)."
)
DRAWS_ALT = "The importance-weighted bound over the number of draws, rising to the log evidence, a level line."
ORDERS_ALT = "The bound of order alpha over alpha, falling through the log evidence, a level line, at alpha 0."
CONSTANT_ALT = "F and the divergence from the posterior over q's mean: one curve, and the same shifted by a constant."


@cache
def line_spec() -> dict:
    """Densities over z; q is a bell."""
    return _densities([_bell(BELIEF)])


@cache
def fits_spec() -> dict:
    """The posterior and its fits: forward and reverse as bells, `curves` with the columns EP and Laplace."""
    still = alt.Chart(alt.NamedData("curves"))
    propagated = still.mark_line(clip=True, strokeWidth=1.3).encode(
        _across(), _up(EP), color=alt.ColorDatum(FORWARD_FIT)
    )
    parabola = still.mark_line(clip=True, color=GRAY, strokeWidth=1.8, strokeDash=LAPLACE_DASH)
    bells = [_bell(FORWARD_FIT), propagated, parabola.encode(_across(), _up(LAPLACE)), _bell(BELIEF)]
    layers = alt.layer(_role_line(still, POSTERIOR, "posterior"), *bells, _palette())
    return framed(layers, HEIGHT, FRAMES, EMPTY)


@cache
def bounds_spec(title: str, logarithmic: bool) -> dict:
    """Datasets `curve` (at, low, value, high) and `truth` (value): bounds over K or over α, and what they bound."""
    scale = alt.Scale(type="log", nice=False) if logarithmic else alt.Scale(nice=False, zero=False)
    ticks = alt.Axis(values=[1, 10, 100], grid=False) if logarithmic else alt.Axis(tickCount=4, grid=False)
    rows = alt.Chart(alt.NamedData("curve"))
    x = alt.X("at:Q", title=f"{title}, log scale" if logarithmic else title, scale=scale, axis=ticks)
    up = alt.Axis(tickCount=4, minExtent=AXIS)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=up)
    spans = rows.mark_rule(opacity=0.5).encode(x, alt.Y("low:Q", title=None, axis=up), alt.Y2("high:Q"))
    line = rows.mark_line(strokeDash=DASHES[2], strokeWidth=2).encode(x, y, color=alt.ColorDatum(BELIEF))
    dots = rows.mark_point(filled=True, size=45, opacity=1).encode(x, y, color=alt.ColorDatum(BELIEF))
    truth = alt.Chart(alt.NamedData("truth")).mark_rule(strokeWidth=2).encode(y, color=alt.ColorDatum(POSTERIOR))
    return made_once(alt.layer(spans, truth, line, dots, _palette()), BOUNDS_HEIGHT)


@cache
def coin_spec() -> dict:
    """Densities over the chance of heads; q is a Beta."""
    log_q = "(now.a - 1) * log(datum.t) + (now.b - 1) * log(1 - datum.t) - now.log_norm"
    q = alt.Chart(alt.NamedData("grid")).transform_calculate(z="datum.t", y=f"exp({log_q})")
    return _densities([_role_line(q, BELIEF)])


@cache
def bars_spec() -> dict:
    """Dataset `curves`: slot (state and kind), kind, value; the belief's own bars follow the frame."""
    height = "datum.kind == 'q' ? (datum.first ? now.q_1 : 1 - now.q_1) : datum.value"
    rows = alt.Chart(alt.NamedData("curves")).transform_calculate(shown=height)
    label = alt.Axis(labelExpr=SHORT, labelAngle=0, title=None, ticks=False, labelFontSize=11, labelOverlap=False)
    x = alt.X("slot:N", sort=None, axis=label, scale=alt.Scale(domain=SLOTS, paddingInner=0.2))
    y = alt.Y(
        "shown:Q",
        title="probability",
        scale=alt.Scale(domain=[0, 1.2]),
        axis=alt.Axis(values=[0, 0.5, 1], minExtent=AXIS),
    )
    bars = []
    for kind, style in (
        (PRIOR, {"fill": GRAY, "fillOpacity": 0.35}),
        (LIKELIHOOD, {"fill": GRAY, "fillOpacity": 0.08, "stroke": GRAY, "strokeDash": [4, 3]}),
    ):
        bars.append(rows.transform_filter(alt.datum.kind == kind).mark_bar(**style).encode(x, y))
    for role, style in ((POSTERIOR, {}), (BELIEF, {"fillOpacity": 0.25, "strokeWidth": 2, "strokeDash": DASHES[2]})):
        chosen = rows.transform_filter(alt.datum.kind == role).mark_bar(**style)
        bars.append(chosen.encode(x, y, fill=alt.FillDatum(role), stroke=alt.StrokeDatum(role)))
    texts = rows.mark_text(dy=-7, fontSize=11, color="currentColor")
    bars.append(texts.encode(x, y, alt.Text("shown:Q", format=".2f")))
    middle = rows.transform_filter(alt.datum.kind == LIKELIHOOD)
    names = middle.mark_text(baseline="top", fontSize=13, fontWeight=600, color="currentColor", dx=20)
    bars.append(names.encode(x, y=alt.value(2), text="state:N"))
    return framed(alt.layer(*bars, _palette("fill", "stroke")), HEIGHT, FRAMES, EMPTY)


@cache
def split_spec() -> dict:
    """The three splits of F, two bars each, on one axis with F and the surprisal."""
    terms = [term for term in TERMS if term.strip()]
    rows = alt.Chart(alt.Data(values=[{"k": k, "term": term} for k, term in enumerate(terms)]))
    rows = rows.transform_calculate(start=_pick(STARTS), end=_pick(ENDS))
    rows = rows.transform_calculate(size=_pick(SIZES))
    rows = rows.transform_calculate(text="isValid(datum.size) ? format(datum.size, '.3f') : '∞'")
    scale = alt.Scale(domainMin=alt.ExprRef("now.bottom"), domainMax=alt.ExprRef("now.ceiling"), nice=False)
    across = alt.X("start:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4, grid=False))
    names = alt.Axis(title=None, ticks=False, domain=False, labelFontSize=12, labelPadding=6)
    band = alt.Scale(domain=TERMS, paddingInner=0.2, paddingOuter=0.1)
    y = alt.Y("term:N", sort=None, axis=names, scale=band)
    gap = _one().transform_calculate(start="now.surprisal", end="now.value").mark_rect(opacity=0.14, clip=True)
    layers = [gap.encode(across, alt.X2("end:Q"), color=alt.ColorDatum(BELIEF))]
    for chosen, role in (("datum.k < 4", None), ("datum.k == 4", POSTERIOR), ("datum.k == 5", BELIEF)):
        style = {"fill": GRAY, "fillOpacity": 0.55} if role is None else {}
        bars = rows.transform_filter(chosen).mark_bar(clip=True, **style).encode(across, alt.X2("end:Q"), y)
        layers.append(bars if role is None else bars.encode(color=alt.ColorDatum(role)))
    for name, role, dash in (("surprisal", POSTERIOR, [1, 0]), ("value", BELIEF, DASHES[2])):
        rule = (
            _one()
            .transform_calculate(start=f"now.{name}")
            .mark_rule(strokeWidth=3 if role == POSTERIOR else 2, strokeDash=dash, clip=True)
        )
        layers.append(rule.encode(across, color=alt.ColorDatum(role)))
    texts = rows.mark_text(align="right", dx=-2, fontSize=12, fontWeight=600, color="currentColor")
    layers.append(texts.encode(y, x=alt.value("width"), text="text:N"))
    return framed(alt.layer(*layers, _palette()), HEIGHT, FRAMES, EMPTY)


@cache
def constant_spec() -> dict:
    """Dataset `curves`: at, value, divergence. Rules of one length lead from one curve to the other."""
    low = alt.Scale(domainMin=alt.ExprRef("now.bottom"), domainMax=alt.ExprRef("now.ceiling"), nice=False)
    x = alt.X("at:Q", title="mean of q", scale=alt.Scale(nice=False, zero=False), axis=alt.Axis(tickCount=5))
    title = alt.Axis(tickCount=4, minExtent=AXIS)
    rows = alt.Chart(alt.NamedData("curves"))
    shifts = rows.transform_filter("datum.row % 8 == 4").mark_rule(color=GRAY, clip=True)
    layers = [shifts.encode(x, alt.Y("divergence:Q", title=None, scale=low, axis=title), alt.Y2("value:Q"))]
    for name, role, dash in (("value", None, [1, 0]), ("divergence", BELIEF, DASHES[2])):
        style = {"color": "currentColor"} if role is None else {}
        line = rows.mark_line(clip=True, strokeDash=dash, **style)
        encoded = line.encode(x, alt.Y(f"{name}:Q", title=None, scale=low, axis=title))
        layers.append(encoded if role is None else encoded.encode(color=alt.ColorDatum(role)))
        dot = _one().transform_calculate(at="now.at", y=f"now.{'value' if role is None else 'divergence'}")
        point = dot.mark_point(filled=True, size=80, opacity=1, clip=True, **style)
        encoded = point.encode(x, alt.Y("y:Q", scale=low))
        layers.append(encoded if role is None else encoded.encode(color=alt.ColorDatum(role)))
    floor = _one().transform_calculate(y="now.surprisal").mark_rule(strokeWidth=2, clip=True)
    layers.append(floor.encode(alt.Y("y:Q", scale=low), color=alt.ColorDatum(POSTERIOR)))
    for text, y, role in (("F", "now.value", None), ("D(q‖posterior)", "now.divergence", BELIEF)):
        at = _one().transform_calculate(at="now.at", y=y, text=f"'{text}'")
        style = {} if role else {"color": "currentColor"}
        mark = at.mark_text(dy=16 if role else -12, fontSize=12, fontWeight=600, clip=True, **style)
        encoded = mark.encode(x, alt.Y("y:Q", scale=low), text="text:N")
        layers.append(encoded.encode(color=alt.ColorDatum(role)) if role else encoded)
    return framed(alt.layer(*layers, _palette()), HEIGHT, FRAMES, EMPTY)


def _densities(moving: list[alt.Chart]) -> dict:
    """Dataset `curves`: z, prior, likelihood, posterior; and what moves above them."""
    still = alt.Chart(alt.NamedData("curves"))
    layers = [
        still.mark_line(clip=True, color=GRAY, strokeWidth=1.2).encode(_across(), _up("prior")),
        still.mark_line(clip=True, color=GRAY, strokeWidth=1.8, strokeDash=[6, 4]).encode(_across(), _up("likelihood")),
        _role_line(still, POSTERIOR, "posterior"),
        *moving,
    ]
    return framed(alt.layer(*layers, _palette()), HEIGHT, FRAMES, EMPTY)


def _bell(role: str) -> alt.Chart:
    """A Gaussian; the frame says its mean and std."""
    short = {FORWARD_FIT: "f", BELIEF: "q"}[role]
    end, inside = "now.left + datum.t * (now.right - now.left)", f"now.{short}_mean + now.{short}_std * datum.t"
    in_stds = f"(datum.z - now.{short}_mean) / now.{short}_std"
    points = alt.Chart(alt.NamedData("grid")).transform_calculate(z=f"datum.end ? {end} : {inside}")
    points = points.transform_calculate(y=f"exp(-0.5 * pow({in_stds}, 2)) / (now.{short}_std * {np.sqrt(2 * np.pi)})")
    return _role_line(points, role)


def _role_line(rows: alt.Chart, role: str, field: str = "y") -> alt.Chart:
    width = 3.6 if role == POSTERIOR else 2.2  # so that both are seen where q is the posterior
    line = rows.mark_line(clip=True, strokeDash=DASHES[ROLES.index(role)], strokeWidth=width)
    return line.encode(_across(), _up(field), color=alt.ColorDatum(role))


def _across() -> alt.X:
    scale = alt.Scale(domainMin=alt.ExprRef("now.left"), domainMax=alt.ExprRef("now.right"), nice=False, zero=False)
    return alt.X("z:Q", title=None, scale=scale, axis=alt.Axis(labelFlush=True))


def _up(field: str) -> alt.Y:
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("now.top"), nice=False)
    return alt.Y(f"{field}:Q", title="density", scale=scale, axis=alt.Axis(tickCount=4, minExtent=AXIS))


def _pick(expressions: tuple[str, ...]) -> str:
    """The expression of the row: a chain of choices by its number."""
    return " : ".join(f"datum.k == {k} ? {text}" for k, text in enumerate(expressions[:-1])) + f" : {expressions[-1]}"


def _one() -> alt.Chart:
    return alt.Chart(alt.Data(values=[{}]))


def _palette(*channels: str) -> alt.Chart:
    """A layer that draws nothing and gives the roles their colours, in the theme's order, on these channels.

    Vega-Lite drops `color` where a layer has `fill` or `stroke`, and with it the order of the roles: never all three.
    """
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).transform_filter("false")
    scale = alt.Scale(domain=ROLES)
    return names.mark_point().encode(
        **{name: CHANNELS[name]("role:N", scale=scale, legend=None) for name in channels or ["color"]}
    )


def densities(scene: Scene, view: str, fits: NamedFits) -> Picture:
    """Prior, likelihood, posterior and q over the latent: in the view SPLIT along its descent.

    In DIRECTIONS it is the posterior with its `fits`, where there are any.
    """
    curves, columns = curve_data(scene)
    columns |= belief_columns(scene, view == SPLIT, scene.fit.q if view == DIRECTIONS else scene.belief)
    if scene.family == FINITE:
        return Picture(bars_spec(), {"path": path_data(columns), "curves": curves}, BARS_ALT)
    grid = chance_grid() if scene.family == COIN else bell_grid()
    spec = coin_spec() if scene.family == COIN else line_spec()
    if fits.rows:
        spec, forward = fits_spec(), fits[FORWARD].q
        columns |= {"f_mean": forward.mean, "f_std": forward.std}
        z = curves["z"].to_numpy()
        curves = curves.assign(**{name: fits[name].q.pdf(z) if fits[name] else np.nan for name in (EP, LAPLACE)})
    return Picture(
        spec, {"path": path_data(columns), "curves": curves, "grid": grid}, FITS_ALT if fits.rows else DENSITY_ALT
    )


def bounds(scene: Scene, found: Bounds, units: str) -> tuple[Picture, Picture]:
    """The bounds over K and over α, with the log evidence; what is infinite is left out."""
    scale = NATS_IN[units]
    truth = pd.DataFrame({"value": [-scene.terms.surprisal.value / scale]})
    pictures = []
    for estimates, title, text in ((found.draws, "K draws", DRAWS_ALT), (found.orders, "order α", ORDERS_ALT)):
        rows = [
            {
                "at": at,
                "low": (e.value - e.error) / scale,
                "value": e.value / scale,
                "high": (e.value + e.error) / scale,
            }
            for at, e in estimates.items()
            if np.isfinite(e.value)
        ]
        table = pd.DataFrame(rows, columns=["at", "low", "value", "high"], dtype=float)
        pictures.append(Picture(bounds_spec(title, estimates is found.draws), {"curve": table, "truth": truth}, text))
    return tuple(pictures)


def split(scene: Scene, units: str) -> Picture:
    """The three splits of F as bars."""
    return Picture(split_spec(), {"path": path_data(term_columns(scene, NATS_IN[units]))}, SPLIT_ALT)


def constant(scene: Scene, units: str) -> Picture:
    """F and the divergence over q's mean."""
    scale = NATS_IN[units]
    table = constant_data(*along_mean(scene.question), scale)
    path = path_data(constant_columns(scene, table, scale))
    return Picture(constant_spec(), {"path": path, "curves": table}, CONSTANT_ALT)


def path_data(columns: dict[str, np.ndarray | float]) -> pd.DataFrame:
    """The dataset `path`: a single number stands for all frames; what is infinite is left out."""
    frame = pd.DataFrame({"frame": np.arange(FRAMES), **columns})
    return frame.replace([np.inf, -np.inf], np.nan)


@cache
def bell_grid() -> pd.DataFrame:
    """The dataset `grid` of a bell: standard deviations from the mean; and the ends of the axis, at 0 and 1 of it.

    Without these the line would be seen to end.
    """
    return pd.DataFrame({"t": [*POINTS, 0, 1], "end": [False] * POINTS.size + [True] * 2})


@cache
def chance_grid() -> pd.DataFrame:
    """The dataset `grid` of a Beta: chances inside (0, 1)."""
    return pd.DataFrame({"t": THETA})


def term_columns(scene: Scene, scale: float) -> dict[str, np.ndarray | float]:
    """energy, complexity, surprisal and F in every frame of the descent, in units of `scale` nats; and the axis."""
    entropy, complexity = _moments_along(scene)
    value, surprisal = scene.falling, np.full(FRAMES, scene.at_fit.surprisal.value)
    facts = {
        "energy": value + entropy,
        "entropy": entropy,
        "complexity": complexity,
        "inaccuracy": value - complexity,
        "surprisal": surprisal,
        "divergence": value - surprisal,
        "value": value,
    }
    facts = {name: column / scale for name, column in facts.items()}
    ends = np.concatenate([facts[name] for name in ("energy", "complexity", "surprisal", "value")])
    ends = ends[np.isfinite(ends)]
    last = np.array([column[-1] for column in facts.values()])
    size = np.abs(last[np.isfinite(last)]).max()
    low, high = max(ends.min(initial=0), -CROWDED * size), min(ends.max(initial=0), CROWDED * size)
    width = max(high - low, 1e-9)
    return facts | {"bottom": low - 0.02 * width if low < 0 else 0.0, "ceiling": low + ROOM * width}


def belief_columns(scene: Scene, descending: bool, q: object) -> dict[str, np.ndarray | float]:
    """What draws q at each frame: along its descent, or this one q."""
    if isinstance(q, Categorical):
        return {"q_1": scene.descent.parameters["probs"][:, 0] if descending else q.probs[0]}
    if isinstance(q, Beta):
        rows = list(scene.descent) if descending else [q] * FRAMES
        columns = {name: np.array([getattr(row, name) for row in rows]) for name in "ab"}
        return columns | {"log_norm": np.array([log_beta(row.a, row.b)[0] for row in rows])}
    if descending:
        return {"q_mean": scene.descent.mean, "q_std": scene.descent.std}
    return {"q_mean": q.mean, "q_std": q.std}


def curve_data(scene: Scene) -> tuple[pd.DataFrame, dict[str, float]]:
    """Prior, likelihood and posterior, and the ends of the axes."""
    if scene.family == FINITE:
        return _bars(scene), {}
    z = THETA if scene.family == COIN else _places(scene)
    posterior, prior = scene.posterior.pdf(z), scene.model.prior.pdf(z)
    log_likelihood = _log_likelihood(scene, z)
    highest = max(posterior.max(), prior.max())
    top = 1.12 * max(highest, min(_tallest(scene), 2.2 * highest))
    likelihood = np.exp(log_likelihood - log_likelihood.max()) * 0.9 * highest
    table = pd.DataFrame({"z": z, "prior": prior, "likelihood": likelihood, "posterior": posterior})
    return table, {"left": float(z[0]), "right": float(z[-1]), "top": float(top)}


def constant_data(places: np.ndarray, value: np.ndarray, divergence: np.ndarray, scale: float) -> pd.DataFrame:
    """F and the divergence over q's mean."""
    rows = {"row": np.arange(places.size), "at": places, "value": value / scale, "divergence": divergence / scale}
    return pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)


def constant_columns(scene: Scene, table: pd.DataFrame, scale: float) -> dict[str, float]:
    """The dots, the surprisal, and the axis: the lower part of both curves."""
    terms, q = scene.terms, scene.belief
    at = q.probs[0] if isinstance(q, Categorical) else q.mean
    surprisal, value, divergence = (getattr(terms, name).value / scale for name in ("surprisal", "value", "divergence"))
    least = min(0.0, surprisal)
    size = max(2.5, 1.3 * (divergence if np.isfinite(divergence) else 0.0), 0.5 * abs(surprisal))
    high = min(float(np.nanmax(table[["value", "divergence"]].to_numpy())), max(0.0, surprisal) + size)
    return {
        "at": at,
        "surprisal": surprisal,
        "value": value,
        "divergence": divergence,
        "bottom": least - 0.04 * (high - least),
        "ceiling": high + 0.08 * (high - least),
    }


def _moments_along(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """H[q] and D(q‖prior) in every row of the descent."""
    if scene.family == FINITE:
        q = scene.descent.parameters["probs"]
        entropy = -np.where(q > 0, q * np.log(np.where(q > 0, q, 1)), 0).sum(axis=1)
        return entropy, -entropy - q @ scene.model.prior.log_prob
    if scene.family == COIN:
        beliefs = list(scene.descent)
        logs = np.array([expected_logs(q) for q in beliefs])
        entropy = np.array([beta_entropy(q).value for q in beliefs])
        return entropy, scene.falling + logs @ np.array(scene.x)
    mean, std = scene.descent.mean, scene.descent.std
    accuracy = likelihood_of(scene.model, scene.model.observation(scene.x)).expected(mean, std)[0]
    return 0.5 + LOG_ROOT_TAU + np.log(std), scene.falling + accuracy


def _bars(scene: Scene) -> pd.DataFrame:
    """One row for each state and kind."""
    kinds = {
        PRIOR: scene.model.prior.probs,
        LIKELIHOOD: scene.model.likelihood[scene.x],
        POSTERIOR: scene.posterior.probs,
        BELIEF: scene.start.probs,
    }
    rows = [
        {"slot": f"{i}·{kind}", "state": state, "first": i == 0, "kind": kind, "value": float(values[i])}
        for i, state in enumerate(scene.question.story.states)
        for kind, values in kinds.items()
    ]
    return pd.DataFrame(rows)


def _log_likelihood(scene: Scene, z: np.ndarray) -> np.ndarray:
    if scene.family == COIN:
        return scene.x[0] * np.log(z) + scene.x[1] * np.log1p(-z)
    return likelihood_of(scene.model, scene.model.observation(scene.x)).values(z)


def _places(scene: Scene) -> np.ndarray:
    """Where the curves are drawn: over prior, posterior and both beliefs, finely where the posterior is narrow."""
    prior, target = scene.model.prior, scene.posterior
    shown = [*zip(prior.means, prior.stds), (target.mean, target.std), (scene.fit.q.mean, scene.fit.q.std)]
    shown.append((scene.start.mean, min(scene.start.std, 2 * prior.stds[0])))
    low, high = min(m - 3 * s for m, s in shown), max(m + 3 * s for m, s in shown)
    low, high = low - MARGIN * (high - low), high + MARGIN * (high - low)
    centres = {fit.q.mean: fit.q.std for fit in scene.optima} | {target.mean: target.std}
    near = [np.linspace(m - 4 * s, m + 4 * s, FINE_POINTS) for m, s in centres.items()]
    places = np.unique(np.concatenate([np.linspace(low, high, CURVE_POINTS), *near]))
    return places[(places >= low) & (places <= high)]


def _tallest(scene: Scene) -> float:
    """The height of q, as set or as fitted."""
    if scene.family == COIN:
        return float(scene.start.pdf(THETA).max())
    return 0.4 / min(scene.fit.q.std, scene.start.std)
