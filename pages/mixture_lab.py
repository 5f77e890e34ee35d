"""Mixture lab: a target built by hand, and all that each direction can answer to it."""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.ui import cache
from pages.ui.draw.flow_grid import COARSE
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.cards import draw_cards
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import component_table, controls
from pages.ui.state import target_state as drafts
from pages.ui.state import url as state
from pages.ui.state.target import LIMITS, checked_rows
from pages.ui.views.mixture_lab import takeaway
from pages.ui.views.mixture_lab import words as wording
from pages.ui.views.mixture_lab.stage import stage

PAGE = "pages/mixture_lab.py"
FREE, HELD = "free", "held"
STDS = {FREE: "fitted", HELD: "kept from its start"}

units = shell.open_page(PAGE)
state.restore(PAGE, (), {"std_of_q": controls.by_title(STDS)})
draft = drafts.restore()
answer = glossary("stationary point", units, "every Gaussian")
shell.heading("Mixture lab", f"Build a target p, and see {answer} that either direction can settle on.")
presets = drafts.examples()

with st.container(key="desk"):
    desk, easel = st.columns([2, 5], gap="medium")
with desk:
    st.caption(f"p, a {glossary('mixture', units)}: weights count by their ratios")
    draft = replace(draft, rows=component_table.edited("lab_table", draft.rows, LIMITS, checked_rows))
    held = controls.switch("Std of q", "std_of_q", STDS) == HELD
drafts.put(draft)
drafts.keep(draft)
state.remember(PAGE, [drafts.DRAFT, "std_of_q"])
with presets:
    state.undo_button(PAGE)

found = cache.lab_findings(draft.rows, draft.start, held)
with easel.container(key="easel"):
    stage(draft, found.answers)
draw_cards(found.forward, found.reverse, units)

st.markdown("##### All stationary points of D(q‖p)")
table, work = st.empty(), st.container()
table.markdown(wording.points_table(found, units, None))
st.markdown("##### What this means here")
for sentence in wording.meaning(found, units):
    st.markdown(sentence)

draw_takeaway(
    takeaway.python_code(draft, held),
    {"stationary points": partial(takeaway.stationary_table, found)},
    address="The address of this page holds p, the start of q and what is set here: copy it to share this state.",
)

# Last, as it takes longest: everything else is on the screen by now.
with work:
    try:
        basins = cache.basins_of(draft.rows, draft.start[1] if held else None, COARSE)
    except RuntimeError as unresolved:
        basins = None
        st.caption(f"Starts: no shares here, as {unresolved}.")
    if basins:
        table.markdown(wording.points_table(found, units, basins.shares.tolist()))
        st.caption(wording.starts(basins, units))
