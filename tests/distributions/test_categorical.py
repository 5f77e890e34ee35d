"""Distributions over symbols: the worked cases, 60-digit sums, the laws, and what is refused."""

from __future__ import annotations

import dataclasses
import math
import re
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kl_engine import Categorical, Gaussian, cross_entropy, entropy, forward_kl, kl_bounds, kl_divergence, reverse_kl
from kl_engine.divergences import kl_terms
from tests.reference import worked_case, worked_cases

UNIT = {"nats": 1.0, "bits": math.log(2)}
PAIRED = [case for case in worked_cases("A") if "kl_pq" in case["expected"]]
P, Q = Categorical([0.5, 0.25, 0.25]), Categorical([0.1, 0.6, 0.3])


def exact(probs) -> list[mp.mpf]:
    """The given doubles divided by their sum, in 60 digits."""
    shares = [Fraction(float(x)) for x in probs]
    return [mp.mpf(x.numerator) / x.denominator for x in (share / sum(shares) for share in shares)]


def truths(first, second) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
    """Entropy, cross entropy and divergence of the first against the second."""
    a, b = exact(first), exact(second)
    own = -mp.fsum(x * mp.log(x) for x in a if x)
    if any(x and not y for x, y in zip(a, b)):
        return own, mp.inf, mp.inf
    crossed = -mp.fsum(x * mp.log(y) for x, y in zip(a, b) if x)
    return own, crossed, crossed - own


@pytest.mark.parametrize("case", PAIRED, ids=lambda case: case["id"])
def test_worked_pairs(case):
    given_, expected = case["inputs"], case["expected"]
    p, q = Categorical(given_["p"]), Categorical(given_["q"])
    for name, found in (("kl_pq", forward_kl(p, q)), ("kl_qp", reverse_kl(p, q))):
        assert found.value / UNIT[given_["unit"]] == pytest.approx(float(expected[name]), abs=case["tolerance"])


def test_one_divergence_in_three_units():
    case = worked_case("A14_units")
    found = forward_kl(Categorical(case["inputs"]["p"]), Categorical([float(Fraction(x)) for x in case["inputs"]["q"]]))
    for unit, nats in (("nats", 1.0), ("bits", math.log(2)), ("bans", math.log(10))):
        assert found.value / nats == pytest.approx(case["expected"][unit], abs=case["tolerance"])


def test_an_infinity_is_no_clamp_and_names_its_symbols():
    case = worked_case("J01_eps_clamp_onehots")
    p, q = Categorical(case["inputs"]["p"]), Categorical(case["inputs"]["q"])
    assert forward_kl(p, q).value == reverse_kl(p, q).value == math.inf
    assert "symbol 0 " in forward_kl(p, q).method and "symbol 1 " in reverse_kl(p, q).method
    assert kl_divergence(P, Categorical([1, 0, 0])).method.count("symbols 1, 2 ") == 1
    assert kl_divergence(Categorical([1, 0, 0]), P).value == pytest.approx(math.log(2), abs=1e-15)
    assert cross_entropy(p, q).value == math.inf


probability = st.one_of(st.floats(0, 1), st.floats(0, 1e-300), st.just(0.0), st.just(5e-324))


def normalised(weights: list[float]) -> np.ndarray:
    return np.array(weights) / math.fsum(weights)


weights = st.integers(1, 6).flatmap(lambda n: st.tuples(*[st.lists(probability, min_size=n, max_size=n)] * 2))
usable = weights.filter(lambda pair: all(math.fsum(w) > 1e-3 for w in pair)).map(lambda pair: [*map(normalised, pair)])


@given(usable)
def test_within_the_reported_error(pair):
    with mp.workdps(60):
        for a, b in (pair, pair[::-1]):
            found = (
                entropy(Categorical(a)),
                *(f(Categorical(a), Categorical(b)) for f in (cross_entropy, kl_divergence)),
            )
            for estimate, truth in zip(found, truths(a, b)):
                assert abs(truth - estimate.value) <= estimate.error or estimate.value == truth == mp.inf
                assert estimate.error <= 1e-12 or any(0 < x < 1e-300 for x in (*a, *b))


@pytest.mark.parametrize("step", [1e-2, 1e-5, 1e-8, 1e-12, 1e-15])
def test_digits_are_kept_where_the_two_agree(step):
    a, b = [0.3, 0.3, 0.4], [0.3 + step, 0.3 - step, 0.4]
    found = kl_divergence(Categorical(a), Categorical(b))
    with mp.workdps(60):
        truth = truths(a, b)[2]
    assert abs(truth - found.value) <= found.error
    assert found.error <= 1e-15 * truth / step
    assert found.value >= 0


def test_the_terms_say_who_pays():
    assert kl_terms(P, Q).tolist() == pytest.approx(
        [0.5 * math.log(5), 0.25 * math.log(5 / 12), 0.25 * math.log(5 / 6)]
    )
    assert math.fsum(kl_terms(P, Q)) == pytest.approx(forward_kl(P, Q).value, abs=1e-15)
    assert math.fsum(kl_terms(Q, P)) == pytest.approx(reverse_kl(P, Q).value, abs=1e-15)
    assert kl_terms(Categorical([0.5, 0.5, 0]), Categorical([1, 0, 0])).tolist() == [0.5 * math.log(0.5), math.inf, 0]


def test_laws():
    assert kl_divergence(P, P).value == 0
    assert cross_entropy(P, Q).value == pytest.approx(entropy(P).value + forward_kl(P, Q).value, abs=1e-15)
    assert entropy(Categorical(np.full(8, 1 / 8))).value == pytest.approx(math.log(8), abs=1e-15)
    assert entropy(Categorical([1, 0])).value == 0
    assert forward_kl(P, Q) == kl_divergence(P, Q) and reverse_kl(P, Q) == kl_divergence(Q, P)


def test_a_value_frozen_and_hashable():
    source = np.array([0.5, 0.5])
    p = Categorical(source)
    source[0] = 1
    assert p.probs.tolist() == [0.5, 0.5] and p == Categorical((0.5, 0.5)) and len({p, Categorical([0.5, 0.5])}) == 1
    assert p != Categorical([0.4, 0.6]) and p != 0.5
    assert numbers_of(p) == [0.5, 0.5]
    assert Categorical([-0.0, 1]).probs.tolist() == [0, 1] and math.copysign(1, Categorical([-0.0, 1]).probs[0]) == 1
    assert Categorical([1, 0]).log_prob.tolist() == [0, -math.inf]
    assert math.fsum(Categorical([0.5 + 5e-10, 0.5]).probs) == pytest.approx(1, abs=1e-16)
    with pytest.raises(ValueError, match="read-only"):
        p.probs[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        p.probs = [1.0]


def numbers_of(p: Categorical) -> list[float]:
    return [float(text) for text in re.findall(r"[\d.]+", repr(p))]


def test_samples_follow_the_probabilities():
    draws = Categorical([0.2, 0, 0.8]).sample((1000, 100), np.random.default_rng(3))
    counts = np.bincount(draws.ravel(), minlength=3)
    assert draws.shape == (1000, 100) and counts[1] == 0 and counts[0] == pytest.approx(20_000, abs=5 * 127)


REFUSALS = [
    *(
        (lambda x=x: Categorical(x), "probs", "non-empty sequence of finite")
        for x in ([], 1, "ab", [math.nan], [[1.0]])
    ),
    (lambda: Categorical([1.5, -0.5]), "probs", "numbers >= 0 only"),
    (lambda: Categorical([0.5, 0.5 + 2e-9]), "probs", "a sum of 1 within 1e-09"),
    (lambda: Categorical([0, 0]), "probs", "a sum of 1"),
    (lambda: kl_divergence(P, Categorical([0.5, 0.5])), "b", "3 symbols, as a has"),
    (lambda: forward_kl(P, Categorical([0.5, 0.5])), "q", "3 symbols, as p has"),
    (lambda: cross_entropy(P, Gaussian(0, 1)), "b", "a distribution of the same kind"),
    (lambda: kl_bounds(P, P), "b", "ask kl_divergence"),
    (lambda: kl_divergence(P, [0.2, 0.3]), "b", "probabilities >= 0 that sum to 1 (of two samples kl_from_samples"),
    (lambda: kl_divergence([1, 2], [3, 4]), "a", "probabilities >= 0 that sum to 1 (of two samples kl_from_samples"),
    (lambda: kl_terms([0.5, 0.5], P), "a", "a Categorical"),
]


@pytest.mark.parametrize("call, name, expected", REFUSALS)
def test_refusals(call, name, expected):
    with pytest.raises(ValueError, match=f"^{name}: expected .*{re.escape(expected)}.*, got "):
        call()
