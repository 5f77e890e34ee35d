"""What a person can take away from the α dial."""

from __future__ import annotations

import pandas as pd

from pages.ui.state.two_modes import Target
from pages.ui.views.alpha_dial.scene import ALPHAS, Dial


def python_code(target: Target, alpha: float) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    return f"""import numpy as np
from kl_engine import alpha_fit, alpha_path, disagreement, forward_kl, reverse_kl, two_modes

p = two_modes({target.separation!r}, weight={target.weight!r}, stds=({target.right!r}, {target.left!r}))
found = alpha_fit(p, {alpha!r})
print(found.q, found.value, found.message)
print("D(q‖p) =", reverse_kl(p, found.q), "  D(p‖q) =", forward_kl(p, found.q))  # nats
print("hallucinated, missed:", *disagreement(p, found.q))
for jump in alpha_path(p, np.linspace(0, 1, 201)).jumps:
    print("jump at", jump.alpha, "from", jump.before, "to", jump.after)
"""


def path_table(dial: Dial) -> pd.DataFrame:
    """One row a frame: α, the best q, its D_α and both ends' divergences in nats."""
    columns = {"alpha": ALPHAS, "mean": dial.best.mean, "std": dial.best.std, "d_alpha": dial.best.kl}
    return pd.DataFrame(columns | {"reverse_kl_nats": dial.reverse.kl, "forward_kl_nats": dial.forward.kl})
