"""Fitting one multivariate Gaussian q, full, diagonal or isotropic, to a target p in either direction."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kl_engine.distributions.multivariate import (
    Multivariate,
    MultivariateGaussian,
    MultivariateGaussianMixture,
    is_gaussian,
    multivariate,
)
from kl_engine.divergences import multivariate_forms as closed_forms
from kl_engine.divergences import plane
from kl_engine.divergences.multivariate import forward_kl, reverse_kl
from kl_engine.estimates.checks import refuse
from kl_engine.estimates.estimate import Direction, Estimate
from kl_engine.fits.families import Covariance
from kl_engine.fits.multivariate import Nodes
from kl_engine.fits.multivariate_descent import Descent, newton_descent
from kl_engine.quadrature.cubature import expectation, gauss_nodes
from kl_engine.quadrature.frames import Frames
from kl_engine.quadrature.integrands import log_ratio

ALL_SUBSETS = 3
MOST_STARTS = 24
SAME = {1: 1e-9, 2: 1e-9}  # nats between two q: closer ones are one
SAME_SAMPLED = 1e-4  # where the objective itself is sampled
LATTICE = {1: 0.02, 2: 0.35}  # spacing of the trapezoid rule in which descents run, in std of q
LATTICE_REACH = 7.0
POINTS = 1 << 12  # of the common random numbers beyond the plane
SEED = 7
# In the plane the last steps are taken at the nodes of the cubature of D itself, again if they have led far.
POLISHES = 3
POLISH_GOAL = 1e-13  # relative, of the divergence at whose Gauss nodes it descends: these are then right to some 1e-9
POLISH_CELLS = 2_000  # of that cubature, or a needle a thousand times as long as wide would cost minutes
NEAR = 1e-8  # nats between where a polish began and where it ended


@dataclass(frozen=True, eq=False)
class MultivariateFit:
    """A fitted q, its divergence, what the search came to, and the q's on the way, the start first.

    `status` is "converged" (a strict local minimum), "saddle" (stationary, but no minimum) or "stopped" (not
    stationary: no optimum); `message` says why in words. `eigenvalues` are those of the Hessian in the natural scale
    of q, ascending; empty where the fit is exact.
    """

    q: MultivariateGaussian
    value: Estimate
    status: str
    message: str
    eigenvalues: np.ndarray
    trace: tuple[MultivariateGaussian, ...]

    @property
    def converged(self) -> bool:
        """Whether q is a strict local minimum."""
        return self.status == "converged"


def multivariate_fit(p: Multivariate, direction, covariance="full", start=None) -> MultivariateFit:
    """The Gaussian q, with a "full", "diagonal" or "isotropic" covariance, of least D(p‖q) or D(q‖p), in nats.

    Forward it is exact, whatever the start: the mean of p with its covariance, the diagonal of that, or its mean
    variance. Reverse: exact for one Gaussian; from a `start`, the optimum that Newton's method leads to; without one,
    the best of `multivariate_optima`. Raises ValueError for a bad argument.
    """
    p, direction, family = multivariate("p", p), Direction.of(direction), Covariance.of(covariance)
    first = None if start is None else _start(start, p, family)
    if direction is Direction.FORWARD:
        q = family.moment_match(p)
        return _exact(q, forward_kl(p, q), "exact: the moments of p; the only optimum, from every start", first)
    if is_gaussian(p):
        q = family.reverse_of_gaussian(p)
        return _exact(q, reverse_kl(p, q), "exact: the precisions of p; the only optimum, from every start", first)
    if first is None:
        return multivariate_optima(p, family)[0]
    return _judged(p, _polished(p, _descended(p, first, family), family))


def multivariate_optima(p: Multivariate, covariance="full") -> tuple[MultivariateFit, ...]:
    """Every stationary point of D(q‖p) that a documented set of starts leads to: minima first, then best first.

    The starts are the moment matches of sets of components: all of them for up to three components; otherwise each
    component, each pair and the whole, of which the first 24. Necessary places to look, not a proof that there is no
    other. Each is classified by the eigenvalues of its Hessian.
    """
    p, family = multivariate("p", p), Covariance.of(covariance)
    if is_gaussian(p):
        return (multivariate_fit(p, Direction.REVERSE, family),)
    starts = start_points(p, family)
    ends = _distinct([_descended(p, start, family) for start in starts])
    ends = _distinct([_polished(p, found, family) for found in ends])  # what was two in the lattice may be one
    fits = [_judged(p, found, f"; one of {len(ends)} found from {len(starts)} starts") for found in ends]
    return tuple(sorted(fits, key=lambda fit: (not fit.converged, fit.value.value)))


def _distinct(ends: list[Descent]) -> list[Descent]:
    """Best first; of those that are one q, the best."""
    kept = list[Descent]()
    for found in sorted(ends, key=lambda found: found.terms.value):
        same = SAME.get(found.q.dimension, SAME_SAMPLED)
        if all(closed_forms.kl_divergence(found.q, other.q).value > same for other in kept):
            kept.append(found)
    return kept


def start_points(p: Multivariate, family: Covariance) -> list[MultivariateGaussian]:
    """The moment matches of sets of components, in the family (see `multivariate_optima`)."""
    count = p.weights.size
    sizes = range(1, count + 1) if count <= ALL_SUBSETS else (1, count, 2)
    sets = [list(chosen) for size in sizes for chosen in combinations(range(count), size)][:MOST_STARTS]
    parts = [MultivariateGaussianMixture(p.weights[k] / p.weights[k].sum(), p.means[k], p.covs[k]) for k in sets]
    return [family.moment_match(part) for part in parts]


def _start(start: object, p: Multivariate, family: Covariance) -> MultivariateGaussian:
    """The start, checked; only what the family can hold of its covariance is used."""
    if not isinstance(start, MultivariateGaussian) or start.dimension != p.dimension:
        raise refuse("start", f"a MultivariateGaussian in {p.dimension} dimensions", start)
    return family.moment_match(start)


def _exact(q: MultivariateGaussian, value: Estimate, message: str, start: MultivariateGaussian | None):
    return MultivariateFit(q, value, "converged", message, np.empty(0), (start or q, q))


def _descended(p: Multivariate, start: MultivariateGaussian, family: Covariance) -> Descent:
    return newton_descent(p, start, family.directions(p.dimension), _common_nodes(p.dimension))


def _polished(p: Multivariate, found: Descent, family: Covariance) -> Descent:
    """In the plane: the last steps again, at the nodes of the cubature of D(q‖p) itself."""
    if p.dimension != 2:
        return found
    for _ in range(POLISHES):
        before = found
        frames = Frames.of((found.q,), found.q, p)
        goal = POLISH_GOAL * max(found.terms.value, plane.NEAR)
        cells = expectation(frames, log_ratio(found.q, p), plane.REACH, lambda _, goal=goal: goal, POLISH_CELLS).cells
        found = newton_descent(p, found.q, family.directions(2), Nodes.standardised(*gauss_nodes(cells)))
        found = found._replace(trace=before.trace + found.trace[1:])
        if closed_forms.kl_divergence(before.q, found.q).value < NEAR:
            break
    return found


def _judged(p: Multivariate, found: Descent, note: str = "") -> MultivariateFit:
    eigenvalues = np.linalg.eigvalsh(found.terms.hessian)
    slope, lowest = float(np.abs(found.terms.gradient).max()), float(eigenvalues[0])
    if not found.stationary:
        status, message = "stopped", f"not converged: the gradient is still {slope:.1e}"
    elif lowest <= 0:
        status, message = "saddle", f"stationary but no minimum (lowest curvature {lowest:.2g}): move the start off it"
    else:
        status, message = "converged", f"a local minimum: gradient {slope:.1e}, lowest curvature {lowest:.2g}"
    return MultivariateFit(found.q, reverse_kl(p, found.q), status, message + note, eigenvalues, found.trace)


def _common_nodes(dimension: int) -> Nodes:
    """The nodes of every descent: a trapezoid lattice on the line and in the plane, Sobol points beyond."""
    if dimension not in LATTICE:
        from kl_engine.quadrature.quasi_monte_carlo import normal_points

        z = normal_points(dimension, POINTS, np.random.default_rng(SEED))
        return Nodes.standardised(z, np.ones(len(z)))
    step = LATTICE[dimension]
    axis = step * np.arange(-round(LATTICE_REACH / step), round(LATTICE_REACH / step) + 1)
    z = np.stack(np.meshgrid(*[axis] * dimension, indexing="ij"), axis=-1).reshape(-1, dimension)
    squares = (z * z).sum(axis=1)
    inside = squares <= LATTICE_REACH**2
    return Nodes.standardised(z[inside], np.exp(-0.5 * squares[inside]))
