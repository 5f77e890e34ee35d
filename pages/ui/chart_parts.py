"""What the charts of several views share: the scales of the roles, and the finished spec."""

from __future__ import annotations

import altair as alt

from pages.ui.theme import READABLE, ROLES

CHANNELS = {"fill": alt.Fill, "stroke": alt.Stroke, "color": alt.Color}


def roles(*channels: str, named: tuple[str, ...] = ()) -> alt.Chart:
    """A layer that draws nothing and carries the scales of the roles on these channels; a legend of those `named`."""
    style = {"orient": "top", "offset": 4, "title": None, "values": list(named)}
    legend = alt.Legend(labelExpr="split(datum.label, ' ')[0]", **style) if named else None
    names = alt.Chart(alt.Data(values=[{"role": role} for role in ROLES])).transform_filter("false").mark_square()
    scale = alt.Scale(domain=ROLES)
    return names.encode(**{channel: CHANNELS[channel]("role:N", scale=scale, legend=legend) for channel in channels})


def finished(chart: alt.LayerChart, height: int, keep: str | None = None) -> dict:
    """The spec without data; `keep` names a dataset that only a signal reads (Vega drops it where no layer does)."""
    if keep:
        chart = alt.layer(chart, alt.Chart(alt.NamedData(keep)).transform_filter("false").mark_point())
    spec = chart.properties(width="container", height=height).to_dict(validate=False)
    spec["config"] = READABLE
    spec.pop("datasets", None)
    return spec
