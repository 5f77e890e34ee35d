"""D_α(p, q) as a function of one Gaussian q, with its exact gradient and Hessian, for many q and many α at once.

With z = (x − μ)/σ, r = log p − log q and w = (p^α q^(1−α) − q)/α (at α = 0 its limit q r), and Aₙ = ∫ w zⁿ, in the
natural scale of q (a step of μ counted in σ, and λ = log σ):

    gradient  −(A₁, A₂ − A₀)
    Hessian   diag(1, 2) − (1−α) [[A₂, A₃ − A₁], [A₃ − A₁, A₄ − 2A₂ + A₀]] + [[A₀, 2A₁], [2A₁, 2A₂]]

so a q is stationary where the tilted density p^α q^(1−α), normalised, has the mean and the std of q: moment matching
of p at α = 1, Bonnet's and Price's conditions at α = 0. Source: T. Minka, MSR-TR-2005-173.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture
from kl_engine.divergences.alpha_family.alpha import alpha_divergence
from kl_engine.divergences.alpha_family.tilting import excess
from kl_engine.estimates.checks import finite
from kl_engine.estimates.rounding import ROOT_2, ROUNDING
from kl_engine.fits.objective import OnTheLine, Terms
from kl_engine.quadrature.crossings import crossing_points, highest, parts_of
from kl_engine.quadrature.integrate import integrate
from kl_engine.quadrature.panels import Components, Panels, components
from kl_engine.quadrature.truncation import REACH, WIDE_REACH, marks, support_points

MOST_VALUES = 200_000  # in one array at the nodes of a block of rows: a dozen such arrays stay in the processor's cache
MARKS = np.array(marks(WIDE_REACH))[:, None]


@dataclass(frozen=True)
class Alpha:
    """What `kl.fit` minimises: D_α(p, q) = (1 − ∫ p^α q^(1−α)) / (α (1−α)), for any real α.

    At α = 0 it is D(q‖p), at α = 1 D(p‖q); in between Minka's continuum from mode-seeking to covering. Raises
    ValueError when `alpha` is not a finite number. Source: T. Minka, MSR-TR-2005-173. D_α is without a unit, but in
    nats at the two ends.

    >>> import kl_engine as kl
    >>> round(kl.fit(kl.GaussianMixture([0.5, 0.5], [-4, 4], [1, 1]), kl.Alpha(0.3)).q.mean, 3)
    3.999
    """

    alpha: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", finite("alpha", self.alpha))

    def inside(self, p: Mixture, places: np.ndarray) -> np.ndarray:
        """The places with each std moved, where D_α is infinite for it, to one well inside: the widest std σ_w of p.

        D_α is finite for σ² < σ_w² (1−α)/(−α) below α = 0, and for σ² > σ_w² (α−1)/α above 1.
        """
        widest = float(p.stds.max())
        mean, std = places.T
        if self.alpha < 0:
            std = np.minimum(std, widest)
        elif self.alpha > 1:
            std = np.maximum(std, widest)
        return np.column_stack([mean, std])


class AlphaObjective(OnTheLine):
    """D_α over rows of q for one p; `alpha` (R,) has one for each row, or (1,) one for all."""

    def __init__(self, p: Mixture, alpha: np.ndarray, held: bool = False) -> None:
        self.p, self.alpha, self.held = p, alpha, held

    def chosen(self, rows: np.ndarray) -> AlphaObjective:
        """The objective of some of the rows."""
        return self if self.alpha.size == 1 else AlphaObjective(self.p, self.alpha[rows], self.held)

    def terms(self, places: np.ndarray) -> Terms:
        """Value, gradient and Hessian at N(mean[i], std[i]²); where D_α is infinite, inf and no direction."""
        size = len(places)
        found = Terms(np.full(size, np.inf), np.zeros((size, 2)), np.tile(np.eye(2), (size, 1, 1)), np.zeros(size))
        rows = np.flatnonzero(self._holds(places[:, 1]))
        edges = (len(parts_of(self.p)) + 1) * len(MARKS) + len(crossing_points(self.p))
        block = max(1, MOST_VALUES // (31 * edges * len(parts_of(self.p))))
        for start in range(0, rows.size, block):
            some = rows[start : start + block]
            for all_rows, part in zip(found, self.chosen(some)._terms(places[some])):
                all_rows[some] = part
        return self.free(found)

    def values(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """D_α, and its error, for every row."""
        alphas = np.broadcast_to(self.alpha, len(places)).tolist()
        found = [alpha_divergence(self.p, Gaussian(*place), alpha) for place, alpha in zip(places.tolist(), alphas)]
        return np.array([each.value for each in found]), np.array([each.error for each in found])

    def edge(self, std: float) -> float:
        """How far q's std is from where D_α becomes infinite: α σ_q²/σ_p² + 1 − α, with the widest std of p."""
        return float(self.alpha[0] * (std / self.p.stds.max()) ** 2 + 1 - self.alpha[0])

    def _terms(self, places: np.ndarray) -> Terms:
        mean, std = places.T
        q, target = Components.rows(np.ones((1, mean.size)), mean[None], std[None]), components(self.p)
        alphas = np.broadcast_to(self.alpha, mean.size)

        def integrand(panels: Panels) -> np.ndarray:
            alpha = alphas[panels.owner][:, None]
            z = ROOT_2 * panels.standardised(q)[0][0]
            log_p, log_q = panels.log_density(target), panels.log_density(q)
            ratio = log_p - log_q
            raised = excess(log_q, ratio, alpha)
            # −∫ w/(1−α), or the same from the side of p: each keeps its digits where the other has none.
            mirrored = excess(log_p, -ratio, 1 - alpha)
            value = np.where(alpha > 0.5, -mirrored / np.where(alpha > 0.5, alpha, 1), -raised / _away(1 - alpha))
            moments, density = [raised], np.exp(log_q)
            for _ in range(4):
                moments.append(moments[-1] * z)
            for odd in (1, 3):  # whose integrals may be 0, and the goal of an integral is relative to its value
                moments[odd] = moments[odd] + density
            scale = (np.abs(raised) + density) * (2 + np.abs(log_q) + np.abs(log_p)) * (1 + z * z)
            return np.stack([value, *moments, scale])

        with np.errstate(over="ignore", invalid="ignore"):  # a trial step may be beyond the largest double
            value, a0, a1, a2, a3, a4 = integrate(integrand, self._panels(mean, std), mean.size).value
            a1, a3 = a1 - 1, a3 - 1
            rest = 1 - alphas
            cross = 2 * a1 - rest * (a3 - a1)
            hessian = np.array([[1 + a0 - rest * a2, cross], [cross, 2 + 2 * a2 - rest * (a4 - 2 * a2 + a0)]])
            gradient = -np.array([a1, a2 - a0]).T
        hessian = np.moveaxis(hessian, -1, 0)
        # What is integrated is at most p + q times the logs, whose rounding is relative to their size.
        size = 1 + np.abs(value) + np.abs(hessian).max(axis=(1, 2))
        rounding = ROUNDING * size * (2 + np.abs(np.log(std)) + highest(parts_of(self.p)))
        return _without_overflow(Terms(value, gradient, hessian, rounding))

    def _panels(self, mean: np.ndarray, std: np.ndarray) -> Panels:
        own = np.array(support_points(parts_of(self.p), REACH))[:, None]
        support = [mean + MARKS * std, np.broadcast_to(own, (own.size, mean.size))]
        if ((self.alpha < 0) | (self.alpha > 1)).any():
            support.append(self._tilted_support(mean, std))
        return Panels.of_rows(np.concatenate(support), np.array(crossing_points(self.p)).reshape(-1, 1))

    def _tilted_support(self, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
        """Edges over the bells that hold p^α q^(1−α): above α = 1 those of every component of p, below 0 of the widest.

        Below 0 the widest component bounds p from below, and with it the tilted density from above.
        """
        found = []
        widest = self.p.stds.max()
        for m, s in zip(self.p.means.tolist(), self.p.stds.tolist()):
            narrowing = (std / s) ** 2
            precision = self.alpha * narrowing + 1 - self.alpha
            used = (precision > 0) & ((self.alpha > 1) | (self.alpha < 0) & (s == widest))
            precision = np.where(used, precision, 1.0)
            centre = mean + np.where(used, self.alpha * narrowing * (m - mean) / precision, 0.0)
            found.append(centre + MARKS * std / np.sqrt(precision))
        return np.concatenate(found)

    def _holds(self, std: np.ndarray) -> np.ndarray:
        """Where α σ_q² + (1−α) σ_p² > 0, of the widest component of p."""
        return self.alpha * (std / self.p.stds.max()) ** 2 + 1 - self.alpha > 0


def _away(rest: np.ndarray) -> np.ndarray:
    """1 − α where it divides."""
    return np.where(rest < 0.5, 1.0, rest)


def _without_overflow(terms: Terms) -> Terms:
    """Rows beyond the largest double as infinite ones, so that a descent turns back from them."""
    lost = ~(np.isfinite(terms.value) & np.isfinite(terms.hessian).all(axis=(1, 2)))
    terms.value[lost], terms.gradient[lost], terms.hessian[lost] = np.inf, 0.0, np.eye(2)
    return terms
