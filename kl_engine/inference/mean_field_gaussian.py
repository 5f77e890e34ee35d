"""Mean field in closed form: two correlated Gaussian latents, and a normal of unknown mean and precision."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import finite, positive, refuse, vector
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON, LOG_ROOT_TAU
from kl_engine.inference.mean_field import MOST_SWEEPS, SETTLED, MeanField

STRONGEST = 1 - 1e-12  # correlation: nearer to ±1 the gap has no digits left


@dataclass(frozen=True, eq=False)
class GaussianPair:
    """Two latents whose posterior is Gaussian: means (2,), stds (2,), correlation in (−1, 1).

    In the units of the latents; the correlation has none. Raises ValueError naming the argument that is otherwise.
    Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 10.1.2.

    >>> import kl_engine as kl
    >>> kl.inference.GaussianPair([0, 0], [1, 1], 0.6).correlation
    0.6
    """

    means: np.ndarray
    stds: np.ndarray
    correlation: float

    def __post_init__(self) -> None:
        for name in ("means", "stds"):
            array = vector(name, getattr(self, name))
            if array.size != 2 or (name == "stds" and (array <= 0).any()):
                raise refuse(name, f"two numbers{' > 0' if name == 'stds' else ''}", getattr(self, name))
            object.__setattr__(self, name, array)
        correlation = finite("correlation", self.correlation)
        if abs(correlation) > STRONGEST:
            raise refuse("correlation", "a number between −1 and 1, by at least 1e-12", correlation)
        object.__setattr__(self, "correlation", correlation)


@ieee
def factorised_pair(target: GaussianPair, start: float | None = None) -> MeanField:
    """The reverse fit of a product of two Gaussians, from the mean `start` of the second (one std above by default).

    Stds are 1/√Λᵢᵢ = stdᵢ √(1 − ρ²) from the first sweep on; the means follow m₁ ← μ₁ + ρ (s₁/s₂)(m₂ − μ₂), and are
    right at the end. F is D(q‖posterior), as the posterior itself is given: surprisal 0, gap −½ log(1 − ρ²) once the
    means are right (status "converged"). Raises ValueError when `target` is not a GaussianPair or `start` not finite; F
    is in nats. Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 10.1.2.

    >>> import kl_engine as kl
    >>> found = kl.inference.factorised_pair(kl.inference.GaussianPair([0, 0], [1, 1], 0.8))
    >>> round(found.factors[1].std, 6)
    0.6
    """
    rho = _pair(target).correlation
    (one, two), (s_1, s_2) = target.means.tolist(), target.stds.tolist()
    narrow = math.sqrt((1 - rho) * (1 + rho))
    least = -0.5 * math.log1p(-rho * rho)
    second = 1.0 if start is None else (finite("start", start) - two) / s_2  # offsets in std of the target
    first, trace, status = second, [], "stopped"
    for _ in range(MOST_SWEEPS):
        trace.append(least + 0.5 * (first**2 + second**2 - 2 * rho * first * second) / narrow**2)
        if max(abs(first), abs(second)) < SETTLED:
            status = "converged"
            break
        first = rho * second
        second = rho * first
    factors = Gaussian(one + s_1 * first, s_1 * narrow), Gaussian(two + s_2 * second, s_2 * narrow)
    # Where the ascent stopped short, the means still cost what they are off.
    rest = 0.5 * ((first - second) ** 2 + 2 * (1 - rho) * first * second) / narrow**2
    slack = 8 * EPSILON * (1 + least + 4 * rest + 1 / narrow**2) + (SETTLED / narrow) ** 2
    gap = Estimate(least + rest, slack, Certainty.EXACT, "closed form: −½ log(1 − ρ²), and what the means are off")
    known = Estimate(0.0, 0.0, Certainty.EXACT, "the posterior itself is given")
    return MeanField(factors, gap, known, gap, np.array(trace), status)


@ieee
def forward_pair(target: GaussianPair) -> tuple[tuple[Gaussian, Gaussian], Estimate]:
    """The forward fit of a product: the marginals, and D(posterior‖q) = −½ log(1 − ρ²), the mutual information.

    In nats. Raises ValueError when `target` is not a GaussianPair. Source: C. Bishop, Pattern Recognition and Machine
    Learning (2006), 10.1.2.

    >>> import kl_engine as kl
    >>> marginals, divergence = kl.inference.forward_pair(kl.inference.GaussianPair([0, 0], [1, 1], 0.6))
    >>> marginals[0].std, f"{divergence:.6f}"
    (1.0, '0.223144')
    """
    least = -0.5 * math.log1p(-(_pair(target).correlation ** 2))
    narrow = (1 - target.correlation) * (1 + target.correlation)
    marginals = tuple(Gaussian(m, s) for m, s in zip(target.means.tolist(), target.stds.tolist()))
    return marginals, Estimate(
        least, 8 * EPSILON * (1 + least + 1 / narrow), Certainty.EXACT, "closed form: −½ log(1 − ρ²)"
    )


def _pair(target: object) -> GaussianPair:
    if not isinstance(target, GaussianPair):
        raise refuse("target", "a GaussianPair", target)
    return target


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma(a, b) of a precision τ: shape a > 0, rate b > 0; mean a/b."""

    a: float
    b: float

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))

    @property
    def mean(self) -> float:
        """a/b."""
        return self.a / self.b


@dataclass(frozen=True)
class NormalGammaModel:
    """xᵢ ~ N(μ, 1/τ), μ∣τ ~ N(mean, 1/(strength τ)), τ ~ Gamma(a, b): the normal with unknown mean and precision.

    `mean` is in the unit of x, `strength` and `a` have none, `b` is in its square. Raises ValueError when `mean` is not
    finite or another is not a number > 0. Source: C. Bishop, Pattern Recognition and Machine Learning (2006), 10.1.3.

    >>> import kl_engine as kl
    >>> model = kl.inference.NormalGammaModel(mean=0, strength=1, a=1, b=1)
    >>> kl.inference.factorised_normal(model, [0.5, 1.5]).status
    'converged'
    """

    mean: float
    strength: float
    a: float
    b: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", finite("mean", self.mean))
        for name in ("strength", "a", "b"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))


@ieee
def factorised_normal(model: NormalGammaModel, data) -> MeanField:
    """q(μ) q(τ), a Gaussian and a Gamma, for data (n,); F and the surprisal in closed form.

    The posterior is a normal-gamma: μ and τ depend on each other in it, which the product cannot say. Source: Bishop
    (2006), 10.1.3, with a_N = a + (n + 1)/2. Raises ValueError when `model` is not a NormalGammaModel or `data` no
    finite numbers; F is in nats.

    >>> import kl_engine as kl
    >>> model = kl.inference.NormalGammaModel(0, 1, 1, 1)
    >>> found = kl.inference.factorised_normal(model, [0.5, 1.5])
    >>> f"{found.value:.6f} {found.surprisal:.6f}"
    '3.425997 3.306248'
    """
    if not isinstance(model, NormalGammaModel):
        raise refuse("model", "a NormalGammaModel", model)
    data = vector("data", data)
    n, centre = data.size, float(data.mean())
    total = model.strength + n
    mean = (model.strength * model.mean + n * centre) / total
    # Squares about the posterior mean: of the data, and of the prior's own mean.
    squares = math.fsum((data - mean) ** 2) + model.strength * (model.mean - mean) ** 2
    if not math.isfinite(squares):
        raise refuse("data", "numbers whose squares are within doubles: give them in another unit", data)
    a = model.a + 0.5 * (n + 1)
    precision, trace, status = model.a / model.b, [], "stopped"
    for _ in range(MOST_SWEEPS):
        width = 1 / (total * precision)  # the variance of q(μ)
        tau = Gamma(a, model.b + 0.5 * (squares + total * width))
        trace.append(_normal_free_energy(model, n, squares, width, tau))
        if abs(tau.mean - precision) <= SETTLED * precision:
            status = "converged"
            break
        precision = tau.mean
    value, surprisal = trace[-1], _normal_surprisal(model, n, squares)
    size = EPSILON * 64 * (1 + n + abs(value) + abs(surprisal) + a * (1 + abs(math.log(tau.b))) + math.lgamma(a + 1))
    method = "closed form in log Γ and its derivative"
    estimates = Estimate(value, size, Certainty.EXACT, method), Estimate(surprisal, size, Certainty.EXACT, method)
    gap = Estimate(value - surprisal, 2 * size, Certainty.EXACT, method)
    return MeanField((Gaussian(mean, math.sqrt(width)), tau), *estimates, gap, np.array(trace), status)


def _normal_free_energy(model: NormalGammaModel, n: int, squares: float, width: float, tau: Gamma) -> float:
    """energy − entropy of q(μ) q(τ); `squares` and `width` say all about q(μ)."""
    from scipy.special import digamma

    log_tau = float(digamma(tau.a)) - math.log(tau.b)
    spread = 0.5 * tau.mean * (squares + (model.strength + n) * width)
    gaussians = (n + 1) * LOG_ROOT_TAU - 0.5 * (n + 1) * log_tau - 0.5 * math.log(model.strength) + spread
    prior = math.lgamma(model.a) - model.a * math.log(model.b) - (model.a - 1) * log_tau + model.b * tau.mean
    entropy_mean = 0.5 + LOG_ROOT_TAU + 0.5 * math.log(width)
    entropy_tau = tau.a - math.log(tau.b) + math.lgamma(tau.a) + (1 - tau.a) * float(digamma(tau.a))
    return gaussians + prior - entropy_mean - entropy_tau


def _normal_surprisal(model: NormalGammaModel, n: int, squares: float) -> float:
    """−log ∫∫ prior × likelihood."""
    a, b = model.a + 0.5 * n, model.b + 0.5 * squares
    shapes = math.lgamma(model.a) - math.lgamma(a) + a * math.log(b) - model.a * math.log(model.b)
    return n * LOG_ROOT_TAU + 0.5 * math.log((model.strength + n) / model.strength) + shapes
