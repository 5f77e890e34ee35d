"""(7) Committing to a cause, then acting on it."""

from __future__ import annotations

import numpy as np

from kl_engine import Categorical
from kl_engine.acting import (
    action_values,
    best_actions,
    exact_posterior,
    exclusive_or,
    factorised_states,
    t_maze,
)
from kl_engine.acting.mazes import PLACES, at_the_centre
from pages.ui.views.claims.argument.claim import (
    GIVEN,
    NAME,
    REVERSE,
    SHARE,
    TARGET,
    Claim,
    Door,
    Drawing,
    Number,
    Results,
    bars,
    dial,
)
from pages.ui.views.claims.argument.measuring import POST_ACTION

INFER = "Infer, then act"
CLUE = (
    "Two causes, each as likely as not, and a clue that they differ, which is wrong as often as the dial says. It "
    "does not say which is which, so nothing is known about either one alone. "
)


def noisy_clue(at: float) -> dict[str, str]:
    """The page on inference and action at this noise."""
    return {"noise": f"{0.005 * round(at / 0.005):.3f}"}


def commitment(noise):
    """The belief about the first of two causes: exact, and of the best factorised q."""
    joint = exclusive_or(noise)
    exact = exact_posterior(joint)
    q = max((state for state in factorised_states(joint) if state.kind == "minimum"), key=lambda s: s.first.probs[0])
    return {
        "exact": exact.first.probs,
        "belief": q.first.probs,
        "share": float(q.first.probs[0]),
        "exact_share": float(exact.first.probs[0]),
        "free_energy": q.free_energy,
        "surprisal": exact.surprisal,
        "margin": 1e-6,
    }


def _beliefs(results: Results) -> Drawing:
    series = {"exact": (TARGET, results["exact"]), "q": (REVERSE, results["belief"])}
    return bars(("one value", "the other"), "belief about the first cause", **series)


COMMITS = Claim(
    "commits",
    "It commits",
    "A factorised q commits to one explanation where the exact posterior leaves both open.",
    (POST_ACTION, "MacKay, ch. 33"),
    CLUE + "q keeps the two causes independent; this is the best such q. Commits: moves from the exact belief at all.",
    dial("Noise of the clue", 0.005, 0.5, 0.005, 0.05, "How often the clue is wrong."),
    commitment,
    lambda r: r["share"] > r["exact_share"] + r["margin"],
    (
        Number("share", "belief in one value, by q", SHARE, "Mean field"),
        Number("exact_share", "the same, exactly", SHARE, "Posterior"),
        Number("free_energy", "F of q", term="Free energy"),
        Number("surprisal", "−log p(clue), the lowest F there is", term="Surprisal"),
        Number("margin", "what counts as a move", SHARE),
    ),
    _beliefs,
    "q gives {share} to one value of the first cause; exactly it is {exact_share}. Its F is {free_energy}, and the "
    "surprisal {surprisal}.",
    "q gives {share}, and so does the exact posterior.",
    "Independent causes cannot say “one or the other, but not both”. When the clue is sharp, staying open costs more "
    "than choosing, and q breaks a symmetry that the posterior keeps; exact inference over finitely many states never "
    "does.",
    Door("pages/infer_then_act.py", INFER, noisy_clue),
    unproved="the engine finds every fixed point of the factorised q, and that none is missed is argued in its code.",
    subject="the clue is wrong",
    above="more often than {edge}",
    below="less often than {edge}",
)


def choice(noise):
    """Where one goes in the T-maze with each of the two beliefs."""
    beliefs = commitment(noise)
    model = t_maze()
    values, best = {}, {}
    for name in ("exact", "belief"):
        values[name] = action_values(model, at_the_centre(Categorical(beliefs[name])))
        best[name] = PLACES[best_actions(values[name])[0]]
    of_cue, of_arm = (values["belief"][k].expected_free_energy for k in (3, 1))
    return {
        "exact_values": np.array([value.expected_free_energy.value for value in values["exact"]]),
        "belief_values": np.array([value.expected_free_energy.value for value in values["belief"]]),
        "exact_action": best["exact"],
        "action": best["belief"],
        "share": beliefs["share"],
        "cue": of_cue,
        "arm": of_arm,
        "least": min(value.expected_free_energy.value for value in values["exact"]),
    }


def _actions(results: Results) -> Drawing:
    series = {"exact": (TARGET, results["exact_values"]), "q": (REVERSE, results["belief_values"])}
    return bars(PLACES, in_nats=True, **series)


ACTS = Claim(
    "acts",
    "And acts on it",
    "What q commits to changes what is done.",
    (POST_ACTION, "Friston and others, on the T-maze"),
    CLUE
    + "The belief about the first cause is taken into the T-maze, where a cue can be asked before an arm is chosen.",
    dial("Noise of the clue", 0.005, 0.2, 0.005, 0.05, "How often the clue is wrong."),
    choice,
    lambda r: r["action"] != r["exact_action"],
    (
        Number("share", "belief in one value, by q", SHARE, "Mean field"),
        Number("cue", "G of asking the cue, under q", term="Expected free energy"),
        Number("arm", "G of the likelier arm, under q", term="Expected free energy"),
        Number("least", "least G under the exact belief", term="Expected free energy"),
        Number("action", "what q chooses", NAME, "Expected free energy"),
        Number("exact_action", "what the exact belief chooses", NAME, "Expected free energy"),
    ),
    _actions,
    "With {share} in one value, q chooses “{action}”: G is {arm} there, and {cue} for the cue. The exact belief "
    "chooses “{exact_action}”.",
    "q chooses “{action}”, as the exact belief does: G is {cue} for the cue, and {arm} for the arm.",
    "Asking is worth what may be learnt, and whoever is sure learns nothing. So an approximation that is good by its "
    "own measure, F, may still lead to another decision.",
    Door("pages/infer_then_act.py", INFER, noisy_clue),
    unproved="both beliefs are taken through this one maze, with its preferences.",
    subject="the clue is wrong",
    above="more often than {edge}",
    below="less often than {edge}",
)


def twice(validity):
    """The T-maze by G, and by a sum that takes the entropy of outcomes off twice."""
    values = action_values(t_maze(cue_validity=validity))
    right, wrong = (PLACES[best_actions(values, by)[0]] for by in ("expected_free_energy", "double_counted"))
    return {
        "values": np.array([value.expected_free_energy.value for value in values]),
        "wrong_values": np.array([value.double_counted.value for value in values]),
        "action": right,
        "wrong_action": wrong,
        "cue": values[3].expected_free_energy,
        "arm": values[1].expected_free_energy,
        "wrong_cue": values[3].double_counted,
        "wrong_arm": values[1].double_counted,
    }


def _twice(results: Results) -> Drawing:
    series = {"G": (TARGET, results["values"]), "risk − gain": (GIVEN, results["wrong_values"])}
    return bars(PLACES, in_nats=True, **series)


TWICE = Claim(
    "risk-minus-gain",
    "Risk minus gain",
    "Risk less information gain orders the actions as the expected free energy does.",
    ("tutorials on active inference",),
    "The T-maze from a belief that is open; the dial sets how often the cue is right.",
    dial("How often the cue is right", 0.5, 1.0, 0.005, 1.0, "At one half it says nothing."),
    twice,
    lambda r: r["action"] == r["wrong_action"],
    (
        Number("cue", "G of asking the cue", term="Expected free energy"),
        Number("arm", "G of an arm", term="Expected free energy"),
        Number("wrong_cue", "risk − gain of asking the cue", term="Information gain"),
        Number("wrong_arm", "risk − gain of an arm", term="Information gain"),
        Number("action", "best by G", NAME, "Expected free energy"),
        Number("wrong_action", "best by risk − gain", NAME, "Information gain"),
    ),
    _twice,
    "Both choose “{action}”: G is {cue} for the cue and {arm} for an arm; risk less gain {wrong_cue} and {wrong_arm}.",
    "G chooses “{action}” ({cue} for the cue, {arm} for an arm); risk less gain chooses “{wrong_action}” ({wrong_cue} "
    "and {wrong_arm}).",
    "G is risk + ambiguity, or −utility − information gain. Risk and gain both hold the entropy of the outcomes; "
    "their difference subtracts it twice, and so rewards whatever is unpredictable.",
    Door("pages/infer_then_act.py", INFER, lambda at: {}),
    unproved="both sums are taken for every action of this one maze. A single case in which the order "
    "differs refutes the sentence.",
    subject="the cue is right",
    above="more often than {edge}",
    below="less often than {edge}",
    unconditional=True,
)

CLAIMS = (COMMITS, ACTS, TWICE)
