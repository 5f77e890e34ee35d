"""What a person can take away of the free energy view: Python, CSV."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pages.ui.views.free_energy.scene import COIN, FINITE, Situation


def python_code(found: Situation) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    model, x, start = (_source(thing) for thing in (found.model, found.x, found.start))
    return f"""from kl_engine import *

model, x = {model}, {x}
start = {start}
fit = minimise_free_energy(model, x, start)
for q in (start, fit.q):
    found = free_energy(model, q, x)
    print(q, "F =", found.value)  # nats
    for term in ("energy", "entropy", "complexity", "accuracy", "divergence", "surprisal"):
        print("  ", term, getattr(found, term))
print(posterior(model, x))
"""


def _source(thing: object) -> str:
    """A model, data or a belief as Python."""
    name = type(thing).__name__
    if name == "CategoricalModel":
        return f"CategoricalModel({thing.prior.probs.tolist()}, {thing.likelihood.tolist()})"
    if name == "GaussianModel":
        return f"GaussianModel({thing.prior!r}, {thing.link.tolist()}, {thing.noise_std!r})"
    return repr(thing)


def descent_table(found: Situation) -> pd.DataFrame:
    """One row a frame of the descent: q and F in nats."""
    descent = found.descent
    if found.family == FINITE:
        columns = {"q_1": descent.parameters[:, 0], "q_2": descent.parameters[:, 1]}
    elif found.family == COIN:
        columns = {"q_a": descent.parameters[:, 0], "q_b": descent.parameters[:, 1]}
    else:
        columns = {"q_mean": descent.mean, "q_std": descent.std}
    return pd.DataFrame({"way": np.linspace(0, 1, len(descent)), **columns, "F_nats": descent.kl})


def terms_table(found: Situation) -> pd.DataFrame:
    """Every term of q as set and as fitted, with its error, in nats."""
    names = ("value", "energy", "entropy", "complexity", "accuracy", "divergence", "surprisal")
    rows = [
        {"q": which, "term": name, "nats": getattr(terms, name).value, "error": getattr(terms, name).error}
        for which, terms in (("as set", found.at_start), ("fitted", found.at_fit))
        for name in names
    ]
    return pd.DataFrame(rows)
