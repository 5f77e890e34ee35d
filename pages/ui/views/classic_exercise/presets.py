"""The named tables of the view, each with its source. To add one, add an entry."""

from __future__ import annotations

from typing import NamedTuple

from pages.ui.state.typed_table import packed


class Preset(NamedTuple):
    """A joint distribution, one line a row, and where it comes from."""

    table: str
    source: str

    @property
    def packed(self) -> str:
        """The cells as the address has them."""
        return packed(tuple(tuple(line.split()) for line in self.table.splitlines()))


PRESETS = {
    "The classic exercise": Preset(
        "1/8 1/8 0 0\n1/8 1/8 0 0\n0 0 1/4 0\n0 0 0 1/4",
        "MacKay, Information Theory, Inference, and Learning Algorithms (2003), exercise 33.5.",
    ),
    "Correlated": Preset(
        "65 66 20 2 0.1 0.002\n66 147 96 19 1.2 0.1\n20 96 142 64 19 2\n2 19 64 142 96 20\n0.1 1.2 19 96 147 66\n"
        "0.002 0.1 2 20 66 65",
        "Counts along a diagonal, as two correlated Gaussian variables give them: MacKay (2003), figure 33.6.",
    ),
    "Exclusive or": Preset(
        "0.025 0.475\n0.475 0.025", "Two causes once a clue has said that they differ, and is wrong one time in twenty."
    ),
    "A staircase of zeros": Preset(
        "2 1 0 0 0\n1 3 1 0 0\n0 1 4 1 0\n0 0 1 3 1\n0 0 0 1 2",
        "Counts next to the diagonal alone: blocks that overlap.",
    ),
    "Two by three": Preset("0.30 0.05 0.15\n0.05 0.35 0.10", "No zeros: a table of two rows and three columns."),
    "Independent": Preset("0.06 0.14\n0.24 0.56", "0.2, 0.8 times 0.3, 0.7: both directions give p itself."),
}
