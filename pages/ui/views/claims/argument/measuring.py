"""(1) What is measured: extra code length, zero only for equals, no distance."""

from __future__ import annotations

import math

from kl_engine import Categorical, Gaussian, cross_entropy, entropy, forward_kl, kl_divergence, reverse_kl
from kl_engine.coding import huffman_code, redundancy
from pages.ui.views.claims.argument.claim import (
    GIVEN,
    OTHER,
    PLAIN,
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

POST_ACTION = "A blog post on active inference"
ANY_TWO = "Any two"


def any_two(first: str, second: str) -> dict[str, str]:
    """What to set on the page that compares two distributions."""
    return {"first": first, "second": second}


def code_cost(share):
    """The extra cost per symbol of p in a code made for q: of ideal lengths −log q, and of Huffman's whole bits."""
    p = Categorical([0.5, 0.25, 0.25])
    q = Categorical([share, (1 - share) / 2, (1 - share) / 2])
    extra = cross_entropy(p, q) - entropy(p)
    forward = forward_kl(p, q)
    return {
        "p": p,
        "q": q,
        "forward": forward,
        "extra": extra,
        "in_bits": forward.bits.value,
        "whole": redundancy(p, huffman_code(q)),
    }


def _symbols(results: Results) -> Drawing:
    p, q = results["p"].probs, results["q"].probs
    return bars(("a", "b", "c"), p=(TARGET, p), q=(GIVEN, q))


CODE_COST = Claim(
    "code-cost",
    "What it counts",
    "A code made for q spends D(p‖q) more per symbol of p than a code made for p.",
    ("Shannon's coding theorem", "MacKay, ch. 5", POST_ACTION),
    "p over three symbols is fixed. The dial sets the share that q gives the first of them; the other two halve the "
    "rest. Lengths are the ideal ones, −log q.",
    dial("Share that q gives the first symbol", 0.02, 0.98, 0.01, 0.1, "The other two symbols halve what is left."),
    code_cost,
    lambda r: abs(r["extra"].value - r["forward"].value) <= r["extra"].error + r["forward"].error,
    (
        Number("forward", "D(p‖q)"),
        Number("in_bits", "D(p‖q) in bits", PLAIN, "Nats and bits"),
        Number("extra", "extra cost of ideal lengths"),
        Number("whole", "extra cost of Huffman's code", term="Huffman code"),
    ),
    _symbols,
    "Ideal lengths cost {extra} more per symbol, and D(p‖q) is {forward}: one number, counted in two ways. In bits it "
    "is {in_bits}.",
    "Ideal lengths cost {extra} more per symbol, and D(p‖q) is {forward}.",
    "The cost is cross entropy less entropy, and that difference is D(p‖q) term by term. Codewords of whole bits "
    "cannot have every length: Huffman's code for q costs {whole} more than the entropy of p here; coding long "
    "blocks at once brings the cost per symbol to the ideal.",
    Door(
        "pages/code_lengths.py",
        "Code lengths",
        lambda at: {"symbols": f"a~1/2~{at:g}~_b~1/4~{(1 - at) / 2:.12g}~_c~1/4~{(1 - at) / 2:.12g}~"},
    ),
    lesson("closed_forms", "categorical", "The divergence of two categorical distributions"),
)


def rescaled(factor):
    """Two Gaussians whose x is told in another unit, so that its numbers are `factor` times as large."""
    p, q = Gaussian(0, factor), Gaussian(factor, 2 * factor)
    forward = forward_kl(p, q)
    return {
        "p": p,
        "q": q,
        "factor": factor,
        "forward": forward,
        "before": forward_kl(Gaussian(0, 1), Gaussian(1, 2)),
        "in_bits": forward.bits.value,
        "entropy": entropy(p),
        "entropy_before": entropy(Gaussian(0, 1)),
    }


UNITS = Claim(
    "units",
    "Nats, bits and metres",
    "Nats and bits are one quantity in two units, and D does not change with the unit of x.",
    ("Cover and Thomas, ch. 2 and 8", POST_ACTION),
    "Two Gaussians; the dial gives x in another unit, so that all its numbers are multiplied.",
    dial("Numbers of x multiplied by", 0.1, 10.0, 0.1, 2.5, "Such as inches given in centimetres."),
    rescaled,
    lambda r: (
        abs(r["forward"].value - r["before"].value) <= r["forward"].error + r["before"].error
        and math.isclose(r["in_bits"] * math.log(2), r["forward"].value)
    ),
    (
        Number("factor", "factor", PLAIN),
        Number("forward", "D(p‖q)"),
        Number("before", "D(p‖q) before"),
        Number("in_bits", "D(p‖q) in bits", PLAIN, "Nats and bits"),
        Number("entropy", "entropy of p", term="Entropy"),
        Number("entropy_before", "entropy of p before", term="Entropy"),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "With x multiplied by {factor}, D(p‖q) is {forward}, as before; in bits it is {in_bits}. The entropy of p is "
    "{entropy}, and before it was {entropy_before}.",
    "With x multiplied by {factor}, D(p‖q) is {forward}; before it was {before}.",
    "D holds p and q only as a ratio, from which the unit of a density cancels; the entropy of a density holds it "
    "alone. The base of the logarithm is a factor: a bit is log of two nats, for every divergence and every entropy.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two(f"norm(0, {at:g})", f"norm({at:g}, {2 * at:g})")),
    lesson("closed_forms", "gaussians", "The divergence of two Gaussians"),
)


def zero(mean):
    """Two Gaussians of one width: D in both directions."""
    p, q = Gaussian(0, 1), Gaussian(mean, 1)
    return {"p": p, "q": q, "forward": forward_kl(p, q), "reverse": reverse_kl(p, q)}


ZERO = Claim(
    "zero",
    "Zero only for equals",
    "It is zero if and only if q equals p.",
    ("Gibbs' inequality", "Cover and Thomas, ch. 2", POST_ACTION),
    "Two Gaussians of std one; the dial sets the mean of q.",
    dial("Mean of q", -3.0, 3.0, 0.05, 1.0, "Set it to zero, the mean of p."),
    zero,
    lambda r: (r["forward"].value == 0) == (r["q"] == r["p"]),
    (Number("forward", "D(p‖q)"), Number("reverse", "D(q‖p)")),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "With q at {at}, D(p‖q) is {forward}. Put q on p, and it is zero.",
    "With q at {at}, D(p‖q) is {forward}.",
    "By Gibbs' inequality the average of log p/q under p is never below zero, and it is zero only where p and q agree "
    "throughout. Gaussians of one width have the same divergence in both directions: a coincidence of this pair.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two("norm(0, 1)", f"norm({at:g}, 1)")),
    lesson("closed_forms", "gibbs", "Gibbs' inequality"),
)


def scaled(total):
    """Σ p log p/q where what stands for q adds up to `total`."""
    p, q = Categorical([0.5, 0.3, 0.2]), Categorical([0.4, 0.4, 0.2])
    value = forward_kl(p, q) - math.log(total)
    least = 0.5 * math.log(0.5 / (0.4 * total))
    others = [0.3 * math.log(0.3 / (0.4 * total)), 0.2 * math.log(0.2 / (0.2 * total))]
    return {"p": p, "q": q, "total": total, "value": value, "lowest": min(least, *others)}


def _scaled(results: Results) -> Drawing:
    p, q = results["p"].probs, results["q"].probs * results["total"]
    return bars(("a", "b", "c"), "what is summed", p=(TARGET, p), q=(GIVEN, q))


NEVER_NEGATIVE = Claim(
    "never-negative",
    "Never negative",
    "Σ p log p/q is never negative.",
    ("Gibbs' inequality", "MacKay, ch. 2", POST_ACTION),
    "p and q over three outcomes. The dial scales q, so that what is put in for it need not add up to one.",
    dial("What q adds up to", 0.5, 2.0, 0.01, 1.2, "A distribution adds up to one."),
    scaled,
    lambda r: r["value"].value >= 0,
    (Number("value", "Σ p log p/q"), Number("lowest", "its lowest term"), Number("total", "sum of q", PLAIN)),
    _scaled,
    "q adds up to {total}, and the sum is {value}.",
    "q adds up to {total}: it is not a distribution, and the sum is {value}.",
    "For distributions the inequality holds for all p and q. It rests on both adding up to one, which unnormalised "
    "scores, counts and logits do not; and it is about the sum, because single terms may well be negative (the lowest "
    "here is {lowest}).",
    Door("pages/code_lengths.py", "Code lengths", lambda at: {"symbols": "a~1/2~0.4~_b~0.3~0.4~_c~0.2~0.2~"}),
    lesson("closed_forms", "gibbs", "Gibbs' inequality"),
    subject="what is put in for q adds up to",
    above="more than {edge}",
    below="less than {edge}",
)


def both_ways(std):
    """Two Gaussians of one mean: how far apart the two directions are, relative to their average."""
    p, q = Gaussian(0, 1), Gaussian(0, std)
    forward, reverse = forward_kl(p, q), reverse_kl(p, q)
    total = forward.value + reverse.value
    gap = 2 * abs(forward.value - reverse.value) / total if total else 0.0
    return {"p": p, "q": q, "forward": forward, "reverse": reverse, "gap": gap, "allowed": 0.1}


ASYMMETRIC = Claim(
    "not-symmetric",
    "Not symmetric",
    "It is not symmetric: D(p‖q) and D(q‖p) are two numbers.",
    ("Kullback, ch. 2", "Amari, information geometry", POST_ACTION),
    "Two Gaussians of one mean; p has std one, and the dial sets that of q. Two numbers: they differ by more than "
    "{allowed} of their average.",
    dial("Std of q", 0.4, 2.5, 0.01, 2.0, "p has std one."),
    both_ways,
    lambda r: r["gap"] > r["allowed"],
    (
        Number("forward", "D(p‖q)"),
        Number("reverse", "D(q‖p)"),
        Number("gap", "difference over average", SHARE),
        Number("allowed", "what counts as different", SHARE),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN),
    "D(p‖q) is {forward} and D(q‖p) is {reverse}: they differ by {gap} of their average.",
    "D(p‖q) is {forward} and D(q‖p) is {reverse}: p and q are so close that the direction hardly shows.",
    "To second order both are half the squared step in the Fisher metric; they part at third order. So D is not "
    "symmetric, and a step small enough cannot tell.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two("norm(0, 1)", f"norm(0, {at:g})")),
    lesson("closed_forms", "local", "The local picture"),
    subject="the std of q is",
    above="more than {edge}",
    below="less than {edge}",
)


def detour(std):
    """D(p‖q), and the way through r that stands between them."""
    p, r, q = Gaussian(0, 1), Gaussian(1, std), Gaussian(2, 1)
    first, second = kl_divergence(p, r), kl_divergence(r, q)
    return {
        "p": p,
        "q": q,
        "r": r,
        "direct": kl_divergence(p, q),
        "first": first,
        "second": second,
        "through": first + second,
    }


TRIANGLE = Claim(
    "triangle",
    "No distance",
    "A detour is never shorter: D(p‖r) + D(r‖q) is at least D(p‖q), as with a distance.",
    ("The axioms of a metric", POST_ACTION),
    "Three Gaussians in a row; p and q have std one, and the dial sets the std of r between them.",
    dial("Std of r", 0.3, 4.0, 0.01, 1.2, "r lies half-way between p and q."),
    detour,
    lambda r: r["through"].value >= r["direct"].value,
    (
        Number("direct", "D(p‖q)"),
        Number("first", "D(p‖r)"),
        Number("second", "D(r‖q)"),
        Number("through", "D(p‖r) + D(r‖q)"),
    ),
    lambda r: densities(r, p=TARGET, q=GIVEN, r=OTHER),
    "Through r it is {through}, directly it is {direct}.",
    "Through r it is {through}, directly it is {direct}: the detour is shorter.",
    "A distance obeys this for every r; D grows with the square of a small step, so that two half steps cost less "
    "than a whole one. The square root of the Jensen–Shannon divergence is a distance.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two("norm(0, 1)", f"norm(1, {at:g})")),
    lesson("closed_forms", "gaussians", "The divergence of two Gaussians"),
    subject="the std of r is",
    above="more than {edge}",
    below="less than {edge}",
    unconditional=True,
)

CLAIMS = (CODE_COST, UNITS, ZERO, NEVER_NEGATIVE, ASYMMETRIC, TRIANGLE)
