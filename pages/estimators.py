"""Estimators: the exact value beside every bound, approximation and sample of it, in both directions."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.draw.pair import density_picture
from pages.ui.frame import shell
from pages.ui.frame.pasted import link_to_expectation
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread, link_to_proof
from pages.ui.glossary.links import glossary
from pages.ui.state import session
from pages.ui.state.pills import preset_row
from pages.ui.state.presets import PRESETS
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Start, Target
from pages.ui.views.estimators import charts, takeaway, words
from pages.ui.views.estimators.question import FIELDS, SEED, Q, Question
from pages.ui.views.estimators.scene import answered

units = shell.open_page("pages/estimators.py")
session.restore(*FIELDS)
bound = glossary("bound", units, "bound")
exact = glossary("error bound", units, "exact value")
opening = shell.heading(
    "Bounds and estimators",
    f"How close does a {bound}, an approximation or a sample (k1, k2, k3) come to the {exact}?",
)
presets = preset_row(PRESETS)

with st.container(key="desk"):
    desk, easel = st.columns([2, 7], gap="medium")
with desk.container(key="controls", gap="xsmall"):
    target = Target(*(slider.draw() for slider in TARGET))
    question = session.ask(Question(target, Start(*(slider.draw() for slider in Q)), int(SEED.draw())))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()

with easel.container(key="easel"):
    with st.container(key="work"):
        scene = answered(question)
    shell.say_opening(opening, words.lead(scene, units))
    density_picture(target.p, question.approximation.q).draw(st.container(key="pair"))
    with st.container(key="trials"):
        for column, trial in zip(st.columns(2, gap="medium"), scene.trials):
            with column:
                st.markdown(words.head(trial, units))
                charts.bounds_chart(trial, units).draw(st)
                charts.samples_chart(trial, units).draw(st)
    shell.let_it_paint()
    st.caption(
        f"The line is the exact value, in {units}. "
        "Above: ▶\ufe0e lower bound, ◀\ufe0e upper bound, ○ approximation, no guarantee. "
        f"Below: the mean of the draws so far, ± 3.3 {glossary('standard error', units, 'standard errors')}."
    )

with st.container(key="account"):
    st.markdown("##### What this means here")
    for sentence in words.meaning(scene, units):
        st.markdown(sentence)
    st.markdown("##### Sampled in a loss: k1, k2, k3")
    arrows, told = st.columns([4, 5], gap="medium")
    charts.arrows_chart(scene, units).draw(arrows)
    arrows.caption(
        "Each arrow shows where descent on that loss takes q, with the draws held fixed: k2 is dotted, k3 dashed, and "
        "k1 goes nowhere. The number at the tip is the size of the gradient; the length of the arrow is not."
    )
    with told:
        st.markdown("At a draw x of q, with r = p(x)/q(x): k1 = −log r, k2 = ½ (log r)², k3 = r − 1 − log r.")
        st.markdown(words.facts_table(scene, units))
        for sentence in words.facts_meaning(scene, units):
            st.markdown(sentence)
        st.caption(
            "When one differentiates through the draws (reparametrisation), k1 and k3 both follow D(q‖p); as part of a "
            "reward, k1 does."
        )
        link_to_proof("pages/stationarity.py", "estimators", "The proof, for every smooth family of q", units)
        link_to_expectation(
            "per_token_kl = torch.exp(ref_logps - logps) - (ref_logps - logps) - 1", "Paste your loss: which is it?"
        )
    with st.expander("Every number, with its kind and source"):
        st.markdown(words.table(scene, units))
        for note in words.notes(scene):
            st.caption(note)

    draw_takeaway(question.to_python(), takeaway.tables(scene))
draw_thread("pages/estimators.py", units, question.target)
