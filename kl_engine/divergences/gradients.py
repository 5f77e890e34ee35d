"""The gradient of D(a‖b) in the parameters of one of the two, each derivative with its error.

The weights are taken as they are held: divided by their sum, so that the derivative by them is that along the simplex,
g − Σ w g. Source of the forms: score functions, differentiated under the integral.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from kl_engine.distributions.adapters import as_distribution
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture, Mixture
from kl_engine.distributions.multivariate import MultivariateGaussian
from kl_engine.divergences.registry import answer
from kl_engine.estimates.certainty import Certainty
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Estimate
from kl_engine.estimates.estimates import Estimates
from kl_engine.estimates.floats import ieee
from kl_engine.estimates.rounding import EPSILON
from kl_engine.quadrature.differences import by_differences, parameters_of
from kl_engine.quadrature.proved.scores import ByFirst, BySecond, Scores, integrals
from kl_engine.quadrature.proved.table import table_of

SIDES = ("a", "b")
LINE = (Gaussian, GaussianMixture)
CLOSED = "closed form: differentiated by hand"


@dataclass(frozen=True)
class Gradient:
    """The derivatives of D in each parameter, in nats over the unit of the parameter: `Estimates` by its name.

    They are attributes too (`found.means`). `numpy.asarray(found)` is one vector, the parameters in the order of the
    constructor: what `jac` of `scipy.optimize.minimize` asks for. A covariance is given row by row. `parts` holds them
    by name. Made by `kl.kl_gradient`.

    >>> import kl_engine as kl
    >>> found = kl.kl_gradient(kl.Gaussian(0, 1), kl.Gaussian(1, 1))
    >>> sorted(found.parts), found.mean.value.tolist()
    (['mean', 'std'], [1.0])
    """

    parts: Mapping[str, Estimates]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", MappingProxyType(dict(self.parts)))

    def __getattr__(self, name: str) -> Estimates:
        if name != "parts" and name in self.parts:
            return self.parts[name]
        raise AttributeError(f"a gradient with respect to {', '.join(self.__dict__.get('parts', ()))} has no {name!r}")

    def __reduce__(self) -> tuple:
        return Gradient, (dict(self.parts),)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.concatenate([part.value for part in self.parts.values()]).astype(dtype or np.float64)

    def __repr__(self) -> str:
        return f"Gradient({', '.join(f'{name}={part!r}' for name, part in self.parts.items())})"

    def _repr_html_(self) -> str:
        """What a notebook shows: the derivatives by each parameter."""
        return "".join(f"<p>by {name}</p>{part._repr_html_()}" for name, part in self.parts.items())

    @property
    def error(self) -> np.ndarray:
        """The errors in the same order."""
        return np.concatenate([part.error for part in self.parts.values()])


@ieee
def kl_gradient(a, b, wrt: str = "b") -> Gradient:
    """∂D(a‖b) in the parameters of `b` (or of `a`, with wrt="a"), each with its error; D in nats.

    Of Gaussians on the line by `mean` and `std`, of mixtures by `weights`, `means` and `stds` (PROVED, by quadrature),
    of multivariate Gaussians by `mean` and `cov`, of symbols by `probs`, and of every other family by those of its
    parameters that may vary, `df`, `loc`, `scale` and so on (ESTIMATED, by differences of D, extrapolated). Weights and
    probabilities count as divided by their sum. Raises ValueError for other distributions, and where D is infinite
    nearby. For parameters θ of b it is −E_a ∂ log b/∂θ. Source: M. Opper, C. Archambeau, Neural Computation 21 (2009)
    786.

    >>> import numpy as np
    >>> import kl_engine as kl
    >>> from scipy.optimize import minimize
    >>> p = kl.GaussianMixture([0.3, 0.7], [-2, 1], [1, 0.5])
    >>> q = lambda x: kl.Gaussian(x[0], np.exp(x[1]))
    >>> value = lambda x: kl.kl_divergence(p, q(x)).value
    >>> slope = lambda x: np.asarray(kl.kl_gradient(p, q(x))) * [1, np.exp(x[1])]
    >>> found = minimize(value, [0, 0], jac=slope, tol=1e-12).x
    >>> np.allclose([found[0], np.exp(found[1])], [p.mean, p.std])  # it matches moments
    True
    """
    if wrt not in SIDES:
        raise refuse("wrt", '"a" or "b"', wrt)
    a, b = as_distribution(a, "a"), as_distribution(b, "b")
    if isinstance(a, LINE) and isinstance(b, LINE):
        if isinstance(a, Gaussian) and isinstance(b, Gaussian):
            return _of_gaussians(a, b, wrt)
        return _of_mixtures(a, b, wrt)
    if isinstance(a, MultivariateGaussian) and isinstance(b, MultivariateGaussian):
        return _of_multivariate(a, b, wrt)
    if isinstance(a, Categorical) and isinstance(b, Categorical):
        return _of_symbols(a, b, wrt)
    side = a if wrt == "a" else b
    if parameters_of(side) and not isinstance(side, MultivariateGaussian):

        def moved(other: object) -> Estimate:
            return answer("kl_divergence", {"a": other, "b": b} if wrt == "a" else {"a": a, "b": other})

        return Gradient(by_differences(moved, side))
    known = "two Gaussians or mixtures on the line, or two MultivariateGaussians (fit has gradients of its own inside)"
    raise refuse("b", known, (type(a).__name__, type(b).__name__))


def _of_mixtures(a: Mixture, b: Mixture, wrt: str) -> Gradient:
    """By quadrature; a derivative by a weight is that by its log over it."""
    side = (a, b)[SIDES.index(wrt)]
    table, unit = table_of(a, b)
    found = integrals(table, ByFirst if wrt == "a" else BySecond)
    k = side.weights.size
    (by_weight, by_mean, by_std), errors = found.value[:, :k], found.error[:, :k]
    scale = table.stds[:k, SIDES.index(wrt), 0] * unit.scale[0]
    values = [by_weight / side.weights, by_mean / scale, by_std / scale]
    errors = [errors[0] / side.weights, errors[1] / scale, errors[2] / scale]
    errors = [error + 4 * EPSILON * np.abs(value) for value, error in zip(values, errors)]
    # Along the simplex: the derivatives less their mean under the weights, which is the integral of all components.
    values[0] = values[0] - float(side.weights @ values[0])
    errors[0] = errors[0] + float(side.weights @ errors[0]) + 4 * k * EPSILON * float(np.abs(by_weight).sum())
    names = ("weights", "means", "stds")
    parts = {name: _estimates(value, error, found) for name, value, error in zip(names, values, errors)}
    return Gradient({"mean": parts["means"], "std": parts["stds"]} if isinstance(side, Gaussian) else parts)


def _estimates(value: np.ndarray, error: np.ndarray, found: Scores) -> Estimates:
    certainty = Certainty.PROVED if found.proved else Certainty.ESTIMATED
    method = f"Gauss-Legendre on {found.panels} panels" + ", each with a proved bound" * found.proved
    return Estimates(value, error, (certainty,) * value.size, (method,) * value.size)


def _exact(value, error) -> Estimates:
    value, error = np.ravel(value), np.ravel(error)
    return Estimates(value, error, (Certainty.EXACT,) * value.size, (CLOSED,) * value.size)


def _of_symbols(a: Categorical, b: Categorical, wrt: str) -> Gradient:
    """Along the simplex 1 − aₖ/bₖ, or log aₖ/bₖ − D; where a probability of a is 0, the latter is −∞ and refused."""
    known = answer("kl_divergence", {"a": a, "b": b})
    if np.isinf(known.value) or (wrt == "a" and (a.probs == 0).any()):
        raise refuse(wrt, "probabilities near which D is finite and has a gradient", a if wrt == "a" else b)
    used = b.probs > 0
    if wrt == "b":
        value = np.where(used, 1 - a.probs / np.where(used, b.probs, 1), 1.0)
        return Gradient({"probs": _exact(value, 8 * EPSILON * (2 + np.abs(value)))})
    value = a.log_prob - b.log_prob - known.value
    error = 8 * EPSILON * (1 + np.abs(a.log_prob) + np.abs(b.log_prob)) + known.error
    return Gradient({"probs": _exact(value, error)})


def _of_gaussians(a: Gaussian, b: Gaussian, wrt: str) -> Gradient:
    """By the mean ±(m_b − m_a)/s_b²; by the stds 1/s_b − (s_a² + (m_a − m_b)²)/s_b³ and s_a/s_b² − 1/s_a."""
    shift, ratio = (b.mean - a.mean) / b.std, a.std / b.std
    by_mean = shift / b.std
    if wrt == "b":
        gap = (b.std - a.std) / b.std
        by_std = (gap * (1 + ratio) - shift * shift) / b.std
        size = (abs(gap) * (1 + ratio) + shift * shift) / b.std
    else:
        by_mean, gap = -by_mean, (a.std - b.std) / b.std
        by_std = gap * (1 + ratio) / a.std
        size = abs(by_std)
    return Gradient({"mean": _exact(by_mean, 4 * EPSILON * abs(by_mean)), "std": _exact(by_std, 8 * EPSILON * size)})


def _of_multivariate(a: MultivariateGaussian, b: MultivariateGaussian, wrt: str) -> Gradient:
    """With P = Σ_b⁻¹ and d = m_b − m_a: P d and ½ (P − P (Σ_a + d dᵀ) P); of a −P d and ½ (P − Σ_a⁻¹)."""
    if a.dimension != b.dimension:
        raise refuse("b", f"{a.dimension} dimensions, as a has", b.dimension)
    inverse = np.linalg.inv(b.cov)
    shift = b.mean - a.mean
    by_mean = inverse @ shift
    if wrt == "b":
        by_cov = 0.5 * (inverse - inverse @ (a.cov + np.outer(shift, shift)) @ inverse)
    else:
        by_mean, by_cov = -by_mean, 0.5 * (inverse - np.linalg.inv(a.cov))
    # An inverse is off by a few ε of its condition; so is what it is multiplied with.
    worst = max(np.linalg.cond(each.cov) for each in (a, b))
    noise = 16 * a.dimension * EPSILON * worst
    sizes = np.abs(inverse) @ np.abs(shift), np.abs(inverse) @ (np.abs(a.cov) + np.abs(b.cov)) @ np.abs(inverse)
    sizes = sizes[0], sizes[1] + np.outer(sizes[0], sizes[0]) + np.abs(by_cov)
    return Gradient({"mean": _exact(by_mean, noise * sizes[0]), "cov": _exact(by_cov, noise * sizes[1])})
