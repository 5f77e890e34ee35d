"""The table that every benchmark prints."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A figure, the range that it must lie in, and a remark (an absolute time, to give the ratio a scale)."""

    name: str
    figure: float
    allowed: tuple[float, float]
    remark: str = ""

    @property
    def met(self) -> bool:
        """Whether the figure lies in its range."""
        return self.allowed[0] <= self.figure <= self.allowed[1]


def show(title: str, rows: list[Row]) -> None:
    """Print the rows."""
    print(f"\n{title}\n")
    print(f"{'':48} {'figure':>10}   {'must be':18} {'':6} remark")
    for row in rows:
        low, high = row.allowed
        must = f"{low:g} to {high:g}" if low > 0 and high < 1000 else f">= {low:g}" if high >= 1000 else f"<= {high:g}"
        print(f"{row.name:48} {row.figure:>10.4g}   {must:18} {'ok' if row.met else 'MISSED':6} {row.remark}")
