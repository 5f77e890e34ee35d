"""The named pairs of modes whose diagrams differ in kind. To add one, add an entry."""

from __future__ import annotations

PRESETS: dict[str, dict[str, float]] = {
    "Equal modes": {"weight": 0.5, "right": 1.0, "left": 1.0},
    "Unequal weights": {"weight": 0.7, "right": 1.0, "left": 1.0},
    "Unequal widths": {"weight": 0.5, "right": 0.6, "left": 1.4},
}
