"""Glossary: every term with its defining formula."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.frame.thread import draw_thread
from pages.ui.glossary import SECTIONS
from pages.ui.state import session

units = shell.open_page("pages/glossary.py")
session.keep()  # the units are all that is set here
shell.heading(
    "Glossary", "p is the target, q the approximation; log is the natural logarithm, so divergences are in nats."
)
for section, terms in SECTIONS.items():
    st.header(section, anchor=False, divider="gray")
    for term in terms:
        st.subheader(term.name, anchor=term.anchor)
        st.markdown(f"{term.meaning}\n\n$\\displaystyle {term.formula}$")
draw_thread("pages/glossary.py", units)
