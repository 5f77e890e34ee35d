"""The switch that shows a page large and alone, for a lecture: on every page that has it, and kept by its link."""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.state.fields import Toggle


@dataclass(frozen=True)
class Presented(Toggle):
    """Whether the page is shown large and alone: no part of what is asked, and in the address only when it is on."""

    undoable = False

    def text(self, value: bool) -> str | None:
        """ "true", or nothing."""
        return "true" if value else None


PRESENT = Presented("present", "Present")
