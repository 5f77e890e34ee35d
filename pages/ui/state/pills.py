"""The presets of a page as a row of pills, the one that is set filled, with room for Undo at their right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.state import session
from pages.ui.state.callbacks import guarded
from pages.ui.state.fields import Choice, Field

KEY = "preset"  # of no field: what is set says which preset it is

Presets = Mapping[str, Mapping[str, object]]


def preset_row(presets: Presets, label: str = "Examples", others: Sequence[Field] = ()) -> DeltaGenerator:
    """One pill for each preset (a name, and the fields that it sets, by key); to be drawn once they are restored.

    What is drawn later in the container that is returned stands at their right. A pill that is pressed again stays.
    Raises ValueError for a preset that names no field of the page, or a value that its field would move; a preset that
    changes what the page shows may name fields of that, the `others`.
    """
    for name, values in presets.items():
        if not session.can_be_put(dict(values), others):
            raise ValueError(f"presets: expected fields of this page and values they allow, got {name}: {values}")
    row, place = pill_row()
    st.session_state[KEY] = active(presets)
    with place:
        choose = _taker(presets)
        st.pills(label, list(presets), key=KEY, on_change=guarded(choose), label_visibility="collapsed")
    return row


def choice_row(choice: Choice, changed: Callable[[], None] | None = None) -> DeltaGenerator:
    """The same row of a choice that is what the page is about: its model, its data, its world."""
    row, place = pill_row()
    with place:
        choice.draw_pills(changed)
    return row


def pill_row() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The row, and in it the place of the pills."""
    row = st.container(horizontal=True, gap="small", vertical_alignment="center", key="presets")
    return row, row.container(key="pills", width="content")


def active(presets: Presets) -> str | None:
    """The preset that everything set now is, if any."""
    state = st.session_state
    return next(
        (name for name, values in presets.items() if all(state.get(key) == value for key, value in values.items())),
        None,
    )


def _taker(presets: Presets) -> Callable[[], None]:
    def choose() -> None:
        chosen = st.session_state[KEY]
        if chosen is not None:
            session.put(dict(presets[chosen]))

    return choose
