"""Glossary: every term with its defining formula."""

import streamlit as st

from pages.ui import shell
from pages.ui.glossary import TERMS

shell.open_page("pages/glossary.py")
shell.heading(
    "Glossary", "p is the target, q the approximation; log is the natural logarithm, so divergences are in nats."
)
for term in TERMS:
    st.subheader(term.name, anchor=term.anchor)
    st.markdown(f"{term.meaning}\n\n$\\displaystyle {term.formula}$")
