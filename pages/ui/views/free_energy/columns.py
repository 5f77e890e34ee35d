"""The three columns of the free energy view: formula, plot, and the third, which the person chooses."""

from __future__ import annotations

import streamlit as st

from kl_engine import Estimate, confidence, forward_divergence
from pages.ui import cache
from pages.ui.draw.player import player
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, fine, normal, plain, share, stated
from pages.ui.state import controls
from pages.ui.views.free_energy import charts, datasets
from pages.ui.views.free_energy.scene import COIN, FINITE, LINE, Situation, forward_fit

SPLIT, CONSTANT, DIRECTIONS = "split", "constant", "directions"
VIEWS = {SPLIT: "Terms", CONSTANT: "Constant", DIRECTIONS: "Directions"}
SPECS = {FINITE: charts.bars_spec, LINE: charts.line_spec, COIN: charts.coin_spec}
PLACE = ("descent of F", 0.0, 100.0, 0, " %")
DIRECTIONS_NOTE = (
    "The forward fit has the posterior's moments; the reverse fit is where the descent of F ends. A q whose 95 % "
    "interval holds less than 95 % of the posterior is over-confident."
)
PAIRS = (("energy", "entropy", "−"), ("complexity", "accuracy", "−"), ("divergence", "surprisal", "+"))


def draw_columns(found: Situation, key: tuple, names: tuple[str, str], fitted: bool, units: str) -> None:
    """All three, and below the terms the player of the descent. `names` are those of finite states."""
    stage = st.container(key="stage", gap="xsmall")
    formula, plot, third = stage.columns([9, 10, 9], gap="medium")
    with third:
        view = controls.switch("Third column", "view", VIEWS, named=False)
    descending = view == SPLIT
    curves, path_columns = datasets.curve_data(found, names)
    path_columns |= datasets.belief_columns(found, descending, fitted or view == DIRECTIONS)
    spec = SPECS[found.family]
    if view == DIRECTIONS and found.family == LINE:
        forward, spec = forward_fit(found)[0], charts.directions_spec
        path_columns |= {"f_mean": forward.mean, "f_std": forward.std}
    with plot:
        st.markdown(_legend(found, view == DIRECTIONS))
        grid = {"grid": charts.chance_grid() if found.family == COIN else charts.bell_grid()}
        still = {"curves": curves} | ({} if found.family == FINITE else grid)
        alt = charts.BARS_ALT if found.family == FINITE else charts.DENSITY_ALT
        path = charts.path_data(path_columns)
        charts.picture(spec(), alt, path, **still).draw(st)
    with third:
        if view == SPLIT:
            st.markdown(_split_head(found, fitted, units))
            terms = charts.path_data(datasets.term_columns(found, NATS_IN[units]))
            charts.picture(charts.split_spec(), charts.SPLIT_ALT, terms).draw(st)
        elif view == CONSTANT:
            _draw_constant(found, key, fitted, units)
        else:
            st.markdown(_directions(found, units))
    with formula:
        _draw_formula(found, fitted, units)
    if descending:
        with stage:
            player(repr((key, fitted)), charts.FRAMES, charts.FRAMES - 1 if fitted else 0, PLACE)


def _legend(found: Situation, directions: bool) -> str:
    lines = [":gray[── prior]", ":gray[╌╌ likelihood]", ":primary[**━━ posterior**]", ":blue[**┈┈ q**]"]
    between = " &ensp; "
    if found.family == FINITE:
        lines = [":gray[▮ prior]", ":gray[▯ likelihood]", ":primary[**▮ posterior**]", ":blue[**▯ q**]"]
    elif directions:
        # All five in one line: their strokes are short.
        lines = [line.replace("──", "─").replace("╌╌", "╌").replace("━━", "━") for line in lines[:3]]
        lines, between = [*lines, ":red[**╌ forward**]", ":blue[**┈ reverse**]"], " "
    return f":small[{between.join(lines)}]"


def _split_head(found: Situation, fitted: bool, units: str) -> str:
    terms = found.shown(fitted)
    return (
        f":primary[**━━ surprisal**] &ensp; :blue[**┈┈ F**] &ensp; gap **{_number(terms.divergence, units)}** {units}"
    )


def _draw_formula(found: Situation, fitted: bool, units: str) -> None:
    """The three forms: the numbers of their terms, and what was proved.

    The formulas stand by themselves: as their text does not change, a moved slider does not have them set again.
    """
    terms, which = found.shown(fitted), "fitted" if fitted else "as set"
    st.markdown(f"F of q {which} = {stated(terms.value, units, bold=True)}")
    for (first, second, sign), latex in zip(PAIRS, cache.free_energy_forms(found.family)):
        a, b = (_number(getattr(terms, name), units) for name in (first, second))
        shown = f"({b})" if b.startswith("−") else b
        names = f"{glossary(_entry(first), units, first)} {sign} {glossary(_entry(second), units, second)}"
        st.markdown(f":small[**{names}** = {a} {sign} {shown}]")
        st.markdown(f"${latex}$")
    if found.family == FINITE:
        st.markdown(":small[State i: prior cᵢ, likelihood of what was seen lᵢ.]")


def _entry(name: str) -> str:
    """The entry of the glossary."""
    return "Kullback-Leibler divergence" if name == "divergence" else name


def _number(estimate: Estimate, units: str) -> str:
    return fine(estimate.value / NATS_IN[units], estimate.error / NATS_IN[units], 4)


def _draw_constant(found: Situation, key: tuple, fitted: bool, units: str) -> None:
    """F and the divergence over q's mean: one curve, and the same again above (or below) it by the surprisal."""
    scale = NATS_IN[units]
    table = datasets.constant_data(*cache.belief_curves(*key, fitted), scale)
    path = charts.path_data(datasets.constant_columns(found, table, fitted, scale))
    surprisal = _number(found.shown(fitted).surprisal, units)
    st.markdown(f"**F** − :blue[**D(q‖posterior)**] = :primary[**−log p(x)**] = **{surprisal}** {units}")
    charts.picture(charts.constant_spec(), charts.CONSTANT_ALT, path, curves=table).draw(st)


def _directions(found: Situation, units: str) -> str:
    """Both fits of the same posterior, and what each does to uncertainty."""
    if found.family != LINE:
        return (
            "**Both directions have one answer here.** The family of q holds the posterior itself, so the reverse "
            "(variational) fit and the forward fit are the posterior: D is 0 either way. They part where q is too "
            "simple: see *Food size*, *Two modes*, *Hidden sign*."
        )
    forward, forward_terms, forward_least = forward_fit(found)
    reverse, terms = found.fit.q, found.at_fit
    other = forward_divergence(found.model, reverse, found.x)
    rows = [
        ("fit", normal(forward, 2), normal(reverse, 2)),
        ("D(q‖posterior)", _number(forward_terms.divergence, units), f"**{_number(terms.divergence, units)}**"),
        ("D(posterior‖q)", f"**{_number(forward_least, units)}**", _number(other, units)),
        ("F", _number(forward_terms.value, units), f"**{_number(terms.value, units)}**"),
    ]
    measured = [confidence(found.model, q, found.x) for q in (forward, reverse)]
    rows.append(("std ratio", *(plain(m.std_ratio.value, m.std_ratio.error, 3) for m in measured)))
    rows.append(("its 95 % holds", *(share(m.coverage) for m in measured)))
    head = f"| {units} | :red[**╌╌ forward**] | :blue[**┈┈ reverse**] |\n|---|---|---|\n"
    table = head + "\n".join(f"| {name} | {left} | {right} |" for name, left, right in rows)
    return f"{table}\n\n:small[{DIRECTIONS_NOTE}]"
