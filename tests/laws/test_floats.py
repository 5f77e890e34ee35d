"""`np.seterr(all="raise")` in a notebook breaks nothing: no public name computes by a person's settings."""

from __future__ import annotations

import copy
import inspect
import pickle
import warnings
from itertools import product

import numpy as np
import pytest

import kl_engine as kl
from kl_engine.divergences import registry
from kl_engine.divergences import verbs as public_verbs
from tests.laws.families import FAMILIES
from tests.laws.public import public
from tests.laws.test_examples import failures
from tests.reference import mixture_pairs

PASSIVE = {"as_distribution", "read_table", "read_objective"}  # they convert or read, and compute nothing that rounds
# Under- and overflow, 0/0 and all: far modes, nested scales, rare components, a start far off.
HARD = {
    "far": kl.GaussianMixture([0.5, 0.5], [-1e4, 1e4], [1, 1]),
    "nested": kl.GaussianMixture([1 - 1e-12 - 1e-16, 1e-12, 1e-16], [0, 0, 0], [1e-6, 1, 3e-4]),
    "rare": kl.GaussianMixture([1 - 1e-200, 1e-200], [0, 60], [1, 2]),
    "wide": kl.GaussianMixture([0.4, 0.6], [0, 1], [1e-9, 1e9]),
}


def computes(value) -> bool:
    """Whether it is of the numeric side: formulas and pasted objectives are text."""
    return "objectives" not in value.__module__ and "symbolic" not in value.__module__


@pytest.fixture(autouse=True)
def strict():
    """A notebook whose author wants to hear of everything."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


@pytest.mark.parametrize("verb", registry.VERBS.values(), ids=lambda verb: verb.name)
def test_every_verb_of_every_pair_of_kinds(verb):
    for kinds in product(registry.kinds(), repeat=verb.arguments):
        arguments = [FAMILIES[kind.name].examples[i] for i, kind in enumerate(kinds)]
        for options in verb.options:
            draws = {"draws": 100} if verb.name in ("monte_carlo_kl", "kl_bounds") else {}
            try:
                getattr(public_verbs, verb.name)(*arguments, **options, **draws)
            except FloatingPointError as error:
                pytest.fail(f"{arguments} {options}: {error}")
            except (ValueError, ArithmeticError):
                pass  # refused in words


@pytest.mark.parametrize(
    "verb", [verb for verb in registry.VERBS.values() if verb.arguments <= 2], ids=lambda v: v.name
)
def test_every_verb_of_the_reference_pairs(verb):
    for i, pair in enumerate(mixture_pairs()):
        if i % 12 < 2:  # of each kind some, and of each the one way and the other
            sides = (pair.p, pair.q)[:: 1 - 2 * (i % 2)][: verb.arguments]
            draws = {"draws": 100} if verb.name in ("monte_carlo_kl", "kl_bounds") else {}
            for options in verb.options:
                getattr(public_verbs, verb.name)(*sides, **options, **draws)


@pytest.mark.parametrize("name", [name for name, value in sorted(public().items()) if computes(value)])
def test_examples(name):
    assert failures(public()[name], name, {}) == 0


@pytest.mark.parametrize("p", HARD.values(), ids=HARD)
def test_mixtures_on_the_line_at_their_hardest(p):
    q = kl.Gaussian(3, 0.5)
    for a, b in ((p, q), (q, p)):
        for verb in ("kl_divergence", "jensen_shannon", "total_variation", "disagreement", "cross_entropy"):
            getattr(kl, verb)(a, b)
    kl.kl_gradient(p, q), kl.kl_divergences([(p, q), (q, p)])
    p.pdf(np.linspace(-1e5, 1e5, 50)), p.mean, p.std, copy.deepcopy(p), pickle.loads(pickle.dumps(p))
    for objective in ("forward", "reverse", kl.Alpha(0.5)):
        for start in (None, kl.Gaussian(1e3, 1e-3)):
            found = kl.fit(p, objective, start=start)
            assert len(found.trace) >= 1 and len(found.optima) >= 0
    assert len(kl.optima.stationary_points(p)) >= 1


def test_every_public_function_that_computes_is_sheltered():
    # Those of `verbs` are sheltered by the table that they ask.
    functions = {name: value for name, value in public().items() if inspect.isfunction(value) and computes(value)}
    bare = [
        name
        for name, value in functions.items()
        if not hasattr(value, "__wrapped__")
        and value.__name__ not in PASSIVE
        and not value.__module__.endswith(".verbs")
    ]
    assert not bare and len(functions) > 40
