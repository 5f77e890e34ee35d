"""Landscape: both divergences over every mean and std of q, side by side, and where the flow from a start ends."""

from functools import partial

import streamlit as st

from kl_engine import Direction, Gaussian
from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.cards import FORWARD_HEAD, REVERSE_HEAD
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls
from pages.ui.state import target_state as drafts
from pages.ui.state import url as state
from pages.ui.views.landscape import takeaway
from pages.ui.views.landscape import words as wording
from pages.ui.views.landscape.stage import maps

PAGE = "pages/landscape.py"
HIDDEN, DRAWN = "hidden", "drawn"
BASINS = {HIDDEN: "Basins hidden", DRAWN: "drawn"}

units = shell.open_page(PAGE)
state.restore(PAGE, (), {"basins": controls.by_title(BASINS)})
draft = drafts.restore()
link = glossary("natural-gradient flow", units, "flow")
shell.heading("Landscape", f"Each divergence over all q = N(μ, σ²), and where the {link} from a start ends.")
presets = drafts.examples()
drafts.keep(draft)
with presets:
    drawn = controls.switch("Basins", "basins", BASINS, named=False) == DRAWN
state.remember(PAGE, [drafts.DRAFT, "basins"])
with presets:
    state.undo_button(PAGE)

relief = cache.relief(draft.rows)
flows = cache.flows(draft.rows, draft.start)
try:
    basins = cache.basins_of(draft.rows, None, 1) if drawn else None
except RuntimeError as unresolved:
    basins = None
    st.warning(f"No basins here: {unresolved}.")
maps(draft, relief, flows, basins, units)
st.caption(wording.key(units, basins is not None))
for column, direction, head in zip(st.columns(2, gap="medium"), Direction, (FORWARD_HEAD, REVERSE_HEAD)):
    flow = flows[direction]
    end = Gaussian(float(flow.mean[-1]), float(flow.std[-1]))
    column.markdown(f"{head}\n\n{wording.course(draft.p, direction, draft.q, end, units)}")
    column.markdown(wording.answers(relief.points[direction], units))

draw_takeaway(
    takeaway.python_code(draft),
    {"both maps": partial(takeaway.maps_table, relief)},
    address="The address of this page holds p and the start of q: copy it to share this state.",
)
