"""Bad input: a ValueError that names the argument, what was expected and what came."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from kl_engine import (
    Direction,
    Gaussian,
    GaussianMixture,
    cross_entropy,
    disagreement,
    entropy,
    families,
    fit,
    forward_kl,
    kl_divergence,
    moment_match,
    reverse_kl,
)
from kl_engine.estimates.checks import shortened
from kl_engine.optima import flow, separation_sweep
from tests.cases import two_modes

P, Q = two_modes(4), Gaussian(1, 2)
NAN, INF = math.nan, math.inf


def mix(weights=(0.5, 0.5), means=(0, 1), stds=(1, 1)):
    """A mixture with one argument replaced."""
    return GaussianMixture(weights, means, stds)


NO_NUMBERS = [NAN, INF, -INF, None, "1", "one", b"1", True, [1.0], {}, 1j, 10**400]
NO_VECTORS = [
    (),
    1.0,
    (0.5, NAN),
    (0.5, INF),
    (0.5, None),
    ("0.5", "0.5"),
    "ab",
    (True, True),
    ((0.5, 0.5),),
    ((1,), 2),
]

# What is called, with which argument named, what was expected (a part of the text), what came.
REFUSALS = [
    *((lambda x=x: Gaussian(x, 1), "mean", "a finite number", x) for x in NO_NUMBERS),
    *((lambda x=x: Gaussian(0, x), "std", "a finite number", x) for x in NO_NUMBERS),
    *((lambda x=x: Gaussian(0, x), "std", "> 0", x) for x in (0, -1, 0.0, -0.0, 1e-310)),
    *((lambda x=x: mix(weights=x), "weights", "non-empty sequence of finite", x) for x in NO_VECTORS),
    *((lambda x=x: mix(means=x), "means", "non-empty sequence of finite", x) for x in NO_VECTORS),
    *((lambda x=x: mix(stds=x), "stds", "non-empty sequence of finite", x) for x in NO_VECTORS),
    (lambda: mix(weights=(0.5, 0.6)), "weights", "a sum of 1 within 1e-09", 1.1),
    (lambda: mix(weights=(0.5, 0.5 + 1e-8)), "weights", "a sum of 1 within 1e-09", 1.00000001),
    (lambda: mix(weights=(1.0, 0.0)), "weights", "> 0", (1.0, 0.0)),
    (lambda: mix(weights=(1.5, -0.5)), "weights", "> 0", (1.5, -0.5)),
    (lambda: mix(stds=(1, 0)), "stds", "> 0", (1, 0)),
    (lambda: mix(stds=(1, -2)), "stds", "> 0", (1, -2)),
    (lambda: mix(means=(1, 2, 3)), "means", "2 numbers, one for each of the weights", [1.0, 2.0, 3.0]),
    (lambda: mix(stds=(3,)), "stds", "2 numbers, one for each of the weights", [3.0]),
    *((lambda f=f: f(3), "a", "a distribution", 3) for f in (entropy,)),
    *((lambda f=f: f("p", Q), "a", "a distribution", "p") for f in (kl_divergence, cross_entropy)),
    *((lambda f=f: f(P, None), "b", "a distribution", None) for f in (kl_divergence, cross_entropy)),
    *((lambda f=f: f(0.5, Q), "p", "a distribution", 0.5) for f in (forward_kl, reverse_kl, disagreement)),
    *((lambda f=f: f(P, 0.5), "q", "a distribution", 0.5) for f in (forward_kl, reverse_kl, disagreement)),
    (lambda: moment_match([1]), "p", "a Gaussian, ", [1]),
    (lambda: fit(1, "forward"), "p", "a Gaussian, ", 1),
    (lambda: flow(1, "forward", Q), "p", "a Gaussian, ", 1),
    *(
        (lambda x=x: fit(P, x), "objective", '"forward", "reverse", kl.Alpha', x)
        for x in ("Forward", "kl", "", None, 1)
    ),
    (lambda: flow(P, "up", Q), "objective", '"forward", "reverse", kl.Alpha', "up"),
    (lambda: Direction.of("both"), "direction", '"forward" or "reverse"', "both"),
    *((lambda x=x: fit(P, "reverse", start=x), "start", "a Gaussian", x) for x in (1.0, (0, 1), P)),
    *((lambda x=x: flow(P, "forward", x), "start", "a Gaussian", x) for x in (None, (0, 1), P)),
    *((lambda x=x: families.Gaussian(x), "std", "a finite number", x) for x in (0, -1, NAN, INF, "1", True)),
    *((lambda x=x: fit(P, "reverse", x), "family", "goes to start=", x) for x in (1.0, Q)),
    (lambda: flow(P, "reverse", Q, family=0), "family", "a family of kl.families", 0),
    *((lambda x=x: flow(P, "forward", Q, x), "frames", "at least 2", x) for x in (1, 0, -5, 2.5, True, "9")),
    *((lambda x=x: two_modes(1, x), "weight", "between 0 and 1", x) for x in (0, 1, -0.1, 2)),
    (lambda: two_modes(1, NAN), "weight", "a finite number", NAN),
    (lambda: two_modes(INF), "separation", "a finite number", INF),
    (lambda: two_modes(1, 0.5, (1, 0)), "stds", "> 0", (1, 0)),
    *((lambda x=x: separation_sweep(x), "separations", "sequence of finite", x) for x in ((), 5, (1, NAN), "12")),
    *((lambda x=x: separation_sweep(x), "separations", "ascending", x) for x in ((1, 1), (2, 1), (-1, 1))),
    (lambda: separation_sweep([1], 1.5), "weight", "between 0 and 1", 1.5),
]


@pytest.mark.parametrize("call, name, expected, got", REFUSALS)
def test_refusals(call, name, expected, got):
    with pytest.raises(ValueError, match=f"^{name}: expected .*{re.escape(expected)}.*, got ") as refusal:
        call()
    assert str(refusal.value).endswith(f"got {shortened(got)}")
    assert len(str(refusal.value)) < 400 and "\n" not in str(refusal.value)


def test_what_is_a_number_all_the_same():
    for one in (1, 1.0, np.float32(1), np.int64(1), np.array(1.0), Fraction(1)):
        assert Gaussian(one, one) == Gaussian(1, 1)
    for weights in ([0.5, 0.5], (0.5, 0.5), np.full(2, 0.5, np.float32), [Fraction(1, 2)] * 2):
        assert mix(weights) == mix()
    assert mix([0.5 + 5e-10, 0.5]).weights.sum() == pytest.approx(1, abs=1e-15)


def test_the_direction_is_the_enum_or_its_string():
    assert fit(P, "forward").q == fit(P, Direction.FORWARD).q
    assert [str(direction) for direction in Direction] == ["forward", "reverse"]
