"""Library calls side by side: what each computes on one pair of distributions, by its documented formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.objectives.libraries import formulas

P, Q = np.array([0.36, 0.48, 0.16]), np.full(3, 1 / 3)  # D(p‖q) = 0.0853 and D(q‖p) = 0.0975: not to be mistaken


class Example(NamedTuple):
    """A call as it is typed, and its value from p and q."""

    text: str
    value: Callable[[np.ndarray, np.ndarray], float]


EXAMPLES = (
    Example('F.kl_div(log_q, p, reduction="sum")', lambda p, q: formulas.torch_kl_div(np.log(q), p, "sum")),
    Example("F.kl_div(log_q, p)", lambda p, q: formulas.torch_kl_div(np.log(q), p)),
    Example('F.kl_div(log_p, q, reduction="sum")', lambda p, q: formulas.torch_kl_div(np.log(p), q, "sum")),
    Example(
        'F.kl_div(log_q, log_p, reduction="sum", log_target=True)',
        lambda p, q: formulas.torch_kl_div(np.log(q), np.log(p), "sum", log_target=True),
    ),
    Example('F.kl_div(q.exp(), p, reduction="sum")', lambda p, q: formulas.torch_kl_div(q, p, "sum")),
    Example("optax.kl_divergence(log_q, p)", lambda p, q: formulas.optax_kl_divergence(np.log(q), p)),
    Example("tf.keras.losses.KLDivergence()(p, q)", lambda p, q: formulas.keras_kl_divergence(p, q)),
    Example("scipy.stats.entropy(p, q)", lambda p, q: formulas.scipy_entropy(p, q)),
    Example("rel_entr(p, q).sum()", lambda p, q: formulas.rel_entr(p, q).sum()),
    Example("scipy.special.kl_div(p, q).sum()", lambda p, q: formulas.special_kl_div(p, q).sum()),
    Example("F.cross_entropy(log_q, p)", lambda p, q: formulas.torch_cross_entropy(np.log(q), p)),
)
