"""Results that are kept between reruns and shared by all sessions: by their arguments, bounded, each computed once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock


class Results:
    """The last results of a function, by its arguments: equal arguments have one result."""

    def __init__(self, entries: int) -> None:
        self._entries, self._kept, self._lock = entries, OrderedDict(), Lock()
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
                        return self._kept[arguments]
                found = work(*arguments, *more)
                with self._lock:
                    self._kept[arguments] = found
                    while len(self._kept) > self._entries:
                        self._kept.popitem(last=False)
                return found
            finally:
                with self._lock:
                    self._begun.pop(arguments, None)


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
