"""The answer on the page: headline, picture, numbers, consequences, and what to take away."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from kl_engine.fits.outcomes import Weights
from kl_engine.objectives.catalogue import Objective
from kl_engine.objectives.reading import Reading
from kl_engine.objectives.verdicts import judge
from pages.ui import cache
from pages.ui.draw.theme import FORWARD, REVERSE
from pages.ui.say.exports import draw_takeaway
from pages.ui.say.numbers import amount, normal
from pages.ui.say.plain_text import escaped
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check.charts import OWN, curve_table, fit_chart
from pages.ui.views.objective_check.scene import Demonstration, sentence
from pages.ui.views.objective_check.takeaway import answer_text, python_code
from pages.ui.views.objective_check.words import consequences, headline, numbers, typeset

ENDS = {FORWARD: Weights(1.0, 0.0, 0.0), REVERSE: Weights(0.0, 1.0, 1.0)}  # of a family between the directions


def draw_answer(
    reading: Reading, entry: Objective | None, model: str, scalars: dict, target: Target, units: str
) -> None:
    """Everything about one objective that is a sum of expectations."""
    verdict = judge(reading.form, model, scalars)
    for fault in reading.faults:
        st.error(f"As written it is no divergence: {escaped(fault)}. Below is the answer to the call as it is meant.")
    st.markdown(headline(verdict))
    shown = cache.demonstration(*vars(target).values(), tuple(verdict.weights))
    left, right = st.columns([8, 5], gap="medium")
    fit_chart(target.p, {shown.role: shown.q}).draw(left)
    right.markdown(numbers(shown, units))
    st.markdown(sentence(shown, units) + ("" if verdict.exact else _stands_for(verdict.targets)))
    st.markdown(consequences(verdict))
    for note in reading.notes:
        st.caption(escaped(note) + ".")
    if entry:
        st.markdown(f"{escaped(entry.remark)} Sampled in practice: {escaped(entry.sampled)}.")
        st.caption(f"Source: {escaped(entry.source)}.")
    draw_takeaway(
        python_code(shown), {"curves": partial(_wide, shown)}, texts={"answer": answer_text(reading.text, verdict)}
    )


def draw_family(entry: Objective, alpha: float, target: Target, units: str) -> None:
    """An objective that is a family between the two directions: both ends of it, and one member by its α."""
    member = cache.alpha_member(*vars(target).values(), alpha)
    ends = {role: cache.demonstration(*vars(target).values(), tuple(weights)) for role, weights in ENDS.items()}
    st.markdown("##### A family between the two directions: no sum of expectations of a log ratio")
    drawn = {**{role: end.q for role, end in ends.items()}, OWN: member.q}
    fit_chart(target.p, drawn).draw(st)
    st.markdown(
        f"At α = {alpha:g}, on the way from reverse (0) to forward (1): q = {normal(member.q)}, "
        f"$D_\\alpha$ = {amount(member.value, units)}. The Rényi bound of order {1 - alpha:g} has this maximiser."
    )
    columns = st.columns(2, gap="medium")
    for column, head, end in zip(columns, (":red[**╌╌ forward end**]", ":blue[**┈┈ reverse end**]"), ends.values()):
        column.markdown(f"{head}\n\n{numbers(end, units)}")
        column.markdown(sentence(end, units))
    st.markdown(f"{escaped(entry.remark)} Sampled in practice: {escaped(entry.sampled)}.")
    st.caption(f"Source: {escaped(entry.source)}.")


def _stands_for(targets: tuple[str, ...]) -> str:
    return f" In the picture p stands for {' and for '.join(typeset(name) for name in targets)}, normalised."


def _wide(shown: Demonstration) -> pd.DataFrame:
    return curve_table(shown.target.p, {shown.role: shown.q})
