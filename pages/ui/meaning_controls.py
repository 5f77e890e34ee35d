"""What each symbol of a formula means: a guess from its name, to be changed by the person."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st


def draw_meanings(guesses: tuple) -> tuple:
    """Two choices for each symbol: which quantity, and whose. The meanings as chosen."""
    from kl_engine.symbolic.meanings import Owner, Quantity

    chosen = []
    with st.container(horizontal=True):
        for guess in guesses:
            with st.container(width=230, gap="xxsmall"):
                quantity = _choice(f"`{guess.name}` is the", f"quantity_{guess.name}", Quantity, guess.quantity)
                owner = _choice("of", f"owner_{guess.name}", Owner, guess.owner)
            chosen.append(replace(guess, quantity=quantity, owner=owner))
    return tuple(chosen)


def _choice(label: str, key: str, options, guess):
    names = [str(option) for option in options]
    return options(st.selectbox(label, names, index=names.index(str(guess)), key=key, bind="query-params"))
