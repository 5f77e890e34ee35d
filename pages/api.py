"""API: every public name of the engine, from its docstring, with an example that runs."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.frame import shell
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.frame.thread import draw_thread
from pages.ui.state import session
from pages.ui.views.api import words
from pages.ui.views.api.question import FIELDS, FIND, SPACE, Question
from pages.ui.views.api.scene import answered

units = shell.open_page("pages/api.py")
session.restore(*FIELDS)
opening = shell.heading("API", "`import kl_engine as kl`: every public name, what it computes, and an example to run.")
controls = st.container(horizontal=True, gap="small", vertical_alignment="bottom")
with controls:
    question = session.ask(Question(SPACE.pick(), FIND.draw()))
session.keep()
with controls:
    session.undo_button()
scene = answered(question)
shell.say_opening(opening, [words.headline(scene)])
for entry in scene.shown:
    st.markdown(f"##### `{entry.full_name}`")
    if entry.signature:
        st.code(f"{entry.name}{entry.signature}", language=None, wrap_lines=True)
    for paragraph in (entry.summary, *entry.rest):
        st.markdown(words.said(paragraph))
    if entry.methods:
        st.markdown(words.methods(entry))
    if entry.example:
        st.markdown(f"```pycon\n{entry.example}\n```")
if scene.named:
    st.markdown(words.named(scene))
if scene.shown:
    draw_takeaway(question.to_python(), {})
draw_thread("pages/api.py", units)
