"""Free energy, side by side: a model, an observation, a belief; the formula, the plot, and where F comes from."""

import streamlit as st

from pages.ui.frame import shell
from pages.ui.glossary.links import glossary, shared
from pages.ui.say.exports import draw_takeaway
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.views.free_energy import takeaway, words
from pages.ui.views.free_energy.question import BELIEFS, VIEWS, Question
from pages.ui.views.free_energy.scene import answered
from pages.ui.views.free_energy.stage import draw_columns
from pages.ui.views.free_energy.stories import COIN, FINITE, LINE, LINKS, STORIES

PAGE = "pages/free_energy.py"

units = shell.open_page(PAGE)
titles = {key: story.title for key, story in STORIES.items()}
state.restore(PAGE, (), {"story": controls.by_title(titles), "view": controls.by_title(VIEWS)})
shell.heading(
    "Free energy",
    f"A model, an observation, a belief q: F is the {glossary('surprisal', units)} plus what q still misses of the "
    f"{glossary('posterior', units)}.",
)


def take_story() -> None:
    """Set every control as the chosen story has it."""
    controls.put(STORIES[st.session_state["story"]].settings())


with st.container(horizontal=True, vertical_alignment="bottom"):
    story_key = controls.switch("Model", "story", titles, take_story)
    story = STORIES[story_key]
    belief = st.container(width="content")
    undo = st.container(width="content")
outcomes = {str(x): name for x, name in enumerate(story.outcomes)}
choices = {"q_is": controls.by_title(BELIEFS)}
if story.family == LINE:
    choices["link"] = {name: name for name in (story.link, *LINKS)}
elif story.family == FINITE:
    choices["outcome"] = controls.by_title(outcomes)
state.restore(PAGE, story.sliders, choices)

if story.family == LINE:
    st.session_state.setdefault("link", story.link)
with belief:
    fitted = controls.switch("q", "q_is", BELIEFS) == "fitted"
bench = st.container(key="bench", gap="xsmall")
places = bench.columns([*(1.0 for _ in story.sliders), *([1.4] if story.family != COIN else [])], gap="small")
values = []
for slider, place in zip(story.sliders, places):
    with place:
        values.append(slider.draw())
with places[-1]:
    link = controls.switch("Link g(z)", "link", {name: name for name in LINKS}) if story.family == LINE else ""
    outcome = int(controls.switch("Seen", "outcome", outcomes)) if story.family == FINITE else 0
sliders = [slider.key for slider in story.sliders]
question = Question(story_key, tuple(values), link, outcome, fitted)
try:
    scene = answered(question)
except (ValueError, RuntimeError) as refusal:
    scene = None
    bench.error(words.refused(refusal, question))
if scene:
    with bench:
        draw_columns(scene, units)
state.remember(PAGE, [name for name in ("story", "view", *choices, *sliders) if name in st.session_state])
with undo:
    state.undo_button(PAGE)
if not scene:
    st.stop()

st.markdown("##### What this means here")
st.markdown("\n\n".join(words.meaning(scene, units)))
st.caption(f"Source: {story.source}")

left, right = st.container(key="below").columns([6, 5], gap="large")
left.markdown(f"##### The words, each with its number\n\n{words.vocabulary(scene.terms, units)}")
left.space("xsmall")
left.caption(words.SIGNS)
what, latex = takeaway.numbers_put_in(question)
with right:
    st.markdown("##### With the numbers put in")
    if latex:
        st.markdown(f"{what.capitalize()}, in nats, each number where its symbol stood:\n\n$$\n{latex}\n$$")
    else:
        st.markdown("Under a mixture prior the complexity has no closed form: it is integrated, with its error.")
    st.page_link(
        "pages/closed_forms.py",
        label="Every step of the proof",
        query_params={"lesson": "Free energy", **shared(units)},
    )

draw_takeaway(question.to_python(), takeaway.tables(scene), latex)
