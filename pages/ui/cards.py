"""The two columns of formula and numbers: forward at the left, reverse at the right."""

from __future__ import annotations

import streamlit as st

from pages.ui.numbers import NATS_IN, amount, margin, normal, share
from pages.ui.scored import Scored
from pages.ui.shell import glossary

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
    left.markdown(f"{FORWARD_HEAD}\n\n{_table(forward, units, own=0)}")
    right.markdown(f"{REVERSE_HEAD}\n\n{_table(reverse, units, own=1)}")


def _table(scored: Scored, units: str, own: int) -> str:
    """The fit and its four numbers; `own` is the row of the divergence that it minimises."""
    lines = [f"| fit | {normal(scored.q, 4)} |", "|---|---|"]
    divergences = (("forward divergence", "D(p‖q)", scored.forward), ("reverse divergence", "D(q‖p)", scored.reverse))
    for index, (term, name, estimate) in enumerate(divergences):
        value = amount(estimate, units)
        shown = f"**{value}**" if index == own else value
        lines.append(f"| {glossary(term, units, name)} | {shown} :small[{margin(estimate.error / NATS_IN[units])}] |")
    for name, estimate in (("hallucinated", scored.failures.hallucinated), ("missed", scored.failures.missed)):
        lines.append(f"| {glossary(name, units)} | {share(estimate)} :small[{margin(100 * estimate.error)} %] |")
    return "\n".join(lines)
