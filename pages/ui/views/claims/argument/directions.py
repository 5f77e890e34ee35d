"""(9) No direction is superior: what each is right for, and what lies between them."""

from __future__ import annotations

import numpy as np

from kl_engine import Alpha, GaussianMixture, disagreement, fit
from pages.ui.views.claims.argument.claim import (
    FORWARD,
    PLAIN,
    REVERSE,
    SHARE,
    TARGET,
    Claim,
    Door,
    Drawing,
    Line,
    Number,
    Results,
    densities,
    dial,
    lesson,
)
from pages.ui.views.claims.argument.expectation import POST_MEAN_MODE
from pages.ui.views.claims.argument.seeking import HOME, home


def rivals(separation):
    """Both fits of two equal modes: what each misses and invents."""
    p = GaussianMixture.two_modes(separation)
    forward, reverse = fit(p, "forward").q, fit(p, "reverse").q
    of_forward, of_reverse = disagreement(p, forward), disagreement(p, reverse)
    return {
        "p": p,
        "forward": forward,
        "reverse": reverse,
        "forward_misses": of_forward.missed,
        "reverse_misses": of_reverse.missed,
        "forward_invents": of_forward.hallucinated,
        "reverse_invents": of_reverse.hallucinated,
    }


NEITHER = Claim(
    "neither",
    "No direction is superior",
    "Neither direction is superior: the forward fit misses less, the reverse fit invents less.",
    (POST_MEAN_MODE, "Minka, divergence measures"),
    "Two equal modes of std one, the dial apart, and both best Gaussians.",
    dial("Mode separation", 0.0, 10.0, 0.05, 7.0, "Between the two modes of p."),
    rivals,
    lambda r: (
        r["forward_misses"].value < r["reverse_misses"].value
        and r["reverse_invents"].value < r["forward_invents"].value
    ),
    (
        Number("forward_misses", "forward: mass missed", SHARE, "Missed"),
        Number("reverse_misses", "reverse: mass missed", SHARE, "Missed"),
        Number("forward_invents", "forward: mass invented", SHARE, "Hallucinated"),
        Number("reverse_invents", "reverse: mass invented", SHARE, "Hallucinated"),
    ),
    lambda r: densities(r, p=TARGET, forward=FORWARD, reverse=REVERSE),
    "Forward misses {forward_misses} and invents {forward_invents}; reverse misses {reverse_misses} and invents "
    "{reverse_invents}. Each is better by one of the two measures.",
    "Forward misses {forward_misses} and invents {forward_invents}; reverse misses {reverse_misses} and invents "
    "{reverse_invents}: no such trade here.",
    "Where both fits cover both modes there is little between them, and what there is need not follow their "
    "names. Beyond the place where the reverse fit lets one mode go, each is good at what its own average looks at.",
    Door("app.py", HOME, home),
    unproved="both fits are made and measured at each separation.",
    subject="the modes are",
    above="more than {edge} apart",
    below="less than {edge} apart",
)


def worth(price):
    """Both fits of two far modes, under a loss: `price` for what is missed, the rest for what is invented."""
    p = GaussianMixture.two_modes(7.0)
    forward, reverse = fit(p, "forward").q, fit(p, "reverse").q
    of_forward, of_reverse = disagreement(p, forward), disagreement(p, reverse)

    def loss(found, price):
        return price * found.missed.value + (1 - price) * found.hallucinated.value

    prices = np.linspace(0, 1, 51)
    return {
        "p": p,
        "forward": forward,
        "reverse": reverse,
        "apart": float(np.ptp(p.means)),
        "invented": of_forward.hallucinated,
        "missed": of_reverse.missed,
        "price": price,
        "forward_loss": loss(of_forward, price),
        "reverse_loss": loss(of_reverse, price),
        "prices": prices,
        "forward_losses": loss(of_forward, prices),
        "reverse_losses": loss(of_reverse, prices),
    }


def _losses(results: Results) -> Drawing:
    lines = (
        Line("forward fit", FORWARD, results["prices"], results["forward_losses"]),
        Line("reverse fit", REVERSE, results["prices"], results["reverse_losses"]),
    )
    return Drawing(lines, "price of what is missed", "loss", here=results["price"])


SUPERIOR = Claim(
    "superior",
    "The better direction",
    "The forward direction is the better one.",
    ("said of either direction, in turn",),
    "Two equal modes, {apart} apart, and both best Gaussians. A loss charges what is missed at the price of the dial, "
    "and what is invented at the rest. Better: the smaller loss.",
    dial("Price of what is missed", 0.0, 1.0, 0.01, 0.5, "The price of what is invented is the rest."),
    worth,
    lambda r: r["forward_loss"] < r["reverse_loss"],
    (
        Number("price", "price of what is missed", PLAIN),
        Number("forward_loss", "loss of the forward fit", PLAIN, "Forward divergence"),
        Number("reverse_loss", "loss of the reverse fit", PLAIN, "Reverse divergence"),
        Number("invented", "what the forward fit invents", SHARE, "Hallucinated"),
        Number("missed", "what the reverse fit misses", SHARE, "Missed"),
        Number("apart", "how far apart the modes are", PLAIN),
    ),
    _losses,
    "The forward fit loses {forward_loss}, the reverse fit {reverse_loss}: at this price forward is better.",
    "The forward fit loses {forward_loss}, the reverse fit {reverse_loss}: at this price reverse is better.",
    "The forward fit invents {invented} and misses little; the reverse fit misses {missed} and invents little. Which "
    "is better is not a property of the divergence but of what an error costs: a diagnosis must not miss, a generated "
    "sample must not be impossible.",
    Door(
        "app.py",
        HOME,
        lambda at: {"separation": "7", "weight": "0.5", "right": "1", "left": "1", "mean": "3.5", "std": "1"},
    ),
    unproved="both fits are made and measured, and the edge is where their losses cross.",
    subject="missing costs",
    above="more than {edge}",
    below="less than {edge}",
    unconditional=True,
)


def between(alpha):
    """The best Gaussian of an α-divergence: 0 is the reverse direction, 1 the forward one."""
    p = GaussianMixture.two_modes(8.0)
    q = fit(p, Alpha(alpha)).q
    return {
        "p": p,
        "q": q,
        "alpha": alpha,
        "mean": abs(q.mean),
        "std": q.std,
        "apart": float(np.ptp(p.means)),
    }


DIAL = Claim(
    "alpha",
    "What lies between",
    "Between the two directions lies a compromise: an α-divergence covers both modes.",
    ("Minka, divergence measures", "Hernández-Lobato and others", "Rényi variational inference"),
    "p has two equal modes, {apart} apart; the dial sets α, with D(q‖p) at zero and D(p‖q) at one. Covers: the best q "
    "sits in the centre.",
    dial("α", 0.0, 1.0, 0.01, 0.5, "Zero is the reverse direction, one the forward one."),
    between,
    lambda r: r["mean"] < 1e-6,
    (
        Number("alpha", "α", PLAIN, "Alpha-divergence"),
        Number("apart", "how far apart the modes are", PLAIN),
        Number("mean", "how far q is from the centre", PLAIN, "Locked and covering"),
        Number("std", "its std", PLAIN, "Approximation"),
    ),
    lambda r: densities(r, p=TARGET, q=REVERSE),
    "At α = {alpha} the best q sits in the centre, std {std}.",
    "At α = {alpha} the best q is {mean} from the centre, std {std}: it takes one mode.",
    "On the way from one direction to the other the best fit does not pass gradually from one shape to the other: "
    "it jumps, where two optima change places as the best one. Each α is right for a loss of its own.",
    Door(
        "pages/alpha_dial.py",
        "The α dial",
        lambda at: {"alpha": f"{at:g}", "separation": "8", "weight": "0.5", "right": "1", "left": "1"},
    ),
    lesson("closed_forms", "alpha", "The α-divergence"),
    subject="α is",
    above="above {edge}",
    below="below {edge}",
)

CLAIMS = (NEITHER, SUPERIOR, DIAL)
