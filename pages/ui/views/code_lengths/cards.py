"""The two columns of the view: forward at the left, reverse at the right; and the words of the codes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from kl_engine import Estimate
from pages.ui.glossary.links import glossary, meaning
from pages.ui.say.numbers import NATS_IN, plain, stated
from pages.ui.views.code_lengths.scene import Costs

HEAD = "**:{colour}[{dash} {name}]** &ensp; ${formula}$"
FORMULA = r"D({0}\,\|\,{1})=\sum {0}\log\frac{{{0}}}{{{1}}}"
LOOK = {("p", "q"): ("red", "╌╌", "Forward"), ("q", "p"): ("blue", "┈┈", "Reverse")}


def card(costs: Costs, who: tuple[str, str], units: str) -> str:
    """One direction: what every code for `b` costs on data from `a`, and what of that is above the entropy."""
    colour, dash, name = LOOK[who]
    a, b = who
    entropy, cross = (glossary(term, units) for term in ("entropy", "cross entropy"))
    lines = [
        f"| data from {a} | {units} | above H({a}) |",
        "|---|---|---|",
        f"| {entropy} H({a}) | {_short(costs.entropy, units)} | |",
        f"| {cross} | {_short(costs.cross, units)} | {_short(costs.divergence, units)} |",
    ]
    for coding in costs.codes:
        term = glossary(f"{coding.code.name} code", units)
        lines.append(f"| {term} for {b} | {_short(coding.length, units)} | {_short(coding.excess, units)} |")
    return (
        f"{HEAD.format(colour=colour, dash=dash, name=name, formula=FORMULA.format(a, b))}  \n"
        f"{stated(costs.divergence, units, bold=True)}\n\n" + "\n".join(lines)
    )


def word_table(names: Sequence[str], forward: Costs, reverse: Costs) -> pd.DataFrame:
    """One row a symbol: probabilities, ideal digits and words in the codes for p and for q."""
    table = pd.DataFrame({"symbol": list(names)})
    for name, costs in (("q", forward), ("p", reverse)):  # the code for q is what the forward direction uses
        table[name] = costs.b.probs
        with_zero = [-x / math.log(2) for x in costs.b.log_prob.tolist()]
        table[f"ideal for {name}"] = [f"{plain(x + 0.0, decimals=3)}" for x in with_zero]
        for coding in costs.codes:
            words = ["no word" if word is None else word or "(empty)" for word in coding.code.words]
            table[f"{coding.code.name} for {name}"] = words
    return table


def word_meanings() -> dict[str, object]:
    """What each column of the table means, to be said on hover."""
    told = {}
    for name in ("q", "p"):
        told[name] = f"The probability of the symbol under {name}."
        told[f"ideal for {name}"] = f"−log₂ {name}: the bits that the best code for {name} spends on the symbol."
        for code in ("Shannon", "Huffman"):
            told[f"{code} for {name}"] = meaning(f"{code} code")
    return {name: st.column_config.Column(help=text) for name, text in told.items()}


def _short(estimate: Estimate, units: str) -> str:
    scale = NATS_IN[units]
    return plain(estimate.value / scale, estimate.error / scale, decimals=4)
