"""What every chart has in common: its spec is made once, has no data of its own, and its texts can be read.

A `Picture` is such a spec with the data of one state, and the only way onto a page. This module knows no Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from kl_engine.estimates.checks import refuse
from pages.ui.draw.theme import READABLE, ROLES

CHANNELS = {"fill": alt.Fill, "stroke": alt.Stroke, "color": alt.Color}
SCALES = {"log": "log scale", "symlog": "log scale", "pow": "power scale", "sqrt": "square-root scale"}  # as titled
GROUNDED = {"stroke": "transparent"}  # of a text that stands on a coloured ground: it needs none of its own
LOOKED_UP = re.compile(r"\bdata\('(\w+)'\)")  # a dataset that an expression looks into


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart as a page draws it: a constant spec, the datasets that its layers read, and the text that stands for it.

    Raises ValueError unless `data` holds exactly the datasets that the layers of `spec` read, and every dataset that an
    expression looks into is one of them. Vega keeps no dataset that no layer reads. When such a one changes, the update
    of the whole chart fails in the browser, and the chart goes on showing the state before: a falsehood beside numbers
    that have moved on.

    Raises ValueError too where a scale is not linear and the title of its axis does not say so: equal lengths then
    stand for unequal differences, and who looks must be told.

    Raises ValueError too where a mark is drawn after a text of its chart: words come last, on the ground that the style
    of the app lays around their letters, so that no rule, curve or line of the grid runs through them.
    """

    spec: dict
    data: Mapping[str, pd.DataFrame]
    alt: str

    def __post_init__(self) -> None:
        read, looked_up = datasets_read(self.spec), set(LOOKED_UP.findall(str(self.spec)))
        if looked_up - read:
            raise refuse("spec", "a layer that reads each dataset an expression looks into", sorted(looked_up - read))
        if set(self.data) != read:
            raise refuse("data", f"the datasets that the spec reads, {sorted(read)}", sorted(self.data))
        if silent := unsaid(self.spec):
            raise refuse("spec", "a title that says of each scale what it is where it is not linear", silent)
        if over := drawn_over_words(self.spec):
            raise refuse("spec", "texts as the last layers, so that nothing is drawn over words", over)

    def draw(self, place, key: str | None = None):
        """Draw it in `place`, a container of the page or the page itself, as wide as that is.

        What is returned is the place of the picture itself: what is drawn there takes its place, without a blink.
        """
        filled = {**self.spec, "datasets": dict(self.data)}
        return place.vega_lite_chart(filled, alt=self.alt, width="stretch", key=key)


def datasets_read(spec: dict) -> set[str]:
    """The names of the datasets that come with each rerun and that a layer, or a lookup of one, reads."""
    return {part["name"] for part in _named("data", spec) if "name" in part and "values" not in part}


def unsaid(spec: dict) -> list[str]:
    """What no title of the spec says of its scales, by channel: those that are not linear, and are not called so."""
    encodings = list(_named("encoding", spec))
    silent = []
    for channel in sorted({channel for encoding in encodings for channel in encoding}):
        parts = [encoding[channel] for encoding in encodings if isinstance(encoding.get(channel), dict)]
        kinds = {part["scale"].get("type") for part in parts if isinstance(part.get("scale"), dict)}
        keys = [part[key] for part in parts for key in ("axis", "legend") if isinstance(part.get(key), dict)]
        titles = [f"{part['title']}" for part in (*parts, *keys) if "title" in part]
        words = {SCALES[kind] for kind in kinds if kind in SCALES}
        silent += [f"{channel}: {said}" for said in sorted(words) if not any(said in title for title in titles)]
    return silent


def drawn_over_words(spec: dict) -> list[str]:
    """The marks of the spec that are drawn after a text of it, and so over its words; what draws nothing is none."""
    kinds = [layer["mark"]["type"] for layer in _layers(spec) if {"filter": "false"} not in layer.get("transform", [])]
    return [kind for kind in kinds[kinds.index("text") :] if kind != "text"] if "text" in kinds else []


def _layers(spec: dict) -> Iterator[dict]:
    """The innermost layers of a spec that have a mark, in the order in which they are drawn."""
    for layer in spec.get("layer", ()):
        yield from _layers(layer)
    if "mark" in spec:
        yield spec


def _named(name: str, part: object) -> Iterator[dict]:
    """Every dictionary that the spec, or a part of it, has under this name."""
    if isinstance(part, list):
        for item in part:
            yield from _named(name, item)
    elif isinstance(part, dict):
        if isinstance(part.get(name), dict):
            yield part[name]
        for item in part.values():
            yield from _named(name, item)


def constant_spec(chart: alt.LayerChart, height: int) -> dict:
    """The spec of a layered chart as wide as its column; its datasets are named, and come with each rerun."""
    spec = chart.properties(width="container", height=height).to_dict(validate=False)
    spec["config"] = READABLE  # its parts are validated as they are made; a test validates the whole
    spec.pop("datasets", None)
    return _hushed(spec)


def _hushed(part: object) -> object:
    """The spec with its marks hidden from screen readers: `alt` and the text beside a chart say what it shows."""
    if isinstance(part, list):
        return [_hushed(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {name: _hushed(value) for name, value in part.items()}
    if "mark" in part:
        mark = part["mark"]
        part["mark"] = {**(mark if isinstance(mark, dict) else {"type": mark}), "aria": False}
    return part


def kept(dataset: str) -> alt.Chart:
    """A layer that draws nothing: Vega keeps a dataset only where a layer reads it."""
    return alt.Chart(alt.NamedData(dataset)).transform_filter("false").mark_point()


def roles(*channels: str, named: tuple[str, ...] = ()) -> alt.Chart:
    """A layer that draws nothing and carries the scales of the roles on these channels; a legend of those `named`."""
    style = {"orient": "top", "offset": 4, "title": None, "values": list(named)}
    legend = alt.Legend(labelExpr="split(datum.label, ' ')[0]", **style) if named else None
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).transform_filter("false")
    scale = alt.Scale(domain=ROLES)
    return names.mark_square().encode(
        **{channel: CHANNELS[channel]("role:N", scale=scale, legend=legend) for channel in channels}
    )
