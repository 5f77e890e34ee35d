"""The two columns of formula and numbers: forward at the left, reverse at the right.

Three digits at first sight, bars for what a fit invents and misses; every digit, with its error, is one click away.
"""

from __future__ import annotations

import math
from html import escape

import streamlit as st

from kl_engine import Direction, Estimate
from pages.ui.glossary.links import glossary, term_link
from pages.ui.say.assessment import Scored
from pages.ui.say.key import stroke
from pages.ui.say.no_fit import NoFit, why_infinite
from pages.ui.say.numbers import bell, in_brief, normal, part
from pages.ui.say.rows import divergence_rows, failure_rows

FORMULAS = {
    Direction.FORWARD: (
        r"$D(p\,\|\,q)=\mathbb{E}_p[\log p-\log q]$",
        r"$\mu=\mathbb{E}_p[x],\ \ \sigma^2=\operatorname{Var}_p[x]$",
    ),
    Direction.REVERSE: (
        r"$D(q\,\|\,p)=\mathbb{E}_q[\log q-\log p]$",
        r"$\mathbb{E}_q[(\log p)']=0,\ \ \mathbb{E}_q[(\log p)'']=-1/\sigma^2$",
    ),
}
NAMES = {Direction.FORWARD: "D(p‖q)", Direction.REVERSE: "D(q‖p)"}
CARD = """<div class="kl-card {role}">
<div class="head">{stroke}<b>The {role} fit</b><span>{fit}</span></div>
<div class="number"><b>{own}</b><span>{own_name}</span></div>
<div class="bars">{invents}{misses}</div>
<div class="other">Measured the other way, {other_name} is {other}.</div>
</div>"""
NO_CARD = """<div class="kl-card {role}">
<div class="head">{stroke}<b>The {role} fit</b></div>
<div class="number"><b>none</b><span>minimises {own_name}</span></div>
<div class="other">{why}</div>
</div>"""
BAR = '<span class="bar">{link}<i style="--share:{share:.4f}"></i>{words}</span>'


def draw_head(direction: Direction) -> None:
    """The head of a column: the stroke of the role, its name, the formula and what holds at its minimum."""
    st.html(
        f'<div class="kl-card"><div class="head">{stroke(direction.value)}<b>{direction.value.title()}</b></div></div>'
    )
    st.markdown("  \n".join(FORMULAS[direction]))


def draw_cards(
    forward: Scored | None, reverse: Scored | None, units: str, why: tuple[NoFit | None, NoFit | None] = (None, None)
) -> None:
    """Both columns; where a direction has no fit, `why` it has none."""
    with st.container(key="cards"):
        for column, scored, own, none in zip(st.columns(2, gap="large"), (forward, reverse), Direction, why):
            with column:
                if scored is None:
                    st.html(_no_card(own, none))
                    continue
                st.html(_card(scored, units, own))
                with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                    st.markdown("  \n".join(FORMULAS[own]), width="content")
                    with st.popover("All digits"):
                        st.markdown(_table(scored, units, own))


def _no_card(own: Direction, none: NoFit) -> str:
    """What is seen of a direction that has no fit."""
    return NO_CARD.format(role=own.value, stroke=stroke(own.value), own_name=NAMES[own], why=escape(none.whole))


def _card(scored: Scored, units: str, own: Direction) -> str:
    """What is seen at first."""
    values = {Direction.FORWARD: scored.forward, Direction.REVERSE: scored.reverse}
    other = Direction.REVERSE if own is Direction.FORWARD else Direction.FORWARD
    return CARD.format(
        role=own.value,
        stroke=stroke(own.value),
        fit=bell(scored.q),
        own=in_brief(values[own], units),
        own_name=NAMES[own],
        other=_other(values[other], units),
        other_name=NAMES[other],
        invents=_bar("hallucinated", "invents", scored.failures.hallucinated, units),
        misses=_bar("missed", "misses", scored.failures.missed, units),
    )


def _other(estimate: Estimate, units: str) -> str:
    """What a fit costs the other way; where that is without bound, why."""
    if math.isinf(estimate.value):
        return f"infinite: {escape(why_infinite(estimate))}"
    return in_brief(estimate, units)


def _bar(term: str, words: str, mass: Estimate, units: str) -> str:
    """A share of a whole as a bar, with its name and its number."""
    return BAR.format(link=term_link(term, units, words), share=mass.value, words=part(mass))


def _table(scored: Scored, units: str, own: Direction) -> str:
    """The fit and its four numbers; `own` is the divergence that it minimises."""
    fit = glossary("moment match" if own is Direction.FORWARD else "stationarity", units, "fit")
    lines = [f"| {fit} | {normal(scored.q, 4)} |", "|---|---|"]
    lines += divergence_rows(scored.forward, scored.reverse, units, own)
    return "\n".join(lines + failure_rows(scored.failures, units))
