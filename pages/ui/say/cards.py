"""The two columns of formula and numbers: forward at the left, reverse at the right."""

from __future__ import annotations

import streamlit as st

from kl_engine import Direction
from pages.ui.glossary.links import glossary
from pages.ui.say.assessment import Scored
from pages.ui.say.numbers import normal
from pages.ui.say.rows import divergence_rows, failure_rows

HEAD = "**:{colour}[{dash} {name} fit]** &ensp; ${formula}$  \n${condition}$"
FORWARD_HEAD = HEAD.format(
    colour="red",
    dash="╌╌",
    name="Forward",
    formula=r"D(p\,\|\,q)=\mathbb{E}_p[\log p-\log q]",
    condition=r"\mu=\mathbb{E}_p[x],\ \ \sigma^2=\operatorname{Var}_p[x]",
)
REVERSE_HEAD = HEAD.format(
    colour="blue",
    dash="┈┈",
    name="Reverse",
    formula=r"D(q\,\|\,p)=\mathbb{E}_q[\log q-\log p]",
    condition=r"\mathbb{E}_q[(\log p)']=0,\ \ \mathbb{E}_q[(\log p)'']=-1/\sigma^2",
)


def draw_cards(forward: Scored, reverse: Scored, units: str) -> None:
    """Both columns."""
    left, right = st.columns(2, gap="medium")
    left.markdown(f"{FORWARD_HEAD}\n\n{_table(forward, units, Direction.FORWARD)}")
    right.markdown(f"{REVERSE_HEAD}\n\n{_table(reverse, units, Direction.REVERSE)}")


def _table(scored: Scored, units: str, own: Direction) -> str:
    """The fit and its four numbers; `own` is the divergence that it minimises."""
    fit = glossary("moment match" if own is Direction.FORWARD else "stationarity", units, "fit")
    lines = [f"| {fit} | {normal(scored.q, 4)} |", "|---|---|"]
    lines += divergence_rows(scored.forward, scored.reverse, units, own)
    return "\n".join(lines + failure_rows(scored.failures, units))
