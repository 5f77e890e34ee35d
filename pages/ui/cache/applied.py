"""Kept results of the views of section Apply; what computes one is imported when it is asked for."""

from __future__ import annotations

import numpy as np

from pages.ui.cache.kept import kept
from pages.ui.cache.long_work import long


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
