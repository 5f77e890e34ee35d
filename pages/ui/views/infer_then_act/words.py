"""What the view says of a scene: its two columns, its tables, and sentences computed from the numbers."""

from __future__ import annotations

import math

import pandas as pd

from kl_engine import Categorical, Estimate
from kl_engine.acting.mazes import COMMITMENT_NOISE, PLACES
from pages.ui.glossary import links
from pages.ui.glossary.links import glossary
from pages.ui.say.key import written
from pages.ui.say.numbers import NATS_IN, amount, plain, stated
from pages.ui.views.infer_then_act.scene import FACTORISED, Branches, Choice, Scene

SHARED = 1e-9  # nats: of less the modalities tell one another nothing
EVEN = 1e-6  # a belief nearer than this to ½ takes no side


def lead(scene: Scene) -> list[str]:
    """The two sentences under the title: what each belief says of the reward, and where it sends the agent."""
    exact, q = (plain(state.first.probs[0], decimals=3) for state in (scene.exact, scene.q))
    return [f"**The factorised q gives “right” {q}**, the exact belief gives it {exact}.", _sent(scene)]


def _sent(scene: Scene) -> str:
    """The action of each belief."""
    if any(math.isinf(c.values[c.best[0]].expected_free_energy.value) for c in scene.choices.values()):
        return "Nothing can be chosen: every action may lead to an outcome that C excludes."
    exact, factorised = named(scene.exact_choice.best), named(scene.factorised_choice.best)
    if scene.exact_choice.best == scene.factorised_choice.best:
        return f"Both beliefs choose the same action: {exact}."
    return f"The exact belief chooses {exact}, the factorised one {factorised}."


def meaning(scene: Scene, found: Branches, units: str) -> list[str]:
    """What the factorisation did, what it cost, what it changed, and what the wrong mix would do."""
    sentences = [_inference(scene, units), _action(scene)]
    if scene.question.noise is not None:
        sentences.append(_noise(found))
    return [*sentences, *_mixes(scene, units), *_one_by_one(scene, units)]


def named(actions: tuple[int, ...]) -> str:
    """The actions by their places."""
    return " or ".join(PLACES[k] for k in actions)


def _inference(scene: Scene, units: str) -> str:
    exact, q = scene.exact.first.probs[0], scene.q.first.probs[0]
    gap = (scene.q.free_energy.value - scene.exact.surprisal.value) / NATS_IN[units]
    cost = f"its free energy is {plain(gap, decimals=6)} {units} above the {glossary('surprisal', units)}"
    minima = sum(state.kind == "minimum" for state in scene.states)
    mean_field = glossary("mean field", units, "factorised q")
    marginals = glossary("marginal", units, "marginals")
    if abs(exact - 0.5) < EVEN and abs(q - 0.5) > EVEN:
        other = "; started from the other side it commits to the other one" if minima > 1 else ""
        return f"**The {mean_field} commits** to one explanation while the exact {marginals} stay even: {cost}{other}."
    if abs(gap) < EVEN:
        return f"**The {mean_field} is exact here**: given the clue the two causes are independent."
    more = (
        f"There are {minima} minima; the start decides." if minima > 1 else "There is one minimum, whatever the start."
    )
    beliefs = f"a probability of {plain(q, decimals=4)} instead of {plain(exact, decimals=4)}"
    return f"**The {mean_field}** gives “right” {beliefs}: {cost}. {more}"


def _action(scene: Scene) -> str:
    exact, factorised = named(scene.exact_choice.best), named(scene.factorised_choice.best)
    if scene.exact_choice.best == scene.factorised_choice.best:
        return f"**Action**: both beliefs go to **{exact}**."
    return f"**Action**: the exact belief goes to **{exact}**, the factorised one to **{factorised}**."


def _noise(found: Branches) -> str:
    text = f"**Noise**: it commits if and only if ε < 1/(1 + e²) = {COMMITMENT_NOISE:.6f}"
    if not found.turns:
        return f"{text}; in this maze the best action is the same at every noise shown."
    turns = " and ".join(f"{turn:.6f}" for turn in found.turns)
    return f"{text}; the action it leads to changes at ε = {turns}."


def _mixes(scene: Scene, units: str) -> list[str]:
    """Where risk − information gain would choose something else, or something besides."""
    found = []
    for name, choice in scene.choices.items():
        if not set(choice.mixed) & set(choice.best):
            found.append(_mix(name, choice, units))
        elif choice.mixed != choice.best:
            found.append(_tie(name, choice))
    none = "**Risk − information gain** is not a way to split G, though it happens to choose the same actions here."
    return found or [none]


def _mix(name: str, choice: Choice, units: str) -> str:
    chosen, best = choice.mixed[0], choice.best[0]
    wrong, right = (amount(choice.values[k].double_counted, units) for k in (chosen, best))
    return (
        f"**The illegal mix flips the {name} choice**: risk − {glossary('information gain', units)} is {wrong} for "
        f"{named(choice.mixed)} and {right} for {PLACES[best]}, so it would go to {named(choice.mixed)}. "
        "It subtracts the outcome entropy twice."
    )


def _tie(name: str, choice: Choice) -> str:
    return (
        f"**The illegal mix changes the {name} tie**: G is least for {named(choice.best)}, "
        f"risk − information gain for {named(choice.mixed)}."
    )


def _one_by_one(scene: Scene, units: str) -> list[str]:
    """Where adding the gains of the modalities one by one is not their gain together: for which action most."""
    gaps = [
        (value.gains_added.value - value.information_gain.value, name, k)
        for name, choice in scene.choices.items()
        for k, value in enumerate(choice.values)
    ]
    gap, name, k = max(gaps, key=lambda each: each[0])
    if gap <= SHARED:
        return []
    value = scene.choices[name].values[k]
    gain, together = glossary("information gain", units), stated(value.information_gain, units)
    return [
        f"**One by one or together**: for {PLACES[k]} under the {name} belief the {gain} of all that is seen together, "
        f"{together}, is exact. Added one modality at a time, as pymdp does, it would be "
        f"{amount(value.gains_added, units)}."
    ]


def bars_words(choice: Choice, units: str) -> str:
    """What one chart of bars shows."""
    best = choice.values[choice.best[0]].expected_free_energy
    if math.isinf(best.value):
        return "Every action may lead to what C excludes: G = ∞ for all, and nothing is chosen."
    return f"Least G: **{named(choice.best)}**, {amount(best, units)}."


def bars_note(units: str) -> str:
    """How the bars are read."""
    return (
        f"Each action has two bars for G, in {units}. Left: {glossary('risk', units)} with "
        f"{glossary('ambiguity', units)} (amber) on top. "
        f"Right, in grey: −{glossary('utility', units)} minus the {glossary('information gain', units)} (outlined). "
        f"Both end at the same G. The {glossary('softmax', units)} of −G gives the probability of each action."
    )


def card(scene: Scene, belief: str, units: str) -> str:
    """The exact posterior and the surprisal, or the factorised q and its free energy."""
    if belief == FACTORISED:
        head = f"{written('reverse', 'Factorised q')} &ensp; $q(s_1)\\,q(s_2)$"
        energy = glossary("mean field", units, "free energy F")
        return _card(head, scene.q.first, scene.q.second, energy, scene.q.free_energy, units)
    head = f"{written('target', 'Exact posterior')} &ensp; $p(s_1,s_2\\mid x)$"
    return _card(
        head, scene.exact.first, scene.exact.second, glossary("surprisal", units), scene.exact.surprisal, units
    )


def value_table(choice: Choice) -> pd.DataFrame:
    """One row per action: both splits, G, the probability of the action, and the wrong mix; in nats."""
    columns = {
        "action": list(PLACES),
        "risk": [value.risk.value for value in choice.values],
        "ambiguity": [value.ambiguity.value for value in choice.values],
        "−utility": [-value.utility.value for value in choice.values],
        "information gain": [value.information_gain.value for value in choice.values],
        "gains one by one": [value.gains_added.value for value in choice.values],
        "G": [value.expected_free_energy.value for value in choice.values],
        "softmax(−G)": [None] * len(PLACES) if choice.probs is None else choice.probs.probs.tolist(),
        "risk − gain (illegal)": [value.double_counted.value for value in choice.values],
    }
    return pd.DataFrame(columns)


def shown_table(choice: Choice, units: str) -> pd.DataFrame:
    """The same as text, in the chosen units."""
    table = value_table(choice)
    for name in table.columns[1:]:
        unit = 1.0 if name.startswith("softmax") else NATS_IN[units]
        table[name] = ["" if pd.isna(x) else plain(x / unit, 1e-13, decimals=4) for x in table[name]]
    return table


def value_meanings() -> dict[str, str]:
    """What each column of the table means, to be said on hover."""
    terms = {name: links.meaning(name) for name in ("risk", "ambiguity", "information gain")}
    more = {
        "−utility": f"The negative of the utility. {links.meaning('utility')}",
        "G": links.meaning("expected free energy"),
        "softmax(−G)": links.meaning("softmax"),
        "gains one by one": "The gains of each modality alone, added up as pymdp does; never less than the exact one.",
        "risk − gain (illegal)": "Not an expected free energy: it subtracts the outcome entropy twice.",
    }
    return terms | more


def _card(head: str, first: Categorical, second: Categorical, name: str, value: Estimate, units: str) -> str:
    sides = [plain(x.probs[0], 1e-12) for x in (first, second)]
    return (
        f"{head}  \n{name} {stated(value, units, bold=True)}  \n“right”: first cause **{sides[0]}**, second {sides[1]}"
    )
