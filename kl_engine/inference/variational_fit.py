"""The belief of least free energy: exact where q's family holds the posterior, by descent elsewhere."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kl_engine.distributions.gaussian import Gaussian, GaussianMixture
from kl_engine.estimates.checks import whole
from kl_engine.estimates.estimate import Direction
from kl_engine.estimates.rounding import EPSILON
from kl_engine.fits.descent import newton_descent, verdict
from kl_engine.fits.flow import Course, evenly, settled_course, start_of
from kl_engine.fits.gaussian import Fit, distinct_rows, run_starts, trace_column
from kl_engine.fits.paths import Path, path
from kl_engine.inference.conjugate_flow import conjugate_fit, conjugate_flow
from kl_engine.inference.free_objective import FreeEnergyObjective
from kl_engine.inference.models import GaussianModel, Model, model_of
from kl_engine.inference.posteriors import likelihood_of, modes_of, numeric_posterior, posterior
from kl_engine.inference.variational import free_energy

NEGLIGIBLE = 1e-12  # of the posterior mass: a mode below it is a start by itself, and in no run of neighbours


def minimise_free_energy(model: Model, x, start=None) -> Fit:
    """The q of least free energy; `Fit.value` is F, in nats.

    Of a finite model and of a coin it is the posterior. For a `GaussianModel`, q is Gaussian: the posterior again when
    that is Gaussian; otherwise, from a `start`, the local minimum that the natural-gradient flow of F leads to, and
    without one the best of `free_energy_optima`. Raises ValueError for a bad argument.
    """
    model = model_of(model)
    x = model.observation(x)
    if not isinstance(model, GaussianModel):
        return conjugate_fit(model, x, start)
    if start is None:
        return free_energy_optima(model, x)[0]
    course = _course(model, x, start_of(start, None)[0])
    mean, log_std = course.steps.T
    return _fit(model, x, mean.copy(), np.exp(log_std), course.status, course.message)


def free_energy_optima(model: GaussianModel, x) -> tuple[Fit, ...]:
    """The local minima of F over Gaussian q that a documented set of starts leads to, best first.

    The starts: the bell at each mode of the posterior, and the moments of each run of neighbouring modes, the whole
    among them. Necessary places to look, not a proof that there is no other. Of equals (a link that hides the sign of z
    gives mirror images) the larger mean comes first. A Gaussian posterior is the one minimum, and exact.
    """
    model = model_of(model)
    x = model.observation(x)
    target = posterior(model, x)
    if isinstance(target, Gaussian):
        means, stds = np.array([target.mean]), np.array([target.std])
        return (_fit(model, x, means, stds, "converged", "exact: the posterior is Gaussian"),)
    starts = _starts(model, x, target)
    found = newton_descent(FreeEnergyObjective(model, x), *starts.T, False)
    rows = distinct_rows(found)
    fits = []
    for row in rows:
        status, message = verdict(found, row, False)
        note = f"{message}; best of {len(rows)} found from {len(starts)} starts" if row == rows[0] else message
        fits.append(_fit(model, x, *(trace_column(found.history, i, row) for i in (0, 1)), status, note))
    # Where x is 1e8 noise stds away a gradient is not known to 1e-9: the lowest stands first all the same, and says so.
    return tuple(fit for fit in fits if fit.converged or fit is fits[0])


def free_energy_flow(model: Model, x, start, frames: int = 200):
    """The natural-gradient flow of F from `start` to its fixed point, in exactly `frames` rows.

    For a `GaussianModel` a `Path` whose `kl` is F, its rows even in (mean, log std) arc length; for a finite model and
    a coin a `BeliefPath`, exact: the log of q moves in a straight line to that of the posterior. Raises ValueError for
    a bad argument, RuntimeError when the flow has no end within its steps.
    """
    model, frames = model_of(model), whole("frames", frames, 2)
    x = model.observation(x)
    if not isinstance(model, GaussianModel):
        return conjugate_flow(model, x, start, frames)
    start = start_of(start, None)[0]
    course = _course(model, x, start)
    if course.status == "stopped":
        raise RuntimeError(f"free_energy_flow: {course.message}")
    mean, log_std = evenly(course.way, frames).T
    std = np.exp(log_std)
    std[0] = start.std
    return free_energy_path(model, x, mean.copy(), std)


def free_energy_path(model: GaussianModel, x, mean: np.ndarray, std: np.ndarray) -> Path:
    """F at each q = N(mean[i], std[i]²), as a `Path` whose `kl` is F in nats."""
    x = model.observation(x)
    complexity = path(model.prior, Direction.REVERSE, mean, std)
    accuracy, error = likelihood_of(model, x).expected(mean, std)
    values = complexity.kl - accuracy
    rounding = EPSILON * (np.abs(complexity.kl) + np.abs(accuracy))
    return Path(mean, std, values, complexity.error + float((error + rounding).max()))


@lru_cache(maxsize=32)  # the fit and the flow from one start are asked for together
def _course(model: GaussianModel, x: float, start: Gaussian) -> Course:
    frame = Gaussian(model.prior.mean, model.prior.std)
    return settled_course(FreeEnergyObjective(model, x), frame, start)


def _fit(model: GaussianModel, x: float, mean: np.ndarray, std: np.ndarray, status: str, message: str) -> Fit:
    q = Gaussian(mean[-1], std[-1])
    return Fit(q, free_energy(model, q, x).value, status, message, free_energy_path(model, x, mean, std))


def _starts(model: GaussianModel, x: float, target) -> np.ndarray:
    """(n, 2) means and stds."""
    if isinstance(target, GaussianMixture):
        found = run_starts(target)
    else:
        modes = modes_of(model, x)
        found = [Gaussian(mode.z, mode.std) for mode in modes]
        masses = np.array([np.exp(mode.height - modes[0].height) * mode.std for mode in modes])
        kept = [i for i, mass in enumerate(masses) if mass > NEGLIGIBLE * masses.sum()]
        bells = GaussianMixture(masses[kept] / masses[kept].sum(), *zip(*((modes[i].z, modes[i].std) for i in kept)))
        whole_of_it = numeric_posterior(model, x)
        found += [*run_starts(bells), Gaussian(whole_of_it.mean, whole_of_it.std)]
    return np.array(list(dict.fromkeys((q.mean, q.std) for q in found)))
