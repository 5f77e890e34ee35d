"""Three ways through the argument, some ten minutes each. A stop is a claim, and a question that the dial answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pages.ui.views.claims.argument import CLAIMS
from pages.ui.views.claims.argument.claim import Claim, Results

LAST = 3  # steps that are taken for the last one
Answered = Callable[[Claim, float], bool]  # of a claim, and where its dial stands


@dataclass(frozen=True)
class Stop:
    """A claim of a route: what leads to it, what is asked there, when it is answered, and what then is said.

    `asks` and `reply` are templates of the claim. Where the claim opens the question is not answered yet.
    """

    claim: str
    bridge: str
    asks: str
    answered: Answered
    reply: str


@dataclass(frozen=True)
class Route:
    """A way through some of the claims, in an order of its own, and where it leads in the end."""

    title: str
    about: str
    stops: tuple[Stop, ...]
    script: str
    onward: str


def when(true: Callable[[Results], bool]) -> Answered:
    """Answered where this is true of what is measured."""
    return lambda claim, at: bool(true(claim.measure(at)))


def beside_start(true: Callable[[Results, Results], bool]) -> Answered:
    """Answered where this is true of what is measured, beside what is measured where the claim opens."""
    return lambda claim, at: bool(true(claim.measure(at), claim.measure(claim.dial.default)))


def where_it(holds: bool) -> Answered:
    """Answered where the claim holds, or where it does not."""
    return lambda claim, at: claim.is_true_at(at) == holds


def last_that(holds: bool) -> Answered:
    """Answered at one of the last steps of the dial at which the claim still holds, or still does not.

    A finger on a narrow screen cannot set one step among two hundred: so a few are taken for the last.
    """

    def answered(claim: Claim, at: float) -> bool:
        dial = claim.dial
        places = [at + k * dial.step for k in range(-LAST, LAST + 1)]
        beside = [place for place in places if dial.low <= place <= dial.high]
        return claim.is_true_at(at) == holds and any(claim.is_true_at(place) != holds for place in beside)

    return answered


def least(name: str) -> Answered:
    """Answered at the step of the dial at which a result is least, seen from its neighbours."""

    def value(claim: Claim, at: float) -> float:
        return float(claim.measure(at)[name])

    def answered(claim: Claim, at: float) -> bool:
        here = value(claim, at)
        return all(here <= value(claim, place) for place in (at - claim.dial.step, at + claim.dial.step))

    return answered


LITTLE_FORWARD = (
    "Find the least share of D(p‖q) with which q covers both modes.",
    last_that(holds=False),
    "From about {share} on. What decides is the weights: a name such as “reverse KL with a forward term” does not "
    "tell.",
)
PRICE = (
    "Set a price at which the reverse fit is the better one.",
    where_it(holds=False),
    "With this price the forward fit loses {forward_loss} and the reverse fit {reverse_loss}. Which direction to take "
    "is a question about your errors, and you have just answered it.",
)

PICTURE = Route(
    "From the picture to the loss",
    "Begins with two modes and one Gaussian, and ends with the question to ask of any loss.",
    (
        Stop(
            "middle",
            "One Gaussian cannot be two modes. The forward fit tries to be both.",
            "Bring the modes together until q invents next to nothing, while p still has its two peaks.",
            when(lambda r: r["hallucinated"].value < 0.01 and r["rises"] > 0),
            "q invents {hallucinated}, and p has {level} of its height at the peak of q. A valley is not yet a state "
            "that does not exist: how deep it is matters.",
        ),
        Stop(
            "locks",
            "The reverse fit can do otherwise. When does it?",
            "Find the largest separation at which the best fit still covers both modes.",
            last_that(holds=False),
            "At {at} it covers for {value}, and a little further it takes one mode. Both prices are nearly the same "
            "there, the two fits are not: a jump.",
        ),
        Stop(
            "from-start",
            "That was the best fit of all. What a run finds depends on where it begins.",
            "Find a separation at which p has two peaks and yet every start leads to the centre.",
            when(lambda r: r["off_centre"] == 0 and abs(r["p"].means[0] - r["p"].means[1]) > 2),
            "At {at} there is one minimum. “Reverse KL locks on to a mode” needs modes that are far enough apart.",
        ),
        Stop(
            "most-frequent",
            "And which mode does it take?",
            "Change the width of the more frequent mode until it wins.",
            where_it(holds=True),
            "It costs {on_frequent}, and the rarer one {on_rare}. Weight counts, and so does the fit to the shape.",
        ),
        Stop(
            "forward-blind",
            "Why do the two behave so? Because each looks only where its average is taken.",
            "Move the bump of q to where D(p‖q) is less than half of what it is far away.",
            when(lambda r: r["forward"].value < r["limit"] / 2),
            "D(p‖q) is {forward}: there p is not thin, and the mass of q is not wasted.",
        ),
        Stop(
            "no-gradient",
            "It is tempting to conclude that nothing pulls at a q out there.",
            "Move q until its mean is pulled with less than a quarter of the pull at the start.",
            beside_start(lambda r, start: abs(r["by_mean"].value) < abs(start["by_mean"].value) / 4),
            "The slope is {by_mean}. The pull grows with the distance; it is least where q is nearly right.",
        ),
        Stop(
            "trilemma",
            "With data in the place of p the same choice returns: invent, miss, or memorise.",
            "Add Gaussians until fresh draws cost clearly more than the draws that q was fitted to.",
            when(lambda r: r["gap"] > 0.1),
            "They cost {gap} more. q has begun to follow the accidents of this sample.",
        ),
        Stop("superior", "So which direction is the right one?", *PRICE),
        Stop("little-forward", "What is left is to ask a loss under which distribution it takes its average.",
             *LITTLE_FORWARD),
    ),
    "pages/objective_check.py",
    "Now ask it of your own loss",
)  # fmt: skip

CODES = Route(
    "From codes to free energy",
    "Begins with the length of a message, and ends with a creature that acts on what it believes.",
    (
        Stop(
            "code-cost",
            "A divergence is a number of nats, or bits: of what?",
            "Choose q so that a code made for it costs nothing extra.",
            when(lambda r: r["forward"].value < 1e-12),
            "Now q is p, and the best code for q is the best code for p.",
        ),
        Stop(
            "zero",
            "There is no other q that costs nothing.",
            "Move q until D(p‖q) is four times what it was at the start.",
            beside_start(lambda r, start: r["forward"].value >= 4 * start["forward"].value * (1 - 1e-12)),
            "At {at} it is {forward}: it grows with the square of the distance, and is not a distance itself.",
        ),
        Stop(
            "never-negative",
            "And none that costs less than nothing, if it is a distribution.",
            "Find the largest sum of q at which the formula does not fall below zero.",
            last_that(holds=True),
            "Up to a sum of {total} it is {value}. A negative value shows that something is not normalised.",
        ),
        Stop(
            "triangle",
            "It looks like a distance, and is none.",
            "Make the detour through r longer than the direct way.",
            where_it(holds=True),
            "Now it is {through} through r, and {direct} directly. For a distance this would hold at every r.",
        ),
        Stop(
            "three-forms",
            "A belief about what caused an observation has a cost too, its free energy F.",
            "Find the mean of q at which F is least.",
            least("value"),
            "F is {value} there. Complexity or accuracy alone would have another minimum: F weighs them.",
        ),
        Stop(
            "constant",
            "Minimising F is minimising a divergence, though not one that can be computed.",
            "Find the mean of q at which D(q‖posterior) is least. You need not look at F.",
            least("divergence"),
            "It is {divergence}, and F is least there too, at {value}: the curves differ by a constant.",
        ),
        Stop(
            "bound",
            "The lowest value that F can take is the surprisal of the observation.",
            "Make the bound as tight as the dial allows.",
            least("gap"),
            "{gap} is left above {surprisal}. q is all but the posterior.",
        ),
        Stop(
            "too-sure",
            "F takes the reverse direction, so a simple q leaves things out.",
            "Find the strongest correlation at which q is not yet too sure of itself.",
            last_that(holds=False),
            "At {at} it reports {std}, and {short} of the std is missing.",
        ),
        Stop(
            "commits",
            "What it leaves out may be the other explanation.",
            "Find the noisiest clue to which q still commits.",
            last_that(holds=True),
            "At {at} it gives {share} to one value; the exact posterior gives {exact_share}.",
        ),
        Stop(
            "acts",
            "And what one believes, one acts on.",
            "Make the clue so noisy that q asks before it chooses.",
            where_it(holds=False),
            "Now G is {cue} for the cue and {arm} for the arm: who is not sure asks.",
        ),
    ),
    "pages/free_energy.py",
    "Now with models of your own",
)

RLHF = Route(
    "What my RLHF loss does",
    "Begins with a negative number in a training log, and ends with the choice of a direction.",
    (
        Stop(
            "sampled-negative",
            "The KL of the log is an average over draws of the policy.",
            "Take so many draws that a negative average is rare.",
            where_it(holds=True),
            "With {draws} draws the chance is {chance}.",
        ),
        Stop(
            "k-three",
            "So one reaches for an estimator that is never negative.",
            "Move the policy to where k₃ pulls the way D(q‖p) does.",
            where_it(holds=True),
            "D(q‖p) has slope {wanted} and k₃ {got}: the same way. Between the modes they disagree, and there it "
            "matters.",
        ),
        Stop(
            "k-three-variance",
            "It is said to vary less.",
            "Find the narrowest policy for which its variance is finite.",
            last_that(holds=True),
            "A std of about {at}: below, rare draws with large ratios decide the average.",
        ),
        Stop(
            "collapse",
            "What is the divergence there for? To keep the policy from collapsing.",
            "Lower β until one answer has nearly everything.",
            where_it(holds=True),
            "One answer has {likely}, {divergence} from the reference. It is β that did it.",
        ),
        Stop(
            "reverse-blind",
            "The divergence is taken under the policy. What does that not see?",
            "Bring the second mode of p in until D(q‖p) begins to see it.",
            where_it(holds=False),
            "At {at} D(q‖p) is {reverse} and moves with the mode. Before, q could lose it without a trace.",
        ),
        Stop(
            "far-mode",
            "And what it does not see does not pull.",
            "Bring the modes together until the policy feels the other one.",
            where_it(holds=False),
            "At separation {at} the pull is {by_mean}. A mode that was lost at a distance does not come back by "
            "itself.",
        ),
        Stop("little-forward", "A term of the other direction, as in distillation, would see it.", *LITTLE_FORWARD),
        Stop("superior", "Then which direction is the right one?", *PRICE),
    ),
    "pages/objective_check.py",
    "Now paste your own loss",
)

ROUTES: dict[str, Route] = {"picture": PICTURE, "codes": CODES, "rlhf": RLHF}


def stop_of(route: str, claim: str) -> tuple[int, Stop | None]:
    """Where a claim stands on a route, from 0, and its stop; −1 and None where it is no part of it."""
    stops = ROUTES[route].stops if route in ROUTES else ()
    return next(((i, stop) for i, stop in enumerate(stops) if stop.claim == claim), (-1, None))


def neighbours(route: str, claim: str) -> tuple[str, str]:
    """The claims before and after this one, on a route or in the whole argument; the claim itself at an end.

    From a claim that is no part of the route both lead to where that begins.
    """
    keys = [stop.claim for stop in ROUTES[route].stops] if route in ROUTES else list(CLAIMS)
    if claim not in keys:
        return keys[0], keys[0]
    place = keys.index(claim)
    return keys[max(place - 1, 0)], keys[min(place + 1, len(keys) - 1)]
