"""The one list of cases: every general test runs over these targets, approximations and pairs."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from kl_engine import Gaussian, GaussianMixture
from kl_engine.distributions.gaussian import Mixture

two_modes = GaussianMixture.two_modes


class Case(NamedTuple):
    """A target p and an approximation q, each with any number of components."""

    name: str
    p: Mixture
    q: Mixture


CASES = (
    Case("two_gaussians", Gaussian(0, 1), Gaussian(0, 2)),
    Case("narrow_in_wide", Gaussian(1, 0.01), Gaussian(-2, 30)),
    Case("covering", two_modes(4), Gaussian(0.3, 2.2)),
    Case("two_answers", two_modes(5), Gaussian(2.3, 1.1)),
    Case("locked", two_modes(8), Gaussian(4, 1)),
    Case("unequal", two_modes(6, weight=0.7, stds=(0.5, 2)), Gaussian(1, 3)),
    Case("rare_mode", GaussianMixture([1e-9, 1 - 1e-9], [7, 0], [0.4, 1]), Gaussian(0, 1.1)),
    Case("near", GaussianMixture([0.3, 0.7], [-1, 1], [1, 1.5]), GaussianMixture([0.3001, 0.6999], [-1, 1], [1, 1.5])),
    Case("crossed", GaussianMixture([0.2, 0.8], [-1, 3], [2, 0.5]), GaussianMixture([0.6, 0.4], [0, 2], [1, 3])),
    Case("one_centre", GaussianMixture([0.5, 0.5], [0, 0], [0.1, 10]), GaussianMixture([0.9, 0.1], [0, 0], [1, 20])),
    Case(
        "many",
        GaussianMixture([0.1, 0.2, 0.3, 0.15, 0.25], [-6, -2, 0, 3, 9], [0.3, 1, 0.5, 2, 0.7]),
        GaussianMixture([0.4, 0.35, 0.25], [-4, 1, 7], [2, 1.5, 1]),
    ),
)

# Targets of a fit: the mixtures among the p above.
TARGETS = tuple((case.name, case.p) for case in CASES if isinstance(case.p, GaussianMixture))


def over(cases):
    """Parametrise a test over named cases, by their names."""
    argument = "case" if isinstance(cases[0], Case) else "name, p"
    return pytest.mark.parametrize(argument, cases, ids=[case[0] for case in cases])
