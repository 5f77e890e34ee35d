"""The pictures of the view: specs made once, one frame a turn, played in the browser. No Streamlit."""

from __future__ import annotations

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from pages.ui.draw import frames
from pages.ui.draw.frames import framed, one_datum
from pages.ui.draw.specs import GROUNDED, Picture
from pages.ui.draw.theme import GRAY
from pages.ui.say.numbers import brief
from pages.ui.views.plan_ahead.scene import Scene, belief_at, planned_places
from pages.ui.views.plan_ahead.words import told

MAP_HEIGHT, BARS_HEIGHT = 270, 150
TEAL = "#0891b2"  # of the belief: the colour of an exact posterior, readable on either ground
DEEPEST = 0.6
SPACE = 0.06  # between places
EMPTY = {"row": 0, "column": 0, "said": ""}
MAP_ALT = "The places of the world: the belief as a shade, the path so far as a line, the best plan as a dashed one."
BARS_ALT = "The probability of each action as the next step, over all plans."


@cache
def map_spec(turns: int) -> dict:
    """Datasets: `path` (frame, row, column, said), `places` (frame, row, column, depth, label, share), `plan`."""
    scale = alt.Scale(padding=SPACE)
    x, y = alt.X("column:O", axis=None, scale=scale), alt.Y("row:O", axis=None, scale=scale)
    places = alt.Chart(alt.NamedData("places")).transform_filter("datum.frame == frame")
    ground = places.mark_rect(fillOpacity=0, stroke="currentColor", strokeOpacity=0.45)
    depth = alt.FillOpacity("depth:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None)
    shade = places.mark_rect(fill=TEAL, cornerRadius=2).encode(x, y, depth)
    # In the corners of a place, as the dot and the lines pass its middle.
    left, upper, lower = (alt.X("column:O", axis=None, scale=scale, bandPosition=0), *_edges(scale))
    style = {"align": "left", "dx": 8, "color": "currentColor", **GROUNDED}
    label = places.mark_text(baseline="top", dy=7, fontSize=13, **style).encode(left, upper, text="label:N")
    share = places.mark_text(baseline="bottom", dy=-6, fontSize=12, **style).encode(left, lower, text="share:N")
    plan = alt.Chart(alt.NamedData("plan")).transform_filter("datum.frame == frame")
    ahead = plan.mark_line(color="currentColor", strokeDash=[4, 4], strokeWidth=1.5, opacity=0.8)
    way = alt.Chart(alt.NamedData("path")).transform_filter("datum.frame <= frame")
    gone = way.mark_line(color=GRAY, strokeWidth=4, opacity=0.9, strokeJoin="round")
    here = one_datum().transform_calculate(row="now.row", column="now.column")
    dot = here.mark_point(filled=True, size=230, color="#f59e0b", opacity=1, stroke="currentColor", strokeWidth=1.5)
    layers = [ground.encode(x, y), shade, gone.encode(x, y, order="frame:Q"), ahead.encode(x, y, order="step:Q")]
    return framed(alt.layer(*layers, dot.encode(x, y), label, share), MAP_HEIGHT, turns + 1, EMPTY)


def _edges(scale: alt.Scale) -> tuple[alt.Y, alt.Y]:
    """The upper and the lower edge of a place."""
    return tuple(alt.Y("row:O", axis=None, scale=scale, bandPosition=at) for at in (0, 1))


@cache
def bars_spec(turns: int, actions: tuple[str, ...]) -> dict:
    """Datasets: `path` (frame, said), `steps` (frame, action, probability, text, taken)."""
    steps = alt.Chart(alt.NamedData("steps")).transform_filter("datum.frame == frame")
    x = alt.X("action:N", sort=list(actions), title=None, axis=alt.Axis(labelAngle=0))
    ticks = alt.Axis(values=[0, 0.5, 1], minExtent=36)
    y = alt.Y("probability:Q", title="next step", scale=alt.Scale(domain=[0, 1.3], nice=False), axis=ticks)
    layers = []
    for taken, opacity in (("true", 0.85), ("false", 0.4)):
        chosen = steps.transform_filter(f"datum.taken == {taken}")
        layers.append(chosen.mark_bar(color=TEAL, fillOpacity=opacity, stroke=TEAL).encode(x, y))
    layers.append(steps.mark_text(dy=-8, color="currentColor").encode(x, y, text="text:N"))
    here = one_datum().transform_calculate(text="now.said")
    said = here.mark_text(align="left", baseline="top", fontSize=13, fontWeight=600, color="currentColor")
    layers.append(said.encode(x=alt.value(4), y=alt.value(0), text="text:N"))
    return framed(alt.layer(*layers), BARS_HEIGHT, turns + 1, EMPTY)


def pictures(scene: Scene) -> tuple[Picture, Picture]:
    """The map, and below it the next step."""
    count, drawn = len(scene.turns), scene.question.drawn
    cells = np.array([drawn.places[drawn.place_of[state]] for state in scene.states])
    said = [told(scene, frame) for frame in range(count + 1)]
    path = frames.path_data(count + 1, {"row": cells[:, 0], "column": cells[:, 1], "said": said})
    world = Picture(map_spec(count), {"path": path, "places": _places(scene), "plan": _plan(scene)}, MAP_ALT)
    return world, Picture(bars_spec(count, drawn.actions), {"path": path, "steps": steps_table(scene)}, BARS_ALT)


def _places(scene: Scene) -> pd.DataFrame:
    """Each place at each frame, with the belief that shades it."""
    drawn, rows = scene.question.drawn, []
    for frame in range(len(scene.turns) + 1):
        belief = belief_at(scene, frame).probs
        for (row, column), states, label in zip(drawn.places, drawn.shaded, drawn.labels):
            share = float(belief[list(states)].sum())
            shown = brief(share) if states and share > 5e-4 else ""
            rows.append((frame, row, column, DEEPEST * share, label, shown))
    return pd.DataFrame(rows, columns=["frame", "row", "column", "depth", "label", "share"])


def _plan(scene: Scene) -> pd.DataFrame:
    """The places of the best plan of each turn; none at the last frame."""
    places, rows = scene.question.drawn.places, []
    for frame, turn in enumerate(scene.turns):
        rows += [(frame, step, *places[place]) for step, place in enumerate(planned_places(scene, turn))]
    return pd.DataFrame(rows, columns=["frame", "step", "row", "column"])


def steps_table(scene: Scene) -> pd.DataFrame:
    """The probability of each action as the next step, at each turn."""
    rows = [
        (frame, action, share, brief(share), k == turn.action)
        for frame, turn in enumerate(scene.turns)
        for k, (action, share) in enumerate(zip(scene.question.drawn.actions, turn.actions.probs.tolist()))
    ]
    return pd.DataFrame(rows, columns=["frame", "action", "probability", "text", "taken"])
