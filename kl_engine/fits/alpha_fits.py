"""The Gaussian q of least D_α: Minka's continuum from mode-seeking (α = 0 and below) to covering (α = 1 and above)."""

from __future__ import annotations

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, Mixture, mixture
from kl_engine.divergences.alpha import alpha_divergence
from kl_engine.estimates.checks import finite, positive, refuse
from kl_engine.estimates.estimate import Direction
from kl_engine.fits.alpha import AlphaObjective
from kl_engine.fits.descent import Descent, newton_descent, verdict
from kl_engine.fits.flow import start_of
from kl_engine.fits.gaussian import Fit, distinct_rows, fit, reverse_optima, run_starts, trace_column
from kl_engine.fits.paths import Path

AT_THE_EDGE = 1e-3


def alpha_fit(p: Mixture, alpha: float, start: Gaussian | None = None, fixed_std: float | None = None) -> Fit:
    """The Gaussian q that minimises D_α(p, q), for any real α: at 0 it is the reverse fit, at 1 the forward one.

    From a `start`, the local optimum that damped Newton descent leads to (at 0 and 1 see `fit`); without one, the best
    of `alpha_optima`. With `fixed_std`, q's std is that number. `trace.kl` holds D_α. Raises ValueError for a bad
    argument, and where D_α is infinite at the start.
    """
    p, alpha = mixture("p", p), finite("alpha", alpha)
    if alpha in (0, 1):
        return fit(p, Direction.FORWARD if alpha else Direction.REVERSE, start, fixed_std)
    if start is None:
        return alpha_optima(p, alpha, fixed_std)[0]
    begin, fixed = start_of(start, fixed_std)
    if np.isinf(AlphaObjective(p, np.array([alpha])).terms(np.array([begin.mean]), np.array([begin.std])).value[0]):
        raise refuse("start", f"a q with a finite D_α at α = {alpha:g}", start)
    found = newton_descent(AlphaObjective(p, np.array([alpha])), [begin.mean], [begin.std], fixed)
    return _fit(p, alpha, found, 0, fixed)


def alpha_optima(p: Mixture, alpha: float, fixed_std: float | None = None) -> tuple[Fit, ...]:
    """The local minima of D_α that a documented set of starts leads to, best first (of equals, the larger mean).

    The starts are those of `reverse_optima`, the moment matches of runs of neighbouring components; beyond [0, 1] with
    stds moved to where D_α is finite. From α = 1 on there is one optimum only, for D_α is then convex in the natural
    parameters of q. Raises ValueError where no start has a finite D_α.
    """
    p, alpha = mixture("p", p), finite("alpha", alpha)
    if alpha == 0:
        return reverse_optima(p, fixed_std)
    if alpha == 1:
        return (fit(p, Direction.FORWARD, None, fixed_std),)
    fixed = fixed_std is not None
    mean, std = starts_for(p, alpha)
    if fixed:
        std[:] = positive("fixed_std", fixed_std)
    objective = AlphaObjective(p, np.full(mean.size, alpha))
    finite_rows = np.flatnonzero(np.isfinite(objective.terms(mean, std).value))
    if finite_rows.size == 0:
        raise refuse("alpha", "a value at which D_α is finite for this p and std", alpha)
    found = newton_descent(objective.chosen(finite_rows), mean[finite_rows], std[finite_rows], fixed)
    rows = distinct_rows(found)
    fits = [_fit(p, alpha, found, row, fixed) for row in rows]
    return tuple(each for each in fits if each.converged) or tuple(fits)


def starts_for(p: Mixture, alpha: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Means and stds of the starts: where D_α is infinite for a run's own std, the nearest one well inside.

    It is finite for σ² < σ_w² (1−α)/(−α) below 0 and for σ² > σ_w² (α−1)/α above 1, σ_w the widest std of p.
    """
    runs = run_starts(p)
    mean, std = (np.array([getattr(q, name) for q in runs]) for name in ("mean", "std"))
    widest = float(p.stds.max())
    if alpha < 0:
        std = np.minimum(std, widest)
    elif alpha > 1:
        std = np.maximum(std, widest)
    return mean, std


def edge_of(p: Mixture, alpha: float, std: float) -> float:
    """How far q's std is from where D_α becomes infinite: α σ_q²/σ_p² + 1 − α, with the widest std of p."""
    return alpha * (std / float(p.stds.max())) ** 2 + 1 - alpha


def _fit(p: Mixture, alpha: float, found: Descent, row: int, fixed: bool) -> Fit:
    status, message = verdict(found, row, fixed)
    if status == "stopped" and edge_of(p, alpha, float(found.std[row])) < AT_THE_EDGE:
        message = f"no minimum: it ran into std {found.std[row]:.6g}, the edge from which on D_α is infinite"
    mean, std = (trace_column(found.history, which, row) for which in (0, 1))
    values = [alpha_divergence(p, Gaussian(m, s), alpha) for m, s in zip(mean.tolist(), std.tolist())]
    trace = Path(mean, std, np.array([each.value for each in values]), max(each.error for each in values))
    return Fit(Gaussian(found.mean[row], found.std[row]), values[-1], status, message, trace)
