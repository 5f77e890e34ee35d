"""Library calls side by side: what each computes on one pair of distributions, by its documented formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kl_engine.objectives import library_formulas as formulas
from kl_engine.objectives.library_calls import CALLS
from pages.ui.say.numbers import plain

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


def values_table(units_scale: float, units: str) -> str:
    """Each example with its value on p = (0.36, 0.48, 0.16), q = (⅓, ⅓, ⅓)."""
    forward, reverse = (float(formulas.rel_entr(*pair).sum()) for pair in ((P, Q), (Q, P)))
    known = {"D(p‖q)": forward, "D(q‖p)": reverse, "H[p, q]": forward - float(P @ np.log(P))}
    known |= {"D(p‖q) / 3": forward / 3}
    lines = [f"| call, with p = (0.36, 0.48, 0.16), q = (⅓, ⅓, ⅓) | {units} | which is |", "|---|---|---|"]
    for example in EXAMPLES:
        value = float(example.value(P, Q))
        what = next((name for name, number in known.items() if abs(number - value) < 1e-12), "no divergence")
        lines.append(f"| `{example.text}` | {plain(value / units_scale, decimals=6)} | {what} |")
    return "\n".join(lines)


def traps_table() -> str:
    """Every function known: its arguments, the one under the expectation, and what to beware of."""
    lines = ["| function | arguments | under the expectation | beware |", "|---|---|---|---|"]
    for call in CALLS:
        spaces = {call.data: call.data_space, call.model: call.model_space}
        arguments = ", ".join(f"`{name}` ({spaces[name]})" for name in call.arguments)
        lines.append(f"| {call.title} | {arguments} | `{call.data}` | {call.trap} |")
    return "\n".join(lines)
