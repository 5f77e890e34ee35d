"""A small picture of its target and of both fits in each pill of a row of presets, drawn in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.draw.component import SHARED, component
from pages.ui.state.components import Rows

Preset = tuple[Rows, tuple[float, float] | None]  # components (weight, mean, std), and where q starts, if anywhere

HERE = Path(__file__).parent
SCRIPTS = (SHARED / "bell_curves.js", HERE / "mixture_fits.js", HERE / "thumbnails.js")


@cache
def _component():
    return component("thumbnails", *SCRIPTS)


def two_modes(presets: Mapping[str, Mapping[str, float]], started: bool = False) -> list[Preset]:
    """The presets of a target of two modes, which are told by its sliders; `started` says whether q has a start."""
    found = []
    for values in presets.values():
        half, weight = values["separation"] / 2, values["weight"]
        rows = ((weight, half, values["right"]), (1 - weight, -half, values["left"]))
        found.append((rows, (values["mean"], values["std"]) if started else None))
    return found


def draw_thumbnails(presets: Sequence[Preset]) -> None:
    """A picture for each pill of `pages.ui.state.pills.preset_row`, in its order.

    The reverse fit drawn is the one to which the start leads; without a start, the best.
    """
    with st.container(key="unseen_thumbnails"):
        _component()(key="thumbnails", data={"presets": [{"parts": rows, "start": start} for rows, start in presets]})
