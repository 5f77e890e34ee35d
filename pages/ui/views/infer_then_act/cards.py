"""The two columns of the view: what the exact posterior says at the left, the factorised q at the right."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from kl_engine import Categorical, Estimate
from kl_engine.acting.mazes import PLACES
from pages.ui.glossary.links import glossary, meaning
from pages.ui.say.numbers import NATS_IN, plain, stated
from pages.ui.views.infer_then_act.scene import Choice, Scene


def exact_card(scene: Scene, units: str) -> str:
    """The exact posterior and the surprisal."""
    head = "**:primary[── Exact posterior]** &ensp; $p(s_1,s_2\\mid x)$"
    return _card(
        head, scene.exact.first, scene.exact.second, glossary("surprisal", units), scene.exact.surprisal, units
    )


def factorised_card(scene: Scene, units: str) -> str:
    """The factorised q and its free energy."""
    head = "**:blue[┈┈ Factorised q]** &ensp; $q(s_1)\\,q(s_2)$"
    q = scene.q
    return _card(head, q.first, q.second, glossary("mean field", units, "free energy F"), q.free_energy, units)


def value_table(choice: Choice) -> pd.DataFrame:
    """One row an action: both splits, G, the probability of the action, and the wrong mix; in nats."""
    columns = {
        "action": list(PLACES),
        "risk": [value.risk.value for value in choice.values],
        "ambiguity": [value.ambiguity.value for value in choice.values],
        "−utility": [-value.utility.value for value in choice.values],
        "information gain": [value.information_gain.value for value in choice.values],
        "G": [value.expected_free_energy.value for value in choice.values],
        "softmax(−G)": [None] * len(PLACES) if choice.probs is None else choice.probs.probs.tolist(),
        "risk − gain (illegal)": [value.double_counted.value for value in choice.values],
    }
    return pd.DataFrame(columns)


def shown_table(choice: Choice, units: str) -> pd.DataFrame:
    """The same as text, in the chosen units."""
    table = value_table(choice)
    for name in table.columns[1:]:
        unit = 1.0 if name.startswith("softmax") else NATS_IN[units]
        table[name] = ["" if pd.isna(x) else plain(x / unit, 1e-13, decimals=4) for x in table[name]]
    return table


def value_meanings() -> dict[str, object]:
    """What each column of the table means, to be said on hover."""
    terms = {name: meaning(name) for name in ("risk", "ambiguity", "information gain")}
    more = {
        "−utility": f"The negative of the utility. {meaning('utility')}",
        "G": meaning("expected free energy"),
        "softmax(−G)": meaning("softmax"),
        "risk − gain (illegal)": "No expected free energy: it takes the entropy of the outcomes off twice.",
    }
    return {name: st.column_config.Column(help=text) for name, text in (terms | more).items()}


def _card(head: str, first: Categorical, second: Categorical, name: str, value: Estimate, units: str) -> str:
    sides = [plain(x.probs[0], 1e-12) for x in (first, second)]
    return (
        f"{head}  \n{name} {stated(value, units, bold=True)}  \n“right”: first cause **{sides[0]}**, second {sides[1]}"
    )
