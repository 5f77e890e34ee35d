"""What the view is asked: a person's numbers, or a dataset; how many components, which bandwidth, which seed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import streamlit as st

from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import subsample
from kl_engine.data.number_tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Column, NumberTable, read_table
from pages.ui.cache.kept import kept
from pages.ui.say.plain_text import escaped
from pages.ui.state.fields import Choice, Slider
from pages.ui.views.your_data.datasets import DATASETS

MOST_POINTS = 1500  # the cross-validated kernel densities cost their square
MOST_COMPONENTS = 8
FOLDS = 5
FEWEST = 10
LARGEST = 1e100  # beyond, squares overflow
LONGEST_PASTE = 1_000_000
WRITTEN_OUT = 500  # numbers that stand in the Python itself

MINE = "mine"
DATA = Choice("data", "Data", {**{key: dataset.title for key, dataset in DATASETS.items()}, MINE: "My own numbers"})
COMPONENTS = Slider("components", "Components of q", 1.0, float(MOST_COMPONENTS), 1.0, 1.0, "Gaussians in the mixture.")
BANDWIDTH = Slider("bandwidth", "Kernel bandwidth: std × 10^", -3.0, 0.0, 0.25, -1.0, "Towards −3 it memorises.")
SEED = Slider("seed", "Seed of the parts", 0.0, 99.0, 1.0, 0.0, f"It shuffles the data into {FOLDS} parts.")
SLIDERS = (COMPONENTS, BANDWIDTH, SEED)
FIELDS = (DATA, *SLIDERS)
KEPT = "your_data_table"  # the mark of the last text or file read, and its table: of this session only


@dataclass(frozen=True)
class Numbers:
    """Numbers as bytes (float64), by which equal ones are one; `python` draws them again, empty where nothing does."""

    raw: bytes
    python: str = ""
    column: int = 0  # of the table that they were read from

    @classmethod
    def of(cls, values: np.ndarray, python: str = "", column: int = 0) -> Numbers:
        """These numbers."""
        return cls(np.ascontiguousarray(values, dtype=float).tobytes(), python, column)

    @property
    def values(self) -> np.ndarray:
        """The numbers."""
        return np.frombuffer(self.raw)

    def to_python(self) -> str:
        """What defines x: the line that draws it, the numbers themselves, or, where they are many, their file."""
        if self.python:
            return f"x = {self.python}"
        if self.values.size <= WRITTEN_OUT:
            written = ", ".join(f"{number:.17g}" for number in self.values.tolist())
            return f"x = np.array([\n{textwrap.indent(textwrap.fill(written, 100), '    ')}\n])"
        read = f'read_table(Path("numbers.csv").read_bytes()).columns[{self.column}].values'
        return f"x = {read}  # your file, of {self.values.size} numbers"


@dataclass(frozen=True)
class Sample:
    """The numbers that are fitted, and the seed that shuffles them into parts."""

    raw: bytes
    seed: int

    @property
    def values(self) -> np.ndarray:
        """The numbers."""
        return np.frombuffer(self.raw)


@dataclass(frozen=True)
class Question:
    """Numbers, the components of q, and the kernel's bandwidth: the std of the data times 10 to the `power`."""

    numbers: Numbers
    components: int
    power: float
    seed: int

    @property
    def sample(self) -> Sample:
        """The numbers that are fitted: all of them or, of many, so many as can be, drawn by the seed."""
        return sample_of(self.numbers, self.seed)

    @property
    def bandwidth(self) -> float:
        """The standard deviation of the kernel's Gaussians."""
        return Empirical.of(self.sample.values).std * 10**self.power

    def refusal(self) -> str:
        """Why nothing can be fitted to these numbers; empty when something can."""
        if reason := refusal(self.numbers.values):
            return reason
        reason = refusal(self.sample.values)
        return f"Of the numbers drawn: {reason}" if reason else ""

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        many = self.numbers.values.size > MOST_POINTS
        x = self.numbers.to_python() + (f"\nx = subsample(x, {MOST_POINTS}, {self.seed})" if many else "")
        return f"""{_imports(x)}

{x}
data, parts = Empirical.of(x), folds(x.size, {FOLDS}, rng={self.seed})
for count in {sorted({1, self.components})}:
    found = likelihood_fit(data, count)
    score = cross_validated(x, parts, lambda part: likelihood_fit(part, count).q)
    print(count, found.q, found.loss, found.message)  # nats per point, on the points fitted
    print("  on points left out:", score.held_out, "±", score.deviation)
kernel = kernel_scores(x, parts, [data.std * 10**{self.power!r}])[0]
print("kernel density:", kernel.train, kernel.held_out, "±", kernel.deviation)
"""


@kept(8)
def sample_of(numbers: Numbers, seed: int) -> Sample:
    """So many of the numbers as can be fitted."""
    return Sample(np.ascontiguousarray(subsample(numbers.values, MOST_POINTS, seed)).tobytes(), seed)


def _imports(x: str) -> str:
    """The imports of the lines that define x, and of those that follow them."""
    named = ["cross_validated", "folds", "kernel_scores", *(["subsample"] if "subsample" in x else [])]
    lines = (
        ("Path(", "from pathlib import Path\n"),
        ("np.", "import numpy as np\n"),
        ("GaussianMixture", "from kl_engine import GaussianMixture"),
        ("", "from kl_engine.data.empirical import Empirical"),
        ("", f"from kl_engine.data.generalisation import {', '.join(named)}"),
        ("", "from kl_engine.data.likelihood import likelihood_fit"),
        ("read_table", "from kl_engine.data.number_tables import read_table"),
    )
    return "\n".join(line for sign, line in lines if sign in x)


def refusal(x: np.ndarray) -> str:
    """Why nothing can be fitted to these numbers; empty when something can."""
    if x.size < FEWEST:
        return f"There are {x.size} numbers; at least {FEWEST} are needed to leave some out and judge by them."
    if np.abs(x).max() > LARGEST:
        return f"The largest number is {np.abs(x).max():g}: rescale the data, squares of it cannot be computed."
    if np.unique(x).size == 1:
        return (
            f"All {x.size} numbers are {x[0]:g}. The likelihood of a Gaussian there has no bound as its std goes to 0, "
            "so there is nothing to fit: this is memory without anything to generalise."
        )
    if np.unique(x).size < 4 or Empirical.of(x).std < 1e-12 * np.abs(x).max():
        return f"There are only {np.unique(x).size} different numbers, or they differ by rounding only: no density."
    return ""


def ask_numbers() -> tuple[Numbers | None, list[str]]:
    """Draw the choice of the data; the numbers, and remarks about them, or None while there is none."""
    chosen = DATA.pick()
    if chosen != MINE:
        dataset = DATASETS[chosen]
        return Numbers.of(dataset.numbers(), dataset.python), [dataset.about]
    table = _own_table()
    if table is None:
        return None, []
    names = [column.name for column in table.columns]
    labels = [f"{i + 1}: {name}" for i, name in enumerate(names)]
    label = st.selectbox("Column", labels, key="data_column") if len(labels) > 1 else labels[0]
    place = labels.index(label)
    column = table.columns[place]
    return Numbers.of(column.values, column=place), [_how_read(table), *_losses(column)]


def _own_table() -> NumberTable | None:
    """The table of the file or else of the paste; the last one read is kept while the session lasts."""
    allowed = (
        f"At least {FEWEST} numbers; at most {MOST_BYTES // 10**6} MB, {MOST_ROWS:,} lines and {MOST_COLUMNS} columns."
    )
    file = st.file_uploader("A file: CSV or plain text", key="data_file", max_upload_size=50, help=allowed)
    allowed = f"At least {FEWEST} numbers, at most {LONGEST_PASTE:,} characters; parted by spaces, commas or lines."
    pasted = st.text_area("Or paste numbers", key="data_paste", max_chars=LONGEST_PASTE, height=80, help=allowed)
    st.caption("Your numbers are in this server's memory only: not in the address, not on disk.")
    if file is None and not pasted.strip():
        return st.session_state.get(KEPT, (None, None))[1]
    raw = pasted.encode() if file is None else None
    mark = crc32(raw) if file is None else file.file_id
    if st.session_state.get(KEPT, (None, None))[0] != mark:
        try:
            st.session_state[KEPT] = (mark, read_table(file.getvalue() if raw is None else raw))
        except ValueError as refused:
            st.error(escaped(str(refused)))
            return None
    return st.session_state[KEPT][1]


def _how_read(table: NumberTable) -> str:
    comma = ", decimal commas" if table.decimal_comma else ""
    return f"{table.rows} rows in {table.encoding}, separated by {table.separator}{comma}."


def _losses(column: Column) -> list[str]:
    """What of the column is no number, each kind with its count."""
    kinds = ((column.missing, "missing"), (column.infinite, "infinite"), (column.strange, "not a number"))
    found = [f"{count} {kind}" for count, kind in kinds if count]
    if not found:
        return []
    examples = f" (such as {', '.join(map(escaped, column.examples))})" if column.examples else ""
    return [f"Left out: {', '.join(found)}{examples}; {column.values.size} numbers are used."]
