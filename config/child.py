"""The child's side of supervision: die with the parent, and show a sign of life."""

import ctypes
import mmap
import os
import signal
import struct
from functools import cache

PARENT = "GAVEL_PARENT"
HEARTBEAT = "GAVEL_HEARTBEAT"
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have the kernel kill this process when its supervisor dies; nothing without a supervisor.

    Ctrl-C is then the supervisor's to answer: it reaches the whole terminal, and stopping has an
    order. Call it first thing in a child, from the main thread.
    """
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        raise SystemExit("the supervisor that started this process is gone")
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def beat() -> None:
    """Tell the supervisor that this process still moves; costs a microsecond, does nothing alone.

    Call it where real progress shows, never from a timer of its own.
    """
    page = _page()
    if page is not None:
        memory, slot = page
        (value,) = struct.unpack_from("<Q", memory, 8 * slot)
        struct.pack_into("<Q", memory, 8 * slot, (value + 1) % 2**64)


@cache
def _page() -> tuple[mmap.mmap, int] | None:
    where = os.environ.get(HEARTBEAT)
    if not where:
        return None
    number, slot = where.split(":")
    return mmap.mmap(int(number), 0), int(slot)
