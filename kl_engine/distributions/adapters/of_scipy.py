"""Distributions of scipy.stats: frozen ones, its new classes, kernel densities, histograms, tables of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kl_engine.distributions.adapters.arrays import Read, batch, refuse_unread, scalar
from kl_engine.distributions.categorical import Categorical
from kl_engine.distributions.counts import COUNT_LAWS, CountDistribution, CountMixture, Shifted, Tabulated
from kl_engine.distributions.dirichlet import Dirichlet
from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.distributions.line import Affine, Density, LogNormal, Mixture, TruncatedGaussian, Uniform
from kl_engine.distributions.line.base import LineDistribution
from kl_engine.distributions.multivariate import MultivariateGaussian, MultivariateGaussianMixture
from kl_engine.distributions.scipy_names import BENDS, ENDS, SCIPY, SCIPY_COUNTS
from kl_engine.estimates.checks import refuse

QUARTILES = (0.25, 0.5, 0.75)
MOST_TABLED = 1_000_000  # whole numbers of a finite family
MOST_POINTS = 2000  # of a kernel density
VECTORS = {
    "multivariate_normal_frozen": lambda x: MultivariateGaussian(np.asarray(x.mean), np.asarray(x.cov)),
    "dirichlet_frozen": lambda x: Dirichlet(np.asarray(x.alpha)),
}


def read(x: object, read_part: Read) -> object | None:
    """A distribution of scipy.stats; None for what is none. ValueError for one that cannot be read, with what to do."""
    name = type(x).__name__
    if name in VECTORS:
        return VECTORS[name](x)
    if name == "gaussian_kde" and hasattr(x, "dataset"):
        return _of_kernels(x)
    if name == "rv_histogram" or type(getattr(x, "dist", None)).__name__ == "rv_histogram":
        return _of_histogram(x)
    if hasattr(x, "_parse_args") and hasattr(x, "name"):
        return _of_family(x, read_part)
    if hasattr(getattr(x, "dist", None), "_parse_args") and hasattr(x, "kwds"):
        return _of_frozen(x)
    if type(x).__module__.startswith("scipy.stats") and name.endswith("_frozen"):
        raise refuse_unread(x, f"a distribution that the engine has too: of {name[:-7]} there is no KL here")
    return _of_class(x, read_part)


def _of_family(x: object, read_part: Read) -> object:
    """The family itself, not frozen: its standard form, where it has no shapes; a table of numbers."""
    if hasattr(x, "xk") and hasattr(x, "pk"):
        return _of_table(np.ravel(x.xk), np.ravel(x.pk), 0.0)
    if not getattr(x, "numargs", 1):
        return read_part(x())
    raise refuse_unread(x, f"a frozen distribution, with its shapes: stats.{x.name}({x.shapes})")


def _of_frozen(x: object) -> object | None:
    """A frozen distribution: `dist` with a name, and its arguments."""
    family = x.dist
    shapes, loc, scale = family._parse_args(*x.args, **x.kwds)
    if hasattr(family, "xk"):
        return _of_table(np.ravel(family.xk), np.ravel(family.pk), scalar("loc", loc))
    if family.name == "poisson_binom":
        return _tabulated(x)
    shapes = [scalar(f"shape {i}", shape) for i, shape in enumerate(shapes)]
    loc, scale = scalar("loc", loc), scalar("scale", scale)
    if hasattr(x, "logpmf"):
        return _of_counts(x, family.name, shapes, loc)
    if family.name in SCIPY:
        return SCIPY[family.name](*shapes, loc, scale)
    if family.name == "vonmises":
        return _on_a_circle(x, shapes[0], loc, scale)
    standard = family(*shapes)
    bends = BENDS.get(family.name, lambda *_: ())(*shapes)
    ends = ENDS.get(family.name, lambda *_: None)(*shapes)
    found = density(standard, standard.ppf(QUARTILES), bends, ends)
    return found if (loc, scale) == (0.0, 1.0) else Affine(found, loc, scale)


def _of_counts(x: object, name: str, shapes: list[float], loc: float) -> CountDistribution:
    """A family over whole numbers, moved by its loc; one with finitely many is written out."""
    if name in SCIPY_COUNTS:
        return shifted(SCIPY_COUNTS[name](*shapes), loc)
    if not all(map(math.isfinite, x.support())):
        raise refuse_unread(x, f"a family over whole numbers whose tail is known here: of {name} it is not")
    return _tabulated(x)


def shifted(d: CountDistribution, loc: float) -> CountDistribution:
    """k + loc, which is a whole number."""
    if loc != math.floor(loc):
        raise refuse("loc", "a whole number", loc)
    return d if loc == 0 else Shifted(d, int(loc))


def by_name(name: str, arguments: list[float]) -> object:
    """One of SciPy's families that are read by its own log density; ValueError for shapes that it does not have."""
    from scipy import stats

    family = getattr(stats, name)
    *shapes, _, _ = arguments if hasattr(family, "logpdf") else [*arguments, 1.0]
    if not family._argcheck(*shapes):
        raise refuse("shapes", f"those that scipy.stats.{name} has", tuple(shapes))
    return _of_frozen(family(*arguments))


def _tabulated(x: object) -> Tabulated:
    """What has finitely many numbers, by SciPy's probabilities."""
    low, high = (float(end) for end in x.support())
    if high - low > MOST_TABLED:
        raise refuse_unread(f"{high - low + 1:.0f} of them", f"a family of at most {MOST_TABLED} whole numbers")
    probs = np.asarray(x.pmf(np.arange(low, high + 1)), dtype=np.float64)
    return Tabulated(probs / math.fsum(probs), int(low))


def _of_table(values: np.ndarray, probs: np.ndarray, loc: float) -> Tabulated:
    """What rv_discrete(values=(xk, pk)) holds."""
    values = values + loc
    if (values != np.floor(values)).any() or np.ptp(values) > MOST_TABLED:
        expected = "whole numbers as values (of others take kl.Categorical(probabilities), over values that both have)"
        raise refuse_unread(values, expected)
    found = np.zeros(int(np.ptp(values)) + 1)
    np.add.at(found, (values - values.min()).astype(int), probs)
    return Tabulated(found, int(values.min()))


def _of_kernels(x: object) -> GaussianMixture | MultivariateGaussianMixture:
    """gaussian_kde: a Gaussian of one covariance about every point."""
    points, weights, cov = np.asarray(x.dataset), np.asarray(x.weights), np.asarray(x.covariance)
    if points.shape[1] > MOST_POINTS:
        raise refuse_unread(x, f"at most {MOST_POINTS} points (of two samples kl_from_samples gives D)")
    if len(points) == 1:
        return GaussianMixture(weights, points[0], np.full(weights.size, math.sqrt(cov[0, 0])))
    return MultivariateGaussianMixture(weights, points.T, np.broadcast_to(cov, (weights.size, *cov.shape)))


def _of_histogram(x: object) -> Mixture:
    """rv_histogram: a mixture of the uniform distributions of its bins."""
    holder = getattr(x, "dist", x)
    counts, edges = holder._histogram
    edges = np.asarray(edges, dtype=np.float64)
    if holder is not x:
        _, loc, scale = holder._parse_args(*x.args, **x.kwds)
        edges = scalar("loc", loc) + scalar("scale", scale) * edges
    mass = np.asarray(counts, dtype=np.float64)
    if getattr(holder, "_density", False):
        mass = mass * np.diff(edges)
    used = mass > 0
    bins = [Uniform(low, high) for low, high in zip(edges[:-1][used], edges[1:][used])]
    return Mixture(mass[used] / math.fsum(mass[used]), tuple(bins))


def _on_a_circle(x: object, concentration: float, loc: float, scale: float) -> Density:
    """vonmises: one turn of it, from −π to π (times the scale), so that two with different loc share the circle."""
    turn = math.pi * scale
    middle = (loc + turn) % (2 * turn) - turn
    return Density(_below_inf(x.logpdf), (-turn, turn), middle, scale / math.sqrt(1 + concentration))


def density(x: object, quartiles: object, bends: tuple[float, ...] = (), ends: tuple | None = None) -> Density:
    """Any other family of SciPy's, by its own log density and its own draws."""
    low, middle, high = (float(q) for q in quartiles)
    support = tuple(float(end) for end in x.support())
    inner = tuple(x for x in bends if support[0] < x < support[1])
    draws = (lambda size, rng: x.rvs(size, random_state=rng)) if hasattr(x, "rvs") else None
    draws = (lambda size, rng: x.sample(size, rng=rng)) if hasattr(x, "sample") else draws
    return Density(_below_inf(x.logpdf), support, middle, (high - low) / 2, inner, draws=draws, ends=ends)


def _below_inf(log_density: Callable) -> Callable:
    """SciPy's log density with −inf where it is nan: 0 times inf, where it underflows beside an end."""

    def logs(x: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            found = np.asarray(log_density(x), dtype=np.float64)
        return np.where(np.isnan(found), -np.inf, found)

    return logs


def _of_class(x: object, read_part: Read) -> object | None:
    """SciPy's new classes: Mixture, Normal, Uniform, what `make_distribution` makes, what is computed from these."""
    name = type(x).__name__
    if name == "Mixture" and hasattr(x, "components") and hasattr(x, "weights"):
        return mixed(np.asarray(x.weights, dtype=np.float64), [read_part(part) for part in x.components])
    if (held := getattr(x, "_dist", None)) is not None and hasattr(x, "support"):
        if name == "ShiftedScaledDistribution":
            return moved(read_part(held), scalar("loc", x.loc), scalar("scale", x.scale))
        inner = read_part(held)
        if name == "TruncatedDistribution" and isinstance(inner, Gaussian):
            return TruncatedGaussian(inner.mean, inner.std, *(float(end) for end in x.support()))
        if name == "MonotonicTransformedDistribution" and isinstance(inner, Gaussian) and _is_exponential(x, held):
            return LogNormal(inner.mean, inner.std)
    parameters = getattr(x, "_parameters", None)
    if not isinstance(parameters, dict) or not hasattr(x, "logpdf") or not hasattr(x, "icdf"):
        return None
    numbers = {key: np.asarray(value) for key, value in parameters.items()}
    for key, array in numbers.items():
        if array.size != 1:
            raise batch(key, array.shape)
    values = {key: float(array.reshape(())) for key, array in numbers.items()}
    return _by_parameters(x, name, values)


def _by_parameters(x: object, name: str, values: dict[str, float]) -> object:
    """One of SciPy's new classes, by its name and its numbers; else by its own log density."""
    if name == "Normal" and {"mu", "sigma"} <= values.keys():
        return Gaussian(values["mu"], values["sigma"])
    if name == "StandardNormal":
        return Gaussian(0, 1)
    if name == "Uniform" and {"a", "b"} <= values.keys():
        return Uniform(values["a"], values["b"])
    if name == "Binomial" and {"n", "p"} <= values.keys():
        return SCIPY_COUNTS["binom"](values["n"], values["p"])
    if made := _made_from(x, values):
        return made
    if _is_discrete(x):
        if not all(map(math.isfinite, map(float, x.support()))):
            raise refuse_unread(x, "a family over whole numbers with a tail that is known here: a frozen one")
        return _tabulated(x)
    return density(x, [x.icdf(u) for u in QUARTILES])


def _made_from(x: object, values: dict[str, float]) -> object | None:
    """The frozen one that `make_distribution` was given: the family of the same shapes with the same log densities."""
    from scipy import stats

    if type(x).__name__ != "CustomDistribution":
        return None
    discrete = _is_discrete(x)
    at = np.array([float(x.icdf(u)) for u in QUARTILES])
    for name in (*SCIPY_COUNTS, *COUNT_LAWS) if discrete else (*SCIPY, *ENDS, *BENDS):
        family = getattr(stats, name)
        shapes = {each.strip() for each in (family.shapes or "").split(",") if each.strip()}
        if shapes == set(values):
            frozen = family(**values)
            own = frozen.logpmf(at) if discrete else frozen.logpdf(at)
            if np.array_equal(own, (x.logpmf if discrete else x.logpdf)(at)):
                return _of_frozen(frozen)
    return None


def _is_exponential(x: object, held: object) -> bool:
    """Whether a transformed one is the exponential of what it holds, as its quantiles say."""
    return bool(np.array_equal([x.icdf(u) for u in QUARTILES], np.exp([held.icdf(u) for u in QUARTILES])))


def _is_discrete(x: object) -> bool:
    return any(each.__name__ == "DiscreteDistribution" for each in type(x).__mro__)


def moved(d: object, loc: float, scale: float) -> object:
    """loc + scale · x."""
    if isinstance(d, Gaussian):
        return Gaussian(loc + scale * d.mean, abs(scale) * d.std)
    if isinstance(d, GaussianMixture):
        return GaussianMixture(d.weights, loc + scale * d.means, abs(scale) * d.stds)
    if isinstance(d, LineDistribution):
        return Affine(d, loc, scale)
    if isinstance(d, CountDistribution) and scale == 1 and loc == math.floor(loc):
        return Shifted(d, int(loc))
    raise refuse_unread(d, "a distribution on the line, which can be moved and stretched")


def mixed(weights: np.ndarray, parts: list) -> object:
    """A mixture of what was read: of Gaussians, of any on the line, of counts, of vectors, of symbols."""
    if all(isinstance(part, Gaussian) for part in parts):
        return GaussianMixture(weights, [p.mean for p in parts], [p.std for p in parts])
    if all(isinstance(part, MultivariateGaussian) for part in parts):
        return MultivariateGaussianMixture(weights, [p.mean for p in parts], [p.cov for p in parts])
    if all(isinstance(part, (LineDistribution, Gaussian, GaussianMixture)) for part in parts):
        return Mixture(weights, tuple(parts))
    if all(isinstance(part, CountDistribution) for part in parts):
        return CountMixture(weights, tuple(parts))
    if all(isinstance(part, Categorical) for part in parts):
        return Categorical(np.asarray(weights) @ np.stack([part.probs for part in parts]))
    raise refuse("parts", "distributions of one kind: all on the line, or all over whole numbers", parts)
