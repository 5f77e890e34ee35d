"""Pairs whose divergence is known to 20 digits, by mpmath with 45 or in closed form: data, and no result of ours."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """D(p‖q): what p and q are, in Python and in words, the truth in nats, and how that is known."""

    name: str
    p: str
    q: str
    truth: str
    known: str


CLOSED, SUMMED = "closed form, 45 digits", "integrated over 50 pieces with 45 digits"
LIMIT = "closed form of each component; what overlaps is below e⁻¹⁰⁰"
TAIL = "E x² does not exist under p"

SETS: dict[str, tuple[str, tuple[Pair, ...]]] = {
    "textbook": (
        "Closed forms",
        (
            Pair("Two Gaussians", "Gaussian(0, 1)", "Gaussian(0, 2)", "0.31814718055994530942", CLOSED),
            Pair(
                "Two that all but agree", "Gaussian(0, 1)", "Gaussian(0, 1.000001)", "9.9999833317105046598e-13", CLOSED
            ),
            Pair("Two far apart", "Gaussian(0, 1)", "Gaussian(50, 1)", "1250", CLOSED),
            Pair("Laplace and Gaussian", "Laplace(0, 1)", "Gaussian(0, 1.5)", "0.075700905197336258786", CLOSED),
            Pair("Two gammas", "Gamma(2, 1)", "Gamma(3, 2)", "1.3498043871413140983", CLOSED),
            Pair("Cauchy and Gaussian", "Cauchy(0, 1)", "Gaussian(0, 1)", "inf", TAIL),
        ),
    ),
    "line": (
        "Mixtures on the line",
        (
            Pair(
                "Two modes, one Gaussian",
                "GaussianMixture([0.5, 0.5], [-2.5, 2.5], [1, 1])",
                "Gaussian(0, 2.7)",
                "0.31456571140433781532",
                SUMMED,
            ),
            Pair(
                "Two mixtures",
                "GaussianMixture([0.7, 0.3], [-1, 3], [1, 0.5])",
                "GaussianMixture([0.4, 0.6], [-1, 3], [1, 2])",
                "0.30498881694904642716",
                SUMMED,
            ),
            Pair(
                "A needle far off, of weight 0.001",
                "GaussianMixture([0.999, 0.001], [0, 40], [1, 0.001])",
                "Gaussian(0, 1)",
                "0.79850050066675006735",
                SUMMED,
            ),
            Pair(
                "A narrow q between two modes",
                "GaussianMixture([0.5, 0.5], [-20, 20], [1, 1])",
                "Gaussian(0, 0.5)",
                "800.11370563888010938",
                LIMIT,
            ),
        ),
    ),
    "plane": (
        "In the plane",
        (
            Pair(
                "Two modes, one round Gaussian",
                "MultivariateGaussianMixture([0.5, 0.5], [[-1, 0], [1, 0]], [1.0, 1.0])",
                "MultivariateGaussian([0, 0], 2.0)",
                "0.10631636021311369741",
                SUMMED,
            ),
            Pair(
                "Half of p is a needle far off",
                "MultivariateGaussianMixture([0.5, 0.5], [[0, 0], [290, 0]], [1.0, 0.0001])",
                "MultivariateGaussian([0, 0], 1.0)",
                "21028.412073005428146",
                LIMIT,
            ),
            Pair(
                "A q that covers one of two modes",
                "MultivariateGaussianMixture([0.5, 0.5], [[-20, 0], [20, 0]], [1.0, 1.0])",
                "MultivariateGaussian([-20, 0], 1.0)",
                "399.30685281944005469",
                LIMIT,
            ),
        ),
    ),
}
