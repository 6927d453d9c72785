"""The child's side of supervision: die with the parent, and show signs of life."""

import ctypes
import mmap
import os
import signal
import socket
import struct
from contextlib import suppress
from functools import cache

PARENT = "GAVEL_PARENT"
HEARTBEAT = "GAVEL_HEARTBEAT"
CHILDREN_LOG = "GAVEL_LOG"
"""The variable in which a supervisor tells its children how to log (`config.logs`)."""
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have the kernel kill this process when its supervisor dies; do nothing without a supervisor.

    Ctrl-C is then left to the supervisor: it reaches every process of the terminal, and stopping
    has an order. Call this first thing in a child, from the main thread.
    """
    parent = os.environ.get(PARENT)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        raise SystemExit("the supervisor that started this process is gone")
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def beat() -> None:
    """Show the supervisor, and systemd where it watches this process, that this process still
    moves.

    It costs a few microseconds, and does nothing in a process without a supervisor. Call it where
    work really progresses, never from a timer of its own.
    """
    page = _page()
    if page is not None:
        memory, slot = page
        (value,) = struct.unpack_from("<Q", memory, 8 * slot)
        struct.pack_into("<Q", memory, 8 * slot, (value + 1) % 2**64)
    systemd = _systemd()
    if systemd is not None:
        with suppress(OSError):
            systemd.send(b"READY=1\nWATCHDOG=1")


def forget_supervisor() -> None:
    """Forget whose child this process was: a forked one has a supervisor of its own."""
    _page.cache_clear()
    _systemd.cache_clear()


@cache
def _page() -> tuple[mmap.mmap, int] | None:
    where = os.environ.get(HEARTBEAT)
    if not where:
        return None
    number, slot = where.split(":")
    return mmap.mmap(int(number), 0), int(slot)


@cache
def _systemd() -> socket.socket | None:
    """Return the socket that sd_notify(3) writes to, in the main process of a unit with
    WatchdogSec.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or os.environ.get("WATCHDOG_PID") != str(os.getpid()):
        return None
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        door.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
    except OSError:
        door.close()
        return None
    return door
