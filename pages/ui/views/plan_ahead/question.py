"""What the view asks: a world, how far ahead it is planned, with which precision and habit, and what is true there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from kl_engine import Categorical
from kl_engine.acting import FiniteModel, grid_world, t_maze
from kl_engine.acting.mazes import CONTEXTS
from pages.ui.state import session
from pages.ui.state.fields import Choice, Field, Slider, Stepper
from pages.ui.views.plan_ahead.tables import GOAL, GRID, MAZE, PIT, SHAPE, START, WORLDS, World

NONE = "none"
WORLD = Choice("world", "World", {name: world.title for name, world in WORLDS.items()})
HORIZON = Choice(
    "horizon", "Steps planned ahead", {str(k): str(k) for k in range(1, 5)}, begins_with="2", help="How long a plan is."
)
PRECISION = Slider(
    "precision", "Precision γ", 0.25, 16.0, 0.25, 4.0, "How sharply the plans of lower G are preferred: Q ∝ E exp(−γG)."
)
HABITS = {
    name: Choice(
        "habit",
        "Habit",
        {NONE: NONE, **{action: action for action in world.actions}},
        help="A step that is made by habit: E in Q ∝ E exp(−γG).",
    )
    for name, world in WORLDS.items()
}
STRENGTH = Slider(
    "strength",
    "Strength of the habit",
    1.0,
    100.0,
    1.0,
    10.0,
    "How many times likelier each such step makes a plan, whatever its G.",
)
SEED = Stepper("sample", "Run", 1.0, 999.0, 1.0, 1.0, "The seed of what happens; another seed gives another run.")
TRUTH = Choice("truth", "The reward is on the", {side: side for side in CONTEXTS})
CUE = Slider(
    "cue", "Validity of the cue", 0.5, 1.0, 0.05, 1.0, "How often the cue names the right side; at ½ it says nothing."
)
SLIP = Slider("slip", "A step fails", 0.0, 0.5, 0.05, 0.1, "The probability that a step leaves the agent where it is.")
BLUR = Slider(
    "blur", "The cell is misread", 0.0, 0.5, 0.05, 0.1, "The probability that a cell is taken for one beside it."
)
OWN: dict[str, tuple[Field, ...]] = {MAZE: (TRUTH, CUE), GRID: (SLIP, BLUR)}  # the controls of each world

FAR_ENOUGH = {MAZE: "2", GRID: "3"}  # steps ahead that show what planning is for


def take_world() -> None:
    """Look as far ahead as is needed in the world that a person has just chosen."""
    session.put({HORIZON.key: FAR_ENOUGH[WORLD.value], PRECISION.key: PRECISION.default})


@dataclass(frozen=True)
class Question:
    """The world and its two numbers, the plan's length, γ, and the habit: an action and its strength, or None.

    `truth` is the true state at first.
    """

    world: str
    horizon: int
    precision: float
    habit: tuple[int, float] | None
    truth: int
    settings: tuple[float, ...]
    seed: int

    @property
    def drawn(self) -> World:
        """The world as it is drawn."""
        return WORLDS[self.world]

    def model(self) -> FiniteModel:
        """The world as who acts in it believes it to be."""
        if self.world == MAZE:
            return t_maze(cue_validity=self.settings[0])
        slip, blur = self.settings
        return grid_world(SHAPE, START, GOAL, PIT, slip=slip, blur=blur)

    def habits(self) -> Categorical | None:
        """E over the policies: each step of the habit makes one so many times likelier."""
        if self.habit is None:
            return None
        action, strength = self.habit
        counts = [policy.count(action) for policy in product(range(len(self.drawn.actions)), repeat=self.horizon)]
        weights = strength ** np.array(counts, dtype=float)
        return Categorical(weights / weights.sum())

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        if self.world == MAZE:
            model = f"kl.acting.t_maze(cue_validity={self.settings[0]})"
        else:
            slip, blur = self.settings
            model = f"kl.acting.grid_world({SHAPE}, {START}, {GOAL}, {PIT}, slip={slip}, blur={blur})"
        habits = "habits = None"
        if self.habit is not None:
            action, strength = self.habit
            habits = (
                f"policies = product(range({len(self.drawn.actions)}), repeat={self.horizon})\n"
                f"weights = np.array([{strength} ** policy.count({action}) for policy in policies])\n"
                "habits = kl.Categorical(weights / weights.sum())"
            )
        return f"""from itertools import product

import numpy as np

import kl_engine as kl

actions = {list(self.drawn.actions)}
model = {model}
{habits}
turns = kl.acting.episode(
    model, {self.truth}, {self.horizon}, {self.drawn.turns}, {self.precision}, habits, rng={self.seed}
)
for turn in turns:
    print(actions[turn.action], turn.outcomes, turn.after.probs.round(6))
    print("best plan", [actions[k] for k in turn.best.actions], " G", turn.best.value)  # nats
for step in turns[0].best.steps:
    print("risk", step.risk, " ambiguity", step.ambiguity)
    print("-utility", -step.utility, " information gain", step.information_gain, " one by one", step.gains_added)
"""


def asked(world: str, values: dict[str, object]) -> Question:
    """The question of what is set, by key."""
    drawn = WORLDS[world]
    habit = None if values["habit"] == NONE else (drawn.actions.index(values["habit"]), float(values["strength"]))
    truth = CONTEXTS.index(values["truth"]) if world == MAZE else drawn.start
    settings = (values["cue"],) if world == MAZE else (values["slip"], values["blur"])
    return Question(
        world, int(values["horizon"]), float(values["precision"]), habit, truth, tuple(settings), int(values["sample"])
    )
