"""(6) The free energy: three ways to write it, the constant, the bound, and what it may not be."""

from __future__ import annotations

import numpy as np

from kl_engine import Gaussian, GaussianMixture, fit
from kl_engine.inference import GaussianModel, free_energy, posterior
from pages.ui.views.claims.argument.claim import (
    GIVEN,
    PLAIN,
    REVERSE,
    TARGET,
    Claim,
    Door,
    Drawing,
    Line,
    Number,
    Results,
    bars,
    densities,
    dial,
    lesson,
)
from pages.ui.views.claims.argument.measuring import POST_ACTION

FREE = "Free energy"
PROOF = lesson("closed_forms", "free_energy", "The free energy, taken apart")
FOOD = "A creature infers the size of food from the light that it reflects, the square of the size, with unit noise. "


def food(at: float) -> dict[str, str]:
    """The page on free energy at this model."""
    return {"story": "food", "q_mean": f"{at:.2f}", "q_std": "0.6"}


def three_forms(mean):
    """The six terms of F for one belief about the size of food."""
    model = GaussianModel(Gaussian(3, 1), [0, 0, 1], 1.0)
    found = free_energy(model, Gaussian(mean, 0.6), 2.0)
    return {
        "value": found.value,
        "first": found.complexity - found.accuracy,
        "second": found.energy - found.entropy,
        "third": found.divergence + found.surprisal,
        "complexity": found.complexity,
        "accuracy": found.accuracy,
        "energy": found.energy,
        "entropy": found.entropy,
        "divergence": found.divergence,
        "surprisal": found.surprisal,
    }


def _terms(results: Results) -> Drawing:
    names = ("complexity", "−accuracy", "energy", "−entropy", "divergence", "−log p(x)", "F")
    terms = [results[name].value for name in ("complexity", "energy", "divergence", "surprisal", "value")]
    heights = [terms[0], -results["accuracy"].value, terms[1], -results["entropy"].value, *terms[2:]]
    return bars(names, in_nats=True, **{" ": (TARGET, np.array(heights))})


FORMS = Claim(
    "three-forms",
    "F in three ways",
    "Complexity − accuracy, energy − entropy, and divergence − log evidence are one number, F.",
    (POST_ACTION, "Parr, Pezzulo and Friston, ch. 2", "Bogacz"),
    FOOD + "The dial sets the mean of the belief q, a Gaussian.",
    dial("Mean of q", 0.5, 3.0, 0.05, 1.2, "What the creature believes the size to be."),
    three_forms,
    lambda r: all(
        abs(r[name].value - r["value"].value) <= r[name].error + r["value"].error
        for name in ("first", "second", "third")
    ),
    (
        Number("value", "F", term="Free energy"),
        Number("first", "complexity − accuracy", term="Complexity"),
        Number("second", "energy − entropy", term="Energy"),
        Number("third", "divergence − log evidence", term="Free energy"),
        Number("complexity", "complexity, D(q‖prior)", term="Complexity"),
        Number("accuracy", "accuracy", term="Accuracy"),
        Number("energy", "energy", term="Energy"),
        Number("entropy", "entropy of q", term="Entropy"),
        Number("divergence", "divergence, D(q‖posterior)", term="Posterior"),
        Number("surprisal", "−log evidence", term="Surprisal"),
    ),
    _terms,
    "Complexity {complexity} less accuracy {accuracy}; energy {energy} less entropy {entropy}; divergence "
    "{divergence} plus surprisal {surprisal}: each way F is {value}.",
    "F is {value}; the three ways give {first}, {second} and {third}.",
    "All three are the average, under q, of log q(z) less log p(x, z): the joint is split as prior times likelihood, "
    "not at all, or as posterior times evidence. The first way can be computed without the posterior, which is why it "
    "is of use; the last says what is gained.",
    Door("pages/free_energy.py", FREE, food),
    PROOF,
)


def constant(mean):
    """F and D(q‖posterior) over the mean of q: what is between them."""
    model = GaussianModel(Gaussian(3, 1), [0, 0, 1], 1.0)
    here = free_energy(model, Gaussian(mean, 0.6), 2.0)
    means = np.linspace(0.8, 2.4, 33)
    found = [free_energy(model, Gaussian(float(each), 0.6), 2.0) for each in means]
    return {
        "means": means,
        "free_energies": np.array([each.value.value for each in found]),
        "divergences": np.array([each.divergence.value for each in found]),
        "mean": mean,
        "value": here.value,
        "divergence": here.divergence,
        "difference": here.value - here.divergence,
        "surprisal": here.surprisal,
    }


def _parallel(results: Results) -> Drawing:
    lines = (
        Line("F", TARGET, results["means"], results["free_energies"]),
        Line("D(q‖posterior)", REVERSE, results["means"], results["divergences"]),
    )
    return Drawing(lines, "mean of q", "", in_nats=True, here=results["mean"])


CONSTANT = Claim(
    "constant",
    "Up to a constant",
    "Minimising F over q is minimising D(q‖posterior): variational inference takes the reverse direction.",
    (POST_ACTION, "Bishop, ch. 10", "Blei and others", "Kingma and Welling"),
    FOOD + "The dial sets the mean of the belief; its std stays.",
    dial("Mean of q", 0.8, 2.4, 0.05, 1.2, "Both curves are over it."),
    constant,
    lambda r: abs(r["difference"].value - r["surprisal"].value) <= r["difference"].error + r["surprisal"].error,
    (
        Number("value", "F", term="Free energy"),
        Number("mean", "mean of q", PLAIN, "Free energy"),
        Number("divergence", "D(q‖posterior)", term="Posterior"),
        Number("difference", "what is between them"),
        Number("surprisal", "−log p(x)", term="Surprisal"),
    ),
    _parallel,
    "F is {value} and D(q‖posterior) is {divergence}. Between them is {difference} here, and the same everywhere: "
    "−log p(x) is {surprisal}.",
    "F is {value}, D(q‖posterior) is {divergence}.",
    "−log p(x) does not hold q, so both have the same slope and the same minimisers, though the posterior is never "
    "computed. It does hold the parameters of the model: when these are learnt too, minimising F and minimising the "
    "divergence are two things.",
    Door("pages/free_energy.py", FREE, lambda at: food(at) | {"view": "constant"}),
    PROOF,
    grid=13,
)


def bound(std):
    """A belief of the right mean and any std, in a model whose posterior is Gaussian."""
    model = GaussianModel(Gaussian(0, 2), [0, 1], 1.0)
    exact = posterior(model, 2.0)
    found = free_energy(model, Gaussian(1.6, std), 2.0)
    return {
        "posterior": exact,
        "q": Gaussian(1.6, std),
        "value": found.value,
        "surprisal": found.surprisal,
        "gap": found.divergence,
    }


BOUND = Claim(
    "bound",
    "The bound",
    "F is never below the surprisal, −log p(x), and equals it only where q is the posterior.",
    ("Parr, Pezzulo and Friston, ch. 2", "Kingma and Welling", "Bishop, ch. 10"),
    "A Gaussian prior and Gaussian noise, so that the posterior is Gaussian and q can be exact. q has the mean of the "
    "posterior; the dial sets its std.",
    dial("Std of q", 0.2, 2.5, 0.05, 0.5, "Where F is least, q is the posterior."),
    bound,
    lambda r: r["gap"].value > 0 or abs(r["value"].value - r["surprisal"].value) <= r["value"].error,
    (
        Number("value", "F", term="Free energy"),
        Number("surprisal", "−log p(x)", term="Surprisal"),
        Number("gap", "D(q‖posterior)", term="Posterior"),
    ),
    lambda r: densities(r, over="z", posterior=TARGET, q=GIVEN),
    "F is {value} and the surprisal {surprisal}: {gap} above it, which is D(q‖posterior).",
    "F is {value}, the surprisal {surprisal}.",
    "F less the surprisal is D(q‖posterior), which is never negative and zero only for equals. So F is a bound one can "
    "compute on a number one cannot, and what it is off by is the very thing that is being minimised.",
    Door("pages/free_energy.py", FREE, lambda at: {"story": "conjugate", "q_mean": "1.6", "q_std": f"{at:.2f}"}),
    PROOF,
)


def partition(gap):
    """The least F of a Gaussian belief, where the prior has two modes that are `gap` apart."""
    prior = GaussianMixture([0.5, 0.5], [-gap / 2, gap / 2], [1, 1])
    model = GaussianModel(prior, [0, 1], 4.0)
    q = fit(posterior(model, 0.0), "reverse").q
    found = free_energy(model, q, 0.0)
    x = np.linspace(-8, 8, 321)
    return {
        "x": x,
        "p": posterior(model, 0.0).pdf(x),
        "q": q,
        "value": found.value,
        "surprisal": found.surprisal,
        "left": found.divergence,
        "allowed": 0.001,
    }


def _posterior(results: Results) -> Drawing:
    x, q = results["x"], results["q"]
    return Drawing((Line("posterior", TARGET, x, results["p"]), Line("q", REVERSE, x, q.pdf(x))), "z", "density")


PARTITION = Claim(
    "partition",
    "The log partition function",
    "The lowest free energy is −log p(x), the log of the partition function with its sign turned.",
    (POST_ACTION, "MacKay, ch. 33", "statistical physics"),
    "The prior of the latent has two modes, the dial apart; one noisy observation lies between them. q is the best "
    "Gaussian. Equal: to within {allowed}.",
    dial("Modes of the prior apart", 0.0, 8.0, 0.1, 3.0, "At zero the posterior is Gaussian."),
    partition,
    lambda r: r["left"].value <= r["allowed"],
    (
        Number("value", "least F", term="Free energy"),
        Number("surprisal", "−log p(x)", term="Partition function"),
        Number("left", "what is left between them", term="Posterior"),
        Number("allowed", "what counts as equal"),
    ),
    _posterior,
    "The lowest F is {value}, and −log p(x) is {surprisal}.",
    "The lowest F is {value}, and −log p(x) is {surprisal}: {left} is left, because no Gaussian is the posterior.",
    "Over all distributions the lowest F is −log of the partition function, reached by the posterior. Over a family it "
    "is more by the least divergence that the family can reach.",
    Door(
        "pages/free_energy.py",
        FREE,
        lambda at: {"story": "modes", "prior_gap": f"{at:.1f}", "q_mean": "1.5", "q_is": "fitted"},
    ),
    PROOF,
    subject="the modes of the prior are",
    above="more than {edge} apart",
    below="less than {edge} apart",
    grid=13,
)


def precise(noise):
    """F at its least, where prior and observation agree ever more precisely."""
    model = GaussianModel(Gaussian(0, 0.1), [0, 1], noise)
    q = fit(posterior(model, 0.0), "reverse").q
    found = free_energy(model, q, 0.0)
    return {"q": q, "prior": model.prior, "value": found.value, "surprisal": found.surprisal, "std": q.std}


NEGATIVE = Claim(
    "negative",
    "Below zero",
    "A free energy cannot be negative.",
    ("by analogy with probabilities below one",),
    "A narrow prior about zero, an observation of zero, Gaussian noise of the dial's std; q is the posterior.",
    dial("Noise std", 0.1, 1.0, 0.05, 0.2, "How precise the observation is."),
    precise,
    lambda r: r["value"].value >= 0,
    (
        Number("value", "F", term="Free energy"),
        Number("surprisal", "−log p(x)", term="Surprisal"),
        Number("std", "std of the posterior", PLAIN, "Posterior"),
    ),
    lambda r: densities(r, over="z", prior=GIVEN, q=REVERSE),
    "F is {value}.",
    "F is {value}: the observation has a density above one, and its surprisal is {surprisal}.",
    "F is at least −log p(x), and where x is a real number p(x) is a density, which may exceed one and depends on the "
    "unit of x. For discrete outcomes p(x) is a probability, and there F is never negative.",
    Door(
        "pages/free_energy.py",
        FREE,
        lambda at: {"story": "conjugate", "prior_std": "0.1", "noise": f"{at:.2f}", "x": "0"},
    ),
    PROOF,
    subject="the noise has a std",
    above="above {edge}",
    below="below {edge}",
    unconditional=True,
)

CLAIMS = (FORMS, CONSTANT, BOUND, PARTITION, NEGATIVE)
