"""The three columns of the free energy view: formula, plot, and the third, which the person chooses."""

from __future__ import annotations

import streamlit as st

from kl_engine import Estimate, confidence, forward_divergence
from pages.ui import cache, controls
from pages.ui.free_energy import charts, datasets
from pages.ui.free_energy.situation import COIN, FINITE, LINE, Situation, forward_fit
from pages.ui.numbers import NATS_IN, amount, fine, margin, normal, plain, share
from pages.ui.player import player
from pages.ui.shell import glossary

SPLIT, CONSTANT, DIRECTIONS = "split", "constant", "directions"
VIEWS = {SPLIT: "Terms", CONSTANT: "Constant", DIRECTIONS: "Directions"}
SPECS = {FINITE: charts.bars_spec, LINE: charts.line_spec, COIN: charts.coin_spec}
PLACE = ("descent of F", 0.0, 100.0, 0, " %")
PAIRS = (("energy", "entropy", "−"), ("complexity", "accuracy", "−"), ("divergence", "surprisal", "+"))


def draw_columns(found: Situation, key: tuple, names: tuple[str, str], fitted: bool, units: str) -> None:
    """All three, and below the terms the player of the descent. `names` are those of finite states."""
    stage = st.container(key="stage", gap="xsmall")
    formula, plot, third = stage.columns([5, 6, 6], gap="medium")
    with third:
        view = controls.switch("Third column", "view", VIEWS, named=False)
    descending, scale = view == SPLIT, NATS_IN[units]
    forward = forward_fit(found)[0] if view == DIRECTIONS and found.family == LINE else None
    curves, ends = datasets.curve_data(found, names)
    columns = datasets.term_columns(found, scale, descending, fitted)
    moving = datasets.belief_columns(found, descending, fitted)
    path = charts.path_data(columns | moving | datasets.forward_columns(forward) | ends)
    with plot:
        st.markdown(_legend(found, forward is not None))
        grid = {"grid": charts.chance_grid() if found.family == COIN else charts.bell_grid()}
        still = {"curves": curves} | ({} if found.family == FINITE else grid)
        alt = charts.BARS_ALT if found.family == FINITE else charts.DENSITY_ALT
        st.vega_lite_chart(charts.filled(SPECS[found.family](), path, **still), alt=alt, width="stretch")
    with third:
        if view == SPLIT:
            st.markdown(_split_head(found, fitted, units))
            st.vega_lite_chart(charts.filled(charts.split_spec(), path), alt=charts.SPLIT_ALT, width="stretch")
        elif view == CONSTANT:
            _draw_constant(found, key, fitted, units)
        else:
            st.markdown(_directions(found, units))
    with formula:
        st.markdown(_formula(found, key, fitted, units))
    if descending:
        with stage:
            player(repr((key, fitted)), charts.FRAMES, charts.FRAMES - 1 if fitted else 0, PLACE)


def _legend(found: Situation, forward: bool) -> str:
    lines = [":gray[── prior]", ":gray[╌╌ likelihood, scaled]", ":primary[**━━ posterior**]", ":blue[**┈┈ q**]"]
    if found.family == FINITE:
        lines = [":gray[▮ prior]", ":gray[▯ likelihood]", ":primary[**▮ posterior**]", ":blue[**▯ q**]"]
    if forward:
        lines.append(":red[**╌╌ forward fit**]")
    return " &ensp; ".join(lines)


def _split_head(found: Situation, fitted: bool, units: str) -> str:
    terms = found.shown(fitted)
    return (
        f":primary[**━━ surprisal**] &ensp; :blue[**┈┈ F**] &ensp; gap **{_number(terms.divergence, units)}** {units}"
    )


def _formula(found: Situation, key: tuple, fitted: bool, units: str) -> str:
    """The three forms: as proved, and with the numbers of their terms."""
    terms, blocks = found.shown(fitted), []
    for (first, second, sign), latex in zip(PAIRS, cache.free_energy_forms(found.family)):
        a, b = (_number(getattr(terms, name), units) for name in (first, second))
        shown = f"({b})" if b.startswith("−") else b
        names = f"{glossary(_entry(first), units, first)} {sign} {glossary(_entry(second), units, second)}"
        blocks.append(f"**{names}** = {a} {sign} {shown}\n\n${latex}$")
    value = f"F = **{amount(terms.value, units)}** :small[{margin(terms.value.error / NATS_IN[units])}]"
    return "\n\n".join([value, *blocks])


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
    surprisal = amount(found.shown(fitted).surprisal, units)
    st.markdown(f"**F** − :blue[**D(q‖posterior)**] = :primary[**−log p(x)**] = **{surprisal}** for every q")
    chart = charts.filled(charts.constant_spec(), path, curves=table)
    st.vega_lite_chart(chart, alt=charts.CONSTANT_ALT, width="stretch")


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
        ("fit", normal(forward), normal(reverse)),
        ("D(q‖posterior)", amount(forward_terms.divergence, units), f"**{amount(terms.divergence, units)}**"),
        ("D(posterior‖q)", f"**{amount(forward_least, units)}**", amount(other, units)),
        ("F", amount(forward_terms.value, units), f"**{amount(terms.value, units)}**"),
    ]
    measured = [confidence(found.model, q, found.x) for q in (forward, reverse)]
    rows.append(("std over posterior's", *(plain(m.std_ratio.value, m.std_ratio.error, 3) for m in measured)))
    rows.append(("posterior in its 95 %", *(share(m.coverage) for m in measured)))
    head = "| | :red[**╌╌ forward**] | :blue[**┈┈ reverse**] |\n|---|---|---|\n"
    table = head + "\n".join(f"| {name} | {left} | {right} |" for name, left, right in rows)
    return f"{table}\n\n:small[Forward: the posterior's moments. Reverse: the descent of F from q as set.]"
