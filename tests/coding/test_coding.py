"""Codes: the worked cases, Kraft and prefixes, brute force; an arithmetic coder gives back what it was given."""

from __future__ import annotations

import itertools
import math
import random
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine import Categorical, entropy, forward_kl
from kl_engine.coding.arithmetic_coding import ArithmeticCoder, Coded
from kl_engine.coding.coding_runs import coding_run, excess_band
from kl_engine.coding.prefix_codes import (
    Code,
    expected_length,
    huffman_code,
    huffman_extremes,
    redundancy,
    shannon_code,
)
from tests.reference import worked_case, worked_cases

LOG_2 = math.log(2)
HUFFMAN = [case for case in worked_cases("A") if "huffman_lengths" in case["inputs"]]
P, Q = Categorical([0.5, 0.25, 0.125, 0.0625, 0.0625]), Categorical([0.25, 0.25, 0.25, 0.125, 0.125])
weights = st.lists(st.integers(0, 50), min_size=1, max_size=7).filter(any)


def shares(numbers) -> Categorical:
    return Categorical(np.array(numbers) / sum(numbers))


@pytest.mark.parametrize("case", HUFFMAN, ids=lambda case: case["id"])
def test_worked_huffman_codes(case):
    given_, expected = case["inputs"], case["expected"]
    p = Categorical(given_["p"])
    code, scale = huffman_code(p), given_["scale"] / LOG_2
    assert list(code.lengths) == given_["huffman_lengths"]
    for found, name in ((expected_length(p, code), "EL"), (entropy(p), "H"), (redundancy(p, code), "redundancy")):
        assert found.value * scale == pytest.approx(expected[name], abs=1e-10), name
    implied = Categorical([2.0**-length for length in code.lengths])
    assert redundancy(p, code).value == pytest.approx(forward_kl(p, implied).value, abs=1e-14)


def test_the_horse_race_both_ways():
    case = worked_case("A06_horse_race")
    p, q, expected = Categorical(case["inputs"]["p"]), Categorical(case["inputs"]["q"]), case["expected"]
    for code in (shannon_code, huffman_code):
        assert list(code(p).lengths) == case["inputs"]["lengths_p"]
        assert list(code(q).lengths) == case["inputs"]["lengths_q"]
        assert expected_length(p, code(q)).value / LOG_2 == pytest.approx(expected["EL_p_with_code_q"], abs=1e-13)
        assert expected_length(q, code(p)).value / LOG_2 == pytest.approx(expected["EL_q_with_code_p"], abs=1e-13)
        assert redundancy(p, code(q)).value / LOG_2 == pytest.approx(expected["kl_pq"], abs=1e-13)
        assert redundancy(q, code(p)).value / LOG_2 == pytest.approx(expected["kl_qp"], abs=1e-13)


def test_the_price_of_miscoding():
    case = worked_case("A07_miscoding_direction_blind")
    p, q = Categorical(case["inputs"]["p"]), Categorical(case["inputs"]["q"])
    assert list(huffman_code(p).lengths) == case["inputs"]["lengths_C1"]
    assert list(huffman_code(q).lengths) == case["inputs"]["lengths_C2"]
    assert expected_length(p, huffman_code(q)).value / LOG_2 == pytest.approx(2.0, abs=1e-14)
    assert expected_length(q, huffman_code(p)).value / LOG_2 == pytest.approx(2.125, abs=1e-14)


@given(weights)
def test_words_are_prefix_free_and_no_longer_than_they_should_be(numbers):
    q = shares(numbers)
    for code in (shannon_code(q), huffman_code(q)):
        words = [word for word in code.words if word is not None]
        assert [word is None for word in code.words] == [x == 0 for x in q.probs]
        assert sum(Fraction(1, 2 ** len(word)) for word in words) <= 1
        assert not any(a.startswith(b) for a, b in itertools.permutations(words, 2))
        assert -1e-14 <= redundancy(q, code).value <= LOG_2 + 1e-14
    assert redundancy(q, huffman_code(q)).value <= redundancy(q, shannon_code(q)).value + 1e-14
    total = sum(map(Fraction, q.probs.tolist()))  # of the doubles: 1 but for rounding
    for x, length in zip(q.probs.tolist(), shannon_code(q).lengths):
        assert x or length == math.inf
        if x:
            assert Fraction(x) * 2 ** int(length) >= total
            assert length == 0 or Fraction(x) * 2 ** (int(length) - 1) < total


def best_length(numbers) -> Fraction:
    """The least expected length of any prefix code: over all lengths that Kraft's inequality allows."""
    shown = [x for x in numbers if x]
    if len(shown) == 1:
        return Fraction(0)
    allowed = (
        lengths
        for lengths in itertools.product(range(1, len(shown)), repeat=len(shown))
        if sum(Fraction(1, 2**n) for n in lengths) <= 1
    )
    return min(sum(Fraction(x * n, sum(shown)) for x, n in zip(shown, lengths)) for lengths in allowed)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=5).filter(any))
def test_huffman_is_the_best_prefix_code(numbers):
    p = shares(numbers)
    assert expected_length(p, huffman_code(p)).value / LOG_2 == pytest.approx(float(best_length(numbers)), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5)), min_size=2, max_size=5))
def test_the_extremes_of_huffmans_codes_are_those_of_all_codes_as_short(pairs):
    first, second = zip(*pairs)
    p = shares(second if any(second) else first)
    # Where all sums of the doubles are exact, ties are ties.
    q = Categorical([x / 64 for x in first[:-1]] + [float(1 - Fraction(sum(first[:-1]), 64))])
    lengths = [
        each
        for each in itertools.product(range(1, len(pairs)), repeat=len(pairs))
        if sum(Fraction(1, 2**n) for n in each) <= 1
    ]
    costs = {each: sum(Fraction(x) * n for x, n in zip(q.probs.tolist(), each)) for each in lengths}
    best = [each for each, cost in costs.items() if cost == min(costs.values())]
    paid = [float(np.dot(p.probs, each)) for each in best]
    found = [expected_length(p, code).value / LOG_2 for code in huffman_extremes(q, p)]
    assert found == pytest.approx([min(paid), max(paid)], abs=1e-12)


def test_huffmans_code_for_a_uniform_q_costs_p_from_one_and_a_half_bits_to_one_and_three_quarters():
    q, p = Categorical([1 / 3] * 3), Categorical([0.5, 0.25, 0.25])
    assert [expected_length(p, code).bits.value for code in huffman_extremes(q, p)] == pytest.approx([1.5, 1.75])
    with pytest.raises(ValueError, match="p: expected 3 probabilities"):
        huffman_extremes(q, Categorical([0.5, 0.5]))


def test_ties_are_broken_always_the_same_way():
    for _ in range(3):
        assert huffman_code(Categorical(np.full(6, 1 / 6))).words == ("100", "101", "110", "111", "00", "01")
    assert huffman_code(Categorical([0.4, 0.2, 0.2, 0.1, 0.1])).lengths == (2, 2, 2, 3, 3)  # shallow, not 1 2 3 4 4


def test_a_missing_word_is_an_infinite_length_with_its_symbol():
    code = huffman_code(Categorical([0.5, 0, 0.5]))
    assert code.words[1] is None and code.lengths[1] == math.inf
    for found in (expected_length(Categorical([0.2, 0.3, 0.5]), code), redundancy(Categorical([0.2, 0.3, 0.5]), code)):
        assert found.value == math.inf and "symbol 1 " in found.method
    assert expected_length(Categorical([0.2, 0, 0.8]), code).value == pytest.approx(LOG_2, abs=1e-15)
    assert huffman_code(Categorical([0, 1])).words == shannon_code(Categorical([0, 1])).words == (None, "")


probability = st.one_of(st.floats(0, 1), st.just(0.0), st.floats(0, 1e-15), st.just(1e-300))


@settings(max_examples=60, deadline=None)
@given(st.lists(probability, min_size=1, max_size=9).filter(lambda w: sum(w) > 1e-3), st.integers(0, 400), st.randoms())
def test_what_was_coded_comes_back(numbers, size, generator):
    q = Categorical(np.array(numbers) / math.fsum(numbers))
    coder = ArithmeticCoder(q)
    assert sum(coder.counts) == 2**64
    usable = [k for k, count in enumerate(coder.counts) if count]
    symbols = [generator.choice(usable) for _ in range(size)]  # rare ones as often as the others
    coded = coder.encode(symbols)
    assert coder.decode(coded) == symbols
    ideal = -math.fsum(math.log2(coder.counts[k] / 2**64) for k in symbols)
    assert ideal - 1e-6 <= coded.bits <= ideal + 2 + 1e-6
    assert len(coded.data) == -(-coded.bits // 8)


def test_carries_run_back_over_many_bytes():
    q = Categorical([1 - 2**-20, 2**-21, 2**-21])  # the last symbols sit at the top of the interval
    coder = ArithmeticCoder(q)
    for seed in range(20):
        symbols = random.Random(seed).choices([0, 1, 2], weights=[3, 1, 5], k=300)
        assert coder.decode(coder.encode(symbols)) == symbols
    assert coder.decode(coder.encode([2] * 500 + [0])) == [2] * 500 + [0]


def test_a_certain_symbol_costs_nothing_and_an_excluded_one_has_no_code():
    coder = ArithmeticCoder(Categorical([0, 1, 0]))
    assert coder.encode([1] * 1000) == Coded(b"", 0, 1000)
    assert coder.decode(Coded(b"", 0, 3)) == [1, 1, 1]
    for symbols in ([0], [1, 2], [3], [-1]):
        with pytest.raises(ValueError, match="symbols: expected symbols of probability > 0 only"):
            coder.encode(symbols)


@pytest.mark.parametrize(("p", "q"), [(P, Q), (Q, P), (P, Categorical([0.1, 0.3, 0.2, 0.399, 0.001]))])
def test_the_measured_excess_approaches_the_divergence(p, q):
    sizes = np.unique(np.logspace(1, 5, 29).round().astype(int)).tolist()
    run = coding_run(p, q, sizes, np.random.default_rng(11))
    low, high = excess_band(p, q, run.sizes)
    assert ((low <= run.excess) & (run.excess <= high)).mean() > 0.8
    assert run.excess[-1] == pytest.approx(forward_kl(p, q).value, abs=high[-1] - forward_kl(p, q).value)
    assert high[-1] - low[-1] < 0.05
    ideal = -np.cumsum(q.log_prob[run.symbols])[run.sizes - 1] / LOG_2
    assert (np.abs(run.digits_q - ideal) <= 2 + 1e-6).all()
    assert ArithmeticCoder(q).encode(run.symbols[:100]).bits == run.digits_q[run.sizes.tolist().index(100)]


def test_the_band_holds_as_often_as_it_says():
    inside = []
    for seed in range(200):
        run = coding_run(P, Q, [1000], np.random.default_rng(seed))
        low, high = excess_band(P, Q, run.sizes)
        inside.append(bool(low[0] <= run.excess[0] <= high[0]))
    assert 0.9 <= np.mean(inside) <= 1


def test_the_code_stops_at_the_first_symbol_that_q_excludes():
    p, q = Categorical([0.9, 0.1]), Categorical([1, 0])
    run = coding_run(p, q, [1, 10, 100, 1000], np.random.default_rng(1))
    assert run.stopped == int(np.argmax(run.symbols == 1)) and (run.sizes <= run.stopped).all()
    with pytest.raises(ValueError, match="^q: expected probabilities > 0 wherever p has them"):
        excess_band(p, q, run.sizes)
    assert coding_run(q, p, [10], np.random.default_rng(1)).stopped is None
    assert run.code.symbols == run.stopped and ArithmeticCoder(q).decode(run.code) == [0] * run.stopped


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: shannon_code([1.0]), "q"),
        (lambda: huffman_code(None), "q"),
        (lambda: expected_length(0.5, huffman_code(P)), "p"),
        (lambda: expected_length(P, huffman_code(Categorical([1]))), "code"),
        (lambda: redundancy(P, (1, 2, 3, 4, 4)), "code"),
        (lambda: ArithmeticCoder([0.5, 0.5]), "q"),
        (lambda: ArithmeticCoder(P).encode(["a"]), "symbols"),
        (lambda: ArithmeticCoder(P).encode([0.5]), "symbols"),
        (lambda: ArithmeticCoder(P).decode(b"ab"), "coded"),
        (lambda: coding_run(P, Q, [], np.random.default_rng(0)), "sizes"),
        (lambda: coding_run(P, Q, [10, 10], np.random.default_rng(0)), "sizes"),
        (lambda: coding_run(P, Q, [0], np.random.default_rng(0)), "sizes"),
        (lambda: coding_run(P, Categorical([1]), [1], np.random.default_rng(0)), "q"),
    ],
)
def test_refusals(call, name):
    with pytest.raises(ValueError, match=f"^{re.escape(name)}: expected .*, got "):
        call()


def test_lengths_of_a_code_are_those_of_its_words():
    assert Code("any", ("0", None, "10")).lengths == (1, math.inf, 2)


def test_shannons_code_is_a_prefix_code_though_the_doubles_do_not_sum_to_1():
    awkward = [
        [0.5, 0.5, 1e-17],
        [1 - 1e-17, 1e-17],
        [0.25] * 4 + [1e-18],
        [0.125] * 8 + [2.0**-60] * 3,
        [1.0],
        [1 / 3, 1 / 3, 1 / 3],
    ]
    rng = np.random.default_rng(4)
    awkward += [rng.dirichlet(np.ones(k)).tolist() for k in (2, 3, 17, 200)]
    awkward += [(2.0 ** -np.arange(1, 30)).tolist() + [2.0**-29, 1e-300]]
    for probs in awkward:
        q = Categorical(probs)
        words = [word for word in shannon_code(q).words if word is not None]
        assert len(set(words)) == len(words)
        assert not any(b.startswith(a) for a, b in zip(sorted(words), sorted(words)[1:]))
        exact = sum(map(Fraction, q.probs.tolist()))
        for word, x in zip(words, q.probs[q.probs > 0].tolist()):
            assert 2 ** len(word) >= exact / Fraction(x) and (not word or 2 ** (len(word) - 1) < exact / Fraction(x))
