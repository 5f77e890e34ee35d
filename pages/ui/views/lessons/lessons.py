"""The lessons of the Derive section as data: which derivations stand side by side, and what can be moved beside them.

To add one, add an entry; a derivation must be in `kl_engine.symbolic.DERIVATIONS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pages.ui.say.display_math import in_math
from pages.ui.state.fields import Slider

MIXTURE, FORMS = "mixture", "forms"  # what stands beside the derivations
NORMAL, OVALS = "gaussian", "plane"  # families of p and q: Gaussians on the line, and in the plane

Values = dict[str, object]  # parameter name → number, vector or matrix


def as_set(values: dict[str, float]) -> Values:
    """The parameters are the sliders."""
    return dict(values)


@dataclass(frozen=True)
class Lesson:
    """Derivations at the left (forward) and at the right (reverse); without any at the right, one serves both.

    `panel` says what is shown with numbers: closed forms over their parameters, or a mixture with its two stationarity
    conditions. The closed forms are those of `forms` (of the lesson's own derivations where none is named), their
    parameters what `complete` makes of the sliders, their curves over the slider named `axis`. `family` is what p and q
    are of, where they can be drawn: a key of `FAMILIES` in `pair`.
    """

    title: str
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    panel: str = MIXTURE
    sliders: tuple[Slider, ...] = ()
    axis: str = ""
    forms: tuple[str, ...] = ()
    complete: Callable[[dict[str, float]], Values] = as_set
    in_units: bool = True  # whether the form is in nats, and so in bits for who asks
    family: str = ""
    explored: bool = False  # whether its form is of plain numbers, so that "Explore a formula" offers it

    @property
    def names(self) -> tuple[str, ...]:
        """All its derivations."""
        return self.left + self.right


def real(key: str, label: str, default: float, low: float = -4.0, high: float = 4.0) -> Slider:
    """A parameter on the line."""
    return Slider(key, in_math(label), low, high, 0.1, default, f"The parameter {in_math(label)}.")


def positive(key: str, label: str, default: float, high: float = 5.0) -> Slider:
    """A parameter above 0."""
    return Slider(key, in_math(label), 0.1, high, 0.1, default, f"The parameter {in_math(label)}, above 0.")


def share(key: str, label: str, default: float) -> Slider:
    """A probability, or a number between 0 and 1."""
    return Slider(key, in_math(label), 0.01, 0.99, 0.01, default, f"The parameter {in_math(label)}, between 0 and 1.")


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

TRIPLE = tuple(
    Slider(
        f"theta_{i}_{role}",
        in_math(f"θ{i}_{role}"),
        0.05,
        0.45,
        0.01,
        default,
        f"The probability of outcome {i} under {role}.",
    )
    for role, i, default in (("p", 1, 0.3), ("p", 2, 0.4), ("q", 1, 0.1), ("q", 2, 0.3))
)
CONCENTRATIONS = tuple(
    positive(f"a_{i}_{role}", f"a{i}_{role}", default)
    for role, i, default in (("p", 1, 4.0), ("p", 2, 1.5), ("p", 3, 1.0), ("q", 1, 2.0), ("q", 2, 1.0), ("q", 3, 1.0))
)
PLANE = (
    real("shift", "shift of the mean", 0.5, 0.0),
    Slider(
        "rho_p", in_math("correlation of p"), -0.95, 0.95, 0.05, 0.9, "The correlation of the two coordinates under p."
    ),
    Slider(
        "rho_q", in_math("correlation of q"), -0.95, 0.95, 0.05, 0.0, "The correlation of the two coordinates under q."
    ),
)
WIDTHS = (positive("sigma_p", "σ_p", 1.0), positive("sigma_q", "σ_q", 2.0))
MEANS = (real("mu_p", "μ_p", 0.0), real("mu_q", "μ_q", 1.0), positive("sigma_p", "σ", 1.0))
AXES = (
    positive("first_p", "σ1 of p", 1.0),
    positive("second_p", "σ2 of p", 2.0),
    positive("first_q", "σ1 of q", 1.5),
    positive("second_q", "σ2 of q", 0.5),
)
BOTH = ("gaussian_forward", "gaussian_reverse")
PLANE_FORM = ("multivariate_gaussian",)


def one_sum(values: dict[str, float]) -> Values:
    """The third probability is what the other two leave."""
    return values | {f"theta_3_{r}": 1 - values[f"theta_1_{r}"] - values[f"theta_2_{r}"] for r in "pq"}


def one_mean(values: dict[str, float]) -> Values:
    """Both means at 0."""
    return values | {"mu_p": 0.0, "mu_q": 0.0}


def one_width(values: dict[str, float]) -> Values:
    """Both widths are that of p."""
    return values | {"sigma_q": values["sigma_p"]}


def correlated(values: dict[str, float]) -> Values:
    """Unit variances in two dimensions, q's mean shifted along both."""
    covariances = {f"Sigma_{r}": [[1.0, values[f"rho_{r}"]], [values[f"rho_{r}"], 1.0]] for r in "pq"}
    return covariances | {"mu_p": [[0.0], [0.0]], "mu_q": [[values["shift"]], [values["shift"]]]}


def along_axes(values: dict[str, float]) -> Values:
    """Two dimensions without correlation, both means at 0."""
    covariances = {f"Sigma_{r}": [[values[f"first_{r}"] ** 2, 0.0], [0.0, values[f"second_{r}"] ** 2]] for r in "pq"}
    return covariances | {f"mu_{r}": [[0.0], [0.0]] for r in "pq"}


def round_ones(values: dict[str, float]) -> Values:
    """Two dimensions, one width each, both means at 0."""
    return along_axes({f"{place}_{r}": values[f"sigma_{r}"] for place in ("first", "second") for r in "pq"})


def belief(values: dict[str, float]) -> Values:
    """The variance has a name of its own in the address: w is a weight elsewhere."""
    return {"m": values["m"], "w": values["variance"]}


def straight(values: dict[str, float]) -> Values:
    """What is seen is the state itself plus noise."""
    return values | {"b": 1.0, "c": 0.0}


LINEAR = (
    real("m", "m", 0.5),
    positive("s", "s", 0.8),
    real("x", "x", 1.5),
    real("m_0", "m₀", 0.0),
    positive("s_0", "s₀", 1.0),
    positive("s_x", "sₓ", 1.0),
)
LAPLACE = (real("mu_p", "μ_p", 0.0), positive("b_p", "b_p", 1.0), real("mu_q", "μ_q", 0.5), positive("b_q", "b_q", 2.0))
TAIL = (
    positive("delta", "δ", 0.5, high=2.0),
    Slider("R", in_math("R"), 1.5, 50.0, 0.5, 10.0, "Where the integral ends, above 1."),
)
WEIGHT = (share("w", "w", 0.5),)
CORRELATION = (Slider("rho", in_math("ρ"), -0.95, 0.95, 0.05, 0.9, "The correlation of the two coordinates."),)
POLYNOMIAL = (
    real("m", "m", 1.5),
    Slider("variance", in_math("w"), 0.01, 2.0, 0.01, 0.1, "The variance of the belief."),
)

CLOSED_FORMS = {
    "gaussians": Lesson("Two Gaussians", BOTH[:1], BOTH[1:], FORMS, GAUSSIAN, "sigma_q", family=NORMAL, explored=True),
    "equal_means": Lesson("Equal means", ("equal_means",), (), FORMS, WIDTHS, "sigma_q", BOTH, one_mean, family=NORMAL),
    "equal_widths": Lesson("Equal widths", ("equal_widths",), (), FORMS, MEANS, "mu_q", BOTH, one_width, family=NORMAL),
    "gap": Lesson(
        "The gap between the directions",
        ("gaussian_gap",),
        ("gaussian_zero",),
        FORMS,
        GAUSSIAN,
        "sigma_q",
        family=NORMAL,
    ),
    "multivariate": Lesson(
        "Gaussians in n dimensions", PLANE_FORM, (), FORMS, PLANE, "rho_q", PLANE_FORM, correlated, family=OVALS
    ),
    "diagonal": Lesson(
        "Diagonal covariances",
        ("multivariate_diagonal",),
        (),
        FORMS,
        AXES,
        "first_q",
        PLANE_FORM,
        along_axes,
        family=OVALS,
    ),
    "isotropic": Lesson(
        "Isotropic covariances",
        ("multivariate_isotropic",),
        (),
        FORMS,
        WIDTHS,
        "sigma_q",
        PLANE_FORM,
        round_ones,
        family=OVALS,
    ),
    "bernoulli": Lesson("Bernoulli", ("bernoulli",), (), FORMS, CHANCES, "theta_q", family="bernoulli", explored=True),
    "categorical": Lesson(
        "Categorical",
        ("categorical",),
        (),
        FORMS,
        TRIPLE,
        "theta_1_q",
        (),
        one_sum,
        family="categorical",
        explored=True,
    ),
    "geometric": Lesson("Geometric", ("geometric",), (), FORMS, CHANCES, "theta_q", family="geometric", explored=True),
    "poisson": Lesson("Poisson", ("poisson",), (), FORMS, RATES, "lambda_q", family="poisson", explored=True),
    "exponential": Lesson(
        "Exponential", ("exponential",), (), FORMS, RATES, "lambda_q", family="exponential", explored=True
    ),
    "gamma": Lesson("Gamma", ("gamma",), (), FORMS, SHAPES, "a_q", family="gamma", explored=True),
    "beta": Lesson("Beta", ("beta",), (), FORMS, SHAPES, "a_q", family="beta", explored=True),
    "dirichlet": Lesson("Dirichlet", ("dirichlet",), (), FORMS, CONCENTRATIONS, "a_1_q", explored=True),
    "laplace": Lesson("Laplace", ("laplace",), (), FORMS, LAPLACE, "mu_q", family="laplace", explored=True),
    "bregman": Lesson("Exponential families", ("bregman",), (), FORMS, GAUSSIAN, "mu_q", BOTH, family=NORMAL),
    "alpha": Lesson(
        "α-divergence",
        ("alpha_divergence",),
        (),
        FORMS,
        (share("alpha", "α", 0.5), *GAUSSIAN),
        "alpha",
        in_units=False,  # it is no expected logarithm
        family=NORMAL,
        explored=True,
    ),
    "gibbs": Lesson("Gibbs' inequality", ("gibbs",), (), FORMS, GAUSSIAN, "mu_q", BOTH, family=NORMAL),
    "tails": Lesson(
        "Infinite by the tails",
        ("tails_infinite",),
        ("tails_finite", "tails_power"),
        FORMS,
        TAIL,
        "R",
        ("tails_power",),
        in_units=False,  # it is the mean of a power
    ),
    "local": Lesson(
        "The local picture", ("fisher_metric",), ("third_order",), FORMS, GAUSSIAN, "sigma_q", BOTH, family=NORMAL
    ),
    "free_energy": Lesson(
        "Free energy",
        ("free_energy_finite",),
        ("free_energy_gaussian",),
        FORMS,
        LINEAR,
        "m",
        ("free_energy_gaussian",),
        straight,
    ),
}

STATIONARITY = {
    "any": Lesson("Any target", ("forward_stationarity",), ("reverse_stationarity",)),
    "mixture": Lesson("A mixture", ("mixture_moments",), ("reverse_mixture",)),
    "gaussian": Lesson("What is left at the optimum", ("forward_least_value",), ("reverse_gaussian_target",)),
    "shape": Lesson("The shape of the objective", ("forward_convexity", "forward_not_convex"), ("covering_minimum",)),
    "pitchfork": Lesson("The pitchfork at a fixed width", ("pitchfork",), ("pitchfork_signs", "pitchfork_branches")),
    "covariance": Lesson(
        "Full covariance",
        ("forward_covariance",),
        ("reverse_covariance",),
        FORMS,
        PLANE,
        "rho_q",
        PLANE_FORM,
        correlated,
        family=OVALS,
    ),
    "locking": Lesson("The price of locking", ("locking_cost",), (), FORMS, WEIGHT, "w", explored=True),
    "estimators": Lesson(
        "Sampled estimators as a loss",
        ("estimators_in_loss",),
        ("estimators_gaussian_mean", "estimators_gaussian_width"),
        FORMS,
        GAUSSIAN,
        "mu_q",
        BOTH,
        family=NORMAL,
    ),
    "tools": Lesson("Bonnet and Price", ("bonnet",), ("price",)),
    "family": Lesson("In an exponential family", ("family_stationarity",)),
    "mean_field": Lesson(
        "Mean field",
        ("mean_field_forward",),
        ("mean_field_reverse",),
        FORMS,
        CORRELATION,
        "rho",
        ("mean_field_cost",),
    ),
    "mean_field_cost": Lesson(
        "The cost of mean field", ("mean_field_cost",), (), FORMS, CORRELATION, "rho", explored=True
    ),
    "polynomial": Lesson(
        "Free energy under a link", ("free_energy_polynomial",), (), FORMS, POLYNOMIAL, "m", (), belief, explored=True
    ),
}

EXPLORED = {key: lesson for key, lesson in {**CLOSED_FORMS, **STATIONARITY}.items() if lesson.explored}
