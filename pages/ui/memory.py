"""What keeps the process small while many sessions run in it."""

from __future__ import annotations

import contextlib
import ctypes

M_ARENA_MAX = -8  # of malloc.h
ARENAS = 2


def bound() -> None:
    """Let the C library keep no more than two pools of memory, where it is one that keeps many.

    Each session runs in threads of its own, to which glibc gives up to eight pools a core; what they free stays in
    their pool. Fifty sessions at once take a quarter less memory with two (`python -m tests.load`). Elsewhere than on
    glibc there is no such setting, and nothing to do.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, ARENAS)
