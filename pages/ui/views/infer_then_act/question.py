"""What the view of inference and action is asked: a clue about two causes, a start, and a maze, read from tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kl_engine import Categorical
from kl_engine.acting import FiniteModel
from kl_engine.acting.mazes import OUTCOMES, STATES, at_the_centre
from pages.ui.say.plain_text import escaped, quoted
from pages.ui.state import session
from pages.ui.state.fields import Choice, Slider
from pages.ui.state.typed_numbers import log_preference, probability
from pages.ui.state.typed_table import Rows, Table, packed, unpacked
from pages.ui.views.infer_then_act.tables import (
    CAUSE_COLUMNS,
    CAUSES,
    COLUMNS,
    LIKELIHOOD,
    MOVES,
    PREFERENCES,
    SIZES,
    TITLES,
    allowed,
    causes_table,
    maze_tables,
    row_names,
)

RIGHT, LEFT = "right", "left"
NOISE = Slider(
    "noise",
    "Noise ε of the clue",
    0.005,
    0.5,
    0.005,
    0.05,
    "The clue says “the causes differ”; ε is its error rate.",
)
SIDE = Choice("side", "Start of the ascent", {RIGHT: "right", LEFT: "left"})
STARTS = maze_tables()
SHOWN = Choice("table", "Table", TITLES)  # which table of the maze is in sight
MAZE = {key: Table(key, COLUMNS[key], text, allowed(key), row_names(key)) for key, text in STARTS.items()}
PRESETS = {"T-maze": 0.5, "Exclusive or": 0.05, "Above the threshold": 0.15}  # the noise; at ½ the clue says nothing

Numbers = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Maze:
    """The tables of a maze: what each state shows (A), where each move leads (B), what is wished for (C)."""

    A: Numbers
    B: tuple[Numbers, ...]
    C: Numbers

    def model(self) -> FiniteModel:
        """The maze as a model, entered at its centre."""
        return FiniteModel(
            at_the_centre(Categorical([0.5, 0.5])), self.likelihoods(), tuple(map(np.array, self.B)), self.C
        )

    def likelihoods(self) -> tuple[np.ndarray, ...]:
        """A, cut into the tables of its modalities."""
        ends = np.cumsum([0, *(len(part) for part in self.C)]).tolist()
        return tuple(np.array(self.A[a:b]) for a, b in zip(ends, ends[1:]))


@dataclass(frozen=True)
class Question:
    """p(causes, clue) of the four pairs of causes, the side from which q ascends, and the maze.

    `noise` is that of the clue where the causes are an exclusive or, as they begin; None where they were changed.
    """

    joint: tuple[float, ...]
    right: bool
    maze: Maze
    noise: float | None

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        A, joint = [part.tolist() for part in self.maze.likelihoods()], self.joint
        pick = "max" if self.right else "min"
        return f"""from math import inf

from kl_engine import Categorical
from kl_engine.acting import FiniteModel, action_values, best_actions, exact_posterior, factorised_states

joint = [{list(joint[:2])}, {list(joint[2:])}]  # p(causes, clue)
exact, states = exact_posterior(joint), factorised_states(joint)
q = {pick}((state for state in states if state.kind == "minimum"), key=lambda state: state.first.probs[0])
print("surprisal", exact.surprisal, "  F", q.free_energy)  # nats

A = {A}
B = {[[list(row) for row in move] for move in self.maze.B]}
C = {[list(part) for part in self.maze.C]}
model = FiniteModel(Categorical([0.5, 0.5] + [0] * 6), A, B, C)
for belief in (exact.first, q.first):
    values = action_values(model, Categorical([*belief.probs, 0, 0, 0, 0, 0, 0]))
    for value in values:
        print("G", value.expected_free_energy, "  risk", value.risk.value, "  ambiguity", value.ambiguity.value)
    print("best", best_actions(values), "  illegal mix", best_actions(values, "double_counted"))
"""


def causes_of(noise: float) -> Table:
    """The table of the causes: as it begins, those of an exclusive or whose clue has this noise."""
    return Table(CAUSES, CAUSE_COLUMNS, causes_table(noise), allowed(CAUSES), row_names(CAUSES))


def as_begun(noise: float) -> dict[str, object]:
    """Every table as it begins, at this noise."""
    return {NOISE.key: noise, CAUSES: causes_table(noise), **STARTS}


def follow_noise() -> None:
    """When a person moves the noise: set the clue of the table to it, and keep the prior."""
    prior = unpacked(causes_of(NOISE.value).value)
    clues = unpacked(causes_table(NOISE.value))
    session.put({CAUSES: packed(tuple((*row[:2], clue[2]) for row, clue in zip(prior, clues)))})


def read(texts: Mapping[str, str], noise: float, right: bool) -> tuple[Question, str]:
    """The question of these tables, and the notes on sums that are not 1; ValueError where one cannot be read."""
    joint, note = read_causes(texts[CAUSES])
    maze, more = read_maze(texts)
    is_exclusive = texts[CAUSES] == causes_table(noise)
    return Question(joint, right, maze, noise if is_exclusive else None), " ".join(filter(None, (note, more)))


def read_causes(text: str) -> tuple[tuple[float, ...], str]:
    """p(causes, clue) of the four pairs, and a note where the prior had to be divided by its sum."""
    rows = unpacked(text)
    prior, clue = ([_cell(probability, rows, i, k, CAUSE_COLUMNS) for i in range(4)] for k in (1, 2))
    if any(x > 1 for x in clue):
        raise ValueError("The clue's likelihoods are probabilities: none can be above 1.")
    total = sum(prior)
    if not total:
        raise ValueError("The prior D adds up to 0: give at least one pair a probability.")
    joint = tuple(float(x * y / total) for x, y in zip(prior, clue))
    if not any(joint):
        raise ValueError("No pair of causes allowed by the prior can give this clue: its probability is 0.")
    return joint, f"D adds up to {float(total):.6g}: each number is divided by it." if abs(total - 1) > 1e-9 else ""


def read_maze(texts: Mapping[str, str]) -> tuple[Maze, str]:
    """A, B and C as numbers, and the notes on their sums."""
    (A, note), moves = read_columns(LIKELIHOOD, texts[LIKELIHOOD]), [read_columns(key, texts[key]) for key in MOVES]
    maze = Maze(A, tuple(move for move, _ in moves), read_preferences(texts[PREFERENCES]))
    return maze, " ".join(filter(None, (note, *(note for _, note in moves))))


def read_columns(key: str, text: str) -> tuple[tuple[tuple[float, ...], ...], str]:
    """The columns of A or B as distributions (of A: within each modality), and a note on sums that are not 1."""
    names, columns = row_names(key), COLUMNS[key]
    rows = unpacked(text)
    blocks = SIZES if key == LIKELIHOOD else (len(names),)
    array = [[Fraction(0)] * len(STATES) for _ in names]
    odd, start = [], 0
    for size in blocks:
        for s, state in enumerate(columns[1:]):
            cells = [_cell(probability, rows, i, s + 1, columns) for i in range(start, start + size)]
            total = sum(cells)
            if not total:
                raise ValueError(
                    f"{TITLES[key]}: under “{state}”, {names[start]} … {names[start + size - 1]} add up to 0."
                )
            if abs(total - 1) > 1e-9:
                odd.append(state)
            for i, cell in enumerate(cells, start):
                array[i][s] = cell / total
        start += size
    note = f"{TITLES[key]}: sums that are not 1 ({', '.join(dict.fromkeys(odd))}) are divided by." if odd else ""
    return tuple(tuple(map(float, row)) for row in array), note


def read_preferences(text: str) -> tuple[tuple[float, ...], ...]:
    """The log preferences of each modality."""
    rows = unpacked(text)
    logs = [_cell(log_preference, rows, i, 1, COLUMNS[PREFERENCES]) for i in range(len(rows))]
    ends = np.cumsum((0, *SIZES)).tolist()
    parts = tuple(tuple(logs[a:b]) for a, b in zip(ends, ends[1:]))
    for part, names in zip(parts, OUTCOMES):
        if max(part) == -math.inf:
            raise ValueError(f"C rules out everything among {', '.join(names)}: one of them must be above −∞.")
    return parts


def _cell(read: Callable, rows: Rows, i: int, k: int, columns: Sequence[str]):
    try:
        return read(rows[i][k])
    except ValueError as problem:
        where = f"{escaped(columns[k])} of {escaped(rows[i][0])}"
        raise ValueError(f"{where}: “{quoted(rows[i][k])}” {problem}.") from None
