"""(4) Generalising: mass where nothing was seen. Invent, miss or memorise, on a sample whose source is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kl_engine import Gaussian, GaussianMixture, cross_entropy, disagreement, entropy, fit, forward_kl, reverse_kl
from kl_engine.data import Empirical, kernel_density, likelihood_fit
from kl_engine.data.empirical import log_loss
from pages.ui.views.claims.argument.claim import (
    COUNT,
    FORWARD,
    GIVEN,
    PLAIN,
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
from pages.ui.views.claims.argument.measuring import ANY_TWO, any_two

DATA = Door("pages/your_data.py", "Your data", lambda at: {"data": "two", "components": "2"})


def few_components(components):
    """Maximum likelihood on forty draws: what it invents and misses, and how much better it does on its own data."""
    p = GaussianMixture.two_modes(6.0)
    data = Empirical.of(p.sample(40, 0))
    q = likelihood_fit(data, int(components)).q
    found = disagreement(p, q)
    own, fresh = log_loss(data, q), cross_entropy(p, q)
    return {
        "p": p,
        "q": q,
        "seen": data.values,
        "draws": data.size,
        "hallucinated": found.hallucinated,
        "missed": found.missed,
        "own": own,
        "fresh": fresh,
        "gap": fresh.value - own.value,
        "too_much": 0.1,
        "too_wide": 0.5,
    }


def _with_data(results: Results) -> Drawing:
    """The densities, and a tick for each observation under them."""
    return replace(densities(results, p=TARGET, q=GIVEN), rug=results["seen"])


TRILEMMA = Claim(
    "trilemma",
    "Invent, miss or memorise",
    "A model of data invents a middle, or misses a mode, or memorises.",
    (POST_MEAN_MODE,),
    "{draws} draws of a known source with two modes; q is the mixture of the dial's number of Gaussians that fits "
    "them best. Invents or misses: more than {too_much} of mass. Memorises: fresh draws cost more than {too_wide} "
    "above its own.",
    dial("Gaussians in q", 1.0, 4.0, 1.0, 2.0, "Each brings a weight, a mean and a std."),
    few_components,
    lambda r: r["hallucinated"].value > r["too_much"] or r["missed"].value > r["too_much"] or r["gap"] > r["too_wide"],
    (
        Number("draws", "observations", COUNT, "Log loss"),
        Number("hallucinated", "mass that q invents", SHARE, "Hallucinated"),
        Number("missed", "mass that q misses", SHARE, "Missed"),
        Number("own", "cost per draw of its own data", term="Log loss"),
        Number("fresh", "cost per fresh draw, on average", term="Cross entropy"),
        Number("gap", "what is between them"),
        Number("too_much", "mass that counts as too much", SHARE),
        Number("too_wide", "gap that counts as memory"),
    ),
    _with_data,
    "q invents {hallucinated} and misses {missed}; a fresh draw costs {gap} more than its own data do.",
    "q invents {hallucinated}, misses {missed}, and a fresh draw costs {gap} more than its own data do: by these "
    "measures it does none of the three.",
    "The three ways are those of a family that cannot hold what p is: one Gaussian must invent or miss, and a family "
    "with room for everything can memorise. A family that holds both modes and little else need do none of them; to "
    "know that it is the right one is an assumption, which the data alone do not give.",
    DATA,
    unproved="{draws} draws of one source are looked at, and another sample has other numbers.",
    subject="q has",
    above="at least {edge} Gaussians",
    below="at most {edge} Gaussian",
    unconditional=True,
)


def kernel(bandwidth):
    """A kernel density on twenty draws, and one that is a hundredth narrower: on their own data, and on fresh "
    "draws."""
    p = GaussianMixture.two_modes(6.0)
    data = Empirical.of(p.sample(20, 1))
    q, narrower = kernel_density(data, bandwidth), kernel_density(data, 0.99 * bandwidth)
    own, fresh = log_loss(data, q), cross_entropy(p, q)
    return {
        "p": p,
        "q": q,
        "seen": data.values,
        "draws": data.size,
        "own": own,
        "fresh": fresh,
        "own_gain": own.value - log_loss(data, narrower).value,
        "fresh_gain": fresh.value - cross_entropy(p, narrower).value,
    }


MEMORY = Claim(
    "memory",
    "Better on what was seen",
    "The better a model fits the data that it has seen, the better it does on new data.",
    ("every course on overfitting, as the error to avoid",),
    "A Gaussian of the dial's width on each of {draws} observations. Narrower always fits these observations better; "
    "the question is whether it also costs less on fresh draws of the source.",
    dial("Width of the Gaussian on each observation", 0.1, 3.0, 0.01, 0.3, "Towards zero it memorises."),
    kernel,
    lambda r: (r["own_gain"] > 0) == (r["fresh_gain"] > 0),
    (
        Number("draws", "observations", COUNT, "Log loss"),
        Number("own", "cost per draw of its own data", term="Log loss"),
        Number("fresh", "cost per fresh draw, on average", term="Cross entropy"),
        Number("own_gain", "gain on its own data, a hundredth narrower"),
        Number("fresh_gain", "gain on fresh draws, a hundredth narrower"),
    ),
    _with_data,
    "Its own data cost {own} each, fresh ones {fresh}; made narrower, q gains on both.",
    "Its own data cost {own} each, fresh ones {fresh}; made narrower, q gains on the first and loses on the second.",
    "Maximum likelihood is forward KL from the observations, which have mass at points and nowhere else; what one "
    "wants is forward KL from the source. The two agree until q begins to follow the accidents of the sample.",
    DATA,
    unproved="one sample of {draws} draws is looked at, and another one has its edge elsewhere.",
    subject="each Gaussian is",
    above="wider than {edge}",
    below="narrower than {edge}",
    unconditional=True,
    grid=13,
)


def beyond(bandwidth):
    """The share of a kernel density that lies near no observation, beside that of a memory."""
    p = GaussianMixture.two_modes(6.0)
    data, reach = Empirical.of(p.sample(20, 1)), 0.2

    def near(q):
        low, high = data.values - reach, data.values + reach
        joined = np.concatenate([low[:1], np.maximum(low[1:], high[:-1])])  # overlaps are counted once
        z = np.stack([joined, high])[:, :, None]
        masses = np.vectorize(math.erf)((z - q.means) / (q.stds * math.sqrt(2))) / 2
        return float(((masses[1] - masses[0]) @ q.weights).sum())

    q, memory = kernel_density(data, bandwidth), kernel_density(data, 0.05)
    return {
        "p": p,
        "q": q,
        "seen": data.values,
        "draws": data.size,
        "beyond": 1 - near(q),
        "beyond_memory": 1 - near(memory),
        "fresh": cross_entropy(p, q),
        "fresh_memory": cross_entropy(p, memory),
        "least": entropy(p),
        "reach": reach,
    }


HUME = Claim(
    "beyond-the-data",
    "The leap beyond the data",
    "To do better on new data than memory does, a model must put mass where nothing was seen.",
    (POST_MEAN_MODE, "Hume, on induction"),
    "A Gaussian of the dial's width on each of {draws} observations, beside a memory: the same, so narrow that it all "
    "but repeats what was seen. Where nothing was seen: further than {reach} from every observation.",
    dial("Width of the Gaussian on each observation", 0.05, 2.0, 0.01, 0.5, "The lowest is the memory itself."),
    beyond,
    lambda r: r["fresh"].value >= r["fresh_memory"].value or r["beyond"] > r["beyond_memory"],
    (
        Number("draws", "observations", COUNT, "Log loss"),
        Number("beyond", "mass of q where nothing was seen", SHARE, "Kernel density"),
        Number("beyond_memory", "the same of the memory", SHARE, "Kernel density"),
        Number("fresh", "cost per fresh draw", term="Cross entropy"),
        Number("fresh_memory", "the same of the memory", term="Cross entropy"),
        Number("least", "cost under the source itself", term="Entropy"),
        Number("reach", "how far an observation reaches", PLAIN),
    ),
    _with_data,
    "{beyond} of q lies where nothing was seen, which no observation supports. Fresh draws cost {fresh}, and the "
    "memory, with {beyond_memory} there, pays {fresh_memory}; the source itself would pay {least}.",
    "{beyond} of q lies where nothing was seen, and fresh draws cost {fresh}.",
    "Fresh draws of a density fall between the old ones, so whoever keeps to the old ones pays more and more for "
    "them. That the world goes on between what was seen is an assumption: held-out points can count against one such "
    "assumption or another, but what a model says of a place without observations rests on none.",
    DATA,
    unproved="one sample and one family of models are looked at. A model of another shape may gain by how it spreads "
    "the mass that it has near the observations.",
    grid=9,
)


def second_pays(observations):
    """Whether a second Gaussian shortens the description of so many observations, on average."""
    p, parameters = GaussianMixture.two_modes(4.0), 3  # a second weight, mean and std
    q = fit(p, "forward").q
    per_draw = forward_kl(p, q)
    return {
        "p": p,
        "forward": q,
        "per_draw": per_draw,
        "saved": observations * per_draw,
        "price": parameters / 2 * math.log(observations),
        "parameters": parameters,
        "observations": int(observations),
        "counts": np.arange(2.0, 201.0),
    }


def _lengths(results: Results) -> Drawing:
    """What the second Gaussian saves and what it costs, over the number of observations."""
    counts = results["counts"]
    lines = (
        Line("saved", FORWARD, counts, counts * results["per_draw"].value),
        Line("price", GIVEN, counts, results["parameters"] / 2 * np.log(counts)),
    )
    return Drawing(lines, "observations", "nats", in_nats=True, here=float(results["observations"]))


SHORTEST = Claim(
    "shortest-description",
    "Fewer parameters",
    "Of two models the one with fewer parameters gives the shorter description.",
    (POST_MEAN_MODE, "Rissanen, minimum description length", "MacKay, ch. on Occam's razor"),
    "Data of a source with two modes, described by one Gaussian or by the two of the source. Each parameter costs half "
    "the log of the number of observations; the second Gaussian brings {parameters}. What it saves is an "
    "average.",
    dial("Observations", 2.0, 200.0, 1.0, 60.0, "Each saves the same on average; parameters are paid once."),
    second_pays,
    lambda r: r["saved"].value < r["price"],
    (
        Number("observations", "observations", COUNT, "Description length"),
        Number("parameters", "parameters of the second Gaussian", COUNT, "Description length"),
        Number("per_draw", "D(p‖q) of the one Gaussian, saved by each"),
        Number("saved", "saved by all of them", term="Description length"),
        Number("price", "price of the parameters of the second Gaussian", term="Description length"),
    ),
    _lengths,
    "With {observations} observations the second Gaussian saves {saved} and costs {price}: one is shorter.",
    "With {observations} observations the second Gaussian saves {saved} and costs {price}: two are shorter.",
    "A description is parameters and data together. What a better model saves grows with every observation, at the "
    "rate D(p‖q) of the poorer one; what its parameters cost grows like a logarithm.",
    DATA,
    unproved="half a logarithm for each parameter is how the price grows with many observations; with few it is an "
    "approximation.",
    subject="there are",
    above="at least {edge} observations",
    below="at most {edge} observations",
    unconditional=True,
)


def sheet(thickness):
    """Data on a thin sheet and a q that fills the space, both seen across the sheet: along it they are one."""
    p, q, within = Gaussian(0, thickness), Gaussian(0, 1), 2.0
    off = 1 - math.erf(within * thickness / math.sqrt(2))
    return {
        "p": p,
        "q": q,
        "forward": forward_kl(p, q),
        "reverse": reverse_kl(p, q),
        "off": off,
        "within": within,
        "most": 0.5,
    }


MANIFOLD = Claim(
    "manifold",
    "The manifold assumption",
    "If data lie on a thin sheet, most of a model that fills the space lies off the sheet.",
    (POST_MEAN_MODE, "the literature on representation learning"),
    "Seen across the sheet: p has the thickness of the dial, q has std one; along the sheet they agree, and that part "
    "drops out. Off the sheet: further than {within} times its thickness. Most: more than {most} of q.",
    dial("Thickness of the sheet", 0.01, 1.0, 0.01, 0.1, "The std of p across the sheet."),
    sheet,
    lambda r: r["off"] > r["most"],
    (
        Number("off", "mass of q off the sheet", SHARE, "Hallucinated"),
        Number("forward", "D(p‖q)"),
        Number("reverse", "D(q‖p)"),
        Number("within", "thicknesses that count as on it", PLAIN),
        Number("most", "share that counts as most", SHARE),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "{off} of q is off the sheet. D(p‖q) is {forward}, and D(q‖p) is {reverse}.",
    "{off} of q is off the sheet. D(p‖q) is {forward}, D(q‖p) is {reverse}.",
    "That data lie on a sheet says which mass is allowed, and nearly all of space is not. Forward KL pays for it "
    "by normalisation alone, like −log of the thickness; reverse KL asks q to keep off all that is forbidden, and its "
    "price grows like one over the thickness squared.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two(f"norm(0, {at:g})", "norm(0, 1)")),
    lesson("closed_forms", "equal_means", "Two Gaussians of equal means"),
    subject="the sheet is",
    above="thicker than {edge}",
    below="thinner than {edge}",
)

CLAIMS = (TRILEMMA, MEMORY, HUME, SHORTEST, MANIFOLD)
