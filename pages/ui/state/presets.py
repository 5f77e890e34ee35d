"""The named targets of the home page. To add one, add an entry."""

from __future__ import annotations

PRESETS: dict[str, dict[str, float]] = {
    "Far modes: locks": {"separation": 8.0, "weight": 0.5, "right": 1.0, "left": 1.0, "mean": 2.0, "std": 1.0},
    "Near modes: covers": {"separation": 4.0, "weight": 0.5, "right": 1.0, "left": 1.0, "mean": 1.5, "std": 1.0},
    "Two answers": {"separation": 5.0, "weight": 0.5, "right": 1.0, "left": 1.0, "mean": 2.0, "std": 1.0},
    "Unequal": {"separation": 6.0, "weight": 0.7, "right": 0.6, "left": 1.4, "mean": -1.0, "std": 2.0},
}
