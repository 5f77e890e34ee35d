"""What is asked of a closed form: settings of its symbols, one to differentiate by, and numbers to put in."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from pages.ui.cache.derive import Pairs
from pages.ui.state import controls
from pages.ui.state import url as state

NOTHING = "nothing"


class Asked(NamedTuple):
    """Settings by symbol, the symbol to differentiate by (None for none), and numbers by symbol; all as typed."""

    settings: Pairs
    by: str | None
    numbers: Pairs


def draw_symbols(memory: str, form) -> Asked:
    """The controls, for a `Form`; `memory` is the name under which they are kept."""
    from kl_engine.symbolic.formulas.symbol_names import spoken

    names = [symbol.name for symbol in form.parameters]
    allowed = {symbol.name: form.domain(symbol).words.capitalize() for symbol in form.parameters}
    state.restore_notes(memory, [f"{use}_{name}" for use in ("set", "at") for name in names])
    with st.container(horizontal=True):
        settings = _typed([(name, spoken(name), f"set_{name}", "free") for name in names], allowed)
    st.caption("A number (2, 0.5, 1/3), or another symbol of the same kind; empty leaves the symbol free.")
    free = _left_free(form, dict(settings))
    options = {NOTHING: NOTHING, **{name: spoken(name) for name in free}}
    state.restore(memory, (), {"by": controls.by_title(options)})
    if st.session_state.get("by", NOTHING) not in options:  # a setting has just removed it
        st.session_state["by"] = NOTHING
    with st.container(horizontal=True):
        by = controls.pick("Differentiate and solve by", "by", options)
        numbers = _typed([(name, f"{spoken(name)} =", f"at_{name}", "number") for name in free], allowed)
    drawn = [f"set_{name}" for name in names] + ["by"] + [f"at_{name}" for name in free]
    state.remember(memory, drawn)
    return Asked(settings, None if by == NOTHING else by, numbers)


def _typed(notes: list[tuple[str, str, str, str]], allowed: dict[str, str]) -> Pairs:
    """What is typed for each symbol, where anything is."""
    texts = [
        (name, controls.note(label, key, placeholder, f"{allowed[name]}.")) for name, label, key, placeholder in notes
    ]
    return tuple((name, text) for name, text in texts if text)


def _left_free(form, settings: dict[str, str]) -> list[str]:
    """The symbols that the settings leave; where those are refused, the ones without a setting."""
    from kl_engine.symbolic.explore.explore import fix

    try:
        return [symbol.name for symbol in fix(form, settings).parameters]
    except ValueError:
        return [symbol.name for symbol in form.parameters if symbol.name not in settings]
