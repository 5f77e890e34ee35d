"""What a person set: from the URL when the page opens, from memory when they come back to it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from pages.ui.controls import Slider

MEMORY = "remembered"  # page → {key: value}; plain session state, so it outlives the widgets of a page


def restore(page: str, sliders: Sequence[Slider], choices: dict[str, dict[str, object]]) -> None:
    """Give every control of the page its value before it is drawn, and say which values of the URL could not be used.

    The URL wins over memory, memory over the default. A number off its step or out of range is moved to the nearest one
    allowed; what is no number is replaced by the default. (Left to itself a bound widget would drop them in silence.)
    `choices` gives for each key its texts in the URL with their values, the default first.
    """
    remembered = st.session_state.setdefault(MEMORY, {}).get(page, {})
    notes = []
    for slider in sliders:
        if slider.key not in st.session_state:
            value, note = _number(slider, remembered.get(slider.key, slider.default))
            st.session_state[slider.key] = value
            notes += note
    for key, options in choices.items():
        if key not in st.session_state:
            value, note = _choice(key, options, remembered.get(key, next(iter(options.values()))))
            st.session_state[key] = value
            notes += note
    if notes:
        st.warning("From the link: " + "; ".join(notes) + ".")


def remember(page: str, keys: Sequence[str]) -> None:
    """Keep the page's values for when the person comes back."""
    st.session_state[MEMORY][page] = {key: st.session_state[key] for key in keys}


def _number(slider: Slider, fallback: float) -> tuple[float, list[str]]:
    texts = st.query_params.get_all(slider.key)
    if not texts:
        return fallback, []
    allowed = f"{slider.low:g} to {slider.high:g}"
    try:
        number = float(texts[-1]) if len(texts[-1]) < 40 else math.nan
    except ValueError:
        number = math.nan
    if math.isnan(number):
        return slider.default, [f"{slider.key} is no number from {allowed}, so {slider.default:g} is used"]
    value = slider.nearest(number)
    moved = abs(value - number) > slider.step * 0.51
    return value, [f"{slider.key} must be {allowed}, so {value:g} is used"] if moved else []


def _choice(key: str, options: dict[str, object], fallback: object) -> tuple[object, list[str]]:
    texts = st.query_params.get_all(key)
    if not texts:
        return fallback, []
    if texts[-1] in options:
        return options[texts[-1]], []
    first = next(iter(options))
    return options[first], [f"{key} must be one of {', '.join(options)}, so {first} is used"]
