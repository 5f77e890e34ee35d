"""Everything the view shows of one question: engine results and nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kl_engine import Categorical, Estimate
from kl_engine.acting import FiniteModel, PolicyValue, Turn, episode
from pages.ui.cache.kept import kept
from pages.ui.views.plan_ahead.question import Question

TIED = 1e-9  # nats: two plans whose G differ by less are equally good


@dataclass(frozen=True, eq=False)
class Plan:
    """A policy with its parts summed over its steps, in nats; `one_by_one` adds the gains of each modality alone."""

    policy: PolicyValue
    risk: Estimate
    ambiguity: Estimate
    utility: Estimate
    gain: Estimate
    one_by_one: Estimate


@dataclass(frozen=True, eq=False)
class Scene:
    """The turns of the run, the plans at its start, the likeliest first, and the true states from first to last.

    Of the plans of each turn only the likeliest is held: all of them would be a megabyte for each run.
    """

    question: Question
    model: FiniteModel
    turns: tuple[Turn, ...]
    plans: tuple[Plan, ...]
    states: tuple[int, ...]

    @property
    def tied(self) -> int:
        """How many of the plans at the start have the least G."""
        least = min(plan.policy.value.value for plan in self.plans)
        return sum(plan.policy.value.value <= least + TIED for plan in self.plans)

    @property
    def reached(self) -> int | None:
        """The turn, counted from 1, at which what is wished for was found first."""
        modality, outcome = self.question.drawn.found
        return next((t for t, turn in enumerate(self.turns, start=1) if turn.outcomes[modality] == outcome), None)


@kept(64)
def answered(question: Question) -> Scene:
    """The run: at most 625 plans at each of six turns, half a second."""
    model = question.model()
    turns = episode(
        model,
        question.truth,
        question.horizon,
        question.drawn.turns,
        question.precision,
        question.habits(),
        rng=question.seed,
    )
    plans = sorted((plan_of(policy) for policy in turns[0].policies), key=lambda plan: -plan.policy.probability)
    likeliest = tuple(replace(turn, policies=(turn.best,)) for turn in turns)
    return Scene(question, model, likeliest, tuple(plans), (question.truth, *(turn.state for turn in turns)))


def plan_of(policy: PolicyValue) -> Plan:
    """The policy with its parts summed."""
    names = ("risk", "ambiguity", "utility", "information_gain", "gains_added")
    parts = [[getattr(step, name) for step in policy.steps] for name in names]
    return Plan(policy, *(sum(each[1:], each[0]) for each in parts))


def belief_at(scene: Scene, frame: int) -> Categorical:
    """The belief before the turn of this frame; at the last, that at the end."""
    return scene.turns[frame].belief if frame < len(scene.turns) else scene.turns[-1].after


def planned_places(scene: Scene, turn: Turn) -> list[int]:
    """The place that is most probable at each step of the best plan of a turn, from where one believes to be."""
    belief, place_of = turn.belief.probs, np.array(scene.question.drawn.place_of)
    places = [int(place_of[int(np.argmax(belief))])]
    for action in turn.best.actions:
        belief = scene.model.B[action] @ belief
        places.append(int(place_of[int(np.argmax(belief))]))
    return places
