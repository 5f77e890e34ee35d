"""(5) The direction that variational inference takes, what it does to uncertainty, and when it does not."""

from __future__ import annotations

import math

import numpy as np

from kl_engine import Gaussian, GaussianMixture, MultivariateGaussian, families, fit
from pages.ui.views.claims.argument.claim import (
    COUNT,
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
from pages.ui.views.claims.argument.expectation import LAB
from pages.ui.views.claims.argument.measuring import POST_ACTION


def mean_field(correlation):
    """A factorised q of two correlated latents, in both directions: the std that each reports."""
    p = MultivariateGaussian([0, 0], [[1, correlation], [correlation, 1]])
    reverse, forward = (fit(p, way, families.Diagonal()) for way in ("reverse", "forward"))
    std, honest = math.sqrt(reverse.q.cov[0, 0]), math.sqrt(forward.q.cov[0, 0])
    return {
        "p": Gaussian(0, 1),
        "reverse": Gaussian(0, std),
        "forward": Gaussian(0, honest),
        "std": std,
        "forward_std": honest,
        "short": 1 - std,
        "cost": reverse.value,
        "forward_cost": forward.value,
        "allowed": 0.1,
    }


TOO_SURE = Claim(
    "too-sure",
    "Too sure of itself",
    "Mean-field variational inference reports less uncertainty than there is.",
    (POST_ACTION, "Bishop, ch. 10", "MacKay, ch. 33", "Turner and Sahani"),
    "A Gaussian posterior of two latents, both of std one, with the correlation of the dial; q factorises. Less: by "
    "{allowed} or more. The picture shows one latent.",
    dial("Correlation of the two latents", 0.0, 0.98, 0.02, 0.9, "At zero the posterior factorises."),
    mean_field,
    lambda r: r["short"] >= r["allowed"],
    (
        Number("std", "std that the reverse fit reports", PLAIN, "Mean field"),
        Number("forward_std", "std that the forward fit reports", PLAIN, "Marginal"),
        Number("short", "how much is missing of the true std", SHARE, "Mean field"),
        Number("cost", "D(q‖p) of the reverse fit"),
        Number("forward_cost", "D(p‖q) of the forward fit"),
        Number("allowed", "what counts as less", SHARE),
    ),
    lambda r: densities(r, p=TARGET, reverse=REVERSE, forward=FORWARD),
    "It reports std {std} where one is right: {short} is missing. The forward fit reports {forward_std}, and both "
    "cost {cost}.",
    "It reports std {std} where one is right: {short} is missing.",
    "D(q‖p) asks q to keep out of where p is thin, and a factorised q can do so only by shrinking to the std that "
    "each latent has when the other is known. The forward direction keeps the marginals; the stronger the "
    "correlation, the more of its mass is then where p is thin.",
    Door(
        "pages/two_dimensions.py",
        "Two dimensions",
        lambda at: {"covariance": "diagonal", "correlation": f"{at:.2f}", "dimension": "2"},
    ),
    lesson("stationarity", "mean_field", "Mean field in both directions"),
    subject="the correlation is",
    above="above {edge}",
    below="below {edge}",
)


def slab_and_spike(weight):
    """p has one centre and two widths; the best reverse fit chooses one of them."""
    p = GaussianMixture([weight, 1 - weight], [0, 0], [6, 0.3])
    found = fit(p, "reverse")
    return {"p": p, "reverse": found.q, "value": found.value, "std": found.q.std, "p_std": p.std, "weight": weight}


WIDER = Claim(
    "narrower",
    "Narrower than p?",
    "A mode-seeking fit is narrower than p.",
    ("much of the literature on variational inference",),
    "p has one centre and two widths, a spike and a slab; the dial sets the weight of the slab. q is the best reverse "
    "fit, mean and std free.",
    dial("Weight of the slab", 0.02, 0.98, 0.01, 0.8, "The spike has the rest."),
    slab_and_spike,
    lambda r: r["std"] < r["p_std"],
    (
        Number("std", "std of q", PLAIN, "Approximation"),
        Number("p_std", "std of p", PLAIN, "Target"),
        Number("value", "D(q‖p)"),
        Number("weight", "weight of the slab", SHARE, "Mixture"),
    ),
    lambda r: densities(r, p=TARGET, reverse=REVERSE),
    "q has std {std}, p has {p_std}: it is narrower.",
    "q has std {std}, p only {p_std}: it takes the slab for the whole and does not see the spike in it.",
    "The reverse fit takes that part of p which it can match for the least, −log of its weight; nothing says that "
    "this part is narrow. On a slab with a spike in it the fit is wider than p, because the variance of p counts the "
    "spike too.",
    Door(
        "pages/mixture_lab.py",
        LAB,
        lambda at: {"p": f"{at:g},0,6;{1 - at:.12g},0,0.3", "q": "0,6", "std_of_q": "free"},
    ),
    lesson("stationarity", "locking", "The price of locking"),
    subject="the slab has a weight",
    above="above {edge}",
    below="below {edge}",
    unconditional=True,
)


def prediction(place):
    """A straight line through four points: the std of its prediction at one place, exact and by mean field."""
    seen = np.array([1.0, 2.0, 3.0, 4.0])
    rows = np.stack([np.ones(4), seen], axis=1)
    exact = MultivariateGaussian([0, 0], np.linalg.inv(rows.T @ rows + np.eye(2) / 100))
    factorised = fit(exact, "reverse", families.Diagonal()).q

    def std(q, x):
        return math.sqrt(np.array([1, x]) @ q.cov @ np.array([1, x]))

    x = np.linspace(-3, 8, 111)
    return {
        "x": x,
        "band": np.array([std(exact, each) for each in x]),
        "factorised_band": np.array([std(factorised, each) for each in x]),
        "seen": seen,
        "place": place,
        "std": std(exact, place),
        "factorised_std": std(factorised, place),
        "observations": seen.size,
        "first": float(seen[0]),
        "last": float(seen[-1]),
    }


def _bands(results: Results) -> Drawing:
    x = results["x"]
    lines = (
        Line("exact", TARGET, x, results["band"]),
        Line("mean field", REVERSE, x, results["factorised_band"]),
    )
    return Drawing(
        lines, "where the line is predicted", "std of the prediction", rug=results["seen"], here=results["place"]
    )


PREDICTIVE = Claim(
    "predictive",
    "Too sure of what it predicts?",
    "Mean field understates the uncertainty of predictions.",
    ("common advice on variational inference",),
    "A straight line is fitted to {observations} observations, evenly from {first} to {last}, with noise of std one "
    "and a wide prior; the posterior of intercept and slope is Gaussian, q factorises. What is predicted is the line "
    "itself, at the place of the dial.",
    dial("Where the line is predicted", -3.0, 8.0, 0.1, 2.5, "The observations lie in the middle of the dial."),
    prediction,
    lambda r: r["factorised_std"] < r["std"],
    (
        Number("std", "exact std of the line there", PLAIN, "Posterior"),
        Number("factorised_std", "the same by mean field", PLAIN, "Mean field"),
        Number("place", "where the line is predicted", PLAIN),
        Number("observations", "observations", COUNT, "Posterior"),
        Number("first", "where the first of them is", PLAIN),
        Number("last", "where the last of them is", PLAIN),
    ),
    _bands,
    "At {at} the line is uncertain by {std}, and mean field says {factorised_std}.",
    "At {at} the line is uncertain by {std}, and mean field says {factorised_std}: more than there is.",
    "Mean field shrinks both parameters, and it forgets that they are correlated. Where the data are, an error in one "
    "is made up for by the other, so that forgetting costs more than shrinking saves; far away it is the other way "
    "round.",
    Door(
        "pages/regression.py",
        "A line through data",
        lambda at: {"data": "1,1;2,2;3,3;4,4", "noise": "1", "prior": "10"},  # what was seen moves no std
    ),
    lesson("stationarity", "mean_field", "Mean field in both directions"),
    subject="the line is predicted",
    above="beyond {edge}",
    below="below {edge}",
    unconditional=True,
)

CLAIMS = (TOO_SURE, WIDER, PREDICTIVE)
