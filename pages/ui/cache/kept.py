"""Results that are kept between reruns and shared by all sessions: by their arguments, each computed once.

They are bounded twice: each function keeps so many results, and all functions together keep `MOST` bytes. A number of
results alone is no bound of memory: the plans of one question of "Plan ahead" take as much as a thousand fits.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock

from pages.ui.cache.weight import Budget, weight

MOST = 12 * 2**20  # bytes, in all
BUDGET = Budget(MOST)


class Results:
    """The last results of a function, by its arguments: equal arguments have one result."""

    def __init__(self, entries: int, budget: Budget = BUDGET) -> None:
        self._entries, self._kept, self._budget, self._lock = entries, OrderedDict(), budget, budget.lock
        self._begun: dict[tuple[Hashable, ...], Lock] = {}

    def __contains__(self, arguments: tuple[Hashable, ...]) -> bool:
        return arguments in self._kept

    def of(self, work: Callable, arguments: tuple[Hashable, ...], *more: object):
        """The result kept for these arguments; else that of the work with them and `more`, which then is kept.

        Whoever asks for what another is just computing waits for it, and computes it only where the other has failed.
        """
        with self._lock:
            begun = self._begun.setdefault(arguments, Lock())
        with begun:
            try:
                with self._lock:
                    if arguments in self._kept:
                        self._kept.move_to_end(arguments)
                        self._budget.used((id(self), arguments))
                        return self._kept[arguments]
                found = work(*arguments, *more)
                self._keep(arguments, found)
                return found
            finally:
                with self._lock:
                    self._begun.pop(arguments, None)

    def _keep(self, arguments: tuple[Hashable, ...], found: object) -> None:
        size = weight(found)
        with self._lock:
            self._kept[arguments] = found
            self._budget.hold((id(self), arguments), size, lambda: self._kept.pop(arguments, None))
            while len(self._kept) > self._entries:
                oldest, _ = self._kept.popitem(last=False)
                self._budget.release((id(self), oldest))


def remembered(entries: int, otherwise: Callable) -> Callable:
    """Keep the last `entries` results of a function of hashable values; a new one comes from `otherwise`.

    That is given the results to add it to, the function and its arguments. The function that is made has an attribute
    `is_kept`, which says of arguments whether their result is there already.
    """

    def decorate(work: Callable) -> Callable:
        results = Results(entries)

        @wraps(work)
        def asked(*arguments: Hashable):
            return results.of(work, arguments) if arguments in results else otherwise(results, work, arguments)

        asked.is_kept = lambda *arguments: arguments in results
        return asked

    return decorate


def kept(entries: int) -> Callable:
    """Keep the last `entries` results of a function of hashable values, such as a `Question`.

    They are frozen, so they are handed out as they are and not copied.
    """
    return remembered(entries, lambda results, work, arguments: results.of(work, arguments))
