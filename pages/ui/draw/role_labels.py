"""The name of a role in its colour, at the upper edge of a chart; it is there when the role is drawn."""

from __future__ import annotations

import altair as alt

from pages.ui.draw.theme import ROLES

PLACES = {"left": (0, 6), "center": (alt.ExprRef("width / 2"), 0), "right": ("width", -6)}  # x, and px beside it


def role_label(curves: alt.Chart, role: str, words_and_place: tuple[str, str], line: int = 0) -> alt.Chart:
    """A text over `curves` (with a column `role`): in the colour of the role or, if it is none of them, of the text."""
    words, align = words_and_place
    place, beside = PLACES[align]
    style = {"align": align, "baseline": "top", "fontSize": 13, "fontWeight": 600, "dy": 2 + 18 * line, "dx": beside}
    shown = curves.transform_filter(f"datum.role == '{role}'").transform_aggregate(n="count()")
    here = {"x": alt.value(place), "y": alt.value(0)}
    if role in ROLES:
        return shown.mark_text(text=words, **style).encode(**here, color=alt.ColorDatum(role))
    return shown.mark_text(text=words, color="currentColor", **style).encode(**here)
