"""What a person can set, as data: one entry says its name, what an address may hold for it, and how it is drawn.

Every field has a `key` (its name in the session, in the address and as a widget), a `default`, and three functions
that the session calls: `read` (a text of the address → the value, and what there is to say about it), `text` (the value
→ its text in the address, None where it is left out) and `admit` (a value from memory → one that is allowed here).
`draw` puts the control on the page and returns the value.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.ui.state.callbacks import guarded

LONGEST_NUMBER = 40  # characters
LONGEST_NOTE = 30

Reading = tuple[object, str]  # a value, and what is to be said of the text that it was read from; "" for nothing


@dataclass(frozen=True)
class Field(ABC):
    """One thing that a person sets.

    A `shared` field has one value on all pages that show it; any other belongs to its page. `once` are the names that
    it had in older addresses, which are still read.
    """

    key: str

    shared = False
    undoable = True
    once: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def value(self):
        """What is set now."""
        return st.session_state[self.key]

    @property
    def left_out(self):
        """What an address stands for that says something of the page, but not this."""
        return self.default

    @abstractmethod
    def read(self, text: str) -> Reading:
        """The value that a text of the address stands for, and what there is to say about it."""

    def text(self, value) -> str | None:
        """The value as the address has it; None where the address leaves it out."""
        return str(value)

    def admit(self, value):
        """A value from memory, moved to what is allowed here: another page may have a wider control of this name."""
        return value


@dataclass(frozen=True)
class Slider(Field):
    """A number that a person sets; `key` is also its name in the URL."""

    label: str
    low: float
    high: float
    step: float
    default: float
    help: str
    shared: bool = False
    older: float | None = None  # the default of older addresses, which leave it out

    @property
    def left_out(self) -> float:
        """The default that it had when addresses left it out."""
        return self.default if self.older is None else self.older

    @property
    def decimals(self) -> int:
        """The decimals of a step: two of 0.25."""
        return len(f"{self.step:.9f}".rstrip("0").partition(".")[2])

    @property
    def hint(self) -> str:
        """What it is, and the range that is allowed."""
        return f"{self.help} From {self.low:g} to {self.high:g}."

    def nearest(self, value: float) -> float:
        """`value` moved to the range and to the nearest step."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return round(self.low + steps * self.step, self.decimals)

    def read(self, text: str) -> Reading:
        """The nearest number that is allowed; what is no number stands for the default."""
        allowed = f"{self.low:g} to {self.high:g}"
        try:
            number = float(text) if len(text) < LONGEST_NUMBER else math.nan
        except ValueError:
            number = math.nan
        if math.isnan(number):
            return self.default, f"{self.key} must be a number from {allowed}, so {self.default:g} is used"
        value = self.nearest(number)
        outside = not self.low <= number <= self.high
        return value, f"{self.key} must be {allowed}, so {value:g} is used" if outside else ""

    def text(self, value: float) -> str | None:
        """The number, without zeros that say nothing."""
        return f"{value:.12g}"

    def admit(self, value: float) -> float:
        """The nearest that is allowed."""
        return self.nearest(value)

    def draw(self, disabled: bool = False, changed: Callable[[], None] | None = None) -> float:
        """The slider on the page; its value. `changed` is called when a person moves it."""
        return st.slider(
            self.label,
            self.low,
            self.high,
            step=self.step,
            format=f"%.{self.decimals}f",
            key=self.key,
            help=self.hint,
            disabled=disabled,
            on_change=guarded(changed) if changed else None,
        )

    def type_in(self, disabled: bool = False) -> float:
        """The same as a number to be typed, for where it is set by hand elsewhere on the page; its value."""
        return st.number_input(
            self.label,
            self.low,
            self.high,
            step=self.step,
            format=f"%.{self.decimals}f",
            key=self.key,
            help=self.hint,
            disabled=disabled,
        )


@dataclass(frozen=True)
class Stepper(Slider):
    """A whole number with a step up and a step down."""

    def draw(self, disabled: bool = False) -> float:
        """The field on the page; its value."""
        return st.number_input(
            self.label,
            self.low,
            self.high,
            step=self.step,
            format="%.0f",
            key=self.key,
            help=self.hint,
            disabled=disabled,
        )


@dataclass(frozen=True)
class Power(Slider):
    """A power of ten: held and addressed by its exponent, and shown as the number that it is, 0.1 for −1."""

    @property
    def hint(self) -> str:
        """What it is, and the range that is allowed."""
        return f"{self.help} From {10**self.low:g} to {10**self.high:g}."

    def draw(self, disabled: bool = False) -> float:
        """The slider on the page; its exponent."""
        steps = round((self.high - self.low) / self.step)
        return st.select_slider(
            self.label,
            [self.nearest(self.low + step * self.step) for step in range(steps + 1)],
            format_func=lambda exponent: f"{10**exponent:.3g}",
            key=self.key,
            help=self.hint,
            disabled=disabled,
        )


@dataclass(frozen=True)
class Step(Slider):
    """How many steps of a page are shown, from 1 to `last`: set by buttons, in the address unless it is the first."""

    @classmethod
    def to(cls, last: int, key: str = "step") -> Step:
        """The field of a page of so many steps."""
        return cls(key, "", 1, last, 1, 1, "")

    def text(self, value: float) -> str | None:
        """The number, unless it is the first."""
        return None if value == self.default else f"{value:g}"


@dataclass(frozen=True)
class Choice(Field):
    """One of a few, by key: `titles` says how each is called. The default is the first, or the one it `begins_with`.

    The address has the key; an older one may have a title, or one of the titles that a key `was` called. A `quiet`
    choice is left out of the address while it is the default.
    """

    label: str
    titles: Mapping[str, str]
    was: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    help: str | None = None
    begins_with: str | None = None
    quiet: bool = False

    @property
    def default(self) -> str:
        """What is chosen until a person chooses."""
        return next(iter(self.titles)) if self.begins_with is None else self.begins_with

    def text(self, value: str) -> str | None:
        """The key."""
        return None if self.quiet and value == self.default else value

    def read(self, text: str) -> Reading:
        """The choice of this key or title."""
        by_title = {title: key for key, title in self.titles.items()}
        for names in ({key: key for key in self.titles}, by_title, self.was):
            if text in names:
                return names[text], ""
        return self.default, f"{self.key} must be one of {', '.join(self.titles)}, so {self.default} is used"

    def admit(self, value: str) -> str:
        """The choice, if it is one of these."""
        return value if value in self.titles else self.default

    def draw(self, changed: Callable[[], None] | None = None, named: bool = True) -> str:
        """All of them in sight. `changed` is called when a person takes another; the label is seen only if `named`."""
        return self._shown(st.segmented_control, changed, named, self.help)

    def draw_pills(self, changed: Callable[[], None] | None = None) -> str:
        """The same as a row of pills: for what a page begins with, where others have their presets."""
        return self._shown(st.pills, changed, named=False)

    def _shown(
        self, control: Callable, changed: Callable[[], None] | None, named: bool, told: str | None = None
    ) -> str:
        return control(
            self.label,
            list(self.titles),
            format_func=self.titles.get,
            key=self.key,
            required=True,
            help=told,
            on_change=guarded(changed) if changed else None,
            label_visibility="visible" if named else "collapsed",
        )

    def pick(self) -> str:
        """A list that opens: for a choice among many."""
        return st.selectbox(self.label, list(self.titles), format_func=self.titles.get, key=self.key, help=self.help)


@dataclass(frozen=True)
class Toggle(Field):
    """Something that is on or off."""

    label: str
    default: bool = False
    shared: bool = False

    def read(self, text: str) -> Reading:
        """On for "true", off for "false"."""
        if text in ("true", "false"):
            return text == "true", ""
        return self.default, f"{self.key} must be one of false, true, so {str(self.default).lower()} is used"

    def text(self, value: bool) -> str | None:
        """ "true" or "false"."""
        return str(value).lower()

    def draw(self) -> bool:
        """The switch on the page; whether it is on."""
        return st.toggle(self.label, key=self.key)


@dataclass(frozen=True)
class Text(Field):
    """A longer text; in the address unless it is the default."""

    label: str
    default: str
    longest: int
    height: int = 80
    help: str | None = None

    def read(self, text: str) -> Reading:
        """The text as it is, cut to the longest that is accepted."""
        if len(text) <= self.longest:
            return text, ""
        return text[: self.longest], (
            f"{self.key} is longer than {self.longest} characters, so the first {self.longest} are used"
        )

    def text(self, value: str) -> str | None:
        """The text, unless it is the default."""
        return None if value == self.default else value

    def draw(self) -> str:
        """The box on the page; what stands in it."""
        return st.text_area(self.label, key=self.key, max_chars=self.longest, height=self.height, help=self.help)


@dataclass(frozen=True)
class Note(Field):
    """A short text, such as a number; empty when nothing is typed. `allowed` is said on hover, `width` is in px."""

    label: str
    placeholder: str
    allowed: str
    width: int = 120
    default = ""

    def read(self, text: str) -> Reading:
        """The text, unless it is too long."""
        if len(text) <= LONGEST_NOTE:
            return text, ""
        return "", f"{self.key} is longer than {LONGEST_NOTE} characters, so it is left empty"

    def text(self, value: str) -> str | None:
        """The text, unless it is empty."""
        return value or None

    def draw(self) -> str:
        """The box on the page; what is typed, without the blanks around it."""
        with st.container(width=self.width):
            return st.text_input(
                self.label, key=self.key, placeholder=self.placeholder, max_chars=LONGEST_NOTE, help=self.allowed
            ).strip()
