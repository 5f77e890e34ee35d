"""What a person can take away from the view: Python, tables, LaTeX."""

from __future__ import annotations

import pandas as pd

from pages.ui.say.numbers import amount
from pages.ui.views.code_lengths.cards import word_table
from pages.ui.views.code_lengths.scene import SIZES, Costs, Measured, Scene
from pages.ui.views.code_lengths.symbols import Symbols

LONGEST_SUM = 8  # terms written out in LaTeX


def python_code(symbols: Symbols, seed: int) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    r = "[(x + y) / 2 for x, y in zip(p.probs, q.probs)]" if symbols.r is None else repr(list(symbols.r))
    return f"""import numpy as np

from kl_engine import Categorical, coding_run, entropy, forward_kl, huffman_code, kl_divergence, kl_terms, redundancy
from kl_engine import reverse_kl, shannon_code

p = Categorical({list(symbols.p)!r})
q = Categorical({list(symbols.q)!r})
r = Categorical({r})
print("D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
print("terms:", kl_terms(p, q), kl_terms(q, p))
print("H(p) =", entropy(p), "  H(q) =", entropy(q))
for code in (shannon_code, huffman_code):
    print(code(q).words, redundancy(p, code(q)), code(p).words, redundancy(q, code(p)))
print("detour:", kl_divergence(p, r), kl_divergence(r, q))
for a, b in ((p, q), (q, p)):
    run = coding_run(a, b, {SIZES.tolist()}, np.random.default_rng({seed}))
    print("measured excess:", run.excess[-1:], "stopped:", run.stopped)  # nats a symbol
"""


def terms_table(symbols: Symbols, scene: Scene) -> pd.DataFrame:
    """One row a symbol: its terms in nats, and its words."""
    table = word_table(symbols.names, scene.forward, scene.reverse)
    table.insert(1, "p_log_p_over_q_nats", scene.forward.terms)
    table.insert(2, "q_log_q_over_p_nats", scene.reverse.terms)
    return table


def runs_table(forward: Measured, reverse: Measured) -> pd.DataFrame:
    """One row a sample size and direction: digits of both codes, excess in nats a symbol."""
    tables = [
        pd.DataFrame(
            {
                "direction": direction,
                "symbols": run.sizes,
                "digits_own_code": run.digits_p,
                "digits_other_code": run.digits_q,
                "excess_nats": run.excess,
            }
        )
        for direction, run in (("forward", forward.run), ("reverse", reverse.run))
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
