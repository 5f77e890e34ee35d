"""The stage of the α dial: both charts and the player that turns it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from kl_engine import Gaussian
from pages.ui.draw.player import player
from pages.ui.glossary.links import glossary
from pages.ui.views.alpha_dial import charts
from pages.ui.views.alpha_dial.scene import FRAMES, Dial, frame_of

PLACE = ("α", 0.0, 1.0, 3, "")
REACH = 3.5  # std of every bell that is in sight
HEADROOM = 1.3  # times the highest curve, for the text above


def draw_stage(dial: Dial, alpha: float, units: str) -> None:
    """The densities, the dial, and mean and std over α; the dial stands at `alpha` until it is turned."""
    densities, strip = charts.pictures(dial, _axes(dial))
    with st.container(key="stage", gap="xxsmall"):
        densities.draw(st, key="dial_densities")
        player(repr((dial.target, alpha)), FRAMES, frame_of(alpha), PLACE)
        strip.draw(st, key="dial_strip")
        divergence = glossary("alpha-divergence", units)
        st.caption(f"The bar turns the dial. Below it: mean (solid) and std (dashed) of the q of least {divergence}.")


def _axes(dial: Dial) -> dict[str, float]:
    """The ends of the axes that hold p and the best q at every α."""
    p = dial.target.p
    means, stds = (np.concatenate([a, b]) for a, b in ((p.means, dial.best.mean), (p.stds, dial.best.std)))
    low, high = float((means - REACH * stds).min()), float((means + REACH * stds).max())
    narrowest = int(np.argmin(dial.best.std))
    q = Gaussian(float(dial.best.mean[narrowest]), float(dial.best.std[narrowest]))
    top = max(float(p.pdf(np.linspace(low, high, 801)).max()), float(q.pdf(q.mean)))
    least = min(float(dial.best.mean.min()), 0.0)
    span = max(float(dial.best.mean.max()), float(dial.best.std.max())) - least
    return {
        "low": low,
        "high": high,
        "density_low": 0.0,
        "density_high": HEADROOM * top,
        "strip_low": least - 0.25 * span,
        "strip_high": least + HEADROOM * span,
    }
