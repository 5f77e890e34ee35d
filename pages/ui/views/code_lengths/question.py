"""What the view of code lengths is asked: the two distributions of a table, a third one, and the seed of a sample."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pages.ui.say.plain_text import quoted
from pages.ui.state.fields import Stepper, Toggle
from pages.ui.state.typed_numbers import probability, shares
from pages.ui.state.typed_table import LABEL, Rows, Table
from pages.ui.views.code_lengths.presets import PRESETS

COLUMNS = ("symbol", "p", "q", "r")
MOST = 64  # symbols
SHARES = "0 or more, such as 0.25, 1/3 or 1e-6; empty is 0. A column is divided by its sum."
ALLOWED = {"symbol": f"At most {MOST} rows, {LABEL} characters a name.", **dict.fromkeys(COLUMNS[1:], SHARES)}
EXACT = Fraction(1, 10**9)
SIZES = np.unique(np.logspace(1, 5, 41).round().astype(int)).tolist()  # of the samples: 10 to 100,000

TABLE = Table("symbols", COLUMNS, next(iter(PRESETS.values())).table, ALLOWED)
SAMPLE = Stepper("sample", "Sample", 1.0, 999.0, 1.0, 1.0, "The seed of the sample; another seed gives another sample.")
THIRD = Toggle("third", "Third distribution r")
FIELDS = (TABLE, SAMPLE, THIRD)

Probabilities = tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """Names and probabilities; `r` is None where the detour leads through the middle of p and q."""

    names: tuple[str, ...]
    p: Probabilities
    q: Probabilities
    r: Probabilities | None
    seed: int

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        r = "[(x + y) / 2 for x, y in zip(p.probs, q.probs)]" if self.r is None else repr(list(self.r))
        return f"""import numpy as np

from kl_engine import Categorical, entropy, forward_kl, kl_divergence
from kl_engine.coding import coding_run, huffman_code, redundancy
from kl_engine.divergences import kl_terms
from kl_engine import reverse_kl
from kl_engine.coding import shannon_code

names = {list(self.names)!r}
p = Categorical({list(self.p)!r})
q = Categorical({list(self.q)!r})
r = Categorical({r})
print("D(p‖q) =", forward_kl(p, q), "  D(q‖p) =", reverse_kl(p, q))  # nats
for row in zip(names, kl_terms(p, q), kl_terms(q, p)):
    print(*row)
print("H(p) =", entropy(p), "  H(q) =", entropy(q))
for code in (shannon_code, huffman_code):
    print(code(q).words, redundancy(p, code(q)), code(p).words, redundancy(q, code(p)))
print("detour:", kl_divergence(p, r), kl_divergence(r, q))
for a, b in ((p, q), (q, p)):
    run = coding_run(a, b, {SIZES}, np.random.default_rng({self.seed}))
    print("measured excess:", run.excess[-1:], "stopped:", run.stopped)  # nats per symbol
"""


@dataclass(frozen=True)
class Symbols:
    """What a table says: the distributions, and in one sentence which columns had to be divided by their sums."""

    names: tuple[str, ...]
    p: Probabilities
    q: Probabilities
    r: Probabilities | None  # None when its column is empty
    note: str

    def question(self, third: bool, seed: int) -> Question:
        """The question about these distributions; r is asked about only where the `third` one is switched on."""
        return Question(self.names, self.p, self.q, self.r if third else None, seed)


def read(rows: Rows) -> Symbols:
    """The symbols of a table; ValueError with a sentence when it cannot be read. Empty rows are left out."""
    used = [row for row in rows if any(cell.strip() for cell in row)]
    if not used:
        raise ValueError("The table is empty: type a symbol and its probabilities, such as 0.25 or 1/3.")
    if len(used) > MOST:
        raise ValueError(f"The table has {len(used)} symbols; at most {MOST} are read.")
    names = _names([row[0].strip() or str(k) for k, row in enumerate(used, start=1)])
    columns, notes = {}, []
    for i, column in enumerate(COLUMNS[1:], start=1):
        numbers = [_number(column, name, row[i]) for name, row in zip(names, used)]
        if column == "r" and not any(row[i].strip() for row in used):
            columns[column] = None
            continue
        try:
            columns[column] = tuple(shares(numbers))
        except ValueError as problem:
            raise ValueError(f"Column {column} {problem}: give at least one symbol a probability.") from None
        if abs(sum(numbers) - 1) > EXACT:
            notes.append(f"{column} adds up to {float(sum(numbers)):.6g}")
    return Symbols(names, note=" and ".join(notes), **columns)


def normalised(rows: Rows) -> Rows:
    """The same table with every column divided by its sum, in decimals that read back as the same doubles."""
    table = read(rows)
    columns = [table.p, table.q, table.r or [None] * len(table.names)]
    cells = [["" if x is None else repr(x) for x in column] for column in columns]
    return tuple(zip(table.names, *cells))


def _names(typed: list[str]) -> tuple[str, ...]:
    """The names, numbered where one is used again."""
    return tuple(name if name not in typed[:k] else f"{name} ({k + 1})" for k, name in enumerate(typed))


def _number(column: str, name: str, text: str) -> Fraction:
    try:
        return probability(text)
    except ValueError as problem:
        raise ValueError(f"{column} of {quoted(name)}: “{quoted(text)}” {problem}.") from None
