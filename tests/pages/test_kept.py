"""What is kept between reruns: so many results of each function, and so many bytes of all."""

from dataclasses import dataclass
from threading import Thread

import numpy as np
import pytest

from kl_engine.acting import FiniteModel
from pages.ui.cache.kept import Results
from pages.ui.cache.weight import Budget, weight

KB = 1024


@dataclass(frozen=True, slots=True)
class Pair:
    """A result of two parts."""

    first: object
    second: object


def zeros(kilobytes):
    return np.zeros(kilobytes * KB // 8)


@pytest.mark.parametrize(
    "result, kilobytes",
    [
        (zeros(100), 100),
        (zeros(100)[::2], 100),  # a view holds the numbers of its base
        (Pair(zeros(50), [zeros(30), {"more": zeros(20)}]), 100),
        (Pair(*[zeros(100)] * 2), 100),  # one array, twice
        (b"x" * 100 * KB, 100),
        (FiniteModel, 0),
        (weight, 0),
    ],
)
def test_the_weight_of_a_result_is_that_of_all_it_holds_once(result, kilobytes):
    assert weight(result) == pytest.approx(kilobytes * KB, abs=KB)


def test_results_of_all_functions_together_hold_no_more_than_the_budget():
    budget = Budget(1000 * KB)
    small, large = Results(50, budget), Results(50, budget)
    small.of(lambda x: x, ("never asked for again",))
    for i in range(20):
        small.of(lambda x: zeros(1), (0,))  # asked for again and again
        large.of(lambda x: zeros(200), (i,))
        assert budget.total <= 1000 * KB
    assert (0,) in small and ("never asked for again",) not in small
    assert [(i,) in large for i in range(14, 20)] == [False, False] + [True] * 4


def test_what_is_larger_than_the_budget_is_handed_out_and_nothing_else_stays():
    budget = Budget(100 * KB)
    results = Results(5, budget)
    results.of(lambda x: zeros(1), (0,))
    assert results.of(lambda x: zeros(300), (1,)).size and (0,) not in results
    results.of(lambda x: zeros(1), (2,))
    assert (1,) not in results and budget.total < 100 * KB


def test_the_budget_counts_what_is_kept_and_nothing_else_whoever_asks():
    budget = Budget(200 * KB)
    many = [Results(3, budget) for _ in range(4)]

    def ask(seed):
        for i in np.random.default_rng(seed).integers(0, 12, 200):
            many[i % 4].of(lambda x: zeros(int(x)), (int(i),))

    threads = [Thread(target=ask, args=(seed,)) for seed in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    held = [found for results in many for found in results._kept.values()]
    assert budget.total == sum(map(weight, held)) <= 200 * KB
