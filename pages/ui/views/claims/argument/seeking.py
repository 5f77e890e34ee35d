"""(3) Mean-seeking and mode-seeking: the state that does not exist, the fold, the tie, and the most frequent mode."""

from __future__ import annotations

import math

import numpy as np

from kl_engine import Gaussian, GaussianMixture, disagreement, families, fit
from kl_engine.distributions import StudentT
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
from pages.ui.views.claims.argument.expectation import LAB, POST_MEAN_MODE
from pages.ui.views.claims.argument.measuring import ANY_TWO, POST_ACTION, any_two

TWO = "p has two equal modes of std one; the dial sets how far apart they are. q is one Gaussian, mean and std free."
APART = {"subject": "the modes are", "above": "more than {edge} apart", "below": "less than {edge} apart"}


def separation(default: float, low: float = 0.0):
    """The dial that moves two modes apart."""
    return dial("Mode separation", low, 10.0, 0.05, default, "Between the two modes of p.")


HOME = "One target, two best fits"


def home(at: float) -> dict[str, str]:
    """The first page at this separation, both fits begun on the right mode."""
    return {"separation": f"{at:g}", "weight": "0.5", "right": "1", "left": "1", "mean": f"{at / 2:.1f}", "std": "1"}


def heavy_tail(degrees):
    """A Student t, and the Gaussian of its mean and std where it has these."""
    p = StudentT(degrees)
    has_variance = math.isfinite(p.std)
    return {"p": p, "q": Gaussian(p.mean, p.std) if has_variance else None, "std": p.std if has_variance else math.inf}


def _tails(results: Results) -> Drawing:
    p, q, x = results["p"], results["q"], np.linspace(-8, 8, 401)
    fits = (Line("log q", FORWARD, x, q.log_pdf(x)),) if q else ()
    return Drawing((Line("log p", TARGET, x, p.log_pdf(x)), *fits), "x", "log density")


MOMENTS = Claim(
    "moments",
    "Moment matching",
    "The Gaussian that minimises D(p‖q) has the mean and the variance of p.",
    ("Bishop, ch. 10", "Murphy", "Minka, expectation propagation"),
    "p is a Student t, whose tails the dial sets; q is a Gaussian.",
    dial("Degrees of freedom of p", 1.0, 6.0, 0.05, 3.0, "More of them, lighter tails."),
    heavy_tail,
    lambda r: math.isfinite(r["std"]),
    (Number("std", "std of p", PLAIN, "Moment match"),),
    _tails,
    "p has std {std}, and that is the std of the best Gaussian.",
    "The average of x² under p is infinite, and with it D(p‖q) for every Gaussian q: none is best.",
    "Setting the slope of D(p‖q) in mean and variance to zero says just that the first two moments agree, for any p "
    "that has them. Where the second moment of p is infinite, −log q grows too fast for p's tails, and no Gaussian "
    "has a finite divergence.",
    Door("pages/any_two.py", ANY_TWO, lambda at: any_two(f"t({at:g})", "norm(0, 1)")),
    lesson("stationarity", "any", "The stationarity conditions"),
    subject="p is a t of",
    above="more than {edge} degrees of freedom",
    below="less than {edge} degrees of freedom",
)


def middle(separation):
    """The forward fit of two equal modes, and how high p is at its peak."""
    p = GaussianMixture.two_modes(separation)
    q = fit(p, "forward").q
    at_peak, beside = float(p.pdf(q.mean)), float(p.pdf(q.mean + 1e-3))
    peak = separation / 2  # where p is highest: peak = a tanh(a peak) with a half of the separation
    for _ in range(500):
        peak = separation / 2 * math.tanh(separation / 2 * peak)
    highest = max(float(p.pdf(peak)), at_peak)
    found = disagreement(p, q)
    return {
        "p": p,
        "forward": q,
        "level": at_peak / highest,
        "rises": beside - at_peak,
        "hallucinated": found.hallucinated,
        "missed": found.missed,
    }


MIDDLE = Claim(
    "middle",
    "The state that does not exist",
    "The forward fit has its peak between the modes, in a valley of p.",
    (POST_MEAN_MODE, POST_ACTION, "Bishop, ch. 10", "Murphy"),
    TWO,
    separation(8.0),
    middle,
    lambda r: r["rises"] > 0,
    (
        Number("hallucinated", "mass of q where p has next to none", SHARE, "hallucinated"),
        Number("missed", "mass of p where q has next to none", SHARE, "missed"),
        Number("level", "p at the peak of q, over its highest", SHARE),
        Number("rises", "what p gains a thousandth beside it", PLAIN),
    ),
    lambda r: densities(r, p=TARGET, forward=FORWARD),
    "Where q is highest, p has {level} of its height; {hallucinated} of q lies where p has next to nothing.",
    "p has one peak, and that of q sits on it.",
    "The mean of two equal modes lies half-way between them, and matching moments puts the peak of q there. D(p‖q) "
    "has no ceiling for what q leaves out; what q invents it feels only by what is then missing elsewhere.",
    Door("app.py", HOME, home),
    lesson("stationarity", "mixture", "The moments of a mixture"),
    **APART,
)


def best_reverse(separation):
    """The best reverse fit of two equal modes, of all that there are."""
    p = GaussianMixture.two_modes(separation)
    found = fit(p, "reverse")
    q = found.q
    return {
        "p": p,
        "reverse": q,
        "value": found.value,
        "mean": abs(q.mean),
        "std": q.std,
        "missed": disagreement(p, q).missed,
        "price": math.log(2),
    }


LOCKS = Claim(
    "locks",
    "Mode-seeking",
    "The reverse fit takes one mode and leaves the other.",
    (POST_MEAN_MODE, POST_ACTION, "Bishop, ch. 10", "Murphy", "the VAE literature"),
    TWO + " The reverse fit is the best of all reverse optima.",
    separation(8.0),
    best_reverse,
    lambda r: r["mean"] > 1e-6,
    (
        Number("value", "D(q‖p) of the best fit"),
        Number("mean", "how far its mean is from the centre", PLAIN, "Locked and covering"),
        Number("std", "its std", PLAIN, "Approximation"),
        Number("missed", "mass of p where q has next to none", SHARE, "missed"),
        Number("price", "−log of the weight of one mode", term="Locked and covering"),
    ),
    lambda r: densities(r, p=TARGET, reverse=REVERSE),
    "The best fit is {mean} from the centre, and {missed} of p lies where it has next to nothing. It costs "
    "{value}; missing the other mode altogether costs {price}.",
    "The best fit sits in the centre, std {std}, and covers both modes for {value}: less than {price}, the "
    "price of missing one of two modes that are far apart.",
    "Covering both costs more the further they are apart; taking one has a ceiling, −log of its weight. Where the two "
    "prices cross, the best fit jumps, and a name such as “mode-seeking” holds only beyond that place.",
    Door("app.py", HOME, home),
    lesson("stationarity", "locking", "The price of locking"),
    **APART,
)


def answers(separation):
    """All minima of the reverse divergence that are met from the usual starts."""
    p = GaussianMixture.two_modes(separation)
    optima = fit(p, "reverse").optima
    off = [found for found in optima if abs(found.q.mean) > 1e-6]
    on_a_mode = max((found.q for found in off), key=lambda q: q.mean, default=optima[0].q)
    return {
        "p": p,
        "reverse": on_a_mode,
        "minima": len(optima),
        "mean": on_a_mode.mean,
        "std": on_a_mode.std,
        "off_centre": len(off),
    }


FROM_START = Claim(
    "from-start",
    "Where it starts",
    "Started on a mode, the reverse fit stays with that mode.",
    ("Murphy", "Blei and others, on local optima"),
    TWO + " The fit begins on the right mode, with its mean and std.",
    separation(5.0),
    answers,
    lambda r: r["off_centre"] > 0,
    (
        Number("minima", "minima of D(q‖p)", COUNT, "Stationary point"),
        Number("off_centre", "of these off the centre", COUNT, "Locked and covering"),
        Number("mean", "mean of q, from the right mode", PLAIN, "Approximation"),
        Number("std", "its std", PLAIN, "Approximation"),
    ),
    lambda r: densities(r, p=TARGET, reverse=REVERSE),
    "There are {minima} minima; from the right mode q settles at {mean}, std {std}.",
    "There is one minimum, the covering fit: from every start q settles at {mean}, std {std}.",
    "Minima on the modes are born at a fold, off the centre. Between that fold and the tie the covering fit is still "
    "the better one, so what a run finds is then an answer about its start, and not about p.",
    Door("app.py", HOME, home),
    lesson("stationarity", "shape", "Why the covering fit is always a minimum"),
    **APART,
)


def frequent(width):
    """q of std 1 chooses between a frequent mode of this width, and a rarer one of std 1."""
    p = GaussianMixture([0.6, 0.4], [5, -5], [width, 1])
    found = fit(p, "reverse", families.Gaussian(std=1.0))
    on_frequent = min((o.value.value for o in found.optima if o.q.mean > 0), default=math.inf)
    on_rare = min((o.value.value for o in found.optima if o.q.mean < 0), default=math.inf)
    return {
        "p": p,
        "reverse": found.q,
        "value": found.value,
        "mean": found.q.mean,
        "on_frequent": on_frequent,
        "on_rare": on_rare,
        "weight": float(p.weights[0]),
        "apart": float(np.ptp(p.means)),
    }


FREQUENT = Claim(
    "most-frequent",
    "The most frequent one?",
    "Reverse KL picks the most frequent mode.",
    (POST_MEAN_MODE, "lecture notes"),
    "Two modes, {apart} apart: the right one has {weight} of the mass and the width of the dial, the left one the "
    "rest and std one. q keeps std one, as a decoder with a fixed noise does.",
    dial("Width of the more frequent mode", 0.5, 4.0, 0.05, 3.0, "The rarer mode has std one, as q has."),
    frequent,
    lambda r: r["mean"] > 0,
    (
        Number("weight", "weight of the right mode", SHARE, "Mixture"),
        Number("apart", "how far apart the modes are", PLAIN),
        Number("mean", "mean of the best q", PLAIN, "Approximation"),
        Number("value", "its D(q‖p)"),
        Number("on_frequent", "D(q‖p) on the frequent mode"),
        Number("on_rare", "D(q‖p) on the rarer mode"),
    ),
    lambda r: densities(r, p=TARGET, reverse=REVERSE),
    "The best q lies at {mean}, on the more frequent mode: {on_frequent}, against {on_rare} on the other.",
    "The best q lies at {mean}, on the rarer mode: {on_rare}, against {on_frequent} on the more frequent one.",
    "A mode costs −log of its weight plus what q fails to match of its shape. For one free Gaussian and modes that "
    "are Gaussian and far apart the second part goes to zero, and then the most frequent one wins; with a fixed "
    "width, or close together, it need not.",
    Door(
        "pages/mixture_lab.py",
        LAB,
        lambda at: {"p": f"0.6,5,{at:g};0.4,-5,1", "q": "-5,1", "std_of_q": "held"},
    ),
    lesson("stationarity", "locking", "The price of locking"),
    subject="the more frequent mode is",
    above="wider than {edge}",
    below="narrower than {edge}",
    unconditional=True,
)


def opposite(weight):
    """Both fits of two modes, eight apart, with a weight on the right one: what each invents and misses."""
    p = GaussianMixture.two_modes(8.0, weight)
    forward, reverse = fit(p, "forward").q, fit(p, "reverse").q
    of_forward, of_reverse = disagreement(p, forward), disagreement(p, reverse)
    return {
        "p": p,
        "forward": forward,
        "reverse": reverse,
        "apart": float(np.ptp(p.means)),
        "forward_invents": of_forward.hallucinated,
        "forward_misses": of_forward.missed,
        "reverse_invents": of_reverse.hallucinated,
        "reverse_misses": of_reverse.missed,
    }


OPPOSITE = Claim(
    "opposite",
    "Opposite shapes",
    "From the same p, forward KL makes a q that invents more than it misses, and reverse KL one that misses more "
    "than it invents.",
    (POST_ACTION, "Murphy"),
    "Two modes of std one, {apart} apart, the right one with the weight of the dial; both best Gaussians.",
    dial("Weight of the right mode", 0.5, 0.99, 0.01, 0.6, "The left mode has the rest."),
    opposite,
    lambda r: (
        r["forward_invents"].value > r["forward_misses"].value
        and r["reverse_misses"].value > r["reverse_invents"].value
    ),
    (
        Number("forward_invents", "forward: mass invented", SHARE, "Hallucinated"),
        Number("forward_misses", "forward: mass missed", SHARE, "Missed"),
        Number("reverse_invents", "reverse: mass invented", SHARE, "Hallucinated"),
        Number("reverse_misses", "reverse: mass missed", SHARE, "Missed"),
        Number("apart", "how far apart the modes are", PLAIN),
    ),
    lambda r: densities(r, p=TARGET, forward=FORWARD, reverse=REVERSE),
    "Forward invents {forward_invents} and misses {forward_misses}; reverse invents {reverse_invents} and misses "
    "{reverse_misses}.",
    "Forward invents {forward_invents} and misses {forward_misses}; reverse invents {reverse_invents} and misses "
    "{reverse_misses}.",
    "One average is taken under p, the other under q, and a ratio of densities that is large for one is small for "
    "the other. But the fit that is called mass-covering need not cover a mode of very small weight.",
    Door(
        "app.py",
        HOME,
        lambda at: {
            "separation": "8",
            "weight": f"{min(at, 0.98):.2f}",
            "right": "1",
            "left": "1",
            "mean": "4.0",
            "std": "1",
        },
    ),
    lesson("stationarity", "any", "The stationarity conditions"),
    subject="the right mode has a weight",
    above="above {edge}",
    below="below {edge}",
)


CLAIMS = (MOMENTS, MIDDLE, LOCKS, FROM_START, FREQUENT, OPPOSITE)
