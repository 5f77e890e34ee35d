"""The stages of a target and its fits: dragged in the browser, which reports when a hand lets go.

A stage stands before the engine is there: the browser draws p and both fits from numbers of its own. `answer` then
brings those of the engine, which take their place; the two find one another by their token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.draw.component import SHARED, component
from pages.ui.state.callbacks import guarded
from pages.ui.state.fields import Toggle

HERE = Path(__file__).parent
PARTS = ("scales", "theme", "svg", "editing", "mount", "bell_curves", "three_digits", "transport")
SCRIPTS = ("mixture_fits", "draws", "density_stage", "meeting", "target_stage")
INTEGRANDS = Toggle("integrands", "Integrands as areas")  # in place of the draws; set on the stage itself


@dataclass(frozen=True)
class FitsStage:
    """One kind of stage: its key in the session, and the folder of its `stage.html`, `stage.js` and `stage.css`."""

    key: str
    folder: Path

    def draw(self, data: Mapping[str, object], take: Callable[[], None]) -> None:
        """Show the target; `take` is called when something on it has been changed.

        `data`: token, state (all that is set, by name), limits, integrands, units, scale (nats in a unit), and what
        this kind of stage has beside them.
        """
        with st.container(key="fits_place"):
            sent = {**data, "seq": st.session_state.get(f"{self.key}_seq", 0)}
            _component(self)(key=self.key, data=sent, on_edit_change=guarded(take))

    def taken(self) -> dict:
        """What has been changed, by name, as the browser sent it: to be checked like anything typed."""
        sent = dict(st.session_state[self.key].edit)
        st.session_state[f"{self.key}_seq"] = int(sent["seq"])
        return dict(sent["changed"])


@cache
def _component(stage: FitsStage):
    own = [stage.folder / f"stage.{kind}" for kind in ("html", "css", "js")]
    scripts = (folder / f"{name}.js" for folder, names in ((SHARED, PARTS), (HERE, SCRIPTS)) for name in names)
    looks = (SHARED / "controls.css", HERE / "fits_stage.css")
    return component(stage.key, *looks, *scripts, *(file for file in own if file.exists()))


@cache
def _answer():
    return component("fits_answer", *(HERE / f"{name}.js" for name in ("meeting", "fits_answer")))


def answer(data: Mapping[str, object]) -> None:
    """Bring the engine's answer to the stage of the same token."""
    with st.container(key="unseen_answer"):
        _answer()(key="fits_answer", data=data)
