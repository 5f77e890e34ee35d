"""(2) Who stands under the expectation: what each direction does not see, and what it charges all the same."""

from __future__ import annotations

import math

import numpy as np

from kl_engine import Gaussian, GaussianMixture, forward_kl, kl_gradient, reverse_kl
from pages.ui.views.claims.argument.claim import (
    FORWARD,
    GIVEN,
    OTHER,
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
from pages.ui.views.claims.argument.measuring import ANY_TWO, POST_ACTION, any_two

POST_MEAN_MODE = "A blog post on mean, mode and memory"
LAB = "Mixture lab"


def elsewhere(place):
    """q copies p but for a fifth of its mass, which it puts into a bump at `place`."""
    p, share = Gaussian(0, 1), 0.8
    q = GaussianMixture([share, 1 - share], [0, place], [1, 0.5])
    forward, limit = forward_kl(p, q), -math.log(share)
    return {
        "p": p,
        "q": q,
        "share": share,
        "forward": forward,
        "limit": limit,
        "gap": abs(forward - limit),
        "allowed": 0.01,
    }


NOT_SEEN = Claim(
    "forward-blind",
    "Where p is thin",
    "Where p has next to nothing, D(p‖q) does not see where q puts its mass.",
    (POST_ACTION, POST_MEAN_MODE, "Murphy, ch. on variational inference"),
    "q gives p's own shape {share} of its mass, and the rest to a bump that the dial moves. Not seen: wherever the "
    "bump goes from there, D(p‖q) stays within {allowed} of one number.",
    dial("Place of q's bump", 0.0, 10.0, 0.1, 6.0, "p is a Gaussian about zero, of std one."),
    elsewhere,
    lambda r: r["gap"].value <= r["allowed"],
    (
        Number("share", "share of q with the shape of p", SHARE, "Mixture"),
        Number("forward", "D(p‖q)"),
        Number("limit", "D(p‖q) with the bump far away"),
        Number("gap", "what is between them"),
        Number("allowed", "allowed"),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "The bump is at {at}, and D(p‖q) is {forward}: wherever it goes from here, the number moves by no more than {gap}.",
    "The bump is at {at}, where p has mass, and D(p‖q) is {forward}: it still moves with the bump.",
    "The average is taken over p, so a place counts by how much of p is there. The reverse direction weighs the "
    "same place by q, and there it is the bump that costs most.",
    Door(
        "pages/any_two.py",
        ANY_TWO,
        lambda at: any_two("norm(0, 1)", f"0.8*norm(0, 1) + 0.2*norm({at:g}, 0.5)"),
    ),
    lesson("stationarity", "locking", "The same sum with p and q exchanged"),
    subject="the bump is",
    above="beyond {edge}",
    below="below {edge}",
)


def spent(share):
    """q puts a share of its mass where p has none to speak of."""
    p = Gaussian(0, 1)
    q = GaussianMixture([1 - share, share], [0, 10], [1, 0.5])
    away = float(q.means[1] - p.mean) / p.std
    return {"p": p, "q": q, "share": share, "away": away, "forward": forward_kl(p, q), "charge": -math.log(1 - share)}


FREE = Claim(
    "free-of-charge",
    "Is it free there?",
    "So the mass that q puts where p is zero is ignored: it costs nothing.",
    (POST_MEAN_MODE, "many lecture notes (“where p is zero, q is free”)"),
    "q copies p, except for the share that the dial sets, which lies {away} standard deviations away.",
    dial("Share of q where p has nothing", 0.01, 0.9, 0.01, 0.4, "The rest of q has the shape of p."),
    spent,
    lambda r: r["forward"].value <= r["forward"].error,
    (
        Number("share", "share of q away from p", SHARE, "Hallucinated"),
        Number("away", "how far away, in stds of p", PLAIN),
        Number("forward", "D(p‖q)"),
        Number("charge", "−log of the mass of q that is left"),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "{share} of q is away from p, and D(p‖q) is {forward}.",
    "{share} of q is away from p, and D(p‖q) is {forward}: it charges −log of what is left, {charge}.",
    "The sum has no term where p is zero, yet q adds up to one: what it spends there is missing where p is. The "
    "charge is −log of the mass of q on the support of p, and more where q also has another shape there.",
    Door(
        "pages/any_two.py",
        ANY_TWO,
        lambda at: any_two("norm(0, 1)", f"{1 - at:.12g}*norm(0, 1) + {at:g}*norm(10, 0.5)"),
    ),
    lesson("stationarity", "locking", "The same sum with p and q exchanged"),
    unconditional=True,
)


def pull(place):
    """The slope of D(p‖q) by the mean and the std of q, where q stands at `place` and p at zero."""
    p, q = Gaussian(0, 1), Gaussian(place, 1)
    slope = kl_gradient(p, q, wrt="b")
    return {
        "p": p,
        "q": q,
        "forward": forward_kl(p, q),
        "by_mean": slope.mean[0],
        "by_std": slope.std[0],
        "allowed": 0.01,
    }


def _pull(results: Results) -> Drawing:
    """p, q, and what each place adds to the step downhill of the mean and of the std, to a scale of its own."""
    p, q = results["p"], results["q"]
    x = np.linspace(-4, q.mean + 4, 401)
    away = (x - q.mean) / q.std
    of_mean, of_std = p.pdf(x) * away / q.std, p.pdf(x) * (away**2 - 1) / q.std
    top = 0.8 * float(p.pdf(x).max())
    lines = (
        Line("p", TARGET, x, p.pdf(x)),
        Line("q", GIVEN, x, q.pdf(x)),
        Line("pull on the mean of q", FORWARD, x, of_mean * top / np.abs(of_mean).max()),
        Line("pull on its std", OTHER, x, of_std * top / np.abs(of_std).max()),
    )
    return Drawing(lines, "x", "density; pulls to their own scales")


NO_GRADIENT = Claim(
    "no-gradient",
    "No gradient there?",
    "Where p is zero there is no gradient, so a q that lies there stays there.",
    (POST_MEAN_MODE,),
    "p and q are Gaussians of std one; the dial sets how far q is from p, which is nowhere exactly zero and far "
    "out as good as zero.",
    dial("Mean of q", 0.5, 8.0, 0.1, 6.0, "p is at zero."),
    pull,
    lambda r: abs(r["by_mean"].value) <= r["allowed"],
    (
        Number("forward", "D(p‖q)"),
        Number("by_mean", "slope in the mean of q", PLAIN, "Stationarity"),
        Number("by_std", "slope in the std of q", PLAIN, "Stationarity"),
        Number("allowed", "slope that counts as none", PLAIN),
    ),
    _pull,
    "The slope in the mean of q is {by_mean}.",
    "The slope in the mean of q is {by_mean}, in its std {by_std}; all of it comes from where p is.",
    "The first half is true: a place where p is zero adds nothing to the slope. The pull comes from where p is, and "
    "it grows with the distance; a q of one shape moves as a whole, and normalisation ties its mass there to its "
    "mass here.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two("norm(0, 1)", f"norm({at:g}, 1)")),
    lesson("stationarity", "any", "What the slope is made of"),
    unconditional=True,
)


def unseen_mode(place):
    """p has a second mode at `place`; q copies the first and knows nothing of the second."""
    p = GaussianMixture([0.7, 0.3], [0, place], [1, 0.5])
    q = Gaussian(0, 1)
    reverse, limit = reverse_kl(p, q), -math.log(0.7)
    return {
        "p": p,
        "q": q,
        "reverse": reverse,
        "forward": forward_kl(p, q),
        "limit": limit,
        "gap": abs(reverse - limit),
        "allowed": 0.01,
    }


REVERSE_BLIND = Claim(
    "reverse-blind",
    "Where q is thin",
    "Where q has next to nothing, D(q‖p) does not see what p has there.",
    (POST_ACTION, POST_MEAN_MODE, "Bishop, ch. 10"),
    "q copies one mode of p; the other one, of the rest of the mass, is moved by the dial. Not seen: wherever it goes "
    "from there, D(q‖p) stays within {allowed} of one number.",
    dial("Place of p's second mode", 0.0, 10.0, 0.1, 6.0, "q is a Gaussian about zero, of std one."),
    unseen_mode,
    lambda r: r["gap"].value <= r["allowed"],
    (
        Number("reverse", "D(q‖p)"),
        Number("limit", "D(q‖p) with that mode far away"),
        Number("gap", "what is between them"),
        Number("forward", "D(p‖q)"),
        Number("allowed", "allowed"),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "The mode is at {at}, and D(q‖p) is {reverse}: wherever the mode goes from here, it stays near {limit}. "
    "D(p‖q) is {forward}, and grows with the distance.",
    "The mode is at {at}, where q has mass, and D(q‖p) is {reverse}: it still moves with the mode.",
    "The average is taken over q, so a place counts by how much of q is there. What is left of the second mode is "
    "one number, −log of the weight of the first: the price of missing the rest, whatever the rest is.",
    Door(
        "pages/any_two.py",
        ANY_TWO,
        lambda at: any_two(f"0.7*norm(0, 1) + 0.3*norm({at:g}, 0.5)", "norm(0, 1)"),
    ),
    lesson("stationarity", "locking", "The price of locking"),
    subject="that mode is",
    above="beyond {edge}",
    below="below {edge}",
)


def far_mode(separation):
    """q stands on the left mode of p; what draws it to the right one in the reverse direction."""
    p = GaussianMixture.two_modes(separation)
    q = Gaussian(-separation / 2, 1)
    slope, forward = kl_gradient(q, p, wrt="a"), kl_gradient(p, q, wrt="b")
    return {
        "p": p,
        "q": q,
        "by_mean": -slope.mean[0],
        "forward_pull": -forward.mean[0],
        "allowed": 0.01,
    }


NO_PULL = Claim(
    "far-mode",
    "A mode out of reach",
    "In the reverse direction a q on one mode feels nothing of the other.",
    ("Minka, divergence measures", "Murphy"),
    "p has two equal modes of std one, and q sits on the left one and has its width. The dial sets how far apart they "
    "are. Nothing: a pull below {allowed}.",
    dial("Mode separation", 1.0, 10.0, 0.05, 8.0, "Between the two modes of p."),
    far_mode,
    lambda r: abs(r["by_mean"].value) <= r["allowed"],
    (
        Number("by_mean", "pull of D(q‖p) on the mean of q", PLAIN, "Stationarity"),
        Number("forward_pull", "pull of D(p‖q) on the mean of q", PLAIN, "Stationarity"),
        Number("allowed", "pull that counts as none", PLAIN),
    ),
    lambda r: densities(r, p=TARGET, q=REVERSE),
    "At separation {at} the pull towards the other mode is {by_mean}. The forward direction pulls with {forward_pull}.",
    "At separation {at} the other mode still pulls with {by_mean}.",
    "The slope of D(q‖p) is an average under q, and the further the other mode is, the less of q is there. The same "
    "average under p gives half of its weight to the other mode, however far that is.",
    Door(
        "pages/mixture_lab.py",
        LAB,
        lambda at: {"p": f"0.5,{-at / 2:g},1;0.5,{at / 2:g},1", "q": f"{-at / 2:g},1"},
    ),
    lesson("stationarity", "any", "What the slope is made of"),
    subject="the modes are",
    above="more than {edge} apart",
    below="less than {edge} apart",
)

CLAIMS = (NOT_SEEN, FREE, NO_GRADIENT, REVERSE_BLIND, NO_PULL)
