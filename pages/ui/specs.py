"""What every chart's spec has in common: it is made once, has no data of its own, and its texts can be read.

This module knows no Streamlit.
"""

from __future__ import annotations

import altair as alt

from pages.ui.theme import READABLE


def constant_spec(chart: alt.LayerChart, height: int) -> dict:
    """The spec of a layered chart as wide as its column; its datasets are named, and come with each rerun."""
    spec = chart.properties(width="container", height=height).to_dict(validate=False)
    spec["config"] = READABLE  # its parts are validated as they are made; a test validates the whole
    spec.pop("datasets", None)
    return spec


def kept(dataset: str) -> alt.Chart:
    """A layer that draws nothing: Vega keeps a dataset only where a layer reads it."""
    return alt.Chart(alt.NamedData(dataset)).transform_filter("false").mark_point(aria=False)
