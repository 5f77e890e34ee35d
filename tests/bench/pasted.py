"""What a pasted text costs: CPU seconds and memory of both readers, on attacks and on long, deep and hostile texts.

    python -m tests.bench.pasted

Every text is read as a formula and as an objective. The bounds are 1 s and 20 MB a text; what is above is printed, and
so are the ten that cost most. Memory is what Python's allocator held at most above what it held before.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable

from kl_engine.objectives import ObjectiveError, read_objective
from kl_engine.symbolic.formulas.refusals import FormulaError
from kl_engine.symbolic.recognise.formula_check import check_formula
from tests.objectives import test_objective_grammar, test_pasted_code
from tests.symbolic.formulas import test_grammar

SECONDS, MEGABYTES = 1.0, 20.0
LINE = "log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2"


def _doubled(times: int, operation: str) -> str:
    """x1 = x0 o x0, x2 = x1 o x1, …: exponential where it is put in blindly."""
    lines = [f"x{i + 1} = x{i} {operation} x{i}" for i in range(times)]
    return "\n".join(["x0 = log(s2/s1)", *lines, f"kl = x{times}"])


HOSTILE = {
    "sums doubled 40 times": _doubled(40, "+"),
    "products doubled 40 times": _doubled(40, "*"),
    "a tower of powers": "**".join(["s1"] * 60),
    "brackets": "(" * 900 + "mu" + ")" * 900,
    "signs": "-" * 2000 + "mu",
    "braces": "{" * 500 + r"\mu" + "}" * 500,
    "fractions in fractions": r"\frac{1}{" * 120 + r"\sigma" + "}" * 120,
    "roots in roots": r"\sqrt{" * 120 + r"\sigma" + "}" * 120,
    "bars": "|" * 400 + "mu" + "|" * 400,
    "underscores": "_" * 3000 + "a",
    "one long name": "a" * 3800,
    "many names": "+".join(f"a{i}" for i in range(900)),
    "many functions": "def f(x):\n    return x\n" * 25 + "f(mu)",
    "functions inside one another": "".join("    " * i + f"def f{i}(x):\n" for i in range(50))
    + "    " * 50 + "return x",
    "a function that calls itself": "def f(a, b):\n    return f(a, b) + f(b, a)\nf(p, q)",
    "two that call each other": "def f(a, b):\n    return g(a, b)\ndef g(a, b):\n    return f(a, b)\nf(p, q)",
    "functions that double": "".join(
        f"def f{i + 1}(x):\n    return f{i}(x) + f{i}(x)\n" for i in range(20)
    ) + "f20(log(p/q))",
    "branches": "if a:\n    kl = mu\nelse:\n    kl = mu\n" * 14,
    "values by a condition": "kl = " + " + ".join(f"(mu if a{i} else lv)" for i in range(40)),
    "branches in branches": "".join("    " * i + f"if a{i}:\n" for i in range(20)) + "    " * 20 + "kl = mu",
    "lists that hold each other": "a = []\nb = []\n"
    + "a.append(sum(b))\nb.append(sum(a))\na.append(mu)\n" * 18
    + "sum(a)",
    "definitions behind": "KL(p||m), " + ", ".join(f"m = (m + q{i})/2" for i in range(100)),
    "conditions": r"\max_q E_q[r] \text{ s.t. } " + ", ".join([r"KL(q\|p) \le 1"] * 60),
    "products of products": r"\log " + r"\prod_i " * 200 + r"\sigma_i",
    "factors of Cholesky": "0.5*(np.trace(" + " @ ".join(["L1 @ L1.T"] * 60) + "))",
    "a name that is itself": "p = p\n" * 50 + "sum(p*log(p/q))",
    "a distribution over its sum, fifty times": "p = p/sum(p)\n" * 50 + "sum(p*log(p/q))",
    "equals signs": "=".join(["KL(q||p)"] * 60),
    "sides that are long": "=".join([LINE] * 30),
    "a mixture of many": "KL(p || " + " + ".join(f"w{i}*q{i}" for i in range(60)) + ")",
    "averages of averages": "E_q[" * 100 + "log p" + "]" * 100,
    "minima of minima": r"\min_q " * 200 + "KL(q||p)",
    "commas": "f(" + "," * 2000 + ")",
    "quotes": "'" * 1500 + '"' * 1500,
    "comments": "#\n" * 1800 + LINE,
    "Cholesky of Cholesky": "np.linalg.cholesky(" * 60 + "S1" + ")" * 60,
    "einsum of anything": "torch.einsum('" + "b" * 2000 + ",b->', mu, mu)",
    "keys": "out['" + "a" * 3000 + "']",
    "gammas of large numbers": "lgamma(1e12*a_p) - lgamma(1e12*a_q) + digamma(1e12*a_p)",
    "exponentials": "exp(exp(exp(exp(mu)))) + log(s2/s1)",
    "sixty lines": "\n".join(f"y{i} = mu**2 + {i}" for i in range(59)) + f"\n{LINE}",
    "tabs and zero widths": "\t" * 1500 + LINE + "\u200b" * 500,
    "signs of the other direction": "\u202e" * 200 + LINE,
}  # fmt: skip


def _cost(read: Callable[[str], object], text: str) -> tuple[float, float, str]:
    """CPU seconds, megabytes, and what came out: an answer, a refusal, or the name of an error that must not be."""
    tracemalloc.start()
    before, start = tracemalloc.get_traced_memory()[0], time.process_time()
    try:
        read(text)
        outcome = "read"
    except (FormulaError, ObjectiveError):
        outcome = "refused"
    except Exception as error:  # whatever else is raised is a fault that this is to find
        outcome = type(error).__name__
    seconds = time.process_time() - start
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return seconds, peak / 2**20, outcome


def texts() -> dict[str, str]:
    """All texts by a name: the attacks of the tests, their readable texts, and the hostile ones of this file."""
    attacks = [*test_grammar.ATTACKS, *test_grammar.LATEX_ATTACKS, *test_objective_grammar.ATTACKS]
    found = {f"attack {i}": text for i, text in enumerate(attacks)}
    found |= {f"pasted {i}": text for i, text in enumerate(test_pasted_code.READ)}
    return found | HOSTILE


def main() -> int:
    """The table; 1 where a text costs too much or raises anything but a refusal."""
    check_formula(LINE), read_objective("KL(q||p)")  # what is imported late is no cost of a text
    rows = []
    for name, text in texts().items():
        for title, read in (("formula", check_formula), ("objective", read_objective)):
            rows.append((*_cost(read, text), title, name))
    over = [row for row in rows if row[0] > SECONDS or row[1] > MEGABYTES or row[2] not in ("read", "refused")]
    print(
        f"{len(rows)} readings: most time {max(r[0] for r in rows):.2f} s, most memory {max(r[1] for r in rows):.1f} MB"
    )
    print("| s | MB | outcome | reader | text |\n|---|---|---|---|---|")
    for seconds, megabytes, outcome, title, name in over or sorted(rows, reverse=True)[:10]:
        print(f"| {seconds:.2f} | {megabytes:.1f} | {outcome} | {title} | {name} |")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
