"""What a person can take away from the view beside its Python: tables, LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from kl_engine import Direction
from pages.ui.say.numbers import amount
from pages.ui.views.code_lengths.scene import Costs, Scene
from pages.ui.views.code_lengths.words import word_table

LONGEST_SUM = 8  # terms written out in LaTeX


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"terms": partial(terms_table, scene), "runs": partial(runs_table, scene)}


def terms_table(scene: Scene) -> pd.DataFrame:
    """One row per symbol: its terms in nats, and its words."""
    table = word_table(scene)
    table.insert(1, "p_log_p_over_q_nats", scene.forward.terms)
    table.insert(2, "q_log_q_over_p_nats", scene.reverse.terms)
    return table


def runs_table(scene: Scene) -> pd.DataFrame:
    """One row per sample size and direction: digits of both codes, excess in nats per symbol."""
    tables = [
        pd.DataFrame(
            {
                "direction": str(direction),
                "symbols": run.sizes,
                "digits_own_code": run.digits_p,
                "digits_other_code": run.digits_q,
                "excess_nats": run.excess,
            }
        )
        for direction, run in ((direction, scene.sample(direction).run) for direction in Direction)
    ]
    return pd.concat(tables)


def latex(scene: Scene, units: str) -> str:
    """Both sums with the numbers put in."""
    lines = [
        rf"D({a} \,\|\, {b}) &= {_written(costs)} = {_value(costs, units)}"
        for costs, a, b in ((scene.forward, "p", "q"), (scene.reverse, "q", "p"))
    ]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _written(costs: Costs) -> str:
    pairs = [(x, y) for x, y in zip(costs.a.probs.tolist(), costs.b.probs.tolist()) if x]
    terms = [rf"{x:.6g}\log\frac{{{x:.6g}}}{{{y:.6g}}}" for x, y in pairs[:LONGEST_SUM]]
    return " + ".join(terms) + (r" + \cdots" if len(pairs) > LONGEST_SUM else "")


def _value(costs: Costs, units: str) -> str:
    number, unit = amount(costs.divergence, units).split()
    return rf"{number.replace('∞', chr(92) + 'infty')}\ \text{{{unit}}}"
