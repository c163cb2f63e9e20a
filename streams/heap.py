"""How this process gives memory back: glibc's allocator, told to keep one heap and to give large blocks back at once."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""As in malloc.h."""
LARGE = 64 * 1024
"""Bytes from which a block is a mapping of its own: records, and the columns of a write, are of about this size and above."""
KEPT = 8 * 1024 * 1024
"""Bytes free at the end of the heap that are kept for later."""


def keep_heap_small() -> None:
    """For a process that holds little and handles much: to be called before its first thread; nothing where glibc is absent.

    Without it each thread gets a heap of its own, and blocks of all sizes and ages share it, so that it grows to several times
    what is in use and can be given back only from its end.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, KEPT)):
            mallopt(option, value)
