"""A page with every formula of every derivation, its reasons and its setting, as the lessons set them; for a test."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))  # it is served by itself, from its own folder

from kl_engine.symbolic import DERIVATIONS, latex
from kl_engine.symbolic.proof.writing.introduction import introduction
from kl_engine.symbolic.proof.writing.typeset import words
from pages.ui.say.display_math import breakable

st.title("Every formula")
for derivation in DERIVATIONS.values():
    steps = [f"$$\n{breakable(latex(step.statement))}\n$$\n\n{words(step.why)}" for step in derivation.steps]
    st.markdown("\n\n".join([*map(words, introduction(derivation.setting)), *steps]))
st.markdown(f"{sum(len(derivation.steps) for derivation in DERIVATIONS.values())} lines in all")
