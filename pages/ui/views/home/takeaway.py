"""What a person can take away beside the lines of Python of the question: the curves and traces as CSV."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from kl_engine import Gaussian, GaussianMixture
from pages.ui.views.home.scene import SWEEP_END, Scene

CURVE_POINTS = 801


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {
        "curves": lambda: curve_table(scene.target.p, scene.forward.q, scene.reverse.q),
        "traces": lambda: traces_table(scene),
        "motion": lambda: motion_table(scene),
    }


def curve_table(p: GaussianMixture, forward: Gaussian, reverse: Gaussian) -> pd.DataFrame:
    """x, the densities of p and of both fits, and the two pointwise integrands (nats per unit of x)."""
    shown = [*zip(p.means, p.stds), (forward.mean, forward.std), (reverse.mean, reverse.std)]
    x = np.linspace(min(m - 3.5 * s for m, s in shown), max(m + 3.5 * s for m, s in shown), CURVE_POINTS)
    log_p, log_forward, log_reverse = (density.log_pdf(x) for density in (p, forward, reverse))
    columns = {
        "x": x,
        "p": np.exp(log_p),
        "q_forward": np.exp(log_forward),
        "q_reverse": np.exp(log_reverse),
        "p_log_p_over_q_forward": np.exp(log_p) * (log_p - log_forward),
        "q_reverse_log_q_over_p": np.exp(log_reverse) * (log_reverse - log_p),
    }
    return pd.DataFrame(columns)


def traces_table(scene: Scene) -> pd.DataFrame:
    """One row an iteration of each fit: direction, iteration, mean, std, divergence in nats."""
    tables = [
        pd.DataFrame({"direction": name, "iteration": np.arange(len(t)), "mean": t.mean, "std": t.std, "kl_nats": t.kl})
        for name, t in zip(("forward", "reverse"), (fit.trace for fit in scene.fits))
    ]
    return pd.concat(tables)


def motion_table(scene: Scene) -> pd.DataFrame:
    """One row a frame of the motion: both fits and their divergences in nats."""
    (forward, reverse), sweeping = scene.motion, scene.question.sweeping
    position = np.linspace(0, SWEEP_END if sweeping else 1, len(forward))
    columns = {"separation" if sweeping else "way": position}
    for name, path in (("forward", forward), ("reverse", reverse)):
        columns |= {f"{name}_mean": path.mean, f"{name}_std": path.std, f"{name}_kl_nats": path.kl}
    return pd.DataFrame(columns)
