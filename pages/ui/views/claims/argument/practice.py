"""(8) The practitioner's check, on one's own loss."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kl_engine import (
    Categorical,
    Gaussian,
    GaussianMixture,
    Weighted,
    fit,
    kl_divergence,
    kl_gradient,
    renyi_divergence,
)
from pages.ui.views.claims.argument.claim import (
    COUNT,
    GIVEN,
    PLAIN,
    REVERSE,
    SHARE,
    TARGET,
    Claim,
    Door,
    Drawing,
    Number,
    Results,
    bars,
    densities,
    dial,
    lesson,
)
from pages.ui.views.claims.argument.measuring import ANY_TWO, POST_ACTION, any_two

CHECK = "What does my loss do?"
ESTIMATORS = "Bounds and estimators"


def blend(share):
    """The best q of a loss that adds a share of D(p‖q) to D(q‖p)."""
    p = GaussianMixture.two_modes(8.0)
    q = fit(p, Weighted(forward=share, entropy=1 - share, energy=1 - share)).q
    return {
        "p": p,
        "reverse": q,
        "share": share,
        "mean": abs(q.mean),
        "std": q.std,
        "apart": float(np.ptp(p.means)),
    }


EXPECTATION = Claim(
    "little-forward",
    "Which expectation?",
    "A loss that takes its expectation under q seeks a mode, even with a little of the other direction added.",
    (POST_ACTION, "losses of distillation and of RLHF"),
    "p has two equal modes, {apart} apart; the loss is D(q‖p) and, by the share of the dial, D(p‖q). Seeks a mode: "
    "the mean of the best q is further than one std of p's modes from the centre.",
    dial("Share of D(p‖q) in the loss", 0.0, 1.0, 0.01, 0.05, "The rest is D(q‖p)."),
    blend,
    lambda r: r["mean"] > 1,
    (
        Number("share", "share of D(p‖q)", SHARE, "Forward divergence"),
        Number("apart", "how far apart the modes are", PLAIN),
        Number("mean", "how far the mean of q is from the centre", PLAIN, "Locked and covering"),
        Number("std", "its std", PLAIN, "Approximation"),
    ),
    lambda r: densities(r, p=TARGET, reverse=REVERSE),
    "With {share} of D(p‖q) the best q is {mean} from the centre, std {std}.",
    "With {share} of D(p‖q) the best q is {mean} from the centre, std {std}: it covers both modes.",
    "Ask of each term under which distribution its average is taken: an average under what is given wants all of it "
    "covered, one under what is fitted wants nothing forbidden touched. A loss with both has a place where it "
    "changes its mind, and that place is in the weights, not in the name.",
    Door(
        "pages/objective_check.py",
        CHECK,
        lambda at: {"objective": "typed", "text": f"{1 - at:.2f}*KL(q||p) + {at:.2f}*KL(p||q)"},
    ),
    lesson("stationarity", "any", "The stationarity conditions"),
    subject="the share of D(p‖q) is",
    above="above {edge}",
    below="below {edge}",
)


def tilted(beta):
    """The best policy of reward less β D(policy‖reference), over five answers."""
    reference = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    reward = np.array([0.0, 0.2, 0.5, 0.8, 1.0])
    logits = np.log(reference) + reward / beta
    policy = np.exp(logits - logits.max())
    policy = policy / policy.sum()
    p, q = Categorical(reference), Categorical(policy)
    return {
        "reference": p,
        "policy": q,
        "best": float(policy[4]),
        "likely": float(policy.max()),
        "divergence": kl_divergence(q, p),
        "reward": float(policy @ reward),
        "most": 0.9,
        "answers": reward.size,
    }


def _policies(results: Results) -> Drawing:
    names = ("answer a", "b", "c", "d", "e")
    series = {"reference": (TARGET, results["reference"].probs), "policy": (REVERSE, results["policy"].probs)}
    return bars(names, "probability", **series)


COLLAPSE = Claim(
    "collapse",
    "Does RLHF collapse?",
    "The policy of an RLHF loss collapses onto one answer.",
    ("Korbak and others", "Ouyang and others", "talk of “mode collapse”"),
    "{answers} answers with a reward each, from zero for the likeliest of the reference to one for the rarest; the "
    "policy that is best for reward − β D(policy‖reference), with β on the dial, and no limit to what a policy can "
    "be. Collapses: one answer has more than {most}.",
    dial("β", 0.02, 1.5, 0.01, 0.3, "The weight of the divergence from the reference."),
    tilted,
    lambda r: r["likely"] > r["most"],
    (
        Number("best", "probability of the best rewarded answer", SHARE, "Softmax"),
        Number("likely", "probability of the likeliest answer", SHARE, "Softmax"),
        Number("divergence", "D(policy‖reference)", term="Reverse divergence"),
        Number("reward", "average reward", PLAIN, "Utility"),
        Number("most", "what counts as collapsed", SHARE),
        Number("answers", "answers", COUNT),
    ),
    _policies,
    "One answer has {likely}. The policy is {divergence} from the reference, and its average reward is {reward}.",
    "The likeliest answer has {likely}. The policy is {divergence} from the reference, average reward {reward}.",
    "Reward less the divergence is −β times D(policy‖target), up to a constant, where the target is the reference "
    "times the exponential of reward over β, normalised. A policy that can be anything becomes that target, and "
    "would in the other direction too: a small β makes the target narrow, while the direction matters only for a "
    "policy that cannot be the target.",
    Door("pages/objective_check.py", CHECK, lambda at: {"objective": "rlhf"}),
    lesson("closed_forms", "free_energy", "The same identity: F, taken apart"),
    subject="β is",
    above="above {edge}",
    below="below {edge}",
    unconditional=True,
)


def k_three(mean):
    """The slope by the mean of q: of D(q‖p), and of the k₃ estimator as a loss, which on average is that of D(p‖q)."""
    p, q = GaussianMixture.two_modes(5.0), Gaussian(mean, 1.2)
    wanted, got = kl_gradient(q, p, wrt="a"), kl_gradient(p, q, wrt="b")
    return {
        "p": p,
        "q": q,
        "wanted": wanted.mean[0],
        "got": got.mean[0],
        "wanted_std": wanted.std[0],
        "got_std": got.std[0],
        "apart": float(np.ptp(p.means)),
    }


K_THREE = Claim(
    "k-three",
    "k₃ as the loss",
    "With Schulman's k₃ as the loss, the policy follows D(policy‖reference).",
    ("Schulman, on approximating KL", "code of several RLHF libraries"),
    "p is the reference, with two modes, {apart} apart; q the policy, a Gaussian, its mean on the dial. Samples are "
    "held fixed, as in code that differentiates the estimator itself. Follows: moves the mean the same way.",
    dial("Mean of the policy", 0.1, 6.0, 0.1, 1.5, "The reference has its modes on both sides of zero."),
    k_three,
    lambda r: (r["wanted"].value > 0) == (r["got"].value > 0),
    (
        Number("wanted", "slope of D(q‖p) in the mean", PLAIN, "Reverse divergence"),
        Number("got", "slope of k₃ in the mean", PLAIN, "Forward divergence"),
        Number("wanted_std", "slope of D(q‖p) in the std", PLAIN, "Reverse divergence"),
        Number("got_std", "slope of k₃ in the std", PLAIN, "Forward divergence"),
        Number("apart", "how far apart the modes are", PLAIN),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "D(q‖p) has slope {wanted} in the mean, k₃ has {got}: the same way, though not the same step.",
    "D(q‖p) has slope {wanted} in the mean, k₃ has {got}: they pull in opposite ways.",
    "The value of k₃ is right on average: D(q‖p). Its slope with the samples held fixed is that of D(p‖q), the other "
    "direction, because the samples too depend on the policy and the estimator does not know it.",
    Door(
        "pages/estimators.py",
        ESTIMATORS,
        lambda at: {"separation": "5", "weight": "0.5", "right": "1", "left": "1", "mean": f"{at:.1f}", "std": "1.2"},
    ),
    lesson("stationarity", "estimators", "What sampled estimators descend as a loss"),
    subject="the policy is",
    above="beyond {edge}",
    below="below {edge}",
    unconditional=True,
)


def k_three_spread(std):
    """Whether the average of (p/q)², which the variance of k₃ holds, is finite."""
    p, q = Gaussian(0, 1), Gaussian(1, std)
    second = renyi_divergence(p, q, 2.0)
    return {"p": p, "q": q, "second": second, "divergence": kl_divergence(q, p)}


SPREAD = Claim(
    "k-three-variance",
    "k₃ varies less",
    "The k₃ estimator has a finite variance, as k₁ has.",
    ("Schulman, on approximating KL", "code of several RLHF libraries"),
    "p is the reference, of std one; q the policy that is sampled, with the std of the dial and its mean one std away.",
    dial("Std of the policy", 0.3, 2.0, 0.01, 0.6, "The reference has std one."),
    k_three_spread,
    lambda r: math.isfinite(r["second"].value),
    (
        Number("second", "Rényi divergence of order two: log of the average of (p/q)²", term="Alpha-divergence"),
        Number("divergence", "D(q‖p)"),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "The average of (p/q)² is finite, with logarithm {second}; D(q‖p) is {divergence}.",
    "The average of (p/q)² under q is infinite, and so is the variance of k₃, though D(q‖p) is only {divergence}.",
    "k₃ holds p/q itself, whose square must have an average under q; a policy too narrow for the reference draws the "
    "large ratios too rarely for that. k₁ holds only the logarithm of the ratio, whose square is tame.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two("norm(0, 1)", f"norm(1, {at:g})")),
    unproved="the engine finds whether the integral of p²/q converges from the two variances.",
    subject="the policy has a std",
    above="above {edge}",
    below="below {edge}",
    unconditional=True,
)


def sampled(draws):
    """The chance that the average of log q/p over so many draws of q is negative, for two near Gaussians."""
    q, p = Gaussian(0.2, 1), Gaussian(0, 1)
    divergence = kl_divergence(q, p)  # and log q/p under q is Gaussian, of this mean and twice this variance
    chance = math.erfc(math.sqrt(draws * divergence.value / 2) / math.sqrt(2)) / 2
    average = Gaussian(divergence.value, math.sqrt(2 * divergence.value / draws))
    return {"average": average, "draws": draws, "divergence": divergence, "chance": chance, "rare": 0.01}


def _average(results: Results) -> Drawing:
    """Where the average over the draws falls, and zero."""
    return replace(densities(results, over="average of log q/p", average=GIVEN), here=0.0, over_nats=True)


SAMPLED = Claim(
    "sampled-negative",
    "A negative KL",
    "A KL that comes out negative is a bug.",
    ("issue trackers of RLHF libraries",),
    "The policy q and the reference p are two Gaussians of std one, close together; D(q‖p) is estimated by the "
    "average of log q/p over the draws of the dial. A bug: by chance it happens less often than {rare}.",
    dial("Draws", 1.0, 1000.0, 1.0, 64.0, "Such as the tokens of one answer."),
    sampled,
    lambda r: r["chance"] < r["rare"],
    (
        Number("divergence", "D(q‖p)"),
        Number("chance", "chance that the average is negative", SHARE, "Standard error"),
        Number("draws", "draws", PLAIN),
        Number("rare", "what counts as rare", SHARE),
    ),
    _average,
    "D(q‖p) is {divergence}; a negative average has a chance of {chance}.",
    "D(q‖p) is {divergence}; its average over the draws is negative with a chance of {chance}, and nothing is wrong.",
    "D is never negative, and log q/p at a draw often is. Its spread is of the order of the square root of D, much "
    "larger than D itself when the two are close, so that an average over few draws has either sign.",
    Door("pages/estimators.py", ESTIMATORS, lambda at: {"separation": "0", "mean": "0.2", "std": "1"}),
    unproved="that log q/p is Gaussian under q, with twice D as its variance, holds for two Gaussians of one width, "
    "and the chance is computed from it.",
    subject="there are",
    above="at least {edge} draws",
    below="at most {edge} draws",
)

CLAIMS = (EXPECTATION, COLLAPSE, K_THREE, SPREAD, SAMPLED)
