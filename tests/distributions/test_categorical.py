"""Distributions over symbols: the worked cases, 60-digit sums, the laws, and what is refused."""

from __future__ import annotations

import dataclasses
import math
import pickle
import re
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kl_engine as kl
from kl_engine import (
    Categorical,
    Certainty,
    Gaussian,
    cross_entropy,
    entropy,
    forward_kl,
    kl_bounds,
    kl_divergence,
    reverse_kl,
)
from kl_engine.distributions import Bernoulli
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


@pytest.mark.parametrize("logit", [0.3, 40.0, 400.0, 800.0, 1e4])
def test_logits_keep_what_no_double_holds(logit):
    """½ log ½/(1/(1 + e^−l)) + ½ log ½/(1/(1 + e^l)) = ½ l + log(1 + e^−l) − log 2: 19.31 at 40, never infinite."""
    truth = 0.5 * logit + math.log1p(math.exp(-logit)) - math.log(2)
    even, sure = Categorical([0.5, 0.5]), Categorical.of_logits([logit, 0])
    coin, sure_coin = Bernoulli(0.5), Bernoulli.of_logit(logit)
    for a, b in ((even, sure), (coin, sure_coin)):
        found = kl_divergence(a, b)
        assert abs(found.value - truth) <= found.error and found.certainty == Certainty.EXACT
        assert math.isfinite(kl_divergence(b, a).value) and cross_entropy(a, b).value == pytest.approx(
            truth + math.log(2)
        )
        # R_½ = −2 log Σ √(pq), and α = −½ reads the same small probability on the other side
        affinity = math.sqrt(0.5) * (math.exp(0.5 * sure.log_prob[0]) + math.exp(0.5 * sure.log_prob[1]))
        assert kl.renyi_divergence(a, b, 0.5).value == pytest.approx(-2 * math.log(affinity), abs=1e-12)
        order = (math.sqrt(2) * (math.exp(1.5 * sure.log_prob[0]) + math.exp(1.5 * sure.log_prob[1])) - 1) / 0.75
        assert kl.alpha_divergence(a, b, -0.5).value == pytest.approx(order, abs=1e-12)
    moved = Categorical.of_logits([logit + 5, 5])
    assert kl_divergence(even, moved).value == pytest.approx(truth, rel=1e-12)
    again = pickle.loads(pickle.dumps(sure))
    assert again == sure and (again.log_prob == sure.log_prob).all() and hash(again) == hash(sure)
    assert (sure == Categorical(sure.probs)) is (logit < 700)


def test_counts_are_shares_and_nothing_is_added():
    p = Categorical.of_counts([3, 0, 1])
    assert p == Categorical([0.75, 0, 0.25]) and Categorical.of_counts(np.array([6, 0, 2])) == p
    assert math.isinf(kl_divergence([0.5, 0.2, 0.3], p).value)
    for counts in ([-1, 2], [0, 0], [], "ab", [math.nan, 1], [[1, 2]], [math.inf, 1]):
        with pytest.raises(ValueError, match="counts"):
            Categorical.of_counts(counts)
    for logits in ([math.nan, 1], [math.inf, 0], [-math.inf], [], "ab", [[1, 2]]):
        with pytest.raises(ValueError, match="logits"):
            Categorical.of_logits(logits)
    assert Categorical.of_logits([0, -math.inf]) == Categorical([1, 0])


def test_jensen_shannon_is_scipys_distance_squared_in_nats_and_in_bits():
    from scipy.spatial.distance import jensenshannon

    for p, q in (([0.2, 0.8], [0.6, 0.4]), ([1, 0], [0, 1]), ([0.1, 0.2, 0.7], [0.3, 0.3, 0.4])):
        found = kl.jensen_shannon(p, q)
        assert math.sqrt(found.value) == pytest.approx(jensenshannon(p, q), rel=1e-12)
        assert math.sqrt(found.bits.value) == pytest.approx(jensenshannon(p, q, base=2), rel=1e-12)


def test_what_torch_makes_from_logits_is_read_from_its_logits():
    """torch's own probabilities of 32 bits are 1 and 0 there; its logits of probabilities are clamped."""

    class Tensors:
        def __init__(self, **held):
            vars(self).update(held)

    made = type("Bernoulli", (Tensors,), {})
    logits, probs = np.float32(40), np.float32(0.25)
    by_logits = made(logits=logits, probs=np.float32(1), _param=logits)
    by_probs = made(probs=probs, logits=np.float32(-1.0986), _param=probs)
    assert kl_divergence(Bernoulli(0.5), by_logits).value == pytest.approx(19.306852819440, rel=1e-12)
    assert kl_divergence(by_probs, Bernoulli(0.25)).value == 0
    several = type("Categorical", (Tensors,), {})
    logits = np.array([40, 0], np.float32)
    assert kl_divergence([0.5, 0.5], several(logits=logits, _param=logits)).value == pytest.approx(19.306852819440)
    assert kl_divergence([0.5, 0.5], several(probs=np.array([0.5, 0.5]))).value == 0
    assert kl_divergence([0.5, 0.5], type("CategoricalLogits", (Tensors,), {})(logits=logits)).value > 19
