"""The table that every benchmark prints."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A figure, the range that it must lie in, and a remark (an absolute time, to give the ratio a scale).

    A `control` compares like with like: outside its range the run says nothing, neither good nor bad.
    """

    name: str
    figure: float
    allowed: tuple[float, float]
    remark: str = ""
    control: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure lies in its range."""
        return self.allowed[0] <= self.figure <= self.allowed[1]

    @property
    def verdict(self) -> str:
        """What the table says of it."""
        return "ok" if self.met else "VOID" if self.control else "MISSED"


def show(title: str, rows: list[Row]) -> None:
    """Print the rows."""
    print(f"\n{title}\n")
    print(f"{'':48} {'figure':>10}   {'must be':18} {'':6} remark")
    for row in rows:
        low, high = row.allowed
        must = f"<= {high:g}" if low == 0 else f"{low:g} to {high:g}" if high < 1000 else f">= {low:g}"
        print(f"{row.name:48} {row.figure:>10.4g}   {must:18} {row.verdict:6} {row.remark}")
