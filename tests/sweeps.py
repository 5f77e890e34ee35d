"""Sweeps: tests that go over every case of a kind. The suite takes a fixed part of each, `tests.bench.sweeps` all."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Case = TypeVar("Case")
VARIABLE = "KL_LAB_SWEEPS"
WHOLE = os.environ.get(VARIABLE) == "whole"


def part(cases: Iterable[Case], most: int, *kinds: Callable[[Case], Hashable], whole: bool | None = None) -> list[Case]:
    """These cases, or of many about `most`, in their order: the same at every run, spread over all of them, the first
    and the last among them, and of every kind at least one, whatever that adds up to.

    A kind is what a function of `kinds` gives of a case: with two of them, each step and each slip is there.

    >>> part("abcdefghi", 3, whole=False), part("abcdefghi", 2, str.isupper, whole=False), part("abc", 2, whole=True)
    (['a', 'e', 'i'], ['a', 'i'], ['a', 'b', 'c'])
    >>> part("aaaBaaaaa", 2, str.isupper, whole=False)
    ['a', 'B', 'a']
    """
    held = list(cases)
    if (WHOLE if whole is None else whole) or len(held) <= most:
        return held
    taken = {round(i * (len(held) - 1) / (most - 1)) for i in range(most)} if most > 1 else {0}
    for kind in kinds:
        seen = {kind(held[i]) for i in taken}
        for i, case in enumerate(held):
            if kind(case) not in seen:
                seen.add(kind(case))
                taken.add(i)
    return [held[i] for i in sorted(taken)]
