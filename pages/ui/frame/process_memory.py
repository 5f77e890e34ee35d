"""What keeps the process small and its garbage collections short while many sessions run in it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
from threading import Timer

M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1  # of malloc.h
ARENAS = 2
LARGE = 2**20  # bytes
MANY = 100  # modules: SymPy alone is four hundred

AFTERWARDS = 2.0  # s: the first picture of a page is not held up

_seen = 0  # how many modules there were when last looked


def settle() -> None:
    """Where modules were loaded: once the page stands, set what they hold aside and give back what they left free."""
    global _seen
    if len(sys.modules) >= _seen + MANY:
        _seen = len(sys.modules)
        later = Timer(AFTERWARDS, _settle)
        later.daemon = True
        later.start()


def _settle() -> None:
    """Set all that there is aside from the garbage collector, and bound the pools of malloc.

    A full collection looks at every object that can be part of a cycle, and those of Streamlit, Altair and SymPy, which
    stay for good, are most of them: a fifth of a second in which no session moves. Without them it is short, and comes
    often enough to keep garbage small.
    """
    gc.collect()
    gc.freeze()
    _bound_pools()


def _bound_pools() -> None:
    """Let the C library keep no more than two pools of memory, and give back each large block as soon as it is free.

    Each session runs in threads of its own, to which glibc gives up to eight pools a core; what they free stays in
    their pool. And the first large array that is freed makes glibc take the next ones from the pools too, which they
    leave full of holes: 230 of 560 MB after two minutes of fifty sessions. With two pools and a fixed bound the same
    crowd takes 360 MB (`python -m tests.load`). Elsewhere than on glibc there are no such settings,
    and nothing to do.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(M_ARENA_MAX, ARENAS)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.mallopt(M_TRIM_THRESHOLD, LARGE)
        library.malloc_trim(0)
