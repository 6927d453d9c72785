"""The watcher's word to the supervisor: which child must start again.

It lies in memory that the supervisor keeps, so no full disk can refuse it, and nothing but the name
of a child can be said.
"""

import os
import struct
from collections.abc import Callable

_ORDER = struct.Struct("<Q64s")


def make_orders() -> int:
    """Return the handle of memory for orders."""
    handle = os.memfd_create("gavel-restarts")
    os.ftruncate(handle, _ORDER.size)
    return handle


def ask_restart(handle: int, child: str) -> None:
    """Ask that the child of this name starts again. A later order replaces one not yet read."""
    turn, _ = _ORDER.unpack(os.pread(handle, _ORDER.size, 0))
    os.pwrite(handle, _ORDER.pack(turn + 1, child.encode()[:64]), 0)


def order_reader(handle: int) -> Callable[[], str]:
    """Return the supervisor's function that returns each order once; empty where there is none."""
    last = _ORDER.unpack(os.pread(handle, _ORDER.size, 0))[0]

    def newest() -> str:
        nonlocal last
        turn, name = _ORDER.unpack(os.pread(handle, _ORDER.size, 0))
        if turn == last:
            return ""
        last = turn
        return str(name.rstrip(b"\0").decode(errors="replace"))

    return newest
