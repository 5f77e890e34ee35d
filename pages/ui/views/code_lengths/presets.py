"""The named tables of the view, each with its source. To add one, add an entry."""

from __future__ import annotations

from typing import NamedTuple

from pages.ui.state.typed_table import packed


class Preset(NamedTuple):
    """Symbols with p and q, and where they come from."""

    symbols: str
    p: str
    q: str
    source: str

    @property
    def table(self) -> str:
        """The packed table; r is left empty."""
        columns = (self.symbols.split(), self.p.split(), self.q.split())
        return packed(tuple((*row, "") for row in zip(*columns, strict=True)))


LETTERS = "a b c d e f g h"
PRESETS = {
    "Horse race": Preset(
        LETTERS,
        "1/2 1/4 1/8 1/16 1/64 1/64 1/64 1/64",
        "1/8 1/8 1/8 1/8 1/8 1/8 1/8 1/8",
        "Cover and Thomas, Elements of Information Theory (2006), example 1.1.2: eight horses, and a fixed code.",
    ),
    "Price of miscoding": Preset(
        "a b c d e",
        "1/2 1/4 1/8 1/16 1/16",
        "1/2 1/8 1/8 1/8 1/8",
        "Cover and Thomas (2006), problems of chapter 5: relative entropy is the cost of miscoding.",
    ),
    "Binomial and uniform": Preset(
        "0 1 2", "0.36 0.48 0.16", "1/3 1/3 1/3", "Kullback, Information Theory and Statistics (1959), table 2.1."
    ),
    "Two coins": Preset("heads tails", "1/2 1/2", "3/4 1/4", "Cover and Thomas (2006), example 2.3.1."),
    "Fair die of four": Preset(
        "1 2 3 4", "0.25 0.25 0.25 0.25", "0.2 0.2 0.2 0.4", "The documentation of D's std.numeric."
    ),
    "Certain symbol": Preset(
        "a b c d", "0 0 0 1", "1/4 1/4 1/4 1/4", "The documentation of D's std.numeric: one direction is infinite."
    ),
    "Disjoint": Preset(
        "a b", "1 0", "0 1", "An example of pymdp, where an ε of 1e-16 printed 36.84 nats for what is infinite."
    ),
    "Huffman's own q": Preset(
        "a b c d e",
        "0.25 0.25 0.2 0.15 0.15",
        "1/4 1/4 1/4 1/8 1/8",
        "MacKay, Information Theory, Inference, and Learning Algorithms (2003), example 5.15; q = 2^−length.",
    ),
    "Misprinted horse": Preset(
        "1 2 3 4",
        "0.2 0.3 0.3 0.2",
        "1/4 1/4 1/4 1/4",
        "Dasgupta, Papadimitriou, Vazirani, Algorithms (2006), page 156: 200 races take 400 digits; it prints 420.",
    ),
}
