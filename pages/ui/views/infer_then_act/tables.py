"""The tables of the model as text: two causes with a clue, and a T-maze; how they start and how they are read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from fractions import Fraction

import numpy as np

from kl_engine import t_maze
from kl_engine.acting.mazes import CONTEXTS, OUTCOMES, PLACES, STATES
from pages.ui.say.plain_text import escaped, quoted
from pages.ui.state.typed_numbers import log_preference, probability
from pages.ui.state.typed_table import Rows, packed, unpacked

CAUSES, LIKELIHOOD, PREFERENCES = "causes", "likelihood", "preferences"
MOVES = tuple(f"move_{place}" for place in PLACES)
NOISE_SEEN = "noise_seen"
CAUSE_COLUMNS = ("causes", "prior D", "clue A")
PAIRS = tuple(f"{first}, {second}" for first in CONTEXTS for second in CONTEXTS)
STATE_NAMES = tuple(f"{place}, {context}" for place, context in STATES)
OUTCOME_NAMES = tuple(f"at {name}" if name in PLACES else name for modality in OUTCOMES for name in modality)
SHARE = "0 or more, such as 0.25 or 1/3; a column that does not add up to 1 is divided by its sum."
WISH = "Any number, or −inf for never; only differences count."
CHANCE = "From 0 to 1."
SIZES = tuple(len(modality) for modality in OUTCOMES)
COLUMNS = {
    CAUSES: CAUSE_COLUMNS,
    LIKELIHOOD: ("outcome", *STATE_NAMES),
    PREFERENCES: ("outcome", "log preference C"),
    **{move: ("to", *(f"from {state}" for state in STATE_NAMES)) for move in MOVES},
}
TITLES = {
    LIKELIHOOD: "A: what each state shows",
    PREFERENCES: "C: what is wished for",
    **{move: f"B: go to {place}" for move, place in zip(MOVES, PLACES)},
}


def causes_table(noise: float) -> str:
    """Flat priors, and the likelihood of the clue "they differ" at this noise."""
    kept, wrong = f"{1 - noise:g}", f"{noise:g}"
    return packed(tuple((pair, "1/4", clue) for pair, clue in zip(PAIRS, (wrong, kept, kept, wrong))))


def follow_noise(session: MutableMapping, noise: float) -> None:
    """When the noise was moved, and not the table with it, set the clue of the table to it; the prior is kept."""
    moved = session.get(NOISE_SEEN, noise) != noise
    if moved and session.get(f"{CAUSES}_seen") == session[CAUSES]:
        clues = [row[2] for row in unpacked(causes_table(noise))]
        session[CAUSES] = packed(tuple((*row[:2], clue) for row, clue in zip(unpacked(session[CAUSES]), clues)))
    session[NOISE_SEEN] = noise


def maze_tables() -> dict[str, str]:
    """The T-maze of the engine, as it is first shown."""
    maze = t_maze()
    tables = {LIKELIHOOD: np.concatenate(maze.A), **dict(zip(MOVES, maze.B))}
    texts = {
        key: packed(tuple((name, *(f"{x:g}" for x in row)) for name, row in zip(row_names(key), array)))
        for key, array in tables.items()
    }
    wishes = [0] * (len(OUTCOME_NAMES) - 2) + [3, -3]
    texts[PREFERENCES] = packed(tuple((name, str(wish)) for name, wish in zip(OUTCOME_NAMES, wishes)))
    return texts


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
    return joint, f"D adds up to {float(total):.6g}: read as divided by it." if abs(total - 1) > 1e-9 else ""


def read_maze(texts: Mapping) -> tuple[tuple, str]:
    """A, B and C as numbers, and the notes on their sums."""
    (A, note), moves = read_columns(LIKELIHOOD, texts[LIKELIHOOD]), [read_columns(key, texts[key]) for key in MOVES]
    world = A, tuple(move for move, _ in moves), read_preferences(texts[PREFERENCES])
    return world, " ".join(filter(None, (note, *(note for _, note in moves))))


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
            raise ValueError(f"C leaves nothing to wish for among {', '.join(names)}: one of them must be above −∞.")
    return parts


def allowed(key: str) -> dict[str, str]:
    """What may stand in each column of a table."""
    kinds = {CAUSES: (SHARE, CHANCE), PREFERENCES: (WISH,)}.get(key, (SHARE,) * len(STATES))
    return dict(zip(COLUMNS[key][1:], kinds))


def row_names(key: str) -> tuple[str, ...]:
    """What the rows of a table are called: they are given, only the numbers are a person's."""
    return {CAUSES: PAIRS, **dict.fromkeys(MOVES, STATE_NAMES)}.get(key, OUTCOME_NAMES)


def _cell(read: Callable, rows: Rows, i: int, k: int, columns: Sequence[str]):
    try:
        return read(rows[i][k])
    except ValueError as problem:
        where = f"{escaped(columns[k])} of {escaped(rows[i][0])}"
        raise ValueError(f"{where}: “{quoted(rows[i][k])}” {problem}.") from None
