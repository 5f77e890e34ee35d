"""Several numbers typed into one box, read exactly; nothing typed is ever run."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from pages.ui.state.fields import Field, Reading
from pages.ui.state.typed_numbers import number

BETWEEN = re.compile(r"[\s,;]+")
LONGEST = 400  # characters
MOST = 100  # numbers


@dataclass(frozen=True)
class Listed(Field):
    """Numbers with commas, semicolons or blanks between them; `help` says which are allowed."""

    label: str
    default: str
    help: str
    placeholder: str = ""

    def read(self, text: str) -> Reading:
        """The text as it is, unless it is too long."""
        if len(text) <= LONGEST:
            return text, ""
        return self.default, f"{self.key} is longer than {LONGEST} characters, so it stays as it was"

    def draw(self) -> str:
        """The box on the page; what stands in it."""
        return st.text_input(self.label, key=self.key, placeholder=self.placeholder, max_chars=LONGEST, help=self.help)


def numbers_of(text: str, whole: bool = False) -> tuple[float, ...] | tuple[int, ...]:
    """The numbers of a text, 1.5, 1/3 or −2e-3 each, as integers where they must be `whole`; none of an empty one.

    ValueError says which of them is none, or that there are too many.
    """
    found = []
    for part in BETWEEN.split(text.strip(" \t\r\n,;")) if text.strip(" \t\r\n,;") else ():
        try:
            value = number(part)
        except ValueError as fault:
            raise ValueError(f"“{part[:30]}” {fault}") from fault
        if whole and value.denominator != 1:
            raise ValueError(f"“{part[:30]}” is not a whole number")
        found.append(int(value) if whole else float(value))
    if len(found) > MOST:
        raise ValueError(f"these are {len(found)} numbers; at most {MOST} are read")
    return tuple(found)
