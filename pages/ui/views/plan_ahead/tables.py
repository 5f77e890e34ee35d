"""The two worlds of the view as a picture has them: where a place is drawn, what actions and outcomes are called.

To add one, add an entry, and its model in `Question.model`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kl_engine.acting.mazes import CONTEXTS, FINDS, OUTCOMES, PLACES, STATES, STEPS

MAZE, GRID = "maze", "grid"
SHAPE, START, GOAL, PIT = (3, 3), (2, 0), (0, 2), (1, 1)  # of the grid: (row, column), counted from 0
CELLS = tuple((row, column) for row in range(SHAPE[0]) for column in range(SHAPE[1]))


@dataclass(frozen=True)
class World:
    """What a world is called, and where its parts are.

    `places` is where each place is drawn, (row, column); `place_of` the place of each state; `labels` what stands at a
    place; `outcomes` the names of what each modality may show, "" for what is not worth a word. The picture shades a
    place by the belief in the states `shaded[place]`, which it calls `shade`.
    """

    title: str
    actions: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    place_of: tuple[int, ...]
    labels: tuple[str, ...]
    outcomes: tuple[tuple[str, ...], ...]
    shaded: tuple[tuple[int, ...], ...]
    shade: str
    start: int
    turns: int
    found: tuple[int, int]  # the modality and the outcome of what is wished for
    wished: str
    told_at: tuple[int, int] | None = None  # a modality that is chance alone but at this place


def _reward_on(side: str) -> tuple[int, ...]:
    return tuple(s for s, (_, context) in enumerate(STATES) if context == side)


WORLDS = {
    MAZE: World(
        title="T-maze",
        actions=PLACES,
        places=((0, 1), (0, 2), (0, 0), (1, 1)),
        place_of=tuple(PLACES.index(place) for place, _ in STATES),
        labels=PLACES,
        outcomes=(("",) * len(PLACES), OUTCOMES[1], OUTCOMES[2]),
        shaded=tuple(_reward_on(place) if place in CONTEXTS else () for place in PLACES),
        shade="Shaded: the belief that the reward is there.",
        start=PLACES.index("centre"),
        turns=3,
        found=(2, OUTCOMES[2].index("reward")),
        wished="the reward",
        told_at=(1, PLACES.index("cue")),
    ),
    GRID: World(
        title="Grid",
        actions=tuple(STEPS),
        places=CELLS,
        place_of=tuple(range(len(CELLS))),
        labels=tuple({START: "start", GOAL: "goal", PIT: "pit"}.get(cell, "") for cell in CELLS),
        outcomes=(tuple(f"row {row + 1}, column {column + 1}" for row, column in CELLS), FINDS),
        shaded=tuple((s,) for s in range(len(CELLS))),
        shade="Shaded: the belief about where the agent is.",
        start=CELLS.index(START),
        turns=6,
        found=(1, FINDS.index("goal")),
        wished="the goal",
    ),
}
