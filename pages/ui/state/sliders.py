"""The sliders of the target p and of q, shared by the views that show them: what is set on one holds on the next."""

from __future__ import annotations

from functools import partial

from pages.ui.state.fields import Slider

_shared = partial(Slider, shared=True)

SEPARATION = _shared(
    "separation",
    "Mode separation",
    0.0,
    10.0,
    0.05,
    8.0,  # where the two fits are seen to differ
    "Distance between the means of p's two components.",
    older=5.0,
)
WEIGHT = _shared("weight", "Weight of the right mode", 0.02, 0.98, 0.01, 0.5, "The left mode has the rest.")
RIGHT = _shared("right", "Width of the right mode", 0.2, 4.0, 0.05, 1.0, "Standard deviation of the right component.")
LEFT = _shared("left", "Width of the left mode", 0.2, 4.0, 0.05, 1.0, "Standard deviation of the left component.")
MEAN = _shared(
    "mean", "Start of q: mean", -10.0, 10.0, 0.1, 2.0, "Both fits begin here. A symmetric p keeps a start at 0 there."
)
STD = _shared("std", "Start of q: std", 0.2, 8.0, 0.1, 1.0, "Standard deviation that both fits begin with.")

TARGET = (SEPARATION, WEIGHT, RIGHT, LEFT)  # in the order of `two_modes.Target`
START = (MEAN, STD)  # in the order of `two_modes.Start`
