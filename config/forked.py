"""Children that are forked: they begin with what their supervisor has loaded, and share its memory.

An interpreter with numpy and pydantic takes 20 MB and a third of a second to load. A forked child
has both at once, and of the memory only what it changes is its own.
"""

import ctypes
import gc
import logging
import os
import random
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from config import child

_HELD_BACK = {signal.SIGTERM, signal.SIGINT}
"""Signals that the supervisor handles, and that must not run its handler in a child."""
_MALLOC = {"MALLOC_ARENA_MAX": -8, "MALLOC_MMAP_THRESHOLD_": -3}
"""Settings of glibc's memory that a child may have in its environment, and their numbers: a process
that was forked must set them itself, because glibc reads them only as a program starts."""
_ARG_START, _ARG_END = 45, 46
"""Fields of /proc/PID/stat after the command's name: where the command line is in memory."""


class ForkedProcess:
    """A forked child, with what a supervisor needs of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, as Popen does; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends. Raises subprocess.TimeoutExpired."""
        if self.poll() is None:
            watch, ended = select.poll(), os.pidfd_open(self.pid)
            watch.register(ended, select.POLLIN)
            watch.poll(None if timeout is None else timeout * 1000)
            os.close(ended)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("a forked child", timeout or 0.0)
        return code

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def may_fork() -> bool:
    """Return whether this process may fork: a thread that holds a lock would leave it locked for
    ever in the child.
    """
    return threading.active_count() == 1 and len([*Path("/proc/self/task").iterdir()]) == 1


def keep_shared() -> None:
    """Have children share what is loaded now: the collector of garbage would touch, and so copy,
    every object. Call it once, before the first fork.
    """
    gc.collect()
    gc.freeze()


def fork(
    run: Callable[[], None], words: Sequence[str], handles: Sequence[int], env: Mapping[str, str]
) -> ForkedProcess:
    """Fork a child that calls `run` and ends. It keeps only standard streams and `handles` open.

    `words` become its command line, as far as the supervisor's has room. Raises OSError.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK)
    try:
        pid = os.fork()
        if pid == 0:
            _be_child(run, words, handles, env)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
    return ForkedProcess(pid)


def _be_child(
    run: Callable[[], None], words: Sequence[str], handles: Sequence[int], env: Mapping[str, str]
) -> None:
    """Run the child; never return."""
    code: object = 1
    try:
        for number in _HELD_BACK:
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
        _close_all_but({0, 1, 2, *handles})
        os.environ.clear()
        os.environ.update(env)
        child.forget_supervisor()
        random.seed()
        logging.getLogger().setLevel(logging.WARNING)
        for name in _MALLOC.keys() & env.keys():
            ctypes.CDLL(None).mallopt(_MALLOC[name], int(env[name]))
        _call_itself(words)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if end.code is not None else 0
    except BaseException:  # noqa: BLE001 - the rim of a process
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def _close_all_but(kept: set[int]) -> None:
    for link in [*Path("/proc/self/fd").iterdir()]:
        if int(link.name) not in kept:
            with suppress(OSError):
                os.close(int(link.name))


def _call_itself(words: Sequence[str]) -> None:
    """Write the command line that `ps` and /proc show over the supervisor's, which this process
    inherited.
    """
    with suppress(OSError, ValueError, IndexError):
        stat = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        start, end = int(stat[_ARG_START]), int(stat[_ARG_END])
        text = b"\0".join(word.encode() for word in words)[: end - start - 1]
        if start and text:
            ctypes.memmove(start, text.ljust(end - start, b"\0"), end - start)


def is_stopped(pid: int) -> bool:
    """Return whether a signal has stopped this process; False for one that is gone or traced."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b")")[2].split()[:1] == [b"T"]
