"""What a person takes away from the landscape: the lines that repeat it, and both maps as CSV."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kl_engine import Direction
from pages.ui.state.target import Draft
from pages.ui.views.landscape.scene import FRAMES, Relief


def python_code(draft: Draft) -> str:
    """A few lines that reproduce the page with the engine."""
    p = draft.p
    lists = ", ".join(str([float(number) for number in numbers]) for numbers in (p.weights, p.means, p.stds))
    return f"""import numpy as np
from kl_engine import Gaussian, GaussianMixture, gradient_flow, landscape, stationary_points

p = GaussianMixture({lists})
means, stds = np.linspace({p.mean - 2 * p.std:.4g}, {p.mean + 2 * p.std:.4g}, 121), np.geomspace(0.1, 10, 91)
for direction in ("forward", "reverse"):
    values = landscape(p, direction, means, stds)  # nats; one row a std
    path = gradient_flow(p, direction, Gaussian({draft.start[0]!r}, {draft.start[1]!r}), {FRAMES})
    print(direction, values.min(), "the flow ends at", path.mean[-1], path.std[-1])
    for point in stationary_points(p, direction):
        print("  ", point.kind, point.q, point.value)
"""


def maps_table(relief: Relief) -> pd.DataFrame:
    """One row a q of the grid: mean, std, both divergences in nats."""
    means, stds = np.meshgrid(relief.means, relief.stds)
    columns = {"mean": means.ravel(), "std": stds.ravel()}
    columns |= {f"{direction}_kl_nats": relief.values[direction].ravel() for direction in Direction}
    return pd.DataFrame(columns)
