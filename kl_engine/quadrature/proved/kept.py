"""What was computed for a pair of mixtures, kept while there is room: bounded in numbers held, not in pairs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

MOST_NUMBERS = 2**20  # 8 MB


class Kept:
    """A cache of bounded size: the pair that was used longest ago goes first; safe among threads."""

    def __init__(self, most: int = MOST_NUMBERS) -> None:
        self._most, self._held, self._lock = most, 0, Lock()
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable) -> Any | None:
        """What was kept under the key, or None."""
        with self._lock:
            if (entry := self._found.get(key)) is None:
                return None
            self._found.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Any, numbers: int) -> None:
        """Keep a value that holds so many numbers, unless it would take half of all room."""
        if 2 * numbers > self._most:
            return
        with self._lock:
            if (old := self._found.pop(key, None)) is not None:
                self._held -= old[1]
            self._found[key] = value, numbers
            self._held += numbers
            while self._held > self._most:
                _, (_, released) = self._found.popitem(last=False)
                self._held -= released
