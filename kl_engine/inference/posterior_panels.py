"""Panels that follow an unnormalised posterior: Gaussian components of the prior times a likelihood, as `bells`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kl_engine.distributions.gaussian import Mixture
from kl_engine.estimates.checks import refuse
from kl_engine.inference.likelihoods.likelihood import LogLikelihood
from kl_engine.quadrature.crossings import parts_of
from kl_engine.quadrature.panels import Panels
from kl_engine.quadrature.truncation import RESOLVED


class Mode(NamedTuple):
    """A local maximum of the posterior: where, the log of prior times likelihood there, and the width of its bell."""

    z: float
    height: float
    std: float


class PosteriorPanels(NamedTuple):
    """The panels, the modes of the components on them (highest first), and a bound of the log mass left out."""

    panels: Panels
    modes: tuple[Mode, ...]
    log_tail: float


def posterior_panels(prior: Mixture, likelihood: LogLikelihood) -> PosteriorPanels:
    """The panels for integrals of prior times likelihood over z."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # far out e is −∞, and is not followed there
        return _posterior_panels(prior, likelihood)


def _posterior_panels(prior: Mixture, likelihood: LogLikelihood) -> PosteriorPanels:
    edges, modes, tails = [], [], []
    for part in parts_of(prior):
        bell = likelihood.bell(part.mean, part.std)
        places = bell.modes()
        marks = np.concatenate([place + bell.edges(place) for place in places] + [bell.bends()])
        marks = np.clip(marks, -bell.reach, bell.reach)
        constant = part.height + likelihood.constant
        edges += (part.mean + part.std * marks).tolist()
        modes += [
            Mode(part.mean + part.std * u, constant + float(bell.value(u)), part.std * bell.width(u)) for u in places
        ]
        tails += [constant + np.log(part.std) + bell.log_tail(mark) for mark in (marks.min(), marks.max())]
    for mode in modes:
        if mode.std < RESOLVED * np.spacing(abs(mode.z)):
            raise refuse(
                likelihood.narrowed_by, f"a posterior wider than the spacing of doubles at {mode.z:g}", mode.std
            )
    ordered = tuple(sorted(modes, key=lambda mode: -mode.height))
    return PosteriorPanels(Panels.through(edges), ordered, float(np.logaddexp.reduce(tails)))
