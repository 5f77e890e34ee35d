"""What the view is asked: a person's numbers, or a dataset; how many components, which bandwidth, which seed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import NamedTuple
from zlib import crc32

import numpy as np
import streamlit as st

from kl_engine.data import Reading
from kl_engine.data.empirical import Empirical
from kl_engine.data.generalisation import subsample
from kl_engine.data.number_tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Column, NumberTable, read_table
from kl_engine.data.pasted.choice import Question as Asked
from pages.ui.cache.kept import kept
from pages.ui.say.plain_text import escaped
from pages.ui.state.fields import Choice, Power, Slider
from pages.ui.views.your_data.datasets import DATASETS

MOST_POINTS = 1500  # the cross-validated kernel densities cost their square
MOST_COMPONENTS = 8
FOLDS, REPEATS = 5, 4  # parts of a partition, partitions
FEWEST = 10
LARGEST = 1e100  # beyond, squares overflow
LONGEST_PASTE = 1_000_000
SHOWN_LOSSES = 8  # of the columns that something is left out of
WRITTEN_OUT = 500  # numbers that stand in the Python itself

MINE = "mine"
DATA = Choice("data", "Data", {**{key: dataset.title for key, dataset in DATASETS.items()}, MINE: "My own numbers"})
COMPONENTS = Slider("components", "Components of q", 1.0, float(MOST_COMPONENTS), 1.0, 1.0, "How many Gaussians q has.")
BANDWIDTH = Power(
    "bandwidth",
    "Kernel bandwidth, as a fraction of the std",
    -3.0,
    0.0,
    0.25,
    -1.0,
    "0.1 is a tenth of it. Towards 0.001 the kernel memorises.",
)
SEED = Slider("seed", "Random split (seed)", 0.0, 99.0, 1.0, 0.0, f"It shuffles the data into {FOLDS} parts.")
SLIDERS = (COMPONENTS, BANDWIDTH, SEED)
FIELDS = (DATA, *SLIDERS)
KEPT = "your_data_brought"  # the text or file brought last, of this session only: it outlives the page
ELSEWHERE = -2  # in place of a column that is compared with: those of a second file


@dataclass(frozen=True)
class Numbers:
    """Numbers as bytes (float64), by which equal ones are one; `python` draws them again, empty where nothing does."""

    raw: bytes
    python: str = ""
    column: int = 0  # of the table that they were read from; −1 for all of them
    reading: Reading | None = None  # of that table, where it was asked for
    name: str = ""
    is_whole: bool = False  # no cell of the column was left out: it stands row by row beside another such one
    file: str = "numbers.csv"  # what it is called in the Python

    @classmethod
    def of(cls, values: np.ndarray, python: str = "", **which) -> Numbers:
        """These numbers."""
        return cls(np.ascontiguousarray(values, dtype=float).tobytes(), python, **which)

    @property
    def values(self) -> np.ndarray:
        """The numbers."""
        return np.frombuffer(self.raw)

    def to_python(self, name: str = "x") -> str:
        """What defines x: the line that draws it, the numbers themselves, or, where they are many, their file."""
        if self.python:
            return f"{name} = {self.python}"
        if self.values.size <= WRITTEN_OUT:
            written = ", ".join(f"{number:.17g}" for number in self.values.tolist())
            return f"{name} = np.array([\n{textwrap.indent(textwrap.fill(written, 100), '    ')}\n])"
        how = f", {self.reading!r}" if self.reading else ""
        read = f'read_table(Path("{self.file}").read_bytes(){how})'
        if self.column < 0:
            return f"{name} = np.concatenate([column.values for column in {read}.columns])  # your file"
        read = f"{read}.columns[{self.column}].values"
        return f"{name} = {read}  # your file, of {self.values.size} numbers"


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
    other: Numbers | None = None  # another column, to be compared with

    @property
    def paired(self) -> bool:
        """Whether the two columns stand row by row beside one another, as the coordinates of points."""
        if self.other is None or not (self.numbers.is_whole and self.other.is_whole):
            return False
        return self.numbers.file == self.other.file and self.numbers.values.size == self.other.values.size

    @property
    def other_sample(self) -> Sample:
        """The numbers of the other column that are compared."""
        return sample_of(self.other, self.seed)

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
        return f"""{_imports(x + _other_lines(self))}

{x}
data, partitions = Empirical.of(x), repeated_folds(x.size, {FOLDS}, {REPEATS}, rng={self.seed})
fits = likelihood_fits(data, {max(2, self.components)})
scores = held_out(x, partitions, fits).scores
for found, score in zip(fits, scores):
    if isinstance(found, NotFitted) or isinstance(score, NotFitted):
        print("not judged:", found if isinstance(found, NotFitted) else score)
        continue
    print(found.q, found.loss, found.message, found.refused)  # nats per point, on the points fitted
    print("  on points left out:", score.held_out, "±", score.deviation)
print("the simplest within one standard error of the best:", select(scores))
if not isinstance(fits[{self.components - 1}], NotFitted):
    print("standard errors:", standard_errors(data, fits[{self.components - 1}].q))
kernel = kernel_scores(x, partitions, [data.std * 10**{self.power!r}])[0]
print("kernel density:", kernel.train, kernel.held_out, "±", kernel.deviation)
{_other_lines(self)}"""


def _other_lines(question: Question) -> str:
    """The lines that compare the column with the other one."""
    if question.other is None:
        return ""
    more = f"subsample(y, {MOST_POINTS}, {question.seed})" if question.other.values.size > MOST_POINTS else "y"
    lines = f"""
{question.other.to_python("y")}
y = {more}
for name, a, b in (("D(x‖y)", x, y), ("D(y‖x)", y, x)):
    print(name, kl_from_samples(a, b))
"""
    return lines + "print(points_fits(np.column_stack([x, y]), 4))\n" * question.paired


@kept(8)
def sample_of(numbers: Numbers, seed: int) -> Sample:
    """So many of the numbers as can be fitted."""
    return Sample(np.ascontiguousarray(subsample(numbers.values, MOST_POINTS, seed)).tobytes(), seed)


def _imports(x: str) -> str:
    """The imports of the lines that define x, and of those that follow them."""
    named = ["kernel_scores", "repeated_folds", *(["subsample"] if "subsample" in x else [])]
    lines = (
        ("Path(", "from pathlib import Path\n"),
        ("np.", "import numpy as np\n"),
        ("GaussianMixture", "from kl_engine import GaussianMixture"),
        ("", "from kl_engine.data.empirical import Empirical"),
        ("", f"from kl_engine.data.generalisation import {', '.join(named)}"),
        ("", "from kl_engine.data.held_out import held_out"),
        ("", "from kl_engine.data.likelihood import NotFitted, likelihood_fits"),
        ("read_table", "from kl_engine.data.number_tables import read_table"),
        ("kl_from_samples", "from kl_engine import kl_from_samples"),
        ("points_fits", "from kl_engine.data.points import points_fits"),
        ("Reading(", "from kl_engine.data.pasted.readings import Reading"),
        ("", "from kl_engine.data.selection import select"),
        ("", "from kl_engine.data.standard_errors import standard_errors"),
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


@dataclass(frozen=True, eq=False)
class Own:
    """What a person has brought: how it is known again, where it comes from, and what has been answered about it."""

    mark: object
    source: str
    table: NumberTable | None  # None while it is asked how it is to be read
    question: Asked | None = None
    raw: bytes = b""  # kept where there is a question, to be read as is answered
    reading: Reading | None = None
    column: int | None = None  # None: that which the table says to look at first; −1: all of them as one
    beside: int | None = None  # the column that it is compared with; −2: one of a second file


class Box(NamedTuple):
    """Where numbers are brought: how the keys of its controls begin, how they are called, and where it is kept."""

    key: str
    file: str
    paste: str
    kept: str
    named: str  # the file, in the Python


FIRST = Box("data", "A file: CSV or plain text", "Or paste numbers", KEPT, "numbers.csv")
SECOND = Box("other", "The second file", "Or paste the second numbers", f"{KEPT}_second", "second.csv")


def ask_numbers() -> tuple[Numbers | None, Numbers | None, list[str]]:
    """Draw the choice of the data: the numbers, those to compare them with, and remarks; None where there are none."""
    chosen = DATA.value
    if chosen != MINE:
        dataset = DATASETS[chosen]
        return Numbers.of(dataset.numbers(), dataset.python, name=dataset.name), None, [dataset.about]
    own = _ready(FIRST)
    if own is None:
        return None, None, []
    place = _column(own, own.table, FIRST)
    beside = _beside(own, own.table, place)
    own = st.session_state[KEPT] = replace(own, column=place, beside=beside)
    numbers, remarks = _numbers(own, own.table, place), [_how_read(own.table), *_remarks(own.table, place)]
    if beside == ELSEWHERE:
        other, more = _second(numbers.name)
        return numbers, other, remarks + more
    return numbers, None if beside is None else _numbers(own, own.table, beside), remarks


def _ready(box: Box) -> Own | None:
    """What is in a box, read; None while there is nothing, while it is asked how to read it, or where it is refused."""
    try:
        own = _brought(box)
    except ValueError as refused:
        st.error(escaped(str(refused)))
        return None
    if own and own.question:
        own = st.session_state[box.kept] = _answered(own, box)
    return own if own and own.table is not None else None


def _second(name: str) -> tuple[Numbers | None, list[str]]:
    """The column of a second file that the first, called `name`, is compared with, and remarks."""
    own = _ready(SECOND)
    if own is None:
        return None, []
    place = _column(own, own.table, SECOND)
    st.session_state[SECOND.kept] = replace(own, column=place)
    found = _numbers(own, own.table, place, SECOND)
    found = replace(found, name=f"{name}, second") if found.name == name else found
    return found, [f"The second: {said}" for said in (_how_read(own.table), *_remarks(own.table, place))]


def waiting() -> str:
    """What is waited for while there is nothing to analyse."""
    own: Own | None = st.session_state.get(KEPT)
    if own and own.question and own.table is None:
        return "First say how your numbers are to be read; nothing is analysed before that."
    return "Upload a file or paste at least ten numbers."


def _brought(box: Box) -> Own | None:
    """The file or else the paste; while there is neither, what was brought last in this session."""
    allowed = (
        f"At least {FEWEST} numbers; at most {MOST_BYTES // 10**6} MB, {MOST_ROWS:,} lines and {MOST_COLUMNS} columns."
    )
    file = st.file_uploader(box.file, key=f"{box.key}_file", max_upload_size=50, help=allowed)
    allowed = f"At least {FEWEST} numbers, at most {LONGEST_PASTE:,} characters: lines, tables, lists of any language."
    pasted = st.text_area(box.paste, key=f"{box.key}_paste", max_chars=LONGEST_PASTE, height=80, help=allowed)
    if box is FIRST:
        st.caption("Your numbers are in this server's memory only: not in the address, not on disk.")
    before: Own | None = st.session_state.get(box.kept)
    if file is None and not pasted.strip():
        if before:
            st.caption(f"Kept from before: {escaped(before.source)}.")
        return before
    mark = file.file_id if file is not None else crc32(pasted.encode())
    if before and before.mark == mark:
        return before
    raw = pasted.encode() if file is None else file.getvalue()
    source = f"{len(pasted):,} characters that were pasted" if file is None else file.name
    table = read_table(raw)
    own = Own(mark, source, None, table.questions[0], raw) if table.questions else Own(mark, source, table)
    st.session_state[box.kept] = own
    return own


def _answered(own: Own, box: Box) -> Own:
    """What was brought, read as the person says; nothing is taken for them."""
    labels = [escaped(label) for label in own.question.labels]
    readings = dict(zip(labels, own.question.readings))
    taken = next((i for i, reading in enumerate(own.question.readings) if reading == own.reading), None)
    label = st.radio(
        f"{escaped(own.question.text)} Which is meant?", labels, taken, key=f"{box.key}_reading_{own.mark}"
    )
    reading = readings.get(label)
    if reading is None or reading == own.reading:
        return own
    return replace(own, reading=reading, table=read_table(own.raw, reading), column=None)


def _column(own: Own, table: NumberTable, box: Box) -> int:
    """The place of the column that is analysed; −1 for all of them as one."""
    if len(table.columns) == 1:
        return 0
    labels = [f"{i + 1}: {column.name}{_kind(column)}" for i, column in enumerate(table.columns)]
    labels.append(f"all {len(table.columns)} columns as one")
    first = table.first if own.column is None else own.column
    key = f"{box.key}_column_{own.mark}_{own.reading.key if own.reading else ''}"
    place = labels.index(st.selectbox("Column", labels, first % len(labels), key=key))
    return place if place < len(table.columns) else -1


def _beside(own: Own, table: NumberTable, place: int) -> int | None:
    """The place of another column to compare with, or that it is one of a second file; None where none is asked for."""
    others = [i for i in range(len(table.columns)) if i != place] if place >= 0 else []
    labels = {"nothing": None} | {f"{i + 1}: {table.columns[i].name}{_kind(table.columns[i])}": i for i in others}
    labels["a second file"] = ELSEWHERE
    known = list(labels.values())
    first = known.index(own.beside) if own.beside in known else 0
    return labels[st.selectbox("Compare with", list(labels), first, key=f"data_beside_{own.mark}_{place}")]


def _kind(column: Column) -> str:
    """What makes a column a strange one to analyse."""
    return " (counts rows)" if column.counts_rows else " (constant)" if column.is_constant else ""


def _numbers(own: Own, table: NumberTable, place: int, box: Box = FIRST) -> Numbers:
    """The numbers of a column, and how it is read again in Python."""
    if place >= 0:
        column = table.columns[place]
        whole = not (column.missing or column.infinite or column.strange)
        return Numbers.of(
            column.values, column=place, reading=own.reading, name=column.name, is_whole=whole, file=box.named
        )
    every = np.concatenate([column.values for column in table.columns])
    return Numbers.of(every, column=-1, reading=own.reading, name="all columns", file=box.named)


def _how_read(table: NumberTable) -> str:
    comma = ", decimal commas" if table.decimal_comma else ""
    how = "lists" if table.separator == "list" else f"separated by {table.separator}"
    how = "one number per line" if table.separator == "line" else how
    return f"{table.rows} rows in {table.encoding}, {how}{comma}."


def _remarks(table: NumberTable, place: int) -> list[str]:
    """What was left out, everywhere; and whether this column is one to analyse."""
    column = table.columns[max(place, 0)]
    found = []
    if place >= 0 and column.counts_rows:
        found.append(f"{escaped(column.name)} counts rows: it says where a row stands, not what was measured.")
    if column.unit and place >= 0:
        found.append(f"The numbers are in {escaped(column.unit)}.")
    left_out = [escaped(str(each)) for each in table.left_out]
    if left_out:
        more = f"; and {len(left_out) - SHOWN_LOSSES} more" if len(left_out) > SHOWN_LOSSES else ""
        used = f"; {column.values.size} numbers are used." if place >= 0 else "."
        found.append(f"Left out: {'; '.join(left_out[:SHOWN_LOSSES])}{more}{used}")
    return found
