"""The lessons of the Derive section as data: which derivations stand side by side, and what can be moved beside them.

To add one, add an entry; a derivation must be in `kl_engine.symbolic.DERIVATIONS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui.controls import Slider

MIXTURE, FORMS, NOTHING = "mixture", "forms", "nothing"  # what stands beside the derivations


@dataclass(frozen=True)
class Lesson:
    """Derivations at the left (forward) and at the right (reverse); without any at the right, one serves both.

    `panel` says what is shown with numbers: closed forms over their parameters (`sliders`, the first at `axis`), a
    mixture with its two stationarity conditions, or nothing.
    """

    title: str
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    panel: str = NOTHING
    sliders: tuple[Slider, ...] = ()
    axis: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All its derivations."""
        return self.left + self.right


def real(key: str, label: str, default: float, low: float = -4.0, high: float = 4.0) -> Slider:
    """A parameter on the line."""
    return Slider(key, label, low, high, 0.1, default, f"The parameter {label}.")


def positive(key: str, label: str, default: float, high: float = 5.0) -> Slider:
    """A parameter above 0."""
    return Slider(key, label, 0.1, high, 0.1, default, f"The parameter {label}, above 0.")


def share(key: str, label: str, default: float) -> Slider:
    """A probability, or a number between 0 and 1."""
    return Slider(key, label, 0.01, 0.99, 0.01, default, f"The parameter {label}, between 0 and 1.")


GAUSSIAN = (
    real("mu_p", "μ_p", 0.0),
    positive("sigma_p", "σ_p", 1.0),
    real("mu_q", "μ_q", 0.5),
    positive("sigma_q", "σ_q", 2.0),
)
SHAPES = (
    positive("a_p", "a_p", 2.0),
    positive("b_p", "b_p", 1.0),
    positive("a_q", "a_q", 3.0),
    positive("b_q", "b_q", 2.0),
)
RATES = (positive("lambda_p", "λ_p", 1.0), positive("lambda_q", "λ_q", 2.0))
CHANCES = (share("theta_p", "θ_p", 0.3), share("theta_q", "θ_q", 0.6))

CLOSED_FORMS = {
    "gaussians": Lesson("Two Gaussians", ("gaussian_forward",), ("gaussian_reverse",), FORMS, GAUSSIAN, "sigma_q"),
    "equal_means": Lesson("Equal means", ("equal_means",), (), NOTHING),
    "equal_widths": Lesson("Equal widths", ("equal_widths",), (), NOTHING),
    "multivariate": Lesson("Gaussians in n dimensions", ("multivariate_gaussian",)),
    "diagonal": Lesson("Diagonal covariances", ("multivariate_diagonal",)),
    "isotropic": Lesson("Isotropic covariances", ("multivariate_isotropic",)),
    "bernoulli": Lesson("Bernoulli", ("bernoulli",), (), FORMS, CHANCES, "theta_q"),
    "categorical": Lesson("Categorical", ("categorical",)),
    "geometric": Lesson("Geometric", ("geometric",), (), FORMS, CHANCES, "theta_q"),
    "poisson": Lesson("Poisson", ("poisson",), (), FORMS, RATES, "lambda_q"),
    "exponential": Lesson("Exponential", ("exponential",), (), FORMS, RATES, "lambda_q"),
    "gamma": Lesson("Gamma", ("gamma",), (), FORMS, SHAPES, "a_q"),
    "beta": Lesson("Beta", ("beta",), (), FORMS, SHAPES, "a_q"),
    "dirichlet": Lesson("Dirichlet", ("dirichlet",)),
    "laplace": Lesson(
        "Laplace",
        ("laplace",),
        (),
        FORMS,
        (real("mu_p", "μ_p", 0.0), positive("b_p", "b_p", 1.0), real("mu_q", "μ_q", 0.5), positive("b_q", "b_q", 2.0)),
        "mu_q",
    ),
    "bregman": Lesson("Exponential families: a Bregman divergence", ("bregman",)),
    "alpha": Lesson("α-divergence", ("alpha_divergence",), (), FORMS, (share("alpha", "α", 0.5), *GAUSSIAN), "alpha"),
    "gibbs": Lesson("Gibbs' inequality", ("gibbs",)),
    "local": Lesson("The local picture", ("fisher_metric",), ("third_order",)),
    "free_energy": Lesson("Free energy", ("free_energy_finite",), ("free_energy_gaussian",)),
}

WEIGHT = (share("w", "w", 0.5),)
CORRELATION = (Slider("rho", "ρ", -0.95, 0.95, 0.05, 0.9, "The correlation of the two coordinates."),)
POLYNOMIAL = (real("m", "m", 1.5), positive("w", "w", 0.1))

STATIONARITY = {
    "any": Lesson("Any target", ("forward_stationarity",), ("reverse_stationarity",), MIXTURE),
    "mixture": Lesson("A mixture", ("mixture_moments",), ("reverse_mixture",), MIXTURE),
    "gaussian": Lesson("What is left at the optimum", ("forward_least_value",), ("reverse_gaussian_target",), MIXTURE),
    "shape": Lesson(
        "The shape of the objective", ("forward_convexity", "forward_not_convex"), ("covering_minimum",), MIXTURE
    ),
    "pitchfork": Lesson("The pitchfork at a fixed width", ("pitchfork",), (), MIXTURE),
    "locking": Lesson("The price of locking", ("locking_cost",), (), FORMS, WEIGHT, "w"),
    "tools": Lesson("Bonnet and Price", ("bonnet",), ("price",)),
    "family": Lesson("In an exponential family", ("family_stationarity",)),
    "mean_field": Lesson("Mean field", ("mean_field_forward",), ("mean_field_reverse",)),
    "mean_field_cost": Lesson("The cost of mean field", ("mean_field_cost",), (), FORMS, CORRELATION, "rho"),
    "polynomial": Lesson("Free energy under a link", ("free_energy_polynomial",), (), FORMS, POLYNOMIAL, "m"),
}
