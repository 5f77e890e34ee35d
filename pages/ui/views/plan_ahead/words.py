"""What the view says of a scene: sentences computed from the numbers, and the tables of turns, plans and steps."""

from __future__ import annotations

import math

import pandas as pd

from pages.ui.glossary import links
from pages.ui.glossary.links import glossary
from pages.ui.say.numbers import NATS_IN, in_brief, plain, stated
from pages.ui.views.plan_ahead.scene import Plan, Scene, plan_of

MOST_PLANS = 8
SAME = 1e-9  # nats


def lead(scene: Scene, units: str) -> list[str]:
    """What this run shows, in two sentences: the way that was taken, and what was planned at the start."""
    drawn = scene.question.drawn
    way = ", ".join(drawn.actions[turn.action] for turn in scene.turns)
    end = f"{drawn.wished} is found at turn {scene.reached}" if scene.reached else f"{drawn.wished} is not found"
    return [f"It goes {way}: **{end}**.", _planned(scene, units)]


def _planned(scene: Scene, units: str) -> str:
    best = scene.plans[0]
    value = in_brief(best.policy.value, units)
    text = f"Of {len(scene.plans):,} plans “{named(scene, best)}” is likeliest: G = {value}"
    ties = scene.tied > 1 and math.isfinite(best.policy.value.value)
    return f"{text} ({scene.tied} tie)." if ties else f"{text}."


def named(scene: Scene, plan: Plan) -> str:
    """A plan by its actions."""
    return ", ".join(scene.question.drawn.actions[k] for k in plan.policy.actions)


def told(scene: Scene, frame: int) -> str:
    """What has happened up to a frame: the step that led there, and what was seen."""
    if not frame:
        return "The start"
    turn, drawn = scene.turns[frame - 1], scene.question.drawn
    return f"{drawn.actions[turn.action]}; seen: {seen(scene, frame - 1)}"


def seen(scene: Scene, turn: int) -> str:
    """What was seen at a turn, by the names of the outcomes."""
    drawn, outcomes = scene.question.drawn, scene.turns[turn].outcomes
    names = [part[k] for part, k in zip(drawn.outcomes, outcomes)]
    if drawn.told_at is not None:
        modality, place = drawn.told_at
        names[modality] += "" if drawn.place_of[scene.turns[turn].state] == place else " (chance)"
    return ", ".join(filter(None, names))


def account(scene: Scene) -> str:
    """The turns as a list, for whoever does not see them played."""
    return "\n".join(f"{t}. {told(scene, t)}" for t in range(1, len(scene.turns) + 1))


def meaning(scene: Scene, units: str) -> list[str]:
    """What a plan is and is not, what γ and habits do here, and whether the gains may be added one by one."""
    return [_fixed(scene, units), *_habit(scene), _gains(scene, units)]


def _fixed(scene: Scene, units: str) -> str:
    energy, gain = glossary("expected free energy", units), glossary("information gain", units)
    return (
        f"**A plan is fixed in advance**: its {energy} is the sum over its steps, and what is seen along the way "
        f"does not change its later steps. The {gain} of each step is counted as if nothing had been seen before it: "
        "two looks at one cue count twice. After each step the agent learns from what it saw and "
        "weighs every plan again."
    )


def _habit(scene: Scene) -> list[str]:
    question, first = scene.question, scene.turns[0]
    if question.habit is None:
        return []
    least = min(scene.plans, key=lambda plan: plan.policy.value.value)
    action = question.drawn.actions[question.habit[0]]
    if least.policy.actions[0] == first.action:
        return [f"**The habit**, {action}, does not change the first step."]
    alone = question.drawn.actions[least.policy.actions[0]]
    return [f"**The habit**, {action}, changes the first step: the plan of least G begins with {alone}."]


def _gains(scene: Scene, units: str) -> str:
    best, scale = scene.plans[0], NATS_IN[units]
    gain = glossary("information gain", units)
    gap = best.one_by_one.value - best.gain.value
    joint = f"all that is seen together, {stated(best.gain, units)}"
    if gap <= SAME:
        return (
            f"**One by one or together**: the {gain} of the likeliest plan is that of {joint}. Added one modality at a "
            "time, as pymdp does, it is the same here: no two of them carry the same information."
        )
    changed = _by_one_by_one(scene)
    other = f" and would make {changed} the best plan" if changed else ""
    return (
        f"**One by one or together**: the {gain} of the likeliest plan is that of {joint}, which is exact. Added one "
        f"modality at a time, as pymdp does, it comes out at {plain(best.one_by_one.value / scale, 1e-12, 6)} {units}: "
        f"{plain(gap / scale, 1e-12, 6)} too much, as two of them carry the same information{other}."
    )


def _by_one_by_one(scene: Scene) -> str:
    """The plan of least G where the gains are added one by one, if that is another one."""
    costs = [(-plan.utility.value - plan.one_by_one.value, plan) for plan in scene.plans]
    least = min(cost for cost, _ in costs)
    best = min(scene.plans, key=lambda plan: plan.policy.value.value)
    chosen = next(plan for cost, plan in costs if cost <= least + SAME)
    tied = next(cost for cost, plan in costs if plan is best) <= least + SAME
    return "" if tied else named(scene, chosen)


def turn_table(scene: Scene, units: str) -> pd.DataFrame:
    """One row per turn: the step, what was seen, and the likeliest plan with both splits of its G."""
    rows = []
    for t, turn in enumerate(scene.turns):
        plan = plan_of(turn.best)
        told_of = {"turn": str(t + 1), "step": scene.question.drawn.actions[turn.action], "seen": seen(scene, t)}
        rows.append(told_of | {"likeliest plan": named(scene, plan)} | _parts(plan, units))
    return pd.DataFrame(rows)


def plan_table(scene: Scene, units: str) -> pd.DataFrame:
    """The likeliest plans at the start."""
    rows = [{"plan": named(scene, plan)} | _parts(plan, units) for plan in scene.plans[:MOST_PLANS]]
    return pd.DataFrame(rows)


def step_table(scene: Scene, units: str) -> pd.DataFrame:
    """The steps of the likeliest plan at the start, each with both splits of its G."""
    rows, scale = [], NATS_IN[units]
    best = scene.plans[0].policy
    for action, step in zip(best.actions, best.steps):
        values = {
            "G": step.expected_free_energy,
            "risk": step.risk,
            "ambiguity": step.ambiguity,
            "−utility": -step.utility,
            "information gain": step.information_gain,
            "gains one by one": step.gains_added,
        }
        named_step = {"step": scene.question.drawn.actions[action]}
        rows.append(named_step | {name: _number(value.value / scale) for name, value in values.items()})
    return pd.DataFrame(rows)


def _parts(plan: Plan, units: str) -> dict[str, str]:
    scale = NATS_IN[units]
    values = {
        "G": plan.policy.value,
        "risk": plan.risk,
        "ambiguity": plan.ambiguity,
        "−utility": -plan.utility,
        "information gain": plan.gain,
        "gains one by one": plan.one_by_one,
    }
    return {name: _number(value.value / scale) for name, value in values.items()} | {
        "probability": _number(plan.policy.probability)
    }


def _number(value: float) -> str:
    return plain(value, 1e-13, decimals=6)


def column_meanings() -> dict[str, str]:
    """What each column of the tables means, to be said on hover."""
    terms = {name: links.meaning(name) for name in ("risk", "ambiguity", "information gain")}
    return terms | {
        "G": f"Risk + ambiguity = −utility − information gain, over all steps. {links.meaning('expected free energy')}",
        "−utility": f"The negative of the utility. {links.meaning('utility')}",
        "gains one by one": "The gains of each modality alone, added as in pymdp: never less than the exact gain.",
        "probability": "Q of the plan: its habit times exp(−γ G), divided by the sum over all plans.",
    }


def caption(scene: Scene) -> str:
    """How the picture is read."""
    return (
        f"{scene.question.drawn.shade} The dot is the agent, the grey line its path so far, the dashed one the "
        "likeliest plan. The bars are the probabilities of the next step, over all plans."
    )
