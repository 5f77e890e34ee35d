"""Mixture lab: a target built by hand, or one family, and all that each direction can answer to it."""

import streamlit as st

import kl_engine  # noqa: F401  # whole, before its parts
from pages.ui.draw.fits.thumbnails import draw_thumbnails
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.state import law as named
from pages.ui.state import session
from pages.ui.state.law import FAMILY, LAW, MIXTURE, P_IS, Law, draw_shapes
from pages.ui.state.mixture import EXAMPLES, Mixture, P, Q
from pages.ui.state.pills import preset_row
from pages.ui.state.two_modes import Start
from pages.ui.views.mixture_lab import question as mixture
from pages.ui.views.mixture_lab.family import question as family
from pages.ui.views.mixture_lab.question import HELD, STD_OF_Q

units = shell.open_page("pages/mixture_lab.py")
session.restore(P_IS)
other = P_IS.value == FAMILY
session.restore(*(family if other else mixture).FIELDS)
answer = glossary("stationary point", units, "every Gaussian")
opening = shell.heading("Mixture lab", f"Draw a target p, or name one. See {answer} in which a fit can come to rest.")
mixtures = {name: {P_IS.key: MIXTURE, P.key: p.rows, Q.key: (q.mean, q.std)} for name, (p, q) in EXAMPLES.items()}
examples = named.EXAMPLES if other else named.FIRST
families = {name: {P_IS.key: FAMILY, LAW.key: law, Q.key: Q.default} for name, law in examples.items()}
presets = preset_row(families if other else mixtures | families, others=(P, LAW))
if not other:  # those that a law names have no picture
    draw_thumbnails([(p.rows, (q.mean, q.std)) for p, q in EXAMPLES.values()])

with st.container(key="desk"):
    desk, easel = st.columns([2, 5], gap="medium")
with desk.container(key="tools"):
    P_IS.draw(named=False)
    if other:
        target = Law(LAW.draw())
        draw_shapes(target)
    else:
        st.caption(f"p is a {glossary('mixture', units)}; its weights are scaled to sum to 1.")
        target = Mixture(P.draw())
    asked = family.Question if other else mixture.Question
    question = session.ask(asked(target, Start(*Q.value), STD_OF_Q.draw() == HELD))
undo = presets.container(width="content")
session.keep()
with undo:
    session.undo_button()
if not other:
    with easel.container(key="easel"):
        mixture.STAGE.draw(mixture.pictured(question, units), mixture.take)
    shell.let_it_paint()

# Imported only here: a browser draws the stage of a mixture while the server reads the engine.
if other:
    from pages.ui.views.mixture_lab.family.stage import draw_family

    draw_family(opening, easel.container(key="easel"), question, units)
else:
    from pages.ui.views.mixture_lab.stage import draw_lab

    draw_lab(opening, question, units)
