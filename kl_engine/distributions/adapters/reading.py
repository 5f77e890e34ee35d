"""One object, read by whoever knows it: the engine, the reader of texts, SciPy's, scikit-learn's, tensors', arrays'."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kl_engine.distributions.adapters import of_scikit_learn, of_scipy, of_tensors
from kl_engine.distributions.adapters.arrays import Batch, as_array
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import CountDistribution
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.expressions import ExpressionError, parse_distribution
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.estimates.checks import refuse

OWN = (
    Gaussian,
    GaussianMixture,
    MultivariateGaussian,
    MultivariateGaussianMixture,
    Categorical,
    Dirichlet,
    LineDistribution,
    CountDistribution,
)
TAKEN = (
    "a distribution of kl_engine, of scipy.stats, scikit-learn, torch, NumPyro or TensorFlow Probability, "
    "or a one-dimensional array of probabilities >= 0 that sum to 1"
)
SAMPLES = (
    " (of two samples kl_from_samples gives D, of one beside a density kl_to_density; counts: Categorical.of_counts)"
)
ONE_ROW = " (of a table give one row or one column)"
BY_NAME = " (of a dictionary give list(d.values()), the names in the same order for both)"
BY_LOG = " (of a function that is a log density make kl.distributions.Density(function))"
BY_PROB = " (one that has log_prob: kl.distributions.Density(log_prob), with its place and width)"


def as_distribution(x: object, name: str = "x") -> object:
    """`x` as a distribution of the engine; itself, where it is one already.

    Raises ValueError, naming the argument `name`, for anything that is none, with what to do. The numbers are taken as
    they are, so that what is computed from them is the same to the last bit as from the engine's own object built from
    them (of scikit-learn's the std is the root of its `covariances_`). `x`: a distribution of scipy.stats (frozen,
    Normal, Mixture, make_distribution, gaussian_kde, rv_histogram), a fitted GaussianMixture of scikit-learn, a
    distribution of torch (PyTorch), NumPyro or TensorFlow Probability (told by their attributes; none of them is
    imported), a text as `parse_distribution` reads it, or a sequence of probabilities of shape (n,). Places and widths
    keep their unit. Source: each library's own documentation of its parameters.

    >>> import kl_engine as kl
    >>> from scipy import stats
    >>> kl.as_distribution(stats.norm(1, 2))
    Gaussian(mean=1.0, std=2.0)
    >>> kl.as_distribution([0.2, 0.8])
    Categorical(probs=[0.2, 0.8])
    """
    if isinstance(x, OWN):
        return x
    if isinstance(x, str):
        return _from_text(x, name)
    for library in (of_scipy, of_scikit_learn, of_tensors):
        try:
            found = library.read(x, as_distribution)
        except ValueError as refused:
            if isinstance(refused, Batch) or not str(refused).startswith("x: "):
                raise
            raise type(refused)(f"{name}{str(refused)[1:]}") from None
        if found is not None:
            return found
    try:
        found = _from_array(x)
    except ValueError as error:  # numbers that are no probabilities: perhaps a sample
        raise refuse(name, TAKEN + SAMPLES, x) from error
    if found is None:
        raise refuse(name, TAKEN + _way_out(x), x)
    return found


def _way_out(x: object) -> str:
    """What to do with something that nearly serves."""
    if isinstance(x, Mapping):
        return BY_NAME
    if hasattr(x, "log_prob"):
        return BY_PROB
    if callable(x):
        return BY_LOG
    return ONE_ROW if getattr(x, "ndim", 0) == 2 or hasattr(x, "columns") else ""


def _from_text(text: str, name: str) -> object:
    """What `parse_distribution` reads."""
    try:
        return parse_distribution(text)
    except ExpressionError as error:
        raise refuse(name, f"{TAKEN}, or the text of one ({str(error).rstrip('.')})", text) from error


def _from_array(x: object) -> object | None:
    """A one-dimensional array, list or tuple of probabilities."""
    try:
        array = as_array(x)
    except (TypeError, ValueError):
        return None
    array = x if np.ma.is_masked(x) else array  # refused by Categorical, in words
    return Categorical(array) if array.ndim == 1 and array.dtype.kind in "fiu" and array.size else None
