"""The tables of the model as text, and how they start: two causes with a clue, and a T-maze."""

from __future__ import annotations

import numpy as np

from kl_engine.acting import t_maze
from kl_engine.acting.mazes import CONTEXTS, OUTCOMES, PLACES, STATES
from pages.ui.state.typed_table import packed

CAUSES, LIKELIHOOD, PREFERENCES = "causes", "likelihood", "preferences"
MOVES = tuple(f"move_{place}" for place in PLACES)
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
    PREFERENCES: "C: what is preferred",
    **{move: f"B: go to {place}" for move, place in zip(MOVES, PLACES)},
}


def causes_table(noise: float) -> str:
    """Flat priors, and the likelihood of the clue "they differ" at this noise."""
    kept, wrong = f"{1 - noise:g}", f"{noise:g}"
    return packed(tuple((pair, "1/4", clue) for pair, clue in zip(PAIRS, (wrong, kept, kept, wrong))))


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


def allowed(key: str) -> dict[str, str]:
    """What may stand in each column of a table."""
    kinds = {CAUSES: (SHARE, CHANCE), PREFERENCES: (WISH,)}.get(key, (SHARE,) * len(STATES))
    return dict(zip(COLUMNS[key][1:], kinds))


def row_names(key: str) -> tuple[str, ...]:
    """What the rows of a table are called: they are given, only the numbers are a person's."""
    return {CAUSES: PAIRS, **dict.fromkeys(MOVES, STATE_NAMES)}.get(key, OUTCOME_NAMES)
