"""What keeps the process small and its garbage collections short while many sessions run in it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

M_ARENA_MAX = -8  # of malloc.h
ARENAS = 2
MANY = 100  # modules: SymPy alone is four hundred

_settled = 0  # how many modules there were when last looked


def settle() -> None:
    """After modules were loaded: set what they hold aside from the garbage collector, and bound the pools of malloc.

    A full collection looks at every object that can be part of a cycle, and those of Streamlit, Altair and SymPy, which
    stay for good, are most of them: a fifth of a second in which no session moves. Without them it is short, and comes
    often enough to keep garbage small.
    """
    global _settled
    if len(sys.modules) >= _settled + MANY:
        _settled = len(sys.modules)
        _bound_pools()
        gc.collect()
        gc.freeze()


def _bound_pools() -> None:
    """Let the C library keep no more than two pools of memory, where it is one that keeps many.

    Each session runs in threads of its own, to which glibc gives up to eight pools a core; what they free stays in
    their pool. Fifty sessions at once take a quarter less memory with two (`python -m tests.load`). Elsewhere than on
    glibc there is no such setting, and nothing to do.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, ARENAS)
