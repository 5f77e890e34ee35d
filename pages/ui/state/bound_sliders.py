"""The shared sliders for pages that are still bound to the address by Streamlit; they go with `url` and `controls`."""

from __future__ import annotations

from pages.ui.state.controls import Slider

SEPARATION = Slider(
    "separation", "Mode separation", 0.0, 10.0, 0.05, 5.0, "Distance between the means of p's two components."
)
WEIGHT = Slider("weight", "Weight of the right mode", 0.02, 0.98, 0.01, 0.5, "The left mode has the rest.")
RIGHT = Slider("right", "Width of the right mode", 0.2, 4.0, 0.05, 1.0, "Standard deviation of the right component.")
LEFT = Slider("left", "Width of the left mode", 0.2, 4.0, 0.05, 1.0, "Standard deviation of the left component.")
MEAN = Slider(
    "mean", "Start of q: mean", -10.0, 10.0, 0.1, 2.0, "Both fits begin here. At 0 a symmetric p keeps it at 0."
)
STD = Slider("std", "Start of q: std", 0.2, 8.0, 0.1, 1.0, "Standard deviation that both fits begin with.")
HELD_STD = Slider("held_std", "Std that q is held at", 0.2, 8.0, 0.1, 1.0, "Then only the mean of q is fitted.")
