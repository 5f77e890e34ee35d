"""What every chart's spec has in common: it is made once, has no data of its own, and its texts can be read.

This module knows no Streamlit.
"""

from __future__ import annotations

import altair as alt

from pages.ui.draw.theme import READABLE, ROLES

CHANNELS = {"fill": alt.Fill, "stroke": alt.Stroke, "color": alt.Color}


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
