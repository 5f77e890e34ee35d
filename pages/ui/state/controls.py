"""Controls as data: each is one entry, drawn, bound to the URL and checked in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.state.callbacks import guarded

LONGEST_NOTE = 30  # characters


@dataclass(frozen=True)
class Slider:
    """A number that a person sets; `key` is also its name in the URL."""

    key: str
    label: str
    low: float
    high: float
    step: float
    default: float
    help: str

    @property
    def decimals(self) -> int:
        """The decimals of a step."""
        return max(0, -math.floor(math.log10(self.step)))

    @property
    def hint(self) -> str:
        """What it is, and the range that is allowed."""
        return f"{self.help} From {self.low:g} to {self.high:g}."

    def nearest(self, value: float) -> float:
        """`value` moved to the range and to the nearest step."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return round(self.low + steps * self.step, self.decimals)

    def draw(self, disabled: bool = False) -> float:
        """The slider on the page; its value. `state.restore` has put a valid one under its key."""
        return st.slider(
            self.label,
            self.low,
            self.high,
            self.default,
            self.step,
            format=f"%.{self.decimals}f",
            key=self.key,
            help=self.hint,
            disabled=disabled,
            bind="query-params",
        )


class Stepper(Slider):
    """A whole number with a step up and a step down."""

    def draw(self, disabled: bool = False) -> float:
        """The field on the page; its value."""
        return st.number_input(
            self.label,
            self.low,
            self.high,
            self.default,
            self.step,
            format="%.0f",
            key=self.key,
            help=self.hint,
            disabled=disabled,
            bind="query-params",
        )


def by_title(titles: Mapping[str, str]) -> dict[str, str]:
    """Title → key, for `state.restore`: a bound choice writes its title into the URL."""
    return {title: key for key, title in titles.items()}


def pick(label: str, key: str, titles: Mapping[str, str]) -> str:
    """A choice among many, by key; `titles` says how each is called, the default first."""
    return st.selectbox(label, list(titles), format_func=titles.get, key=key, bind="query-params")


def switch(
    label: str, key: str, titles: Mapping[str, str], changed: Callable[[], None] | None = None, named: bool = True
) -> str:
    """A choice among a few, all of them in sight.

    `changed` is called when a person takes another; the label is seen only if `named`.
    """
    first = next(iter(titles))
    return st.segmented_control(
        label,
        list(titles),
        format_func=titles.get,
        key=key,
        required=True,
        default=first,
        on_change=changed and guarded(changed),
        label_visibility="visible" if named else "collapsed",
        bind="query-params",
    )


def note(label: str, key: str, placeholder: str, allowed: str) -> str:
    """A short text, such as a number; empty when nothing is typed. `allowed` is said on hover."""
    with st.container(width=120):
        return st.text_input(
            label, key=key, placeholder=placeholder, max_chars=LONGEST_NOTE, help=allowed, bind="query-params"
        ).strip()


@guarded
def put(values: dict[str, object]) -> None:
    """Set controls by key: for the callbacks of buttons."""
    st.session_state.update(values)
