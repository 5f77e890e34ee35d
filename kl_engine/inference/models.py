"""Generative models: a prior over a latent z and a likelihood of the data x; frozen, validated when made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.beta import Beta, shape
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.gaussian import Mixture, mixture
from kl_engine.estimates.checks import finite, positive, refuse, vector, whole
from kl_engine.inference.likelihoods.likelihood import LogLikelihood
from kl_engine.inference.likelihoods.polynomial import PolynomialLog

MOST_COEFFICIENTS = 9  # of a link: its square then has degree 16, whose moments keep their digits
MOST_FLIPS = 10**9
LARGEST_SHAPE = 1e11  # of a coin's prior: its posterior is then a Beta as well


@dataclass(frozen=True, eq=False)
class CategoricalModel:
    """Finite z and finite x: prior[z], and likelihood[x, z] = p(x∣z), each column of sum 1.

    `prior` is a `Categorical` or its probabilities. Raises ValueError naming the argument that is otherwise.
    `likelihood` is of shape (outcomes, states); probabilities have no unit. Source: C. Bishop, Pattern Recognition and
    Machine Learning (2006), 1.2.

    >>> import kl_engine as kl
    >>> model = kl.inference.CategoricalModel([0.5, 0.5], [[0.9, 0.2], [0.1, 0.8]])
    >>> kl.inference.posterior(model, 0).probs.round(6).tolist()
    [0.818182, 0.181818]
    """

    prior: Categorical
    likelihood: np.ndarray

    def __post_init__(self) -> None:
        prior = distribution("prior", self.prior)
        object.__setattr__(self, "prior", prior)
        columns = columns_of("likelihood", self.likelihood, prior.probs.size)
        object.__setattr__(self, "likelihood", columns)

    def observation(self, x: object) -> int:
        """`x` as the index of an outcome."""
        index = whole("x", x, 0)
        if index >= len(self.likelihood):
            raise refuse("x", f"the index of an outcome, 0 to {len(self.likelihood) - 1}", x)
        return index


class LineModel(ABC):
    """A model of one number z with a Gaussian prior or a mixture of them: what every likelihood of it shares."""

    prior: Mixture
    link: np.ndarray  # coefficients of a polynomial of z, the constant first

    @property
    def degree(self) -> int:
        """The degree of the link."""
        used = np.flatnonzero(self.link)
        return int(used[-1]) if used.size else 0

    def predict(self, z) -> np.ndarray:
        """What the link makes of z, same shape as `z`."""
        return np.polynomial.polynomial.polyval(np.asarray(z, dtype=np.float64), self.link)

    @abstractmethod
    def observation(self, x: object) -> float | int | tuple:
        """`x` as one number, or as a tuple of several; a ValueError names what is expected."""

    @abstractmethod
    def log_likelihood(self, x: float | int | tuple) -> LogLikelihood:
        """log p(x∣z) as a function of z."""

    def _key(self) -> tuple:
        return type(self), self.prior, tuple(self.link.tolist())

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, LineModel) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())


@dataclass(frozen=True, eq=False)
class GaussianModel(LineModel):
    """z ~ prior, x = g(z) + noise:  g(z) = Σ link[k] zᵏ, noise ~ N(0, noise_std²), independent in each observation.

    `prior` is a `Gaussian` or a `GaussianMixture`, `link` 1 to 9 finite coefficients, the constant first. A link of
    degree 1 with a Gaussian prior is the conjugate case. Data are one number, or a sequence of shape (n,). Raises
    ValueError naming the argument that is otherwise. `link` is of shape (k,); `noise_std` is in the unit of x. Source:
    C. Bishop, Pattern Recognition and Machine Learning (2006), 2.3.3.

    >>> import kl_engine as kl
    >>> model = kl.inference.GaussianModel(kl.Gaussian(0, 1), [0, 1], 1.0)  # z ~ N(0, 1), x = z + noise
    >>> round(kl.inference.posterior(model, 1.0).mean, 6), round(kl.inference.posterior(model, [1.0, 2.0, 3.0]).mean, 6)
    (0.5, 1.5)
    """

    prior: Mixture
    link: np.ndarray
    noise_std: float

    def __post_init__(self) -> None:
        mixture("prior", self.prior)
        link = vector("link", self.link)
        if link.size > MOST_COEFFICIENTS:
            raise refuse("link", f"1 to {MOST_COEFFICIENTS} coefficients, the constant first", link.size)
        object.__setattr__(self, "link", link)
        object.__setattr__(self, "noise_std", positive("noise_std", self.noise_std))

    def observation(self, x: object) -> float | tuple[float, ...]:
        """`x` as a finite number, or several."""
        values = tuple(finite("x", each) for each in one_or_several(x))
        return values[0] if len(values) == 1 else values

    def log_likelihood(self, x: float | tuple[float, ...]) -> PolynomialLog:
        """Σ log N(xᵢ; g(z), noise_std²)."""
        return PolynomialLog.of(self.link, x, self.noise_std)

    def _key(self) -> tuple:
        return *super()._key(), self.noise_std


@dataclass(frozen=True, slots=True)
class BetaModel:
    """A coin of unknown chance θ of heads: prior Beta(a, b), data x = (heads, tails) of flips in a known order.

    p(x∣θ) = θ^heads (1 − θ)^tails. Raises ValueError when a or b is not a number from 1e-12 to 1e11. A chance has no
    unit. Source: T. Bayes, Phil. Trans. 53 (1763) 370.

    >>> import kl_engine as kl
    >>> model = kl.inference.BetaModel(1, 1)
    >>> kl.inference.posterior(model, (7, 3))
    Beta(a=8.0, b=4.0)
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            object.__setattr__(self, name, shape(name, getattr(self, name), LARGEST_SHAPE))

    @property
    def prior(self) -> Beta:
        """Beta(a, b)."""
        return Beta(self.a, self.b)

    def observation(self, x: object) -> tuple[int, int]:
        """`x` as the numbers of heads and tails."""
        expected = f"a pair (heads, tails) of integers from 0 to {MOST_FLIPS:g}"
        try:
            heads, tails = x
            counts = whole("heads", heads, 0), whole("tails", tails, 0)
        except (TypeError, ValueError) as error:
            raise refuse("x", expected, x) from error
        if max(counts) > MOST_FLIPS:
            raise refuse("x", expected, x)
        return counts


Model = CategoricalModel | LineModel | BetaModel


def model_of(value: object) -> Model:
    """`value` itself when it is a model; otherwise a ValueError naming the argument."""
    if not isinstance(value, Model):
        expected = "a CategoricalModel, a GaussianModel, a BernoulliModel, a PoissonModel or a BetaModel"
        raise refuse("model", expected, value)
    return value


def one_or_several(x: object) -> Sequence[object]:
    """What was observed as a sequence: `x` itself where it is a number, its members where it is one of shape (n,)."""
    if isinstance(x, (str, bytes)) or not isinstance(x, (Sequence, np.ndarray)) and not hasattr(x, "__array__"):
        return (x,)
    values = x.tolist() if hasattr(x, "tolist") else list(x)
    if not isinstance(values, list):
        return (values,)
    if not values:
        raise refuse("x", "a number, or a non-empty sequence of numbers", x)
    return values


def distribution(name: str, values: object) -> Categorical:
    """`values`, a Categorical or its probabilities, as a Categorical; a ValueError names the argument."""
    if isinstance(values, Categorical):
        return values
    try:
        return Categorical(values)
    except ValueError as error:
        raise refuse(name, "a Categorical, or probabilities >= 0 of sum 1 within 1e-9", values) from error


def columns_of(name: str, values: object, columns: int) -> np.ndarray:
    """`values` as a read-only matrix of that many columns, each a distribution."""
    expected = f"a matrix [x, z] with {columns} columns, each of numbers >= 0 and sum 1 within 1e-9"
    try:
        rows = np.array([vector(name, row) for row in values])
        matrix = np.column_stack([Categorical(column).probs for column in rows.T])
    except (TypeError, ValueError) as error:
        raise refuse(name, expected, values) from error
    if matrix.shape[1] != columns:
        raise refuse(name, expected, values)
    matrix.flags.writeable = False
    return matrix
