"""The look of the roles: each its hue and its dash, in both palettes, in the order target, forward, reverse."""

from __future__ import annotations

import colorsys
import tomllib

import pytest

from pages.ui.draw.theme import DASHES, FORWARD, REVERSE, ROLES, TARGET
from tests.serving import ROOT

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
HUES = {"cyan": (175, 200), "red": (345, 375), "blue": (208, 235)}  # degrees


def is_of(colour: str, name: str) -> bool:
    """Whether a colour "#rrggbb" is strong and has this hue."""
    hue, _, saturation = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    low, high = HUES[name]
    return saturation > 0.5 and any(low <= degrees <= high for degrees in (360 * hue, 360 * hue + 360))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_is_cyan_red_blue(scheme):
    colours = THEMES[scheme]["chartCategoricalColors"]
    assert [is_of(colour, name) for colour, name in zip(colours, ("cyan", "red", "blue"))] == [True] * 3
    assert is_of(THEMES[scheme]["redTextColor"], "red") and is_of(THEMES[scheme]["blueTextColor"], "blue")
    assert is_of(THEMES[scheme]["primaryColor"], "cyan")


def test_the_target_is_solid_the_forward_fit_dashed_the_reverse_fit_dotted():
    assert ROLES == [TARGET, FORWARD, REVERSE]
    assert [word in role for word, role in zip(("target", "forward", "reverse"), ROLES)] == [True] * 3
    solid, dashed, dotted = DASHES
    assert len(solid) < 2 or solid[1] == 0
    assert dashed[0] > dashed[1] > 0
    assert dotted[0] < dotted[1] and dotted[0] <= 3
