"""Kept results of the views of section Apply; what computes one is imported when it is asked for."""

from __future__ import annotations

import numpy as np

from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long
from pages.ui.state.two_modes import Target


@kept(256)
def read_objective(text: str, answers: tuple[tuple[str, str], ...]) -> tuple:
    """An objective as read, and None; or None, and why the text is refused."""
    from kl_engine.objectives.reading import read_objective as read

    try:
        return read(text, dict(answers)), None
    except ValueError as refusal:
        return None, str(refusal)


@kept(256)
def demonstration(separation: float, weight: float, right: float, left: float, weights: tuple[float, float, float]):
    """See `objective_check.demonstration.demonstrate`."""
    from kl_engine.fits.outcomes import Weights
    from pages.ui.views.objective_check.scene import demonstrate

    return demonstrate(Target(separation, weight, right, left), Weights(*weights))


@kept(256)
def data_size(raw: bytes, components: int, seed: int):
    """See `your_data.study.size_study`; `raw` is the bytes of the numbers, float64."""
    from pages.ui.views.your_data.scene import size_study

    return size_study(np.frombuffer(raw), components, seed)


@kept(12)
def data_kernels(raw: bytes, seed: int):
    """See `your_data.study.kernel_study`."""
    from pages.ui.views.your_data.scene import kernel_study

    return kernel_study(np.frombuffer(raw), seed)


@kept(32)
def data_mode(raw: bytes, components: int, seed: int):
    """See `your_data.study.mode_score`."""
    from pages.ui.views.your_data.scene import mode_score

    return mode_score(np.frombuffer(raw), components, seed)


@long(256, "Fitting the other direction …")
def data_directions(raw: bytes, reference: int, components: int):
    """See `your_data.study.directions`: of the maximum-likelihood fits with so many components."""
    from kl_engine.data.empirical import Empirical
    from kl_engine.data.likelihood import likelihood_fit
    from pages.ui.views.your_data.scene import directions

    data = Empirical.of(np.frombuffer(raw))
    return directions(likelihood_fit(data, reference).q, likelihood_fit(data, components).q)


@kept(32)
def data_kernel_failures(raw: bytes, reference: int, bandwidth: float, seed: int):
    """See `your_data.study.kernel_failures`."""
    from kl_engine.data.empirical import Empirical
    from kl_engine.data.likelihood import likelihood_fit
    from pages.ui.views.your_data.scene import kernel_failures

    x = np.frombuffer(raw)
    return kernel_failures(x, likelihood_fit(Empirical.of(x), reference).q, bandwidth, seed)
