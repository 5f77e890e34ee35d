"""The units that the whole app speaks: one switch, on every page, carried along by every link."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Choice
from pages.ui.state.session import UNITS


@dataclass(frozen=True)
class Units(Choice):
    """The switch: shared by all pages, never undone with them, and in the address unless it is nats."""

    undoable = False

    def text(self, value: str) -> str | None:
        """The units, unless they are nats."""
        return None if value == self.default else value


UNITS_SWITCH = Units(UNITS, "Units", {"nats": "nats", "bits": "bits"}, shared=True, help="1 bit = log 2 nats")
