"""What a person set: from the URL when the page opens, from memory when they come back to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.ui.state.callbacks import guarded
from pages.ui.state.controls import LONGEST_NOTE, Slider

LONGEST_NUMBER = 40  # characters
NOTES = "notes"  # what to say about the link, kept over the rerun that corrects it
SAID = "said"  # what this run has said of it
PAST = "past"  # page → the values before, oldest first
MOST_UNDONE = 50
MEMORY = "remembered"  # page → {key: value}; plain session state, so it outlives the widgets of a page


def begin() -> None:
    """Start a run: say what the run before it, which was cut short to correct the link, had to say."""
    st.session_state[SAID] = []
    if notes := st.session_state.pop(NOTES, []):
        say(notes)


def say(notes: Sequence[str]) -> None:
    """Say what of the link could not be used, and what is used instead."""
    st.session_state[SAID] += notes
    st.warning("From the link: " + "; ".join(notes) + ".")


def restore(page: str, sliders: Sequence[Slider], choices: dict[str, dict[str, object]]) -> None:
    """Give every control of the page its value before it is drawn, and say which values of the URL could not be used.

    The URL wins over memory, memory over the default. A number off its step or out of range is moved to the nearest one
    allowed; what is no number is replaced by the default. (Left to itself a bound widget would drop them in silence.)
    `choices` gives for each key its texts in the URL with their values, the default first.
    """
    remembered = st.session_state.setdefault(MEMORY, {}).get(page, {})
    readers = {slider.key: partial(_number, slider) for slider in sliders}
    readers |= {key: partial(_choice, key, options) for key, options in choices.items()}
    notes, corrected = [], False
    for slider in sliders:  # another page may have a wider control of the same name
        if slider.key in st.session_state:
            st.session_state[slider.key] = slider.nearest(st.session_state[slider.key])
    for key, read in readers.items():
        if key in st.session_state:
            continue
        if texts := st.query_params.get_all(key):
            st.session_state[key], text, note = read(texts[-1])
            notes += note
            if texts != [text]:
                st.query_params[key], corrected = text, True
        elif key in remembered:
            st.session_state[key] = remembered[key]
    if corrected:
        # Once more, with an address that says what the page shows: a widget keeps only what it finds valid there.
        st.session_state[NOTES] = st.session_state[SAID] + notes
        st.rerun()
    if notes:
        say(notes)


def restore_text(page: str, key: str, default: str, longest: int) -> None:
    """The same for a text: it is taken as it is, cut to the `longest` that is accepted."""
    if key not in st.session_state:
        remembered = st.session_state.setdefault(MEMORY, {}).get(page, {})
        text = st.query_params.get(key, remembered.get(key, default))
        st.session_state[key] = text[:longest]
        if len(text) > longest:
            say([f"{key} is longer than {longest} characters, so the first {longest} are used"])


def restore_notes(page: str, keys: Sequence[str]) -> None:
    """The same for short texts that put themselves into the URL."""
    remembered = st.session_state.setdefault(MEMORY, {}).get(page, {})
    for key in keys:
        if key not in st.session_state and len(st.query_params.get(key, "")) > LONGEST_NOTE:
            del st.query_params[key]
            say([f"{key} is longer than {LONGEST_NOTE} characters, so it is left empty"])
        if key in remembered and key not in st.session_state and key not in st.query_params:
            st.session_state[key] = remembered[key]


def restore_step(page: str, key: str, last: int) -> int:
    """How far a page of steps is shown, 1 to `last`; each keeps its own, and the URL's is that of the first shown."""
    if st.session_state.setdefault(f"{key} of", page) != page:
        st.session_state[f"{key} of"] = page
        st.session_state[key] = st.session_state[MEMORY].get(page, {}).get(key, 1)
    restore(page, (Slider(key, "", 1, last, 1, 1, ""),), {})
    return int(st.session_state.setdefault(key, 1))


def keep_step(page: str, key: str) -> None:
    """Put the step into the URL, unless it is the first, and keep it for when the person comes back."""
    shown = int(st.session_state[key])
    st.session_state[MEMORY].setdefault(page, {})[key] = shown
    if shown > 1:
        st.query_params[key] = str(shown)
    elif key in st.query_params:
        del st.query_params[key]


def keep_text(page: str, key: str, default: str) -> None:
    """Put a text into the URL (unless it is the default) and keep it for when the person comes back."""
    st.session_state[MEMORY][page] = {key: st.session_state[key]}
    show_text(key, default)


def show_text(key: str, default: str) -> None:
    """Put a text into the URL, unless it is the default."""
    text = st.session_state[key]
    if text != default:
        st.query_params[key] = text
    elif key in st.query_params:
        del st.query_params[key]


def remember(page: str, keys: Sequence[str]) -> None:
    """Keep the page's values for when the person comes back, and those before them for `undo`."""
    values, memory = {key: st.session_state[key] for key in keys}, st.session_state[MEMORY]
    if page in memory and memory[page] != values:
        past = st.session_state.setdefault(PAST, {}).setdefault(page, [])
        past.append(memory[page])
        del past[:-MOST_UNDONE]
    memory[page] = values


def undo_button(page: str, label: str = "Undo", name: str = "undo") -> None:
    """A button that takes back the last change of the page's controls; to be drawn after `remember`."""
    st.button(label, on_click=_undo, args=(page,), disabled=not can_undo(page), key=f"{name}_{page}")


def can_undo(page: str) -> bool:
    """Whether there is a change of the page's controls to take back."""
    return _is_changed(page) or bool(st.session_state.get(PAST, {}).get(page))


def _is_changed(page: str) -> bool:
    """Whether a control has a value that is not remembered yet: that of a run which did not come so far."""
    kept = st.session_state.get(MEMORY, {}).get(page, {})
    return any(st.session_state.get(key, value) != value for key, value in kept.items())


@guarded
def _undo(page: str) -> None:
    memory = st.session_state[MEMORY]
    values = memory[page] if _is_changed(page) else st.session_state[PAST][page].pop()
    st.session_state.update(values)
    memory[page] = values


def _number(slider: Slider, text: str) -> tuple[float, str, list[str]]:
    """The value that a text of the URL stands for, its own text, and what there is to say about it."""
    allowed = f"{slider.low:g} to {slider.high:g}"
    try:
        number = float(text) if len(text) < LONGEST_NUMBER else math.nan
    except ValueError:
        number = math.nan
    if math.isnan(number):
        value, note = slider.default, f"{slider.key} is no number from {allowed}, so {slider.default:g} is used"
    else:
        value = slider.nearest(number)
        outside = not slider.low <= number <= slider.high
        note = f"{slider.key} must be {allowed}, so {value:g} is used" if outside else ""
    return value, text if value == number and not text.startswith("-0") else f"{value + 0.0:g}", [note] if note else []


def _choice(key: str, options: dict[str, object], text: str) -> tuple[object, str, list[str]]:
    """The same for a choice, by the text that its widget writes into the URL or by its value."""
    for shown, value in options.items():
        if text in (shown, value):
            return value, shown, []
    first = next(iter(options))
    return options[first], first, [f"{key} must be one of {', '.join(options)}, so {first} is used"]
