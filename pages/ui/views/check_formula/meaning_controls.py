"""What each symbol of a formula means: a guess from its name, to be changed by the person."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

import streamlit as st

from pages.ui.state import url as state


def draw_meanings(page: str, text: str, guesses: tuple) -> tuple:
    """Two choices for each symbol: which quantity, and whose. The meanings as chosen, for this very text."""
    from kl_engine.symbolic.formulas.symbol_names import spoken
    from kl_engine.symbolic.recognise.meanings import Owner, Quantity

    # A choice belongs to one formula: in the next one the same letter may mean another thing.
    mark = f"{crc32(text.encode()):08x}"
    chosen = []
    with st.container(horizontal=True):
        for guess in guesses:
            with st.container(width=230, gap="xxsmall"):
                quantity = _choice(
                    page, f"`{spoken(guess.name)}` is the", f"quantity_{guess.name}_{mark}", Quantity, guess.quantity
                )
                owner = _choice(page, "of", f"owner_{guess.name}_{mark}", Owner, guess.owner)
            chosen.append(replace(guess, quantity=quantity, owner=owner))
    return tuple(chosen)


def _choice(page: str, label: str, key: str, options, guess):
    names = [str(option) for option in options]
    state.restore(page, (), {key: {name: name for name in (str(guess), *names)}})
    return options(st.selectbox(label, names, index=names.index(str(guess)), key=key, bind="query-params"))
