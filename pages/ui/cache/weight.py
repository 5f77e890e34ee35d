"""How much memory a result holds, and a bound on what all results hold together."""

from __future__ import annotations

import gc
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from enum import Enum
from threading import RLock
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

import numpy as np

# What belongs to the program and not to one result: it stays whether the result is kept or not.
PROGRAM = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, Enum)


def weight(result: object) -> int:
    """The bytes of an object and of all that it refers to, each once; what belongs to the program is not counted."""
    seen, total, waiting = set(), 0, [result]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, PROGRAM):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if isinstance(each, np.ndarray) and each.base is not None:
            waiting.append(each.base)  # the numbers of a view are its base's
        waiting += gc.get_referents(each)
    return total


class Budget:
    """So many bytes for all that is kept: what was longest not asked for goes first.

    Whoever keeps something holds `lock` meanwhile, so that what is counted here is what is kept.
    """

    def __init__(self, most: int) -> None:
        self._most, self._total, self.lock = most, 0, RLock()
        self._held: OrderedDict[Hashable, tuple[int, Callable[[], object]]] = OrderedDict()

    @property
    def total(self) -> int:
        """The bytes that are held now."""
        return self._total

    def hold(self, name: Hashable, size: int, forget: Callable[[], object]) -> None:
        """Count `size` bytes under a name; `forget` lets go of them. What no longer fits is forgotten."""
        with self.lock:
            self.release(name)
            self._held[name] = (size, forget)
            self._total += size
            while self._total > self._most and len(self._held) > 1:
                oldest, (_, let_go) = next(iter(self._held.items()))
                let_go()
                self.release(oldest)

    def used(self, name: Hashable) -> None:
        """It was asked for just now."""
        with self.lock:
            if name in self._held:
                self._held.move_to_end(name)

    def release(self, name: Hashable) -> None:
        """It is no longer kept."""
        with self.lock:
            size, _ = self._held.pop(name, (0, None))
            self._total -= size
