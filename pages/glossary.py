"""Glossary: every term with its defining formula, found by a word, by the index, or by its section."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.thread import draw_thread
from pages.ui.state import session
from pages.ui.views.glossary import words
from pages.ui.views.glossary.question import FIND, matching

units = shell.open_page("pages/glossary.py")
session.restore(FIND)
opening = shell.heading("Glossary")
with st.container(key="find"):
    text = FIND.draw()
session.keep()

found = matching(text)
terms = [term for section in found.values() for term in section]
shell.say_opening(opening, words.lead(terms, text, units))
with st.container(key="index"):
    st.markdown(words.index(terms))

# Side by side, each section in the column that is the shorter so far.
columns, heights = st.columns(2, gap="large"), [0, 0]
for section, entries in found.items():
    shorter = heights.index(min(heights))
    heights[shorter] += len(entries)
    with columns[shorter]:
        st.header(section, anchor=False, divider="gray")
        for term in entries:
            st.subheader(term.name, anchor=term.anchor)
            st.markdown(f"{term.meaning}\n\n$\\displaystyle {term.formula}$")
draw_thread("pages/glossary.py", units)
