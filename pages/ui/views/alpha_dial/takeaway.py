"""What a person can take away from the α dial beside its Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from pages.ui.views.alpha_dial.scene import ALPHAS, Dial, Scene


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"the dial": partial(path_table, scene.dial)}


def path_table(dial: Dial) -> pd.DataFrame:
    """One row a frame: α, the best q, its D_α and both ends' divergences in nats."""
    columns = {"alpha": ALPHAS, "mean": dial.best.mean, "std": dial.best.std, "d_alpha": dial.best.kl}
    return pd.DataFrame(columns | {"reverse_kl_nats": dial.reverse.kl, "forward_kl_nats": dial.forward.kl})
